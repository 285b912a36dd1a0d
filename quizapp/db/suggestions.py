"""What people of a team would change in its cards, and what became of that."""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum

from sqlalchemy import ForeignKey, Index, bindparam, func, select
from sqlalchemy.orm import Mapped, Session, contains_eager, mapped_column, relationship

from quizapp.db import prepared
from quizapp.db.base import Base, OwnerKey, PrimaryKey
from quizapp.db.decks import DeckRow
from quizapp.db.notes import NoteRow


class Verdict(Enum):
    """What became of a suggestion."""

    ACCEPTED = "accepted"
    CHANGED = "changed"  # accepted in other words
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class SuggestionRow(Base):
    """Another wording for a note, and why; `owner_id` is the library of the note."""

    __tablename__ = "suggestion"
    __table_args__ = (
        Index("ix_suggestion_owner_id", "owner_id", "verdict", "id"),
        Index("ix_suggestion_person_id", "person_id", "id"),
        Index("ix_suggestion_note_id", "note_id"),
    )
    id: Mapped[PrimaryKey]
    owner_id: Mapped[OwnerKey]
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"))
    note_version: Mapped[int]  # that it was written about
    question: Mapped[str]
    answer: Mapped[str]
    choices: Mapped[tuple[str, ...]]
    explanation: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]
    verdict: Mapped[Verdict | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("learner.id", ondelete="SET NULL"))
    word: Mapped[str]  # to who suggested it
    became_version: Mapped[int | None]  # of the note, once it was accepted

    note: Mapped[NoteRow] = relationship(lazy="raise")


_WAITING = (
    select(func.count())
    .select_from(SuggestionRow)
    .join(NoteRow, NoteRow.id == SuggestionRow.note_id)
    .join(DeckRow, DeckRow.id == NoteRow.deck_id)
    .where(SuggestionRow.owner_id == bindparam("owner"), SuggestionRow.verdict.is_(None))
    .where(NoteRow.deleted_at.is_(None), DeckRow.deleted_at.is_(None))
)


def get(session: Session, suggestion_id: int) -> SuggestionRow | None:
    """Return a suggestion with its note and deck, or None."""
    query = select(SuggestionRow).join(SuggestionRow.note).join(NoteRow.deck)
    query = query.options(contains_eager(SuggestionRow.note).contains_eager(NoteRow.deck))
    return session.scalars(query.where(SuggestionRow.id == suggestion_id)).one_or_none()


def waiting(session: Session, library_id: int, *, limit: int) -> Sequence[SuggestionRow]:
    """Return the suggestions to a library that nobody has decided on, the oldest first, with note and deck."""
    query = select(SuggestionRow).join(SuggestionRow.note).join(NoteRow.deck)
    query = query.options(contains_eager(SuggestionRow.note).contains_eager(NoteRow.deck))
    query = query.where(SuggestionRow.owner_id == library_id, SuggestionRow.verdict.is_(None))
    query = query.where(NoteRow.deleted_at.is_(None), DeckRow.deleted_at.is_(None))
    return session.scalars(query.order_by(SuggestionRow.id).limit(limit)).all()


def count_waiting(session: Session, library_id: int) -> int:
    """Return how many suggestions to a library wait."""
    return prepared.scalar(session, _WAITING, {"owner": library_id}) or 0


def of_person(session: Session, library_id: int, person_id: int, *, limit: int) -> Sequence[SuggestionRow]:
    """Return what a person suggested to a library, the newest first, with note and deck."""
    query = select(SuggestionRow).join(SuggestionRow.note).join(NoteRow.deck)
    query = query.options(contains_eager(SuggestionRow.note).contains_eager(NoteRow.deck))
    query = query.where(SuggestionRow.owner_id == library_id, SuggestionRow.person_id == person_id)
    return session.scalars(query.order_by(SuggestionRow.id.desc()).limit(limit)).all()
