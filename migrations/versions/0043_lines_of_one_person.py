"""The lines of a log that one person left are found by when they did."""

from alembic import op

revision = "0043"
down_revision = "0041"


def upgrade() -> None:
    op.create_index("ix_audit_event_person_id", "audit_event", ["person_id", "at"])


def downgrade() -> None:
    op.drop_index("ix_audit_event_person_id", "audit_event")
