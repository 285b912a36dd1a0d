"""Reviews, which are only ever added, and the memories that they lead to.

What each asked of memory is kept with it, so that progress is counted without going
through the histories: `add`, `add_all`, `add_logs` and `put_days` alone change it.

What runs at every answer is a module-level Core statement with bound parameters:
half the time of the ORM, see docs/storage.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from functools import lru_cache
from math import isnan
from operator import itemgetter
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Row,
    SmallInteger,
    Table,
    UniqueConstraint,
    Uuid,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
    type_coerce,
    update,
)
from sqlalchemy import Enum as EnumType
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db import prepared
from quizapp.db.base import Base, Microseconds
from quizapp.domain.past import GRADES, KINDS, Entry, Log, entries
from quizapp.domain.progress import QUARTER, QUARTERS, Answer, Stage, quarter, stage, stages
from quizapp.domain.queues import Kind
from quizapp.domain.scheduling import A_SECOND, Grade, Memory, Phase, ReviewEvent, Steps

USUAL_STEPS = Steps()
_A_QUARTER = QUARTER // timedelta(microseconds=1)


class Origin(Enum):
    """Where a review was given."""

    STUDY = "study"


class ReviewRow(Base):
    """A grade that a learner gave, or (an undo) the word that one did not count; never changed but for `day` and `stage`."""

    __tablename__ = "review"
    __table_args__ = (
        UniqueConstraint("undoes"),
        CheckConstraint("(grade IS NULL) = (undoes IS NOT NULL)", name="grade_or_undo"),
        CheckConstraint("(grade IS NULL) = (was IS NULL)", name="grade_has_was"),
        CheckConstraint("stage IS NULL OR grade IS NOT NULL", name="stage_of_grade"),
        # With the duration at its end, so that the pace of answers is read from it alone.
        Index("ix_review_learner_id_day", "learner_id", "day", "at", "was", "duration"),
        # In the order in which progress is counted, with all that is counted.
        Index("ix_review_learner_id_quarter", "learner_id", "day", "quarter", "stage", "grade", "duration", "card_id"),
        Index("ix_review_card_id", "card_id", "learner_id"),
        Index(
            "ix_review_session_id",
            "session_id",
            sqlite_where=text("session_id IS NOT NULL"),
            postgresql_where=text("session_id IS NOT NULL"),
        ),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)  # made by the client, so that a retry counts once
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"))
    card_id: Mapped[int] = mapped_column(ForeignKey("card.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    day: Mapped[date]  # the learner's day at that time
    grade: Mapped[Grade | None] = mapped_column(
        EnumType(Grade, native_enum=False, create_constraint=True, length=16, name="grade")
    )
    undoes: Mapped[UUID | None]
    was: Mapped[Kind | None]  # the queue that the card was taken from
    # What it asked of memory, which an answer that comes late can change; None for an undo, and for what was undone.
    stage: Mapped[Stage | None]
    quarter: Mapped[int] = mapped_column(SmallInteger)  # of an hour, of the UTC clock at that time
    duration: Mapped[timedelta | None]
    interval: Mapped[timedelta | None]  # what the grade gave
    preset_version: Mapped[int | None]  # None: another program gave the interval
    # What the grade was given under: learning steps, 0, relearning steps, in seconds; None for the usual ones.
    steps: Mapped[tuple[int, ...] | None]
    spread: Mapped[float | None]  # where among nearby days the interval fell; None for the very day
    origin: Mapped[Origin]
    session_id: Mapped[UUID | None]  # of a `study_session`, which is there as long as its learner


class MemoryRow(Base):
    """What a learner remembers of a card: the replay of its reviews, kept so as not to replay."""

    __tablename__ = "memory"
    card_id: Mapped[int] = mapped_column(ForeignKey("card.id", ondelete="CASCADE"), primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    phase: Mapped[Phase]
    step: Mapped[int]
    stability: Mapped[float]
    difficulty: Mapped[float]
    due: Mapped[datetime]
    last_review: Mapped[datetime]
    interval: Mapped[timedelta]
    reviews: Mapped[int]
    lapses: Mapped[int]


@dataclass(frozen=True)
class StoredReview:
    """A review or an undo as it was stored."""

    event: ReviewEvent
    learner_id: int
    card_id: int
    interval: timedelta | None
    session_id: UUID | None = None


@dataclass(frozen=True)
class NewReview:
    """A review or an undo to store."""

    event: ReviewEvent
    learner_id: int
    card_id: int
    day: date
    was: Kind | None = None
    duration: timedelta | None = None
    interval: timedelta | None = None
    preset_version: int | None = None
    origin: Origin = Origin.STUDY
    session_id: UUID | None = None


_REVIEWS, _MEMORIES = cast(Table, ReviewRow.__table__), cast(Table, MemoryRow.__table__)
_UNDOS = _REVIEWS.alias("undo")
_REVIEW, _MEMORY, _UNDO = _REVIEWS.c, _MEMORIES.c, _UNDOS.c

_FIND = select(_REVIEWS).where(_REVIEW.id == bindparam("review"))
_UNDO_OF = select(_REVIEW.id).where(_REVIEW.undoes == bindparam("review"))
_THIS_CARD = (_REVIEW.card_id == bindparam("card"), _REVIEW.learner_id == bindparam("learner"))
_EVENTS = select(_REVIEW.id, _REVIEW.at, _REVIEW.grade, _REVIEW.undoes, _REVIEW.steps, _REVIEW.spread).where(
    *_THIS_CARD
)
_ADD = insert(_REVIEWS)
_LAST_COUNTED = (
    select(_REVIEW.id, _REVIEW.at, _REVIEW.day, _REVIEW.was, _REVIEW.interval)
    .where(*_THIS_CARD, _REVIEW.stage.is_not(None))
    .order_by(_REVIEW.at.desc(), _REVIEW.id.desc())
    .limit(1)
)
_IN_ORDER = (
    select(_REVIEW.id, _REVIEW.undoes, _REVIEW.day, _REVIEW.was, _REVIEW.interval, _REVIEW.stage)
    .where(*_THIS_CARD)
    .order_by(_REVIEW.at, _REVIEW.id)
)
_PUT_STAGE = update(_REVIEWS).values(stage=bindparam("becomes")).where(_REVIEW.id == bindparam("review"))
_CARDS = select(_REVIEW.card_id).where(_REVIEW.learner_id == bindparam("learner")).distinct()
# With values as `past.Entry` has them, of which no objects are made.
_ADD_TOLD = insert(_REVIEWS).values(
    id=bindparam("name", type_=Uuid(as_uuid=False)),
    at=bindparam("moment", type_=Microseconds),
    duration=bindparam("took", type_=BigInteger),
    interval=bindparam("gave", type_=BigInteger),
)
_THIS_MEMORY = (_MEMORY.card_id == bindparam("card"), _MEMORY.learner_id == bindparam("learner"))
_MEMORY_OF = select(*(_MEMORY[name] for name in Memory.__dataclass_fields__)).where(*_THIS_MEMORY)
_FIRST_MEMORY = insert(_MEMORIES)
_NEXT_MEMORY = update(_MEMORIES).where(*_THIS_MEMORY)
_NO_MEMORY = delete(_MEMORIES).where(*_THIS_MEMORY)
_DAYS = select(_REVIEW.day).where(_REVIEW.learner_id == bindparam("learner")).distinct()
_PUT_DAY = (
    update(_REVIEWS)
    .values(day=bindparam("becomes"))
    .where(_REVIEW.learner_id == bindparam("learner"), _REVIEW.day.between(bindparam("first"), bindparam("last")))
    .where(_REVIEW.day != bindparam("becomes"), _REVIEW.at >= bindparam("start"), _REVIEW.at < bindparam("end"))
)
_ON_DAY = (_REVIEW.learner_id == bindparam("learner"), _REVIEW.day == bindparam("day"))
_GRADED_ON = select(_REVIEW.was, func.count()).where(*_ON_DAY).group_by(_REVIEW.was)
_TAKEN_BACK_ON = (
    select(_REVIEW.was, func.count())
    .join_from(_UNDOS, _REVIEWS, _REVIEW.id == _UNDO.undoes)
    .where(_UNDO.learner_id == bindparam("learner"), _UNDO.day >= bindparam("day"), _UNDO.was.is_(None))
    .where(_REVIEW.day == bindparam("day"))
    .group_by(_REVIEW.was)
)
_SINCE = (_REVIEW.learner_id == bindparam("learner"), _REVIEW.day >= bindparam("day"))
_COUNTED_SINCE = select(_REVIEW.day, func.count()).where(*_SINCE, _REVIEW.stage.is_not(None)).group_by(_REVIEW.day)
_NEWEST_FIRST = (_REVIEW.day.desc(), _REVIEW.at.desc(), _REVIEW.id.desc())
_LAST_CARD = select(_REVIEW.card_id).where(_REVIEW.learner_id == bindparam("learner")).order_by(*_NEWEST_FIRST).limit(1)
_LATEST = (
    select(_REVIEWS)
    .where(_REVIEW.learner_id == bindparam("learner"), _REVIEW.day >= bindparam("day"))
    .where(_REVIEW.at.between(bindparam("since"), bindparam("until")), _REVIEW.grade.is_not(None))
    .where(_REVIEW.preset_version.is_not(None))  # what an import brought is undone with the import
    .where(~select(_UNDO.id).where(_UNDO.undoes == _REVIEW.id).exists())
    .order_by(*_NEWEST_FIRST)
    .limit(1)
)
_LATEST_IN_SESSION = _LATEST.where(_REVIEW.session_id == bindparam("session"))
_LATEST_DURATIONS = (
    select(type_coerce(_REVIEW.duration, BigInteger).label("duration"))
    .where(_REVIEW.learner_id == bindparam("learner"), _REVIEW.was.is_not(None))
    .order_by(_REVIEW.day.desc(), _REVIEW.at.desc())
    .limit(50)
    .subquery()
)
_PACE = select(func.avg(_LATEST_DURATIONS.c.duration))


def find(session: Session, review_id: UUID) -> StoredReview | None:
    """Return what is stored under that id, or None."""
    row = prepared.first(session, _FIND, {"review": review_id})
    return None if row is None else _stored(row)


def is_undone(session: Session, review_id: UUID) -> bool:
    """Say whether an undo of that review is stored, even if the review itself is not."""
    return prepared.first(session, _UNDO_OF, {"review": review_id}) is not None


def latest(
    session: Session, learner_id: int, *, since: datetime, until: datetime, day: date, session_id: UUID | None = None
) -> StoredReview | None:
    """Return the learner's newest review within the times that is not undone; `since` is in `day`.

    Given a session, of that alone.
    """
    this = {"learner": learner_id, "since": since, "until": until, "day": day}
    if session_id is None:
        row = prepared.first(session, _LATEST, this)
    else:
        row = prepared.first(session, _LATEST_IN_SESSION, {**this, "session": session_id})
    return None if row is None else _stored(row)


def last_card(session: Session, learner_id: int) -> int | None:
    """Return the card that the learner's newest event is about."""
    return prepared.scalar(session, _LAST_CARD, {"learner": learner_id})


def ids_of(session: Session, learner_id: int, card_ids: Sequence[int]) -> set[UUID]:
    """Return the ids of all that happened to these cards, without what was undone."""
    undone = select(_UNDO.id).where(_UNDO.undoes == _REVIEW.id).exists()
    query = select(_REVIEW.id).where(_REVIEW.card_id.in_(card_ids), _REVIEW.learner_id == learner_id, ~undone)
    return set(session.scalars(query))


def events(session: Session, *, card_id: int, learner_id: int) -> Sequence[ReviewEvent]:
    """Return all that happened to a card, in no order, ready to be replayed."""
    rows = prepared.rows(session, _EVENTS, {"card": card_id, "learner": learner_id})
    return [event(*row) for row in rows]


def event(
    review_id: UUID,
    at: datetime,
    grade: Grade | None,
    undoes: UUID | None,
    steps: tuple[int, ...] | None,
    spread: float | None,
) -> ReviewEvent:
    """Return the event that the columns of these names hold."""
    return ReviewEvent(review_id, at, grade, undoes, steps=steps_of(steps), spread=spread)


def of_card(session: Session, *, card_id: int, learner_id: int) -> Sequence[ReviewRow]:
    """Return all reviews and undos of a card, the oldest first."""
    query = select(ReviewRow).where(ReviewRow.card_id == card_id, ReviewRow.learner_id == learner_id)
    return session.scalars(query.order_by(ReviewRow.at, ReviewRow.id)).all()


def add(session: Session, review: NewReview) -> None:
    """Store a review or an undo whose id is not stored yet."""
    if review.was is not None and not is_undone(session, review.event.id):
        last = _last_counted(session, review)
        if last is None or (last.at, last.id) < (review.event.at, review.event.id):
            _add(session, review, review.was, last)
            return
    prepared.do(session, _ADD, _values(review))
    put_stages(session, review.learner_id, [review.card_id])


def add_last(session: Session, review: NewReview, was: Kind) -> None:
    """Store a review that comes after all that count of its card and is not undone."""
    _add(session, review, was, _last_counted(session, review) if was is Kind.REVIEW else None)


def _last_counted(session: Session, review: NewReview) -> Any | None:
    return prepared.first(session, _LAST_COUNTED, {"card": review.card_id, "learner": review.learner_id})


def _add(session: Session, review: NewReview, was: Kind, last: Any | None) -> None:
    before = None if last is None else Answer(last.day, last.was, last.interval)
    asked = stage(Answer(review.day, was, review.interval), before)
    prepared.do(session, _ADD, {**_values(review), "stage": asked})


def add_all(session: Session, reviews: Sequence[NewReview]) -> None:
    """Store many of them, all of one learner."""
    prepared.do_all(session, _ADD, [_values(review) for review in reviews])
    if reviews:
        put_stages(session, reviews[0].learner_id, {review.card_id for review in reviews})


def add_logs(session: Session, learner_id: int, logs: Mapping[int, Log], steps: Steps) -> None:
    """Store the grades that other programs know of cards without any, all given under these steps, by card."""
    ordered = {card_id: sorted(entries(log), key=itemgetter(1, 0)) for card_id, log in logs.items()}
    told = [entry for log in ordered.values() for entry in log]
    if not told:
        return
    names, times, days, grades, kinds, durations, intervals, spreads = zip(*told, strict=True)
    columns: dict[str, Sequence[object]] = {
        "name": list(map(bytes.hex, names)),
        "card_id": [card_id for card_id, log in ordered.items() for _ in log],
        "moment": times,
        "day": list(map(date.fromordinal, days)),
        "quarter": [one // _A_QUARTER % QUARTERS for one in times],
        "grade": list(map(GRADES.__getitem__, grades)),
        "was": list(map(KINDS.__getitem__, kinds)),
        "stage": [asked for log in ordered.values() for asked in stages(list(map(_answer, log)))],
        "took": [None if one < 0 else one for one in durations],
        "gave": list(map(abs, intervals)),
        "spread": [None if isnan(one) else one for one in spreads],
    }
    same = {"learner_id": learner_id, "undoes": None, "preset_version": None, "origin": Origin.STUDY}
    written = None if steps == USUAL_STEPS else _write_steps(steps)
    prepared.do_columns(session, _ADD_TOLD, columns, {**same, "session_id": None, "steps": written})


def _values(review: NewReview) -> dict[str, object]:
    return {
        "id": review.event.id,
        "learner_id": review.learner_id,
        "card_id": review.card_id,
        "at": review.event.at,
        "day": review.day,
        "quarter": quarter(review.event.at),
        "grade": review.event.grade,
        "undoes": review.event.undoes,
        "was": review.was,
        "stage": None,
        "duration": review.duration,
        "interval": review.interval,
        "preset_version": review.preset_version,
        "steps": None if review.event.steps in (None, USUAL_STEPS) else _write_steps(review.event.steps),
        "spread": review.event.spread,
        "origin": review.origin,
        "session_id": review.session_id,
    }


def memory(session: Session, *, card_id: int, learner_id: int) -> Memory | None:
    """Return what the learner remembers of the card; None when it was never seen."""
    row = prepared.first(session, _MEMORY_OF, {"card": card_id, "learner": learner_id})
    return None if row is None else Memory(*row)


def put_memory(
    session: Session, memory: Memory | None, *, before: Memory | None, card_id: int, learner_id: int
) -> None:
    """Store the memory that took the place of the one before."""
    this = {"card": card_id, "learner": learner_id}
    if memory is None:
        prepared.do(session, _NO_MEMORY, this)
    elif before is None:
        prepared.do(session, _FIRST_MEMORY, {"card_id": card_id, "learner_id": learner_id, **vars(memory)})
    else:
        prepared.do(session, _NEXT_MEMORY, {**this, **vars(memory)})


def put_memories(session: Session, learner_id: int, memories: Mapping[int, Memory]) -> None:
    """Store other memories, by card, in the place of those that are there."""
    if memories:
        each = [{"card": card_id, "learner": learner_id, **vars(memory)} for card_id, memory in memories.items()]
        session.execute(_NEXT_MEMORY, each)


def add_memories(session: Session, learner_id: int, memories: Mapping[int, Memory]) -> None:
    """Store the memories of cards that had none."""
    this = {"learner_id": learner_id}
    each = [{"card_id": card_id, **this, **vars(one)} for card_id, one in memories.items()]
    prepared.do_all(session, _FIRST_MEMORY, each)


def named(session: Session, review_ids: Sequence[UUID]) -> Sequence[ReviewRow]:
    """Return the reviews of these ids, the oldest first."""
    return session.scalars(select(ReviewRow).where(ReviewRow.id.in_(review_ids)).order_by(ReviewRow.at)).all()


def days(session: Session, learner_id: int) -> Sequence[date]:
    """Return the days on which anything happened, in no order."""
    return session.scalars(_DAYS, {"learner": learner_id}).all()


def put_days(
    session: Session, learner_id: int, spans: Sequence[tuple[date, datetime, datetime]], *, within: timedelta
) -> None:
    """Move what happened from one moment up to another to the day that it is given; no day moves further than that."""
    each = [
        {"becomes": day, "start": start, "end": end, "first": day - within, "last": day + within}
        for day, start, end in spans
    ]
    if each:
        session.execute(_PUT_DAY, [{"learner": learner_id, **one} for one in each])
        put_stages(session, learner_id, session.scalars(_CARDS, {"learner": learner_id}).all())


def _answer(entry: Entry) -> Answer:
    _name, _moment, day, _grade, kind, _took, interval, _spread = entry
    return Answer(date.fromordinal(day), KINDS[kind], timedelta(microseconds=abs(interval)))


def put_stages(session: Session, learner_id: int, card_ids: Iterable[int]) -> None:
    """Keep with all answers to these cards what each asked of memory, as far as that is not kept already."""
    changed: list[dict[str, object]] = []
    for card_id in card_ids:
        rows = prepared.rows(session, _IN_ORDER, {"card": card_id, "learner": learner_id})
        undone = {row.undoes for row in rows}
        counted = [row for row in rows if row.was is not None and row.id not in undone]
        asked = dict(
            zip(
                (row.id for row in counted),
                stages([Answer(row.day, row.was, row.interval) for row in counted]),
                strict=True,
            )
        )
        changed += (
            {"review": row.id, "becomes": asked.get(row.id)} for row in rows if row.stage is not asked.get(row.id)
        )
    prepared.do_all(session, _PUT_STAGE, changed)


def answered_on(session: Session, learner_id: int, day: date) -> Mapping[Kind, int]:
    """Return how many grades the learner gave that day from each queue, without what was undone."""
    this = {"learner": learner_id, "day": day}
    counts: dict[Kind | None, int] = dict(prepared.rows(session, _GRADED_ON, this))
    if counts.pop(None, 0):  # undos
        for was, count in prepared.rows(session, _TAKEN_BACK_ON, this):
            counts[was] -= count
    return {was: count for was, count in counts.items() if was is not None}


def activity(session: Session, learner_id: int, *, since: date) -> Mapping[date, int]:
    """Return how many reviews the learner gave on each day that had any, without what was undone."""
    return dict(prepared.rows(session, _COUNTED_SINCE, {"learner": learner_id, "day": since}))


def pace(session: Session, learner_id: int) -> timedelta | None:
    """Return the mean time of the learner's latest answers, or None before the first."""
    mean = prepared.scalar(session, _PACE, {"learner": learner_id})
    return None if mean is None else timedelta(microseconds=float(mean))


def _write_steps(steps: Steps) -> tuple[int, ...]:
    learning, relearning = ([step // A_SECOND for step in these] for these in steps)
    return (*learning, 0, *relearning)


@lru_cache(maxsize=1_024)
def steps_of(seconds: tuple[int, ...] | None) -> Steps:
    """Return the steps that a grade was given under, as the column has them."""
    if seconds is None:
        return USUAL_STEPS
    between = seconds.index(0)
    learning, relearning = (
        tuple(one * A_SECOND for one in these) for these in (seconds[:between], seconds[between + 1 :])
    )
    return Steps(learning, relearning)


def _stored(row: Row[Any]) -> StoredReview:
    stored = event(row.id, row.at, row.grade, row.undoes, row.steps, row.spread)
    return StoredReview(stored, row.learner_id, row.card_id, row.interval, row.session_id)
