"""A document that was fetched from the web remembers where from."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("document", sa.Column("url", sa.Text, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("document") as table:
        table.drop_column("url")
