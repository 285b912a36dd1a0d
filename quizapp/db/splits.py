"""Notes that were made into two, with what they said before, to take that back."""

from datetime import datetime

from sqlalchemy import ForeignKey, false
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db.base import Base, OwnerKey, PrimaryKey


class SplitRow(Base):
    """A note, the other one that was made of it, and its former wording."""

    __tablename__ = "split"
    id: Mapped[PrimaryKey]
    owner_id: Mapped[OwnerKey]
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"), index=True)
    question: Mapped[str]
    answer: Mapped[str]
    choices: Mapped[tuple[str, ...]]
    explanation: Mapped[str]
    note_version: Mapped[int]  # of the note once it was split
    at: Mapped[datetime]
    was_hard: Mapped[bool] = mapped_column(server_default=false())  # tagged as a leech until then
    was_suspended: Mapped[bool] = mapped_column(server_default=false())


def get(session: Session, split_id: int) -> SplitRow | None:
    """Return a split, or None."""
    return session.get(SplitRow, split_id)
