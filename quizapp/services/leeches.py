"""Hard cards: noticed when they are forgotten once more, explained, and rid of. Start from `leeches`."""

from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.db import hard_notes, notes, plans, reviews
from quizapp.db.engine import Session
from quizapp.db.notes import CardRow, NoteRow
from quizapp.db.plans import Place
from quizapp.domain.cards import Note
from quizapp.domain.leeches import TAG, Finding, is_leech, trouble
from quizapp.domain.options import Options
from quizapp.domain.permissions import Action, Actor, may
from quizapp.domain.scheduling import Grade, Memory, retrace
from quizapp.services import decks, reviewing
from quizapp.services.access import allowed
from quizapp.services.decks import NoteView
from quizapp.services.options import study_plan_of

SHOWN = 50


@dataclass(frozen=True)
class Leech:
    """A hard card, with what is known of why."""

    note: NoteView
    card_id: int  # the one that was forgotten most
    lapses: int
    reviews: int
    grades: Sequence[Grade]  # the oldest first
    findings: Sequence[Finding]
    can_edit: bool  # else of a team: it is set aside for oneself, and other words are suggested


def notice(session: Session, options: Options, place: Place, memory: Memory) -> None:
    """Tag the note of a card that has just become a leech, and set it aside if that is wanted."""
    if not _has_lapsed(place.memory, memory) or not is_leech(memory.lapses, options.leech_after):
        return
    note = _note_of(session, place.card_id)
    _mark(session, note, place.learner_id)
    if options.leech_suspends:
        plans.suspend(session, note.id, learner_id=place.learner_id, suspended=True)


def forget(session: Session, options: Options, place: Place) -> None:
    """Take back what `notice` did for an answer that was undone; the place is that before the undo."""
    lapsed = place.memory
    memory = reviews.memory(session, card_id=place.card_id, learner_id=place.learner_id)
    if lapsed is None or not _has_lapsed(memory, lapsed) or not is_leech(lapsed.lapses, options.leech_after):
        return
    note = _note_of(session, place.card_id)
    _unmark(session, note, place.learner_id)
    if options.leech_suspends:
        plans.suspend(session, note.id, learner_id=place.learner_id, suspended=False)


def count(session: Session, actor: Actor) -> int:
    """Return how many notes are hard for the actor, at most 50 of their own and 50 of teams'."""
    return hard_notes.count(session, actor.learner_id, TAG, limit=SHOWN)


def leeches(session: Session, actor: Actor) -> Sequence[Leech]:
    """Return the actor's hard cards, those of decks that they follow among them, the one forgotten most first."""
    rows = [
        *notes.with_tag(session, actor.learner_id, TAG, limit=SHOWN),
        *hard_notes.of_learner(session, actor.learner_id, limit=SHOWN),
    ]
    found = (_leech(session, actor, row) for row in rows)
    return sorted((one for one in found if one), key=lambda one: (-one.lapses, one.note.id))


def keep(session: Session, actor: Actor, note_id: int) -> None:
    """Take a note off the list as it is; it comes back on it when it is forgotten as often again by half."""
    row = _living(session, actor, note_id)
    _unmark(session, row, actor.learner_id)
    plans.suspend(session, row.id, learner_id=actor.person_id, suspended=False)


def put_back(session: Session, actor: Actor, note_id: int, *, suspended: bool) -> None:
    """Put a note on the list again, as it stood there."""
    row = _living(session, actor, note_id)
    _mark(session, row, actor.learner_id)
    plans.suspend(session, row.id, learner_id=actor.person_id, suspended=suspended)


def _has_lapsed(before: Memory | None, after: Memory) -> bool:
    return after.lapses > (before.lapses if before else 0)


def _note_of(session: Session, card_id: int) -> NoteRow:
    return session.get_one(NoteRow, session.get_one(CardRow, card_id).note_id)


def _mark(session: Session, row: NoteRow, learner_id: int) -> None:
    """Note that a note is hard: one's own by a tag, one of a team for the learner alone."""
    if row.owner_id == learner_id:
        notes.tag(session, row.owner_id, [row.id], TAG)
    else:
        hard_notes.put(session, learner_id, row.id)


def _unmark(session: Session, row: NoteRow, learner_id: int) -> None:
    if row.owner_id == learner_id:
        notes.untag(session, row.owner_id, [row.id], TAG)
    else:
        hard_notes.remove(session, learner_id, row.id)


def _living(session: Session, actor: Actor, note_id: int) -> NoteRow:
    return allowed(notes.get_living(session, note_id), actor, Action.STUDY, thing="card")


def _leech(session: Session, actor: Actor, row: NoteRow) -> Leech | None:
    places = (plans.place(session, card_id=card.id, learner_id=actor.learner_id) for card in _cards(session, row))
    seen = [(place.memory.lapses, place, place.memory) for place in places if place and place.memory]
    if not seen:
        return None
    lapses, place, memory = max(seen, key=lambda one: (one[0], -one[1].card_id))
    how = study_plan_of(session, actor, row.deck_id)
    traced = retrace(reviewing.history(session, place), how.days, how.preset)
    history = [(event, after) for event, after in traced if after and event.grade]
    view = decks.note(session, actor, row.id)
    note = Note(view.kind, view.question, view.answer, view.choices, view.explanation, view.source)
    grades = [event.grade for event, _ in history if event.grade]
    return Leech(
        view,
        place.card_id,
        lapses,
        memory.reviews,
        grades,
        trouble(note, memory, history),
        may(actor, Action.EDIT, row.owner_id),
    )


def _cards(session: Session, row: NoteRow) -> Sequence[CardRow]:
    return [card for card in notes.cards_of(session, row.id) if card.removed_at is None]
