"""The trash: what a learner deleted in the last 30 days, and what is removed for good after that.

Start from `contents`. What is in it comes back through `library.restore`, `decks.restore`,
`decks.restore_note`, `quizzes.restore` and `assignments.restore`.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from quizapp.db import (
    assignments,
    bulk_steps,
    card_media,
    files,
    importing,
    quizzes,
    saved_searches,
    teams,
    trash,
)
from quizapp.db.assignments import AssignmentRow
from quizapp.db.decks import DeckRow
from quizapp.db.documents import DocumentRow
from quizapp.db.engine import Session, media_of
from quizapp.db.notes import NoteRow
from quizapp.db.quizzes import QuizRow
from quizapp.domain import cloze, deck_names
from quizapp.domain.permissions import Actor

KEPT = timedelta(days=30)
UNNAMED = timedelta(days=1)  # how long a file waits for a row to name it
LIST_LIMIT = 500  # of each kind


class Kind(Enum):
    """What can be in the trash."""

    DOCUMENT = "document"
    DECK = "deck"
    CARD = "card"
    QUIZ = "quiz"
    ASSIGNMENT = "assignment"


@dataclass(frozen=True)
class Deleted:
    """One thing that was deleted, with all that comes back with it."""

    kind: Kind
    id: int
    name: str  # of a card: what it asks, its gaps open
    at: datetime
    days_left: int  # 0: it goes with the next daily run
    cards: int = 0  # that come back with a document or a deck
    questions: int = 0  # of a quiz
    deck_id: int | None = None  # of a card
    deck_name: str | None = None
    waits_for_deck: bool = False  # a card whose deck is in the trash, too


@dataclass(frozen=True)
class Emptied:
    """How much was removed."""

    decks: int
    notes: int
    documents: int
    quizzes: int = 0


def contents(session: Session, actor: Actor, *, now: datetime) -> Sequence[Deleted]:
    """Return what the actor deleted, the latest first; what went with a document or deck is part of it."""
    owner = actor.learner_id
    decks = trash.decks(session, owner, limit=LIST_LIMIT)
    within = trash.notes_in_decks(session, [row.id for row in decks])
    rows = trash.documents(session, owner, limit=LIST_LIMIT)
    along = trash.notes_with_documents(session, [row.id for row in rows])
    quiz_rows = trash.quizzes(session, owner, limit=LIST_LIMIT)
    asked = quizzes.question_counts(session, [row.id for row in quiz_rows])
    found = [
        *(_document(row, along.get(row.id, 0), now) for row in rows),
        *_decks(decks, within, now),
        *(_card(row, now) for row in trash.notes(session, owner, limit=LIST_LIMIT)),
        *(_quiz(row, asked.get(row.id, 0), now) for row in quiz_rows),
        *(_assignment(row, now) for row in assignments.in_trash(session, owner, limit=LIST_LIMIT)),
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)


def empty(session: Session, *, now: datetime) -> Emptied:
    """Remove for good what every learner deleted over 30 days ago: texts, cards, schedules, reviews and all.

    Cards outlive the document that they were made from, and keep their quotes.
    """
    assignments.remove(session, before=now - KEPT)
    quiz_count = quizzes.remove(session, before=now - KEPT)
    bulk_steps.remove(session, before=now - KEPT)
    saved_searches.remove(session, before=now - KEPT)
    importing.remove(session, before=now - KEPT)
    teams.remove(session, before=now - KEPT)
    decks, notes, removed = trash.remove(session, before=now - KEPT)
    card_media.forget_unnamed(session, now=now, before=now - KEPT)
    return Emptied(decks, notes, removed, quiz_count)


def collect(session: Session, *, now: datetime) -> int:
    """Remove the files that no row names, in a turn of its own: what removed the rows must be committed."""
    return media_of(session).collect(files.named(session).keys(), before=now - UNNAMED)


def _days_left(at: datetime, now: datetime) -> int:
    return max(0, math.ceil((at + KEPT - now) / timedelta(days=1)))


def _document(row: DocumentRow, cards: int, now: datetime) -> Deleted:
    at = row.deleted_at or now
    return Deleted(Kind.DOCUMENT, row.id, row.title, at, _days_left(at, now), cards)


def _decks(rows: Sequence[DeckRow], cards: Mapping[int, int], now: datetime) -> Iterator[Deleted]:
    """Give the decks that were deleted, without those that went because the deck they are in did."""
    together = {(row.deleted_at, row.name_key): row for row in rows}
    counts: dict[int, int] = {}
    for row in rows:
        above = (together.get((row.deleted_at, name)) for name in deck_names.lineage(row.name_key))
        first = next(deck for deck in above if deck is not None)
        counts[first.id] = counts.get(first.id, 0) + cards.get(row.id, 0)
    for row in rows:
        if row.id in counts:
            at = row.deleted_at or now
            yield Deleted(Kind.DECK, row.id, row.name, at, _days_left(at, now), counts[row.id])


def _card(row: NoteRow, now: datetime) -> Deleted:
    at = row.deleted_at or now
    return Deleted(
        Kind.CARD,
        row.id,
        cloze.gapped(row.question),
        at,
        _days_left(at, now),
        deck_id=row.deck_id,
        deck_name=row.deck.name,
        waits_for_deck=row.deck.deleted_at is not None,
    )


def _quiz(row: QuizRow, questions: int, now: datetime) -> Deleted:
    at = row.deleted_at or now
    return Deleted(Kind.QUIZ, row.id, row.title, at, _days_left(at, now), questions=questions)


def _assignment(row: AssignmentRow, now: datetime) -> Deleted:
    at = row.deleted_at or now
    return Deleted(Kind.ASSIGNMENT, row.id, row.title, at, _days_left(at, now))
