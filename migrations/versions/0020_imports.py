"""Files of other programs come in as runs that can be undone, with what was learned there."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

KINDS = ("BURY", "SUSPEND", "RESUME", "FLAG", "KNOWN", "RESET", "EDIT", "REPORT", "PRACTICE")


def upgrade() -> None:
    op.create_table(
        "import_run",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report", sa.JSON, nullable=False),
        sa.Column("decks", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_import_run"),
        _points("import_run", "owner_id", "learner"),
    )
    op.create_index("ix_import_run_owner_id", "import_run", ["owner_id", "id"])
    op.create_table(
        "import_step",
        sa.Column("run_id", sa.Integer, nullable=False),
        sa.Column("note_id", sa.Integer, nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.Column("was", sa.JSON, nullable=True),
        sa.PrimaryKeyConstraint("run_id", "note_id", name="pk_import_step"),
        _points("import_step", "run_id", "import_run"),
        _points("import_step", "note_id", "note"),
        _points("import_step", "owner_id", "learner"),
    )
    op.create_index("ix_import_step_note_id", "import_step", ["note_id"])
    op.create_table(
        "imported",
        sa.Column("note_id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.Column("named", sa.Boolean, nullable=False),
        sa.Column("asks", sa.String(32), nullable=False),
        sa.Column("says", sa.String(32), nullable=False),
        sa.Column("tags", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("note_id", name="pk_imported"),
        _points("imported", "note_id", "note"),
        _points("imported", "owner_id", "learner"),
    )
    op.create_index("ix_imported_owner_id", "imported", ["owner_id", "asks"])
    _take_actions(*KINDS, "GIVEN")


def downgrade() -> None:
    op.execute("DELETE FROM card_action WHERE kind = 'GIVEN'")
    _take_actions(*KINDS)
    for table in ("imported", "import_step", "import_run"):
        op.drop_table(table)


def _take_actions(*members: str) -> None:
    """Let card actions be of these kinds."""
    listed = ", ".join(f"'{member}'" for member in members)
    with op.batch_alter_table("card_action") as table:
        table.drop_constraint(op.f("ck_card_action_cardaction"), type_="check")
        table.create_check_constraint(op.f("ck_card_action_cardaction"), f"kind IN ({listed})")


def _points(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE")
