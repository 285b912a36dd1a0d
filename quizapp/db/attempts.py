"""The sittings by which assignments are done, and the answers in them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, bindparam, false, func, literal, or_, select
from sqlalchemy.orm import Session, contains_eager

from quizapp.db import prepared
from quizapp.db.learners import LearnerRow
from quizapp.db.notes import CardRow, NoteRow
from quizapp.db.plans import PlanRow, Queue
from quizapp.db.quizzes import AnswerRow, QuestionRow, SittingRow
from quizapp.db.reviews import MemoryRow
from quizapp.domain.mastery import Recall


@dataclass(frozen=True)
class Taker:
    """Who sat: a learner, or a guest."""

    learner_id: int | None
    guest_key: UUID | None = None


@dataclass(frozen=True)
class Taken:
    """An attempt at a glance."""

    sitting_id: int
    assignment_id: int
    occurrence: int
    attempt: int
    taker: Taker
    guest: str | None  # the name that a guest gave
    started: datetime
    deadline: datetime | None
    finished: datetime | None
    questions: int
    answered: int
    points: float
    last_answer: datetime | None


def taken(session: Session, assignment_ids: Sequence[int], takers: Sequence[Taker] | None = None) -> Sequence[Taken]:
    """Return all attempts at these assignments, or those of some people, each one's oldest first."""
    these = {"assignments": list(assignment_ids)}
    if not assignment_ids:
        found: Sequence[Any] = ()
    elif takers is None:
        found = prepared.rows(session, _ALL_TAKEN, these)
    else:  # learners and guests apart: either are found by an index
        learners, keys = _whose(takers)
        found = prepared.rows(session, _TAKEN_BY_LEARNERS, {**these, "learners": learners}) if learners else []
        if keys:
            found = [*found, *prepared.rows(session, _TAKEN_BY_GUESTS, {**these, "keys": keys})]
    return [_taken(row) for row in found]


def has_begun(session: Session, assignment_id: int) -> bool:
    """Say whether anybody has begun an attempt."""
    return prepared.first(session, _BEGUN, {"assignment": assignment_id}) is not None


def others(
    session: Session, assignment_id: int, occurrence: int, learner_ids: Collection[int]
) -> Sequence[tuple[int, str]]:
    """Return id and name of those who sat and are not among these people, by name."""
    sat = select(SittingRow.learner_id).where(
        SittingRow.assignment_id == assignment_id,
        SittingRow.occurrence == occurrence,
        SittingRow.learner_id.is_not(None),
    )
    gone = set(session.scalars(sat.distinct()).all()).difference(learner_ids)
    query = select(LearnerRow.id, LearnerRow.name).where(LearnerRow.id.in_(gone))
    return (
        [(one, name) for one, name in session.execute(query.order_by(LearnerRow.name, LearnerRow.id))] if gone else []
    )


def guests(session: Session, assignment_id: int, occurrence: int) -> Sequence[tuple[UUID, str]]:
    """Return key and name of the guests who sat, those who came first first."""
    asked = {"assignment": assignment_id, "occurrence": occurrence}
    names = dict(prepared.rows(session, _GUESTS, asked))  # the name that was given last, in the place of the first
    return [(key, name or "") for key, name in names.items()]


def open_one(session: Session, assignment_id: int, taker: Taker) -> SittingRow | None:
    """Return the attempt that a person has begun and not finished, with its quiz, or None."""
    query = select(SittingRow).join(SittingRow.quiz).options(contains_eager(SittingRow.quiz))
    query = query.where(SittingRow.assignment_id == assignment_id, SittingRow.finished.is_(None))
    return session.scalars(query.where(_is_by(taker)).order_by(SittingRow.id.desc()).limit(1)).one_or_none()


def under_way(session: Session, assignment_id: int) -> Sequence[SittingRow]:
    """Return the attempts at an assignment that are not finished."""
    query = select(SittingRow).where(SittingRow.assignment_id == assignment_id, SittingRow.finished.is_(None))
    return session.scalars(query.order_by(SittingRow.id)).all()


def overdue(session: Session, *, before: datetime, limit: int) -> Sequence[SittingRow]:
    """Return attempts that ended by themselves before that time and are not stored as finished."""
    query = select(SittingRow).join(SittingRow.quiz).options(contains_eager(SittingRow.quiz))
    query = query.where(SittingRow.assignment_id.is_not(None), SittingRow.finished.is_(None))
    return session.scalars(query.where(SittingRow.deadline < before).order_by(SittingRow.id).limit(limit)).all()


def begun_since(session: Session, assignment_id: int, since: datetime) -> int:
    """Return how many attempts of guests began since then."""
    query = select(func.count()).select_from(SittingRow).where(SittingRow.assignment_id == assignment_id)
    query = query.where(SittingRow.guest_key.is_not(None), SittingRow.started >= since)
    return session.scalars(query).one()


def recalls(
    session: Session, assignment_id: int, occurrence: int, takers: Sequence[Taker] | None = None
) -> Mapping[Taker, Mapping[int, Sequence[Recall]]]:
    """Return by person, of all or some, and number of the question how it was answered, the oldest first."""
    query = (
        select(SittingRow.learner_id, SittingRow.guest_key, QuestionRow.number, AnswerRow.at, AnswerRow.missed)
        .join(SittingRow, SittingRow.id == AnswerRow.sitting_id)
        .join(QuestionRow, QuestionRow.id == AnswerRow.question_id)
        .where(SittingRow.assignment_id == assignment_id, SittingRow.occurrence == occurrence)
        .where(AnswerRow.replaced_at.is_(None))
        .order_by(AnswerRow.at)
    )
    if takers is not None:
        query = query.where(_is_by_any(takers))
    found: dict[Taker, dict[int, list[Recall]]] = {}
    for learner, key, number, at, missed in session.execute(query).all():
        of_person = found.setdefault(Taker(learner, key), {})
        of_person.setdefault(number, []).append(Recall(at, not missed))
    return found


def memories(
    session: Session, learner_ids: Sequence[int], deck_ids: Sequence[int]
) -> Mapping[int, Sequence[tuple[datetime, float]]]:
    """Return by person last review and stability of the living cards in these decks that they have seen."""
    whose = {"learners": list(learner_ids), "decks": list(deck_ids)}
    found: dict[int, list[tuple[datetime, float]]] = {}
    for learner, at, stability in prepared.rows(session, _MEMORIES, whose):
        found.setdefault(learner, []).append((at, stability))
    return found


_MEMORIES_TABLE, _CARDS = cast(Table, MemoryRow.__table__), cast(Table, CardRow.__table__)
_NOTES, _PLANS = cast(Table, NoteRow.__table__), cast(Table, PlanRow.__table__)
_MEMORY, _CARD, _NOTE, _PLAN = _MEMORIES_TABLE.c, _CARDS.c, _NOTES.c, _PLANS.c
# Of the cards that stand in no queue, those are asked for that are not in the trash: of decks that one studies no more.
_IS_LIVING = (
    select(literal(1))
    .join_from(_CARDS, _NOTES, _NOTE.id == _CARD.note_id)
    .where(_CARD.id == _PLAN.card_id, _NOTE.deleted_at.is_(None), _CARD.removed_at.is_(None))
    .exists()
)
# From the plans, which lie together by person and deck: a card that is remembered has one, in another queue than the new.
_MEMORIES = (
    select(_MEMORY.learner_id, _MEMORY.last_review, _MEMORY.stability)
    .join_from(_PLANS, _MEMORIES_TABLE, and_(_MEMORY.card_id == _PLAN.card_id, _MEMORY.learner_id == _PLAN.learner_id))
    .where(_PLAN.learner_id.in_(bindparam("learners", expanding=True)))
    .where(_PLAN.deck_id.in_(bindparam("decks", expanding=True)))
    .where(or_(*(_PLAN.queue == queue for queue in Queue if queue is not Queue.NEW)))
    .where(or_(_PLAN.queue != Queue.GONE, _IS_LIVING))
    .order_by(_MEMORY.learner_id, _MEMORY.card_id)
)
_SITTING = cast(Table, SittingRow.__table__).c
_TAKEN = tuple(
    _SITTING[name]
    for name in (
        *("id", "assignment_id", "occurrence", "attempt", "learner_id", "guest_key", "guest"),
        *("started", "deadline", "finished", "order", "answered", "points", "last_answer"),
    )
)
_BEGUN = select(_SITTING.id).where(_SITTING.assignment_id == bindparam("assignment")).limit(1)
_GUESTS = (
    select(_SITTING.guest_key, _SITTING.guest)
    .where(_SITTING.assignment_id == bindparam("assignment"), _SITTING.occurrence == bindparam("occurrence"))
    .where(_SITTING.guest_key.is_not(None))
    .order_by(_SITTING.attempt, _SITTING.id)
)
_ALL_TAKEN = (
    select(*_TAKEN)
    .where(_SITTING.assignment_id.in_(bindparam("assignments", expanding=True)))
    .order_by(_SITTING.occurrence, _SITTING.attempt, _SITTING.id)
)
_TAKEN_BY_LEARNERS = _ALL_TAKEN.where(_SITTING.learner_id.in_(bindparam("learners", expanding=True)))
_TAKEN_BY_GUESTS = _ALL_TAKEN.where(_SITTING.guest_key.in_(bindparam("keys", expanding=True)))


def _taken(row: Sequence[Any]) -> Taken:
    sitting_id, assignment_id, occurrence, attempt, learner_id, guest_key, guest, *rest = row
    started, deadline, finished, order, answered, points, last_answer = rest
    return Taken(
        sitting_id=sitting_id,
        assignment_id=assignment_id,
        occurrence=occurrence or 0,
        attempt=attempt or 0,
        taker=Taker(learner_id, guest_key),
        guest=guest,
        started=started,
        deadline=deadline,
        finished=finished,
        questions=len(order),
        answered=answered,
        points=points,
        last_answer=last_answer,
    )


def _is_by(taker: Taker) -> ColumnElement[bool]:
    return _is_by_any([taker])


def _is_by_any(takers: Sequence[Taker]) -> ColumnElement[bool]:
    whose = zip((SittingRow.learner_id, SittingRow.guest_key), _whose(takers), strict=True)
    return or_(false(), *(column.in_(some) for column, some in whose if some))


def _whose(takers: Sequence[Taker]) -> tuple[Sequence[int], Sequence[UUID | None]]:
    """Return the learners and the keys of guests among them."""
    learners = [one.learner_id for one in takers if one.learner_id is not None]
    return learners, [one.guest_key for one in takers if one.learner_id is None]
