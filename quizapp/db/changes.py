"""What a new version of a document asks about cards that were made from it: shall they follow, or stay."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import Enum

from sqlalchemy import ForeignKey, Index, Select, bindparam, delete, func, select
from sqlalchemy.orm import Mapped, Session, contains_eager, mapped_column, relationship

from quizapp.db import prepared
from quizapp.db.base import Base, OwnerKey, PrimaryKey
from quizapp.db.decks import DeckRow
from quizapp.db.notes import NoteRow
from quizapp.db.versions import LAST


class ChangeKind(Enum):
    """What may be wrong with a card now."""

    ANSWER = "answer"  # its passage says something else
    GONE = "gone"  # its passage is not in the document any more


class ChangeDecision(Enum):
    """What a person decided; None, where used, means not yet."""

    TAKEN = "taken"
    LEFT = "left"


class DocumentChangeRow(Base):
    """A question to the person about one card.

    The wording is the one that the card does not have: what is proposed and, once that
    is taken over, what the card said before. So taking over and undoing are an exchange.
    """

    __tablename__ = "document_change"
    __table_args__ = (Index(None, "document_id", "decision"),)
    id: Mapped[PrimaryKey]
    owner_id: Mapped[OwnerKey]
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"))
    number: Mapped[int]  # of the version that was replaced when it arose
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"), index=True)
    kind: Mapped[ChangeKind]
    former_quote: Mapped[str]
    question: Mapped[str | None]  # None: nothing is proposed
    answer: Mapped[str | None]
    choices: Mapped[tuple[str, ...] | None]
    explanation: Mapped[str | None]
    decision: Mapped[ChangeDecision | None]
    decided_at: Mapped[datetime | None]
    note_version: Mapped[int | None]  # of the note, when it was decided

    note: Mapped[NoteRow] = relationship(lazy="raise")


def get(session: Session, change_id: int) -> DocumentChangeRow | None:
    """Return a change with its note, deck and document, or None."""
    return session.scalars(_with_note().where(DocumentChangeRow.id == change_id)).one_or_none()


def of_document(session: Session, document_id: int, number: int, *, limit: int) -> Sequence[DocumentChangeRow]:
    """Return what is undecided of a document, and what arose with that version, whose cards are living."""
    query = _with_note().where(DocumentChangeRow.document_id == document_id)
    query = query.where(NoteRow.deleted_at.is_(None), DeckRow.deleted_at.is_(None))
    query = query.where(DocumentChangeRow.decision.is_(None) | (DocumentChangeRow.number == number))
    return session.scalars(query.order_by(NoteRow.start, DocumentChangeRow.id).limit(limit)).all()


_WAITING = (
    select(func.count())
    .select_from(DocumentChangeRow)
    .join(NoteRow, NoteRow.id == DocumentChangeRow.note_id)
    .join(DeckRow, DeckRow.id == NoteRow.deck_id)
    .where(DocumentChangeRow.document_id == bindparam("document"), DocumentChangeRow.decision.is_(None))
    .where(NoteRow.deleted_at.is_(None), DeckRow.deleted_at.is_(None))
)


_OUTLOOK = select(LAST.scalar_subquery(), _WAITING.scalar_subquery())


def outlook(session: Session, document_id: int) -> tuple[int, int]:
    """Return the number of a document's version, 1 for the first, and how many living cards of it wait for a decision."""
    former, count = prepared.rows(session, _OUTLOOK, {"document": document_id})[0]
    return 1 + (former or 0), count


def waiting(session: Session, document_id: int) -> int:
    """Return how many living cards of a document wait for a decision."""
    return prepared.scalar(session, _WAITING, {"document": document_id}) or 0


def undecided(session: Session, document_id: int) -> Sequence[DocumentChangeRow]:
    """Return what is undecided of a document, whether its cards are living or not."""
    query = select(DocumentChangeRow).where(DocumentChangeRow.document_id == document_id)
    return session.scalars(query.where(DocumentChangeRow.decision.is_(None)).order_by(DocumentChangeRow.id)).all()


def decided(session: Session, document_id: int, decision: ChangeDecision, *, since: int) -> Sequence[DocumentChangeRow]:
    """Return what was decided so of what arose with that version or a later one, with the notes, the oldest first."""
    query = _with_note().where(DocumentChangeRow.document_id == document_id, DocumentChangeRow.number >= since)
    return session.scalars(query.where(DocumentChangeRow.decision == decision).order_by(DocumentChangeRow.id)).all()


def arisen(session: Session, document_id: int) -> Collection[tuple[int, int]]:
    """Return of which notes of a document something was asked, decided or not, each with the number of the version."""
    query = select(DocumentChangeRow.note_id, DocumentChangeRow.number)
    return {
        (note, number) for note, number in session.execute(query.where(DocumentChangeRow.document_id == document_id))
    }


def forget_undecided(session: Session, note_ids: Sequence[int]) -> None:
    """Remove what has not been decided about these notes: the document has gone on."""
    undecided = DocumentChangeRow.note_id.in_(note_ids), DocumentChangeRow.decision.is_(None)
    session.execute(delete(DocumentChangeRow).where(*undecided), execution_options={"synchronize_session": False})


def _with_note() -> Select[DocumentChangeRow]:
    query = select(DocumentChangeRow).join(DocumentChangeRow.note).join(NoteRow.deck).outerjoin(NoteRow.document)
    note = contains_eager(DocumentChangeRow.note)
    return query.options(note.contains_eager(NoteRow.deck), note.contains_eager(NoteRow.document))
