"""All that is shown of a card while it is studied. Start from `to_study`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, Table, and_, bindparam, case, select
from sqlalchemy.orm import Session

from quizapp.db import prepared
from quizapp.db.decks import DeckRow
from quizapp.db.documents import DocumentRow
from quizapp.db.notes import CardRow, NoteRow
from quizapp.db.pictures import PictureRow
from quizapp.db.plans import REMEMBERED, PlanRow, Queue, remembered
from quizapp.db.reviews import MemoryRow
from quizapp.domain.cards import Illustration, Note, Source
from quizapp.domain.scheduling import Memory

_CARDS, _NOTES = cast(Table, CardRow.__table__), cast(Table, NoteRow.__table__)
_PLANS, _MEMORIES = cast(Table, PlanRow.__table__), cast(Table, MemoryRow.__table__)
_DECKS, _DOCUMENTS = cast(Table, DeckRow.__table__), cast(Table, DocumentRow.__table__)
_PICTURES = cast(Table, PictureRow.__table__)
_PLAN, _CARD, _NOTE, _MEMORY, _PICTURE = _PLANS.c, _CARDS.c, _NOTES.c, _MEMORIES.c, _PICTURES.c


@dataclass(frozen=True)
class CardToStudy:
    """All that is shown of a card while it is studied."""

    owner_id: int
    ordinal: int
    queue: Queue
    note_id: int
    note: Note
    note_version: int
    deck_id: int
    deck_name: str
    document_id: int | None
    document_title: str | None
    language: str | None  # of the document, an ISO 639-1 code or "und"
    typed_note: bool | None  # whether its answers are typed; None: as the deck has it
    typed_deck: bool | None
    illustration: Illustration | None
    flag: int
    buried_until: datetime | None
    memory: Memory | None


_SHOWN = [
    column.label(f"picture_{column.name}")
    for column in (
        _PICTURE.id,
        _PICTURE.hash,
        _PICTURE.alt,
        _PICTURE.width,
        _PICTURE.height,
        _PICTURE.media_type,
        _PICTURE.start,
    )
]
_CAN_BE_SEEN = and_(_DOCUMENTS.c.deleted_at.is_(None), _NOTE.quote_gone_at.is_(None))
_TO_STUDY = (
    select(
        _CARD.owner_id,
        _CARD.ordinal,
        _CARD.note_id,
        _NOTE.kind,
        _NOTE.question,
        _NOTE.answer,
        _NOTE.choices,
        _NOTE.explanation,
        _NOTE.version,
        case((_CAN_BE_SEEN, _NOTE.document_id)).label("document_id"),  # to be opened
        _NOTE.quote,
        _NOTE.start,
        _NOTE.end,
        _NOTE.speaker,
        _NOTE.heading,
        _NOTE.page,
        _NOTE.columns,
        *_SHOWN,
        _NOTE.deck_id,
        _DECKS.c.name.label("deck_name"),
        _NOTE.typed.label("typed_note"),
        _DECKS.c.typed.label("typed_deck"),
        _DOCUMENTS.c.title.label("document_title"),
        _DOCUMENTS.c.language,
        _PLAN.queue,
        _PLAN.flag,
        _PLAN.buried_until,
        *REMEMBERED,
    )
    .select_from(_CARDS)
    .join(_PLANS, and_(_PLAN.card_id == _CARD.id, _PLAN.learner_id == bindparam("learner")))
    .join(_NOTES, _NOTE.id == _CARD.note_id)
    .join(_DECKS, _DECKS.c.id == _NOTE.deck_id)
    .outerjoin(_DOCUMENTS, _DOCUMENTS.c.id == _NOTE.document_id)
    .outerjoin(_PICTURES, _PICTURE.id == _NOTE.picture_id)
    .outerjoin(_MEMORIES, and_(_MEMORY.card_id == _CARD.id, _MEMORY.learner_id == bindparam("learner")))
    .where(_CARD.id == bindparam("card"))
)


def to_study(session: Session, *, card_id: int, learner_id: int) -> CardToStudy | None:
    """Return all that is shown of a card, or None when it does not exist for the learner."""
    row = prepared.first(session, _TO_STUDY, {"card": card_id, "learner": learner_id})
    if row is None:
        return None
    source = None
    if row.quote is not None:
        source = Source(row.quote, row.start, row.end, row.speaker, row.heading, row.page, row.columns or ())
    return CardToStudy(
        owner_id=row.owner_id,
        ordinal=row.ordinal,
        queue=row.queue,
        note_id=row.note_id,
        note=Note(row.kind, row.question, row.answer, row.choices, row.explanation, source),
        note_version=row.version,
        deck_id=row.deck_id,
        deck_name=row.deck_name,
        document_id=row.document_id,
        document_title=row.document_title,
        language=row.language,
        typed_note=row.typed_note,
        typed_deck=row.typed_deck,
        illustration=_illustration(row),
        flag=row.flag,
        buried_until=row.buried_until,
        memory=remembered(row[-len(REMEMBERED) :]),
    )


def _illustration(row: Row[Any]) -> Illustration | None:
    if row.picture_id is None:
        return None
    return Illustration(*(getattr(row, column.name) for column in _SHOWN))
