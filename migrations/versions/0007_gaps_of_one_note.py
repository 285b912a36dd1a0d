"""Drafts that are gaps of one sentence share a note: each knows the number of its gap."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("draft", sa.Column("note_number", sa.Integer, nullable=True))
    op.execute("UPDATE draft SET note_number = 1 WHERE note_id IS NOT NULL")


def downgrade() -> None:
    with op.batch_alter_table("draft") as table:
        table.drop_column("note_number")
