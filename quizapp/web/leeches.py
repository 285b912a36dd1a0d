"""Hard cards: why they are hard, and what to do about each."""

from urllib.parse import urlencode

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.domain.leeches import Finding, Trouble
from quizapp.services import decks, leeches
from quizapp.translations import _, many, marked
from quizapp.web.acting import current_actor, reading, writing
from quizapp.web.forms import small
from quizapp.web.replies import go, offer_undo, page, say

LAST_GRADES = 20
PARTS = 4
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
    splitting = request.args.get("split", type=small)
    values = {"leeches": found, "why": why, "last": LAST_GRADES, "splitting": splitting, "parts": PARTS}
    return page("leeches/index.html", block="leeches", **values)


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


@blueprint.post("/<int:note_id>/split")
def split(note_id: int) -> ResponseReturnValue:
    """Make several cards of one."""
    parts = list(zip(request.form.getlist("question"), request.form.getlist("answer"), strict=False))
    with writing() as session:
        made = leeches.split(session, current_actor(), note_id, parts, now=utcnow())
    url = url_for("leeches.unsplit", note_id=note_id)
    said = many("%(num)s new card took its place.", "%(num)s new cards took its place.", len(made))
    offer_undo(said, url=f"{url}?{urlencode([('made', one) for one in made])}")
    return go(url_for("leeches.show"))


@blueprint.post("/<int:note_id>/unsplit")
def unsplit(note_id: int) -> ResponseReturnValue:
    """Bring a card back in the place of those made of it."""
    made = request.args.getlist("made", type=small)
    with writing() as session:
        leeches.unsplit(session, current_actor(), note_id, made, now=utcnow())
    say(_("The card is back; the new ones are in the trash."))
    return go(url_for("leeches.show"))


def why(finding: Finding) -> str:
    """Say what makes a card hard."""
    return _(WHY[finding.trouble], amount=finding.amount)


def _kept(said: str, note_id: int, *, suspended: str) -> ResponseReturnValue:
    offer_undo(said, url=url_for("leeches.put_back", note_id=note_id, suspended=suspended))
    return go(url_for("leeches.show"))
