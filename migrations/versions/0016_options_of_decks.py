"""Decks are studied in ways of their own, and cards come back on days that are less busy."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

USUAL_WEEK = "[100, 100, 100, 100, 100, 100, 100]"
NEW_ORDERS = sa.Enum(
    "ADDED", "POSITION", "RANDOM", name="neworder", native_enum=False, create_constraint=True, length=16
)
NEW_PLACES = sa.Enum("MIXED", "BEFORE", "AFTER", name="newplace", native_enum=False, create_constraint=True, length=16)
REVIEW_ORDERS = sa.Enum(
    "DUE", "AT_RISK", "SHORTEST", "RANDOM", name="revieworder", native_enum=False, create_constraint=True, length=16
)


def upgrade() -> None:
    op.create_table(
        "deck_option",
        sa.Column("deck_id", sa.Integer, nullable=False),
        sa.Column("learner_id", sa.Integer, nullable=False),
        sa.Column("retention", sa.Double, nullable=False),
        sa.Column("new_per_day", sa.Integer, nullable=False),
        sa.Column("reviews_per_day", sa.Integer, nullable=False),
        sa.Column("learning_steps", sa.JSON, nullable=False),
        sa.Column("relearning_steps", sa.JSON, nullable=False),
        sa.Column("maximum_interval", sa.BigInteger, nullable=False),
        sa.Column("new_order", NEW_ORDERS, nullable=False),
        sa.Column("new_place", NEW_PLACES, nullable=False),
        sa.Column("review_order", REVIEW_ORDERS, nullable=False),
        sa.Column("apart", sa.Boolean, nullable=False),
        sa.Column("leech_after", sa.Integer, nullable=False),
        sa.Column("leech_suspends", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("deck_id", "learner_id", name="pk_deck_option"),
        sa.ForeignKeyConstraint(["deck_id"], ["deck.id"], name="fk_deck_option_deck_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_deck_option_learner_id", ondelete="CASCADE"),
        sa.CheckConstraint("retention between 0.5 and 0.99", name="retention"),
        sa.CheckConstraint("new_per_day >= 0 AND reviews_per_day >= 0", name="limits"),
        sa.CheckConstraint("maximum_interval > 0", name="maximum_interval"),
        sa.CheckConstraint("leech_after >= 0", name="leech_after"),
    )
    op.create_index("ix_deck_option_learner_id", "deck_option", ["learner_id"])
    op.add_column("review", sa.Column("steps", sa.JSON, nullable=True))
    op.add_column("review", sa.Column("spread", sa.Double, nullable=True))
    op.add_column("setting", sa.Column("week", sa.JSON, nullable=False, server_default=USUAL_WEEK))
    with op.batch_alter_table("setting") as altered:
        altered.alter_column("week", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("setting") as altered:
        altered.drop_column("week")
    with op.batch_alter_table("review") as altered:
        altered.drop_column("spread")
        altered.drop_column("steps")
    op.drop_table("deck_option")
