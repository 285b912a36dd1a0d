"""What a team knows is kept added up, and so is what it misses most; tallies say what of them was seen."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"

NOT_SEEN = sa.text("changes <> seen")
FINISHED = sa.text("finished IS NOT NULL")
BY = sa.Enum("HEADING", "SPEAKER", "DECK", name="by", native_enum=False, create_constraint=True, length=16)


def upgrade() -> None:
    op.create_table(
        "knowledge_sum",
        sa.Column("library_id", sa.Integer, nullable=False),
        sa.Column("by", BY, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("people", sa.JSON, nullable=False),
        sa.Column("tested", sa.Text, nullable=False),
        sa.Column("bins", sa.JSON, nullable=False),
        sa.Column("needs", sa.JSON, nullable=False),
        sa.Column("topics", sa.JSON, nullable=False),
        sa.Column("there", sa.JSON, nullable=False),
        sa.Column("answered", sa.JSON, nullable=False),
        sa.Column("coverage", sa.JSON, nullable=False),
        sa.Column("curves", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("library_id", "by", "day", name="pk_knowledge_sum"),
        _of_library("knowledge_sum"),
    )
    op.create_table(
        "knowledge_summed",
        sa.Column("library_id", sa.Integer, nullable=False),
        sa.Column("decks", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("library_id", name="pk_knowledge_summed"),
        _of_library("knowledge_summed"),
    )
    op.create_table(
        "team_missed",
        sa.Column("library_id", sa.Integer, nullable=False),
        sa.Column("of", sa.Text, nullable=False),
        sa.Column("found", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("library_id", name="pk_team_missed"),
        _of_library("team_missed"),
    )
    # Nothing was seen yet: everybody is worked out once more.
    op.add_column("tally", sa.Column("seen", sa.BigInteger, nullable=False, server_default="0"))
    op.create_index(
        "ix_tally_not_seen", "tally", ["learner_id", "deck_id"], sqlite_where=NOT_SEEN, postgresql_where=NOT_SEEN
    )
    op.create_index(
        "ix_sitting_owner_id", "sitting", ["owner_id", "finished"], sqlite_where=FINISHED, postgresql_where=FINISHED
    )
    op.create_index("ix_report_owner_id", "report", ["owner_id", "resolved_at"])
    op.create_index("ix_knowledge_state_at", "knowledge_state", ["library_id", "at"])
    with op.batch_alter_table("knowledge_state") as altered:
        altered.drop_column("changes")


def downgrade() -> None:
    with op.batch_alter_table("knowledge_state") as altered:
        altered.add_column(sa.Column("changes", sa.BigInteger, nullable=False, server_default="-1"))
    op.drop_index("ix_knowledge_state_at", "knowledge_state")
    op.drop_index("ix_report_owner_id", "report")
    op.drop_index("ix_sitting_owner_id", "sitting")
    op.drop_index("ix_tally_not_seen", "tally")
    with op.batch_alter_table("tally") as altered:
        altered.drop_column("seen")
    for table in ("team_missed", "knowledge_summed", "knowledge_sum"):
        op.drop_table(table)


def _of_library(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["library_id"], ["learner.id"], name=f"fk_{table}_library_id", ondelete="CASCADE")
