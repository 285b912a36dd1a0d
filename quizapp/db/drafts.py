"""Proposed cards, and the log of what a person did with them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, cast

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Table,
    UniqueConstraint,
    bindparam,
    case,
    func,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from quizapp.db import prepared
from quizapp.db.base import Base, OwnerKey, PrimaryKey
from quizapp.db.decks import DeckRow
from quizapp.db.notes import NoteRow
from quizapp.db.pictures import SHOWN, PictureRow
from quizapp.domain.cards import CardKind, DraftStatus, Illustration
from quizapp.domain.drafts import Decision, StepKind


class DraftRow(Base):
    """A card as generation proposed it; its text never changes, edits are steps.

    Its place follows the document when that changes.
    """

    __tablename__ = "draft"
    __table_args__ = (
        UniqueConstraint("document_id", "content_id"),
        Index("ix_draft_owner_id", "owner_id", "document_id", "status", "decision"),  # counts without reading drafts
    )
    id: Mapped[PrimaryKey]
    owner_id: Mapped[OwnerKey]
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"))
    content_id: Mapped[str]
    kind: Mapped[CardKind]
    question: Mapped[str]
    answer: Mapped[str]
    choices: Mapped[tuple[str, ...]]
    explanation: Mapped[str]
    tags: Mapped[tuple[str, ...]]
    quote: Mapped[str]
    start: Mapped[int]
    end: Mapped[int]
    speaker: Mapped[str | None]
    heading: Mapped[str | None]
    page: Mapped[int | None]
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id", ondelete="SET NULL"), index=True)
    columns: Mapped[tuple[str, ...] | None]  # of quoted table rows: what their cells are called
    quote_gone_at: Mapped[datetime | None]  # set while the document does not say the quote any more
    rule: Mapped[str]
    score: Mapped[float]
    status: Mapped[DraftStatus]
    reasons: Mapped[tuple[str, ...]]
    similar: Mapped[tuple[str, ...]]  # questions that the owner had already when it was proposed
    decision: Mapped[Decision | None]  # what the steps lead to, for counting
    note_id: Mapped[int | None] = mapped_column(ForeignKey("note.id", ondelete="SET NULL"), index=True)
    note_version: Mapped[int | None]  # the note's version as the bench left it; another means edited in its deck
    note_number: Mapped[int | None]  # of its gap in the note, for good: the note may ask other drafts as well

    picture: Mapped[PictureRow | None] = relationship(lazy="raise")


class DraftStepRow(Base):
    """One thing that a person did to a draft; drafts done at once share the step's number."""

    __tablename__ = "draft_step"
    __table_args__ = (
        UniqueConstraint("document_id", "number", "draft_id"),
        CheckConstraint("(kind = 'EDIT') = (question IS NOT NULL)", name="edit_has_wording"),
    )
    id: Mapped[PrimaryKey]
    owner_id: Mapped[OwnerKey]
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"))
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]  # 1, 2, 3... on one bench
    kind: Mapped[StepKind]
    question: Mapped[str | None]
    answer: Mapped[str | None]
    choices: Mapped[tuple[str, ...] | None]
    explanation: Mapped[str | None]
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]


@dataclass(frozen=True)
class DraftCounts:
    """How far the drafts of one document have been decided."""

    ready: int = 0  # undecided
    tray: int = 0  # undecided
    kept: int = 0
    rejected: int = 0

    @property
    def undecided(self) -> int:
        """Return how many wait for a decision."""
        return self.ready + self.tray

    @property
    def decided(self) -> int:
        """Return how many have been kept or rejected."""
        return self.kept + self.rejected


def _sum_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


_WAITING = DraftRow.decision.is_(None)
_COUNTS = (
    select(
        DraftRow.document_id,
        _sum_of(_WAITING & (DraftRow.status == DraftStatus.READY)),
        _sum_of(_WAITING & (DraftRow.status == DraftStatus.REVIEW)),
        _sum_of(DraftRow.decision == Decision.KEPT),
        _sum_of(DraftRow.decision == Decision.REJECTED),
    )
    .where(DraftRow.owner_id == bindparam("owner"))
    .group_by(DraftRow.document_id)
)
_COUNTS_OF_ONE = _COUNTS.where(DraftRow.document_id == bindparam("document"))


class TakenStep(NamedTuple):
    """A step on a bench that was not undone."""

    number: int
    draft_id: int
    kind: StepKind
    question: str | None
    answer: str | None
    choices: tuple[str, ...] | None
    explanation: str | None


class ShownDraft(NamedTuple):
    """A draft as the bench shows it."""

    id: int
    kind: CardKind
    question: str
    answer: str
    choices: tuple[str, ...]
    explanation: str
    tags: tuple[str, ...]
    quote: str
    start: int
    end: int
    speaker: str | None
    heading: str | None
    page: int | None
    columns: tuple[str, ...] | None
    quote_gone_at: datetime | None
    rule: str
    score: float
    status: DraftStatus
    reasons: tuple[str, ...]
    similar: tuple[str, ...]
    note_id: int | None
    illustration: Illustration | None


class Place(NamedTuple):
    """Where a draft comes from in its document."""

    draft_id: int
    start: int
    end: int
    is_gone: bool  # the document does not say it any more


_DRAFTS, _STEP_ROWS, _PICTURES, _NOTES, _DECKS = (
    cast(Table, row.__table__) for row in (DraftRow, DraftStepRow, PictureRow, NoteRow, DeckRow)
)
_STEP = _STEP_ROWS.c
_STEPS = (
    select(*(_STEP[name] for name in TakenStep._fields))
    .where(_STEP.document_id == bindparam("document"), _STEP.undone_at.is_(None))
    .order_by(_STEP.number, _STEP.id)
)
_STEPS_ON_ONE = _STEPS.where(_STEP.draft_id == bindparam("draft"))
_SHOWN = (
    select(
        *(_DRAFTS.c[name] for name in ShownDraft._fields if name in _DRAFTS.c),
        *(_PICTURES.c[name] for name in SHOWN),
    )
    .outerjoin_from(_DRAFTS, _PICTURES, _PICTURES.c.id == _DRAFTS.c.picture_id)
    .where(_DRAFTS.c.document_id == bindparam("document"))
    .order_by(_DRAFTS.c.start, _DRAFTS.c.end, _DRAFTS.c.id)
)


_PLACES = (
    select(_DRAFTS.c.id, _DRAFTS.c.start, _DRAFTS.c.end, _DRAFTS.c.quote_gone_at.is_not(None))
    .where(_DRAFTS.c.document_id == bindparam("document"))
    .order_by(_DRAFTS.c.start, _DRAFTS.c.end, _DRAFTS.c.id)
)


_LIVING_NOTES = (
    select(_NOTES.c.id)
    .join_from(_DRAFTS, _NOTES, _NOTES.c.id == _DRAFTS.c.note_id)
    .join(_DECKS, _DECKS.c.id == _NOTES.c.deck_id)
    .where(_DRAFTS.c.document_id == bindparam("document"))
    .where(_NOTES.c.deleted_at.is_(None), _DECKS.c.deleted_at.is_(None))
)


def get(session: Session, draft_id: int) -> DraftRow | None:
    """Return a draft, or None."""
    return session.get(DraftRow, draft_id)


def of_document(session: Session, document_id: int) -> Sequence[DraftRow]:
    """Return the document's drafts with their pictures, by where their quotes stand in it."""
    query = select(DraftRow).options(joinedload(DraftRow.picture)).where(DraftRow.document_id == document_id)
    return session.scalars(query.order_by(DraftRow.start, DraftRow.end, DraftRow.id)).all()


def shown(session: Session, document_id: int) -> Sequence[ShownDraft]:
    """Return the document's drafts as the bench shows them, by where their quotes stand in it."""
    return [
        ShownDraft._make((*row[: -len(SHOWN)], None if row[-1] is None else Illustration(*row[-len(SHOWN) :])))
        for row in prepared.rows(session, _SHOWN, {"document": document_id})
    ]


def places(session: Session, document_id: int) -> Sequence[Place]:
    """Return where the document's drafts come from, in the same order."""
    return [Place(*row) for row in prepared.rows(session, _PLACES, {"document": document_id})]


def living_notes(session: Session, document_id: int) -> Collection[int]:
    """Return the ids of the notes that its drafts have made, as far as they are not in the trash, nor in a deck that is."""
    return {row[0] for row in prepared.rows(session, _LIVING_NOTES, {"document": document_id})}


def of_note(session: Session, note_id: int) -> Sequence[DraftRow]:
    """Return the drafts whose note this is or was."""
    return session.scalars(select(DraftRow).where(DraftRow.note_id == note_id).order_by(DraftRow.id)).all()


def notes_of_passage(session: Session, draft: DraftRow) -> Sequence[int]:
    """Return the notes of other kept drafts of the same kind and passage, by id."""
    query = select(DraftRow.note_id).where(DraftRow.document_id == draft.document_id, DraftRow.kind == draft.kind)
    query = query.where(DraftRow.start == draft.start, DraftRow.end == draft.end, DraftRow.id != draft.id)
    query = query.where(DraftRow.decision == Decision.KEPT).distinct().order_by(DraftRow.note_id)
    return [note_id for note_id in session.scalars(query) if note_id is not None]


def undecided_ready(session: Session, document_id: int) -> Sequence[DraftRow]:
    """Return the ready drafts that wait for a decision, in the order of the source."""
    query = select(DraftRow).where(DraftRow.document_id == document_id, DraftRow.decision.is_(None))
    query = query.where(DraftRow.status == DraftStatus.READY)
    return session.scalars(query.order_by(DraftRow.start, DraftRow.end, DraftRow.id)).all()


def counts(session: Session, owner_id: int, document_id: int | None = None) -> Mapping[int, DraftCounts]:
    """Return how far drafts have been decided, by document id: all documents of the owner, or one."""
    if document_id is None:
        rows = prepared.rows(session, _COUNTS, {"owner": owner_id})
    else:
        rows = prepared.rows(session, _COUNTS_OF_ONE, {"owner": owner_id, "document": document_id})
    return {document: DraftCounts(*numbers) for document, *numbers in rows}


def steps(session: Session, *, document_id: int, draft_id: int | None = None) -> Sequence[TakenStep]:
    """Return the steps on a bench that were not undone, the oldest first; all, or those on one draft."""
    if draft_id is None:
        rows = prepared.rows(session, _STEPS, {"document": document_id})
    else:
        rows = prepared.rows(session, _STEPS_ON_ONE, {"document": document_id, "draft": draft_id})
    return [TakenStep(*row) for row in rows]


def touched(session: Session, document_id: int) -> Collection[int]:
    """Return the ids of the document's drafts that a person did something to, which still counts."""
    query = select(DraftStepRow.draft_id).where(DraftStepRow.document_id == document_id)
    return set(session.scalars(query.where(DraftStepRow.undone_at.is_(None)).distinct()).all())


def hand_over(session: Session, rows: Sequence[DraftRow], document_id: int) -> None:
    """Put drafts on the bench of another document, with all that was done to them."""
    ids = [row.id for row in rows]
    for row in rows:
        row.document_id = document_id
    session.flush()
    steps = update(DraftStepRow).where(DraftStepRow.draft_id.in_(ids)).values(document_id=document_id)
    session.execute(steps, execution_options={"synchronize_session": False})


def next_number(session: Session, document_id: int) -> int:
    """Return the number for the next step on a bench."""
    query = select(func.coalesce(func.max(DraftStepRow.number), 0)).where(DraftStepRow.document_id == document_id)
    return 1 + session.scalars(query).one()


def last_steps(session: Session, document_id: int) -> Sequence[DraftStepRow]:
    """Return what was done last on a bench and not undone: one step, or several taken at once."""
    live = DraftStepRow.document_id == document_id, DraftStepRow.undone_at.is_(None)
    last = select(func.max(DraftStepRow.number)).where(*live).scalar_subquery()
    query = select(DraftStepRow).where(*live, DraftStepRow.number == last)
    return session.scalars(query.order_by(DraftStepRow.id)).all()
