"""A job knows who asked for it, so that the log of a team can tell who added what a worker stored."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0039"


def upgrade() -> None:
    with op.batch_alter_table("job") as table:
        table.add_column(sa.Column("asked_by", sa.Integer, nullable=True))
        table.create_foreign_key("fk_job_asked_by", "learner", ["asked_by"], ["id"], ondelete="SET NULL")


def downgrade() -> None:
    with op.batch_alter_table("job") as table:
        table.drop_constraint("fk_job_asked_by", type_="foreignkey")
        table.drop_column("asked_by")
