"""Which passages of documents have cards: counted in the database, without a text."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Select, and_, bindparam, case, func, select
from sqlalchemy.orm import Session, aliased

from quizapp.db import prepared
from quizapp.db.decks import DeckRow
from quizapp.db.documents import PassageRow
from quizapp.db.notes import NoteRow
from quizapp.domain.coverage import SAYING, Coverage


def of_documents(session: Session, document_ids: Sequence[int]) -> Mapping[int, Coverage]:
    """Return by document id which passages the quotes of living notes touch."""
    asked, numbers = {"documents": list(document_ids)}, dict[int, list[int]]()
    for document_id, number in prepared.rows(session, _COVERED, asked):
        numbers.setdefault(document_id, []).append(number)
    rows = prepared.rows(session, _PASSAGES, asked)
    return {
        document_id: Coverage(blocks, passages, tuple(numbers.get(document_id, ())))
        for document_id, blocks, passages in rows
    }


def _covered() -> Select[int, int]:
    """Pair documents with the passages that their notes quote.

    The passage in which a quote begins is the last that begins no later; from there to the end of the
    quote an index is followed, so that no note is compared with every passage of its document. Many notes
    quote the same sentence, and it is looked up once.
    """
    quotes = (
        select(NoteRow.document_id, NoteRow.start, NoteRow.end)
        .distinct()
        .join(DeckRow, DeckRow.id == NoteRow.deck_id)
        .where(NoteRow.document_id.in_(bindparam("documents", expanding=True)))
        .where(NoteRow.deleted_at.is_(None), DeckRow.deleted_at.is_(None))
        .subquery()
    )
    quote, before = quotes.c, aliased(PassageRow)
    first = (
        select(func.max(before.start))
        .where(before.document_id == quote.document_id, before.start <= quote.start)
        .scalar_subquery()
    )
    touched = (
        PassageRow.document_id == quote.document_id,
        PassageRow.start >= first,
        PassageRow.start < quote.end,
        PassageRow.end > quote.start,
        PassageRow.kind.in_(SAYING),
    )
    query = select(PassageRow.document_id, PassageRow.number).distinct().select_from(quotes)
    return query.join(PassageRow, and_(*touched)).order_by(PassageRow.document_id, PassageRow.number)


_COVERED = _covered()
_PASSAGES = (
    select(PassageRow.document_id, func.count(), func.sum(case((PassageRow.kind.in_(SAYING), 1), else_=0)))
    .where(PassageRow.document_id.in_(bindparam("documents", expanding=True)))
    .group_by(PassageRow.document_id)
)
