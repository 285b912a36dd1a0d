"""A quoted table row knows its columns."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0009"

QUOTING = ("draft", "note", "question")


def upgrade() -> None:
    for name in QUOTING:
        op.add_column(name, sa.Column("columns", sa.JSON, nullable=True))


def downgrade() -> None:
    for name in QUOTING:
        with op.batch_alter_table(name) as table:
            table.drop_column("columns")
