"""What learners did to cards besides grading them: only ever added, an undo too."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    Table,
    UniqueConstraint,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db import prepared
from quizapp.db.base import Base
from quizapp.domain.card_actions import CardAction
from quizapp.domain.scheduling import Grade, Memory, Override, Phase, ReviewEvent


class CardActionRow(Base):
    """Something that a learner did to a card, or (an undo) the word that one does not count; never changed."""

    __tablename__ = "card_action"
    __table_args__ = (
        UniqueConstraint("undoes"),
        CheckConstraint("(kind IS NULL) = (undoes IS NOT NULL)", name="kind_or_undo"),
        Index("ix_card_action_learner_id_at", "learner_id", "at"),
        Index("ix_card_action_card_id", "card_id", "learner_id"),
        Index("ix_card_action_session_id", "session_id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)  # made by the client, so that a retry counts once
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"))
    card_id: Mapped[int] = mapped_column(ForeignKey("card.id", ondelete="CASCADE"))
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("study_session.id", ondelete="SET NULL"))
    at: Mapped[datetime]
    kind: Mapped[CardAction | None]  # None is an undo
    undoes: Mapped[UUID | None]
    grade: Mapped[Grade | None]  # of practice
    duration: Mapped[timedelta | None]  # of practice
    shown: Mapped[int]  # how much of the card could be seen
    details: Mapped[dict[str, Any]] = mapped_column(JSON)  # what it changed, and how that had been before


_ACTIONS = cast(Table, CardActionRow.__table__)
_UNDO = _ACTIONS.alias("undo")
_IS_UNDONE = select(_UNDO.c.id).where(_UNDO.c.undoes == CardActionRow.id).exists()
_RESET = select(CardActionRow.id).where(
    CardActionRow.card_id == bindparam("card"),
    CardActionRow.learner_id == bindparam("learner"),
    CardActionRow.kind == CardAction.RESET,
)
OVERRIDES = {
    CardAction.KNOWN: Override.KNOWN,
    CardAction.RESET: Override.RESET,
    CardAction.GIVEN: Override.GIVEN,
}


def find(session: Session, action_id: UUID) -> CardActionRow | None:
    """Return what is stored under that id, or None."""
    return session.get(CardActionRow, action_id)


def add(session: Session, row: CardActionRow) -> None:
    """Store an action or an undo whose id is not stored yet."""
    session.add(row)
    session.flush()


def named(session: Session, action_ids: Sequence[UUID]) -> Sequence[CardActionRow]:
    """Return the actions of these ids, the oldest first."""
    return session.scalars(
        select(CardActionRow).where(CardActionRow.id.in_(action_ids)).order_by(CardActionRow.at)
    ).all()


def latest(
    session: Session, learner_id: int, *, since: datetime, until: datetime, session_id: UUID | None
) -> CardActionRow | None:
    """Return the learner's newest action within the times that is not undone; given a session, of that alone.

    What an import brought is undone with the import.
    """
    query = select(CardActionRow).where(CardActionRow.learner_id == learner_id, CardActionRow.kind != CardAction.GIVEN)
    query = query.where(CardActionRow.at.between(since, until), ~_IS_UNDONE)
    if session_id is not None:
        query = query.where(CardActionRow.session_id == session_id)
    return session.scalars(query.order_by(CardActionRow.at.desc(), CardActionRow.id.desc()).limit(1)).first()


def ids_of(session: Session, learner_id: int, card_ids: Sequence[int]) -> set[UUID]:
    """Return the ids of all that the learner said of these cards, without what was undone."""
    query = select(CardActionRow.id).where(CardActionRow.card_id.in_(card_ids), CardActionRow.learner_id == learner_id)
    return set(session.scalars(query.where(~_IS_UNDONE)))


def overrides(session: Session, *, card_id: int, learner_id: int) -> Sequence[ReviewEvent]:
    """Return what the learner said of the card's memory and undid of it, in no order, ready to be replayed."""
    query = _OF_MEMORY.where(CardActionRow.card_id == card_id, CardActionRow.learner_id == learner_id)
    return [as_event(row) for row in session.scalars(query).all()]


def was_reset(session: Session, *, card_id: int, learner_id: int) -> bool:
    """Say whether the learner ever reset the card, undone or not."""
    return prepared.first(session, _RESET, {"card": card_id, "learner": learner_id}) is not None


def overrides_between(session: Session, first: int, last: int) -> Sequence[CardActionRow]:
    """Return the same of all cards between the two, of all learners."""
    return session.scalars(_OF_MEMORY.where(CardActionRow.card_id.between(first, last))).all()


def overrides_of(session: Session, card_ids: Sequence[int], learner_id: int) -> Sequence[CardActionRow]:
    """Return the same of the learner's memory of these cards."""
    return session.scalars(_OF_CARDS, {"cards": card_ids, "learner": learner_id}).all()


def count_overrides(session: Session, learner_id: int) -> Mapping[int, int]:
    """Return how many of them each card of the learner has."""
    query = _OF_MEMORY.with_only_columns(CardActionRow.card_id, func.count())
    query = query.where(CardActionRow.learner_id == learner_id).group_by(CardActionRow.card_id)
    return dict(session.execute(query).all())


def counts_of(session: Session, card_ids: Sequence[int], learner_id: int) -> Mapping[int, int]:
    """Return how many of them each of these cards has; none is left out."""
    return dict(prepared.rows(session, _COUNTS_OF, {"cards": list(card_ids), "learner": learner_id}))


def of_card(session: Session, *, card_id: int, learner_id: int) -> Sequence[CardActionRow]:
    """Return all that the learner did to the card, the oldest first."""
    query = select(CardActionRow).where(CardActionRow.card_id == card_id, CardActionRow.learner_id == learner_id)
    return session.scalars(query.order_by(CardActionRow.at, CardActionRow.id)).all()


def as_event(row: CardActionRow) -> ReviewEvent:
    """Return what a row means for memory; it must be an override or the undo of one."""
    override = None if row.kind is None else OVERRIDES[row.kind]
    given = _memory(row.details) if override is Override.GIVEN else None
    return ReviewEvent(row.id, row.at, None, row.undoes, override, given=given)


def given_details(memory: Memory) -> dict[str, Any]:
    """Return what the row of a memory that was taken over holds of it."""
    return {
        **vars(memory),
        "phase": memory.phase.value,
        "due": memory.due.isoformat(),
        "last_review": memory.last_review.isoformat(),
        "interval": memory.interval // timedelta(microseconds=1),
    }


def _memory(details: Mapping[str, Any]) -> Memory:
    return Memory(
        **{
            **details,
            "phase": Phase(details["phase"]),
            "due": datetime.fromisoformat(details["due"]),
            "last_review": datetime.fromisoformat(details["last_review"]),
            "interval": timedelta(microseconds=details["interval"]),
        }
    )


_TARGET = _ACTIONS.alias("target").c
_IS_UNDO = select(_TARGET.id).where(_TARGET.id == CardActionRow.undoes, _TARGET.kind.in_(OVERRIDES)).exists()
_OF_MEMORY = select(CardActionRow).where(or_(CardActionRow.kind.in_(OVERRIDES), _IS_UNDO))  # overrides and their undos
_OF_CARDS = _OF_MEMORY.where(
    CardActionRow.card_id.in_(bindparam("cards", expanding=True)), CardActionRow.learner_id == bindparam("learner")
)
_COUNTS_OF = _OF_CARDS.with_only_columns(CardActionRow.card_id, func.count()).group_by(CardActionRow.card_id)
