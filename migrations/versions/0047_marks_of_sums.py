"""The sums of what a team knows have a mark; what finished sittings add up to is told by their index alone."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0043"

FINISHED = sa.text("finished IS NOT NULL")


def upgrade() -> None:
    op.add_column("knowledge_summed", sa.Column("mark", sa.Text, nullable=True))
    op.drop_index("ix_sitting_owner_id", "sitting")
    op.create_index(
        "ix_sitting_owner_id",
        "sitting",
        ["owner_id", "finished", "answered", "last_answer"],
        sqlite_where=FINISHED,
        postgresql_where=FINISHED,
    )


def downgrade() -> None:
    op.drop_index("ix_sitting_owner_id", "sitting")
    op.create_index(
        "ix_sitting_owner_id", "sitting", ["owner_id", "finished"], sqlite_where=FINISHED, postgresql_where=FINISHED
    )
    with op.batch_alter_table("knowledge_summed") as table:
        table.drop_column("mark")
