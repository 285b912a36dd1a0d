"""Hard cards: why they are hard, and what to do about each."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from quizapp.domain.leeches import Finding, Trouble
from quizapp.services import decks, leeches
from quizapp.translations import _, marked
from quizapp.web.acting import current_actor, reading, writing
from quizapp.web.replies import go, offer_undo, page, say

LAST_GRADES = 20
WHY = {
    Trouble.LONG: marked("Its answer has %(amount)s words, and you have to recall all of them at once. Split it."),
    Trouble.ITEMS: marked("It asks for %(amount)s things at once. Cards for one or two of them are easier to hold."),
    Trouble.UNSOURCED: marked(
        "Nothing on it says why the answer is so. An explanation or an example gives memory a hold."
    ),
    Trouble.NEVER_HELD: marked(
        "You forget it within %(amount)s days each time: it was learned as a sound, not understood."
    ),
    Trouble.FADES: marked(
        "You know it for about %(amount)s days, then it is gone. Something like it may get in its way."
    ),
    Trouble.DIFFICULT: marked(
        "By your grades it is %(amount)s of 10 in difficulty, so its intervals hardly grow any more."
    ),
}

blueprint = Blueprint("leeches", __name__, url_prefix="/hard-cards")


@blueprint.get("")
def show() -> Response:
    """List the hard cards."""
    with reading() as session:
        found = leeches.leeches(session, current_actor())
    return page("leeches/index.html", block="leeches", leeches=found, why=why, last=LAST_GRADES)


@blueprint.post("/<int:note_id>/keep")
def keep(note_id: int) -> ResponseReturnValue:
    """Take a card off the list as it is."""
    with writing() as session:
        suspended = decks.note(session, current_actor(), note_id).suspended
        leeches.keep(session, current_actor(), note_id)
    return _kept(_("The card stays as it is."), note_id, suspended="yes" if suspended else "no")


@blueprint.post("/<int:note_id>/suspend")
def suspend(note_id: int) -> ResponseReturnValue:
    """Set a card aside; it stays on the list."""
    with writing() as session:
        decks.suspend_note(session, current_actor(), note_id)
    said = _("The card is suspended: it is not asked until you take it back here.")
    return _kept(said, note_id, suspended="no")


@blueprint.post("/<int:note_id>/put-back")
def put_back(note_id: int) -> ResponseReturnValue:
    """Put a card on the list again, as it stood there."""
    with writing() as session:
        suspended = request.args.get("suspended") == "yes"
        leeches.put_back(session, current_actor(), note_id, suspended=suspended)
    say(_("The card is on the list as before."))
    return go(url_for("leeches.show"))


def why(finding: Finding) -> str:
    """Say what makes a card hard."""
    return _(WHY[finding.trouble], amount=finding.amount)


def _kept(said: str, note_id: int, *, suspended: str) -> ResponseReturnValue:
    offer_undo(said, url=url_for("leeches.put_back", note_id=note_id, suspended=suspended))
    return go(url_for("leeches.show"))
