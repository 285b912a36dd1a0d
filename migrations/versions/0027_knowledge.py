"""What people know of a team's material, as it was last worked out."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.create_table(
        "knowledge",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("library_id", sa.Integer, nullable=False),
        sa.Column("learner_id", sa.Integer, nullable=False),
        sa.Column("deck_id", sa.Integer, nullable=False),
        sa.Column("heading", sa.Text, nullable=False),
        sa.Column("speaker", sa.Text, nullable=False),
        sa.Column("cards", sa.Integer, nullable=False),
        sa.Column("answered", sa.Integer, nullable=False),
        sa.Column("curve", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_knowledge"),
        _points("knowledge", "library_id", "learner"),
        _points("knowledge", "learner_id", "learner"),
        _points("knowledge", "deck_id", "deck"),
    )
    op.create_index("ix_knowledge_library_id", "knowledge", ["library_id", "learner_id"])
    op.create_table(
        "knowledge_state",
        sa.Column("library_id", sa.Integer, nullable=False),
        sa.Column("learner_id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("changes", sa.BigInteger, nullable=False),
        sa.Column("bins", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("library_id", "learner_id", name="pk_knowledge_state"),
        _points("knowledge_state", "library_id", "learner"),
        _points("knowledge_state", "learner_id", "learner"),
    )
    op.create_table(
        "team_recall",
        sa.Column("library_id", sa.Integer, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("people", sa.Integer, nullable=False),
        sa.Column("recall", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("library_id", "day", name="pk_team_recall"),
        _points("team_recall", "library_id", "learner"),
    )


def downgrade() -> None:
    for table in ("team_recall", "knowledge_state", "knowledge"):
        op.drop_table(table)


def _points(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE")
