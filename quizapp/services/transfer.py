"""Decks that leave for other programs."""

from dataclasses import dataclass
from datetime import datetime

from quizapp.db.engine import Session
from quizapp.domain.permissions import Actor


@dataclass(frozen=True)
class Exported:
    """A file to hand out."""

    filename: str
    data: bytes
    notes: int
    problems: tuple[str, ...]  # notes that were left out, as sentences


def export_deck(session: Session, actor: Actor, deck_id: int, *, now: datetime) -> Exported:
    """Return a deck with its subdecks as an Anki package."""
    raise NotImplementedError
