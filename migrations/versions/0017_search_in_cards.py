"""The words of notes can be searched, searches can be saved, and what is done to many cards can be undone at once."""

import json
import re
from collections.abc import Iterator
from unicodedata import normalize

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

# As they were when this was written; what is indexed later is indexed by the program itself.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
ACCENTS = "\u0300-\u036f\u3099\u309a"
WORD = re.compile(f"[{UNSPACED}][{ACCENTS}]*|(?:[^\\W_{UNSPACED}][{ACCENTS}]*)+")
GAP = re.compile(r"\{\{c(\d{1,3})::(.*?)(?:::(.*?))?\}\}", re.DOTALL | re.ASCII)
SEARCHED_CHARS = 100_000
NOTES_AT_ONCE = 1_000
STEPS = sa.Enum(
    *("MOVE", "TAG", "UNTAG", "SUSPEND", "RESUME", "FLAG", "RESET", "DELETE"),
    name="bulkkind",
    native_enum=False,
    create_constraint=True,
    length=16,
)
FTS5 = (
    "CREATE VIRTUAL TABLE note_search"
    " USING fts5(words, source, content='note_words', content_rowid='note_id', tokenize='ascii')",
    "CREATE TRIGGER note_words_added AFTER INSERT ON note_words BEGIN"
    " INSERT INTO note_search (rowid, words, source) VALUES (new.note_id, new.words, new.source); END",
    "CREATE TRIGGER note_words_removed AFTER DELETE ON note_words BEGIN"
    " INSERT INTO note_search (note_search, rowid, words, source)"
    " VALUES ('delete', old.note_id, old.words, old.source); END",
)
GIN = ("words", "source")


def upgrade() -> None:
    words = op.create_table(
        "note_words",
        sa.Column("note_id", sa.Integer, nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], "fk_note_words_note_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["owner_id"], ["learner.id"], "fk_note_words_owner_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("note_id", name="pk_note_words"),
    )
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        for statement in FTS5:
            op.execute(statement)
    for rows in _words(connection):
        op.bulk_insert(words, rows)
    if connection.dialect.name == "postgresql":
        for column in GIN:
            op.execute(f"CREATE INDEX ix_note_words_{column} ON note_words USING gin (to_tsvector('simple', {column}))")
    _create_searches_and_steps()


def _create_searches_and_steps() -> None:
    op.create_table(
        "saved_search",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["learner.id"], "fk_saved_search_owner_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_search"),
    )
    op.create_index("ix_saved_search_owner_id", "saved_search", ["owner_id"])
    op.create_table(
        "bulk_step",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.Column("kind", STEPS, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cards", sa.Integer, nullable=False),
        sa.Column("details", sa.JSON, nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["learner.id"], "fk_bulk_step_owner_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_bulk_step"),
    )
    op.create_index("ix_bulk_step_at", "bulk_step", ["at"])


def downgrade() -> None:
    op.drop_table("bulk_step")
    op.drop_table("saved_search")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE note_search")
    op.drop_table("note_words")


def _words(connection: sa.Connection) -> Iterator[list[dict[str, object]]]:
    """Give the words of all notes, some at a time."""
    query = sa.text(
        "SELECT id, owner_id, question, answer, choices, explanation, quote, heading FROM note"
        " WHERE id > :last ORDER BY id LIMIT :most"
    )
    last = 0
    while found := connection.execute(query, {"last": last, "most": NOTES_AT_ONCE}).all():
        last = found[-1].id
        yield [
            {
                "note_id": note.id,
                "owner_id": note.owner_id,
                "words": _searchable(
                    " ".join((GAP.sub(r"\2", note.question), note.answer, *_texts(note.choices), note.explanation))
                ),
                "source": _searchable(f"{note.quote or ''} {note.heading or ''}"),
            }
            for note in found
        ]


def _texts(stored: str | list[str]) -> list[str]:
    texts: list[str] = json.loads(stored) if isinstance(stored, str) else stored
    return texts


def _searchable(text: str) -> str:
    whole = normalize("NFKD", normalize("NFKD", text[:SEARCHED_CHARS].casefold()).casefold())
    return " ".join(WORD.findall(re.sub(f"[{ACCENTS}]", "", whole)))
