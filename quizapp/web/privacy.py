"""What is stored of people and who sees it, in plain words; taking all of one's own out; deleting one's account."""

from datetime import timedelta

from flask import Blueprint, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.db.engine import Session
from quizapp.domain.jobs import JobKind
from quizapp.domain.knowledge import FEWEST_PEOPLE
from quizapp.errors import InvalidInput
from quizapp.services import accounts, backups, departures, jobs, own_data, sign_ins, trash
from quizapp.translations import _
from quizapp.web import sign_in_cookies, words
from quizapp.web.acting import current_actor, reading, signed_in, visitor, wake_worker, writing
from quizapp.web.proving import prove
from quizapp.web.replies import go, page, say

FRESH = timedelta(minutes=10)  # since when somebody without a password has signed in

blueprint = Blueprint("privacy", __name__)


@blueprint.get("/privacy")
def show() -> Response:
    """Say in plain words what is stored, who sees it, for how long, and how to take it out or delete it."""
    limits = {
        "fewest": FEWEST_PEOPLE,
        "trash_days": trash.KEPT.days,
        "leaving_days": departures.KEPT.days,
        "backup_days": backups.DAYS_KEPT,
        "sign_in_days": sign_ins.LASTS.days,
    }
    return page("privacy/index.html", block="content", **limits)


@blueprint.get("/settings/data")
def data() -> Response:
    """Offer to take everything out, and to delete the account."""
    with reading() as database:
        running = [job for job in jobs.in_sight(database, current_actor()) if job.kind is JobKind.TAKE_OUT]
        account, hindrance = None, None
        if visitor() is not None:
            account = accounts.profile(database, current_actor())
            hindrance = departures.hindrance(database, current_actor())
    return page(
        "privacy/data.html",
        block="content",
        running=running,
        account=account,
        hindrance=hindrance.message if hindrance else "",
        days=departures.KEPT.days,
        backup_days=backups.DAYS_KEPT,
    )


@blueprint.post("/settings/data/take-out")
def take_out() -> ResponseReturnValue:
    """Let a worker gather everything of the person, and show how far that is."""
    with writing() as database:
        job_id = own_data.ask(database, current_actor(), now=utcnow())
    wake_worker()
    return go(url_for("jobs.show", job_id=job_id))


@blueprint.post("/settings/data/delete")
def delete() -> ResponseReturnValue:
    """Delete the account of who proves that it is theirs, and sign them out; signing in takes it back."""
    signed_in()
    _prove_again()
    with writing() as database:
        until = departures.ask(database, current_actor(), now=utcnow())
    session.clear()
    say(_("Your account is deleted. Until %(day)s you get everything back by signing in.", day=words.day(until)))
    return sign_in_cookies.drop(go(url_for("signing_in.ask")))


def _prove_again() -> None:
    """Pass if whoever sits at the browser is the person: by the password or, where there is none, by a fresh sign-in."""
    with reading() as database:
        has_password = accounts.profile(database, current_actor()).has_password
        is_fresh = _is_fresh(database)
    if has_password:
        if prove(signed_in().email, request.form.get("password", "")) is None:
            raise InvalidInput(
                "This is not your password, so nothing was changed. Write the one that you sign in with."
            )
    elif not is_fresh:
        raise InvalidInput("Sign out and in again first, so that it is sure that it is you. Then delete your account.")


def _is_fresh(database: Session) -> bool:
    now = utcnow()
    found = sign_ins.devices(database, current_actor(), this=signed_in().id, now=now)
    return any(one.is_this and now - one.created <= FRESH for one in found)
