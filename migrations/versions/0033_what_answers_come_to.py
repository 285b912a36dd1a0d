"""Sittings keep what their answers come to, and quizzes what first attempts say of them, so that a page reads neither."""

from collections import defaultdict
from datetime import datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"

SUMS = """
UPDATE sitting SET
    answered = (SELECT count(*) FROM answer WHERE sitting_id = sitting.id AND replaced_at IS NULL),
    points = (SELECT coalesce(sum(share), 0) FROM answer WHERE sitting_id = sitting.id AND replaced_at IS NULL),
    last_answer = (SELECT max(at) FROM answer WHERE sitting_id = sitting.id AND replaced_at IS NULL)
"""


def upgrade() -> None:
    with op.batch_alter_table("sitting") as table:
        table.add_column(sa.Column("answered", sa.Integer, nullable=False, server_default="0"))
        table.add_column(sa.Column("points", sa.Double, nullable=False, server_default="0"))
        table.add_column(sa.Column("last_answer", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("mastered", sa.Integer, nullable=True))
    op.create_table(
        "quiz_analysis",
        sa.Column("quiz_id", sa.Integer, nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("figures", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("quiz_id", name="pk_quiz_analysis"),
        sa.ForeignKeyConstraint(["quiz_id"], ["quiz.id"], name="fk_quiz_analysis_quiz_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["owner_id"], ["learner.id"], name="fk_quiz_analysis_owner_id", ondelete="CASCADE"),
    )
    op.create_index("ix_quiz_analysis_owner_id", "quiz_analysis", ["owner_id"])
    op.execute(SUMS)
    _count_mastered()


def downgrade() -> None:
    op.drop_table("quiz_analysis")
    with op.batch_alter_table("sitting") as table:
        for name in ("answered", "points", "last_answer", "mastered"):
            table.drop_column(name)


def _count_mastered() -> None:
    """Keep with the last sitting of each person how many questions they have mastered, where they are to."""
    bind = op.get_bind()
    answers = bind.execute(
        sa.text(
            "SELECT sitting.id, sitting.assignment_id, occurrence, learner_id, guest_key, question_id, answer.at, missed,"
            " recalls, spacing FROM answer JOIN sitting ON sitting.id = answer.sitting_id"
            " JOIN assignment ON assignment.id = sitting.assignment_id"
            " WHERE goal = 'MASTERY' AND replaced_at IS NULL ORDER BY answer.at"
        ).columns(at=sa.DateTime(timezone=True))
    ).all()
    states: dict[tuple[object, ...], dict[int, tuple[int, datetime | None]]] = defaultdict(dict)
    last: dict[tuple[object, ...], tuple[int, int]] = {}
    for sitting_id, *who, question_id, at, missed, recalls, spacing in answers:
        state = states[tuple(who)]
        times, before = state.get(question_id, (0, None))
        if times < recalls:
            if missed:
                state[question_id] = (0, None)
            elif before is None or at >= before + timedelta(microseconds=spacing):
                state[question_id] = (times + 1, at)
        last[tuple(who)] = sitting_id, sum(times >= recalls for times, _ in state.values())
    for sitting_id, mastered in last.values():
        bind.execute(
            sa.text("UPDATE sitting SET mastered = :mastered WHERE id = :id"), {"mastered": mastered, "id": sitting_id}
        )
