"""The library's database in a request, for all ways in that Flask serves: read it, or take a turn to write.

What a request reads, it reads in one session, which sees one moment of the library until the request writes:
to begin and end one for each question takes longer than most questions do.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from flask import Flask, current_app, g
from werkzeug.wrappers import Response

from quizapp.db.engine import Database, Session


def init_app(app: Flask, database: Database, *, wake: Callable[[], None]) -> None:
    """Let requests of this app use the database, and wake a worker."""
    app.extensions["database"] = database
    app.extensions["wake"] = wake
    app.after_request(_read_enough)
    app.teardown_request(lambda _fault: _end_reading())


@contextmanager
def reading() -> Iterator[Session]:
    """Give the session of this request that cannot write."""
    if "reading" not in g:
        with ExitStack() as ending:
            session = ending.enter_context(_database().reading())
            g.reading = session, ending.pop_all()
    session, _ending = g.reading
    try:
        with _database().told(reading=True):
            yield session
    except BaseException:
        _end_reading()  # its transaction may have failed
        raise


@contextmanager
def writing() -> Iterator[Session]:
    """Open a session that commits at its end; writers take turns, so render afterwards."""
    _end_reading()
    try:
        with _database().writing() as session:
            yield session
    finally:
        _end_reading()  # which may have begun meanwhile: what is read from now on is what was written


def wake_worker() -> None:
    """Say that there is something to do; call it when the job is committed."""
    wake: Callable[[], None] = current_app.extensions["wake"]
    wake()


def _read_enough(response: Response) -> Response:
    """End what is read once the answer is written: to send it, or to take in what is left of a form, can take long."""
    _end_reading()
    return response


def _end_reading() -> None:
    _session, ending = g.pop("reading", (None, ExitStack()))
    ending.close()


def _database() -> Database:
    database: Database = current_app.extensions["database"]
    return database
