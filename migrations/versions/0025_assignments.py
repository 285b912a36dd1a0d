"""Assignments of teams: what is to be done by when, by whom, and the sittings that do it."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

ORIGINS = ("DECK", "DOCUMENT", "TAG", "MISSED", "SITTING")


def upgrade() -> None:
    _create_assignments()
    _create_assignees()
    with op.batch_alter_table("quiz") as table:
        table.add_column(sa.Column("is_assigned", sa.Boolean, nullable=False, server_default=sa.false()))
    _take_origins("DECK", "DOCUMENT", "TAG", "SEARCH", "MISSED", "SITTING")
    with op.batch_alter_table("sitting") as table:
        for name in ("assignment_id", "occurrence", "attempt", "seed"):
            table.add_column(sa.Column(name, sa.Integer, nullable=True))
        table.add_column(sa.Column("guest_key", sa.Uuid, nullable=True))
        table.create_foreign_key(
            "fk_sitting_assignment_id", "assignment", ["assignment_id"], ["id"], ondelete="CASCADE"
        )
        table.create_check_constraint(op.f("ck_sitting_attempt"), "(assignment_id IS NULL) = (attempt IS NULL)")
    for who in ("learner_id", "guest_key"):
        columns = ["assignment_id", who, "occurrence", "attempt"]
        op.create_index(f"uq_sitting_assignment_id_{who}", "sitting", columns, unique=True)


def _create_assignments() -> None:
    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer, nullable=False),
        *(
            sa.Column(name, sa.Integer, nullable=name != "owner_id")
            for name in ("owner_id", "quiz_id", "deck_id", "made_by")
        ),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("title", "note")),
        _time("created"),
        _time("deleted_at", nullable=True),
        sa.Column("for_all", sa.Boolean, nullable=False),
        sa.Column("token", sa.Text, nullable=True),
        sa.Column("zone", sa.Text, nullable=False),
        _time("opens"),
        _time("due"),
        _time("cutoff", nullable=True),
        sa.Column("goal", _one_of("goal", "QUIZ", "MASTERY", "RECALL"), nullable=False),
        sa.Column("time_limit", sa.BigInteger, nullable=True),
        sa.Column("attempts", sa.Integer, nullable=True),
        sa.Column("delay", sa.BigInteger, nullable=False),
        sa.Column("grading", _one_of("grading", "BEST", "LAST", "FIRST", "AVERAGE"), nullable=False),
        sa.Column("pass_share", sa.Double, nullable=True),
        sa.Column("told", _one_of("told", "AT_ONCE", "AFTER_ATTEMPT", "AFTER_DUE", "NEVER"), nullable=False),
        sa.Column("late", _one_of("late", "KEEP", "REFUSE"), nullable=False),
        *(sa.Column(name, sa.Integer, nullable=True) for name in ("asked", "per_topic")),
        sa.Column("is_shuffled", sa.Boolean, nullable=False),
        sa.Column("every", sa.Integer, nullable=True),
        sa.Column("unit", _one_of("unit", "DAY", "WEEK", "MONTH"), nullable=True),
        sa.Column("times", sa.Integer, nullable=True),
        sa.Column("recalls", sa.Integer, nullable=False),
        sa.Column("spacing", sa.BigInteger, nullable=False),
        sa.Column("recall", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_assignment"),
        _points("assignment", "owner_id", "learner"),
        _points("assignment", "quiz_id", "quiz"),
        _points("assignment", "deck_id", "deck", ondelete="SET NULL"),
        _points("assignment", "made_by", "learner", ondelete="SET NULL"),
        sa.CheckConstraint("due > opens", name=op.f("ck_assignment_due")),
        sa.CheckConstraint("cutoff >= due", name=op.f("ck_assignment_cutoff")),
        sa.CheckConstraint("attempts >= 1", name=op.f("ck_assignment_attempts")),
        sa.CheckConstraint("pass_share > 0 AND pass_share <= 1", name=op.f("ck_assignment_pass_share")),
        sa.CheckConstraint(
            "(every IS NULL) = (unit IS NULL) AND (unit IS NULL) = (times IS NULL)",
            name=op.f("ck_assignment_recurrence"),
        ),
        sa.CheckConstraint("quiz_id IS NOT NULL OR goal = 'RECALL'", name=op.f("ck_assignment_quiz")),
        sa.UniqueConstraint("token", name="uq_assignment_token"),
    )
    op.create_index("ix_assignment_owner_id", "assignment", ["owner_id", "deleted_at", "due"])
    for name in ("quiz_id", "deck_id", "made_by"):
        op.create_index(f"ix_assignment_{name}", "assignment", [name])


def _create_assignees() -> None:
    op.create_table(
        "assignee",
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("assignment_id", "learner_id")),
        *(sa.Column(name, sa.Boolean, nullable=False) for name in ("is_chosen", "is_excused", "is_strict")),
        sa.Column("occurrence", sa.Integer, nullable=False),
        *(_time(name, nullable=True) for name in ("opens", "due", "cutoff")),
        sa.Column("more_time", sa.BigInteger, nullable=False),
        sa.Column("more_attempts", sa.Integer, nullable=False),
        sa.Column("known", sa.Double, nullable=True),
        _time("settled_at", nullable=True),
        sa.PrimaryKeyConstraint("assignment_id", "learner_id", name="pk_assignee"),
        _points("assignee", "assignment_id", "assignment"),
        _points("assignee", "learner_id", "learner"),
        sa.CheckConstraint("more_attempts >= 0 AND more_time >= 0", name=op.f("ck_assignee_more")),
    )
    op.create_index("ix_assignee_learner_id", "assignee", ["learner_id"])


def downgrade() -> None:
    op.execute("DELETE FROM quiz WHERE is_assigned OR made_from = 'SEARCH'")
    for who in ("learner_id", "guest_key"):
        op.drop_index(f"uq_sitting_assignment_id_{who}", "sitting")
    with op.batch_alter_table("sitting") as table:
        table.drop_constraint(op.f("ck_sitting_attempt"), type_="check")
        table.drop_constraint("fk_sitting_assignment_id", type_="foreignkey")
        for name in ("assignment_id", "occurrence", "attempt", "seed", "guest_key"):
            table.drop_column(name)
    _take_origins(*ORIGINS)
    with op.batch_alter_table("quiz") as table:
        table.drop_column("is_assigned")
    op.drop_table("assignee")
    op.drop_table("assignment")


def _take_origins(*members: str) -> None:
    """Let quizzes be made from these."""
    listed = ", ".join(f"'{member}'" for member in members)
    with op.batch_alter_table("quiz") as table:
        table.drop_constraint(op.f("ck_quiz_madefrom"), type_="check")
        table.create_check_constraint(op.f("ck_quiz_madefrom"), f"made_from IN ({listed})")


def _points(table: str, column: str, target: str, *, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete=ondelete)


def _time(name: str, *, nullable: bool = False) -> sa.Column[sa.DateTime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _one_of(name: str, *members: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=16)
