"""Notes and the cards they ask; a note's row, and with it every schedule, outlives its wording."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    ScalarSelect,
    Select,
    SQLColumnExpression,
    Table,
    UniqueConstraint,
    bindparam,
    delete,
    event,
    func,
    inspect,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, contains_eager, joinedload, mapped_column, relationship

from quizapp.db import note_words, prepared
from quizapp.db.base import Base, OwnerKey, PrimaryKey, trash_index
from quizapp.db.decks import DeckRow
from quizapp.db.documents import DocumentRow
from quizapp.db.pictures import SHOWN, PictureRow
from quizapp.domain.cards import CardKind, Illustration

AT_ONCE = 5_000
IN_TRASH, QUOTING = text("deleted_at IS NOT NULL"), text("speaker IS NOT NULL AND deleted_at IS NULL")
Id = TypeVar("Id")


class NoteRow(Base):
    """What a person keeps and edits, with the passage that it came from."""

    __tablename__ = "note"
    __table_args__ = (
        UniqueConstraint("owner_id", "guid"),
        # With these a deck is counted, and decks and documents are matched, without reading notes.
        Index("ix_note_deck_id", "deck_id", "deleted_at", "document_id"),
        Index("ix_note_document_id", "document_id", "deleted_at", "deck_id"),
        trash_index("note"),
        # The trash of one owner, and whom their cards quote, without looking through all that they have.
        Index(
            "ix_note_owner_id_deleted_at", "owner_id", "deleted_at", sqlite_where=IN_TRASH, postgresql_where=IN_TRASH
        ),
        Index("ix_note_owner_id_speaker", "owner_id", "speaker", sqlite_where=QUOTING, postgresql_where=QUOTING),
    )
    id: Mapped[PrimaryKey]
    owner_id: Mapped[OwnerKey]
    deck_id: Mapped[int] = mapped_column(ForeignKey("deck.id", ondelete="CASCADE"))
    guid: Mapped[str]  # names the note in Anki, for good
    kind: Mapped[CardKind]
    question: Mapped[str]
    answer: Mapped[str]
    choices: Mapped[tuple[str, ...]]
    explanation: Mapped[str]
    version: Mapped[int]  # counts changes of the content, from 1
    created: Mapped[datetime]
    modified: Mapped[datetime]  # when the content last changed
    deleted_at: Mapped[datetime | None]  # set while the note is in the trash
    typed: Mapped[bool | None]  # whether its answers are typed; None: as the deck has it

    # The source, all None for a note written by hand. The characters around the
    # quote find it again when the document changes.
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id", ondelete="SET NULL"))
    quote: Mapped[str | None]
    start: Mapped[int | None]
    end: Mapped[int | None]
    before: Mapped[str | None]
    after: Mapped[str | None]
    speaker: Mapped[str | None]
    heading: Mapped[str | None]
    page: Mapped[int | None]
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id", ondelete="SET NULL"), index=True)
    columns: Mapped[tuple[str, ...] | None]  # of quoted table rows: what their cells are called
    quote_gone_at: Mapped[datetime | None]  # set while the document does not say the quote any more

    deck: Mapped[DeckRow] = relationship(lazy="raise")
    document: Mapped[DocumentRow | None] = relationship(lazy="raise")
    picture: Mapped[PictureRow | None] = relationship(lazy="raise")


_WORDED = ("question", "answer", "choices", "explanation", "quote", "heading")


@event.listens_for(NoteRow, "after_insert")
def _find(_mapper: object, connection: Connection, note: NoteRow) -> None:
    """Let a note be found by its words."""
    words = note_words.words(note.question, note.answer, note.choices, note.explanation)
    source = note_words.source_words(note.quote, note.heading)
    note_words.put(connection, note.id, note.owner_id, words=words, source=source)


@event.listens_for(NoteRow, "after_update")
def _find_again(mapper: object, connection: Connection, note: NoteRow) -> None:
    """Let a note that says something else be found by that."""
    if any(inspect(note).attrs[name].history.has_changes() for name in _WORDED):
        _find(mapper, connection, note)


class CardRow(Base):
    """One face of a note; `removed_at` is set while the note does not ask it."""

    __tablename__ = "card"
    __table_args__ = (UniqueConstraint("note_id", "ordinal"),)
    id: Mapped[PrimaryKey]
    owner_id: Mapped[OwnerKey]
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"))
    ordinal: Mapped[int]
    removed_at: Mapped[datetime | None]


class TagRow(Base):
    """A word that a learner puts on notes and documents."""

    __tablename__ = "tag"
    __table_args__ = (UniqueConstraint("owner_id", "name"),)
    id: Mapped[PrimaryKey]
    owner_id: Mapped[OwnerKey]
    name: Mapped[str]


class NoteTagRow(Base):
    """A tag on a note."""

    __tablename__ = "note_tag"
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True, index=True)
    owner_id: Mapped[OwnerKey]


class DocumentTagRow(Base):
    """A tag on a document, which notes that are kept from it get."""

    __tablename__ = "document_tag"
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True, index=True)
    owner_id: Mapped[OwnerKey]


class ShownNote(NamedTuple):
    """A note as it is shown, with what is shown of its deck, document and picture."""

    id: int
    owner_id: int
    deck_id: int
    kind: CardKind
    question: str
    answer: str
    choices: tuple[str, ...]
    explanation: str
    version: int
    quote: str | None
    start: int | None
    end: int | None
    speaker: str | None
    heading: str | None
    page: int | None
    columns: tuple[str, ...] | None
    quote_gone_at: datetime | None
    document_id: int | None
    deck_name: str
    document_title: str | None
    document_language: str | None
    document_deleted_at: datetime | None
    illustration: Illustration | None

    @classmethod
    def of(cls, row: Sequence[Any]) -> "ShownNote":
        """Return what a row of `_SHOWN` says."""
        own, picture = row[: -len(SHOWN)], row[-len(SHOWN) :]
        return cls._make((*own, None if picture[0] is None else Illustration(*picture)))


def get(session: Session, note_id: int) -> NoteRow | None:
    """Return a note with its deck, document and picture, in the trash or not, or None."""
    query = select(NoteRow).join(NoteRow.deck).outerjoin(NoteRow.document)
    query = query.options(contains_eager(NoteRow.deck), contains_eager(NoteRow.document), joinedload(NoteRow.picture))
    return session.scalars(query.where(NoteRow.id == note_id)).one_or_none()


def get_living(session: Session, note_id: int) -> NoteRow | None:
    """Return the same of a note that is not in the trash, nor in a deck that is, or None."""
    row = get(session, note_id)
    return None if row is None or row.deleted_at or row.deck.deleted_at else row


def shown(session: Session, note_id: int) -> ShownNote | None:
    """Return a note that is not in the trash, nor in a deck that is, as it is shown, or None."""
    found = prepared.first(session, _SHOWN_NOTE, {"note": note_id})
    return ShownNote.of(found) if found else None


def in_decks(session: Session, deck_ids: Sequence[int], *, offset: int, limit: int) -> Sequence[ShownNote]:
    """Return living notes of the decks as they are shown, in the order in which they were made."""
    asked = {"decks": list(deck_ids), "limit": limit, "offset": offset}
    return [ShownNote.of(row) for row in prepared.rows(session, _SHOWN_IN_DECKS, asked)]


def count_in_decks(session: Session, deck_ids: Sequence[int]) -> int:
    """Return how many living notes the decks hold."""
    return prepared.scalar(session, _COUNT_IN_DECKS, {"decks": list(deck_ids)}) or 0


def newest(session: Session, owner_id: int, *, limit: int) -> Sequence[tuple[int, str]]:
    """Return id and question of the owner's living notes in living decks, the newest first."""
    query = select(NoteRow.id, NoteRow.question).join(NoteRow.deck)
    query = query.where(NoteRow.owner_id == owner_id, NoteRow.deleted_at.is_(None), DeckRow.deleted_at.is_(None))
    return [(note_id, asked) for note_id, asked in session.execute(query.order_by(NoteRow.id.desc()).limit(limit))]


def names(session: Session, owner_id: int, *, limit: int) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
    """Return the owner's tags that living notes have, their speakers, and the titles of documents with notes."""
    asked = {"owner": owner_id, "limit": limit}
    tags, speakers, titles = ([row[0] for row in prepared.rows(session, one, asked)] for one in _NAMES)
    return tags, speakers, titles


def document_titles(session: Session, deck_ids: Sequence[int]) -> Mapping[int, Sequence[str]]:
    """Return, by deck id, the titles of the documents that its living notes come from, the oldest first."""
    return _grouped(prepared.rows(session, _DOCUMENT_TITLES, {"decks": list(deck_ids)}))


def deck_names(session: Session, document_ids: Sequence[int]) -> Mapping[int, Sequence[str]]:
    """Return, by document id, the names of the decks that living notes made from it are in."""
    pairs = (
        select(NoteRow.document_id, NoteRow.deck_id)
        .where(NoteRow.document_id.in_(document_ids), NoteRow.deleted_at.is_(None))
        .distinct()
        .subquery()
    )
    query = select(pairs.c.document_id, DeckRow.name).join(DeckRow, DeckRow.id == pairs.c.deck_id)
    return _grouped(session.execute(query.where(DeckRow.deleted_at.is_(None)).order_by(DeckRow.name_key)).all())


def decks_with(session: Session, document_id: int) -> Sequence[tuple[int, str]]:
    """Return id and name of the decks that living notes made from the document are in."""
    return [(deck_id, name) for deck_id, name in prepared.rows(session, _DECKS_WITH, {"document": document_id})]


def living(session: Session, document_id: int) -> Collection[int]:
    """Return the ids of the document's notes that are not in the trash, nor in a deck that is."""
    return {row[0] for row in prepared.rows(session, _LIVING, {"document": document_id})}


def of_document(session: Session, document_id: int, *, deleted_at: datetime | None) -> Sequence[NoteRow]:
    """Return the document's living notes, or those that were deleted at that very time."""
    query = select(NoteRow).where(NoteRow.document_id == document_id)
    query = query.where(NoteRow.deleted_at.is_(None) if deleted_at is None else NoteRow.deleted_at == deleted_at)
    return session.scalars(query.order_by(NoteRow.id)).all()


def all_of_document(session: Session, document_id: int) -> Sequence[NoteRow]:
    """Return every note of the document, those in the trash among them."""
    return session.scalars(select(NoteRow).where(NoteRow.document_id == document_id).order_by(NoteRow.id)).all()


def cards_of(session: Session, note_id: int) -> Sequence[CardRow]:
    """Return every card that the note asks or has asked, by ordinal."""
    return session.scalars(select(CardRow).where(CardRow.note_id == note_id).order_by(CardRow.ordinal)).all()


def tags_of(session: Session, note_ids: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
    """Return the notes' tags by note id, each in alphabetical order."""
    found = prepared.rows(session, _TAGS_OF, {"notes": list(note_ids)})
    return {note_id: tuple(names) for note_id, names in _grouped(found).items()}


def put_tags(session: Session, note: NoteRow, names: Iterable[str]) -> None:
    """Give a new note its tags; those that the owner has not used before are made."""
    ids = tag_ids(session, note.owner_id, names)
    session.add_all(NoteTagRow(note_id=note.id, tag_id=tag_id, owner_id=note.owner_id) for tag_id in ids)
    session.flush()


def tag(session: Session, owner_id: int, note_ids: Sequence[int], name: str) -> None:
    """Put a tag on the owner's notes, of which some may have it already."""
    (tag_id,) = tag_ids(session, owner_id, [name])
    for part in parts(note_ids):
        on_it = select(NoteTagRow.note_id).where(NoteTagRow.tag_id == tag_id, NoteTagRow.note_id.in_(part))
        having = set(session.scalars(on_it))
        session.add_all(NoteTagRow(note_id=one, tag_id=tag_id, owner_id=owner_id) for one in part if one not in having)
        session.flush()


def untag(session: Session, owner_id: int, note_ids: Sequence[int], name: str) -> None:
    """Take a tag off the owner's notes, of which some may not have it."""
    its_id = select(TagRow.id).where(TagRow.owner_id == owner_id, TagRow.name == name).scalar_subquery()
    for part in parts(note_ids):
        on_it = delete(NoteTagRow).where(NoteTagRow.note_id.in_(part), NoteTagRow.tag_id == its_id)
        session.execute(on_it, execution_options={"synchronize_session": False})


def parts(ids: Sequence[Id]) -> Iterator[Sequence[Id]]:
    """Give ids in parts that one query can name."""
    yield from (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def with_tag(session: Session, owner_id: int, name: str, *, limit: int) -> Sequence[NoteRow]:
    """Return the owner's living notes with a tag, with deck and document, the oldest first."""
    query = select(NoteRow).join(NoteRow.deck).outerjoin(NoteRow.document)
    query = query.options(contains_eager(NoteRow.deck), contains_eager(NoteRow.document))
    query = query.join(NoteTagRow, NoteTagRow.note_id == NoteRow.id).join(TagRow, TagRow.id == NoteTagRow.tag_id)
    query = query.where(TagRow.owner_id == owner_id, TagRow.name == name)
    query = query.where(NoteRow.deleted_at.is_(None), DeckRow.deleted_at.is_(None))
    return session.scalars(query.order_by(NoteRow.id).limit(limit)).all()


def tags_of_documents(session: Session, document_ids: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
    """Return the documents' tags by document id, each in alphabetical order."""
    found = prepared.rows(session, _TAGS_OF_DOCUMENTS, {"documents": list(document_ids)})
    return {document_id: tuple(names) for document_id, names in _grouped(found).items()}


def tag_document(session: Session, document: DocumentRow, names: Iterable[str]) -> None:
    """Put tags on a document that has none of them; those that the owner has not used before are made."""
    ids = tag_ids(session, document.owner_id, names)
    session.add_all(
        DocumentTagRow(document_id=document.id, tag_id=tag_id, owner_id=document.owner_id) for tag_id in ids
    )
    session.flush()


def untag_document(session: Session, document: DocumentRow, name: str) -> None:
    """Take a tag off a document; its notes keep theirs."""
    tag = select(TagRow.id).where(TagRow.owner_id == document.owner_id, TagRow.name == name).scalar_subquery()
    on_it = delete(DocumentTagRow).where(DocumentTagRow.document_id == document.id, DocumentTagRow.tag_id == tag)
    session.execute(on_it, execution_options={"synchronize_session": False})


def tag_ids(session: Session, owner_id: int, names: Iterable[str]) -> Sequence[int]:
    """Return the ids of the owner's tags of these names; those that are not there are made."""
    wanted = sorted(set(names))
    query = select(TagRow.name, TagRow.id).where(TagRow.owner_id == owner_id, TagRow.name.in_(wanted))
    known = dict(session.execute(query).all())
    fresh = [TagRow(owner_id=owner_id, name=name) for name in wanted if name not in known]
    session.add_all(fresh)
    session.flush()
    return [*known.values(), *(tag.id for tag in fresh)]


def _document_titles() -> Select[int, str]:
    """Pair decks with the documents of their living notes, going from one to the next rather than over all notes."""
    first = _next_document(DeckRow.id)
    pairs = select(DeckRow.id.label("deck_id"), first.label("document_id")).where(
        DeckRow.id.in_(bindparam("decks", expanding=True))
    )
    found = pairs.cte("documents_of_decks", recursive=True)
    further = _next_document(found.c.deck_id, after=found.c.document_id).correlate(found)
    all_pairs = found.union_all(select(found.c.deck_id, further).where(found.c.document_id.is_not(None)))
    query = select(all_pairs.c.deck_id, DocumentRow.title).join(DocumentRow, DocumentRow.id == all_pairs.c.document_id)
    return query.order_by(DocumentRow.id)


def _next_document(
    deck_id: SQLColumnExpression[int], *, after: ColumnElement[int] | None = None
) -> ScalarSelect[int | None]:
    query = select(func.min(NoteRow.document_id)).where(NoteRow.deck_id == deck_id, NoteRow.deleted_at.is_(None))
    return (query if after is None else query.where(NoteRow.document_id > after)).scalar_subquery()


_DOCUMENT_TITLES = _document_titles()
_NOTES, _DECKS, _NOTE_TAGS, _TAGS, _DOCUMENTS, _PICTURES = (
    cast(Table, row.__table__) for row in (NoteRow, DeckRow, NoteTagRow, TagRow, DocumentRow, PictureRow)
)
_SHOWN = (
    select(
        *(_NOTES.c[name] for name in ShownNote._fields if name in _NOTES.c),
        _DECKS.c.name,
        *(_DOCUMENTS.c[name] for name in ("title", "language", "deleted_at")),
        *(_PICTURES.c[name] for name in SHOWN),
    )
    .join_from(_NOTES, _DECKS, _DECKS.c.id == _NOTES.c.deck_id)
    .outerjoin(_DOCUMENTS, _DOCUMENTS.c.id == _NOTES.c.document_id)
    .outerjoin(_PICTURES, _PICTURES.c.id == _NOTES.c.picture_id)
    .where(_NOTES.c.deleted_at.is_(None))
)
_SHOWN_NOTE = _SHOWN.where(_NOTES.c.id == bindparam("note"), _DECKS.c.deleted_at.is_(None))
_SHOWN_IN_DECKS = (
    _SHOWN.where(_NOTES.c.deck_id.in_(bindparam("decks", expanding=True)))
    .order_by(_NOTES.c.id)
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)
_LIVING = (
    select(_NOTES.c.id)
    .join(_DECKS, _DECKS.c.id == _NOTES.c.deck_id)
    .where(_NOTES.c.document_id == bindparam("document"))
    .where(_NOTES.c.deleted_at.is_(None), _DECKS.c.deleted_at.is_(None))
)
_DECKS_WITH = _LIVING.with_only_columns(_DECKS.c.id, _DECKS.c.name).distinct().order_by(_DECKS.c.name, _DECKS.c.id)
_TAGS_OF_DOCUMENTS = (
    select(DocumentTagRow.document_id, TagRow.name)
    .join(TagRow, TagRow.id == DocumentTagRow.tag_id)
    .where(DocumentTagRow.document_id.in_(bindparam("documents", expanding=True)))
    .order_by(DocumentTagRow.document_id, TagRow.name)
)
_TAGS_OF = (
    select(_NOTE_TAGS.c.note_id, _TAGS.c.name)
    .join(_TAGS, _TAGS.c.id == _NOTE_TAGS.c.tag_id)
    .where(_NOTE_TAGS.c.note_id.in_(bindparam("notes", expanding=True)))
    .order_by(_NOTE_TAGS.c.note_id, _TAGS.c.name)
)
_NAMES = (
    select(_TAGS.c.name)
    .where(
        _TAGS.c.owner_id == bindparam("owner"),
        select(_NOTE_TAGS.c.note_id).where(_NOTE_TAGS.c.tag_id == _TAGS.c.id).exists(),
    )
    .order_by(_TAGS.c.name)
    .limit(bindparam("limit")),
    select(_NOTES.c.speaker)
    .where(
        _NOTES.c.owner_id == bindparam("owner"),
        _NOTES.c.deleted_at.is_(None),
        _NOTES.c.speaker.is_not(None),
    )
    .distinct()
    .order_by(_NOTES.c.speaker)
    .limit(bindparam("limit")),
    select(_DOCUMENTS.c.title)
    .where(
        _DOCUMENTS.c.owner_id == bindparam("owner"),
        select(_NOTES.c.id).where(_NOTES.c.document_id == _DOCUMENTS.c.id, _NOTES.c.deleted_at.is_(None)).exists(),
    )
    .order_by(_DOCUMENTS.c.title)
    .limit(bindparam("limit")),
)
_COUNT_IN_DECKS = (
    select(func.count())
    .select_from(_NOTES)
    .where(_NOTES.c.deck_id.in_(bindparam("decks", expanding=True)), _NOTES.c.deleted_at.is_(None))
)
COUNT_WITH_TAG = select(func.count()).select_from(  # how many notes `with_tag` finds
    select(_NOTES.c.id)
    .join(_DECKS, _DECKS.c.id == _NOTES.c.deck_id)
    .join(_NOTE_TAGS, _NOTE_TAGS.c.note_id == _NOTES.c.id)
    .join(_TAGS, _TAGS.c.id == _NOTE_TAGS.c.tag_id)
    .where(_TAGS.c.owner_id == bindparam("owner"), _TAGS.c.name == bindparam("name"))
    .where(_NOTES.c.deleted_at.is_(None), _DECKS.c.deleted_at.is_(None))
    .limit(bindparam("limit"))
    .subquery()
)


def _grouped(pairs: Iterable[tuple[int, str]]) -> Mapping[int, Sequence[str]]:
    names: dict[int, list[str]] = {}
    for key, name in pairs:
        names.setdefault(key, []).append(name)
    return names
