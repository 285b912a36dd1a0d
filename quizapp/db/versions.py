"""What a document was before: every text that it was read from, with all that hung on it.

The latest text is in the document itself. Start from `keep` and `become`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, bindparam, delete, func, null, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db import documents, pictures
from quizapp.db.base import Base, OwnerKey
from quizapp.db.documents import DocumentRow, OriginalRow, PassageRow
from quizapp.db.pictures import StoredPicture
from quizapp.domain.documents import Block, BlockKind, Span, Speaker

Stored = dict[str, Any]  # as JSON has it


class DocumentVersionRow(Base):
    """A text that a document had before it became another; its files are kept among the media."""

    __tablename__ = "document_version"
    __table_args__ = (CheckConstraint("length(file) = 64", name="file"),)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)  # 1, 2, 3...; the document itself is the one after the last
    owner_id: Mapped[OwnerKey]
    title: Mapped[str]
    filename: Mapped[str]
    url: Mapped[str | None]
    language: Mapped[str]
    text: Mapped[str] = mapped_column(deferred=True, deferred_raiseload=True)
    text_hash: Mapped[str] = mapped_column(index=True)
    passages: Mapped[list[Any]] = mapped_column(JSON, deferred=True, deferred_raiseload=True)
    pictures: Mapped[list[Stored]] = mapped_column(JSON, deferred=True, deferred_raiseload=True)
    words: Mapped[int]
    problems: Mapped[tuple[str, ...]]
    file: Mapped[str]  # the name of the original
    size: Mapped[int] = mapped_column(BigInteger)
    added: Mapped[datetime]
    # What hung on it when it was replaced, and what was given in its place; None when that is not known.
    attached: Mapped[Stored | None] = mapped_column(JSON(none_as_null=True), deferred=True, deferred_raiseload=True)
    successor: Mapped[Stored | None] = mapped_column(JSON(none_as_null=True), deferred=True, deferred_raiseload=True)


@dataclass(frozen=True)
class Edition:
    """A text that a document has or had, and where it came from."""

    title: str
    filename: str
    url: str | None
    language: str
    text: str
    text_hash: str
    blocks: tuple[Block, ...]
    pictures: tuple[StoredPicture, ...]
    words: int
    problems: tuple[str, ...]
    file: str  # the name of the original among the media
    size: int
    added: datetime


def current(session: Session, document: DocumentRow) -> Edition:
    """Return what a document is now."""
    original = session.get_one(OriginalRow, document.id)
    return Edition(
        title=document.title,
        filename=document.filename,
        url=document.url,
        language=document.language,
        text=documents.text_of(session, document.id),
        text_hash=document.text_hash,
        blocks=documents.blocks(session, document.id),
        pictures=pictures.stored(session, document.id),
        words=document.words,
        problems=document.problems,
        file=original.hash,
        size=original.size,
        added=document.added,
    )


def edition(session: Session, row: DocumentVersionRow) -> Edition:
    """Return what a document was."""
    this = DocumentVersionRow.document_id == row.document_id, DocumentVersionRow.number == row.number
    query = select(DocumentVersionRow.text, DocumentVersionRow.passages, DocumentVersionRow.pictures).where(*this)
    text, passages, shown = session.execute(query).one()
    return Edition(
        title=row.title,
        filename=row.filename,
        url=row.url,
        language=row.language,
        text=text,
        text_hash=row.text_hash,
        blocks=tuple(_block(one) for one in passages),
        pictures=tuple(StoredPicture(**one) for one in shown),
        words=row.words,
        problems=row.problems,
        file=row.file,
        size=row.size,
        added=row.added,
    )


def keep(session: Session, document: DocumentRow, *, attached: Stored, successor: Stored | None) -> int:
    """Keep what a document is now as its next version, whose number is returned."""
    now = current(session, document)
    row = DocumentVersionRow(
        document_id=document.id,
        number=1 + len(before(session, document.id)),
        owner_id=document.owner_id,
        title=now.title,
        filename=now.filename,
        url=now.url,
        language=now.language,
        text=now.text,
        text_hash=now.text_hash,
        passages=[_stored(block) for block in now.blocks],
        pictures=[vars(one) for one in now.pictures],
        words=now.words,
        problems=now.problems,
        file=now.file,
        size=now.size,
        added=now.added,
        attached=attached,
        successor=successor,
    )
    session.add(row)
    session.flush()
    return row.number


def become(session: Session, document: DocumentRow, edition: Edition) -> None:
    """Give a document another text, file, passages and pictures."""
    original = session.get_one(OriginalRow, document.id)
    original.hash, original.size = edition.file, edition.size
    document.title, document.filename, document.url = edition.title, edition.filename, edition.url
    document.language, document.text, document.text_hash = edition.language, edition.text, edition.text_hash
    document.words, document.problems, document.added = edition.words, edition.problems, edition.added
    session.flush()
    session.execute(delete(PassageRow).where(PassageRow.document_id == document.id))
    documents.add_passages(session, document, edition.blocks)
    pictures.put(session, document, edition.pictures)


def remove(session: Session, row: DocumentVersionRow) -> None:
    """Forget the latest version: the document is that again."""
    session.delete(row)
    session.flush()


LAST = select(func.max(DocumentVersionRow.number)).where(DocumentVersionRow.document_id == bindparam("document"))


def before(session: Session, document_id: int) -> Sequence[DocumentVersionRow]:
    """Return what a document was before, without the texts, the latest first."""
    query = select(DocumentVersionRow).where(DocumentVersionRow.document_id == document_id)
    return session.scalars(query.order_by(DocumentVersionRow.number.desc())).all()


def get(session: Session, document_id: int, number: int) -> DocumentVersionRow | None:
    """Return a version without its text, or None."""
    return session.get(DocumentVersionRow, (document_id, number))


def text_of(session: Session, document_id: int, number: int) -> str:
    """Return the text that a document had."""
    query = select(DocumentVersionRow.text).where(DocumentVersionRow.document_id == document_id)
    return session.scalars(query.where(DocumentVersionRow.number == number)).one()


def attached(session: Session, row: DocumentVersionRow) -> tuple[Stored | None, Stored | None]:
    """Return what hung on a version when it was replaced, and what was given in its place."""
    query = select(DocumentVersionRow.attached, DocumentVersionRow.successor)
    this = DocumentVersionRow.document_id == row.document_id, DocumentVersionRow.number == row.number
    hung, given = session.execute(query.where(*this)).one()
    return hung, given


def can_part(session: Session, document_id: int, number: int) -> bool:
    """Say whether it is known what hung on a version and what was given in its place, without reading all that."""
    query = select(DocumentVersionRow.number).where(DocumentVersionRow.document_id == document_id)
    query = query.where(DocumentVersionRow.attached.is_not(null()), DocumentVersionRow.successor.is_not(null()))
    return session.scalars(query.where(DocumentVersionRow.number == number)).first() is not None


def with_text(session: Session, owner_id: int, text_hash: str) -> DocumentVersionRow | None:
    """Return the latest version with that text of a living document, or None."""
    query = select(DocumentVersionRow).join(DocumentRow, DocumentVersionRow.document_id == DocumentRow.id)
    query = query.where(DocumentVersionRow.owner_id == owner_id, DocumentVersionRow.text_hash == text_hash)
    query = query.where(DocumentRow.deleted_at.is_(None)).order_by(DocumentRow.id, DocumentVersionRow.number.desc())
    return session.scalars(query.limit(1)).first()


def files(session: Session) -> Mapping[str, str]:
    """Return the titles of documents by the names of the files that earlier versions of them were read from."""
    query = select(DocumentVersionRow.file, DocumentVersionRow.title).order_by(DocumentVersionRow.document_id.desc())
    return dict(session.execute(query).all())


def picture_files(session: Session) -> Mapping[str, str]:
    """Return what the files of the pictures of earlier versions belong to, as a title, by their names."""
    query = select(DocumentVersionRow.pictures, DocumentVersionRow.title)
    rows = session.execute(query.order_by(DocumentVersionRow.document_id.desc())).all()
    return {one["hash"]: f"a picture of {title}" for shown, title in rows for one in shown}


def _stored(block: Block) -> list[object]:
    said = block.speaker
    speaker = [said.name, said.role, said.organisation, said.title] if said else None
    where = block.span.start, block.span.end
    return [block.kind.name, *where, block.level, list(block.path), speaker, block.page, list(block.columns)]


def _block(stored: Sequence[Any]) -> Block:
    kind, start, end, level, path, who, page, columns = stored
    speaker = Speaker(*who) if who else None
    return Block(BlockKind[kind], Span(start, end), level, tuple(path), speaker, page, columns=tuple(columns))
