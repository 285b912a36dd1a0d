"""Documents can be in the trash, too; what is in it is found without reading all notes, decks and documents."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

TABLES = ("document", "deck", "note")


def upgrade() -> None:
    op.add_column("document", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
    in_trash = sa.text("deleted_at IS NOT NULL")
    for table in TABLES:
        name = f"ix_{table}_deleted_at"
        op.create_index(name, table, ["deleted_at"], sqlite_where=in_trash, postgresql_where=in_trash)


def downgrade() -> None:
    for table in TABLES:
        op.drop_index(f"ix_{table}_deleted_at", table)
    with op.batch_alter_table("document") as table:
        table.drop_column("deleted_at")
