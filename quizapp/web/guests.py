"""Guests: whoever has the link of an assignment gives a name and answers, without an account.

The browser is known again by a key in its signed cookie; the pages are those of `sittings`.
"""

from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from flask import Blueprint, g, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.domain.queues import Days
from quizapp.services import attempting, pictures
from quizapp.web import sittings
from quizapp.web.acting import current_actor, reading, writing
from quizapp.web.forms import text
from quizapp.web.media import handed_out
from quizapp.web.quizzes import fresh_seed
from quizapp.web.replies import go, page

NAME, KEY = "guest_name", "guest_key"  # in the cookie

blueprint = Blueprint("guests", __name__, url_prefix="/a/<token>")


@blueprint.before_request
def _as_guest() -> None:
    """Show nothing but what a guest may see, whatever else this browser is signed in to."""
    g.guest_token = (request.view_args or {}).get("token", "")


@blueprint.get("")
def show(token: str) -> Response:
    """Show what is to be answered, and how it stands."""
    with reading() as opened:
        mine = attempting.by_link(opened, token, _key(), now=utcnow())
    _tell_times(mine.zone)
    return page(
        "guests/welcome.html", block="content", mine=mine, token=token, name=session.get(NAME, ""), now=utcnow()
    )


@blueprint.post("/begin")
def begin(token: str) -> ResponseReturnValue:
    """Begin under a name, or go on."""
    key, name = _key() or uuid4(), text("name")
    with writing() as opened:
        sitting_id = attempting.begin_as_guest(opened, token, key, name, seed=fresh_seed(), now=utcnow())
    session[KEY], session[NAME] = key.hex, name[: attempting.NAME_LIMIT_CHARS]
    session.permanent = True
    return go(url_for("guests.sitting", token=token, sitting_id=sitting_id))


@blueprint.get("/sittings/<int:sitting_id>")
def sitting(token: str, sitting_id: int) -> ResponseReturnValue:
    """Ask the next question, or show the result."""
    _enter(token)
    return sittings.show(sitting_id)


@blueprint.post("/sittings/<int:sitting_id>/answer")
def answer(token: str, sitting_id: int) -> ResponseReturnValue:
    """Store an answer."""
    _enter(token)
    return sittings.answer(sitting_id)


@blueprint.post("/sittings/<int:sitting_id>/finish")
def finish(token: str, sitting_id: int) -> ResponseReturnValue:
    """End an attempt with what has been answered."""
    _enter(token)
    return sittings.finish(sitting_id)


@blueprint.get("/pictures/<name>")
def picture(token: str, name: str) -> Response:
    """Hand out a picture that a question is about."""
    _enter(token)
    with reading() as opened:
        found = pictures.picture_of_link(opened, current_actor(), token, name)
    return handed_out(found)


@blueprint.get("/media/<name>")
def medium(token: str, name: str) -> Response:
    """Hand out a picture or sound that a question shows."""
    _enter(token)
    with reading() as opened:
        found = pictures.medium_of_link(opened, current_actor(), token, name)
    return handed_out(found)


def _key() -> UUID | None:
    try:
        return UUID(session.get(KEY, ""))
    except (ValueError, TypeError, AttributeError):
        return None


def _enter(token: str) -> None:
    """Let the guest act in this request; one whose browser has no key is nobody that has begun."""
    with reading() as opened:
        actor, zone = attempting.as_guest(opened, token, _key() or uuid4())
    g.actor = actor
    _tell_times(zone)


def _tell_times(zone: str) -> None:
    """Say times by the clocks of the assignment."""
    g.days = Days(ZoneInfo(zone))
