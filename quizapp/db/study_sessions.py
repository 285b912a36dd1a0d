"""Sittings of study with an end: some minutes, some cards, cards ahead of their time, or practice."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Row, and_, or_, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from quizapp.db.base import Base, OwnerKey
from quizapp.db.card_actions import CardActionRow
from quizapp.db.plans import PlanRow, Queue
from quizapp.db.reviews import ReviewRow
from quizapp.db.study_queues import Scope
from quizapp.domain.card_actions import CardAction
from quizapp.domain.scheduling import Grade
from quizapp.domain.sessions import Given, Mode


class StudySessionRow(Base):
    """What a learner set out to study; how far they are follows from what they answered in it."""

    __tablename__ = "study_session"
    id: Mapped[UUID] = mapped_column(primary_key=True)  # made by the client, so that a double click starts one
    owner_id: Mapped[OwnerKey]
    mode: Mapped[Mode]
    deck_id: Mapped[int | None] = mapped_column(ForeignKey("deck.id", ondelete="SET NULL"))
    cards: Mapped[tuple[int, ...] | None]  # what is studied, in this order; None for whatever is due
    most_cards: Mapped[int | None]  # it ends after so many
    time: Mapped[timedelta | None]  # it ends after so much time spent on answers
    started: Mapped[datetime]


def get(session: Session, session_id: UUID) -> StudySessionRow | None:
    """Return a session, or None."""
    return session.get(StudySessionRow, session_id)


def add(session: Session, row: StudySessionRow) -> None:
    """Store a session whose id is not stored yet."""
    session.add(row)
    session.flush()


def given_in(session: Session, session_id: UUID) -> Sequence[Given]:
    """Return the reviews of a session that were not undone, the oldest first."""
    return _reviews(session, ReviewRow.session_id == session_id)


def given_on(session: Session, scope: Scope, day: date) -> Sequence[Given]:
    """Return the reviews of a day that were not undone, the oldest first."""
    on_it = and_(ReviewRow.learner_id == scope.learner_id, ReviewRow.day == day)
    if scope.deck_ids is not None:
        on_it &= ReviewRow.card_id.in_(select(PlanRow.card_id).where(_within(scope)))
    return _reviews(session, on_it)


def practised_in(session: Session, session_id: UUID) -> Sequence[Given]:
    """Return the grades of practice that were not undone, the oldest first."""
    undo = aliased(CardActionRow)
    query = select(CardActionRow.card_id, CardActionRow.grade, CardActionRow.duration)
    query = query.where(CardActionRow.session_id == session_id, CardActionRow.kind == CardAction.PRACTICE)
    query = query.where(~select(undo.id).where(undo.undoes == CardActionRow.id).exists())
    return _given(session.execute(query.order_by(CardActionRow.at, CardActionRow.id)).all())


def due_before(session: Session, scope: Scope, end: datetime, *, limit: int) -> Sequence[int]:
    """Return the cards in review that come back before the end, the first due first."""
    query = select(PlanRow.card_id).where(_within(scope), PlanRow.queue == Queue.REVIEW, PlanRow.due < end)
    return session.scalars(query.order_by(PlanRow.due, PlanRow.card_id).limit(limit)).all()


def studied(session: Session, scope: Scope, now: datetime, *, limit: int) -> Sequence[int]:
    """Return the cards that are neither suspended nor buried nor gone, in the order in which they were made."""
    query = select(PlanRow.card_id).where(_within(scope), PlanRow.queue.in_((Queue.NEW, Queue.LEARNING, Queue.REVIEW)))
    query = query.where(or_(PlanRow.buried_until.is_(None), PlanRow.buried_until <= now))
    return session.scalars(query.order_by(PlanRow.card_id).limit(limit)).all()


def _within(scope: Scope) -> ColumnElement[bool]:
    mine = PlanRow.learner_id == scope.learner_id
    return mine if scope.deck_ids is None else and_(mine, PlanRow.deck_id.in_(scope.deck_ids))


def _reviews(session: Session, these: ColumnElement[bool]) -> Sequence[Given]:
    undo = aliased(ReviewRow)
    query = select(ReviewRow.card_id, ReviewRow.grade, ReviewRow.duration).where(these, ReviewRow.grade.is_not(None))
    query = query.where(~select(undo.id).where(undo.undoes == ReviewRow.id).exists())
    return _given(session.execute(query.order_by(ReviewRow.at, ReviewRow.id)).all())


def _given(found: Sequence[Row[int, Grade | None, timedelta | None]]) -> Sequence[Given]:
    return [Given(card_id, grade, duration or timedelta(0)) for card_id, grade, duration in found if grade]
