"""How people hear of what is due: by mail, chosen in Settings and ended by the link in each letter, and in their calendars."""

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.domain.reminders import Reminders
from quizapp.errors import InvalidInput
from quizapp.services import addresses, calendars, notices
from quizapp.services.reminders import Home
from quizapp.translations import _, spoken
from quizapp.web import outside
from quizapp.web.acting import current_actor, reading, signed_in, writing
from quizapp.web.replies import go, offer_undo, page, say

blueprint = Blueprint("letters", __name__)


@blueprint.get("/settings/reminders")
def show() -> Response:
    """Show what one is reminded of."""
    return _settings_page()


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


@blueprint.post("/settings/calendar")
def make_calendar() -> ResponseReturnValue:
    """Make an address for one's calendar, and show it: here, once; the one before leads nowhere any more."""
    signed_in()
    with writing() as session:
        token = notices.make_calendar(session, current_actor())
    response = _settings_page(outside.link(url_for("letters.calendar", token=token)))
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/settings/calendar/end")
def end_calendar() -> ResponseReturnValue:
    """Let the address of one's calendar lead nowhere, and offer to take that back."""
    signed_in()
    with writing() as session:
        notices.end_calendar(session, current_actor(), now=utcnow())
    offer_undo(_("The address of your calendar leads nowhere any more."), url=url_for("letters.put_back_calendar"))
    return go(url_for("letters.show"))


@blueprint.post("/settings/calendar/put-back")
def put_back_calendar() -> ResponseReturnValue:
    """Let the address work again."""
    signed_in()
    with writing() as session:
        notices.put_back_calendar(session, current_actor())
    say(_("Your calendar is there again."))
    return go(url_for("letters.show"))


@blueprint.get("/calendar/<token>.ics")
def calendar(token: str) -> Response:
    """Return a person's calendar to the program that has its address."""
    home = Home(outside.link(""), _secret())
    with reading() as session:
        data = calendars.feed(session, token, home, now=utcnow())
    response = current_app.response_class(data, mimetype="text/calendar")
    response.headers["Content-Disposition"] = 'inline; filename="recto.ics"'
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    return response.make_conditional(request)


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


def _settings_page(made: str = "") -> Response:
    person = signed_in()
    with reading() as session:
        found = notices.notice(session, current_actor())
        known = addresses.address(session, current_actor(), now=utcnow())
    webcal = f"webcal://{made.partition('://')[2]}"  # opens the person's own calendar
    values = {"notice": found, "email": person.email, "known": known, "made": made, "webcal": webcal}
    return page("accounts/reminders.html", block="reminders", **values)


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
