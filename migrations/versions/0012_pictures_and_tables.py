"""Pictures of documents get a table, and cards can show one; a quoted table row knows its columns."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

SHOWING = ("draft", "note", "question")


def upgrade() -> None:
    op.create_table(
        "picture",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.Column("document_id", sa.Integer, nullable=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("alt", sa.Text, nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_picture"),
        sa.UniqueConstraint("document_id", "number", name="uq_picture_document_id_number"),
        sa.CheckConstraint("length(hash) = 64", name=op.f("ck_picture_hash")),
        sa.ForeignKeyConstraint(["owner_id"], ["learner.id"], name="fk_picture_owner_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_picture_document_id", ondelete="SET NULL"),
    )
    op.create_index("ix_picture_owner_id_hash", "picture", ["owner_id", "hash"])
    for name in SHOWING:
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("columns", sa.JSON, nullable=True))
            table.add_column(sa.Column("picture_id", sa.Integer, nullable=True))
            key = op.f(f"fk_{name}_picture_id")
            table.create_foreign_key(key, "picture", ["picture_id"], ["id"], ondelete="SET NULL")
        op.create_index(f"ix_{name}_picture_id", name, ["picture_id"])


def downgrade() -> None:
    for name in SHOWING:
        op.drop_index(f"ix_{name}_picture_id", name)
        with op.batch_alter_table(name) as table:
            table.drop_constraint(op.f(f"fk_{name}_picture_id"), type_="foreignkey")
            table.drop_column("picture_id")
            table.drop_column("columns")
    op.drop_table("picture")
