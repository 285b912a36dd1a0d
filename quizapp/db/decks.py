"""Decks; they nest by name, as in Anki: "A::B" is the deck B inside A."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, cast

from sqlalchemy import ColumnElement, Index, Integer, Table, and_, bindparam, func, or_, select, text
from sqlalchemy.orm import Mapped, Session

from quizapp.db import prepared
from quizapp.db.base import Base, OwnerKey, PrimaryKey, trash_index
from quizapp.domain import deck_names


class DeckRow(Base):
    """A named place for notes; `deleted_at` is set while it is in the trash."""

    __tablename__ = "deck"
    id: Mapped[PrimaryKey]
    owner_id: Mapped[OwnerKey]
    name: Mapped[str]
    name_key: Mapped[str]  # the name as it is compared: "biology" is "Biology"
    created: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    typed: Mapped[bool | None]  # whether answers to its cards are typed; None: shown

    # Decks in the trash keep their names, and may share them.
    __table_args__ = (
        Index(
            "uq_deck_owner_id_name_key",
            "owner_id",
            "name_key",
            unique=True,
            sqlite_where=text("deleted_at IS NULL"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
        trash_index("deck"),
    )


class Named(NamedTuple):
    """A deck as lists have it."""

    id: int
    owner_id: int
    name: str
    name_key: str


_DECKS = cast(Table, DeckRow.__table__)
_NAMES = select(_DECKS.c.id, _DECKS.c.name).where(
    _DECKS.c.owner_id == bindparam("owner"), _DECKS.c.deleted_at.is_(None)
)
_BY_NAME = (
    select(*(_DECKS.c[name] for name in Named._fields))
    .where(_DECKS.c.owner_id == bindparam("owner"), _DECKS.c.deleted_at.is_(None))
    .order_by(_DECKS.c.name_key)
)


_SHOWN = select(*(_DECKS.c[name] for name in Named._fields)).where(_DECKS.c.deleted_at.is_(None))
_ONE = _SHOWN.where(_DECKS.c.id == bindparam("deck"))
_FAMILY = _SHOWN.where(
    _DECKS.c.owner_id == bindparam("owner"),
    or_(
        _DECKS.c.id == bindparam("deck"),
        func.substr(_DECKS.c.name_key, 1, bindparam("length", type_=Integer)) == bindparam("beginning"),
    ),
).order_by(_DECKS.c.name_key)
_TOP = _DECKS.alias()
_INSIDE = _TOP.c.name_key + deck_names.SEPARATOR
_FAMILY_IDS = (
    select(_DECKS.c.id)
    .join_from(_TOP, _DECKS, _DECKS.c.owner_id == _TOP.c.owner_id)
    .where(_TOP.c.id == bindparam("deck"), _TOP.c.deleted_at.is_(None), _DECKS.c.deleted_at.is_(None))
    .where(or_(_DECKS.c.id == _TOP.c.id, func.substr(_DECKS.c.name_key, 1, func.length(_INSIDE)) == _INSIDE))
    .order_by(_DECKS.c.name_key)
)


def get(session: Session, deck_id: int) -> DeckRow | None:
    """Return a deck, in the trash or not, or None."""
    return session.get(DeckRow, deck_id)


def living(session: Session, deck_id: int) -> DeckRow | None:
    """Return a deck, or None when it is in the trash or nowhere."""
    row = get(session, deck_id)
    return None if row is None or row.deleted_at is not None else row


def named(session: Session, owner_id: int, name: str) -> DeckRow | None:
    """Return the owner's living deck with that name, however it is capitalised, or None."""
    query = select(DeckRow).where(_living(owner_id), DeckRow.name_key == deck_names.key(name))
    return session.scalars(query).one_or_none()


def names(session: Session, owner_id: int) -> Mapping[int, str]:
    """Return what the owner's living decks are called, by id."""
    return {row.id: row.name for row in prepared.rows(session, _NAMES, {"owner": owner_id})}


def by_name(session: Session, owner_id: int) -> Sequence[Named]:
    """Return the owner's living decks, a deck before its subdecks."""
    return [Named(*row) for row in prepared.rows(session, _BY_NAME, {"owner": owner_id})]


def family(session: Session, deck: DeckRow) -> Sequence[DeckRow]:
    """Return the deck and its subdecks that are as much alive as it is, by name.

    In the trash those are the decks that were deleted together with it.
    """
    query = select(DeckRow).where(
        DeckRow.owner_id == deck.owner_id,
        DeckRow.deleted_at.is_(None) if deck.deleted_at is None else DeckRow.deleted_at == deck.deleted_at,
        or_(DeckRow.id == deck.id, DeckRow.name_key.startswith(deck.name_key + deck_names.SEPARATOR, autoescape=True)),
    )
    return session.scalars(query.order_by(DeckRow.name_key)).all()


def shown(session: Session, deck_id: int) -> Named | None:
    """Return a living deck as lists have it, or None."""
    found = prepared.first(session, _ONE, {"deck": deck_id})
    return Named(*found) if found else None


def shown_family(session: Session, deck: Named) -> Sequence[Named]:
    """Return a living deck and its subdecks as lists have them, by name."""
    beginning = deck.name_key + deck_names.SEPARATOR
    asked = {"owner": deck.owner_id, "deck": deck.id, "beginning": beginning, "length": len(beginning)}
    return [Named(*row) for row in prepared.rows(session, _FAMILY, asked)]


def family_ids(session: Session, deck_id: int) -> Sequence[int]:
    """Return the ids of a living deck and its living subdecks, by name; none of a deck that is in the trash."""
    return [row.id for row in prepared.rows(session, _FAMILY_IDS, {"deck": deck_id})]


def add(session: Session, owner_id: int, name: str, *, now: datetime) -> DeckRow:
    """Store an empty deck under a clean name that no living deck has."""
    deck = DeckRow(owner_id=owner_id, name=name, name_key=deck_names.key(name), created=now)
    session.add(deck)
    session.flush()
    return deck


def _living(owner_id: int) -> ColumnElement[bool]:
    return and_(DeckRow.owner_id == owner_id, DeckRow.deleted_at.is_(None))
