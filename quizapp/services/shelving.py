"""A text becomes a document of its own in the library, to be read and to be searched. Start from `store`."""

from quizapp.db import documents, searching
from quizapp.db.documents import DocumentRow
from quizapp.db.engine import Session
from quizapp.db.versions import Edition


def store(session: Session, owner_id: int, edition: Edition, *, deck_name: str, batch: str | None) -> DocumentRow:
    """Store a document that was not there; the deck gets that name when its first card is kept."""
    row = DocumentRow(
        owner_id=owner_id,
        title=edition.title,
        filename=edition.filename,
        url=edition.url,
        language=edition.language,
        text=edition.text,
        text_hash=edition.text_hash,
        words=edition.words,
        problems=edition.problems,
        deck_name=deck_name,
        batch=batch,
        added=edition.added,
    )
    documents.add(session, row, file=edition.file, size=edition.size, blocks=edition.blocks)
    searching.put(session, row, edition.text, edition.blocks)
    return row
