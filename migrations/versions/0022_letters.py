"""Letters that are to be sent, or were."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

ABOUT = ("INVITATION", "PASSWORD", "REMINDER")


def upgrade() -> None:
    op.create_table(
        "letter",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("learner_id", sa.Integer, nullable=True),
        sa.Column(
            "about", sa.Enum(*ABOUT, name="about", native_enum=False, create_constraint=True, length=16), nullable=False
        ),
        sa.Column("once", sa.Text, nullable=True),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("unsubscribe", sa.Text, nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("available", sa.DateTime(timezone=True), nullable=True),
        sa.Column("token", sa.Uuid, nullable=True),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_letter"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_letter_learner_id", ondelete="CASCADE"),
        sa.UniqueConstraint("once", name="uq_letter_once"),
    )
    op.create_index("ix_letter_available", "letter", ["available"])
    op.create_index("ix_letter_learner_id", "letter", ["learner_id"])


def downgrade() -> None:
    op.drop_table("letter")
