"""Decks that leave in formats other than Anki's package: what each keeps and loses, and the file."""

from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.db import decks, leaving, notes
from quizapp.db.engine import Session
from quizapp.db.leaving import Leaving
from quizapp.domain.card_media import shows
from quizapp.domain.cards import Note
from quizapp.domain.permissions import Actor
from quizapp.errors import InvalidInput
from quizapp.exchange import formats
from quizapp.exchange.cargo import Outgoing
from quizapp.exchange.formats import FORMATS, Format
from quizapp.services.transfer import Exported, exportable, filename
from quizapp.translations import figure

AT_ONCE = 5_000  # notes, on a page


@dataclass(frozen=True)
class Offer:
    """A format for a deck, and what the file would not carry."""

    format: Format
    losses: Sequence[str]


def offers(session: Session, actor: Actor, deck_id: int) -> Sequence[Offer]:
    """Return the formats that a deck can leave in; none where it is too long for a page."""
    found = _notes(session, actor, deck_id, at_most=AT_ONCE)
    return [Offer(one, formats.losses(one, found)) for one in FORMATS] if found else []


def export(
    session: Session, actor: Actor, deck_id: int, chosen: Format, *, at_most: int | None = AT_ONCE
) -> tuple[Exported, Sequence[str]]:
    """Return a deck with its subdecks in a format, and what the file does not carry."""
    deck = exportable(session, actor, deck_id)
    found = _notes(session, actor, deck_id, at_most=at_most)
    if found is None:
        raise InvalidInput(
            "This deck has over %(at_most)s notes. Export it with quizapp export, or a subdeck of it.",
            at_most=figure(at_most or 0),
        )
    written = formats.write(chosen, found)
    exported = Exported(filename(deck.name, chosen.suffixes[0]), written.data, written.notes, written.problems)
    return exported, formats.losses(chosen, found)


def _notes(session: Session, actor: Actor, deck_id: int, *, at_most: int | None) -> list[Outgoing] | None:
    """Return the notes of a deck and its subdecks; None for more than are wanted."""
    deck = exportable(session, actor, deck_id)
    ids = [member.id for member in decks.family(session, deck)]
    if at_most is not None and notes.count_in_decks(session, ids) > at_most:
        return None
    return [_outgoing(one) for one in leaving.notes(session, ids)]


def _outgoing(one: Leaving) -> Outgoing:
    return Outgoing(
        one.note,
        one.deck_name,
        one.guid,
        one.modified,
        one.document_title,
        one.language,
        has_picture=one.illustration is not None or any(map(shows, _texts(one.note))),
    )


def _texts(note: Note) -> Sequence[str]:
    return (note.question, note.answer, note.explanation, *note.choices)
