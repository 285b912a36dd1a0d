"""Learners have options for all decks, which any deck can follow; and hard cards are split as any other."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

NEW_ORDERS = sa.Enum(
    "ADDED", "POSITION", "RANDOM", name="neworder", native_enum=False, create_constraint=True, length=16
)
NEW_PLACES = sa.Enum("MIXED", "BEFORE", "AFTER", name="newplace", native_enum=False, create_constraint=True, length=16)
REVIEW_ORDERS = sa.Enum(
    "DUE", "AT_RISK", "SHORTEST", "RANDOM", name="revieworder", native_enum=False, create_constraint=True, length=16
)
# What every learner studied by until now.
COLUMNS = (
    ("learning_steps", sa.JSON(), "[60, 600]"),
    ("relearning_steps", sa.JSON(), "[600]"),
    ("maximum_interval", sa.BigInteger(), str(36_500 * 86_400 * 1_000_000)),
    ("new_order", NEW_ORDERS, "ADDED"),
    ("new_place", NEW_PLACES, "MIXED"),
    ("review_order", REVIEW_ORDERS, "DUE"),
    ("apart", sa.Boolean(), sa.false()),
    ("leech_after", sa.Integer(), "8"),
    ("leech_suspends", sa.Boolean(), sa.false()),
)


def upgrade() -> None:
    op.add_column("deck_option", sa.Column("set_aside_at", sa.DateTime(timezone=True), nullable=True))
    for name in ("was_hard", "was_suspended"):
        op.add_column("split", sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false()))
    with op.batch_alter_table("setting") as altered:
        for name, kind, value in COLUMNS:
            altered.add_column(sa.Column(name, kind, nullable=False, server_default=value))
        altered.create_check_constraint("maximum_interval", "maximum_interval > 0")
        altered.create_check_constraint("leech_after", "leech_after >= 0")
        altered.create_check_constraint("limits", "new_per_day >= 0 AND reviews_per_day >= 0")
        altered.drop_constraint("new_per_day", type_="check")
        altered.drop_constraint("reviews_per_day", type_="check")
    with op.batch_alter_table("setting") as altered:
        for name, _, _ in COLUMNS:
            altered.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("setting") as altered:
        altered.create_check_constraint("new_per_day", "new_per_day >= 0")
        altered.create_check_constraint("reviews_per_day", "reviews_per_day >= 0")
        for name in ("limits", "leech_after", "maximum_interval", "neworder", "newplace", "revieworder"):
            altered.drop_constraint(name, type_="check")
        for name, _, _ in COLUMNS:
            altered.drop_column(name)
    with op.batch_alter_table("split") as altered:
        altered.drop_column("was_suspended")
        altered.drop_column("was_hard")
    with op.batch_alter_table("deck_option") as altered:
        altered.drop_column("set_aside_at")
