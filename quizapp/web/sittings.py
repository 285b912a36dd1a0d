"""Answering a quiz: one question at a time, what was right, and the result."""

from datetime import timedelta
from uuid import uuid4

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.db.quizzes import Feedback
from quizapp.domain.questions import Picked, Placed, Typed
from quizapp.domain.questions import Response as Answer
from quizapp.errors import InvalidInput
from quizapp.services import sittings
from quizapp.services.sittings import SittingView
from quizapp.translations import _, marked
from quizapp.web import looks
from quizapp.web.acting import current_actor, reading, writing
from quizapp.web.forms import identifier, number, small, text
from quizapp.web.links import address
from quizapp.web.quizzes import fresh_seed
from quizapp.web.replies import go, page, reply, say, wants_block
from quizapp.web.words import REASONS

TIME_IS_UP = marked("The time is up. What you had answered until then counts.")

blueprint = Blueprint("sittings", __name__, url_prefix="/sittings")


@blueprint.get("/<int:sitting_id>")
def show(sitting_id: int) -> ResponseReturnValue:
    """Ask the next question, or the one at the place that the address names; at the end show the result."""
    at, number = request.args.get("at", type=small), request.args.get("page", 1, type=small)
    return _show(sitting_id, at=at, panel=request.args.get("panel", ""), number=number)


@blueprint.post("/<int:sitting_id>/answer")
def answer(sitting_id: int) -> ResponseReturnValue:
    """Store an answer; tell what is right, or ask the next question."""
    with writing() as session:
        answered = sittings.answer(
            session,
            current_actor(),
            answer_id=identifier("answer"),
            sitting_id=sitting_id,
            number=number("number"),
            response=_answer(),
            duration=_duration(),
            now=utcnow(),
        )
    if not answered.is_counted:
        say(_("The time was up before this answer, so it does not count."))
        return go(address("sittings.show", sitting_id=sitting_id))
    if answered.is_late:
        say(_("This answer came after the end. It is kept, and the attempt is marked as late."))
    at = answered.place if request.form.get("stay") else None
    return reply(address("sittings.show", sitting_id=sitting_id, at=at), lambda: _show(sitting_id, at=at))


@blueprint.post("/<int:sitting_id>/finish")
def finish(sitting_id: int) -> ResponseReturnValue:
    """End the quiz with what has been answered, and show the result."""
    with writing() as session:
        sittings.finish(session, current_actor(), sitting_id, now=utcnow())
    return go(address("sittings.show", sitting_id=sitting_id))


@blueprint.post("/<int:sitting_id>/again")
def again(sitting_id: int) -> ResponseReturnValue:
    """Make a quiz of what was missed, and begin it."""
    with writing() as session:
        actor, now = current_actor(), utcnow()
        quiz_id = sittings.again(session, actor, sitting_id, seed=fresh_seed(), now=now)
        begun = sittings.start(session, actor, quiz_id, seed=fresh_seed(), now=now)
    return go(address("sittings.show", sitting_id=begun))


@blueprint.post("/<int:sitting_id>/questions/<int:question>/report")
def report(sitting_id: int, question: int) -> ResponseReturnValue:
    """Note what is wrong with the card behind a question, and show the question as it was before."""
    reason, at = request.form.get("reason", ""), number("at")
    if reason not in REASONS:
        raise InvalidInput("Choose what is wrong with the card.")
    with writing() as session:
        told = text("text")
        sittings.report(session, current_actor(), sitting_id, question, reason=reason, text=told, now=utcnow())
    say(_("Reported. It waits for you on Today."))
    return reply(address("sittings.show", sitting_id=sitting_id, at=at), lambda: _show(sitting_id, at=at))


def _show(sitting_id: int, *, at: int | None, panel: str = "", number: int = 1) -> ResponseReturnValue:
    now = utcnow()
    with reading() as session:
        view = sittings.shown(session, current_actor(), sitting_id, at=at, page=number, now=now)
    if view.is_overdue:
        say(_(TIME_IS_UP))
        return _finish_overdue(sitting_id)
    if view.finished is not None:
        looks.note(view.look)
        return go(address("sittings.show", sitting_id=sitting_id)) if wants_block() else _result(view)
    if at is None and view.next_open is None and view.feedback is Feedback.AT_END:
        return page("sittings/ready.html", block="sitting", view=view, now=now)
    (here,) = view.places.shown
    is_told = here.given is not None and view.feedback is Feedback.AT_ONCE
    return page(
        "sittings/question.html",
        block="sitting",
        view=view,
        here=here,
        is_told=is_told,
        judged=here.judged() if is_told else None,
        next_place=view.open_after(here.place),
        panel=panel,
        reasons=REASONS,
        answer_id=uuid4(),
        now=now,
    )


def _finish_overdue(sitting_id: int) -> ResponseReturnValue:
    with writing() as session:
        sittings.finish(session, current_actor(), sitting_id, now=utcnow())
    return go(address("sittings.show", sitting_id=sitting_id))


def _result(view: SittingView) -> Response:
    missed = [one for one in view.places.shown if one.given is None or one.given.missed]
    return page(
        "sittings/result.html",
        block="content",
        view=view,
        missed=missed,
        known=[one for one in view.places.shown if one not in missed],
        called=view.is_own and view.called,
    )


def _answer() -> Answer:
    """Read the answer, whatever way it was asked for."""
    form = request.form
    if "option" in form:
        return Picked(number("option"))
    if "place" in form:
        return Placed(tuple(form.getlist("place", type=small)))
    if order := form.getlist("item", type=small):  # as they stand, each by the number that it was shown under
        return Placed(tuple(order.index(number) if number in order else -1 for number in range(len(order))))
    if "unknown" in form:
        return Typed("")
    return Typed("\n".join(part.replace("\r\n", "\n").strip() for part in form.getlist("typed")))


def _duration() -> timedelta:
    """Return how long the person took, as far as that can be known from when the question was shown."""
    taken = utcnow().timestamp() - number("since") / 1000
    return timedelta(seconds=min(max(taken, 0.0), sittings.LONGEST_ANSWER.total_seconds()))
