"""Pictures come with their document, and a card gets the one that its passage speaks of. Start from `illustrate`."""

from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.db import drafts, pictures
from quizapp.db.documents import DocumentRow
from quizapp.db.engine import Session
from quizapp.domain.captions import Captions
from quizapp.domain.documents import Document, Span


@dataclass(frozen=True)
class Illustrations:
    """The pictures of a document, and the passages that they belong to."""

    captions: Captions
    ids: Sequence[int]

    def beside(self, span: Span) -> int | None:
        """Return the id of the picture that a passage belongs to, if any."""
        number = self.captions.beside(span)
        return None if number is None else self.ids[number]


WITHOUT = Illustrations(Captions("", (), ()), ())


def illustrate(session: Session, row: DocumentRow, document: Document) -> Illustrations:
    """Give a document the pictures that it was read with, in place of those that it had."""
    ids = pictures.put(session, row, document.pictures)
    return Illustrations(Captions(document.text, document.blocks, document.pictures), ids)


def illustrate_again(session: Session, row: DocumentRow, document: Document) -> None:
    """Give a document of the same text its pictures as they are now, and its drafts those that belong to them.

    One that was given as a mere text loses none.
    """
    if document.pictures:
        shown = illustrate(session, row, document)
        for draft in drafts.of_document(session, row.id):
            draft.picture_id = shown.beside(Span(draft.start, draft.end))
        session.flush()
