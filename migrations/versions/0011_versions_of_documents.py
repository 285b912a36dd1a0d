"""A document keeps what it was when it is added again, and asks what its cards shall follow."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

KINDS = sa.Enum("ANSWER", "GONE", name="changekind", native_enum=False, create_constraint=True, length=16)
DECISIONS = sa.Enum("TAKEN", "LEFT", name="changedecision", native_enum=False, create_constraint=True, length=16)


def upgrade() -> None:
    op.create_table(
        "document_version",
        sa.Column("document_id", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("filename", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("text_hash", sa.Text, nullable=False),
        sa.Column("words", sa.Integer, nullable=False),
        sa.Column("problems", sa.JSON, nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("added", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("document_id", "number", name="pk_document_version"),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name="fk_document_version_document_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["learner.id"], name="fk_document_version_owner_id", ondelete="CASCADE"),
        sa.CheckConstraint("length(file) = 64", name="file"),
    )
    op.create_index("ix_document_version_text_hash", "document_version", ["text_hash"])
    op.create_table(
        "document_change",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.Column("document_id", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("note_id", sa.Integer, nullable=False),
        sa.Column("kind", KINDS, nullable=False),
        sa.Column("former_quote", sa.Text, nullable=False),
        sa.Column("question", sa.Text, nullable=True),
        sa.Column("answer", sa.Text, nullable=True),
        sa.Column("choices", sa.JSON, nullable=True),
        sa.Column("explanation", sa.Text, nullable=True),
        sa.Column("decision", DECISIONS, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note_version", sa.Integer, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_document_change"),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name="fk_document_change_document_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name="fk_document_change_note_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["owner_id"], ["learner.id"], name="fk_document_change_owner_id", ondelete="CASCADE"),
    )
    op.create_index("ix_document_change_document_id_decision", "document_change", ["document_id", "decision"])
    op.create_index("ix_document_change_note_id", "document_change", ["note_id"])
    for table in ("note", "draft"):
        op.add_column(table, sa.Column("quote_gone_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for table in ("draft", "note"):
        with op.batch_alter_table(table) as altered:
            altered.drop_column("quote_gone_at")
    op.drop_table("document_change")
    op.drop_table("document_version")
