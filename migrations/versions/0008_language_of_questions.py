"""A question knows the language of its document, so that pages say how to read it aloud."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("question", sa.Column("language", sa.Text, nullable=True))
    op.execute(
        "UPDATE question SET language = (SELECT language FROM document WHERE document.id = question.document_id) "
        "WHERE document_id IS NOT NULL"
    )


def downgrade() -> None:
    with op.batch_alter_table("question") as table:
        table.drop_column("language")
