"""Teams, whose material belongs to a library of their own, and who belongs to them."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

ROLES = ("OWNER", "TRAINER", "MEMBER", "GUEST", "STRANGER")


def upgrade() -> None:
    op.create_table(
        "team",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("library_id", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_team"),
        sa.ForeignKeyConstraint(["library_id"], ["learner.id"], name="fk_team_library_id", ondelete="CASCADE"),
        sa.UniqueConstraint("library_id", name="uq_team_library_id"),
    )
    op.create_table(
        "membership",
        sa.Column("team_id", sa.Integer, nullable=False),
        sa.Column("learner_id", sa.Integer, nullable=False),
        sa.Column(
            "role", sa.Enum(*ROLES, name="role", native_enum=False, create_constraint=True, length=16), nullable=False
        ),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shows_recall", sa.Boolean, nullable=False),
        sa.Column("on_leaderboards", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("team_id", "learner_id", name="pk_membership"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_membership_team_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_membership_learner_id", ondelete="CASCADE"),
    )
    op.create_index("ix_membership_learner_id", "membership", ["learner_id"])


def downgrade() -> None:
    op.drop_table("membership")
    op.drop_table("team")
