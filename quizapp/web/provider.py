"""Signing in with an account that people have elsewhere: there and back, and tying it to one's account here.

The way there is a link or a redirect that answers one: a form may lead nowhere but to us
(`form-action` in `security`), also by a redirect. What is expected back stands in the signed cookie.
"""

import hmac
from collections.abc import Callable
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Flask, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.config import OidcClient
from quizapp.domain.permissions import Actor
from quizapp.errors import Forbidden, InvalidInput, NotFound, QuizappError
from quizapp.oidc import Flow, Identity
from quizapp.services import identities, invitations
from quizapp.translations import _, marked
from quizapp.web import failures, outside, proving, signing_in
from quizapp.web.acting import is_team, reading, signed_in, visitor, writing
from quizapp.web.replies import own_path, say

if TYPE_CHECKING:
    from quizapp.oidc.provider import Provider

blueprint = Blueprint("provider", __name__)

LASTS = timedelta(minutes=10)
EXPECTED = "expected"  # in the cookie: what we expect from the provider
LEFT_FROM = "recto.left_from"  # the link by which somebody joins, while the request lasts
EXPIRED = marked("This sign-in was not begun in this browser, or longer than ten minutes ago. Begin again.")
UNKNOWN = marked(
    "Nobody here signs in with your account at %(name)s. Sign in with your password if you have one, and connect it in Settings, Account; who is new needs an invitation."
)


class Purpose(Enum):
    """What somebody wants who comes back."""

    SIGN_IN = "sign in"
    JOIN = "join"
    TIE = "tie"
    PROVE = "prove"


def init_app(app: Flask, client: OidcClient | None) -> None:
    """Let people sign in with an account at this provider."""
    told = client and identities.chosen(
        issuer=client.issuer, client_id=client.client_id, client_secret=client.client_secret, name=client.name
    )
    app.extensions["provider"] = told
    app.context_processor(lambda: {"provider_name": told.name if told else ""})


@blueprint.before_request
def _only_where_there_is_one() -> None:
    if not is_team() or known() is None:
        raise NotFound("There is nothing at this address. It may have been deleted, or the link is incomplete.")


def known() -> "Provider | None":
    """Return the provider with whose accounts people sign in, if there is one."""
    provider: Provider | None = current_app.extensions["provider"]
    return provider


@blueprint.get("/sign-in/provider")
def enter() -> ResponseReturnValue:
    """Lead to the provider, and from there to where the person wanted to go."""
    then = own_path(request.args.get("next", ""))
    if visitor() is not None:
        return redirect(then, 303)
    return redirect(_way_there(Purpose.SIGN_IN, then=then), 303)


@blueprint.get("/join/<token>/provider")
def join(token: str) -> ResponseReturnValue:
    """Lead to the provider whoever uses an invitation with their account there."""
    with reading() as database:
        invitations.look(database, token, now=utcnow())
    zone = signing_in.time_zone(request.args.get("zone", ""))
    return redirect(_way_there(Purpose.JOIN, token=token, zone=zone), 303)


@blueprint.post("/settings/account/provider")
def tie() -> ResponseReturnValue:
    """Offer the way to the provider, whose account is to open one's own; the password was asked for."""
    proving.prove_again()
    return _onward(Purpose.TIE)


@blueprint.post("/settings/account/provider/prove")
def prove() -> ResponseReturnValue:
    """Offer the way to the provider, who says once more who one is: in place of a password that one has not."""
    return _onward(Purpose.PROVE)


@blueprint.post("/settings/account/provider/untie")
def untie() -> ResponseReturnValue:
    """Let the account at the provider open one's own no more; the password was asked for."""
    proving.prove_again()
    with writing() as database:
        identities.untie(database, signed_in().actor, _provider().issuer)
    say(_("%(name)s no longer signs you in here.", name=_provider().name))
    return redirect(url_for("accounts.show"), 303)


@blueprint.get("/sign-in/provider/back")
def back() -> ResponseReturnValue:
    """Take what the provider answers, and do what the person went there for."""
    expected = _expected()
    with proving.counted():
        identity = _identified(expected)
        response = ENDS[Purpose(expected["purpose"])](identity, expected)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.errorhandler(QuizappError)
def _ask_again(error: QuizappError) -> Response:
    """Show the page from which the person left, with what went wrong; who has signed in gets the usual one."""
    if visitor() is not None or isinstance(error, NotFound | Forbidden):
        return failures.explain(error)
    token = (request.view_args or {}).get("token", "") or request.environ.get(LEFT_FROM, "")
    return signing_in.ask_again(error, token)


def _provider() -> "Provider":
    if (provider := known()) is None:
        raise NotFound("There is nothing at this address. It may have been deleted, or the link is incomplete.")
    return provider


def _way_there(purpose: Purpose, **more: str | int) -> str:
    """Return the address at the provider, and keep in the cookie what is expected back."""
    flow = Flow.new()
    until = int((utcnow() + LASTS).timestamp())
    again = purpose in {Purpose.TIE, Purpose.PROVE}
    address = _provider().leave(flow, redirect_uri=_our_address(), again=again)
    session[EXPECTED] = {
        "purpose": purpose.value,
        "state": flow.state,
        "nonce": flow.nonce,
        "verifier": flow.verifier,
        "until": until,
        **more,
    }
    return address


def _our_address() -> str:
    return outside.link(url_for("provider.back"))


def _onward(purpose: Purpose) -> Response:
    """Show a page with the link to the provider, since a form must not lead there."""
    way = _way_there(purpose, person=signed_in().actor.person_id)
    response = current_app.response_class(render_template("accounts/onward.html", way=way))
    response.headers["Cache-Control"] = "no-store"
    return response


def _expected() -> dict[str, Any]:
    """Return what this browser is to bring back, once; what does not belong to it changes nothing."""
    expected, told = session.get(EXPECTED), request.args.get("state", "")
    if not expected or not hmac.compare_digest(expected["state"].encode(), told.encode()):
        raise InvalidInput(EXPIRED)
    del session[EXPECTED]
    request.environ[LEFT_FROM] = expected.get("token", "")
    if utcnow().timestamp() > expected["until"] or request.args.get("iss", _provider().issuer) != _provider().issuer:
        raise InvalidInput(EXPIRED)
    found: dict[str, Any] = expected
    return found


def _identified(expected: dict[str, Any]) -> Identity:
    """Return who the provider says has come back."""
    if "error" in request.args:
        raise InvalidInput("%(name)s did not confirm who you are. Begin again.", name=_provider().name)
    flow = Flow(expected["state"], expected["nonce"], expected["verifier"])
    return _provider().identify(request.args.get("code", ""), flow, redirect_uri=_our_address(), now=utcnow())


def _sign_in(identity: Identity, expected: dict[str, Any]) -> Response:
    with writing() as database:
        learner_id = identities.owner(database, identity, now=utcnow())
    if learner_id is None:
        raise InvalidInput(UNKNOWN, name=_provider().name)
    return signing_in.begin(learner_id, then=own_path(expected["then"]))


def _join(identity: Identity, expected: dict[str, Any]) -> Response:
    """Make the account of an invitation; who has one already signs in, and is asked there whether to accept."""
    token, now = expected["token"], utcnow()
    with writing() as database:
        offer = invitations.look(database, token, now=now)
        learner_id = identities.owner(database, identity, now=now)
        if learner_id is not None:
            then = url_for("signing_in.look_at_link", token=token)
        else:
            learner_id = identities.join(database, token, identity, time_zone=expected["zone"], now=now)
            then = signing_in.after_joining(offer)
    return signing_in.begin(learner_id, then=then)


def _tie(identity: Identity, expected: dict[str, Any]) -> Response:
    person = _same_person(expected)
    with writing() as database:
        identities.tie(database, person, identity, now=utcnow())
    say(_("You can sign in with %(name)s from now on.", name=_provider().name))
    return redirect(url_for("accounts.show"), 303)


def _prove(identity: Identity, expected: dict[str, Any]) -> Response:
    person = _same_person(expected)
    with reading() as database:
        is_theirs = identities.is_theirs(database, person, identity)
    if not is_theirs:
        raise InvalidInput("This is not the account with which you sign in here. Begin again with that one.")
    proving.remember_proof()
    return redirect(url_for("accounts.show"), 303)


def _same_person(expected: dict[str, Any]) -> Actor:
    """Return who has come back, if it is who went there."""
    person = visitor()
    if person is None or person.actor.person_id != expected["person"]:
        raise InvalidInput(EXPIRED)
    return person.actor


ENDS: dict[Purpose, Callable[[Identity, dict[str, Any]], Response]] = {
    Purpose.SIGN_IN: _sign_in,
    Purpose.JOIN: _join,
    Purpose.TIE: _tie,
    Purpose.PROVE: _prove,
}
