"""The lines of a log that one person left are found by when they did; what finished sittings add up to by their index alone."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0041"

FINISHED = sa.text("finished IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_audit_event_person_id", "audit_event", ["person_id", "at"])
    op.drop_index("ix_sitting_owner_id", "sitting")
    op.create_index(
        "ix_sitting_owner_id",
        "sitting",
        ["owner_id", "finished", "answered", "last_answer"],
        sqlite_where=FINISHED,
        postgresql_where=FINISHED,
    )


def downgrade() -> None:
    op.drop_index("ix_sitting_owner_id", "sitting")
    op.create_index(
        "ix_sitting_owner_id", "sitting", ["owner_id", "finished"], sqlite_where=FINISHED, postgresql_where=FINISHED
    )
    op.drop_index("ix_audit_event_person_id", "audit_event")
