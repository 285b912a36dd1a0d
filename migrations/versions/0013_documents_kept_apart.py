"""A version keeps all that hung on it, so that it can come back; documents that are much alike can be kept apart."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

VERSION = sa.table(
    "document_version",
    sa.column("document_id", sa.Integer),
    sa.column("number", sa.Integer),
    sa.column("text", sa.Text),
    sa.column("passages", sa.JSON),
)


def upgrade() -> None:
    op.add_column("document", sa.Column("batch", sa.Text, nullable=True))
    for name, kind in (
        ("language", sa.Text()),
        ("url", sa.Text()),
        ("passages", sa.JSON()),
        ("attached", sa.JSON()),
        ("successor", sa.JSON()),
    ):
        op.add_column("document_version", sa.Column(name, kind, nullable=True))
    op.execute(
        "UPDATE document_version "
        "SET language = (SELECT language FROM document WHERE document.id = document_version.document_id)"
    )
    _lay_out_by_lines()
    with op.batch_alter_table("document_version") as table:
        table.alter_column("language", existing_type=sa.Text(), nullable=False)
        table.alter_column("passages", existing_type=sa.JSON(), nullable=False)
    op.create_table(
        "document_kin",
        sa.Column("document_id", sa.Integer, nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.Column("former_id", sa.Integer, nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parted", sa.JSON, nullable=True),
        sa.PrimaryKeyConstraint("document_id", name="pk_document_kin"),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name="fk_document_kin_document_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["former_id"], ["document.id"], name="fk_document_kin_former_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["owner_id"], ["learner.id"], name="fk_document_kin_owner_id", ondelete="CASCADE"),
    )
    op.create_index("ix_document_kin_former_id", "document_kin", ["former_id"])


def downgrade() -> None:
    op.drop_table("document_kin")
    with op.batch_alter_table("document_version") as table:
        for name in ("successor", "attached", "passages", "url", "language"):
            table.drop_column(name)
    with op.batch_alter_table("document") as table:
        table.drop_column("batch")


def _lay_out_by_lines() -> None:
    """Give the versions of before a paragraph for each line: how they were laid out was not kept."""
    connection = op.get_bind()
    for document, number, text in connection.execute(sa.select(*list(VERSION.c)[:3])).all():
        passages, start = [], 0
        for line in text.split("\n"):
            if line.strip():
                passages.append(["PARAGRAPH", start, start + len(line), 0, [], None, None])
            start += len(line) + 1
        this = VERSION.c.document_id == document, VERSION.c.number == number
        connection.execute(sa.update(VERSION).where(*this).values(passages=passages))
