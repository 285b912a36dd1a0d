"""One card's page: where it stands, its forgetting curve, and all that happened to it."""

from uuid import uuid4

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.domain.flags import FLAGS
from quizapp.services import card_history, study
from quizapp.services.settings import study_plan
from quizapp.web import card_actions, curves
from quizapp.web.acting import current_actor, reading, writing
from quizapp.web.forms import identifier
from quizapp.web.replies import page, reply, tell

WIDE, NARROW = 640, 330
blueprint = Blueprint("card_history", __name__, url_prefix="/cards")


@blueprint.get("/<int:card_id>")
def show(card_id: int) -> Response:
    """Show a card with its history."""
    return page("cards/card.html", block="card", **values(card_id))


@blueprint.post("/<int:card_id>/act")
def act(card_id: int) -> ResponseReturnValue:
    """Bury, suspend, flag or reset the card, or mark it as known."""
    with writing() as session:
        said, _is_done = card_actions.do(session, current_actor(), card_id, None, utcnow())
    tell(said)
    return _reply(card_id)


@blueprint.post("/<int:card_id>/undo")
def undo(card_id: int) -> ResponseReturnValue:
    """Take back what was done last, to whichever card."""
    with writing() as session:
        undone = study.undo(session, current_actor(), undo_id=identifier("undo"), now=utcnow())
    tell(card_actions.said_of_undo(undone))
    return _reply(undone.card_id if undone else card_id)


def values(card_id: int) -> dict[str, object]:
    """Return what the template of a card's history shows."""
    now, actor = utcnow(), current_actor()
    with reading() as session:
        found = card_history.history(session, actor, card_id, now=now)
        goal = study_plan(session, actor).preset.retention
    return {
        "history": found,
        "drawn": [
            (curves.curve(found.falls, found.reviewed, now=now, goal=goal, width=width), shown)
            for width, shown in ((WIDE, "wide-only"), (NARROW, "narrow-only"))
        ],
        "goal": round(100 * goal),
        "flags": FLAGS,
        "action_id": uuid4(),
        "undo_id": uuid4(),
    }


def _reply(card_id: int) -> ResponseReturnValue:
    return reply(url_for("card_history.show", card_id=card_id), lambda: show(card_id))
