"""A job knows who asked for it, for the log of a team; what of a team's material is hard for a person is kept for them."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"

# Until now nothing was kept: what was forgotten as often as is usual counts.
HARD = """
    INSERT INTO hard_note (learner_id, note_id)
    SELECT DISTINCT memory.learner_id, note.id
    FROM memory JOIN card ON card.id = memory.card_id JOIN note ON note.id = card.note_id
    WHERE memory.lapses >= 8 AND note.owner_id != memory.learner_id
"""


def upgrade() -> None:
    with op.batch_alter_table("job") as table:
        table.add_column(sa.Column("asked_by", sa.Integer, nullable=True))
        table.create_foreign_key("fk_job_asked_by", "learner", ["asked_by"], ["id"], ondelete="SET NULL")
    op.create_table(
        "hard_note",
        sa.Column("learner_id", sa.Integer, nullable=False),
        sa.Column("note_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "note_id", name="pk_hard_note"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_hard_note_learner_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name="fk_hard_note_note_id", ondelete="CASCADE"),
    )
    op.create_index("ix_hard_note_note_id", "hard_note", ["note_id"])
    op.execute(HARD)


def downgrade() -> None:
    op.drop_table("hard_note")
    with op.batch_alter_table("job") as table:
        table.drop_constraint("fk_job_asked_by", type_="foreignkey")
        table.drop_column("asked_by")
