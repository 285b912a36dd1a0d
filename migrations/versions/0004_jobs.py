"""Long work gets a table: who waits for what, who works on it until when, and what came of it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

STATUSES = ("QUEUED", "RUNNING", "DONE", "FAILED", "CANCELLED")


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("given", sa.JSON, nullable=False),
        sa.Column("file", sa.String(64), nullable=True),
        sa.Column(
            "status",
            sa.Enum(*STATUSES, name="jobstatus", native_enum=False, create_constraint=True, length=16),
            nullable=False,
        ),
        sa.Column("available", sa.DateTime(timezone=True), nullable=True),
        sa.Column("token", sa.Uuid, nullable=True),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("cancel_requested", sa.Boolean, nullable=False),
        sa.Column("share", sa.Double, nullable=False),
        sa.Column("doing", sa.Text, nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.JSON, nullable=True),
        sa.Column("made", sa.String(64), nullable=True),
        sa.Column("problem", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
        sa.ForeignKeyConstraint(["owner_id"], ["learner.id"], name="fk_job_owner_id", ondelete="CASCADE"),
    )
    op.create_index("ix_job_available_id", "job", ["available", "id"])
    op.create_index("ix_job_owner_id_status_id", "job", ["owner_id", "status", "id"])


def downgrade() -> None:
    op.drop_table("job")
