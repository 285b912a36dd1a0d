"""The board of a team as tables: what stands on the page, and what is downloaded."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape

from quizapp.db.analysis import Missed
from quizapp.domain.knowledge import By
from quizapp.exchange.spreadsheets import Value
from quizapp.markup import safe
from quizapp.services.analysis import Analysis, Missing
from quizapp.services.assignments import Course
from quizapp.services.knowledge import Known
from quizapp.services.suggestions import Waiting
from quizapp.translations import _
from quizapp.web.tables import Table
from quizapp.web.words import FINDINGS

SHADES = (60, 75, 85)  # percent from which a cell has the next colour


@dataclass(frozen=True)
class Board:
    """What a trainer sees of a team."""

    team_id: int
    team: str
    by: By
    known: Known
    missing: Missing
    course: Course
    waiting: Waiting


def topics(found: Board) -> Table:
    """Return every topic with what may be told of it."""
    head = (_("Topic"), _("People"), _("Recall %"), _("Recall on the day %"), _("Coverage %"))
    rows = [
        (topic.name, topic.people, percent(topic.recall), percent(topic.later), percent(topic.coverage))
        for topic in found.known.topics
    ]
    return Table(head, rows)


def people(found: Board) -> Table:
    """Return the people who let it be seen, with their recall of each topic."""
    names = found.known.columns
    rows = [(person.name, *(percent(person.recall.get(name)) for name in names)) for person in found.known.people]
    return Table((_("Person"), *names), rows)


def trend(found: Board) -> Table:
    """Return what the team knew on each day that it was worked out."""
    return Table((_("Day"), _("Recall %")), [(day.isoformat(), percent(recall)) for day, recall in found.known.trend])


def missed(found: Board) -> Table:
    """Return the questions that most people miss."""
    head = (_("Question"), _("Topic"), _("Answered"), _("Right %"), _("Said instead"), _("Times"))
    return Table(head, [_missed(one.question, one.instead, one.times) for one in found.missing.found])


def assignments(found: Board) -> Table:
    """Return what is open, with how many people are how far."""
    head = (_("Assignment"), _("Due"), _("People"), _("Done"), _("Under way"), _("Not begun"), _("Overdue"))
    rows = [
        (one.title, one.window.due.isoformat(), people, of.done, of.under_way, of.not_begun, of.late)
        for one in found.course.open
        for of, people in ((one.counts, one.counts.people),)
    ]
    return Table(head, rows)


def _missed(asked: Missed, instead: str | None, times: int) -> Sequence[Value]:
    return asked.prompt, asked.heading, asked.answered, percent(asked.share), instead, times


def questions(found: Analysis) -> Table:
    """Return each question of a quiz with its figures."""
    head = (
        *(_("Number"), _("Question"), _("First attempts"), _("Facility index %"), _("Standard deviation %")),
        *(_("Discrimination index %"), _("Discriminative efficiency %"), _("Effective weight %"), _("To look at")),
    )
    rows = [
        (
            *(one.number, one.prompt, one.item.attempts, percent(one.item.facility), percent(one.item.deviation)),
            *(percent(one.item.discrimination), percent(one.item.efficiency), percent(one.item.weight)),
            ", ".join(_(FINDINGS[finding]) for finding in one.findings),
        )
        for one in found.items
    ]
    return Table(head, rows)


def cells(shares: Iterable[float | None], *, untold: str) -> Markup:
    """Draw shares as cells of a row, each in its colour: under 60 percent, under 75, under 85, from there on; or why none is told.

    A board has two hundred of them: a loop in its template takes as long as all else on the page.
    """
    why = escape(untold)
    return safe("".join([_cell(percent(share), why) for share in shares]))


@lru_cache(maxsize=512)
def _cell(whole: int | None, untold: Markup) -> str:
    if whole is None:
        return f'<td><span class="grid-cell mx">{untold}</span></td>'
    return f'<td><span class="grid-cell m{bisect_right(SHADES, whole)}">{whole}%</span></td>'


def percent(share: float | None) -> int | None:
    """Return a share as whole percent."""
    return None if share is None else round(100 * share)


TABLES: Mapping[str, Callable[[Board], Table]] = {
    "topics": topics,
    "people": people,
    "trend": trend,
    "missed": missed,
    "assignments": assignments,
}
