"""What was done to many cards at once, with what it takes to undo it, and the changes themselves.

Ids come in any number: statements are given them in pieces that every database takes.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar, cast
from uuid import UUID, uuid5

from sqlalchemy import JSON, ColumnElement, Table, delete, select, update
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from quizapp.db import plans
from quizapp.db.base import Base, OwnerKey
from quizapp.db.card_actions import CardActionRow
from quizapp.db.notes import CardRow, NoteRow, NoteTagRow, TagRow, parts
from quizapp.db.plans import PlanRow
from quizapp.db.reviews import MemoryRow
from quizapp.domain.card_actions import CardAction

Value = TypeVar("Value")


class BulkKind(Enum):
    """What can be done to many cards."""

    MOVE = "move"
    TAG = "tag"
    UNTAG = "untag"
    SUSPEND = "suspend"
    RESUME = "resume"
    FLAG = "flag"
    RESET = "reset"
    DELETE = "delete"


class BulkStepRow(Base):
    """Something that was done to many cards at once."""

    __tablename__ = "bulk_step"
    id: Mapped[UUID] = mapped_column(primary_key=True)  # made by the client, so that a double click does it once
    owner_id: Mapped[OwnerKey]
    kind: Mapped[BulkKind]
    at: Mapped[datetime] = mapped_column(index=True)
    cards: Mapped[int]  # that it changed
    details: Mapped[dict[str, Any]] = mapped_column(JSON)  # what became of which, and how that had been before
    undone_at: Mapped[datetime | None]


_CARDS, _NOTES = cast(Table, CardRow.__table__), cast(Table, NoteRow.__table__)
_PLANS, _MEMORIES = cast(Table, PlanRow.__table__), cast(Table, MemoryRow.__table__)
_NOTE_TAGS, _TAGS = cast(Table, NoteTagRow.__table__), cast(Table, TagRow.__table__)


def get(session: Session, step_id: UUID) -> BulkStepRow | None:
    """Return a step, or None."""
    return session.get(BulkStepRow, step_id)


def add(session: Session, row: BulkStepRow) -> None:
    """Store a step whose id is not stored yet."""
    session.add(row)
    session.flush()


def remove(session: Session, *, before: datetime) -> None:
    """Remove what was done before that time; what it did stays."""
    session.execute(
        delete(BulkStepRow).where(BulkStepRow.at < before), execution_options={"synchronize_session": False}
    )


def owned(session: Session, owner_id: int, card_ids: Sequence[int]) -> Sequence[int]:
    """Return those of the cards that belong to the owner."""
    query = select(_CARDS.c.id).where(_CARDS.c.owner_id == owner_id)
    return [card for part in parts(card_ids) for card in session.scalars(query.where(_CARDS.c.id.in_(part)))]


def notes_of(session: Session, card_ids: Sequence[int]) -> Sequence[int]:
    """Return the notes of the cards, each once, in order."""
    query = select(_CARDS.c.note_id).distinct()
    return sorted({note for part in parts(card_ids) for note in session.scalars(query.where(_CARDS.c.id.in_(part)))})


def cards_asked_by(session: Session, note_ids: Sequence[int]) -> int:
    """Return how many cards the notes ask."""
    query = select(_CARDS.c.id).where(_CARDS.c.removed_at.is_(None))
    return sum(len(session.scalars(query.where(_CARDS.c.note_id.in_(part))).all()) for part in parts(note_ids))


def decks_of(session: Session, note_ids: Sequence[int]) -> Mapping[int, Sequence[int]]:
    """Return the living notes by the decks they are in."""
    query = select(_NOTES.c.deck_id, _NOTES.c.id).where(_NOTES.c.deleted_at.is_(None))
    return _grouped(session, query, _NOTES.c.id, note_ids)


def move(session: Session, note_ids: Sequence[int], deck_id: int) -> None:
    """Put notes into a deck, with their schedules."""
    for part in parts(note_ids):
        session.execute(update(_NOTES).where(_NOTES.c.id.in_(part)).values(deck_id=deck_id))
        plans.settle_notes(session, part)


def tagged(session: Session, note_ids: Sequence[int]) -> Mapping[str, Sequence[int]]:
    """Return those of the notes that have tags, by tag."""
    query = select(_TAGS.c.name, _NOTE_TAGS.c.note_id).join(_TAGS, _TAGS.c.id == _NOTE_TAGS.c.tag_id)
    return _grouped(session, query, _NOTE_TAGS.c.note_id, note_ids)


def delete_or_restore(session: Session, note_ids: Sequence[int], deleted_at: datetime | None) -> None:
    """Move notes to the trash at that time, or with None take them out."""
    for part in parts(note_ids):
        session.execute(update(_NOTES).where(_NOTES.c.id.in_(part)).values(deleted_at=deleted_at))
        plans.settle_notes(session, part)


def living(session: Session, note_ids: Sequence[int], deleted_at: datetime | None) -> Sequence[int]:
    """Return those of the notes that are not in the trash, or that went there at that very time."""
    state = _NOTES.c.deleted_at.is_(None) if deleted_at is None else _NOTES.c.deleted_at == deleted_at
    query = select(_NOTES.c.id).where(state)
    return [note for part in parts(note_ids) for note in session.scalars(query.where(_NOTES.c.id.in_(part)))]


def suspended(session: Session, learner_id: int, card_ids: Sequence[int]) -> Mapping[bool, Sequence[int]]:
    """Return the cards by whether they are set aside."""
    return _grouped(session, _of(learner_id, _PLANS.c.suspended), _PLANS.c.card_id, card_ids)


def suspend(session: Session, learner_id: int, card_ids: Sequence[int], *, suspended: bool) -> None:
    """Set cards aside, or take them back."""
    for part in parts(card_ids):
        session.execute(update(_PLANS).where(*_these(learner_id, part)).values(suspended=suspended))
        plans.settle_cards(session, part)


def flags(session: Session, learner_id: int, card_ids: Sequence[int]) -> Mapping[int, Sequence[int]]:
    """Return the cards by their flags."""
    return _grouped(session, _of(learner_id, _PLANS.c.flag), _PLANS.c.card_id, card_ids)


def flag(session: Session, learner_id: int, card_ids: Sequence[int], number: int) -> None:
    """Put a flag on cards, or with 0 take it off."""
    for part in parts(card_ids):
        session.execute(update(_PLANS).where(*_these(learner_id, part)).values(flag=number))


def seen(session: Session, learner_id: int, card_ids: Sequence[int]) -> Sequence[int]:
    """Return those of the cards that are remembered."""
    query = select(_MEMORIES.c.card_id).where(_MEMORIES.c.learner_id == learner_id)
    return [card for part in parts(card_ids) for card in session.scalars(query.where(_MEMORIES.c.card_id.in_(part)))]


def not_undone(session: Session, action_ids: Sequence[UUID]) -> Sequence[CardActionRow]:
    """Return those of the actions of cards that are there and were not undone one by one."""
    undo = aliased(CardActionRow)
    query = select(CardActionRow).where(~select(undo.id).where(undo.undoes == CardActionRow.id).exists())
    return [row for part in parts(action_ids) for row in session.scalars(query.where(CardActionRow.id.in_(part)))]


def act(
    session: Session,
    learner_id: int,
    step_id: UUID,
    kind: CardAction,
    details: Mapping[int, dict[str, Any]],
    at: datetime,
) -> None:
    """Let the history of each card say what a step did to it."""
    for part in parts(list(details)):
        session.add_all(
            CardActionRow(
                id=action_id(step_id, card_id),
                learner_id=learner_id,
                card_id=card_id,
                at=at,
                kind=kind,
                shown=0,
                details=details[card_id],
            )
            for card_id in part
        )
        session.flush()


def take_back(session: Session, step_id: UUID, card_ids: Sequence[int], at: datetime) -> None:
    """Let the history of each card say that what a step did to it was taken back."""
    for row in not_undone(session, [action_id(step_id, card_id) for card_id in card_ids]):
        session.add(
            CardActionRow(
                id=uuid5(row.id, "undone"),
                learner_id=row.learner_id,
                card_id=row.card_id,
                at=max(at, row.at),
                undoes=row.id,
                shown=0,
                details={},
            )
        )
    session.flush()


def action_id(step_id: UUID, card_id: int) -> UUID:
    """Return the id of what a step did to a card, the same each time."""
    return uuid5(step_id, str(card_id))


def _of(learner_id: int, column: ColumnElement[Any]) -> Any:
    return select(column, _PLANS.c.card_id).where(_PLANS.c.learner_id == learner_id)


def _these(learner_id: int, card_ids: Sequence[int]) -> tuple[ColumnElement[bool], ...]:
    return (_PLANS.c.card_id.in_(card_ids), _PLANS.c.learner_id == learner_id)


def _grouped(session: Session, query: Any, column: ColumnElement[int], ids: Sequence[int]) -> dict[Any, list[int]]:
    """Run a query that gives pairs of a value and an id for those of the ids that it is about."""
    found: dict[Any, list[int]] = {}
    for part in parts(ids):
        for value, one in session.execute(query.where(column.in_(part)).order_by(column)):
            found.setdefault(value, []).append(one)
    return found
