"""Whether an e-mail reaches its person is known of an account, and a link by mail shows it."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"

PURPOSES = ("FIRST", "INVITATION", "RESET")
ABOUT = ("INVITATION", "PASSWORD", "REMINDER")


def upgrade() -> None:
    with op.batch_alter_table("account") as table:
        table.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE account SET confirmed_at = created")  # letters went there until now, and go on
    _let("one_time_link", "purpose", (*PURPOSES, "EMAIL"))
    _let("letter", "about", ("INVITATION", "PASSWORD", "ADDRESS", "REMINDER"))


def downgrade() -> None:
    op.execute("DELETE FROM one_time_link WHERE purpose = 'EMAIL'")
    op.execute("DELETE FROM letter WHERE about = 'ADDRESS'")
    _let("letter", "about", ABOUT)
    _let("one_time_link", "purpose", PURPOSES)
    with op.batch_alter_table("account") as table:
        table.drop_column("confirmed_at")


def _let(table_name: str, column: str, values: tuple[str, ...]) -> None:
    """Let a column hold other values."""
    listed = ", ".join(f"'{one}'" for one in values)
    with op.batch_alter_table(table_name) as table:
        table.drop_constraint(op.f(f"ck_{table_name}_{column}"), type_="check")
        table.create_check_constraint(op.f(f"ck_{table_name}_{column}"), f"{column} IN ({listed})")
