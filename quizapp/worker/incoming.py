"""A file of another program comes in: read in a child of its own, then stored part by part. Start from `take_in`."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from quizapp.clock import utcnow
from quizapp.db.engine import Database, Session
from quizapp.domain import deck_names
from quizapp.services import importing, incoming_files, jobs, past, receiving
from quizapp.services.importing import Course
from quizapp.services.incoming_files import Cargo
from quizapp.services.jobs import Claim, Result, Standing
from quizapp.services.tasks import ToImport
from quizapp.translations import _
from quizapp.worker.watch import Dropped, Watch

SHARE_OF_READING = 0.6
BREATH_SECONDS = 0.03  # between two turns to write, in which whoever waits for one gets it


def take_in(database: Database, held: Claim, watch: Watch) -> Course:
    """Read a file and store what it brings, and return the run that is left to be finished.

    Each part is kept as soon as it is stored. A worker that takes the job over goes on after the last of them;
    should the job end otherwise than done, all of them are taken back.
    """
    wanted, now = ToImport(**held.task.given), utcnow()
    with _read(database, held, wanted, watch, now) as cargo:
        into = wanted.into or deck_names.from_title(Path(wanted.filename).stem)
        course, done = _resumed(database, held, cargo, into, now)
        for number in range(done, len(cargo)):
            if number:
                watch.look_up()
                time.sleep(BREATH_SECONDS)
            share = SHARE_OF_READING + (1 - SHARE_OF_READING) * number / len(cargo)
            watch.note(share, _("Storing the notes"))
            incoming = cargo.part(number)
            with _turn(database, held, share) as session:
                course = course or _begun(session, held, cargo, into, now)
                importing.put(session, held.actor, course, incoming, now=now)
    if course is None:
        with _turn(database, held, SHARE_OF_READING) as session:
            course = _begun(session, held, cargo, into, now)
    return course


@contextmanager
def _read(database: Database, held: Claim, wanted: ToImport, watch: Watch, now: datetime) -> Iterator[Cargo]:
    file = database.media.path(held.task.file or "")

    def note(share: float, doing: str) -> None:
        watch.note(share * SHARE_OF_READING, doing)

    if incoming_files.holds_cards_alone(wanted.filename):
        data = database.media.get(held.task.file or "")
        wishes = wanted.chosen
        look = receiving.look(data, wanted.filename, wishes, on_progress=note, on_wait=watch.look_up)
        yield receiving.cargo(look, database.media, now=now)
        return
    with database.reading() as session:
        presets = past.presets(session, held.actor)
    with incoming_files.opened(
        file,
        wanted.filename,
        database.media,
        presets=presets,
        now=now,
        on_progress=note,
        on_wait=watch.look_up,
    ) as cargo:
        yield cargo


def _resumed(database: Database, held: Claim, cargo: Cargo, into: str, now: datetime) -> tuple[Course | None, int]:
    """Return the run that this job has begun before, and how many of its parts are in."""
    with database.reading() as session:
        found = importing.resume(session, held.job_id, into=into, besides=cargo.besides)
        if found is None:
            return None, 0
        course, done = found
        for number in range(min(done, len(cargo))):
            importing.pass_by(session, held.actor, course, cargo.part(number), now=now)
    return course, done


def _begun(session: Session, held: Claim, cargo: Cargo, into: str, now: datetime) -> Course:
    return importing.begin(
        session,
        held.actor,
        source=held.task.title,
        into=into,
        besides=cargo.besides,
        job_id=held.job_id,
        now=now,
    )


@contextmanager
def _turn(database: Database, held: Claim, share: float) -> Iterator[Session]:
    """Give a turn to write in which the job is still ours, and its lease begins anew."""
    with database.writing() as session:
        standing = jobs.report(session, held, share=share, doing=_("Storing the notes"), now=utcnow())
        if standing is not Standing.MINE:
            raise Dropped(standing)
        yield session


def finished(session: Session, held: Claim, course: Course, *, now: datetime) -> Result:
    """End a run all of whose parts are in."""
    return Result({"run_id": importing.finish(session, held.asked_by, course, now=now).run_id})
