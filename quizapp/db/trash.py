"""The trash, emptied: rows go together with all that hangs on them, by their foreign keys."""

from datetime import datetime

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from quizapp.db.decks import DeckRow
from quizapp.db.notes import NoteRow


def remove(session: Session, *, before: datetime) -> tuple[int, int]:
    """Remove the decks and notes deleted before that time; return how many decks and how many notes."""
    decks = select(DeckRow.id).where(DeckRow.deleted_at < before)
    gone = or_(NoteRow.deleted_at < before, NoteRow.deck_id.in_(decks))
    notes = session.scalars(select(func.count()).select_from(NoteRow).where(gone)).one()
    session.execute(delete(NoteRow).where(gone), execution_options={"synchronize_session": False})
    count = session.scalars(select(func.count()).select_from(DeckRow).where(DeckRow.deleted_at < before)).one()
    session.execute(
        delete(DeckRow).where(DeckRow.deleted_at < before), execution_options={"synchronize_session": False}
    )
    return count, notes
