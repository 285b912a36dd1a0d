"""Files of other programs come in: each as a run that is told of, undone and redone as a whole. Start from `store`.

What is much comes in by parts, each in a turn of its own, so that nobody waits for long: `begin` or `resume`, `put`
for each part, `finish`; or `abandon`. The same file again changes nothing; a changed one updates what the learner has
not edited here. `arriving` decides that for each note, `past` takes over what was learned.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from quizapp.db import card_media, plans
from quizapp.db import decks as deck_rows
from quizapp.db import importing as rows
from quizapp.db.bulk_steps import delete_or_restore, living
from quizapp.db.decks import DeckRow
from quizapp.db.engine import Session
from quizapp.db.importing import ImportRunRow
from quizapp.domain import deck_names
from quizapp.domain.audit import Deed
from quizapp.domain.incoming import Incoming, Trouble
from quizapp.domain.permissions import Action, Actor, LearnerId
from quizapp.errors import Conflict
from quizapp.services import arriving, audit
from quizapp.services.access import allowed
from quizapp.services.arriving import NOTHING_BESIDES, Arrival, Besides, Met
from quizapp.translations import many

TOLD_TROUBLES = 200
RUNS_SHOWN = 50


@dataclass(frozen=True)
class Report:
    """What became of a file; every number counts notes unless it says otherwise."""

    run_id: int
    source: str  # the file, for people
    at: datetime
    undone: bool
    decks: tuple[str, ...]  # that it was put into, at most a few
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    edited_here: int = 0  # that the file changed, and the learner too, whose wording stays
    in_trash: int = 0  # that the learner deleted, and that stay there
    restored: int = 0  # that the file says with less than is here, which stays
    reviews: int = 0  # answers that were not known
    adapted: tuple[str, ...] = ()  # what came in otherwise than it was, a sentence each
    skipped: tuple[Trouble, ...] = ()  # the first of them
    skipped_count: int = 0
    job_id: int | None = None  # that is at it, while parts of it are still to come

    @property
    def changed(self) -> bool:
        """Say whether there is anything to undo."""
        return bool(self.added or self.updated or self.reviews)


@dataclass(frozen=True)
class Course:
    """A run on its way: what all its parts go by, and what those so far have brought."""

    run_id: int
    into: str  # the deck of notes that are put into none
    besides: Besides
    met: Met = field(default_factory=Met)


def store(
    session: Session,
    actor: Actor,
    incoming: Sequence[Incoming | Trouble],
    *,
    source: str,
    into: str,
    besides: Besides = NOTHING_BESIDES,
    now: datetime,
) -> Report:
    """Store what a small file brings, all of it in this turn or nothing, and say what became of it.

    A note is known again by its `guid`, one without by what it asks.
    """
    course = begin(session, actor, source=source, into=into, besides=besides, now=now)
    put(session, actor, course, incoming, now=now)
    return finish(session, actor, course, now=now)


def begin(
    session: Session,
    actor: Actor,
    *,
    source: str,
    into: str,
    besides: Besides,
    job_id: int | None = None,
    now: datetime,
) -> Course:
    """Begin a run, which has no part yet."""
    into = deck_names.clean(into)
    told = {"decks": [], "adapted": list(besides.adapted), "skipped": [], "skipped_count": 0}
    run = ImportRunRow(owner_id=actor.learner_id, source=source, at=now, report=told, decks=(), job_id=job_id, parts=0)
    rows.add(session, run)
    card_media.put(session, actor.learner_id, besides.media)
    return Course(run.id, into, besides)


def resume(session: Session, job_id: int, *, into: str, besides: Besides) -> tuple[Course, int] | None:
    """Return the run that a job has begun, and how many of its parts are in; None when there is none.

    Before the next part is put, `pass_by` those that are in.
    """
    run = rows.of_job(session, job_id)
    return None if run is None else (Course(run.id, deck_names.clean(into), besides), run.parts or 0)


def pass_by(
    session: Session, actor: Actor, course: Course, incoming: Sequence[Incoming | Trouble], *, now: datetime
) -> None:
    """Learn anew what is in a part that was put before; a session that reads can do it."""
    run = _run(session, actor, course.run_id, Action.SEE)
    arrival = Arrival(session, actor, run, course.into, course.besides, now, course.met)
    for notes in rows.parts([one for one in incoming if isinstance(one, Incoming)]):
        arriving.meet(arrival, notes)


def put(
    session: Session, actor: Actor, course: Course, incoming: Sequence[Incoming | Trouble], *, now: datetime
) -> None:
    """Store the next part of a run; should the turn fail, so has the course."""
    run = _run(session, actor, course.run_id, Action.EDIT)
    arrival = Arrival(session, actor, run, course.into, course.besides, now, course.met)
    notes = [one for one in incoming if isinstance(one, Incoming)]
    with rows.room(session):
        for some in rows.parts(notes):
            arriving.arrive(arrival, some)
    troubles = [*(one for one in incoming if isinstance(one, Trouble)), *arrival.troubles]
    run.decks = (*run.decks, *arrival.made)
    run.report = _with(run.report, arrival, troubles)
    run.parts = (run.parts or 0) + 1
    session.flush()


def finish(session: Session, actor: Actor, course: Course, *, now: datetime) -> Report:
    """End a run all of whose parts are in, and say what became of the file."""
    run = _run(session, actor, course.run_id, Action.EDIT)
    run.job_id = run.parts = None
    session.flush()
    audit.note_of(session, actor, run, Deed.ADDED, kind="import", detail=run.source, now=now)
    return _report(run)


def abandon(session: Session, job_id: int, *, now: datetime) -> None:
    """Take back what a job has put in of a run that it will not finish; nothing when there is none."""
    run = rows.of_job(session, job_id)
    if run is not None:
        run.job_id = run.parts = None
        _take_back(session, Actor(LearnerId(run.owner_id)), run, now)


def _with(told: Mapping[str, Any], arrival: Arrival, troubles: Sequence[Trouble]) -> dict[str, Any]:
    """Return what is told of a run with one more part."""
    decks = sorted({*told["decks"], *arrival.decks_used}, key=deck_names.key)
    skipped = [*told["skipped"], *map(asdict, troubles)]
    counts = {name: told.get(name, 0) + count for name, count in arrival.counts.items()}
    count = told["skipped_count"] + len(troubles)
    new = {"decks": decks[:TOLD_TROUBLES], "skipped": skipped[:TOLD_TROUBLES], "skipped_count": count}
    return {**told, **counts, **new}


def runs(session: Session, actor: Actor) -> Sequence[Report]:
    """Return what came of the actor's latest files, the newest first."""
    return [_report(row) for row in rows.runs(session, actor.learner_id, limit=RUNS_SHOWN)]


def report(session: Session, actor: Actor, run_id: int) -> Report:
    """Return what came of a file."""
    return _report(_run(session, actor, run_id, Action.SEE))


def undo(session: Session, actor: Actor, run_id: int, *, now: datetime) -> Report:
    """Take back a whole run: what it made goes to the trash, what it changed is as it was; twice changes nothing.

    What the learner has changed since then stays. A later file that changed the same notes is taken back first.
    """
    run = _run(session, actor, run_id, Action.EDIT)
    if run.undone_at is None:
        if run.parts is not None:
            raise Conflict("“%(source)s” is still coming in. Cancel that, and nothing of it stays.", source=run.source)
        _refuse_before_later(session, run)
        _take_back(session, actor, run, now)
        audit.note_of(session, actor, run, Deed.DELETED, kind="import", detail=run.source, now=now)
    return _report(run)


def redo(session: Session, actor: Actor, run_id: int, *, now: datetime) -> Report:
    """Bring back a run that was undone; twice changes nothing. What has left the trash for good stays away."""
    run = _run(session, actor, run_id, Action.EDIT)
    if run.undone_at is not None:
        _bring_back(session, run, run.undone_at)
        arriving.exchange(session, actor, rows.changed_by(session, run.id), now=now, is_undone=True)
        run.undone_at = None
        session.flush()
        audit.note_of(session, actor, run, Deed.RESTORED, kind="import", detail=run.source, now=now)
    return _report(run)


def _take_back(session: Session, actor: Actor, run: ImportRunRow, now: datetime) -> None:
    _throw_away(session, run, now)
    arriving.exchange(session, actor, rows.changed_by(session, run.id), now=now, is_undone=False)
    run.undone_at = now
    session.flush()


def _throw_away(session: Session, run: ImportRunRow, now: datetime) -> None:
    """Move to the trash the decks that hold nothing but what the run made, and what it made in others."""
    decks = rows.only_of(session, run)
    for deck in decks:
        deck.deleted_at = now
    session.flush()
    plans.settle_decks(session, [deck.id for deck in decks])
    gone = {deck.id for deck in decks}
    delete_or_restore(session, rows.made_outside(session, run, gone), now)


def _bring_back(session: Session, run: ImportRunRow, undone_at: datetime) -> None:
    decks = [one for one in rows.decks(session, run.decks) if one.deleted_at == undone_at]
    for deck in decks:
        _refuse_taken(session, deck)
        deck.deleted_at = None
    session.flush()
    plans.settle_decks(session, [deck.id for deck in decks])
    delete_or_restore(session, living(session, rows.made_by(session, run.id), undone_at), None)


def _refuse_taken(session: Session, deck: DeckRow) -> None:
    if taken := deck_rows.named(session, deck.owner_id, deck.name):
        raise Conflict(
            "There is another deck named “%(name)s” now. Rename that one, then bring this back.", name=taken.name
        )


def _refuse_before_later(session: Session, run: ImportRunRow) -> None:
    if later := rows.later(session, run):
        raise Conflict(
            "“%(source)s” changed the same cards after this. Undo that import first.", source=later[0].source
        )


def _run(session: Session, actor: Actor, run_id: int, action: Action) -> ImportRunRow:
    return allowed(rows.get(session, run_id), actor, action, thing="import")


def _report(run: ImportRunRow) -> Report:
    told = dict(run.report)
    skipped = tuple(Trouble(**one) for one in told.pop("skipped"))
    decks, adapted = tuple(told.pop("decks")), tuple(told.pop("adapted"))
    if restored := told.get("restored", 0):
        adapted = (*adapted, _restored(restored))
    undone = run.undone_at is not None
    return Report(
        run.id, run.source, run.at, undone, decks, adapted=adapted, skipped=skipped, job_id=run.job_id, **told
    )


def _restored(count: int) -> str:
    return many(
        "One note is simpler in this file, which cannot hold all of it. Here it stays what it is, with its choices or items.",
        "%(num)s notes are simpler in this file, which cannot hold all of them. "
        "Here they stay what they are, with their choices or items.",
        count,
    )
