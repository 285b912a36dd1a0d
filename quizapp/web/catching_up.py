"""Catching up after a holiday: what waits, spread over days."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.services import catching_up
from quizapp.translations import _, many
from quizapp.web.acting import current_actor, reading, writing
from quizapp.web.forms import number
from quizapp.web.replies import go, offer_undo, page, say

blueprint = Blueprint("catching_up", __name__, url_prefix="/catch-up")


@blueprint.get("")
def show() -> Response:
    """Show what waits and what catching up would come to."""
    with reading() as session:
        found = catching_up.backlog(session, current_actor(), now=utcnow())
    return page("today/catch_up.html", block="backlog", backlog=found)


@blueprint.post("")
def spread() -> ResponseReturnValue:
    """Spread what waits over days."""
    with writing() as session:
        count = catching_up.catch_up(session, current_actor(), days=number("days"), now=utcnow())
    said = many(
        "%(num)s card waits for its day; those most at risk come today.",
        "%(num)s cards wait for their day; those most at risk come today.",
        count,
    )
    offer_undo(said, url=url_for("catching_up.undo"))
    return go(url_for("today.show"))


@blueprint.post("/undo")
def undo() -> ResponseReturnValue:
    """Let everything come when it is due again."""
    with writing() as session:
        count = catching_up.put_back(session, current_actor(), now=utcnow())
    say(
        many("%(num)s card is due again.", "%(num)s cards are due again.", count)
        if count
        else _("No card was put off.")
    )
    return go(url_for("today.show"))
