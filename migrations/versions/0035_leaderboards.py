"""What leaderboards of teams count: days of study, cards remembered for long, and what attempts came to."""

from collections import Counter, defaultdict
from datetime import date, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0033"

LONG = timedelta(days=21)
AT_ONCE = 1_000
SPANS = ("WEEK", "MONTH", "ALL")
BEGINNING = date(1970, 1, 1)

review = sa.table(
    "review",
    sa.column("id", sa.Uuid),
    sa.column("learner_id", sa.Integer),
    sa.column("card_id", sa.Integer),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("day", sa.Date),
    sa.column("grade", sa.Text),
    sa.column("was", sa.Text),
    sa.column("undoes", sa.Uuid),
)
card = sa.table("card", sa.column("id", sa.Integer), sa.column("owner_id", sa.Integer))
answer = sa.table(
    "answer", sa.column("sitting_id", sa.Integer), sa.column("share", sa.Double), sa.column("replaced_at", sa.DateTime)
)
sitting = sa.table(
    "sitting",
    sa.column("id", sa.Integer),
    sa.column("assignment_id", sa.Integer),
    sa.column("finished", sa.DateTime(timezone=True)),
    sa.column("order", sa.JSON),
    sa.column("score", sa.Double),
)


def upgrade() -> None:
    op.create_table(
        "study_day",
        sa.Column("learner_id", sa.Integer, nullable=False),
        sa.Column("library_id", sa.Integer, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("lasting", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "library_id", "day", name="pk_study_day"),
        _points("study_day", "learner_id"),
        _points("study_day", "library_id"),
    )
    op.create_index("ix_study_day_library_id", "study_day", ["library_id"])
    op.create_table(
        "study_sum",
        sa.Column("library_id", sa.Integer, nullable=False),
        sa.Column(
            "span", sa.Enum(*SPANS, name="span", native_enum=False, create_constraint=True, length=16), nullable=False
        ),
        sa.Column("start", sa.Date, nullable=False),
        sa.Column("learner_id", sa.Integer, nullable=False),
        sa.Column("days", sa.Integer, nullable=False),
        sa.Column("lasting", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("library_id", "span", "start", "learner_id", name="pk_study_sum"),
        _points("study_sum", "library_id"),
        _points("study_sum", "learner_id"),
    )
    op.create_index("ix_study_sum_learner_id", "study_sum", ["learner_id"])
    with op.batch_alter_table("sitting") as table:
        table.add_column(sa.Column("score", sa.Double, nullable=True))
    op.create_index(
        "ix_sitting_assignment_id",
        "sitting",
        ["assignment_id", "finished", "learner_id", "score"],
        sqlite_where=sa.text("attempt = 1"),
        postgresql_where=sa.text("attempt = 1"),
    )
    _count_days()
    _score_attempts()


def downgrade() -> None:
    op.drop_index("ix_sitting_assignment_id", "sitting")
    with op.batch_alter_table("sitting") as table:
        table.drop_column("score")
    for table in ("study_sum", "study_day"):
        op.drop_table(table)


def _count_days() -> None:
    """Count what people have answered of teams' material before."""
    undo = review.alias("undo")
    query = (
        sa.select(review.c.learner_id, card.c.owner_id, review.c.card_id, review.c.day, review.c.was, review.c.grade)
        .join_from(review, card, card.c.id == review.c.card_id)
        .where(review.c.learner_id != card.c.owner_id, review.c.grade.is_not(None))
        .where(~sa.select(undo.c.id).where(undo.c.undoes == review.c.id).exists())
        .order_by(review.c.learner_id, review.c.card_id, review.c.at)
    )
    days, sums, before = Counter(), defaultdict(Counter), None
    for learner_id, library_id, card_id, day, was, grade in op.get_bind().execute(query):
        seen = before is not None and before[:2] == (learner_id, card_id)
        is_recalled = was == "REVIEW" and grade != "AGAIN"
        days[learner_id, library_id, day] += int(seen and is_recalled and day - before[2] >= LONG)
        before = learner_id, card_id, day
    for (learner_id, library_id, day), lasting in days.items():
        starts = (day - timedelta(days=day.weekday()), day.replace(day=1), BEGINNING)
        for span, start in zip(SPANS, starts, strict=True):
            sums[library_id, span, start, learner_id].update(days=1, lasting=lasting)
    day_rows = sa.table("study_day", *(sa.column(name) for name in ("learner_id", "library_id")))
    day_rows.append_column(sa.column("day", sa.Date))
    day_rows.append_column(sa.column("lasting", sa.Integer))
    sum_rows = sa.table(
        "study_sum", *(sa.column(name) for name in ("library_id", "span", "learner_id", "days", "lasting"))
    )
    sum_rows.append_column(sa.column("start", sa.Date))
    _add(
        day_rows,
        [{"learner_id": a, "library_id": b, "day": day, "lasting": lasting} for (a, b, day), lasting in days.items()],
    )
    _add(
        sum_rows,
        [
            {
                "library_id": a,
                "span": span,
                "start": start,
                "learner_id": b,
                "days": one["days"],
                "lasting": one["lasting"],
            }
            for (a, span, start, b), one in sums.items()
        ],
    )


def _score_attempts() -> None:
    """Keep what finished attempts at assignments came to."""
    total = sa.func.coalesce(sa.func.sum(answer.c.share), 0.0)
    query = (
        sa.select(sitting.c.id, sitting.c.order, total)
        .select_from(sitting)
        .outerjoin(answer, sa.and_(answer.c.sitting_id == sitting.c.id, answer.c.replaced_at.is_(None)))
        .where(sitting.c.assignment_id.is_not(None), sitting.c.finished.is_not(None))
        .group_by(sitting.c.id)
    )
    scores = [
        {"this": one, "share": points / max(1, len(asked))} for one, asked, points in op.get_bind().execute(query)
    ]
    change = sitting.update().where(sitting.c.id == sa.bindparam("this")).values(score=sa.bindparam("share"))
    for start in range(0, len(scores), AT_ONCE):
        op.get_bind().execute(change, scores[start : start + AT_ONCE])


def _add(table: sa.TableClause, rows: list[dict[str, object]]) -> None:
    for start in range(0, len(rows), AT_ONCE):
        op.get_bind().execute(table.insert(), rows[start : start + AT_ONCE])


def _points(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["learner.id"], name=f"fk_{table}_{column}", ondelete="CASCADE")
