"""Sittings of study with an end: some minutes, some cards, cards ahead of their time, or practice."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db.base import Base, OwnerKey
from quizapp.domain.sessions import Mode


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
