"""Files of other programs come in: each as a run that is told of, undone and redone as a whole. Start from `store`.

The same file again changes nothing; a changed one updates what the learner has not edited here. `arriving` decides
that for each note, `past` takes over what was learned.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from quizapp.db import card_media, plans
from quizapp.db import decks as deck_rows
from quizapp.db import importing as rows
from quizapp.db.bulk_steps import delete_or_restore, living
from quizapp.db.decks import DeckRow
from quizapp.db.engine import Session
from quizapp.db.importing import ImportRunRow
from quizapp.domain import deck_names
from quizapp.domain.incoming import Incoming, Trouble
from quizapp.domain.permissions import Action, Actor
from quizapp.errors import Conflict
from quizapp.sandbox import Progress
from quizapp.services import arriving
from quizapp.services.access import allowed
from quizapp.services.arriving import NOTHING_BESIDES, Arrival, Besides
from quizapp.translations import _

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
    reviews: int = 0  # answers that were not known
    adapted: tuple[str, ...] = ()  # what came in otherwise than it was, a sentence each
    skipped: tuple[Trouble, ...] = ()  # the first of them
    skipped_count: int = 0

    @property
    def changed(self) -> bool:
        """Say whether there is anything to undo."""
        return bool(self.added or self.updated or self.reviews)


def store(
    session: Session,
    actor: Actor,
    incoming: Iterable[Incoming | Trouble],
    *,
    source: str,
    into: str,
    besides: Besides = NOTHING_BESIDES,
    now: datetime,
    on_progress: Progress | None = None,
) -> Report:
    """Store what a file brings, all of it in this turn or nothing, and say what became of it.

    A note is known again by its `guid`, one without by what it asks.
    """
    report = on_progress or _nobody
    into = deck_names.clean(into)
    everything = list(incoming)
    troubles = [one for one in everything if isinstance(one, Trouble)]
    notes = [one for one in everything if isinstance(one, Incoming)]
    run = ImportRunRow(owner_id=actor.learner_id, source=source, at=now, report={}, decks=())
    rows.add(session, run)
    card_media.put(session, actor.learner_id, besides.media)
    arrival = Arrival(session, actor, run, into, besides, now)
    with rows.room(session):
        for start in range(0, len(notes), rows.AT_ONCE):
            report(start / len(notes), _("Storing the notes"))
            arriving.arrive(arrival, notes[start : start + rows.AT_ONCE])
    troubles += arrival.troubles
    run.decks = tuple(arrival.made)
    run.report = {
        "decks": sorted(arrival.decks_used, key=deck_names.key)[:TOLD_TROUBLES],
        **arrival.counts,
        "adapted": list(besides.adapted),
        "skipped": [asdict(one) for one in troubles[:TOLD_TROUBLES]],
        "skipped_count": len(troubles),
    }
    session.flush()
    return _report(run)


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
        _refuse_before_later(session, run)
        _throw_away(session, run, now)
        arriving.exchange(session, actor, rows.steps(session, run.id), now=now, is_undone=run.undone_at is not None)
        run.undone_at = now
        session.flush()
    return _report(run)


def redo(session: Session, actor: Actor, run_id: int, *, now: datetime) -> Report:
    """Bring back a run that was undone; twice changes nothing. What has left the trash for good stays away."""
    run = _run(session, actor, run_id, Action.EDIT)
    if run.undone_at is not None:
        _bring_back(session, run, run.undone_at)
        arriving.exchange(session, actor, rows.steps(session, run.id), now=now, is_undone=run.undone_at is not None)
        run.undone_at = None
        session.flush()
    return _report(run)


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
    made = [step.note_id for step in rows.steps(session, run.id) if step.was is None]
    delete_or_restore(session, living(session, made, undone_at), None)


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
    undone = run.undone_at is not None
    return Report(run.id, run.source, run.at, undone, decks, adapted=adapted, skipped=skipped, **told)


def _nobody(_share: float, _what: str) -> None:
    """Tell nobody."""
