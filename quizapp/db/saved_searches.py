"""Searches for cards that a learner keeps under a name."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db import prepared
from quizapp.db.base import Base, OwnerKey, PrimaryKey


class SavedSearchRow(Base):
    """A search by its name, as it was typed; `deleted_at` is set once it is taken off the list."""

    __tablename__ = "saved_search"
    id: Mapped[PrimaryKey]
    owner_id: Mapped[OwnerKey] = mapped_column(index=True)
    name: Mapped[str]
    query: Mapped[str]
    created: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


_SAVED = cast(Table, SavedSearchRow.__table__)
_LISTED = (  # asked by every load of the first page
    select(_SAVED.c.id, _SAVED.c.name, _SAVED.c.query)
    .where(_SAVED.c.owner_id == bindparam("owner"), _SAVED.c.deleted_at.is_(None))
    .order_by(func.lower(_SAVED.c.name), _SAVED.c.id)
)


def get(session: Session, search_id: int) -> SavedSearchRow | None:
    """Return a saved search, on the list or not, or None."""
    return session.get(SavedSearchRow, search_id)


def by_name(session: Session, owner_id: int) -> Sequence[SavedSearchRow]:
    """Return the owner's saved searches in alphabetical order."""
    query = select(SavedSearchRow).where(SavedSearchRow.owner_id == owner_id, SavedSearchRow.deleted_at.is_(None))
    return session.scalars(query.order_by(func.lower(SavedSearchRow.name), SavedSearchRow.id)).all()


def listed(session: Session, owner_id: int) -> Sequence[Any]:
    """Return id, name and query of the owner's saved searches in alphabetical order."""
    return prepared.rows(session, _LISTED, {"owner": owner_id})


def add(session: Session, owner_id: int, name: str, query: str, *, now: datetime) -> SavedSearchRow:
    """Store a search."""
    row = SavedSearchRow(owner_id=owner_id, name=name, query=query, created=now)
    session.add(row)
    session.flush()
    return row


def remove(session: Session, *, before: datetime) -> None:
    """Remove for good those that were taken off their list before that time."""
    gone = delete(SavedSearchRow).where(SavedSearchRow.deleted_at < before)
    session.execute(gone, execution_options={"synchronize_session": False})
