"""Who acts in a request, in which library, and on which database: what every view needs before it calls a service."""

from collections.abc import Callable
from contextlib import suppress
from enum import Enum

from flask import Flask, current_app, g, redirect, request, url_for
from flask import session as cookie
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response

from quizapp import turns
from quizapp.clock import utcnow
from quizapp.db.engine import Database, Session
from quizapp.domain.permissions import Actor, own
from quizapp.domain.queues import Days
from quizapp.errors import NotFound, Unavailable
from quizapp.services import accounts, sign_ins, teams
from quizapp.services.settings import study_plan
from quizapp.services.sign_ins import SignedIn
from quizapp.services.teams import Opened
from quizapp.translations import _
from quizapp.turns import reading as reading  # views take them from here, with the actor
from quizapp.turns import wake_worker as wake_worker
from quizapp.turns import writing as writing
from quizapp.web import sign_in_cookies
from quizapp.web.replies import back
from quizapp.web.security import PROGRAMS

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
        "privacy",
        "progress",
        "settings",
        "sittings",
        "study",
        "today",
    }
)


class Door(Enum):
    """Who may call an endpoint while people sign in; the others are for who has signed in."""

    UNWATCHED = "unwatched"  # anybody, and nobody asks who it is
    OPEN = "open"  # anybody, and who has signed in is known


DOORS = {
    "assets.show": Door.UNWATCHED,
    # Whoever has the link of an assignment is a guest, whoever else they are.
    "guests.answer": Door.UNWATCHED,
    "guests.begin": Door.UNWATCHED,
    "guests.finish": Door.UNWATCHED,
    "guests.medium": Door.UNWATCHED,
    "guests.picture": Door.UNWATCHED,
    "guests.show": Door.UNWATCHED,
    "guests.sitting": Door.UNWATCHED,
    "health.alive": Door.UNWATCHED,
    "health.ready": Door.UNWATCHED,
    "installing.manifest": Door.UNWATCHED,
    "languages.change": Door.OPEN,
    # Whose letters, or calendar, a token in the address says.
    "letters.calendar": Door.UNWATCHED,
    "letters.ask": Door.UNWATCHED,
    "letters.end": Door.UNWATCHED,
    "letters.begin_again": Door.UNWATCHED,
    "offline.show": Door.UNWATCHED,
    "offline.worker": Door.UNWATCHED,
    "provider.back": Door.OPEN,
    "provider.enter": Door.OPEN,
    "provider.join": Door.OPEN,
    "privacy.show": Door.OPEN,
    "settings.change_theme": Door.OPEN,
    "signing_in.ask": Door.OPEN,
    "signing_in.enter": Door.OPEN,
    "signing_in.leave": Door.OPEN,
    "signing_in.ask_for_link": Door.OPEN,
    "signing_in.look_at_link": Door.OPEN,
    "signing_in.join": Door.OPEN,
    "signing_in.accept": Door.OPEN,
    "signing_in.ask_for_password": Door.OPEN,
    "signing_in.choose_password": Door.OPEN,
    "signing_in.ask_for_letter": Door.OPEN,
    "signing_in.ask_to_confirm": Door.OPEN,
    "signing_in.confirm": Door.OPEN,
    "signing_in.send_letter": Door.OPEN,
}


def init_app(app: Flask, database: Database, *, time_zone: str, team: bool, wake: Callable[[], None]) -> None:
    """Let requests of this app act on the database: as who has signed in, or as its one owner.

    A new owner lives in the time zone.
    """
    turns.init_app(app, database, wake=wake)
    app.config.update(TIME_ZONE=time_zone, TEAM=team)
    app.before_request(_recognise_person if team else _recognise_owner)
    app.context_processor(_who_acts)


def current_actor() -> Actor:
    """Return the person on whose behalf this request acts, in the library that they have open or, to learn, their own."""
    actor: Actor = g.actor
    return own(actor) if request.blueprint in AT_HOME else actor


def opened_team() -> Opened | None:
    """Return the team whose library is open, None in one's own."""
    opened: Opened | None = g.opened_team
    return opened


def signed_in() -> SignedIn:
    """Return who has signed in; in local mode nobody does, and there is no such page."""
    if (person := visitor()) is None:
        raise NotFound("There is nothing at this address. It may have been deleted, or the link is incomplete.")
    return person


def visitor() -> SignedIn | None:
    """Return who has signed in, or None."""
    person: SignedIn | None = g.get("signed_in")
    return person


def is_team() -> bool:
    """Say whether people sign in here."""
    team: bool = current_app.config["TEAM"]
    return team


def current_days() -> Days:
    """Return the acting learner's calendar; looked up once in a request, by those pages that say times."""
    if "days" not in g:
        with reading() as session:
            g.days = study_plan(session, own(current_actor())).days
    days: Days = g.days
    return days


def _who_acts() -> dict[str, object]:
    """Give templates who has signed in, and whose library is open."""
    teams_here = is_team() or bool("actor" in g and g.actor.roles)
    return {
        "signed_in": g.get("signed_in"),
        "team_mode": is_team(),
        "opened_team": g.get("opened_team"),
        "has_teams": teams_here,
    }


def _recognise_owner() -> None:
    """Know the owner before a view opens a session: writers do not nest."""
    if request.endpoint is None or _is_unwatched():
        return
    if "owner" not in current_app.extensions:
        with writing() as session:
            owner = accounts.local_owner(session, time_zone=current_app.config["TIME_ZONE"], now=utcnow())
        current_app.extensions["owner"] = owner
    with reading() as session:
        _open_library(session, teams.with_roles(session, current_app.extensions["owner"]))


def _open_library(session: Session, person: Actor) -> None:
    """Let the request act as this person in the library that they have open."""
    g.actor, g.opened_team = person, None
    if OPEN_TEAM in cookie:
        g.actor, g.opened_team = teams.in_library(session, person, cookie[OPEN_TEAM])


def _recognise_person() -> Response | None:
    """Know who has signed in before a view opens a session, or send them to where they can."""
    if _is_unwatched():
        return None
    now, token = utcnow(), sign_in_cookies.read()
    person = None
    if token:
        with reading() as session:
            person = sign_ins.recognise(session, token, now=now)
            if person is not None:
                _open_library(session, person.actor)
    if person is None:
        return None if (request.endpoint or "") in ("", *DOORS) else _to_the_door()
    g.signed_in = person
    if person.is_to_be_noted(now):
        with suppress(Unavailable), writing() as session:  # the next request notes it
            sign_ins.note_seen(session, person.id, now=now)
    return None


def _is_unwatched() -> bool:
    """Say whether nobody asks who calls this, or somebody else does."""
    return request.blueprint == PROGRAMS or DOORS.get(request.endpoint or "") is Door.UNWATCHED


def _to_the_door() -> Response:
    """Answer who has not signed in: where to, and for whoever reads no pages, that it was refused."""
    is_htmx = request.headers.get("HX-Request") == "true"
    is_visit = request.method in {"GET", "HEAD"} and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    if is_visit and not is_htmx:
        return redirect(url_for("signing_in.ask", next=request.full_path.rstrip("?")), 303)
    if is_htmx:
        return Response(status=401, headers={"HX-Redirect": url_for("signing_in.ask", next=back("/"))})
    raise Unauthorized(
        _("You are not signed in any more. Sign in, go back and send it once more: what you typed is still there.")
    )
