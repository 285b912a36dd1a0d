"""Progress as tables: what stands behind each chart of the page, and what is downloaded."""

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise

from quizapp.domain.calibration import Bin, overall
from quizapp.domain.progress import DIFFICULTY_EDGES, FEWEST_TESTS, STABILITY_EDGES, Recall
from quizapp.services.progress import Group, Progress
from quizapp.translations import _
from quizapp.web.tables import Table


def days(found: Progress) -> Table:
    """Return each day with reviews."""
    rows = [(day.isoformat(), reviews, *_recall(tests)) for day, reviews, tests in found.days]
    return Table((_("Day"), _("Reviews"), *_recall_head()), rows)


def weeks(found: Progress) -> Table:
    """Return each week with its tests, the newest first."""
    columns = _recall_head()
    young = [_("%(column)s, young", column=column) for column in columns]
    mature = [_("%(column)s, mature", column=column) for column in columns]
    return Table(
        (_("Week of"), *columns, *young, *mature),
        [
            (week.monday.isoformat(), *_recall(week.all), *_recall(week.young), *_recall(week.mature))
            for week in reversed(found.weeks)
        ],
    )


def ages(found: Progress) -> Table:
    """Return the tests by how old the memory was."""
    named = {_("New, at first sight"): found.new, _("Young"): found.young, _("Mature"): found.mature}
    named[_("Young and mature")] = found.recall
    return Table((_("Cards"), *_recall_head()), [(name, *_recall(recall)) for name, recall in named.items()])


def calibration(found: Progress) -> Table:
    """Return what was foretold against what was recalled."""
    bins = found.memories.calibration
    named = [*((_between(f"{one.low:.0%}", f"{one.high:.0%}"), one) for one in bins), (_("All"), overall(bins))]
    rows = [(name, _percent(one.expected, one), _percent(one.recalled, one), one.tests) for name, one in named]
    return Table((_("Chance foretold"), _("Mean %"), _("Recalled %"), _("Tests")), rows)


def stability(found: Progress) -> Table:
    """Return how many cards are remembered for how long."""
    edges = [f"{edge:g}" for edge in STABILITY_EDGES]
    names = [_("under %(days)s", days=edges[0]), *(_between(low, high) for low, high in pairwise(edges))]
    names.append(_("%(days)s or more", days=edges[-1]))
    return Table((_("Days"), _("Cards")), list(zip(names, found.memories.stability, strict=True)))


def difficulty(found: Progress) -> Table:
    """Return how many cards are how hard, in tenths as Anki says it."""
    names = [_between(f"{low}%", f"{low + 10}%") for low in range(0, 100, 100 // (len(DIFFICULTY_EDGES) + 1))]
    return Table((_("Difficulty"), _("Cards")), list(zip(names, found.memories.difficulty, strict=True)))


def hours(found: Progress) -> Table:
    """Return what was answered in each hour of the day."""
    rows = [(f"{hour:02}:00", one.reviews, *_recall(one.recall)) for hour, one in enumerate(found.hours)]
    return Table((_("Hour"), _("Reviews"), *_recall_head()), rows)


def forecast(found: Progress) -> Table:
    """Return the cards due on each of the next days."""
    return Table((_("Day"), _("Cards due")), [(day.isoformat(), count) for day, count in found.forecast])


def _groups(noun: str, groups: Iterable[Group]) -> Table:
    rows = [(one.name, *_recall(one.recall), one.known_percent) for one in groups]
    return Table((noun, *_recall_head(), _("Known today %")), rows)


TABLES: Mapping[str, Callable[[Progress], Table]] = {
    "days": days,
    "weeks": weeks,
    "ages": ages,
    "calibration": calibration,
    "stability": stability,
    "difficulty": difficulty,
    "hours": hours,
    "forecast": forecast,
    "decks": lambda found: _groups(_("Deck"), found.decks),
    "documents": lambda found: _groups(_("Document"), found.documents),
    "tags": lambda found: _groups(_("Tag"), found.tags),
    "speakers": lambda found: _groups(_("Speaker"), found.speakers),
}


def _recall_head() -> tuple[str, str]:
    return _("Recall %"), _("Tests")


def _between(low: str, high: str) -> str:
    return _("%(low)s to %(high)s", low=low, high=high)


def _recall(recall: Recall) -> tuple[int | None, int]:
    return recall.percent, recall.tests


def _percent(share: float | None, of: Bin) -> int | None:
    return None if share is None or of.tests < FEWEST_TESTS else round(100 * share)
