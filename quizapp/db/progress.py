"""What is counted of reviews and memories to show progress. Undone reviews are never counted."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Table,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
)

from quizapp.db.documents import DocumentRow
from quizapp.db.engine import Session
from quizapp.db.notes import CardRow, NoteRow
from quizapp.db.plans import PlanRow, Queue
from quizapp.db.reviews import MemoryRow, ReviewRow
from quizapp.domain.progress import MATURE, Pile
from quizapp.domain.queues import Kind
from quizapp.domain.scheduling import Grade

_LOTS = 2**32

_REVIEWS, _MEMORIES = cast(Table, ReviewRow.__table__), cast(Table, MemoryRow.__table__)
_PLANS, _CARDS = cast(Table, PlanRow.__table__), cast(Table, CardRow.__table__)
_NOTES, _DOCUMENTS = cast(Table, NoteRow.__table__), cast(Table, DocumentRow.__table__)
_REVIEW, _MEMORY, _PLAN, _CARD, _NOTE = _REVIEWS.c, _MEMORIES.c, _PLANS.c, _CARDS.c, _NOTES.c
_MINE = _REVIEW.learner_id == bindparam("learner")
# All of a learner's reviews are read: by a sum rather than by an index, which would look up row after row and
# take twice the time where most reviews are theirs.
_ALL_MINE = _REVIEW.learner_id + 0 == bindparam("learner")


def _before(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return what the column holds in the review of the card before this one."""
    return func.lag(column).over(partition_by=_REVIEW.card_id, order_by=(_REVIEW.at, _REVIEW.id))


# Few are undone, so they are looked up in a list that is made once.
_UNDONE = select(_REVIEW.undoes).where(_MINE, _REVIEW.was.is_(None))
_COUNTED = (
    select(
        _REVIEW.card_id,
        _REVIEW.day,
        _REVIEW.was,
        _REVIEW.grade,
        type_coerce(_REVIEW.duration, BigInteger).label("duration"),
        _before(_REVIEW.day).label("day_before"),
        _before(type_coerce(_REVIEW.interval, BigInteger)).label("interval_before"),
    )
    .where(_ALL_MINE, _REVIEW.was.is_not(None), _REVIEW.id.not_in(_UNDONE))
    .subquery("counted")
)
_ONE = _COUNTED.c
_IS_TEST = and_(_ONE.was == Kind.REVIEW, or_(_ONE.day_before.is_(None), _ONE.day_before != _ONE.day))
# Written out, not bound: PostgreSQL takes two parameters for two values, and what is grouped by for another column.
_FROM: ColumnElement[int] = literal_column(str(MATURE // timedelta(microseconds=1)))
_IS_MATURE = case((_ONE.interval_before >= _FROM, literal_column("1")), else_=literal_column("0")).label("mature")
_PILED = (
    select(
        _ONE.day,
        _PLAN.deck_id,
        _NOTE.document_id,
        _IS_MATURE,
        func.count().label("reviews"),
        func.sum(case((_IS_TEST, 1), else_=0)).label("tests"),
        func.sum(case((and_(_IS_TEST, _ONE.grade != Grade.AGAIN), 1), else_=0)).label("passed"),
        func.sum(func.coalesce(_ONE.duration, 0)).label("time"),
    )
    .select_from(_COUNTED)
    .join(_PLANS, and_(_PLAN.card_id == _ONE.card_id, _PLAN.learner_id == bindparam("learner")))
    .join(_CARDS, _CARD.id == _ONE.card_id)
    .join(_NOTES, _NOTE.id == _CARD.note_id)
    .where(_ONE.day >= bindparam("since"))
    .group_by(_ONE.day, _PLAN.deck_id, _NOTE.document_id, _IS_MATURE)
)
_CARD_DAYS = (
    select(_REVIEW.card_id, _REVIEW.day)
    .where(_ALL_MINE, _REVIEW.was.is_not(None), _REVIEW.id.not_in(_UNDONE))
    .distinct()
    .subquery("card_days")
)
_DAYS_OF_CARDS = select(func.count(), func.count(_CARD_DAYS.c.card_id.distinct())).select_from(_CARD_DAYS)
_FIRST_DAY = select(_REVIEW.day).where(_MINE, _REVIEW.was.is_not(None)).order_by(_REVIEW.day).limit(1)

_SEEN = and_(_PLAN.learner_id == bindparam("learner"), _PLAN.queue.in_((Queue.REVIEW, Queue.LEARNING)))
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


def first_day(session: Session, learner_id: int) -> date | None:
    """Return the first day on which the learner gave a grade, undone or not; None before it."""
    return session.execute(_FIRST_DAY, {"learner": learner_id}).scalar()


def count_tests(session: Session, learner_id: int) -> int:
    """Return how many answers test memory: the first of a day to a card that was answered on a day before."""
    days, cards = session.execute(_DAYS_OF_CARDS, {"learner": learner_id}).one()
    return int(days - cards)


def piles(session: Session, learner_id: int, *, since: date) -> Sequence[Pile]:
    """Return the learner's reviews from that day on, piled up by what they have in common."""
    rows = session.execute(_PILED, {"learner": learner_id, "since": since}).all()
    return [
        Pile(
            row.day,
            row.deck_id,
            row.document_id,
            mature=bool(row.mature),
            reviews=row.reviews,
            tests=int(row.tests),
            passed=int(row.passed),
            time=timedelta(microseconds=int(row.time)),
        )
        for row in rows
    ]


def seen(session: Session, learner_id: int) -> int:
    """Return how many cards the learner has seen and studies."""
    return session.execute(_COUNT_SEEN, {"learner": learner_id}).scalar_one()


def seen_by_document(session: Session, learner_id: int) -> Mapping[int, tuple[str, int]]:
    """Return, by document, its title and how many of its cards the learner has seen and studies."""
    rows = session.execute(_SEEN_BY_DOCUMENT, {"learner": learner_id}).all()
    return {document_id: (title, count) for document_id, title, count in rows}


def traces(session: Session, learner_id: int, *, share: float) -> Sequence[tuple[datetime, float]]:
    """Return last review and stability of about that share of all seen cards, always the same ones."""
    return session.execute(_TRACES, {"learner": learner_id, "lots": int(share * _LOTS)}).all()


def traces_of_document(
    session: Session, learner_id: int, document_id: int, *, share: float
) -> Sequence[tuple[datetime, float]]:
    """Return the same of the cards of one document."""
    bound = {"learner": learner_id, "document": document_id, "lots": int(share * _LOTS)}
    return session.execute(_TRACES_OF_DOCUMENT, bound).all()
