"""Learners are scheduled by parameters of their own, and study decks for exams."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

IN_USE = sa.text("in_use")


def upgrade() -> None:
    op.create_table(
        "fsrs_parameters",
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("weights", sa.JSON, nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tests", sa.Integer, nullable=False),
        sa.Column("later_tests", sa.Integer, nullable=False),
        sa.Column("own_log_loss", sa.Double, nullable=False),
        sa.Column("own_rmse", sa.Double, nullable=False),
        sa.Column("default_log_loss", sa.Double, nullable=False),
        sa.Column("default_rmse", sa.Double, nullable=False),
        sa.Column("in_use", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("set_aside", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("owner_id", "version", name="pk_fsrs_parameters"),
        sa.ForeignKeyConstraint(["owner_id"], ["learner.id"], name="fk_fsrs_parameters_owner_id", ondelete="CASCADE"),
        sa.CheckConstraint("version > 1", name="version"),
        sa.CheckConstraint("NOT (in_use AND set_aside)", name="in_use"),
    )
    op.create_index(
        "ix_fsrs_parameters_in_use",
        "fsrs_parameters",
        ["owner_id"],
        unique=True,
        sqlite_where=IN_USE,
        postgresql_where=IN_USE,
    )
    op.create_table(
        "exam",
        sa.Column("deck_id", sa.Integer, nullable=False),
        sa.Column("learner_id", sa.Integer, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("new_per_day", sa.Integer, nullable=True),
        sa.Column("reviews_per_day", sa.Integer, nullable=True),
        sa.PrimaryKeyConstraint("deck_id", "learner_id", name="pk_exam"),
        sa.ForeignKeyConstraint(["deck_id"], ["deck.id"], name="fk_exam_deck_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_exam_learner_id", ondelete="CASCADE"),
        sa.CheckConstraint("(new_per_day IS NULL) = (reviews_per_day IS NULL)", name="both_limits"),
        sa.CheckConstraint("new_per_day >= 0 AND reviews_per_day >= 0", name="limits"),
    )
    op.create_index("ix_exam_learner_id", "exam", ["learner_id"])


def downgrade() -> None:
    op.drop_table("exam")
    op.drop_table("fsrs_parameters")
