"""Passages found by their words: FTS5 in a file, a GIN index on a server. Start from `hits`.

`domain/searching` says what a word is, so that both kinds of library find the same. They are given
words with blanks between, and have nothing left to decide.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    DDL,
    ColumnElement,
    ForeignKeyConstraint,
    Select,
    Subquery,
    UniqueConstraint,
    column,
    event,
    func,
    insert,
    literal_column,
    select,
    table,
)
from sqlalchemy.orm import Mapped, Session

from quizapp.db.base import Base, OwnerKey, PrimaryKey
from quizapp.db.documents import DocumentRow, PassageRow
from quizapp.domain.documents import Block
from quizapp.domain.searching import SEARCHED_CHARS, Term, searchable

SEARCH = "passage_search"  # the FTS5 table of a library in a file
# Everything but ASCII is part of a word to this tokenizer, and blanks are all that stands between words here.
FTS5 = (
    "CREATE VIRTUAL TABLE passage_search USING fts5(words, content='passage_words', content_rowid='id', tokenize='ascii')",
    "CREATE TRIGGER passage_words_added AFTER INSERT ON passage_words BEGIN"
    " INSERT INTO passage_search (rowid, words) VALUES (new.id, new.words); END",
    "CREATE TRIGGER passage_words_removed AFTER DELETE ON passage_words BEGIN"
    " INSERT INTO passage_search (passage_search, rowid, words) VALUES ('delete', old.id, old.words); END",
)
GIN = ("CREATE INDEX ix_passage_words_words ON passage_words USING gin (to_tsvector('simple', words))",)
# What follows from `passage_words` by itself: tables of FTS5, the index of PostgreSQL.
FOLLOWING = frozenset(
    {SEARCH, *(f"{SEARCH}_{part}" for part in ("config", "data", "docsize", "idx")), "ix_passage_words_words"}
)


class PassageWordsRow(Base):
    """The words of a passage, to be searched; written and removed, never changed, and the index follows."""

    __tablename__ = "passage_words"
    __table_args__ = (
        UniqueConstraint("document_id", "number"),
        ForeignKeyConstraint(["document_id", "number"], ["passage.document_id", "passage.number"], ondelete="CASCADE"),
    )
    id: Mapped[PrimaryKey]
    owner_id: Mapped[OwnerKey]
    document_id: Mapped[int]
    number: Mapped[int]  # of the passage
    words: Mapped[str]


for _dialect, _statements in (("sqlite", FTS5), ("postgresql", GIN)):
    for _statement in _statements:
        _follows = DDL(_statement)  # type: ignore[no-untyped-call]  # SQLAlchemy gives it no types
        event.listen(PassageWordsRow.__table__, "after_create", _follows.execute_if(dialect=_dialect))


class Hit(NamedTuple):
    """A passage that has every term."""

    document_id: int
    title: str
    language: str
    number: int
    passage: str
    in_document: int  # how many passages of the document have them
    in_all: int  # and of all documents


def put(session: Session, document: DocumentRow, document_text: str, blocks: Iterable[Block]) -> None:
    """Let the passages of a document be found, which have just been stored."""
    rows = [
        {
            "owner_id": document.owner_id,
            "document_id": document.id,
            "number": number,
            "words": searchable(block.span.of(document_text)),
        }
        for number, block in enumerate(blocks)
    ]
    if rows:
        session.execute(insert(PassageWordsRow), rows)


def hits(session: Session, owner_id: int, terms: Sequence[Term], *, in_each: int, limit: int) -> Sequence[Hit]:
    """Return passages of living documents that have all the terms, the first few of each, newest documents first."""
    found = _found(session, owner_id, terms)
    query = (
        select(
            *(found.c.document_id, DocumentRow.title, DocumentRow.language, found.c.number),
            *(_passage(session), found.c.in_document, found.c.in_all),
        )
        .join(DocumentRow, DocumentRow.id == found.c.document_id)
        .join(PassageRow, (PassageRow.document_id == found.c.document_id) & (PassageRow.number == found.c.number))
        .where(found.c.place <= in_each)
        .order_by(DocumentRow.added.desc(), DocumentRow.id.desc(), found.c.number)
    )
    return [Hit(*row) for row in session.execute(query.limit(limit))]


def unsearchable(session: Session) -> Sequence[tuple[str, int]]:
    """Return titles of documents with passages that a search would miss, and how many those are."""
    words = PassageWordsRow
    known = select(words.id).where(words.document_id == PassageRow.document_id, words.number == PassageRow.number)
    if is_in_a_file(session):
        indexed = table(f"{SEARCH}_docsize", column("id"))
        known = known.join(indexed, indexed.c.id == words.id)
    query = select(DocumentRow.title, func.count()).join(PassageRow, PassageRow.document_id == DocumentRow.id)
    query = query.where(~known.exists()).group_by(DocumentRow.id, DocumentRow.title).order_by(DocumentRow.id)
    return [(title, count) for title, count in session.execute(query)]


def _found(session: Session, owner_id: int, terms: Sequence[Term]) -> Subquery:
    """Choose the passages that have all the terms, counted, each with its place among those of its document."""
    words = PassageWordsRow
    query = (
        select(
            words.document_id,
            words.number,
            func.count().over(partition_by=words.document_id).label("in_document"),
            func.count().over().label("in_all"),
            func.row_number().over(partition_by=words.document_id, order_by=words.number).label("place"),
        )
        .join(DocumentRow, DocumentRow.id == words.document_id)
        .where(DocumentRow.owner_id == owner_id, DocumentRow.deleted_at.is_(None))
    )
    return _with_all(session, query, terms).subquery()


def _passage(session: Session) -> ColumnElement[str]:
    """Cut a passage from the text of its document, as far as it is searched."""
    shorter = func.min if is_in_a_file(session) else func.least
    length = shorter(PassageRow.end - PassageRow.start, SEARCHED_CHARS)
    return func.substr(DocumentRow.text, PassageRow.start + 1, length)


def _with_all(session: Session, query: Select[*tuple[Any, ...]], terms: Sequence[Term]) -> Select[*tuple[Any, ...]]:
    """Narrow a query over the words of passages to those that have every one of the terms."""
    if is_in_a_file(session):
        search = table(SEARCH, column("rowid"))
        query = query.join(search, search.c.rowid == PassageWordsRow.id)
        return query.where(literal_column(SEARCH).bool_op("MATCH")(for_fts5(terms)))
    simple: ColumnElement[str] = literal_column("'simple'")
    indexed: ColumnElement[str] = func.to_tsvector(simple, PassageWordsRow.words)
    return query.where(indexed.bool_op("@@")(func.to_tsquery(simple, for_postgres(terms))))


def is_in_a_file(session: Session) -> bool:
    """Say whether the library is an SQLite file."""
    return session.get_bind().dialect.name == "sqlite"


def for_fts5(terms: Sequence[Term]) -> str:
    """Write terms, all of which must be found, as FTS5 reads them."""
    return " AND ".join(f'"{" ".join(term.words)}"{" *" if term.is_open else ""}' for term in terms)


def for_postgres(terms: Sequence[Term]) -> str:
    """Write them as PostgreSQL reads them."""
    return " & ".join(
        "(" + " <-> ".join(f"'{word}'" for word in term.words) + (":*" if term.is_open else "") + ")" for term in terms
    )
