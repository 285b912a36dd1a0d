"""A learner's own FSRS parameters: fitted on request, compared with the defaults, taken or left."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.domain.parameters import DEFAULTS, FEWEST_TESTS
from quizapp.services import parameters, settings
from quizapp.translations import _
from quizapp.web.acting import current_actor, reading, wake_worker, writing
from quizapp.web.replies import go, offer_undo, page, say

blueprint = Blueprint("parameters", __name__, url_prefix="/settings/parameters")


@blueprint.get("")
def show() -> Response:
    """Show what is in use, what a fit gave, and how well both foretell."""
    with reading() as session:
        found = parameters.standing(session, current_actor())
    return page("settings/parameters.html", block="content", found=found, fewest=FEWEST_TESTS, defaults=DEFAULTS)


@blueprint.post("")
def fit() -> ResponseReturnValue:
    """Ask for a fit to all reviews."""
    with writing() as session:
        parameters.ask(session, current_actor(), now=utcnow())
    wake_worker()
    return go(url_for("parameters.show"))


@blueprint.post("/<int:version>/use")
def use(version: int) -> ResponseReturnValue:
    """Schedule by these parameters from now on, and offer the way back."""
    with reading() as session:
        prepared = parameters.prepare(session, current_actor(), version, now=utcnow())
    with writing() as session:
        settings.change(session, current_actor(), prepared)
    before = prepared.before.parameters.version
    by_defaults = version == DEFAULTS.version
    if before == version and by_defaults:
        say(_("Recto schedules by the defaults already."))
    elif before == version:
        say(_("Recto schedules by your own parameters already."))
    else:
        now = (
            _("Recto schedules by the defaults now.")
            if by_defaults
            else _("Recto schedules by your own parameters now.")
        )
        offer_undo(now, url=url_for("parameters.use", version=before))
    return go(url_for("parameters.show"))


@blueprint.post("/<int:version>/leave")
def leave(version: int) -> ResponseReturnValue:
    """Leave parameters aside, and offer to have them offered again."""
    with writing() as session:
        parameters.set_aside(session, current_actor(), version)
    offer_undo(_("Left aside. Nothing has changed."), url=url_for("parameters.offer", version=version))
    return go(url_for("parameters.show"))


@blueprint.post("/<int:version>/offer")
def offer(version: int) -> ResponseReturnValue:
    """Offer parameters again that were left aside."""
    with writing() as session:
        parameters.offer_again(session, current_actor(), version)
    return go(url_for("parameters.show"))
