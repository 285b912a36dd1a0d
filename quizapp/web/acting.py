"""Who acts in a request, and on which database: what every view needs before it calls a service."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask, current_app, g, request

from quizapp.clock import utcnow
from quizapp.db.engine import Database, Session
from quizapp.domain.permissions import Actor
from quizapp.domain.queues import Days
from quizapp.services import accounts
from quizapp.services.settings import study_plan

WITHOUT_ACTOR = frozenset(
    {
        *("assets.show", "health.alive", "health.ready", "installing.manifest", "offline.show", "offline.worker"),
        # Whoever has the link of an assignment is a guest, whoever else they are.
        *("guests.show", "guests.begin", "guests.sitting", "guests.answer", "guests.finish", "guests.picture"),
    }
)


def init_app(app: Flask, database: Database, *, time_zone: str, wake: Callable[[], None]) -> None:
    """Let requests of this app act on the database as its one owner; a new one lives in the time zone."""
    app.extensions["database"] = database
    app.extensions["wake"] = wake
    app.config["TIME_ZONE"] = time_zone
    app.before_request(_recognise)


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


def current_actor() -> Actor:
    """Return the person on whose behalf this request acts."""
    actor: Actor = g.actor
    return actor


def current_days() -> Days:
    """Return the acting learner's calendar; looked up once in a request, by those pages that say times."""
    if "days" not in g:
        with reading() as session:
            g.days = study_plan(session, current_actor()).days
    days: Days = g.days
    return days


def wake_worker() -> None:
    """Say that there is something to do; call it when the job is committed."""
    wake: Callable[[], None] = current_app.extensions["wake"]
    wake()


def _database() -> Database:
    database: Database = current_app.extensions["database"]
    return database


def _recognise() -> None:
    """Know the owner before a view opens a session: writers do not nest."""
    if request.endpoint is None or request.endpoint in WITHOUT_ACTOR:
        return
    if "owner" not in current_app.extensions:
        with writing() as session:
            owner = accounts.local_owner(session, time_zone=current_app.config["TIME_ZONE"], now=utcnow())
        current_app.extensions["owner"] = owner
    g.actor = current_app.extensions["owner"]
