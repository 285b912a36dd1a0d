"""Decks of teams are studied by who follows them, cards have a history, people suggest changes, and a team has a log."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

VERDICTS = ("ACCEPTED", "CHANGED", "DECLINED", "WITHDRAWN")
WORDS = ("question", "answer", "explanation")


def upgrade() -> None:
    op.create_table(
        "follow",
        sa.Column("deck_id", sa.Integer, nullable=False),
        sa.Column("learner_id", sa.Integer, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("deck_id", "learner_id", name="pk_follow"),
        _points("follow", "deck_id", "deck"),
        _points("follow", "learner_id", "learner"),
    )
    op.create_index("ix_follow_learner_id", "follow", ["learner_id"])
    op.create_table(
        "wording",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.Column("note_id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        *_wording(),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_wording"),
        _points("wording", "owner_id", "learner"),
        _points("wording", "note_id", "note"),
        _points("wording", "changed_by", "learner", ondelete="SET NULL"),
    )
    op.create_index("ix_wording_note_id", "wording", ["note_id", "id"])
    _add_suggestions()
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer, nullable=True),
        sa.Column("team_id", sa.Integer, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("thing_id", sa.Integer, nullable=True),
        sa.Column("detail", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_event"),
        _points("audit_event", "person_id", "learner", ondelete="SET NULL"),
        _points("audit_event", "team_id", "team"),
    )
    op.create_index("ix_audit_event_team_id", "audit_event", ["team_id", "id"])
    with op.batch_alter_table("report") as batch:
        batch.add_column(sa.Column("person_id", sa.Integer, nullable=True))
        batch.add_column(sa.Column("word", sa.Text, nullable=False, server_default=sa.text("''")))
        batch.create_foreign_key("fk_report_person_id", "learner", ["person_id"], ["id"], ondelete="SET NULL")
    op.create_index("ix_report_person_id", "report", ["person_id"])
    op.execute("UPDATE report SET person_id = owner_id")
    _tell_accepted_apart("owner_id", "card_id", "gap", "text", was=("card_id", "gap", "text"))


def downgrade() -> None:
    op.execute("DELETE FROM accepted WHERE id NOT IN (SELECT min(id) FROM accepted GROUP BY card_id, gap, text)")
    _tell_accepted_apart("card_id", "gap", "text", was=("owner_id", "card_id", "gap", "text"))
    op.drop_index("ix_report_person_id", "report")
    with op.batch_alter_table("report") as batch:
        batch.drop_constraint("fk_report_person_id", type_="foreignkey")
        batch.drop_column("person_id")
        batch.drop_column("word")
    for table in ("audit_event", "suggestion", "wording", "follow"):
        op.drop_table(table)


def _add_suggestions() -> None:
    verdict = sa.Enum(*VERDICTS, name="verdict", native_enum=False, create_constraint=True, length=16)
    op.create_table(
        "suggestion",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.Column("note_id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("note_version", sa.Integer, nullable=False),
        *_wording(),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", verdict, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer, nullable=True),
        sa.Column("word", sa.Text, nullable=False),
        sa.Column("became_version", sa.Integer, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_suggestion"),
        _points("suggestion", "owner_id", "learner"),
        _points("suggestion", "note_id", "note"),
        _points("suggestion", "person_id", "learner"),
        _points("suggestion", "decided_by", "learner", ondelete="SET NULL"),
    )
    op.create_index("ix_suggestion_owner_id", "suggestion", ["owner_id", "verdict", "id"])
    op.create_index("ix_suggestion_person_id", "suggestion", ["person_id", "id"])
    op.create_index("ix_suggestion_note_id", "suggestion", ["note_id"])


def _wording() -> list[sa.Column]:
    texts = [sa.Column(name, sa.Text, nullable=False) for name in WORDS]
    return [*texts, sa.Column("choices", sa.JSON, nullable=False)]


def _points(table: str, column: str, to: str, *, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}", ondelete=ondelete)


def _tell_accepted_apart(*columns: str, was: tuple[str, ...]) -> None:
    with op.batch_alter_table("accepted") as batch:
        batch.drop_constraint(f"uq_accepted_{'_'.join(was)}", type_="unique")
        batch.create_unique_constraint(f"uq_accepted_{'_'.join(columns)}", list(columns))
