"""Documents can be in the trash, too; notes that are in it are found without reading all notes."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("document", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_note_deleted_at",
        "note",
        ["deleted_at"],
        sqlite_where=sa.text("deleted_at IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_note_deleted_at", "note")
    with op.batch_alter_table("document") as table:
        table.drop_column("deleted_at")
