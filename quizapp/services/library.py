"""Documents: read one, add it with its drafts, look at it. Start from `draft_cards`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from quizapp.db.engine import Session
from quizapp.domain.cards import Draft, Rejected
from quizapp.domain.documents import Block, Document
from quizapp.domain.permissions import Actor

Progress = Callable[[float, str], None]  # share done (0 to 1), what is going on


@dataclass(frozen=True)
class Reading:
    """A document that has been read and what generation made of it; nothing is stored yet."""

    document: Document
    drafts: tuple[Draft, ...]
    rejected: tuple[Rejected, ...]
    problems: tuple[str, ...]  # what could not be read or used, as sentences
    seconds: float
    words: int


@dataclass(frozen=True)
class AddedDocument:
    """A document in the library, just added or found there already."""

    document_id: int
    deck_id: int | None  # None while none of its drafts has been kept
    title: str
    ready: int  # ready drafts that wait for a decision
    tray: int  # drafts in the tray that wait for a decision
    kept: int
    already_there: bool


@dataclass(frozen=True)
class DocumentSummary:
    """A line of the library."""

    id: int
    title: str
    filename: str
    added: datetime
    words: int
    ready_waiting: int
    tray: int  # waiting in the tray
    kept: int
    rejected: int
    decks: tuple[str, ...]  # names of the decks that its cards are in


@dataclass(frozen=True)
class DocumentView:
    """A document as read, to show beside its drafts."""

    id: int
    title: str
    filename: str
    language: str
    text: str
    blocks: tuple[Block, ...]
    problems: tuple[str, ...]
    added: datetime
    words: int
    ready_waiting: int
    tray: int
    kept: int
    rejected: int


def draft_cards(data: bytes, filename: str, *, on_progress: Progress | None = None) -> Reading:
    """Read a file and propose cards, in a child process with limits; nothing is stored."""
    raise NotImplementedError


def add_document(
    session: Session,
    actor: Actor,
    *,
    reading: Reading,
    filename: str,
    data: bytes,
    deck_name: str | None,
    keep_ready: bool,
    now: datetime,
) -> AddedDocument:
    """Store a document with its drafts; the same text again gives the document that is there.

    The deck is named after the document unless `deck_name` is given. `keep_ready`
    keeps every ready draft at once.
    """
    raise NotImplementedError


def documents(session: Session, actor: Actor) -> Sequence[DocumentSummary]:
    """Return the actor's documents, newest first."""
    raise NotImplementedError


def document(session: Session, actor: Actor, document_id: int) -> DocumentView:
    """Return one document with its blocks."""
    raise NotImplementedError
