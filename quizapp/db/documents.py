"""Documents as they were read: the text, its passages, and the file they came from."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Table,
    UniqueConstraint,
    bindparam,
    delete,
    insert,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db import prepared
from quizapp.db.base import Base, OwnerKey, PrimaryKey, trash_index
from quizapp.db.engine import media_of, reads
from quizapp.domain.documents import Block, BlockKind, Span, Speaker


class DocumentRow(Base):
    """A text that a learner added; in the trash it keeps its text, drafts and file."""

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("owner_id", "text_hash"), trash_index("document"))
    id: Mapped[PrimaryKey]
    owner_id: Mapped[OwnerKey]
    title: Mapped[str]
    filename: Mapped[str]
    url: Mapped[str | None]  # where it was fetched
    language: Mapped[str]
    text: Mapped[str] = mapped_column(deferred=True, deferred_raiseload=True)
    text_hash: Mapped[str]  # SHA-256 of the normalised text, in hex
    words: Mapped[int]
    problems: Mapped[tuple[str, ...]]
    deck_name: Mapped[str]  # where its cards go when the first one is kept
    deck_id: Mapped[int | None] = mapped_column(ForeignKey("deck.id", ondelete="SET NULL"), index=True)
    batch: Mapped[str | None]  # what it was handed in together with, by a name that those share
    added: Mapped[datetime]
    deleted_at: Mapped[datetime | None]  # set while the document is in the trash


class OriginalRow(Base):
    """The file as it was given: its name among the media, where it lies byte for byte."""

    __tablename__ = "original"
    __table_args__ = (CheckConstraint("length(hash) = 64", name="hash"),)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"), primary_key=True)
    owner_id: Mapped[OwnerKey]
    hash: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)


class PassageRow(Base):
    """One block of a document: a paragraph, a bullet, a heading..."""

    __tablename__ = "passage"
    __table_args__ = (Index("ix_passage_document_id_start", "document_id", "start", "end", "kind", "number"),)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)  # 0, 1, 2... in reading order
    owner_id: Mapped[OwnerKey]
    kind: Mapped[BlockKind]
    start: Mapped[int]
    end: Mapped[int]
    level: Mapped[int]
    path: Mapped[tuple[str, ...]]
    speaker_name: Mapped[str | None]
    speaker_role: Mapped[str | None]
    speaker_organisation: Mapped[str | None]
    speaker_title: Mapped[str | None]
    page: Mapped[int | None]
    columns: Mapped[tuple[str, ...] | None]  # of a table row: what its cells are called


def with_text(session: Session, owner_id: int, text_hash: str) -> DocumentRow | None:
    """Return the owner's document with that text, in the trash or not, or None."""
    query = select(DocumentRow).where(DocumentRow.owner_id == owner_id, DocumentRow.text_hash == text_hash)
    return session.scalars(query).one_or_none()


def get(session: Session, document_id: int) -> DocumentRow | None:
    """Return a document without its text, in the trash or not, or None."""
    row = session.get(DocumentRow, document_id)
    if reads(session):  # forgets what nobody holds, and the parts of a page ask for the same document again and again
        session.info.setdefault("documents", {})[document_id] = row
    return row


def living(session: Session, document_id: int) -> DocumentRow | None:
    """Return a document without its text, or None when it is in the trash or nowhere."""
    row = get(session, document_id)
    return None if row is None or row.deleted_at is not None else row


def text_of(session: Session, document_id: int) -> str:
    """Return the text that all offsets count in."""
    text: str = prepared.rows(session, _TEXT, {"document": document_id})[0][0]
    return text


def newest_first(session: Session, owner_id: int, *, limit: int) -> Sequence[DocumentRow]:
    """Return the owner's living documents."""
    query = select(DocumentRow).where(DocumentRow.owner_id == owner_id, DocumentRow.deleted_at.is_(None))
    return session.scalars(query.order_by(DocumentRow.added.desc(), DocumentRow.id.desc()).limit(limit)).all()


def titled(session: Session, owner_id: int, *, limit: int) -> Sequence[tuple[int, str]]:
    """Return id and title of the owner's living documents, newest first."""
    return prepared.raw(session, _TITLED, {"owner": owner_id, "limit": limit})


def titles(session: Session, document_ids: Sequence[int]) -> Sequence[tuple[int, str]]:
    """Return id and title of those of these documents that are alive, newest first."""
    if not document_ids:
        return []
    query = select(DocumentRow.id, DocumentRow.title).where(DocumentRow.id.in_(document_ids))
    query = query.where(DocumentRow.deleted_at.is_(None))
    return session.execute(query.order_by(DocumentRow.added.desc(), DocumentRow.id.desc())).all()


def add(session: Session, document: DocumentRow, *, file: str, size: int, blocks: Iterable[Block]) -> None:
    """Store a document with its file, by its name among the media, and its passages."""
    session.add(document)
    session.flush()
    session.add(OriginalRow(document_id=document.id, owner_id=document.owner_id, hash=file, size=size))
    session.flush()
    add_passages(session, document, blocks)


def remove(session: Session, document: DocumentRow) -> None:
    """Remove a document for good, with all that hangs on it: another one has its text."""
    gone = delete(DocumentRow).where(DocumentRow.id == document.id)
    session.expunge(document)
    session.execute(gone, execution_options={"synchronize_session": False})
    session.expire_all()


def add_passages(session: Session, document: DocumentRow, blocks: Iterable[Block]) -> None:
    """Store the blocks of a document that has none."""
    passages = [_passage(document, number, block) for number, block in enumerate(blocks)]
    if passages:
        session.execute(insert(PassageRow), passages)


def original(session: Session, document_id: int) -> bytes:
    """Return the file that the document was read from, byte for byte."""
    query = select(OriginalRow.hash).where(OriginalRow.document_id == document_id)
    return media_of(session).get(session.scalars(query).one())


def originals(session: Session) -> Mapping[str, str]:
    """Return the titles of all documents by the names of the files that they were read from."""
    query = select(OriginalRow.hash, DocumentRow.title).join(DocumentRow, DocumentRow.id == OriginalRow.document_id)
    return dict(session.execute(query.order_by(DocumentRow.id.desc())).all())


def blocks(session: Session, document_id: int) -> tuple[Block, ...]:
    """Return the document's blocks in reading order."""
    return tuple(_block(row) for row in prepared.rows(session, _PASSAGES, {"document": document_id}))


def _passage(document: DocumentRow, number: int, block: Block) -> dict[str, object]:
    speaker = block.speaker
    return {
        "document_id": document.id,
        "number": number,
        "owner_id": document.owner_id,
        "kind": block.kind,
        "start": block.span.start,
        "end": block.span.end,
        "level": block.level,
        "path": block.path,
        "speaker_name": speaker.name if speaker else None,
        "speaker_role": speaker.role if speaker else None,
        "speaker_organisation": speaker.organisation if speaker else None,
        "speaker_title": speaker.title if speaker else None,
        "page": block.page,
        "columns": block.columns or None,
    }


_PASSAGE = cast(Table, PassageRow.__table__).c
_TEXT = select(cast(Table, DocumentRow.__table__).c.text).where(DocumentRow.id == bindparam("document"))
_TITLED = (
    select(DocumentRow.id, DocumentRow.title)
    .where(DocumentRow.owner_id == bindparam("owner"), DocumentRow.deleted_at.is_(None))
    .order_by(DocumentRow.added.desc(), DocumentRow.id.desc())
    .limit(bindparam("limit"))
)
_PASSAGES = (
    select(
        *(_PASSAGE[name] for name in ("kind", "start", "end", "level", "path", "page", "columns")),
        *(_PASSAGE[f"speaker_{name}"] for name in ("name", "role", "organisation", "title")),
    )
    .where(_PASSAGE.document_id == bindparam("document"))
    .order_by(_PASSAGE.number)
)


def _block(row: Sequence[Any]) -> Block:
    kind, start, end, level, path, page, columns, *speaker = row
    said_by = None if speaker[0] is None else Speaker(*speaker)
    return Block(kind, Span(start, end), level, path, said_by, page, columns=columns or ())
