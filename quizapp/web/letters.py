"""What people are reminded of by mail: chosen in Settings, and ended by the link that stands in each letter."""

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from quizapp.domain.reminders import Reminders
from quizapp.errors import InvalidInput
from quizapp.services import notices
from quizapp.translations import _, spoken
from quizapp.web.acting import current_actor, reading, signed_in, writing
from quizapp.web.replies import go, offer_undo, page

blueprint = Blueprint("letters", __name__)


@blueprint.get("/settings/reminders")
def show() -> Response:
    """Show what one is reminded of."""
    person = signed_in()
    with reading() as session:
        found = notices.notice(session, current_actor())
    return page("accounts/reminders.html", block="content", notice=found, email=person.email)


@blueprint.post("/settings/reminders")
def choose() -> ResponseReturnValue:
    """Store what one is reminded of, or what the address of an undo says, and in which language."""
    person = signed_in()
    wanted = _wanted(request.form.get("reminders", request.args.get("reminders", "")))
    with writing() as session:
        before = notices.choose(session, person.actor.person_id, wanted)
        notices.speak(session, person.actor.person_id, spoken())
    offer_undo(_("Saved."), url=url_for("letters.choose", reminders=before.value))
    return go(url_for("letters.show"))


@blueprint.get("/letters/<token>")
def ask(token: str) -> Response:
    """Ask whoever has a letter whether they want no more of them; only looking at it changes nothing."""
    return _page(token)


@blueprint.post("/letters/<token>")
def end(token: str) -> Response:
    """Send no more reminders: at once, whether a person pressed the button here or their mail program its own."""
    return _changed(token, Reminders.OFF)


@blueprint.post("/letters/<token>/again")
def begin_again(token: str) -> Response:
    """Take that back: remind the person as they were reminded before."""
    return _changed(token, _wanted(request.form.get("reminders", "")))


def _changed(token: str, wanted: Reminders) -> Response:
    with writing() as session:
        before = notices.choose(session, notices.person_of(session, _secret(), token), wanted)
    return _page(token, before=before)


def _page(token: str, *, before: Reminders | None = None) -> Response:
    """Show what is chosen; `before` is what was, when it was just changed."""
    with reading() as session:
        found = notices.of_person(session, notices.person_of(session, _secret(), token))
    response = current_app.response_class(
        render_template("signing_in/letters.html", token=token, notice=found, before=before)
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _wanted(told: str) -> Reminders:
    try:
        return Reminders(told)
    except ValueError:
        raise InvalidInput("Choose one of what you can be reminded of.") from None


def _secret() -> str:
    secret: str = current_app.config["SECRET_KEY"]
    return secret
