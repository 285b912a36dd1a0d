"""What each kind of job does: first the long part, outside any turn to write, then what stores its result."""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

from quizapp import sandbox
from quizapp.clock import utcnow
from quizapp.db.engine import Database, Session
from quizapp.domain.jobs import JobKind
from quizapp.domain.parameters import Fitted
from quizapp.domain.permissions import Actor
from quizapp.ingest.bundles import Bundle
from quizapp.sandbox import Progress
from quizapp.services import jobs, knowledge, library, own_data, parameters, reading, recognising, transfer
from quizapp.services.fetching import Fetch
from quizapp.services.jobs import Claim, Result
from quizapp.services.own_data import Gathered
from quizapp.services.recognising import Foreseen, Sought
from quizapp.services.tasks import ToExport, ToKnow, ToRead, batch_of
from quizapp.services.transfer import Contents, Exported
from quizapp.translations import _
from quizapp.worker import incoming
from quizapp.worker.watch import Watch

MATCHING_LIMITS = sandbox.Limits(seconds=300)
FITTING_LIMITS = sandbox.Limits(seconds=1_800)
PEOPLE_AT_ONCE = 10
EXPORT_LIMITS = sandbox.Limits(seconds=900, memory_bytes=6 << 30)

Store = Callable[[Session, datetime], Result]
Work = Callable[[Database, Claim, Watch, Fetch], Store]


def read(database: Database, held: Claim, watch: Watch, fetch: Fetch) -> Store:
    """Read a document, which may have to be fetched first, and propose cards; then store it with its drafts.

    An archive of several documents is taken apart, and each of them becomes a job of its own.
    """
    wanted, data = _handed_in(database, held, watch, fetch)
    bundle = reading.unpacked(data, wanted.filename, on_wait=watch.look_up)
    if bundle and len(bundle.documents) > 1:
        return _one_by_one(database, held, wanted, bundle)
    if bundle:
        (only,) = bundle.documents
        wanted, data = replace(wanted, filename=only.filename), only.data
    drafted = reading.draft_cards(data, wanted.filename, on_progress=watch.note, on_wait=watch.look_up)
    if wanted.title:
        drafted = replace(drafted, document=replace(drafted.document, title=wanted.title))
    if bundle:
        drafted = replace(drafted, problems=bundle.problems + drafted.problems)
    sought = library.sought(drafted, wanted.filename, url=wanted.url or None, batch=wanted.batch or None)
    foreseen = None if wanted.as_new else _foreseen(database, held, watch, sought)

    def store(session: Session, now: datetime) -> Result:
        added = library.add_document(
            session,
            held.asked_by,
            reading=drafted,
            filename=wanted.filename,
            data=data,
            deck_name=wanted.deck_name or None,
            keep_ready=wanted.keep_ready,
            url=wanted.url or None,
            as_new=wanted.as_new,
            batch=wanted.batch or None,
            foreseen=foreseen,
            now=now,
        )
        return Result(
            {
                "document_id": added.document_id,
                "already_there": added.already_there,
                "was_in_trash": added.was_in_trash,
                "earlier": added.earlier,
                "resembles": added.resembles,
                "update": asdict(added.update) if added.update else None,
            }
        )

    return store


def _handed_in(database: Database, held: Claim, watch: Watch, fetch: Fetch) -> tuple[ToRead, bytes]:
    """Return what is wanted, and the file that was handed in or is fetched now."""
    wanted = ToRead(**held.task.given)
    if held.task.file is not None:
        return wanted, database.media.get(held.task.file)
    watch.note(0.0, _("Fetching the page"))
    found = fetch(wanted.url, on_wait=watch.look_up)
    return replace(wanted, filename=found.filename, url=found.url), found.data


def _foreseen(database: Database, held: Claim, watch: Watch, sought: Sought) -> Foreseen | None:
    """Find out what the text is to the library, in a child where that takes long, so that nobody waits for it."""
    with database.reading() as session:
        if not recognising.is_long(session, held.actor.learner_id, sought):
            return None
    return sandbox.run(
        _looked_ahead,
        database.address,
        held.actor,
        sought,
        limits=MATCHING_LIMITS,
        on_progress=watch.note,
        on_wait=watch.look_up,
    )


def _one_by_one(database: Database, held: Claim, wanted: ToRead, bundle: Bundle) -> Store:
    """Let each document of an archive be read for itself, under its own title."""
    batch = wanted.batch or batch_of(one.data for one in bundle.documents)
    wanted = replace(wanted, title="", batch=batch)
    tasks = [(replace(wanted, filename=one.filename).task(one.data), one.data) for one in bundle.documents]
    for _task, data in tasks:
        database.media.put(data)  # which takes long, and would hold up whoever waits to write

    def store(session: Session, now: datetime) -> Result:
        for task, data in tasks:
            jobs.ask(session, held.asked_by, task, data=data, now=now)
        return Result({"documents": len(tasks), "problems": list(bundle.problems)})

    return store


def export(database: Database, held: Claim, watch: Watch, _fetch: Fetch) -> Store:
    """Pack a deck for Anki, in a child of its own, so that no page waits for it; then keep the file."""
    wanted = ToExport(**held.task.given)
    exported = sandbox.run(
        _packed,
        database.address,
        held.actor,
        wanted,
        utcnow(),
        limits=EXPORT_LIMITS,
        on_progress=watch.note,
        on_wait=watch.look_up,
    )
    made = database.media.put(exported.data)
    told = {"filename": exported.filename, "notes": exported.notes, "problems": list(exported.problems)}
    return lambda _session, _now: Result(told, made)


def take_in(database: Database, held: Claim, watch: Watch, _fetch: Fetch) -> Store:
    """Take in a file of another program part by part; what is left to be stored is that it is whole."""
    course = incoming.take_in(database, held, watch)
    return lambda session, now: incoming.finished(session, held, course, now=now)


def fit(database: Database, held: Claim, watch: Watch, _fetch: Fetch) -> Store:
    """Fit parameters to the learner's reviews in a child of its own; then keep them to be looked at."""
    fitted = sandbox.run(
        _fitted,
        database.address,
        held.actor,
        limits=FITTING_LIMITS,
        on_progress=watch.note,
        on_wait=watch.look_up,
    )

    def store(session: Session, now: datetime) -> Result:
        return Result({"version": parameters.store(session, held.actor, fitted, now=now)})

    return store


def know(database: Database, held: Claim, watch: Watch, _fetch: Fetch) -> Store:
    """Work out what a team knows, some people at a time, each stored at once; at the end, what it knows today."""
    wanted = ToKnow(**held.task.given)
    with database.reading() as session:
        library, old = knowledge.to_refresh(session, wanted.team_id)
    for start in range(0, len(old), PEOPLE_AT_ONCE):
        watch.note(start / len(old), _("Working out what people know"))
        watch.look_up()
        people = old[start : start + PEOPLE_AT_ONCE]
        with database.reading() as session:
            drawn = [knowledge.drawn(session, library, one, now=utcnow()) for one in people]
        with database.writing() as session:
            knowledge.store(session, library, drawn)
    with database.reading() as session:
        fresh = knowledge.to_sum(session, wanted.team_id)

    def store(session: Session, now: datetime) -> Result:
        knowledge.note_day(session, wanted.team_id, fresh=fresh, now=now)
        return Result({"team_id": wanted.team_id})

    return store


def take_out(database: Database, held: Claim, watch: Watch, _fetch: Fetch) -> Store:
    """Gather everything of a person in a child of its own; then keep the file."""
    gathered = sandbox.run(
        _gathered,
        database.address,
        held.actor,
        utcnow(),
        limits=EXPORT_LIMITS,
        on_progress=watch.note,
        on_wait=watch.look_up,
    )
    made = database.media.put(gathered.data)
    told = {"filename": gathered.filename, "files": gathered.files, "problems": list(gathered.problems)}
    return lambda _session, _now: Result(told, made)


KINDS: dict[JobKind, Work] = {
    JobKind.READ: read,
    JobKind.EXPORT: export,
    JobKind.FIT: fit,
    JobKind.IMPORT: take_in,
    JobKind.KNOW: know,
    JobKind.TAKE_OUT: take_out,
}


def _looked_ahead(address: tuple[str, Path | None], actor: Actor, sought: Sought, report: Progress) -> Foreseen:
    """Do the work of `_foreseen`, in the child."""
    database = Database(*address)
    try:
        with database.reading() as session:
            return recognising.foresee(session, actor.learner_id, sought, on_progress=report)
    finally:
        database.close()


def _packed(
    address: tuple[str, Path | None], actor: Actor, wanted: ToExport, now: datetime, report: Progress
) -> Exported:
    """Do the work of `export`, in the child, which looks at the library and writes nothing into it."""
    database = Database(*address)
    contents = Contents(progress=wanted.with_progress, source=wanted.with_source)
    try:
        with database.reading() as session:
            return transfer.export_deck(session, actor, wanted.deck_id, contents=contents, now=now, on_progress=report)
    finally:
        database.close()


def _gathered(address: tuple[str, Path | None], actor: Actor, now: datetime, report: Progress) -> Gathered:
    """Do the work of `take_out`, in the child, which looks at the library and writes nothing into it."""
    database = Database(*address)
    try:
        with database.reading() as session:
            return own_data.gather(session, actor, now=now, on_progress=report)
    finally:
        database.close()


def _fitted(address: tuple[str, Path | None], actor: Actor, report: Progress) -> Fitted:
    """Do the work of `fit`, in the child, which looks at the library and writes nothing into it."""
    database = Database(*address)
    try:
        with database.reading() as session:
            return parameters.fit(session, actor, on_progress=report)
    finally:
        database.close()
