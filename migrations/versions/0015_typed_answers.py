"""Notes and decks say whether answers are typed; learners say which other wordings are right."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0011"


def upgrade() -> None:
    for table in ("note", "deck"):
        op.add_column(table, sa.Column("typed", sa.Boolean, nullable=True))
    op.create_table(
        "accepted",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.Column("card_id", sa.Integer, nullable=False),
        sa.Column("gap", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_accepted"),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name="fk_accepted_card_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["owner_id"], ["learner.id"], name="fk_accepted_owner_id", ondelete="CASCADE"),
        sa.UniqueConstraint("card_id", "gap", "text", name="uq_accepted_card_id_gap_text"),
    )


def downgrade() -> None:
    op.drop_table("accepted")
    for table in ("deck", "note"):
        with op.batch_alter_table(table) as altered:
            altered.drop_column("typed")
