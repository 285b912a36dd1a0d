"""One attempt at one job, whatever becomes of it. Start from `work_on`."""

import logging
import threading

from quizapp import sandbox
from quizapp.clock import utcnow
from quizapp.db.engine import Database
from quizapp.errors import QuizappError, Unavailable
from quizapp.sandbox import Progress
from quizapp.services import fetching, jobs
from quizapp.services.fetching import Fetch
from quizapp.services.jobs import Claim, Standing
from quizapp.translations import _, speaking
from quizapp.worker.kinds import KINDS
from quizapp.worker.watch import Dropped, Released, Watch

log = logging.getLogger(__name__)


def work_on(database: Database, held: Claim, *, ending: threading.Event, fetch: Fetch) -> None:
    """Do a job that we hold, and put into the library what became of it; `ending` gives it back undone."""
    with speaking(held.language):
        _attempt(database, held, ending=ending, fetch=fetch)


def _attempt(database: Database, held: Claim, *, ending: threading.Event, fetch: Fetch) -> None:
    try:
        do(database, held, ending=ending, fetch=fetch)
    except Dropped as drop:
        if drop.standing is Standing.CANCELLED:
            with database.writing() as session:
                jobs.stop(session, held, now=utcnow())
    except Released:
        with database.writing() as session:
            jobs.release(session, held, now=utcnow())
    except sandbox.Fault as fault:
        _fail(database, held, fault.message)
    except Unavailable as problem:
        with database.writing() as session:
            jobs.try_later(session, held, problem.message, now=utcnow())
    except QuizappError as refusal:
        _fail(database, held, refusal.message)
    except Exception as fault:
        log.exception("job %d failed", held.job_id)
        _fail(database, held, _("Recto made a mistake (%(fault)s). Nothing was stored.", fault=type(fault).__name__))


def do(
    database: Database,
    held: Claim,
    *,
    ending: threading.Event,
    fetch: Fetch = fetching.fetched,
    tell: Progress | None = None,
) -> None:
    """Do a job that we hold and store what it makes, or raise what stood in the way."""
    watch = Watch(database, held, ending=ending, tell=tell)
    store = KINDS[held.task.kind](database, held, watch, fetch)
    with database.writing() as session:
        standing = jobs.finish(session, held, store, now=utcnow())
    if standing is not Standing.MINE:
        raise Dropped(standing)


def _fail(database: Database, held: Claim, problem: str) -> None:
    with database.writing() as session:
        jobs.fail(session, held, problem, now=utcnow())
