"""Signing in and out, and links that work once. Every way of proving who one is ends in `begin`."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.domain.accounts import check_email, check_name, check_password
from quizapp.errors import Forbidden, InvalidInput, NotFound, QuizappError
from quizapp.services import addresses, departures, invitations, notices, passwords, resets, settings, sign_ins
from quizapp.services.invitations import Offer
from quizapp.translations import _, spoken
from quizapp.web import agents, failures, outside, sign_in_cookies
from quizapp.web.acting import is_team, reading, visitor, wake_worker, writing
from quizapp.web.forms import text
from quizapp.web.proving import allow_letter, prove
from quizapp.web.replies import own_path, say

blueprint = Blueprint("signing_in", __name__)


@blueprint.before_request
def _only_where_people_sign_in() -> ResponseReturnValue | None:
    return None if is_team() else redirect(url_for("today.show"), 303)


@blueprint.get("/sign-in")
def ask() -> ResponseReturnValue:
    """Ask who it is, unless that is known."""
    if visitor() is not None:
        return redirect(own_path(request.args.get("next", "")), 303)
    return _sign_in_form()


@blueprint.post("/sign-in")
def enter() -> ResponseReturnValue:
    """Sign in by e-mail and password."""
    found = prove(text("email"), request.form.get("password", ""))
    if found is None:
        raise InvalidInput(
            "E-mail and password do not belong together. Look whether both are written as you chose them."
        )
    return begin(found.learner_id, then=own_path(request.form.get("next", "")))


@blueprint.post("/sign-out")
def leave() -> ResponseReturnValue:
    """Sign out in this browser."""
    if (person := visitor()) is not None:
        with writing() as database:
            sign_ins.sign_out(database, person, now=utcnow())
    session.clear()
    say(_("You are signed out."))
    return sign_in_cookies.drop(redirect(url_for("signing_in.ask"), 303))


@blueprint.get("/join")
def ask_for_link() -> ResponseReturnValue:
    """Take a link, or what stands at its end, and lead on to it."""
    if told := request.args.get("link", "").strip():
        return redirect(url_for("signing_in.look_at_link", token=told.rstrip("/").rpartition("/")[2]), 303)
    return _private("signing_in/link.html")


@blueprint.get("/join/<token>")
def look_at_link(token: str) -> ResponseReturnValue:
    """Show what a link gives, and ask for what it takes."""
    return _join_form(token)


@blueprint.post("/join/<token>")
def join(token: str) -> ResponseReturnValue:
    """Make the account that a link gives, and sign in."""
    now, name = utcnow(), check_name(request.form.get("name", ""))
    with reading() as database:
        offer = invitations.look(database, token, now=now)
    email = check_email(offer.email or text("email"))
    kept = passwords.digest(check_password(request.form.get("password", ""), email=email, name=name))
    with writing() as database:
        learner_id = invitations.join(
            database, token, name=name, email=email, password_hash=kept, time_zone=time_zone(text("zone")), now=now
        )
    return begin(learner_id, then=after_joining(offer))


@blueprint.post("/join/<token>/accept")
def accept(token: str) -> ResponseReturnValue:
    """Use a link as who has signed in."""
    if (person := visitor()) is None:
        return redirect(url_for("signing_in.ask", next=url_for("signing_in.look_at_link", token=token)), 303)
    with writing() as database:
        offer = invitations.look(database, token, now=utcnow())
        team = invitations.accept(database, person.actor, token, now=utcnow())
    say(_("You are in the team %(team)s now.", team=team) if team else _("You have an account here already."))
    return redirect(after_joining(offer), 303)


@blueprint.get("/forgotten")
def ask_for_letter() -> ResponseReturnValue:
    """Ask for the e-mail to which a link goes, or say who can make one."""
    return _letter_form()


@blueprint.post("/forgotten")
def send_letter() -> ResponseReturnValue:
    """Write to whoever has this e-mail; the answer is the same if nobody does."""
    if not outside.sends():
        raise InvalidInput("Recto sends no letters here. Ask whoever runs it for a link to choose another password.")
    email = check_email(text("email"))
    allow_letter(email)
    with writing() as database:
        resets.ask(database, email, partial(_link, "signing_in.ask_for_password"), now=utcnow())
    wake_worker()
    return _private("signing_in/letter.html", email=email, problem="", is_sent=True)


@blueprint.get("/reset/<token>")
def ask_for_password(token: str) -> ResponseReturnValue:
    """Ask for another password."""
    return _reset_form(token)


@blueprint.post("/reset/<token>")
def choose_password(token: str) -> ResponseReturnValue:
    """Take another password, and sign in; everywhere else the person is signed out."""
    with reading() as database:
        account = resets.look(database, token, now=utcnow())
    wanted = check_password(request.form.get("password", ""), email=account.email, name=account.name)
    kept = passwords.digest(wanted)
    with writing() as database:
        learner_id = resets.choose(database, token, kept, now=utcnow())
    return begin(learner_id, then=url_for("today.show"))


@blueprint.get("/confirm/<token>")
def ask_to_confirm(token: str) -> ResponseReturnValue:
    """Ask whether an e-mail is theirs who opened a link; mail programs open it, too, and change nothing."""
    with reading() as database:
        email = addresses.look(database, token, now=utcnow())
    return _private("signing_in/confirm.html", token=token, email=email)


@blueprint.post("/confirm/<token>")
def confirm(token: str) -> ResponseReturnValue:
    """Note that an e-mail reaches its person."""
    with writing() as database:
        email = addresses.confirm(database, token, now=utcnow())
    say(_("%(email)s is confirmed. Sign in with it from now on.", email=email))
    return redirect(url_for("signing_in.ask" if visitor() is None else "accounts.show"), 303)


@blueprint.errorhandler(QuizappError)
def _ask_again(error: QuizappError) -> Response:
    """Show the form once more, with what was typed and what is wrong with it; without a form, the usual page."""
    show = FORMS.get(request.endpoint or "")
    if show is not None and not isinstance(error, NotFound | Forbidden):
        with suppress(NotFound):  # the link was used meanwhile
            return _told(error, show(**(request.view_args or {}), problem=error.message))
    return failures.explain(error)


def ask_again(error: QuizappError, token: str) -> Response:
    """Show the page of a link, or without its token that for signing in, to whoever came to it by a provider in vain."""
    with suppress(NotFound):
        return _told(error, _join_form(token, problem=error.message) if token else _sign_in_form(problem=error.message))
    return failures.explain(error)


def after_joining(offer: Offer) -> str:
    """Return where whoever used a link goes on: to the team that they are in now, if there is one."""
    return url_for("today.show") if offer.team_id is None else url_for("teams.show", team_id=offer.team_id)


def begin(learner_id: int, *, then: str) -> Response:
    """Sign a person in, in this browser, who has proved who they are, and lead them on.

    Nothing that the browser had before goes on: neither another sign-in nor the tokens of its forms.
    """
    now, before = utcnow(), visitor()
    with writing() as database:
        if before is not None:
            sign_ins.sign_out(database, before, now=now)
        token = sign_ins.sign_in(database, learner_id, agent=agents.named(request.user_agent.string), now=now)
        notices.speak(database, learner_id, spoken())
        is_back = departures.bring_back(database, learner_id, now=now)
    session.clear()
    if is_back:
        say(_("Welcome back. Your account is not deleted any more, and everything is where it was."))
    return sign_in_cookies.put(redirect(then, 303), token)


def _told(error: QuizappError, response: Response) -> Response:
    response.status_code = failures.STATUS.get(type(error), failures.STATUS[InvalidInput])
    return failures.after_a_while(error, response)


def _sign_in_form(*, problem: str = "") -> Response:
    wanted = own_path(request.values.get("next", ""))
    return _private("signing_in/sign_in.html", problem=problem, email=text("email"), next=wanted)


def _join_form(token: str, *, problem: str = "") -> Response:
    with reading() as database:
        offer = invitations.look(database, token, now=utcnow())
    typed = {"name": text("name"), "email": offer.email or text("email")}
    return _private("signing_in/join.html", problem=problem, offer=offer, token=token, **typed)


def _letter_form(*, problem: str = "") -> Response:
    return _private("signing_in/letter.html", problem=problem, email=text("email"), is_sent=False)


def _reset_form(token: str, *, problem: str = "") -> Response:
    with reading() as database:
        account = resets.look(database, token, now=utcnow())
    return _private("signing_in/reset.html", problem=problem, account=account, token=token)


FORMS: dict[str, Callable[..., Response]] = {
    "signing_in.enter": _sign_in_form,
    "signing_in.join": _join_form,
    "signing_in.choose_password": _reset_form,
    "signing_in.send_letter": _letter_form,
}


def _link(endpoint: str, token: str) -> str:
    return outside.link(url_for(endpoint, token=token))


def _private(template: str, **values: object) -> Response:
    """Return a page that no cache may keep."""
    response = current_app.response_class(render_template(template, **values))
    response.headers["Cache-Control"] = "no-store"
    return response


def time_zone(told: str) -> str:
    """Return where a person lives, as their browser says, or else where the server stands."""
    here: str = current_app.config["TIME_ZONE"]
    return told if told in settings.time_zones() else here
