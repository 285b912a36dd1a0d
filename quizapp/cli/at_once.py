"""Jobs that a command does itself, at once, while it shows how far they are. Start from `done`."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from quizapp.cli import progress
from quizapp.clock import utcnow
from quizapp.db.engine import Database
from quizapp.domain.permissions import Actor
from quizapp.errors import Conflict, QuizappError
from quizapp.services import jobs
from quizapp.services.jobs import Claim, Standing, Task
from quizapp.worker import attempt
from quizapp.worker.watch import Dropped


def done(database: Database, actor: Actor, task: Task, *, data: bytes | None = None) -> Mapping[str, Any]:
    """Do a job and return what came of it; `data` is the file that it needs, if the task does not name it."""
    with database.writing() as session:
        held = jobs.begin(session, actor, task, data=data, now=utcnow())
    with _forgotten_unless_done(database, held), progress.shown() as tell:
        attempt.do(database, held, ending=threading.Event(), tell=tell)
    with database.reading() as session:
        return jobs.look(session, actor, held.job_id).result


@contextmanager
def _forgotten_unless_done(database: Database, held: Claim) -> Iterator[None]:
    """Leave nothing of a job that fails or is interrupted here, where the person sees it and decides.

    One that is killed stays; a site takes it over.
    """
    try:
        yield
    except Dropped as drop:
        if drop.standing is Standing.LOST:
            raise Conflict("Another worker has taken this over. Open the site and look into your library.") from None
        _forget(database, held)
        raise Conflict("This was cancelled on the site. Nothing was stored.") from None
    except BaseException:
        _forget(database, held)
        raise


def _forget(database: Database, held: Claim) -> None:
    with suppress(QuizappError), database.writing() as session:
        jobs.forget(session, held, now=utcnow())
