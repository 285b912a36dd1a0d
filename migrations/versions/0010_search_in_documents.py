"""The words of passages can be searched, documents have tags, and passages are found by where they begin."""

import re
from collections.abc import Iterator
from unicodedata import normalize

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

# As they were when this was written; what is indexed later is indexed by the program itself.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
ACCENTS = "\u0300-\u036f\u3099\u309a"
WORD = re.compile(f"[{UNSPACED}][{ACCENTS}]*|(?:[^\\W_{UNSPACED}][{ACCENTS}]*)+")
SEARCHED_CHARS = 100_000
FTS5 = (
    "CREATE VIRTUAL TABLE passage_search"
    " USING fts5(words, content='passage_words', content_rowid='id', tokenize='ascii')",
    "CREATE TRIGGER passage_words_added AFTER INSERT ON passage_words BEGIN"
    " INSERT INTO passage_search (rowid, words) VALUES (new.id, new.words); END",
    "CREATE TRIGGER passage_words_removed AFTER DELETE ON passage_words BEGIN"
    " INSERT INTO passage_search (passage_search, rowid, words) VALUES ('delete', old.id, old.words); END",
)


def upgrade() -> None:
    op.create_index("ix_passage_document_id_start", "passage", ["document_id", "start", "end", "kind", "number"])
    op.create_table(
        "document_tag",
        sa.Column("document_id", sa.Integer, nullable=False),
        sa.Column("tag_id", sa.Integer, nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], "fk_document_tag_document_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], "fk_document_tag_tag_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["owner_id"], ["learner.id"], "fk_document_tag_owner_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("document_id", "tag_id", name="pk_document_tag"),
    )
    op.create_index("ix_document_tag_tag_id", "document_tag", ["tag_id"])
    words = op.create_table(
        "passage_words",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.Column("document_id", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["learner.id"], "fk_passage_words_owner_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["document_id", "number"],
            ["passage.document_id", "passage.number"],
            "fk_passage_words_document_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_passage_words"),
        sa.UniqueConstraint("document_id", "number", name="uq_passage_words_document_id_number"),
    )
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        for statement in FTS5:
            op.execute(statement)
    for rows in _words(connection):
        op.bulk_insert(words, rows)
    if connection.dialect.name == "postgresql":
        op.execute("CREATE INDEX ix_passage_words_words ON passage_words USING gin (to_tsvector('simple', words))")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE passage_search")
    op.drop_table("passage_words")
    op.drop_table("document_tag")
    op.drop_index("ix_passage_document_id_start", "passage")


def _words(connection: sa.Connection) -> Iterator[list[dict[str, object]]]:
    """Give the words of all passages, a document at a time."""
    documents = connection.execute(sa.text("SELECT id, owner_id FROM document ORDER BY id")).all()
    for document_id, owner_id in documents:
        of_it = {"document": document_id}
        text = connection.execute(sa.text("SELECT text FROM document WHERE id = :document"), of_it).scalar_one()
        query = 'SELECT number, "start", "end" FROM passage WHERE document_id = :document ORDER BY number'
        rows = [
            {
                "owner_id": owner_id,
                "document_id": document_id,
                "number": number,
                "words": _searchable(text[start : min(end, start + SEARCHED_CHARS)]),
            }
            for number, start, end in connection.execute(sa.text(query), of_it)
        ]
        if rows:
            yield rows


def _searchable(passage: str) -> str:
    folded = re.sub(f"[{ACCENTS}]", "", normalize("NFKD", passage.casefold()))
    return " ".join(WORD.findall(folded))
