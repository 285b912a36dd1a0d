"""Pictures come with their document, and a card gets the one that its passage speaks of. Start from `illustrate`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quizapp.db import documents, drafts, notes, pictures
from quizapp.db.documents import DocumentRow
from quizapp.db.drafts import DraftRow
from quizapp.db.engine import Session
from quizapp.db.notes import NoteRow
from quizapp.domain.captions import Captions
from quizapp.domain.cards import Illustration
from quizapp.domain.documents import Document, Span


@dataclass(frozen=True)
class Illustrations:
    """The pictures of a document, and the passages that they belong to."""

    captions: Captions
    pictures: Sequence[Illustration]

    def beside(self, span: Span) -> int | None:
        """Return the id of the picture that a passage belongs to, if any."""
        number = self.captions.beside(span)
        return None if number is None else self.pictures[number].id


def illustrate(session: Session, row: DocumentRow) -> Illustrations:
    """Let drafts show the pictures that the document has beside their passages now, and return those.

    A draft whose passage is gone, and a note, go on showing what they show: as the document's own
    picture when it has that one.
    """
    shown = _illustrations(session, row)
    own = {one.name: one.id for one in shown.pictures}
    for draft in drafts.of_document(session, row.id):
        if draft.quote_gone_at is None:
            _show(session, draft, shown.beside(Span(draft.start, draft.end)))
        else:
            _show(session, draft, _same(session, draft, own))
    for note in notes.all_of_document(session, row.id):
        _show(session, note, _same(session, note, own))
    session.flush()
    return shown


def illustrate_again(session: Session, row: DocumentRow, document: Document) -> None:
    """Give a document of the same text its pictures as they are now, and its drafts those that belong to them.

    One that was given as a mere text loses none.
    """
    if document.pictures:
        pictures.put(session, row, pictures.store(session, document.pictures))
        illustrate(session, row)


def _illustrations(session: Session, row: DocumentRow) -> Illustrations:
    found = pictures.of_document(session, row.id)
    if not found:  # which spares reading the text
        return Illustrations(Captions("", (), ()), ())
    text, blocks = documents.text_of(session, row.id), documents.blocks(session, row.id)
    return Illustrations(Captions(text, blocks, found), found)


def _same(session: Session, row: DraftRow | NoteRow, own: Mapping[str, int]) -> int | None:
    """Return which picture a row shows; of a former one its document's own with the same file, if there is one."""
    shown = None if row.picture_id is None else pictures.get(session, row.picture_id)
    if shown is None or shown.document_id == row.document_id:
        return row.picture_id
    return own.get(shown.hash, shown.id)


def _show(session: Session, row: DraftRow | NoteRow, picture_id: int | None) -> None:
    if row.picture_id != picture_id:
        row.picture_id = picture_id
        session.flush()
        session.expire(row, ["picture"])
