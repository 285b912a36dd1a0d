"""Decks and the notes in them: list, look, create, rename, edit, trash and restore."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from quizapp.db.engine import Session
from quizapp.domain.cards import CardKind, DeckId, Source
from quizapp.domain.permissions import Actor


@dataclass(frozen=True)
class DeckSummary:
    """A deck with its subdecks, counted."""

    id: int
    name: str  # "A::B" is the deck B inside A
    cards: int
    due: int  # reviews and learning steps due today, at most 1,000
    new: int  # cards never seen, whatever today's limit
    learned_percent: int  # share of the cards that are in review, out of learning
    recall_percent: int | None  # mean chance of knowing a seen card now; None when none is seen
    documents: tuple[str, ...]  # titles of the documents that the cards come from


@dataclass(frozen=True)
class NoteView:
    """A note as a person reads and edits it."""

    id: int
    kind: CardKind
    question: str  # of a cloze: the whole text with its {{c1::...}} marks
    answer: str
    choices: tuple[str, ...]
    explanation: str
    source: Source | None
    document_id: int | None
    document_title: str | None
    tags: tuple[str, ...]
    due: datetime | None  # the earliest of its cards; None when all are new
    suspended: bool
    deck_id: int
    deck_name: str
    version: int  # send it back as `expected_version`


@dataclass(frozen=True)
class DeckView:
    """One page of a deck."""

    summary: DeckSummary
    notes: Sequence[NoteView]
    pages: int
    page: int  # 1 is the first


def decks(session: Session, actor: Actor, *, now: datetime) -> Sequence[DeckSummary]:
    """Return the actor's decks by name."""
    raise NotImplementedError


def deck(session: Session, actor: Actor, deck_id: int, *, now: datetime, page: int = 1) -> DeckView:
    """Return one page of a deck's notes, newest last."""
    raise NotImplementedError


def create(session: Session, actor: Actor, name: str, *, now: datetime) -> DeckId:
    """Create an empty deck; a name that exists is a conflict."""
    raise NotImplementedError


def rename(session: Session, actor: Actor, deck_id: int, name: str, *, now: datetime) -> None:
    """Rename a deck together with its subdecks."""
    raise NotImplementedError


def delete(session: Session, actor: Actor, deck_id: int, *, now: datetime) -> None:
    """Move a deck and its subdecks to the trash, cards, schedules and all."""
    raise NotImplementedError


def restore(session: Session, actor: Actor, deck_id: int, *, now: datetime) -> None:
    """Take a deck and what was deleted with it out of the trash."""
    raise NotImplementedError


def note(session: Session, actor: Actor, note_id: int) -> NoteView:
    """Return one note."""
    raise NotImplementedError


def edit_note(
    session: Session,
    actor: Actor,
    note_id: int,
    *,
    question: str,
    answer: str,
    choices: Sequence[str] = (),
    explanation: str = "",
    expected_version: int | None = None,
    now: datetime,
) -> None:
    """Change what a note says; its cards keep their schedules.

    Cards for new cloze numbers are added, those of numbers that are gone are set
    aside with their reviews. With another version stored than expected, somebody
    changed the note meanwhile: a conflict.
    """
    raise NotImplementedError


def delete_note(session: Session, actor: Actor, note_id: int, *, now: datetime) -> None:
    """Move a note to the trash."""
    raise NotImplementedError


def restore_note(session: Session, actor: Actor, note_id: int, *, now: datetime) -> None:
    """Take a note out of the trash; its schedule is where it was."""
    raise NotImplementedError
