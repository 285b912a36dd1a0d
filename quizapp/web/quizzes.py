"""Quizzes: the list, making one, what it holds, and its sheet to print."""

import secrets
from datetime import timedelta
from itertools import groupby

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.db.quizzes import Feedback, MadeFrom, Order
from quizapp.domain.questions import Mode
from quizapp.errors import InvalidInput
from quizapp.services import quizzes, sittings
from quizapp.services.quizzes import LARGEST_SEED, Wish
from quizapp.translations import _
from quizapp.web.acting import current_actor, reading, writing
from quizapp.web.forms import small, text
from quizapp.web.replies import go, offer_undo, page, say

COUNTS = (5, 10, 20, 50)
LONGEST_NUMBER = 6  # digits

blueprint = Blueprint("quizzes", __name__, url_prefix="/quizzes")


@blueprint.get("")
def index() -> Response:
    """List the quizzes."""
    with reading() as session:
        found = quizzes.listed(session, current_actor(), page=request.args.get("page", 1, type=small))
    return page("quizzes/index.html", block="content", quizzes=found)


@blueprint.get("/new")
def new() -> Response:
    """Show the form that makes a quiz, something perhaps chosen already."""
    with reading() as session:
        found = quizzes.materials(session, current_actor())
    materials = [(made_from, list(some)) for made_from, some in groupby(found, key=lambda one: one.made_from)]
    return page(
        "quizzes/new.html",
        block="content",
        materials=materials,
        has_cards=len(found) > 1,
        chosen=request.args.get("of", ""),
        counts=COUNTS,
        modes=list(Mode),
    )


@blueprint.post("")
def make() -> ResponseReturnValue:
    """Make a quiz and open it."""
    wish = _wish()
    with reading() as session:
        prepared = quizzes.prepare(session, current_actor(), wish, seed=fresh_seed(), now=utcnow())
    with writing() as session:
        quiz_id = quizzes.make(session, current_actor(), prepared, now=utcnow())
    return go(url_for("quizzes.show", quiz_id=quiz_id))


@blueprint.get("/<int:quiz_id>")
def show(quiz_id: int) -> Response:
    """Show what a quiz is, and how it went."""
    with reading() as session:
        found = quizzes.quiz(session, current_actor(), quiz_id, page=request.args.get("page", 1, type=small))
    return page("quizzes/quiz.html", block="content", quiz=found)


@blueprint.get("/<int:quiz_id>/sheet")
def sheet(quiz_id: int) -> Response:
    """Show the quiz to be printed, with a key on a page of its own unless the address says no."""
    with reading() as session:
        found = quizzes.sheet(session, current_actor(), quiz_id)
    return page("quizzes/sheet.html", block="content", quiz=found, has_key=request.args.get("key") != "no")


@blueprint.post("/<int:quiz_id>/start")
def start(quiz_id: int) -> ResponseReturnValue:
    """Begin to answer, or go on."""
    with writing() as session:
        sitting_id = sittings.start(session, current_actor(), quiz_id, seed=fresh_seed(), now=utcnow())
    return go(url_for("sittings.show", sitting_id=sitting_id))


@blueprint.post("/<int:quiz_id>/delete")
def delete(quiz_id: int) -> ResponseReturnValue:
    """Move a quiz to the trash and offer to take it back."""
    with writing() as session:
        title = quizzes.delete(session, current_actor(), quiz_id, now=utcnow())
    said = _("The quiz %(title)s is in the trash for 30 days.", title=title)
    offer_undo(said, url=url_for("quizzes.restore", quiz_id=quiz_id))
    return go(url_for("quizzes.index"))


@blueprint.post("/<int:quiz_id>/restore")
def restore(quiz_id: int) -> ResponseReturnValue:
    """Take a quiz out of the trash."""
    with writing() as session:
        title = quizzes.restore(session, current_actor(), quiz_id, now=utcnow())
    say(_("%(title)s is back, with every result.", title=title))
    return go(url_for("quizzes.show", quiz_id=quiz_id))


def fresh_seed() -> int:
    """Return a seed that nothing has been made from."""
    return secrets.randbelow(LARGEST_SEED)


def _wish() -> Wish:
    made_from, of = _material()
    count = request.form.get("count", "10")
    try:
        return Wish(
            made_from,
            of,
            mode=Mode(request.form.get("mode", "mixed")),
            count=None if count == "all" else small(count),
            order=Order(request.form.get("order", "shuffled")),
            feedback=Feedback(request.form.get("feedback", "at_once")),
            time_limit=_time_limit(),
        )
    except ValueError:
        raise InvalidInput("Something in this form cannot be used. Load the page again and choose once more.") from None


def _material() -> tuple[MadeFrom, int | None]:
    """Read what was chosen: "deck-3", "document-1", "tag-7", "missed"."""
    name, _dash, number = request.form.get("of", "").partition("-")
    try:
        return MadeFrom(name), small(number) if number else None
    except ValueError:
        raise InvalidInput("Choose what to make the quiz from.") from None


def _time_limit() -> timedelta | None:
    minutes = text("minutes")
    if not minutes:
        return None
    if not minutes.isdecimal() or len(minutes) > LONGEST_NUMBER:
        raise InvalidInput("The time limit is a number of whole minutes. Write 10, for example, or leave it empty.")
    return timedelta(minutes=int(minutes))
