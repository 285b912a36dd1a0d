"""How people are told of what is due: by mail, in their language, and in their calendars."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"

REMINDERS = ("OFF", "ASSIGNMENTS", "CARDS")


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("learner_id", sa.Integer, nullable=False),
        sa.Column(
            "reminders",
            sa.Enum(*REMINDERS, name="reminders", native_enum=False, create_constraint=True, length=16),
            nullable=False,
        ),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("calendar_hash", sa.Text, nullable=True),
        sa.Column("calendar_ended", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("learner_id", name="pk_notice"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_notice_learner_id", ondelete="CASCADE"),
        sa.UniqueConstraint("calendar_hash", name="uq_notice_calendar_hash"),
    )


def downgrade() -> None:
    op.drop_table("notice")
