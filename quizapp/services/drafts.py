"""The bench: proposed cards are kept, edited or rejected, and every step can be undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from quizapp.db.engine import Session
from quizapp.domain.cards import Draft, NoteId
from quizapp.domain.permissions import Actor
from quizapp.services.library import DocumentView


class Decision(Enum):
    """What a person decided on a draft; None, where used, means not yet."""

    KEPT = "kept"
    REJECTED = "rejected"


@dataclass(frozen=True)
class DraftView:
    """A draft as it stands: generated text, then whatever the person made of it."""

    id: int
    number: int  # 1, 2, 3... in the order of the source
    draft: Draft  # as generated
    decision: Decision | None
    note_id: int | None  # the note in the deck, while the draft is kept
    edited: bool
    question: str  # as it stands now; a cloze shows its gap as […]
    answer: str
    choices: tuple[str, ...]
    explanation: str
    similar: tuple[str, ...]  # questions of cards in the decks that ask nearly the same


@dataclass(frozen=True)
class Bench:
    """A document beside all its drafts, in the order of the source."""

    document: DocumentView
    drafts: tuple[DraftView, ...]
    decided: int
    kept: int
    rejected: int
    undo_label: str | None  # what undo would take back; None when there is nothing


def bench(session: Session, actor: Actor, document_id: int) -> Bench:
    """Return the document and its drafts, ordered by where their quotes stand in it."""
    raise NotImplementedError


def keep(session: Session, actor: Actor, draft_id: int, *, now: datetime) -> NoteId:
    """Put the draft into its document's deck as a new card; keeping twice changes nothing."""
    raise NotImplementedError


def keep_all_ready(session: Session, actor: Actor, document_id: int, *, now: datetime) -> int:
    """Keep every ready draft that is undecided, as one step to undo, and return how many."""
    raise NotImplementedError


def reject(session: Session, actor: Actor, draft_id: int, *, now: datetime) -> None:
    """Set the draft aside; a card that it had made goes to the trash."""
    raise NotImplementedError


def edit(
    session: Session,
    actor: Actor,
    draft_id: int,
    *,
    question: str,
    answer: str,
    choices: Sequence[str] = (),
    explanation: str = "",
    now: datetime,
) -> None:
    """Change what the draft says; a card that it has made changes with it and keeps its schedule.

    The question of a cloze shows the gap as […] and the answer fills it.
    """
    raise NotImplementedError


def undo(session: Session, actor: Actor, document_id: int, *, now: datetime) -> str | None:
    """Take back the last step on this bench and say which, or return None when there is none."""
    raise NotImplementedError
