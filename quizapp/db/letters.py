"""Letters that are to be sent, or were: written with what they are about, in one transaction."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, ForeignKey, Index, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db.base import Base
from quizapp.domain.letters import About


class LetterRow(Base):
    """A letter to one person.

    `available` is when it may be sent (again), or when the lease of who sends it ends; None once it is over.
    """

    __tablename__ = "letter"
    __table_args__ = (Index("ix_letter_available", "available"), Index("ix_letter_learner_id", "learner_id"))
    id: Mapped[UUID] = mapped_column(primary_key=True)
    learner_id: Mapped[int | None] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"))  # None: a stranger
    about: Mapped[About]
    once: Mapped[str | None] = mapped_column(unique=True)  # names what is told only once
    address: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]  # empty once it is sent: a link in it opens a door
    unsubscribe: Mapped[str | None]
    created: Mapped[datetime]
    available: Mapped[datetime | None]
    token: Mapped[UUID | None]  # of who sends it
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    problem: Mapped[str | None]  # why it was not sent


def add(session: Session, letter: LetterRow) -> None:
    """Store a letter."""
    session.add(letter)
    session.flush()


def is_written(session: Session, once: str) -> bool:
    """Say whether there is a letter by that name."""
    return session.scalars(select(LetterRow.id).where(LetterRow.once == once)).first() is not None


def was_sent(session: Session, about: About, address: str) -> bool:
    """Say whether a letter about that went out to an address."""
    query = select(LetterRow.id).where(LetterRow.address == address, LetterRow.about == about)
    return session.scalars(query.where(LetterRow.sent_at.is_not(None)).limit(1)).first() is not None


def first_available(session: Session, *, now: datetime) -> LetterRow | None:
    """Return the letter that has been there to be sent for longest, or None."""
    query = select(LetterRow).where(LetterRow.available <= now).order_by(LetterRow.available, LetterRow.id).limit(1)
    return session.scalars(query, execution_options={"populate_existing": True}).one_or_none()


def change_held(session: Session, letter_id: UUID, holder: UUID, /, **values: object) -> bool:
    """Change a letter for who holds this token; return False when somebody else does, or nobody."""
    statement = update(LetterRow).where(LetterRow.id == letter_id, LetterRow.token == holder).values(**values)
    done = session.execute(statement, execution_options={"synchronize_session": False})
    return cast("CursorResult[Any]", done).rowcount == 1


def remove(session: Session, *, before: datetime) -> None:
    """Remove the letters that are over and were written before that time."""
    session.execute(delete(LetterRow).where(LetterRow.available.is_(None), LetterRow.created < before))
