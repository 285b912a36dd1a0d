"""Originals move out of the database into the media folder; their rows keep the names.

Every file is written and forced to the disk before the transaction that drops its bytes
commits. A crash in between leaves the bytes in the database, and files that the next
attempt finds there already.
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0002"
down_revision = "0001"

ORIGINAL = sa.table(
    "original",
    sa.column("document_id", sa.Integer),
    sa.column("data", sa.LargeBinary),
    sa.column("hash", sa.Text),
    sa.column("size", sa.BigInteger),
)


def upgrade() -> None:
    with op.batch_alter_table("original") as table:
        table.add_column(sa.Column("hash", sa.Text, nullable=True))
        table.add_column(sa.Column("size", sa.BigInteger, nullable=True))
    media = context.config.attributes["media"]
    for document_id in _documents():
        data = bytes(_of(document_id, ORIGINAL.c.data))
        _set(document_id, hash=media.put(data), size=len(data))
    with op.batch_alter_table("original") as table:
        table.alter_column("hash", existing_type=sa.Text(), nullable=False)
        table.alter_column("size", existing_type=sa.BigInteger(), nullable=False)
        table.drop_column("data")
        table.create_check_constraint(op.f("ck_original_hash"), "length(hash) = 64")


def downgrade() -> None:
    with op.batch_alter_table("original") as table:
        table.add_column(sa.Column("data", sa.LargeBinary, nullable=True))
    media = context.config.attributes["media"]
    for document_id in _documents():
        _set(document_id, data=media.get(_of(document_id, ORIGINAL.c.hash)))
    with op.batch_alter_table("original") as table:
        table.alter_column("data", existing_type=sa.LargeBinary(), nullable=False)
        table.drop_constraint(op.f("ck_original_hash"), type_="check")
        table.drop_column("hash")
        table.drop_column("size")


def _documents() -> list[int]:
    query = sa.select(ORIGINAL.c.document_id).order_by(ORIGINAL.c.document_id)
    return list(op.get_bind().execute(query).scalars())


def _of(document_id: int, column: sa.ColumnClause):
    return op.get_bind().execute(sa.select(column).where(ORIGINAL.c.document_id == document_id)).scalar_one()


def _set(document_id: int, **values: object) -> None:
    op.get_bind().execute(sa.update(ORIGINAL).where(ORIGINAL.c.document_id == document_id).values(values))
