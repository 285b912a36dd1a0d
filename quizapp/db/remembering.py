"""How the cards of a document are remembered, with the place of each in the text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from quizapp.db.notes import CardRow, NoteRow
from quizapp.db.plans import PlanRow, Queue
from quizapp.db.reviews import MemoryRow


@dataclass(frozen=True)
class QuotingCard:
    """A card with the place of its quote and what is known of its memory."""

    card_id: int
    deck_id: int
    start: int
    end: int
    is_asked: bool  # not suspended
    last_review: datetime | None  # None before the first answer
    stability: float | None  # days


def of_document(session: Session, learner_id: int, document_id: int) -> Sequence[QuotingCard]:
    """Return the learner's cards whose quotes the document says, in the order in which they were made."""
    memory = and_(MemoryRow.card_id == PlanRow.card_id, MemoryRow.learner_id == PlanRow.learner_id)
    placed = (PlanRow.card_id, PlanRow.deck_id, NoteRow.start, NoteRow.end, PlanRow.queue)
    query = select(*placed, MemoryRow.last_review, MemoryRow.stability).select_from(PlanRow)
    query = query.join(CardRow, CardRow.id == PlanRow.card_id).join(NoteRow, NoteRow.id == CardRow.note_id)
    query = query.outerjoin(MemoryRow, memory).where(PlanRow.learner_id == learner_id, PlanRow.queue != Queue.GONE)
    query = query.where(NoteRow.document_id == document_id, NoteRow.deleted_at.is_(None))
    query = query.where(NoteRow.quote_gone_at.is_(None))
    return [
        QuotingCard(card_id, deck_id, start, end, queue is not Queue.SUSPENDED, last_review, stability)
        for card_id, deck_id, start, end, queue, last_review, stability in session.execute(
            query.order_by(PlanRow.card_id)
        )
        if start is not None and end is not None
    ]
