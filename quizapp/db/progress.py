"""What is counted of reviews and memories to show progress. Undone reviews are never counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    case,
    extract,
    func,
    literal,
    literal_column,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy import cast as as_type

from quizapp.db import prepared
from quizapp.db.documents import DocumentRow
from quizapp.db.engine import Session
from quizapp.db.notes import CardRow, NoteRow, NoteTagRow, TagRow
from quizapp.db.plans import PlanRow, Queue
from quizapp.db.reviews import MemoryRow, ReviewRow
from quizapp.domain.progress import DIFFICULTY_EDGES, MATURE, STABILITY_EDGES, TESTS, Period, Pile, Recall, Slot, Stage
from quizapp.domain.queues import Kind
from quizapp.domain.scheduling import Grade

_LOTS = 2**32

_REVIEWS, _MEMORIES = cast(Table, ReviewRow.__table__), cast(Table, MemoryRow.__table__)
_PLANS, _CARDS = cast(Table, PlanRow.__table__), cast(Table, CardRow.__table__)
_NOTES, _DOCUMENTS = cast(Table, NoteRow.__table__), cast(Table, DocumentRow.__table__)
_TAGS, _NOTE_TAGS = cast(Table, TagRow.__table__), cast(Table, NoteTagRow.__table__)
_EARLIER, _UNDO = _REVIEWS.alias("earlier"), _REVIEWS.alias("undo")
_REVIEW, _MEMORY, _PLAN, _CARD, _NOTE = _REVIEWS.c, _MEMORIES.c, _PLANS.c, _CARDS.c, _NOTES.c
_MINE = _REVIEW.learner_id == bindparam("learner")
_IN_PERIOD = _REVIEW.day.between(bindparam("first"), bindparam("last"))
# All of a learner's reviews are read: by a sum rather than by an index, which would look up row after row and
# take twice the time where most reviews are theirs. Few are undone, so they are looked up in a list made once.
_UNDONE = select(_UNDO.c.undoes).where(
    _UNDO.c.undoes >= literal(UUID(int=0), _UNDO.c.undoes.type), _UNDO.c.learner_id + 0 == bindparam("learner")
)
_ALL = and_(_REVIEW.learner_id + 0 == bindparam("learner"), _REVIEW.id.not_in(_UNDONE))
_SOME = and_(_MINE, _IN_PERIOD, _REVIEW.id.not_in(_UNDONE))


class Of(Enum):
    """What reviews are counted by."""

    DAY = 0
    SLOT = 1
    DECK = 2
    DOCUMENT = 3
    SPEAKER = 4
    TAG = 5
    CARDS = 6  # how many were tested


GROUPED = (Of.DECK, Of.DOCUMENT, Of.SPEAKER, Of.TAG)


@dataclass(frozen=True)
class Counts:
    """What was done, by day and hour, and how well the cards of each deck and such are remembered."""

    piles: Sequence[Pile]
    slots: Sequence[Slot]
    groups: Mapping[Of, Mapping[str, Recall]]  # by id, or by name
    cards: int  # that were tested


@dataclass(frozen=True)
class Class:
    """Seen cards between the same edges."""

    stability: int  # how many of the edges they have reached
    difficulty: int
    cards: int
    reviews: int  # of them all


def _before(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return what the column holds in the review of the card before this one, among those that are read."""
    return func.lag(column).over(partition_by=_REVIEW.card_id, order_by=(_REVIEW.at, _REVIEW.id))


_INTERVAL_BEFORE = _before(type_coerce(_REVIEW.interval, BigInteger))
_INTERVAL_BEFORE_PERIOD = (
    select(type_coerce(_EARLIER.c.interval, BigInteger))
    .where(_EARLIER.c.card_id == _REVIEW.card_id, _EARLIER.c.learner_id == bindparam("learner"))
    # Not by an index of days, which would go through all the learner's reviews for every card.
    .where(func.coalesce(_EARLIER.c.day, bindparam("first")) < bindparam("first"), _EARLIER.c.was.is_not(None))
    .where(_EARLIER.c.id.not_in(_UNDONE))
    .order_by(_EARLIER.c.at.desc(), _EARLIER.c.id.desc())
    .limit(1)
    .correlate(_REVIEWS)
    .scalar_subquery()
)
_IS_FIRST_READ = and_(_before(_REVIEW.day).is_(None), _REVIEW.was == Kind.REVIEW)
_LOOKED_UP = case((_IS_FIRST_READ, _INTERVAL_BEFORE_PERIOD), else_=_INTERVAL_BEFORE)


def _staged(read: ColumnElement[bool], interval_before: ColumnElement[Any]) -> CTE:
    """Return each review that is read with what it asked of memory."""
    hour, minute = (as_type(extract(part, _REVIEW.at), Integer) for part in ("hour", "minute"))
    one = (
        select(
            _REVIEW.card_id,
            _REVIEW.day,
            _REVIEW.was,
            case((_REVIEW.grade != Grade.AGAIN, 1), else_=0).label("passed"),
            (hour * 4 + minute // 15).label("quarter"),
            func.coalesce(type_coerce(_REVIEW.duration, BigInteger), 0).label("time"),
            _before(_REVIEW.day).label("day_before"),
            interval_before.label("interval_before"),
        )
        .where(read, _REVIEW.was.is_not(None))
        .subquery("counted")
        .c
    )
    is_test = and_(one.was == Kind.REVIEW, or_(one.day_before.is_(None), one.day_before != one.day))
    matures = literal_column(str(MATURE // timedelta(microseconds=1)), BigInteger)
    stage = case(
        (one.was == Kind.NEW, Stage.NEW.value),
        (and_(is_test, one.interval_before >= matures), Stage.MATURE.value),
        (is_test, Stage.YOUNG.value),
        else_=Stage.STEP.value,
    )
    columns = (one.card_id, one.day, one.quarter, one.passed, one.time, stage.label("stage"))
    return select(*columns).where(one.day.between(bindparam("first"), bindparam("last"))).cte("staged")


def _counts(staged: CTE) -> Select[Any]:
    """Count by day, hour, deck, document, speaker and tag in one statement, so that the reviews are read once."""
    one, nothing = staged.c, literal_column("0", BigInteger)
    is_test = one.stage.in_([literal_column(str(stage.value)) for stage in TESTS])
    day, reviews = as_type(one.day, Text).label("name"), func.count().label("reviews")
    tests = func.sum(case((is_test, 1), else_=0)).label("tests")
    passed = func.sum(one.passed).label("passed")
    tests_passed = func.sum(case((is_test, one.passed), else_=0)).label("passed")
    time = func.sum(one.time).label("time")
    by_card = select(one.card_id, reviews, passed).where(is_test).group_by(one.card_id).cte("by_card")
    card = by_card.c
    sums = (nothing, nothing, func.sum(card.reviews), func.sum(card.passed), nothing)
    parts = [
        select(_of(Of.DAY), day, one.stage, reviews, tests, passed, time).group_by(one.day, one.stage),
        select(_of(Of.SLOT), day, one.quarter, reviews, tests, tests_passed, time).group_by(one.day, one.quarter),
    ]
    parts.append(
        select(_of(Of.CARDS), literal_column("''", Text), nothing, func.count(), *[nothing] * 3).select_from(by_card)
    )
    mine = and_(_PLAN.card_id == card.card_id, _PLAN.learner_id == bindparam("learner"))
    decks = select(_of(Of.DECK), as_type(_PLAN.deck_id, Text), *sums).join_from(by_card, _PLANS, mine)
    parts.append(decks.group_by(_PLAN.deck_id))
    for what, name in ((Of.DOCUMENT, _NOTE.document_id), (Of.SPEAKER, _NOTE.speaker), (Of.TAG, _TAGS.c.name)):
        notes = select(_of(what), as_type(name, Text), *sums).join_from(by_card, _CARDS, _CARD.id == card.card_id)
        notes = notes.join(_NOTES, _NOTE.id == _CARD.note_id).where(name.is_not(None)).group_by(name)
        if what is Of.TAG:
            notes = notes.join(_NOTE_TAGS, _NOTE_TAGS.c.note_id == _NOTE.id)
            notes = notes.join(_TAGS, _TAGS.c.id == _NOTE_TAGS.c.tag_id)
        parts.append(notes)
    return select(union_all(*parts).subquery("counts"))


def _of(what: Of) -> ColumnElement[int]:
    return literal_column(str(what.value), Integer).label("what")


_COUNTS_OF_ALL = _counts(_staged(_ALL, _INTERVAL_BEFORE))
_COUNTS_OF_SOME = _counts(_staged(_SOME, _LOOKED_UP))
_CARD_DAYS = select(_REVIEW.card_id, _REVIEW.day).where(_ALL, _REVIEW.was.is_not(None)).distinct().subquery("card_days")
_DAYS_OF_CARDS = select(func.count(), func.count(_CARD_DAYS.c.card_id.distinct())).select_from(_CARD_DAYS)
_FIRST_DAY = select(_REVIEW.day).where(_MINE, _REVIEW.was.is_not(None)).order_by(_REVIEW.day).limit(1)

_IS_SEEN = or_(_PLAN.queue == Queue.REVIEW, _PLAN.queue == Queue.LEARNING)
_SEEN = and_(_PLAN.learner_id == bindparam("learner"), _IS_SEEN)
_COUNT_SEEN = select(func.count()).select_from(_PLANS).where(_SEEN)
_SEEN_BY_DOCUMENT = (
    select(_NOTE.document_id, _DOCUMENTS.c.title, func.count())
    .select_from(_PLANS)
    .join(_CARDS, _CARD.id == _PLAN.card_id)
    .join(_NOTES, _NOTE.id == _CARD.note_id)
    .join(_DOCUMENTS, _DOCUMENTS.c.id == _NOTE.document_id)
    .where(_SEEN)
    .group_by(_NOTE.document_id, _DOCUMENTS.c.title)
)
# Multiplied by 2^32 over the golden ratio, ids spread evenly over 2^32 whatever their pattern.
_LOT: ColumnElement[int] = (
    _PLAN.card_id * literal_column("2654435761", BigInteger) % literal_column(str(_LOTS), BigInteger)
)
_CHOSEN_BY_LOT = bindparam("lots", type_=BigInteger) > _LOT
_THEIR_MEMORIES = and_(_MEMORY.card_id == _PLAN.card_id, _MEMORY.learner_id == bindparam("learner"))
_TRACES = (
    select(_MEMORY.last_review, _MEMORY.stability)
    .join_from(_PLANS, _MEMORIES, _THEIR_MEMORIES)
    .where(_SEEN, _CHOSEN_BY_LOT)
)
_TRACES_OF_DOCUMENT = (
    select(_MEMORY.last_review, _MEMORY.stability)
    .select_from(_NOTES)
    .join(_CARDS, _CARD.note_id == _NOTE.id)
    .join(_PLANS, _PLAN.card_id == _CARD.id)
    .join(_MEMORIES, _THEIR_MEMORIES)
    .where(_NOTE.document_id == bindparam("document"), _SEEN, _CHOSEN_BY_LOT)
)


def _class(value: ColumnElement[float], edges: Sequence[float]) -> ColumnElement[int]:
    """Return how many of the edges the value has reached."""
    return case(*((value < edge, place) for place, edge in enumerate(edges)), else_=len(edges))


_CLASSED = (
    select(
        _class(_MEMORY.stability, STABILITY_EDGES).label("stability"),
        _class(_MEMORY.difficulty, DIFFICULTY_EDGES).label("difficulty"),
        _MEMORY.reviews,
    )
    .join_from(_PLANS, _MEMORIES, _THEIR_MEMORIES)
    .where(_SEEN)
    .subquery("classed")
)
_CLASSES = select(
    _CLASSED.c.stability,
    _CLASSED.c.difficulty,
    func.count().label("cards"),
    func.sum(_CLASSED.c.reviews).label("reviews"),
).group_by(_CLASSED.c.stability, _CLASSED.c.difficulty)
_TESTED = (
    select(_REVIEW.card_id)
    .join(_PLANS, and_(_PLAN.card_id == _REVIEW.card_id, _PLAN.learner_id == bindparam("learner")))
    .where(_MINE, _IN_PERIOD, _REVIEW.was == Kind.REVIEW, _CHOSEN_BY_LOT)
    .distinct()
    .limit(bindparam("limit"))
)


def first_day(session: Session, learner_id: int) -> date | None:
    """Return the first day on which the learner gave a grade, undone or not; None before it."""
    return session.execute(_FIRST_DAY, {"learner": learner_id}).scalar()


def count_tests(session: Session, learner_id: int) -> int:
    """Return how many answers test memory: the first of a day to a card that was answered on a day before."""
    days, cards = session.execute(_DAYS_OF_CARDS, {"learner": learner_id}).one()
    return int(days - cards)


def counts(session: Session, learner_id: int, period: Period, *, is_all: bool) -> Counts:
    """Return what the learner did on the days of the period; `is_all` says that nothing was done before it."""
    bound = {"learner": learner_id, "first": period.first, "last": period.last}
    piles, slots, cards = [], [], 0
    groups: dict[Of, dict[str, Recall]] = {of: {} for of in GROUPED}
    for row in prepared.rows(session, _COUNTS_OF_ALL if is_all else _COUNTS_OF_SOME, bound):
        match row.what:
            case Of.DAY.value:
                time = timedelta(microseconds=int(row.time))
                piles.append(Pile(date.fromisoformat(row.name), Stage(row.stage), row.reviews, int(row.passed), time))
            case Of.SLOT.value:
                tests, passed = int(row.tests), int(row.passed)
                slots.append(Slot(date.fromisoformat(row.name), row.stage, row.reviews, tests, passed))
            case Of.CARDS.value:
                cards = row.reviews
            case what:
                groups[Of(what)][row.name] = Recall(int(row.tests), int(row.passed))
    return Counts(piles, slots, groups, cards)


def seen(session: Session, learner_id: int) -> int:
    """Return how many cards the learner has seen and studies."""
    return session.execute(_COUNT_SEEN, {"learner": learner_id}).scalar_one()


def seen_by_document(session: Session, learner_id: int) -> Mapping[int, tuple[str, int]]:
    """Return, by document, its title and how many of its cards the learner has seen and studies."""
    rows = session.execute(_SEEN_BY_DOCUMENT, {"learner": learner_id}).all()
    return {document_id: (title, count) for document_id, title, count in rows}


def classes(session: Session, learner_id: int) -> Sequence[Class]:
    """Return the classes of stability and of difficulty that seen cards are in."""
    rows = prepared.rows(session, _CLASSES, {"learner": learner_id})
    return [Class(row.stability, row.difficulty, row.cards, int(row.reviews)) for row in rows]


def tested(session: Session, learner_id: int, period: Period, *, share: float, limit: int) -> Sequence[int]:
    """Return about that share of the cards that were reviewed within the period, always the same ones."""
    bound = {"learner": learner_id, "first": period.first, "last": period.last, "lots": int(share * _LOTS)}
    return [card_id for (card_id,) in prepared.rows(session, _TESTED, {**bound, "limit": limit})]


def traces(session: Session, learner_id: int, *, share: float) -> Sequence[tuple[datetime, float]]:
    """Return last review and stability of about that share of all seen cards, always the same ones."""
    return session.execute(_TRACES, {"learner": learner_id, "lots": int(share * _LOTS)}).all()


def traces_of_document(
    session: Session, learner_id: int, document_id: int, *, share: float
) -> Sequence[tuple[datetime, float]]:
    """Return the same of the cards of one document."""
    bound = {"learner": learner_id, "document": document_id, "lots": int(share * _LOTS)}
    return session.execute(_TRACES_OF_DOCUMENT, bound).all()
