"""The figures: how many facts are found, how many cards people would keep. Start from `measured`."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from evaluation import matching, ratings
from evaluation.documents import HELD_OUT, HERE, PROSE, Made
from evaluation.ratings import Rating
from quizapp.domain.cards import Draft, DraftStatus

FILE = HERE / "figures.json"


@dataclass(frozen=True)
class Figures:
    """One line of a table: a document, or a family of rules."""

    name: str
    words: int
    facts: int
    found: int  # by ready cards
    in_tray: int  # only by cards in the tray
    misattributed: int
    ready: int
    tray: int
    good: float  # sum over ready cards of the share of raters who would keep them
    rated: int  # ready cards

    @property
    def recall(self) -> float:
        """Return the share of facts found."""
        return self.found / self.facts if self.facts else 0.0

    @property
    def precision(self) -> float:
        """Return the share of ready cards that raters would keep; an unrated one counts as bad."""
        return self.good / self.ready if self.ready else 0.0

    @property
    def per_1000(self) -> float:
        """Return ready cards per 1,000 words."""
        return 1000 * self.ready / self.words if self.words else 0.0


def measured(made: Made, known: Mapping[str, Rating]) -> Figures:
    """Return the figures of a document."""
    ready = [draft for draft in made.drafts if draft.status is DraftStatus.READY]
    by_ready, by_any = matching.found(made.facts, ready), matching.found(made.facts, made.drafts)
    found = set(by_ready.by_card.values())
    return Figures(
        made.name, made.words, len(made.facts), len(found), len(set(by_any.by_card.values()) - found),
        len(by_any.misattributed), len(ready), len(made.drafts) - len(ready), *_kept(ready, known),
    )  # fmt: skip


def by_rule(made: Sequence[Made], known: Mapping[str, Rating]) -> list[Figures]:
    """Return the figures of every rule that has drafts, the most ready cards first."""
    ready: dict[str, list[Draft]] = {}
    tray: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for one in made:
        rule_of = {draft.id: draft.rule for draft in one.drafts}
        good = [draft for draft in one.drafts if draft.status is DraftStatus.READY]
        for draft in one.drafts:
            ready.setdefault(draft.rule, [])
            tray[draft.rule] += draft.status is not DraftStatus.READY
        for draft in good:
            ready[draft.rule].append(draft)
        found.update(rule_of[card] for card in matching.found(one.facts, good).by_card)
    lines = [
        Figures(rule, 0, 0, found[rule], 0, 0, len(cards), tray[rule], *_kept(cards, known))
        for rule, cards in ready.items()
    ]
    return sorted(lines, key=lambda line: (-line.ready, line.name))


def together(name: str, lines: Iterable[Figures]) -> Figures:
    """Return the sum of some lines."""
    rows = [asdict(line) for line in lines]
    return Figures(name=name, **{key: sum(row[key] for row in rows) for key in rows[0] if key != "name"})


def groups(lines: Sequence[Figures]) -> list[Figures]:
    """Return the sums that goals are about."""
    return [
        together("structured", [line for line in lines if line.name not in PROSE]),
        together("prose", [line for line in lines if line.name in PROSE]),
        together("held out", [line for line in lines if line.name in HELD_OUT]),
        together("all", lines),
    ]


def keep(lines: Sequence[Figures]) -> None:
    """Store the figures that tests compare with."""
    rows = {line.name: {"recall": round(line.recall, 3), "precision": round(line.precision, 3)} for line in lines}
    FILE.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def _kept(ready: Iterable[Draft], known: Mapping[str, Rating]) -> tuple[float, int]:
    rated = [known[ratings.key(draft)].share for draft in ready if ratings.key(draft) in known]
    return round(sum(rated), 2), len(rated)
