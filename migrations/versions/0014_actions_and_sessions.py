"""What is done to cards besides grading them, and sessions with an end; cards can be buried and flagged."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

MODES = sa.Enum("DUE", "AHEAD", "PRACTICE", name="mode", native_enum=False, create_constraint=True, length=16)
KINDS = ("BURY", "SUSPEND", "RESUME", "FLAG", "KNOWN", "RESET", "EDIT", "REPORT", "PRACTICE")
ACTIONS = sa.Enum(*KINDS, name="cardaction", native_enum=False, create_constraint=True, length=16)
GRADES = sa.Enum("AGAIN", "HARD", "GOOD", "EASY", name="grade", native_enum=False, create_constraint=True, length=16)
BURIED, IN_SESSION = sa.text("buried_until IS NOT NULL"), sa.text("session_id IS NOT NULL")


def upgrade() -> None:
    _create_sessions()
    _create_actions()
    # Without a reference: SQLite would have to build the table anew, which may be long.
    op.add_column("review", sa.Column("session_id", sa.Uuid, nullable=True))
    op.create_index(
        "ix_review_session_id", "review", ["session_id"], sqlite_where=IN_SESSION, postgresql_where=IN_SESSION
    )
    op.add_column("plan", sa.Column("buried_until", sa.DateTime(timezone=True), nullable=True))
    op.execute(  # for the same reason, since a check would do that, too
        "ALTER TABLE plan ADD COLUMN flag INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_plan_flag CHECK (flag BETWEEN 0 AND 7)"
    )
    op.create_index(
        "ix_plan_buried_until",
        "plan",
        ["learner_id", "queue", "buried_until"],
        sqlite_where=BURIED,
        postgresql_where=BURIED,
    )
    op.add_column("setting", sa.Column("two_buttons", sa.Boolean, nullable=False, server_default=sa.false()))


def _create_sessions() -> None:
    op.create_table(
        "study_session",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.Column("mode", MODES, nullable=False),
        sa.Column("deck_id", sa.Integer, nullable=True),
        sa.Column("cards", sa.JSON, nullable=True),
        sa.Column("most_cards", sa.Integer, nullable=True),
        sa.Column("time", sa.BigInteger, nullable=True),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_study_session"),
        sa.ForeignKeyConstraint(["owner_id"], ["learner.id"], name="fk_study_session_owner_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["deck_id"], ["deck.id"], name="fk_study_session_deck_id", ondelete="SET NULL"),
    )


def _create_actions() -> None:
    op.create_table(
        "card_action",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("learner_id", sa.Integer, nullable=False),
        sa.Column("card_id", sa.Integer, nullable=False),
        sa.Column("session_id", sa.Uuid, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", ACTIONS, nullable=True),
        sa.Column("undoes", sa.Uuid, nullable=True),
        sa.Column("grade", GRADES, nullable=True),
        sa.Column("duration", sa.BigInteger, nullable=True),
        sa.Column("shown", sa.Integer, nullable=False),
        sa.Column("details", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_card_action"),
        sa.UniqueConstraint("undoes", name="uq_card_action_undoes"),
        sa.CheckConstraint("(kind IS NULL) = (undoes IS NOT NULL)", name=op.f("ck_card_action_kind_or_undo")),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_card_action_learner_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name="fk_card_action_card_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["study_session.id"], name="fk_card_action_session_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_card_action_learner_id_at", "card_action", ["learner_id", "at"])
    op.create_index("ix_card_action_card_id", "card_action", ["card_id", "learner_id"])
    op.create_index("ix_card_action_session_id", "card_action", ["session_id"])


def downgrade() -> None:
    with op.batch_alter_table("setting") as table:
        table.drop_column("two_buttons")
    op.drop_index("ix_plan_buried_until", "plan")
    with op.batch_alter_table("plan") as table:
        table.drop_constraint(op.f("ck_plan_flag"), type_="check")
        table.drop_column("flag")
        table.drop_column("buried_until")
    op.drop_index("ix_review_session_id", "review")
    with op.batch_alter_table("review") as table:
        table.drop_column("session_id")
    op.drop_table("card_action")
    op.drop_table("study_session")
