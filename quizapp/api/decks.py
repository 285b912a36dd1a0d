"""Decks and their cards, to be read."""

from collections.abc import Mapping

from flask import request
from flask.typing import ResponseReturnValue

from quizapp.api.bearers import blueprint, current_actor
from quizapp.clock import utcnow
from quizapp.domain.cards import Source
from quizapp.services import decks as service
from quizapp.services.decks import NoteView
from quizapp.turns import reading

FRESH = {"Cache-Control": "private, no-store"}


@blueprint.get("/decks")
def decks() -> ResponseReturnValue:
    """List the decks, those inside others among them."""
    with reading() as session:
        found = service.decks(session, current_actor(), now=utcnow())
    return {"decks": [deck.told() for deck in found]}, FRESH


@blueprint.get("/decks/<int:deck_id>/cards")
def cards(deck_id: int) -> ResponseReturnValue:
    """Send a page of the cards of a deck and of those inside it, in the order in which they were made."""
    with reading() as session:
        found = service.deck(
            session, current_actor(), deck_id, now=utcnow(), page=request.args.get("page", 1, type=int)
        )
    return {
        "deck": found.summary.told(),
        "cards": [_card(note) for note in found.notes],
        "page": found.page,
        "pages": found.pages,
    }, FRESH


def _card(note: NoteView) -> Mapping[str, object]:
    return {
        "id": note.id,
        "kind": note.kind.value,
        "question": note.question,
        "answer": note.answer,
        "choices": note.choices,
        "explanation": note.explanation,
        "tags": note.tags,
        "deck": note.deck_name,
        "document_id": note.document_id,
        "document": note.document_title,
        "source": _source(note.source),
        "due": note.due.isoformat() if note.due else None,
        "suspended": note.suspended,
    }


def _source(source: Source | None) -> Mapping[str, object] | None:
    if source is None:
        return None
    named = ("quote", "start", "end", "speaker", "heading", "page")
    return {name: getattr(source, name) for name in named}
