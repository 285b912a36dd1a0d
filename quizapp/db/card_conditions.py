"""What an expression means in SQL, as a condition on a learner's plans, their cards, notes and memories.

Names are compared here rather than in SQL, so that case and accents mean as little in every script and on every
database: a learner has few decks, tags, documents and speakers. Start from `condition`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Literal, assert_never, cast

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Double,
    Integer,
    Select,
    Table,
    and_,
    bindparam,
    case,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
    type_coerce,
)
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Session

from quizapp.db import follows, note_words
from quizapp.db.base import UtcDateTime
from quizapp.db.documents import DocumentRow
from quizapp.db.notes import CardRow, NoteRow, NoteTagRow, TagRow
from quizapp.db.plans import PlanRow, Queue
from quizapp.db.reports import ReportRow
from quizapp.db.reviews import MemoryRow, ReviewRow
from quizapp.db.searching import is_in_a_file
from quizapp.domain import leeches
from quizapp.domain.cards import CardKind
from quizapp.domain.deck_names import lineage
from quizapp.domain.expressions import (
    All,
    Comparison,
    Either,
    Event,
    Everything,
    Expression,
    Face,
    Field,
    Flagged,
    Ids,
    InSource,
    Is,
    Measure,
    Measured,
    Named,
    Not,
    OfKind,
    OneOf,
    Rated,
    Since,
    State,
    Untagged,
    Wild,
    is_like,
)
from quizapp.domain.queues import ONE_DAY, Days, Kind
from quizapp.domain.scheduling import DIFFICULTY_MAX, DIFFICULTY_MIN, Phase, Preset, days_for_each
from quizapp.domain.searching import Term, folded, searchable

A_DAY = 86_400  # seconds
CLOSE = 0.005  # as percentages are shown

PLANS, CARDS = cast(Table, PlanRow.__table__), cast(Table, CardRow.__table__)
NOTES, MEMORIES = cast(Table, NoteRow.__table__), cast(Table, MemoryRow.__table__)
_REVIEWS, _REPORTS = cast(Table, ReviewRow.__table__), cast(Table, ReportRow.__table__)
_TAGS, _NOTE_TAGS = cast(Table, TagRow.__table__), cast(Table, NoteTagRow.__table__)
_UNDOS = _REVIEWS.alias("undo")
_PLAN, _CARD, _NOTE, _MEMORY = PLANS.c, CARDS.c, NOTES.c, MEMORIES.c
Moment = datetime | BindParameter[datetime]
PlannedState = Literal[State.DUE, State.NEW, State.SUSPENDED, State.BURIED]
_NOW, _TOMORROW = (bindparam(name, type_=UtcDateTime()) for name in ("now", "tomorrow"))
_COMPARED: Mapping[Comparison, Callable[[Any, Any], ColumnElement[bool]]] = {
    Comparison.LESS: lt,
    Comparison.AT_MOST: le,
    Comparison.EQUAL: eq,
    Comparison.UNEQUAL: ne,
    Comparison.AT_LEAST: ge,
    Comparison.MORE: gt,
}


@dataclass(frozen=True)
class Reckoning:
    """Whose cards are looked for, when, and how their days and memories are counted."""

    learner_id: int
    now: datetime
    days: Days
    preset: Preset  # recall rests on its weights alone, which all decks of a learner have in common
    libraries: tuple[int, ...] = ()  # of teams, whose decks the learner may follow

    @property
    def owners(self) -> tuple[int, ...]:
        """Whose material the cards can be: the learner's, or that of their teams."""
        return (self.learner_id, *self.libraries)

    def start(self, day: int) -> datetime:
        """Return when the learner day begins that is so many days from today."""
        return self.days.start(self.days.day_of(self.now) + day * ONE_DAY)


def condition(session: Session, by: Reckoning, expression: Expression) -> ColumnElement[bool]:
    """Return what holds for the cards that the expression finds."""
    match expression:
        case All(parts):
            texts = [part for part in parts if isinstance(part, Term)]
            others = [condition(session, by, part) for part in parts if not isinstance(part, Term)]
            return and_(*([_said(session, by, texts)] if texts else []), *others)
        case Either(parts):
            return or_(*(condition(session, by, part) for part in parts))
        case Not(part):
            # Not found is also what has no such figure: NULL would be neither.
            return not_(func.coalesce(condition(session, by, part), false()))
        case Term() | Wild():
            return _said(session, by, [expression])
        case InSource(text):
            return _CARD.note_id.in_(note_words.like(session, [text], within="source"))
        case Named() | Untagged():
            return _named(session, by, expression)
        case Is(state):
            return _stands(session, by, state)
        case Rated() | Since():
            return _happened(by, expression)
        case Measured():
            return _measured(session, by, expression)
        case _:
            return _numbered(expression)


def plain_condition(expression: Expression) -> ColumnElement[bool] | None:
    """Return the same for an expression that asks of nothing but plans, or None.

    It says `now` and `tomorrow` where their times are to be given, so that a statement with it can be made once.
    """
    match expression:
        case Everything():
            return true()
        case Is(State.DUE | State.NEW | State.SUSPENDED | State.BURIED as state):
            return _planned(state, _NOW, _TOMORROW)
        case Not(part):
            found = plain_condition(part)
            return None if found is None else not_(func.coalesce(found, false()))
        case All(parts):
            each = [one for one in map(plain_condition, parts) if one is not None]
            return and_(*each) if len(each) == len(parts) else None
        case _:
            return None


def elapsed_days(session: Session, by: Reckoning) -> ColumnElement[int]:
    """Return how many days ago a card was last reviewed, where a day of another length makes no difference.

    A review within an hour of the turn of its day may count on the day beside it when the clock was changed since.
    """
    end = literal(by.start(1), UtcDateTime)
    if is_in_a_file(session):
        return as_type(func.julianday(end) - func.julianday(_MEMORY.last_review), Integer)
    return as_type(func.floor(func.extract("epoch", end - _MEMORY.last_review) / A_DAY), Integer)


def _said(session: Session, by: Reckoning, texts: list[Term | Wild] | list[Term]) -> ColumnElement[bool]:
    """Find the texts in the words of the note, or one of them in its tags."""
    tags = list(_tags(session, by))
    if not any(_in_name(name, text) for _, name in tags for text in texts):
        return _CARD.note_id.in_(note_words.like(session, texts, within="words"))
    return and_(
        *(
            or_(
                _CARD.note_id.in_(note_words.like(session, [text], within="words")),
                _with_tags(tag_id for tag_id, name in tags if _in_name(name, text)),
            )
            for text in texts
        )
    )


def _in_name(name: str, text: Term | Wild) -> bool:
    pattern = text.pattern if isinstance(text, Wild) else " ".join(text.words) + ("*" if text.is_open else "")
    return is_like(f" {searchable(name)} ", f"* {pattern} *")


def _named(session: Session, by: Reckoning, asked: Named | Untagged) -> ColumnElement[bool]:
    if isinstance(asked, Untagged):
        return ~select(_NOTE_TAGS.c.tag_id).where(_NOTE_TAGS.c.note_id == _CARD.note_id).exists()
    glob = asked.glob
    match asked.field:
        case Field.DECK:
            known = follows.studied(session, by.learner_id)
            return _PLAN.deck_id.in_([deck.id for deck in known if _or_above(deck.name, glob)])
        case Field.TAG:
            return _with_tags(tag_id for tag_id, name in _tags(session, by) if _or_above(name, glob))
        case Field.SPEAKER:
            query = select(_NOTE.speaker).where(_NOTE.owner_id.in_(by.owners), _NOTE.speaker.is_not(None))
            return _NOTE.speaker.in_([name for name in session.scalars(query.distinct()) if _within(name, glob)])
        case Field.DOCUMENT:
            titles = select(DocumentRow.id, DocumentRow.title).where(DocumentRow.owner_id.in_(by.owners))
            return _NOTE.document_id.in_([one for one, title in session.execute(titles) if _within(title, glob)])
        case Field.REASON:
            open_ones = select(_REPORTS.c.card_id, _REPORTS.c.reason)
            open_ones = open_ones.where(_REPORTS.c.owner_id == by.learner_id, _REPORTS.c.resolved_at.is_(None))
            return _PLAN.card_id.in_([card for card, code in session.execute(open_ones) if is_like(code, glob)])
        case _:
            assert_never(asked.field)


def _tags(session: Session, by: Reckoning) -> Iterable[tuple[int, str]]:
    query = select(_TAGS.c.id, _TAGS.c.name).where(_TAGS.c.owner_id.in_(by.owners))
    return [(tag_id, name) for tag_id, name in session.execute(query)]


def _with_tags(tag_ids: Iterable[int]) -> ColumnElement[bool]:
    return _CARD.note_id.in_(select(_NOTE_TAGS.c.note_id).where(_NOTE_TAGS.c.tag_id.in_(list(tag_ids))))


def _or_above(name: str, glob: str) -> bool:
    return any(is_like(one, glob) for one in lineage(name))


def _within(name: str, glob: str) -> bool:
    """Say whether the glob is like the name, or like some of its words in a row."""
    return is_like(name, glob) or is_like(f" {folded(name)} ", f"* {glob} *")


def _stands(session: Session, by: Reckoning, state: State) -> ColumnElement[bool]:
    match state:
        case State.DUE | State.NEW | State.SUSPENDED | State.BURIED:
            return _planned(state, by.now, by.start(1))
        case State.LEARN:
            return _MEMORY.phase.in_((Phase.LEARNING, Phase.RELEARNING))
        case State.REVIEW:
            return _MEMORY.phase.in_((Phase.REVIEW, Phase.RELEARNING))
        case State.LEECH:
            return _with_tags(tag_id for tag_id, name in _tags(session, by) if name == leeches.TAG)
        case _:
            assert_never(state)


def _planned(state: PlannedState, now: Moment, tomorrow: Moment) -> ColumnElement[bool]:
    match state:
        case State.DUE:
            reviews = and_(_PLAN.queue == Queue.REVIEW, _PLAN.due <= now)
            return or_(reviews, and_(_PLAN.queue == Queue.LEARNING, _PLAN.due < tomorrow))
        case State.NEW:
            return _PLAN.due.is_(None)
        case State.SUSPENDED:
            return _PLAN.suspended
        case State.BURIED:
            return _PLAN.buried_until > now
        case _:
            assert_never(state)


def _happened(by: Reckoning, asked: Rated | Since) -> ColumnElement[bool]:
    start = by.start(1 - asked.days)
    match asked:
        case Since(Event.ADDED):
            return _NOTE.created >= start
        case Since(Event.EDITED):
            return _NOTE.modified >= start
        case Rated(_, None):
            reviewed = _reviewed(by, asked.days)
        case Rated(_, grade):
            reviewed = _reviewed(by, asked.days).where(_REVIEWS.c.grade == grade)
        case _:
            reviewed = _reviewed(by, asked.days).where(_REVIEWS.c.was == Kind.NEW)
    return _PLAN.card_id.in_(reviewed)


def _reviewed(by: Reckoning, days: int) -> Select[int]:
    """Select the cards that were answered within the days, without what was undone."""
    first = by.days.day_of(by.start(1 - days))
    undone = select(_UNDOS.c.id).where(_UNDOS.c.undoes == _REVIEWS.c.id).exists()
    query = select(_REVIEWS.c.card_id).where(_REVIEWS.c.learner_id == by.learner_id, _REVIEWS.c.day >= first)
    return query.where(_REVIEWS.c.was.is_not(None), ~undone)


def _measured(session: Session, by: Reckoning, asked: Measured) -> ColumnElement[bool]:
    compared, number = _COMPARED[asked.comparison], asked.number
    match asked.measure:
        case Measure.STABILITY:
            return compared(_MEMORY.stability, number)
        case Measure.DIFFICULTY:
            return compared((_MEMORY.difficulty - DIFFICULTY_MIN) / (DIFFICULTY_MAX - DIFFICULTY_MIN), number)
        case Measure.RETRIEVABILITY:
            return _recalled(elapsed_days(session, by), by.preset, asked)
        case Measure.INTERVAL:
            days = as_type(type_coerce(_MEMORY.interval, BigInteger) / (A_DAY * 10**6), Integer)
            return compared(days, int(number))
        case Measure.DUE:
            return _due(by, asked.comparison, int(number))
        case Measure.LAPSES:
            return compared(func.coalesce(_MEMORY.lapses, 0), int(number))
        case Measure.REVIEWS:
            return compared(func.coalesce(_MEMORY.reviews, 0), int(number))
        case _:
            assert_never(asked.measure)


def _recalled(elapsed: ColumnElement[int], preset: Preset, asked: Measured) -> ColumnElement[bool]:
    """Compare the chance of recall, which falls as the days grow that have passed for each day of stability."""
    if asked.comparison in {Comparison.EQUAL, Comparison.UNEQUAL}:
        equal = and_(*(_recalled(elapsed, preset, one) for one in _around(asked.number)))
        return equal if asked.comparison is Comparison.EQUAL else and_(_MEMORY.card_id.is_not(None), not_(equal))
    is_above = asked.comparison in {Comparison.MORE, Comparison.AT_LEAST}
    if not 0 < asked.number <= 1:  # every chance is in between
        always = is_above == (asked.number <= 0)
        return and_(_MEMORY.card_id.is_not(None), true() if always else false())
    days = _MEMORY.stability * days_for_each(asked.number, preset)
    turned = {Comparison.LESS: gt, Comparison.AT_MOST: ge, Comparison.MORE: lt, Comparison.AT_LEAST: le}
    return cast(ColumnElement[bool], turned[asked.comparison](as_type(elapsed, Double), days))


def _around(number: float) -> tuple[Measured, Measured]:
    at_least = Measured(Measure.RETRIEVABILITY, Comparison.AT_LEAST, number - CLOSE)
    return at_least, Measured(Measure.RETRIEVABILITY, Comparison.LESS, number + CLOSE)


def _due(by: Reckoning, comparison: Comparison, day: int) -> ColumnElement[bool]:
    """Compare the day on which a card that was seen is due."""
    starts, ends = by.start(day), by.start(day + 1)
    match comparison:
        case Comparison.LESS:
            return _PLAN.due < starts
        case Comparison.AT_MOST:
            return _PLAN.due < ends
        case Comparison.MORE:
            return _PLAN.due >= ends
        case Comparison.AT_LEAST:
            return _PLAN.due >= starts
        case Comparison.EQUAL:
            return and_(_PLAN.due >= starts, _PLAN.due < ends)
        case Comparison.UNEQUAL:
            return or_(_PLAN.due < starts, _PLAN.due >= ends)
        case _:
            assert_never(comparison)


def _numbered(asked: Everything | OfKind | Flagged | Face | OneOf) -> ColumnElement[bool]:
    match asked:
        case Everything():
            return true()
        case OfKind(kind):
            return _NOTE.kind == kind
        case Flagged(flag):
            return _PLAN.flag == flag
        case Face(number):
            # The gaps of a cloze have numbers from 1; the one card of any other note has 0.
            return case((_NOTE.kind == CardKind.CLOZE, _CARD.ordinal), else_=_CARD.ordinal + 1) == number
        case OneOf(whose, numbers):
            return (_PLAN.card_id if whose is Ids.CARD else _CARD.note_id).in_(numbers)
        case _:
            assert_never(asked)
