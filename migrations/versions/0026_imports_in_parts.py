"""Imports come in by parts: a run knows the job that is at it, and how many of its parts are in."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    with op.batch_alter_table("import_run") as table:
        table.add_column(sa.Column("job_id", sa.Integer, nullable=True))
        table.add_column(sa.Column("parts", sa.Integer, nullable=True))
        table.create_foreign_key("fk_import_run_job_id", "job", ["job_id"], ["id"], ondelete="SET NULL")


def downgrade() -> None:
    with op.batch_alter_table("import_run") as table:
        table.drop_constraint("fk_import_run_job_id", type_="foreignkey")
        table.drop_column("parts")
        table.drop_column("job_id")
