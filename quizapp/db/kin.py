"""Documents that are much alike: may one be a new version of the other, or are both kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, bindparam, literal_column, select, union_all, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db import prepared
from quizapp.db.base import Base, OwnerKey
from quizapp.db.documents import DocumentRow


class DocumentKinRow(Base):
    """A document that looks like a new version of another, or was taken for one."""

    __tablename__ = "document_kin"
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"), primary_key=True)
    owner_id: Mapped[OwnerKey]
    former_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"), index=True)
    settled_at: Mapped[datetime | None]  # when a person said that both are kept
    # When it was a version of the other before: what makes it that again.
    parted: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True), deferred=True, deferred_raiseload=True
    )


_OPEN = select(DocumentRow.id, DocumentRow.title).where(
    DocumentKinRow.settled_at.is_(None), DocumentRow.deleted_at.is_(None)
)
_ALIKE = union_all(
    _OPEN.add_columns(literal_column("1").label("is_former"))
    .join(DocumentKinRow, DocumentKinRow.former_id == DocumentRow.id)
    .where(DocumentKinRow.document_id == bindparam("document")),
    _OPEN.add_columns(literal_column("0"))
    .join(DocumentKinRow, DocumentKinRow.document_id == DocumentRow.id)
    .where(DocumentKinRow.former_id == bindparam("document")),
).subquery()
_IN_ORDER = select(_ALIKE).order_by(_ALIKE.c.id)


def of(session: Session, document_id: int) -> DocumentKinRow | None:
    """Return what a document is like, whether that is settled or not, or None."""
    return session.get(DocumentKinRow, document_id)


def ask(session: Session, document: DocumentRow, former: DocumentRow) -> None:
    """Store that a document may be a new version of another."""
    session.add(DocumentKinRow(document_id=document.id, owner_id=document.owner_id, former_id=former.id))
    session.flush()


def part(
    session: Session, document: DocumentRow, former: DocumentRow, *, parted: dict[str, Any], now: datetime
) -> None:
    """Store that both are kept, and what makes one a version of the other again."""
    row = DocumentKinRow(document_id=document.id, owner_id=document.owner_id, former_id=former.id)
    row.settled_at, row.parted = now, parted
    session.add(row)
    session.flush()


def alike(session: Session, document_id: int) -> tuple[Sequence[tuple[int, str]], Sequence[tuple[int, str]]]:
    """Return id and title of living documents of which somebody is to say whether one is a new version of the other.

    First the one that this may be a new version of, if there is one, then those that may be new versions of this.
    """
    found = prepared.rows(session, _IN_ORDER, {"document": document_id})
    former, later = ([(one.id, one.title) for one in found if one.is_former == which] for which in (True, False))
    return former, later


def parted(session: Session, row: DocumentKinRow) -> dict[str, Any] | None:
    """Return what makes a document a version of the other again; None when it was none."""
    query = select(DocumentKinRow.parted).where(DocumentKinRow.document_id == row.document_id)
    stored: dict[str, Any] | None = session.scalars(query).one()
    return stored


def hand_over(session: Session, document_id: int, former_id: int) -> None:
    """Let what is like one document be like another, which takes its place."""
    rows = update(DocumentKinRow).where(DocumentKinRow.former_id == document_id)
    rows = rows.where(DocumentKinRow.document_id != former_id).values(former_id=former_id)
    session.execute(rows, execution_options={"synchronize_session": False})
