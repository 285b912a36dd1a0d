"""Who acts in a request, in which library, and on which database: what every view needs before it calls a service."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask, current_app, g, request
from flask import session as cookie

from quizapp.clock import utcnow
from quizapp.db.engine import Database, Session
from quizapp.domain.permissions import Actor, own
from quizapp.domain.queues import Days
from quizapp.services import accounts, teams
from quizapp.services.settings import study_plan

OPEN_TEAM = "open_team"  # in the cookie: the number of the team whose library is open
# Learning is the person's, whichever library is open.
AT_HOME = frozenset(
    {
        "answering",
        "card_history",
        "catching_up",
        "exams",
        "leeches",
        "offline",
        "options",
        "parameters",
        "progress",
        "settings",
        "sittings",
        "study",
        "today",
    }
)
WITHOUT_ACTOR = frozenset(
    {"assets.show", "health.alive", "health.ready", "installing.manifest", "offline.show", "offline.worker"}
)


def init_app(app: Flask, database: Database, *, time_zone: str, wake: Callable[[], None]) -> None:
    """Let requests of this app act on the database as its one owner; a new one lives in the time zone."""
    app.extensions["database"] = database
    app.extensions["wake"] = wake
    app.config["TIME_ZONE"] = time_zone
    app.before_request(_recognise)
    app.context_processor(lambda: {"opened_team": g.get("opened_team"), "has_teams": bool(g.get("has_teams"))})


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
    """Return the person on whose behalf this request acts, in the library that they have open or, to learn, their own."""
    actor: Actor = g.actor
    return own(actor) if request.blueprint in AT_HOME else actor


def current_days() -> Days:
    """Return the acting learner's calendar; looked up once in a request, by those pages that say times."""
    if "days" not in g:
        with reading() as session:
            g.days = study_plan(session, own(current_actor())).days
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
    """Know who asks before a view opens a session, since writers do not nest, and which library they have open."""
    if request.endpoint is None or request.endpoint in WITHOUT_ACTOR:
        return
    if "owner" not in current_app.extensions:
        with writing() as session:
            owner = accounts.local_owner(session, time_zone=current_app.config["TIME_ZONE"], now=utcnow())
        current_app.extensions["owner"] = owner
    with reading() as session:
        g.actor = teams.in_library(session, current_app.extensions["owner"], cookie.get(OPEN_TEAM))
        g.opened_team = teams.opened(session, g.actor)
    g.has_teams = bool(g.actor.roles) or current_app.config.get("TEAMS", False)
