"""Pictures of documents: what is known of each, and its file among the media."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Table,
    UniqueConstraint,
    bindparam,
    delete,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db import prepared
from quizapp.db.base import Base, OwnerKey, PrimaryKey
from quizapp.db.documents import DocumentRow
from quizapp.db.engine import media_of
from quizapp.domain.cards import Illustration
from quizapp.domain.documents import Picture

SHOWN = ("id", "hash", "alt", "width", "height", "media_type", "start")  # as an illustration has them


class PictureRow(Base):
    """A picture of a document; it outlives the document while a card or a question shows it."""

    __tablename__ = "picture"
    __table_args__ = (
        UniqueConstraint("document_id", "number"),
        CheckConstraint("length(hash) = 64", name="hash"),
        Index(None, "owner_id", "hash"),
    )
    id: Mapped[PrimaryKey]
    owner_id: Mapped[OwnerKey]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id", ondelete="SET NULL"))
    number: Mapped[int]  # 0, 1, 2... in reading order
    hash: Mapped[str]  # its name among the media
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str]
    alt: Mapped[str]  # what it shows, in words
    width: Mapped[int]
    height: Mapped[int]
    start: Mapped[int]  # of the passage that it stands above


@dataclass(frozen=True)
class StoredPicture:
    """A picture of a text, whose file is among the media."""

    hash: str
    size: int
    media_type: str
    alt: str
    width: int
    height: int
    start: int


def store(session: Session, pictures: Sequence[Picture]) -> tuple[StoredPicture, ...]:
    """Put the files of pictures among the media, and return what a document or a version of it keeps of them."""
    media = media_of(session)
    return tuple(
        StoredPicture(media.put(one.data), len(one.data), one.media_type, one.alt, one.width, one.height, one.start)
        for one in pictures
    )


def read(session: Session, stored: StoredPicture) -> Picture:
    """Return a picture with its file."""
    data = media_of(session).get(stored.hash)
    return Picture(data, stored.media_type, stored.width, stored.height, stored.alt, stored.start)


def stored(session: Session, document_id: int) -> tuple[StoredPicture, ...]:
    """Return what is kept of the pictures of a document, in reading order."""
    return tuple(
        StoredPicture(row.hash, row.size, row.media_type, row.alt, row.width, row.height, row.start)
        for row in _rows(session, document_id)
    )


def put(session: Session, document: DocumentRow, pictures: Sequence[StoredPicture]) -> None:
    """Give a document these pictures in place of those that it had.

    One that it had already stays the same, so that cards go on showing it; one that it has
    no more is there for as long as a card shows it.
    """
    known = {row.hash: row for row in _rows(session, document.id)}
    for row in known.values():
        row.document_id = None
    session.flush()  # their numbers are free
    for number, one in enumerate(pictures):
        row = known.get(one.hash) or PictureRow(owner_id=document.owner_id, hash=one.hash, size=one.size)
        row.document_id, row.number, row.start = document.id, number, one.start
        row.media_type, row.alt, row.width, row.height = one.media_type, one.alt, one.width, one.height
        session.add(row)
    session.flush()


def loose(session: Session, owner_id: int, stored: StoredPicture) -> int:
    """Return the id of a picture that belongs to no document, made if it is not there."""
    mine = (PictureRow.owner_id == owner_id, PictureRow.hash == stored.hash, PictureRow.document_id.is_(None))
    row = session.scalars(select(PictureRow).where(*mine).order_by(PictureRow.id).limit(1)).one_or_none()
    if row is None:
        row = PictureRow(owner_id=owner_id, number=0, **vars(stored))
        session.add(row)
        session.flush()
    return row.id


def get(session: Session, picture_id: int) -> PictureRow | None:
    """Return a picture, or None."""
    return session.get(PictureRow, picture_id)


def with_name(session: Session, owner_ids: Sequence[int], name: str) -> PictureRow | None:
    """Return a picture of one of these owners whose file has that name, or None."""
    query = select(PictureRow).where(PictureRow.owner_id.in_(owner_ids), PictureRow.hash == name)
    return session.scalars(query.order_by(PictureRow.id).limit(1)).one_or_none()


_OF_DOCUMENT = (
    select(*(cast(Table, PictureRow.__table__).c[name] for name in SHOWN))
    .where(PictureRow.document_id == bindparam("document"))
    .order_by(PictureRow.number)
)


def of_document(session: Session, document_id: int) -> Sequence[Illustration]:
    """Return the pictures of a document in reading order."""
    return [Illustration(*row) for row in prepared.rows(session, _OF_DOCUMENT, {"document": document_id})]


def illustration(row: PictureRow | None) -> Illustration | None:
    """Return what a page must know of a picture to show it."""
    return (
        None
        if row is None
        else Illustration(row.id, row.hash, row.alt, row.width, row.height, row.media_type, row.start)
    )


def files(session: Session) -> Mapping[str, str]:
    """Return what each picture's file belongs to, as a title, by the name of the file."""
    query = select(PictureRow.hash, DocumentRow.title).outerjoin(DocumentRow, DocumentRow.id == PictureRow.document_id)
    rows = session.execute(query.order_by(PictureRow.id.desc())).all()
    return {name: f"a picture of {title}" if title else "a picture on a card" for name, title in rows}


def remove_unseen(session: Session, shown: Sequence[type[Base]]) -> None:
    """Remove the pictures that no document has any more and that no row of these tables shows."""
    gone = delete(PictureRow).where(PictureRow.document_id.is_(None))
    for table in shown:
        column = table.__table__.c.picture_id
        gone = gone.where(~select(column).where(column == PictureRow.id).exists())
    session.execute(gone, execution_options={"synchronize_session": False})


def _rows(session: Session, document_id: int) -> Sequence[PictureRow]:
    query = select(PictureRow).where(PictureRow.document_id == document_id).order_by(PictureRow.number)
    return session.scalars(query).all()
