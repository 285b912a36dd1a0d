"""The leaderboards of a team, for everybody in it; a name stands there if its person wishes."""

from enum import Enum
from typing import TypeVar

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.domain.leaderboards import LONG, Measure, Span
from quizapp.services import leaderboards
from quizapp.translations import _, marked
from quizapp.web.acting import current_actor, reading, writing
from quizapp.web.replies import go, page, say

MEASURES = {
    Measure.DAYS: marked("Days studied"),
    Measure.LASTING: marked("Remembered for long"),
    Measure.ATTEMPTS: marked("First attempts"),
}
SPANS = {Span.WEEK: marked("This week"), Span.MONTH: marked("This month"), Span.ALL: marked("All time")}
Chosen = TypeVar("Chosen", bound=Enum)

blueprint = Blueprint("leaderboards", __name__, url_prefix="/teams/<int:team_id>/leaderboard")


@blueprint.get("")
def show(team_id: int) -> Response:
    """Show a leaderboard, by what the address asks for."""
    by, span = _chosen("by", Measure.DAYS), _chosen("span", Span.WEEK)
    with reading() as session:
        found = leaderboards.shown(session, current_actor(), team_id, by=by, span=span, now=utcnow())
        me = current_actor().person_id
    return page(
        "teams/leaderboard.html",
        block="content",
        found=found,
        me=me,
        by=by,
        span=span,
        bys=[(one, _(name), one is by) for one, name in MEASURES.items()],
        spans=[(one, _(name), one is span) for one, name in SPANS.items()],
        weeks=LONG.days // 7,
    )


@blueprint.post("")
def take_part(team_id: int) -> ResponseReturnValue:
    """Put one's name on the leaderboards, or take it off."""
    wishes = request.form.get("wishes") == "yes"
    with writing() as session:
        leaderboards.take_part(session, current_actor(), team_id, wishes=wishes)
    say(_("Your name stands on the leaderboards.") if wishes else _("Your name is off the leaderboards."))
    by, span = request.args.get("by"), request.args.get("span")
    return go(url_for("leaderboards.show", team_id=team_id, by=by, span=span))


def _chosen(name: str, usual: Chosen) -> Chosen:
    try:
        return type(usual)(request.args.get(name, ""))
    except ValueError:
        return usual
