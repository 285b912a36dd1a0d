"""What each review asked of memory is kept with it, and progress is counted from an index alone."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0036"

STAGES = sa.Enum("NEW", "YOUNG", "MATURE", "STEP", name="stage", native_enum=False, create_constraint=True, length=16)
COUNTED = ["learner_id", "day", "quarter", "stage", "grade", "duration", "card_id"]
QUARTERS = {
    "sqlite": "UPDATE review SET quarter = CAST(substr(at, 12, 2) AS INTEGER) * 4 + CAST(substr(at, 15, 2) AS INTEGER) / 15",
    "postgresql": """
        UPDATE review
        SET quarter = extract(hour FROM at AT TIME ZONE 'UTC') * 4 + div(extract(minute FROM at AT TIME ZONE 'UTC'), 15)
    """,
}
# A test is the first review of a day of a card in review, and its stage hangs on the interval before it: 21 days.
STAGED = """
    UPDATE review SET stage = staged.stage FROM (
        SELECT id, CASE
            WHEN was = 'NEW' THEN 'NEW'
            WHEN was != 'REVIEW' OR day_before = day THEN 'STEP'
            WHEN interval_before >= 1814400000000 THEN 'MATURE'
            ELSE 'YOUNG' END AS stage
        FROM (
            SELECT id, was, day, lag(day) OVER of_card AS day_before, lag("interval") OVER of_card AS interval_before
            FROM review AS one
            WHERE was IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM review AS undo
                WHERE undo.undoes = one.id AND undo.card_id = one.card_id AND undo.learner_id = one.learner_id
            )
            WINDOW of_card AS (PARTITION BY learner_id, card_id ORDER BY at, id)
        ) AS counted
    ) AS staged WHERE staged.id = review.id
"""


def upgrade() -> None:
    op.add_column("review", sa.Column("stage", sa.String(16), nullable=True))
    op.add_column("review", sa.Column("quarter", sa.SmallInteger, nullable=True))
    op.execute(QUARTERS[op.get_bind().dialect.name])
    op.execute(STAGED)
    with op.batch_alter_table("review") as table:
        table.alter_column("stage", existing_type=sa.String(16), type_=STAGES)
        table.alter_column("quarter", existing_type=sa.SmallInteger, nullable=False)
        table.create_check_constraint("stage_of_grade", "stage IS NULL OR grade IS NOT NULL")
    op.create_index("ix_review_learner_id_quarter", "review", COUNTED)


def downgrade() -> None:
    op.drop_index("ix_review_learner_id_quarter", "review")
    with op.batch_alter_table("review") as table:
        table.drop_constraint(op.f("ck_review_stage_of_grade"), type_="check")
        table.drop_constraint(op.f("ck_review_stage"), type_="check")
        table.drop_column("quarter")
        table.drop_column("stage")
