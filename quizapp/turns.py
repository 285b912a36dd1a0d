"""The library's database in a request, for all ways in that Flask serves: read it, or take a turn to write."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask, current_app

from quizapp.db.engine import Database, Session


def init_app(app: Flask, database: Database, *, wake: Callable[[], None]) -> None:
    """Let requests of this app use the database, and wake a worker."""
    app.extensions["database"] = database
    app.extensions["wake"] = wake


@contextmanager
def reading() -> Iterator[Session]:
    """Open a session that cannot write."""
    with _database().reading() as session:
        yield session


@contextmanager
def writing() -> Iterator[Session]:
    """Open a session that commits at its end; writers take turns, so render afterwards."""
    with _database().writing() as session:
        yield session


def wake_worker() -> None:
    """Say that there is something to do; call it when the job is committed."""
    wake: Callable[[], None] = current_app.extensions["wake"]
    wake()


def _database() -> Database:
    database: Database = current_app.extensions["database"]
    return database
