"""The trash: what is in it, and its end. Rows go together with all that hangs on them, by their foreign keys."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from quizapp.db import pictures
from quizapp.db.base import Base
from quizapp.db.decks import DeckRow
from quizapp.db.documents import DocumentRow
from quizapp.db.drafts import DraftRow
from quizapp.db.notes import NoteRow
from quizapp.db.quizzes import QuestionRow, QuizRow


def documents(session: Session, owner_id: int, *, limit: int) -> Sequence[DocumentRow]:
    """Return the owner's documents in the trash, those deleted last first."""
    query = select(DocumentRow).where(DocumentRow.owner_id == owner_id, DocumentRow.deleted_at.is_not(None))
    return session.scalars(query.order_by(DocumentRow.deleted_at.desc(), DocumentRow.id).limit(limit)).all()


def decks(session: Session, owner_id: int, *, limit: int) -> Sequence[DeckRow]:
    """Return the owner's decks in the trash, those deleted last first, a deck before its subdecks."""
    query = select(DeckRow).where(DeckRow.owner_id == owner_id, DeckRow.deleted_at.is_not(None))
    return session.scalars(query.order_by(DeckRow.deleted_at.desc(), DeckRow.name_key).limit(limit)).all()


def notes(session: Session, owner_id: int, *, limit: int) -> Sequence[NoteRow]:
    """Return the owner's notes that were deleted by themselves, not with their document, with their decks."""
    with_its_document = DocumentRow.deleted_at == NoteRow.deleted_at
    query = select(NoteRow).join(NoteRow.deck).outerjoin(NoteRow.document).options(contains_eager(NoteRow.deck))
    query = query.where(NoteRow.owner_id == owner_id, NoteRow.deleted_at.is_not(None))
    query = query.where(or_(DocumentRow.deleted_at.is_(None), ~with_its_document))
    return session.scalars(query.order_by(NoteRow.deleted_at.desc(), NoteRow.id).limit(limit)).all()


def quizzes(session: Session, owner_id: int, *, limit: int) -> Sequence[QuizRow]:
    """Return the owner's quizzes in the trash, those deleted last first."""
    query = select(QuizRow).where(QuizRow.owner_id == owner_id, QuizRow.deleted_at.is_not(None))
    return session.scalars(query.order_by(QuizRow.deleted_at.desc(), QuizRow.id).limit(limit)).all()


def notes_with_documents(session: Session, document_ids: Sequence[int]) -> Mapping[int, int]:
    """Return, by document id, how many notes were deleted together with it."""
    query = select(NoteRow.document_id, func.count()).join(NoteRow.document)
    query = query.where(NoteRow.document_id.in_(document_ids), NoteRow.deleted_at == DocumentRow.deleted_at)
    rows = session.execute(query.group_by(NoteRow.document_id)).all()
    return {document: notes for document, notes in rows if document is not None}


def notes_in_decks(session: Session, deck_ids: Sequence[int]) -> Mapping[int, int]:
    """Return, by deck id, how many of its notes were not deleted before it."""
    query = select(NoteRow.deck_id, func.count()).where(NoteRow.deck_id.in_(deck_ids), NoteRow.deleted_at.is_(None))
    return dict(session.execute(query.group_by(NoteRow.deck_id)).all())


def remove(session: Session, *, before: datetime) -> tuple[int, int, int]:
    """Remove what was deleted before that time; return how many decks, notes and documents.

    Drafts, passages and the row of the original go with their document; notes made from it stay, with their pictures.
    """
    gone_decks = DeckRow.deleted_at < before
    gone_notes = or_(NoteRow.deleted_at < before, NoteRow.deck_id.in_(select(DeckRow.id).where(gone_decks)))
    notes = _removed(session, NoteRow, gone_notes)
    decks = _removed(session, DeckRow, gone_decks)
    documents = _removed(session, DocumentRow, DocumentRow.deleted_at < before)
    pictures.remove_unseen(session, (NoteRow, DraftRow, QuestionRow))
    return decks, notes, documents


def _removed(session: Session, rows: type[Base], gone: ColumnElement[bool]) -> int:
    count = session.scalars(select(func.count()).select_from(rows).where(gone)).one()
    session.execute(delete(rows).where(gone), execution_options={"synchronize_session": False})
    return count
