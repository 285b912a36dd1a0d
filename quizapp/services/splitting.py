"""A note made into two: the first keeps its schedules, the second is new; both know where they come from.

A hard card is none any more once it was split.
"""

from datetime import datetime

from quizapp.db import notes, plans, splits
from quizapp.db.engine import Session
from quizapp.db.notes import NoteRow
from quizapp.db.splits import SplitRow
from quizapp.domain.audit import Deed
from quizapp.domain.cards import Note
from quizapp.domain.leeches import TAG
from quizapp.domain.permissions import Action, Actor
from quizapp.domain.splitting import halves
from quizapp.errors import Conflict
from quizapp.services import audit, leeches
from quizapp.services.access import allowed
from quizapp.services.notes import anchored, change, make, revive, throw_away, value


def proposed(session: Session, actor: Actor, note_id: int) -> tuple[Note, Note]:
    """Return what the two notes could say."""
    return halves(value(_living(session, actor, note_id)))


def split(
    session: Session, actor: Actor, note_id: int, first: Note, second: Note, *, expected_version: int, now: datetime
) -> int:
    """Make a note into two and return the number to take that back with; with another version stored, a conflict."""
    row = _living(session, actor, note_id)
    if row.version != expected_version:
        raise Conflict("This card was changed elsewhere meanwhile. Load it again, then split it.")
    before = value(row)
    tags = notes.tags_of(session, [row.id]).get(row.id, ())
    is_hard, is_suspended = TAG in tags, plans.by_note(session, actor.learner_id, [row.id])[row.id][1]
    if is_hard:
        leeches.keep(session, actor, row.id)
        tags = tuple(name for name in tags if name != TAG)
    other = make(
        session,
        row.deck,
        Note(row.kind, second.question, second.answer, second.choices, second.explanation, tags=tags),
        anchor=anchored(row),
        now=now,
    )
    other.typed, other.quote_gone_at = row.typed, row.quote_gone_at
    change(
        session,
        row,
        Note(row.kind, first.question, first.answer, first.choices, first.explanation),
        by=actor.person_id,
        now=now,
    )
    kept = SplitRow(
        owner_id=row.owner_id,
        note_id=row.id,
        other_id=other.id,
        question=before.question,
        answer=before.answer,
        choices=before.choices,
        explanation=before.explanation,
        note_version=row.version,
        at=now,
        was_hard=is_hard,
        was_suspended=is_suspended,
    )
    session.add(kept)
    session.flush()
    audit.note_of(session, actor, row, Deed.CHANGED, kind="card", detail=before.question, now=now)
    audit.note_of(session, actor, other, Deed.MADE, kind="card", detail=other.question, now=now)
    return kept.id


def join(session: Session, actor: Actor, split_id: int, *, now: datetime) -> None:
    """Let a note say again what it said before it was split; the second goes to the trash. Twice changes nothing."""
    kept = allowed(splits.get(session, split_id), actor, Action.EDIT, thing="card")
    row, other = notes.get(session, kept.note_id), notes.get(session, kept.other_id)
    row, other = (allowed(one, actor, Action.EDIT, thing="card") for one in (row, other))
    if other.deleted_at is not None:
        return
    if row.version != kept.note_version or other.version > 1:
        raise Conflict("One of the two cards was changed since they were split, so nothing was undone. Edit them.")
    former = Note(row.kind, kept.question, kept.answer, kept.choices, kept.explanation)
    if row.deleted_at is not None:
        revive(session, row)
    change(session, row, former, by=actor.person_id, now=now)
    throw_away(session, other, now=now)
    audit.note_of(session, actor, row, Deed.CHANGED, kind="card", detail=row.question, now=now)
    audit.note_of(session, actor, other, Deed.DELETED, kind="card", detail=other.question, now=now)
    if kept.was_hard:
        leeches.put_back(session, actor, row.id, suspended=kept.was_suspended)


def _living(session: Session, actor: Actor, note_id: int) -> NoteRow:
    return allowed(notes.get_living(session, note_id), actor, Action.EDIT, thing="card")
