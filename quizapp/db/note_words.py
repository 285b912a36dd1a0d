"""The words of notes, which follow the notes by themselves: FTS5 in a file, GIN indexes on a server.

`notes` tells of every note that is added or reworded; `like` is the condition of having words. Tags are not among
the words: those are looked up by their names.
"""

from collections.abc import Sequence
from typing import cast

from sqlalchemy import (
    DDL,
    ColumnElement,
    Connection,
    ForeignKey,
    Integer,
    Select,
    Table,
    column,
    delete,
    event,
    func,
    insert,
    literal,
    literal_column,
    select,
    table,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db.base import Base, OwnerKey
from quizapp.db.searching import for_fts5, for_postgres, is_in_a_file
from quizapp.domain import card_media, cloze
from quizapp.domain.expressions import ANY, Wild
from quizapp.domain.searching import Term, searchable

SEARCH = "note_search"  # the FTS5 table of a library in a file
FTS5 = (
    "CREATE VIRTUAL TABLE note_search"
    " USING fts5(words, source, content='note_words', content_rowid='note_id', tokenize='ascii')",
    "CREATE TRIGGER note_words_added AFTER INSERT ON note_words BEGIN"
    " INSERT INTO note_search (rowid, words, source) VALUES (new.note_id, new.words, new.source); END",
    "CREATE TRIGGER note_words_removed AFTER DELETE ON note_words BEGIN"
    " INSERT INTO note_search (note_search, rowid, words, source)"
    " VALUES ('delete', old.note_id, old.words, old.source); END",
)
GIN = (
    "CREATE INDEX ix_note_words_words ON note_words USING gin (to_tsvector('simple', words))",
    "CREATE INDEX ix_note_words_source ON note_words USING gin (to_tsvector('simple', source))",
)
# What follows from `note_words` by itself: tables of FTS5, the indexes of PostgreSQL.
FOLLOWING = frozenset(
    {
        *(SEARCH, *(f"{SEARCH}_{part}" for part in ("config", "data", "docsize", "idx"))),
        *("ix_note_words_words", "ix_note_words_source"),
    }
)


class NoteWordsRow(Base):
    """The words of a note, to be searched; written and removed, never changed, and the index follows."""

    __tablename__ = "note_words"
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"), primary_key=True)
    owner_id: Mapped[OwnerKey]
    words: Mapped[str]  # of all that it says; in their order, by which notes can be sorted
    source: Mapped[str]  # of its quote and the heading above that


WORDS = cast(Table, NoteWordsRow.__table__)
_FOUND = WORDS.alias("found_words")
for _dialect, _statements in (("sqlite", FTS5), ("postgresql", GIN)):
    for _statement in _statements:
        _follows = DDL(_statement)  # type: ignore[no-untyped-call]  # SQLAlchemy gives it no types
        event.listen(WORDS, "after_create", _follows.execute_if(dialect=_dialect))


def words(question: str, answer: str, choices: Sequence[str], explanation: str) -> str:
    """Return the words of what a note says, its gaps filled."""
    said = " ".join((cloze.whole(question), answer, *choices, explanation))
    return searchable(card_media.without_addresses(said))


def source_words(quote: str | None, heading: str | None) -> str:
    """Return the words of where a note comes from."""
    return searchable(f"{quote or ''} {heading or ''}")


def put(connection: Connection, note_id: int, owner_id: int, *, words: str, source: str) -> None:
    """Let a note be found by these words, and no others."""
    connection.execute(delete(WORDS).where(WORDS.c.note_id == note_id))
    row = {"note_id": note_id, "owner_id": owner_id, "words": words, "source": source}
    connection.execute(insert(WORDS).values(row))


def like(session: Session, texts: Sequence[Term | Wild], *, within: str) -> Select[int]:
    """Select the notes that have all the texts; `within` is the column to look in, `words` or `source`."""
    terms = [text for text in texts if isinstance(text, Term)]
    if is_in_a_file(session) and len(terms) == len(texts):
        return _matched(terms, within)  # by the index alone
    query = select(_FOUND.c.note_id)
    if terms:
        query = query.where(_having(session, terms, within))
    for text in texts:
        if text == Wild(ANY):
            query = query.where(_FOUND.c[within] != "")
        elif isinstance(text, Wild):
            pattern = f"% {text.pattern.replace(ANY, '%')} %"
            query = query.where((literal(" ") + _FOUND.c[within] + literal(" ")).like(pattern))
    return query


def _having(session: Session, terms: Sequence[Term], within: str) -> ColumnElement[bool]:
    if is_in_a_file(session):
        return _FOUND.c.note_id.in_(_matched(terms, within))
    simple: ColumnElement[str] = literal_column("'simple'")
    indexed: ColumnElement[str] = func.to_tsvector(simple, _FOUND.c[within])
    return indexed.bool_op("@@")(func.to_tsquery(simple, for_postgres(terms)))


def _matched(terms: Sequence[Term], within: str) -> Select[int]:
    match = literal_column(SEARCH).bool_op("MATCH")(f"{within} : ({for_fts5(terms)})")
    return select(column("rowid", Integer)).select_from(table(SEARCH)).where(match)
