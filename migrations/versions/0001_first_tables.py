"""The first tables: learners, documents, drafts, decks, notes, reviews and plans."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

CARD_KINDS = ("BASIC", "CLOZE", "CHOICE", "TRUE_FALSE", "LIST", "ORDER")
BLOCK_KINDS = ("TITLE", "HEADING", "PARAGRAPH", "BULLET", "STEP", "QUOTE", "LABEL", "ROW", "CODE")


def upgrade() -> None:
    _create_people()
    _create_documents()
    _create_notes()
    _create_drafts()
    _create_study()
    _create_reviews()


def downgrade() -> None:
    names = ("report", "review", "plan", "memory", "draft_step", "draft", "note_tag", "tag", "card", "note")
    for name in (*names, "passage", "original", "document", "deck", "setting", "learner"):
        op.drop_table(name)


def _create_people() -> None:
    op.create_table(
        "learner",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        _time("created"),
        sa.PrimaryKeyConstraint("id", name="pk_learner"),
    )
    op.create_table(
        "setting",
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.Column("time_zone", sa.Text, nullable=False),
        sa.Column("turn_hour", sa.Integer, nullable=False),
        sa.Column("retention", sa.Double, nullable=False),
        sa.Column("new_per_day", sa.Integer, nullable=False),
        sa.Column("reviews_per_day", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("owner_id", name="pk_setting"),
        _points("setting", "owner_id", "learner"),
        sa.CheckConstraint("turn_hour between 0 and 23", name=op.f("ck_setting_turn_hour")),
        sa.CheckConstraint("retention between 0.5 and 0.99", name=op.f("ck_setting_retention")),
        sa.CheckConstraint("new_per_day >= 0", name=op.f("ck_setting_new_per_day")),
        sa.CheckConstraint("reviews_per_day >= 0", name=op.f("ck_setting_reviews_per_day")),
    )


def _create_documents() -> None:
    op.create_table(
        "deck",
        *_owned("deck"),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_key", sa.Text, nullable=False),
        _time("created"),
        _time("deleted_at", nullable=True),
    )
    living = sa.text("deleted_at IS NULL")
    op.create_index(
        "uq_deck_owner_id_name_key",
        "deck",
        ["owner_id", "name_key"],
        unique=True,
        sqlite_where=living,
        postgresql_where=living,
    )
    op.create_table(
        "document",
        *_owned("document"),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("filename", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("text_hash", sa.Text, nullable=False),
        sa.Column("words", sa.Integer, nullable=False),
        sa.Column("problems", sa.JSON, nullable=False),
        sa.Column("deck_name", sa.Text, nullable=False),
        sa.Column("deck_id", sa.Integer, nullable=True),
        _time("added"),
        _points("document", "deck_id", "deck", ondelete="SET NULL"),
        sa.UniqueConstraint("owner_id", "text_hash", name="uq_document_owner_id_text_hash"),
    )
    op.create_index("ix_document_deck_id", "document", ["deck_id"])
    op.create_table(
        "original",
        sa.Column("document_id", sa.Integer, nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("document_id", name="pk_original"),
        _points("original", "document_id", "document"),
        _points("original", "owner_id", "learner"),
    )
    op.create_table(
        "passage",
        sa.Column("document_id", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.Column("kind", _one_of("blockkind", *BLOCK_KINDS), nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("path", sa.JSON, nullable=False),
        sa.Column("speaker_name", sa.Text, nullable=True),
        sa.Column("speaker_role", sa.Text, nullable=True),
        sa.Column("speaker_organisation", sa.Text, nullable=True),
        sa.Column("speaker_title", sa.Text, nullable=True),
        sa.Column("page", sa.Integer, nullable=True),
        sa.PrimaryKeyConstraint("document_id", "number", name="pk_passage"),
        _points("passage", "document_id", "document"),
        _points("passage", "owner_id", "learner"),
    )


def _create_notes() -> None:
    op.create_table(
        "note",
        *_owned("note"),
        sa.Column("deck_id", sa.Integer, nullable=False),
        sa.Column("guid", sa.Text, nullable=False),
        sa.Column("kind", _one_of("cardkind", *CARD_KINDS), nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("choices", sa.JSON, nullable=False),
        sa.Column("explanation", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        _time("created"),
        _time("modified"),
        _time("deleted_at", nullable=True),
        sa.Column("document_id", sa.Integer, nullable=True),
        sa.Column("quote", sa.Text, nullable=True),
        sa.Column("start", sa.Integer, nullable=True),
        sa.Column("end", sa.Integer, nullable=True),
        sa.Column("before", sa.Text, nullable=True),
        sa.Column("after", sa.Text, nullable=True),
        sa.Column("speaker", sa.Text, nullable=True),
        sa.Column("heading", sa.Text, nullable=True),
        sa.Column("page", sa.Integer, nullable=True),
        _points("note", "deck_id", "deck"),
        _points("note", "document_id", "document", ondelete="SET NULL"),
        sa.UniqueConstraint("owner_id", "guid", name="uq_note_owner_id_guid"),
    )
    op.create_index("ix_note_deck_id", "note", ["deck_id", "deleted_at", "document_id"])
    op.create_index("ix_note_document_id", "note", ["document_id", "deleted_at", "deck_id"])
    op.create_table(
        "card",
        *_owned("card"),
        sa.Column("note_id", sa.Integer, nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        _time("removed_at", nullable=True),
        _points("card", "note_id", "note"),
        sa.UniqueConstraint("note_id", "ordinal", name="uq_card_note_id_ordinal"),
    )
    op.create_table(
        "tag",
        *_owned("tag"),
        sa.Column("name", sa.Text, nullable=False),
        sa.UniqueConstraint("owner_id", "name", name="uq_tag_owner_id_name"),
    )
    op.create_table(
        "note_tag",
        sa.Column("note_id", sa.Integer, nullable=False),
        sa.Column("tag_id", sa.Integer, nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("note_id", "tag_id", name="pk_note_tag"),
        _points("note_tag", "note_id", "note"),
        _points("note_tag", "tag_id", "tag"),
        _points("note_tag", "owner_id", "learner"),
    )
    op.create_index("ix_note_tag_tag_id", "note_tag", ["tag_id"])


def _create_drafts() -> None:
    op.create_table(
        "draft",
        *_owned("draft"),
        sa.Column("document_id", sa.Integer, nullable=False),
        sa.Column("content_id", sa.Text, nullable=False),
        sa.Column("kind", _one_of("cardkind", *CARD_KINDS), nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("choices", sa.JSON, nullable=False),
        sa.Column("explanation", sa.Text, nullable=False),
        sa.Column("tags", sa.JSON, nullable=False),
        sa.Column("quote", sa.Text, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("speaker", sa.Text, nullable=True),
        sa.Column("heading", sa.Text, nullable=True),
        sa.Column("page", sa.Integer, nullable=True),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("score", sa.Double, nullable=False),
        sa.Column("status", _one_of("draftstatus", "READY", "REVIEW"), nullable=False),
        sa.Column("reasons", sa.JSON, nullable=False),
        sa.Column("similar", sa.JSON, nullable=False),
        sa.Column("decision", _one_of("decision", "KEPT", "REJECTED"), nullable=True),
        sa.Column("note_id", sa.Integer, nullable=True),
        sa.Column("note_version", sa.Integer, nullable=True),
        _points("draft", "document_id", "document"),
        _points("draft", "note_id", "note", ondelete="SET NULL"),
        sa.UniqueConstraint("document_id", "content_id", name="uq_draft_document_id_content_id"),
    )
    op.create_index("ix_draft_note_id", "draft", ["note_id"])
    op.create_index("ix_draft_owner_id", "draft", ["owner_id", "document_id", "status", "decision"])
    op.create_table(
        "draft_step",
        *_owned("draft_step"),
        sa.Column("document_id", sa.Integer, nullable=False),
        sa.Column("draft_id", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("kind", _one_of("stepkind", "KEEP", "REJECT", "EDIT"), nullable=False),
        sa.Column("question", sa.Text, nullable=True),
        sa.Column("answer", sa.Text, nullable=True),
        sa.Column("choices", sa.JSON, nullable=True),
        sa.Column("explanation", sa.Text, nullable=True),
        _time("at"),
        _time("undone_at", nullable=True),
        _points("draft_step", "document_id", "document"),
        _points("draft_step", "draft_id", "draft"),
        sa.UniqueConstraint("document_id", "number", "draft_id", name="uq_draft_step_document_id_number_draft_id"),
        sa.CheckConstraint("(kind = 'EDIT') = (question IS NOT NULL)", name=op.f("ck_draft_step_edit_has_wording")),
    )
    op.create_index("ix_draft_step_draft_id", "draft_step", ["draft_id"])


def _create_study() -> None:
    op.create_table(
        "memory",
        *_of_learner_and_card("memory"),
        sa.Column("phase", _one_of("phase", "LEARNING", "REVIEW", "RELEARNING"), nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("stability", sa.Double, nullable=False),
        sa.Column("difficulty", sa.Double, nullable=False),
        _time("due"),
        _time("last_review"),
        sa.Column("interval", sa.BigInteger, nullable=False),
        sa.Column("reviews", sa.Integer, nullable=False),
        sa.Column("lapses", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("card_id", "learner_id", name="pk_memory"),
    )
    op.create_table(
        "plan",
        *_of_learner_and_card("plan"),
        sa.Column("deck_id", sa.Integer, nullable=False),
        sa.Column("queue", _one_of("queue", "NEW", "LEARNING", "REVIEW", "SUSPENDED", "GONE"), nullable=False),
        _time("due", nullable=True),
        sa.Column("suspended", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("card_id", "learner_id", name="pk_plan"),
        _points("plan", "deck_id", "deck"),
    )
    op.create_index("ix_plan_learner_id_queue_due", "plan", ["learner_id", "queue", "due", "card_id"])
    op.create_index(
        "ix_plan_learner_id_deck_id_queue_due", "plan", ["learner_id", "deck_id", "queue", "due", "card_id"]
    )


def _create_reviews() -> None:
    op.create_table(
        "review",
        sa.Column("id", sa.Uuid, nullable=False),
        *_of_learner_and_card("review"),
        _time("at"),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("grade", _one_of("grade", "AGAIN", "HARD", "GOOD", "EASY"), nullable=True),
        sa.Column("undoes", sa.Uuid, nullable=True),
        sa.Column("was", _one_of("kind", "LEARNING", "REVIEW", "NEW"), nullable=True),
        sa.Column("duration", sa.BigInteger, nullable=True),
        sa.Column("interval", sa.BigInteger, nullable=True),
        sa.Column("preset_version", sa.Integer, nullable=True),
        sa.Column("origin", _one_of("origin", "STUDY"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_review"),
        sa.UniqueConstraint("undoes", name="uq_review_undoes"),
        sa.CheckConstraint("(grade IS NULL) = (undoes IS NOT NULL)", name=op.f("ck_review_grade_or_undo")),
        sa.CheckConstraint("(grade IS NULL) = (was IS NULL)", name=op.f("ck_review_grade_has_was")),
    )
    op.create_index("ix_review_card_id", "review", ["card_id", "learner_id"])
    op.create_index("ix_review_learner_id_day", "review", ["learner_id", "day", "at", "was"])
    op.create_table(
        "report",
        *_owned("report"),
        sa.Column("card_id", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        _time("at"),
        _time("resolved_at", nullable=True),
        _points("report", "card_id", "card"),
    )
    op.create_index("ix_report_card_id", "report", ["card_id"])


def _owned(table: str) -> tuple[sa.Column[int] | sa.Constraint, ...]:
    return (
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        _points(table, "owner_id", "learner"),
    )


def _of_learner_and_card(table: str) -> tuple[sa.Column[int] | sa.Constraint, ...]:
    return (
        sa.Column("learner_id", sa.Integer, nullable=False),
        sa.Column("card_id", sa.Integer, nullable=False),
        _points(table, "learner_id", "learner"),
        _points(table, "card_id", "card"),
    )


def _points(table: str, column: str, target: str, *, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete=ondelete)


def _time(name: str, *, nullable: bool = False) -> sa.Column[sa.DateTime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _one_of(name: str, *members: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=16)
