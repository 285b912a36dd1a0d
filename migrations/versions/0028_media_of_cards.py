"""Card text shows pictures and plays sounds, which their owners have."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.create_table(
        "card_medium",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("unnamed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_card_medium"),
        sa.ForeignKeyConstraint(["owner_id"], ["learner.id"], name="fk_card_medium_owner_id", ondelete="CASCADE"),
        sa.UniqueConstraint("owner_id", "hash", name="uq_card_medium_owner_id_hash"),
        sa.CheckConstraint("length(hash) = 64", name=op.f("ck_card_medium_hash")),
    )


def downgrade() -> None:
    op.drop_table("card_medium")
