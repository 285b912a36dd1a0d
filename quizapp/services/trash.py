"""What is removed for good: notes and decks 30 days after they were deleted, and files that no row names."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from quizapp.db import documents, quizzes, trash
from quizapp.db.engine import Session, media_of

KEPT = timedelta(days=30)
UNNAMED = timedelta(days=1)  # how long a file waits for a row to name it


@dataclass(frozen=True)
class Emptied:
    """How much was removed."""

    decks: int
    notes: int


def empty(session: Session, *, now: datetime) -> Emptied:
    """Remove for good what every learner deleted over 30 days ago: cards, schedules, reviews and all."""
    quizzes.remove(session, before=now - KEPT)
    decks, notes = trash.remove(session, before=now - KEPT)
    return Emptied(decks, notes)


def collect(session: Session, *, now: datetime) -> int:
    """Remove the files that no row names, in a turn of its own: what removed the rows must be committed."""
    return media_of(session).collect(documents.originals(session).keys(), before=now - UNNAMED)
