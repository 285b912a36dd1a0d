"""Cards are counted by deck and queue as they move, and the pace of answers is read from an index alone."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

COUNT = """
    INSERT INTO tally (deck_id, learner_id, new, learning, review, suspended, changes)
    SELECT deck_id, learner_id,
        sum(CASE WHEN queue = 'NEW' THEN 1 ELSE 0 END), sum(CASE WHEN queue = 'LEARNING' THEN 1 ELSE 0 END),
        sum(CASE WHEN queue = 'REVIEW' THEN 1 ELSE 0 END), sum(CASE WHEN queue = 'SUSPENDED' THEN 1 ELSE 0 END), 1
    FROM plan GROUP BY deck_id, learner_id
"""


def upgrade() -> None:
    op.create_table(
        "tally",
        sa.Column("deck_id", sa.Integer, nullable=False),
        sa.Column("learner_id", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("new", "learning", "review", "suspended")),
        sa.Column("changes", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("deck_id", "learner_id", name="pk_tally"),
        sa.ForeignKeyConstraint(["deck_id"], ["deck.id"], name="fk_tally_deck_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_tally_learner_id", ondelete="CASCADE"),
        sa.CheckConstraint(
            "new >= 0 AND learning >= 0 AND review >= 0 AND suspended >= 0", name=op.f("ck_tally_no_less_than_none")
        ),
    )
    op.create_index("ix_tally_learner_id", "tally", ["learner_id"])
    op.execute(COUNT)
    op.drop_index("ix_review_learner_id_day", "review")
    op.create_index("ix_review_learner_id_day", "review", ["learner_id", "day", "at", "was", "duration"])


def downgrade() -> None:
    op.drop_index("ix_review_learner_id_day", "review")
    op.create_index("ix_review_learner_id_day", "review", ["learner_id", "day", "at", "was"])
    op.drop_table("tally")
