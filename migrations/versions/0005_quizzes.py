"""Quizzes, their questions, sittings and answers; and when a quiz called for a card."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

WAYS = ("CHOICE", "TYPED", "TRUE_FALSE", "CLOZE", "LIST", "ORDER")
MODES = ("MIXED", "CHOICE", "TYPED", "TRUE_FALSE", "CLOZE", "LIST")
ORIGINS = ("DECK", "DOCUMENT", "TAG", "MISSED", "SITTING")


def upgrade() -> None:
    _create_quizzes()
    _create_questions()
    _create_sittings()
    _create_answers()
    with op.batch_alter_table("plan") as table:
        table.add_column(_time("called", nullable=True))


def downgrade() -> None:
    # Cards that were called for go back to their own days.
    op.execute(
        "UPDATE plan SET due = (SELECT due FROM memory WHERE card_id = plan.card_id AND learner_id = plan.learner_id)"
    )
    with op.batch_alter_table("plan") as table:
        table.drop_column("called")
    for name in ("answer", "sitting", "question", "quiz"):
        op.drop_table(name)


def _create_quizzes() -> None:
    op.create_table(
        "quiz",
        *_owned("quiz"),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("made_from", _one_of("madefrom", *ORIGINS), nullable=False),
        sa.Column("mode", _one_of("mode", *MODES), nullable=False),
        sa.Column("feedback", _one_of("feedback", "AT_ONCE", "AT_END"), nullable=False),
        sa.Column("order", _one_of("order", "AS_MADE", "SHUFFLED"), nullable=False),
        sa.Column("time_limit", sa.BigInteger, nullable=True),
        sa.Column("seed", sa.Integer, nullable=False),
        _time("created"),
        _time("deleted_at", nullable=True),
        sa.CheckConstraint("time_limit > 0", name=op.f("ck_quiz_time_limit")),
    )
    op.create_index("ix_quiz_owner_id", "quiz", ["owner_id", "deleted_at", "created"])


def _create_questions() -> None:
    op.create_table(
        "question",
        *_owned("question"),
        sa.Column("quiz_id", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("card_id", sa.Integer, nullable=True),
        sa.Column("way", _one_of("way", *WAYS), nullable=False),
        sa.Column("prompt", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("right", sa.JSON, nullable=False),
        sa.Column("options", sa.JSON, nullable=False),
        sa.Column("hints", sa.JSON, nullable=False),
        sa.Column("claim", sa.Text, nullable=False),
        sa.Column("explanation", sa.Text, nullable=False),
        sa.Column("document_id", sa.Integer, nullable=True),
        sa.Column("document_title", sa.Text, nullable=True),
        sa.Column("quote", sa.Text, nullable=True),
        sa.Column("start", sa.Integer, nullable=True),
        sa.Column("end", sa.Integer, nullable=True),
        sa.Column("speaker", sa.Text, nullable=True),
        sa.Column("heading", sa.Text, nullable=True),
        sa.Column("page", sa.Integer, nullable=True),
        _points("question", "quiz_id", "quiz"),
        _points("question", "card_id", "card", ondelete="SET NULL"),
        _points("question", "document_id", "document", ondelete="SET NULL"),
        sa.UniqueConstraint("quiz_id", "number", name="uq_question_quiz_id_number"),
        sa.CheckConstraint("number >= 1", name=op.f("ck_question_number")),
    )
    op.create_index("ix_question_card_id", "question", ["card_id"])
    op.create_index("ix_question_document_id", "question", ["document_id"])


def _create_sittings() -> None:
    op.create_table(
        "sitting",
        *_owned("sitting"),
        sa.Column("quiz_id", sa.Integer, nullable=False),
        sa.Column("learner_id", sa.Integer, nullable=True),
        sa.Column("guest", sa.Text, nullable=True),
        _time("started"),
        _time("deadline", nullable=True),
        _time("finished", nullable=True),
        sa.Column("order", sa.JSON, nullable=False),
        _points("sitting", "quiz_id", "quiz"),
        _points("sitting", "learner_id", "learner"),
        sa.CheckConstraint("(learner_id IS NULL) = (guest IS NOT NULL)", name=op.f("ck_sitting_one_person")),
        sa.CheckConstraint("deadline > started", name=op.f("ck_sitting_deadline")),
    )
    op.create_index("ix_sitting_quiz_id", "sitting", ["quiz_id", "finished"])
    op.create_index("ix_sitting_learner_id", "sitting", ["learner_id", "quiz_id"])
    _create_unique("sitting", "quiz_id", "learner_id", while_none="finished")


def _create_answers() -> None:
    op.create_table(
        "answer",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.Column("sitting_id", sa.Integer, nullable=False),
        sa.Column("question_id", sa.Integer, nullable=False),
        sa.Column("given", sa.Text, nullable=False),
        sa.Column("kind", _one_of("kind", "RIGHT", "CLOSE", "WRONG"), nullable=False),
        sa.Column("share", sa.Double, nullable=False),
        sa.Column("missed", sa.Boolean, nullable=False),
        _time("at"),
        sa.Column("duration", sa.BigInteger, nullable=False),
        _time("replaced_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_answer"),
        _points("answer", "owner_id", "learner"),
        _points("answer", "sitting_id", "sitting"),
        _points("answer", "question_id", "question"),
        sa.CheckConstraint("share between 0 and 1", name=op.f("ck_answer_share")),
    )
    op.create_index("ix_answer_question_id", "answer", ["question_id", "replaced_at", "at"])
    _create_unique("answer", "sitting_id", "question_id", while_none="replaced_at")


def _create_unique(table: str, *columns: str, while_none: str) -> None:
    condition = sa.text(f"{while_none} IS NULL")
    name = f"uq_{table}_{'_'.join(columns)}"
    op.create_index(name, table, columns, unique=True, sqlite_where=condition, postgresql_where=condition)


def _owned(table: str) -> tuple[sa.Column[int] | sa.Constraint, ...]:
    return (
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        _points(table, "owner_id", "learner"),
    )


def _points(table: str, column: str, target: str, *, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete=ondelete)


def _time(name: str, *, nullable: bool = False) -> sa.Column[sa.DateTime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _one_of(name: str, *members: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=16)
