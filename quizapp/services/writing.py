"""Cards written by hand: where they go, what they come from, what is there already. Start from `desk`, then `write`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from quizapp.db import decks as deck_rows
from quizapp.db import documents, notes
from quizapp.db.engine import Session
from quizapp.domain import deck_names, quoting
from quizapp.domain.audit import Deed
from quizapp.domain.cards import Note, NoteId, Source
from quizapp.domain.documents import Span
from quizapp.domain.permissions import Action, Actor
from quizapp.errors import Conflict, InvalidInput
from quizapp.services import audit, decks
from quizapp.services.access import allowed
from quizapp.services.decks import NoteView
from quizapp.services.notes import anchor, check, make, throw_away
from quizapp.services.proposing import SIMILAR_AMONG, nearly_the_same
from quizapp.translations import figure


@dataclass(frozen=True)
class Passage:
    """The passage of a document that a card is made from."""

    document_id: int
    title: str
    language: str
    source: Source


@dataclass(frozen=True)
class Desk:
    """What the page for writing begins with."""

    deck_name: str  # that the card goes to unless another is named; empty where none is known
    deck_names: Sequence[str]
    passage: Passage | None


@dataclass(frozen=True)
class Look:
    """What is to be said of a card before it is stored."""

    problem: str  # why it cannot be asked as it is; empty when it can
    similar: Sequence[NoteView]  # in the decks, asking nearly the same


def desk(session: Session, actor: Actor, *, deck_id: int | None, passage: Passage | None) -> Desk:
    """Return the decks to choose from, the one given or that of the passage's document chosen."""
    names = [row.name for row in deck_rows.by_name(session, actor.learner_id)]
    if deck_id is not None:
        chosen = allowed(deck_rows.living(session, deck_id), actor, Action.EDIT, thing="deck").name
    elif passage is not None:
        chosen = _deck_of_document(session, actor, passage.document_id)
    else:
        chosen = names[0] if names else ""
    return Desk(chosen, names, passage)


def passage_numbered(session: Session, actor: Actor, document_id: int, number: int, *, said: str = "") -> Passage:
    """Return a passage of a document, or of what was copied from there the exact words."""
    _readable(session, actor, document_id)
    blocks = documents.blocks(session, document_id)
    if not 0 <= number < len(blocks):
        raise InvalidInput("This document has no such passage. Go back to it and choose one.")
    span: Span | None = blocks[number].span
    if said:
        span = quoting.located(documents.text_of(session, document_id), said, near=blocks[number].span.start)
    if span is None:
        raise InvalidInput("These words were not found in the document. Go back to it and select them again.")
    return passage(session, actor, document_id, span)


def passage(session: Session, actor: Actor, document_id: int, span: Span, *, quote: str | None = None) -> Passage:
    """Return a stretch of a document; with another quote there than expected, the document has changed: a conflict."""
    row = _readable(session, actor, document_id)
    text = documents.text_of(session, document_id)
    if not 0 <= span.start < span.end <= len(text):
        raise InvalidInput("This document has no such passage. Go back to it and choose one.")
    if span.end - span.start > quoting.LIMIT_CHARS:
        raise InvalidInput(
            "A passage can have %(limit)s characters. Select a part of it.", limit=figure(quoting.LIMIT_CHARS)
        )
    if quote is not None and span.of(text) != quote:
        raise Conflict("The document was changed meanwhile. Go back to it and select the passage again.")
    source = quoting.source(text, documents.blocks(session, document_id), span)
    return Passage(document_id, row.title, row.language, source)


def look(session: Session, actor: Actor, note: Note) -> Look:
    """Say what is wrong with a card that is being written, and which cards ask nearly the same."""
    try:
        check(note)
        problem = ""
    except InvalidInput as refusal:
        problem = refusal.message
    return Look(problem, _similar(session, actor, note.question) if note.question.strip() else ())


def write(
    session: Session, actor: Actor, note: Note, *, deck_name: str, passage: Passage | None, now: datetime
) -> NoteId:
    """Store a card in the deck of that name, made if it is not there; it gets the tags of its document, too."""
    name = deck_names.clean(deck_name)
    deck = deck_rows.named(session, actor.learner_id, name)
    deck = deck or deck_rows.add(session, actor.learner_id, name, now=now)
    tie = None
    if passage is not None:
        text = documents.text_of(session, passage.document_id)
        tie = anchor(passage.document_id, text, passage.source)
        of_document = notes.tags_of_documents(session, [passage.document_id]).get(passage.document_id, ())
        note = Note(
            note.kind, note.question, note.answer, note.choices, note.explanation, tags=(*note.tags, *of_document)
        )
    row = make(session, deck, note, anchor=tie, now=now)
    audit.note_of(session, actor, row, Deed.MADE, kind="card", detail=row.question, now=now)
    return NoteId(row.id)


def unwrite(session: Session, actor: Actor, note_id: int, *, now: datetime) -> None:
    """Move a card that was just written to the trash; twice changes nothing."""
    row = allowed(notes.get(session, note_id), actor, Action.EDIT, thing="card")
    if row.deleted_at is None:
        throw_away(session, row, now=now)
        audit.note_of(session, actor, row, Deed.DELETED, kind="card", detail=row.question, now=now)


def _readable(session: Session, actor: Actor, document_id: int) -> documents.DocumentRow:
    return allowed(documents.living(session, document_id), actor, Action.EDIT, thing="document")


def _deck_of_document(session: Session, actor: Actor, document_id: int) -> str:
    row = _readable(session, actor, document_id)
    deck = deck_rows.living(session, row.deck_id) if row.deck_id is not None else None
    return deck.name if deck else row.deck_name


def _similar(session: Session, actor: Actor, question: str) -> Sequence[NoteView]:
    known = notes.newest(session, actor.learner_id, limit=SIMILAR_AMONG)
    near = nearly_the_same(question, [asked for _, asked in known])
    return [decks.note(session, actor, known[place][0]) for place in near]
