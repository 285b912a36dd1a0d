"""Decks that leave for other programs."""

import re
from dataclasses import dataclass
from datetime import datetime

from quizapp.anki import export
from quizapp.anki.export import AnkiDeck, AnkiNote
from quizapp.db import decks, notes
from quizapp.db.decks import DeckRow
from quizapp.db.engine import Session, media_of
from quizapp.domain.permissions import Action, Actor
from quizapp.sandbox import Progress
from quizapp.services import jobs
from quizapp.services.access import allowed
from quizapp.services.tasks import ToExport

LONG = 2_000  # cards; packing more takes over a second or so, too long for a page


@dataclass(frozen=True)
class Exported:
    """A file to hand out."""

    filename: str
    data: bytes
    notes: int
    problems: tuple[str, ...]  # notes that were left out, as sentences


def export_deck(
    session: Session, actor: Actor, deck_id: int, *, now: datetime, on_progress: Progress | None = None
) -> Exported:
    """Return a deck with its subdecks as an Anki package."""
    deck = _exportable(session, actor, deck_id)
    ids = [member.id for member in decks.family(session, deck)]
    leaving = (
        AnkiNote(
            note.guid,
            note.note,
            note.deck_name,
            note.modified,
            note.document_title,
            language=note.language,
            picture=note.illustration,
        )
        for note in notes.leaving(session, ids)
    )
    anki_deck = AnkiDeck(deck.name, leaving, notes.count_in_decks(session, ids), media_of(session).get)
    package = export.write(anki_deck, now=now, on_progress=on_progress)
    return Exported(_filename(deck.name), package.data, package.notes, package.problems)


def ask_export(session: Session, actor: Actor, deck_id: int, *, now: datetime) -> int:
    """Ask a worker for the package of a deck, and return the job."""
    deck = _exportable(session, actor, deck_id)
    return jobs.ask(session, actor, ToExport(deck_id).task(deck.name), now=now)


def _exportable(session: Session, actor: Actor, deck_id: int) -> DeckRow:
    return allowed(decks.living(session, deck_id), actor, Action.EXPORT, thing="deck")


def _filename(deck_name: str) -> str:
    """Return a name that every system can store a file under."""
    return (re.sub(r"[^\w.-]+", "-", deck_name).strip("-._")[:100] or "deck") + ".apkg"
