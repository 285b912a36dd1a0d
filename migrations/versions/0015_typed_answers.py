"""Notes and decks say whether answers are typed; learners teach cards other wordings, and split notes in two."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


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
    op.create_table(
        "split",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.Column("note_id", sa.Integer, nullable=False),
        sa.Column("other_id", sa.Integer, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("choices", sa.JSON, nullable=False),
        sa.Column("explanation", sa.Text, nullable=False),
        sa.Column("note_version", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_split"),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name="fk_split_note_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["other_id"], ["note.id"], name="fk_split_other_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["owner_id"], ["learner.id"], name="fk_split_owner_id", ondelete="CASCADE"),
    )
    for column in ("note_id", "other_id"):
        op.create_index(f"ix_split_{column}", "split", [column])


def downgrade() -> None:
    op.drop_table("split")
    op.drop_table("accepted")
    for table in ("deck", "note"):
        with op.batch_alter_table(table) as altered:
            altered.drop_column("typed")
