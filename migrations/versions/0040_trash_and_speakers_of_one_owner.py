"""The trash of one owner, and whom their cards quote, are found by indexes."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"

IN_TRASH = sa.text("deleted_at IS NOT NULL")
QUOTING = sa.text("speaker IS NOT NULL AND deleted_at IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_note_owner_id_deleted_at",
        "note",
        ["owner_id", "deleted_at"],
        sqlite_where=IN_TRASH,
        postgresql_where=IN_TRASH,
    )
    op.create_index(
        "ix_note_owner_id_speaker", "note", ["owner_id", "speaker"], sqlite_where=QUOTING, postgresql_where=QUOTING
    )


def downgrade() -> None:
    op.drop_index("ix_note_owner_id_speaker", "note")
    op.drop_index("ix_note_owner_id_deleted_at", "note")
