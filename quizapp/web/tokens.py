"""The tokens by which one's programs use the API."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.services import api_tokens
from quizapp.services.api_tokens import LIFETIMES
from quizapp.translations import _
from quizapp.web import outside
from quizapp.web.acting import current_actor, reading, writing
from quizapp.web.forms import number, text
from quizapp.web.replies import offer_undo, page, reply, say

blueprint = Blueprint("tokens", __name__, url_prefix="/settings/tokens")


@blueprint.get("")
def show() -> Response:
    """Show the tokens that work."""
    return _page()


@blueprint.post("")
def make() -> ResponseReturnValue:
    """Make a token, and show it: here, once."""
    may_write = request.form.get("scope") == "write"
    with writing() as session:
        made = api_tokens.make(
            session, current_actor(), name=text("name"), writes=may_write, days=number("days"), now=utcnow()
        )
    response = _page(made)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/<int:token_id>/revoke")
def revoke(token_id: int) -> ResponseReturnValue:
    """Let a token work no more, and offer to take that back."""
    with writing() as session:
        name = api_tokens.revoke(session, current_actor(), token_id, now=utcnow())
    offer_undo(_("“%(name)s” has no access any more.", name=name), url=url_for("tokens.put_back", token_id=token_id))
    return reply(url_for("tokens.show"), show)


@blueprint.post("/<int:token_id>/put-back")
def put_back(token_id: int) -> ResponseReturnValue:
    """Let a token that was revoked work again."""
    with writing() as session:
        name = api_tokens.put_back(session, current_actor(), token_id)
    say(_("“%(name)s” has access again.", name=name))
    return reply(url_for("tokens.show"), show)


def _page(made: str = "") -> Response:
    with reading() as session:
        found = api_tokens.living(session, current_actor(), now=utcnow())
    return page(
        "accounts/tokens.html",
        block="tokens",
        tokens=found,
        made=made,
        lifetimes=LIFETIMES,
        url=outside.link("/api"),
        changed=request.method == "POST",
    )
