"""A note's life: made, reworded, thrown away and revived. The bench and the decks share it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from quizapp import markup
from quizapp.db import notes, plans, wordings
from quizapp.db.decks import DeckRow
from quizapp.db.engine import Session
from quizapp.db.notes import CardRow, NoteRow, ShownNote
from quizapp.domain.cards import Note, Source, faces
from quizapp.domain.validity import check as check_form

CONTEXT_CHARS = 32


@dataclass(frozen=True)
class Anchor:
    """What ties a note to its document, with the characters around the quote to find it again."""

    document_id: int
    source: Source
    before: str
    after: str


def anchor(document_id: int, text: str, source: Source) -> Anchor:
    """Tie a source to the document with that text; a quote that the text has no more has nothing around it."""
    if text[source.start : source.end] != source.quote:
        return Anchor(document_id, source, "", "")
    before = text[max(0, source.start - CONTEXT_CHARS) : source.start]
    return Anchor(document_id, source, before, text[source.end : source.end + CONTEXT_CHARS])


def check(note: Note) -> None:
    """Pass a note that can be asked and shown; refuse another with the sentence that says what is wrong."""
    check_form(note)
    for text in note.texts:
        markup.check(text)


def make(
    session: Session,
    deck: DeckRow,
    note: Note,
    *,
    anchor: Anchor | None,
    picture_id: int | None = None,
    now: datetime,
) -> NoteRow:
    """Store a note in the deck and make its cards, which are new."""
    check(note)
    row = NoteRow(
        owner_id=deck.owner_id,
        deck=deck,
        guid=uuid4().hex,
        kind=note.kind,
        question=note.question,
        answer=note.answer,
        choices=note.choices,
        explanation=note.explanation,
        picture_id=picture_id,
        version=1,
        created=now,
        modified=now,
    )
    if anchor:
        tie(row, anchor)
    session.add(row)
    session.flush()
    notes.put_tags(session, row, note.tags)
    _ask(session, row, note, now=now)
    return row


def change(session: Session, row: NoteRow, note: Note, *, by: int | None = None, now: datetime) -> None:
    """Give the note another wording, which `by` wrote; faces that stay keep their schedules, nothing else of it changes."""
    check(note)
    wording = (note.question, note.answer, note.choices, note.explanation)
    if wording == (row.question, row.answer, row.choices, row.explanation):
        return
    wordings.keep(session, row, changed_by=by, now=now)
    row.question, row.answer, row.choices, row.explanation = wording
    row.version += 1
    row.modified = now
    session.flush()
    _ask(session, row, note, now=now)


def show(session: Session, row: NoteRow, picture_id: int | None, *, now: datetime) -> None:
    """Give the note another picture, or none."""
    row.picture_id = picture_id
    row.version += 1
    row.modified = now
    session.flush()
    session.expire(row, ["picture"])


def tie(row: NoteRow, anchor: Anchor) -> None:
    """Say of a note where it comes from; what it says and when that last changed is not touched."""
    source = anchor.source
    row.document_id, row.before, row.after = anchor.document_id, anchor.before, anchor.after
    row.quote, row.start, row.end = source.quote, source.start, source.end
    row.speaker, row.heading, row.page = source.speaker, source.heading, source.page
    row.columns = source.columns or None


def throw_away(session: Session, *rows: NoteRow, now: datetime) -> None:
    """Move notes to the trash, where their schedules wait."""
    for row in rows:
        row.deleted_at = now
    session.flush()
    plans.settle_notes(session, [row.id for row in rows])


def revive(session: Session, *rows: NoteRow) -> None:
    """Take notes out of the trash; their schedules are where they were."""
    for row in rows:
        row.deleted_at = None
    session.flush()
    plans.settle_notes(session, [row.id for row in rows])


def value(row: NoteRow, tags: Sequence[str] = ()) -> Note:
    """Return what a row holds as a note."""
    return Note(row.kind, row.question, row.answer, row.choices, row.explanation, source(row), tuple(tags))


def source(row: NoteRow | ShownNote) -> Source | None:
    """Return where the note comes from; None for one written by hand."""
    if row.quote is None or row.start is None or row.end is None:
        return None
    return Source(row.quote, row.start, row.end, row.speaker, row.heading, row.page, row.columns or ())


def anchored(row: NoteRow) -> Anchor | None:
    """Return what ties the note to its document; None without a document or a quote."""
    quoted = source(row)
    if quoted is None or row.document_id is None:
        return None
    return Anchor(row.document_id, quoted, row.before or "", row.after or "")


def _ask(session: Session, row: NoteRow, note: Note, *, now: datetime) -> None:
    """Make the note's cards those of its faces: add new ones, set aside those that it asks no more."""
    cards = {card.ordinal: card for card in notes.cards_of(session, row.id)}
    asked = {face.ordinal for face in faces(note)}
    for ordinal, card in cards.items():
        if ordinal in asked:
            card.removed_at = None
        elif card.removed_at is None:
            card.removed_at = now
    fresh = [CardRow(owner_id=row.owner_id, note_id=row.id, ordinal=n) for n in sorted(asked - cards.keys())]
    session.add_all(fresh)
    session.flush()
    for card in fresh:
        plans.add(session, card_id=card.id, learner_id=row.owner_id, deck_id=row.deck_id)
    plans.settle_notes(session, [row.id])
