"""How a deck is studied: looked at, tried out, chosen, taken back."""

from datetime import timedelta
from urllib.parse import urlencode

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.domain.options import (
    HIGHEST_PERCENT,
    LONGEST_INTERVAL,
    LOWEST_PERCENT,
    MOST_A_DAY,
    MOST_LAPSES,
    NewOrder,
    Options,
    ReviewOrder,
    read_steps,
    write_steps,
)
from quizapp.domain.queues import Limits, NewPlace
from quizapp.domain.scheduling import Steps
from quizapp.errors import InvalidInput
from quizapp.services import exams, options
from quizapp.web import charts
from quizapp.web.acting import current_actor, reading, writing
from quizapp.web.exams import values as exam_values
from quizapp.web.forms import percent, whole
from quizapp.web.replies import go, offer_undo, page, say

MANY, WEEK = 10, 7  # reviews a day, and the days for which fewer are counted

blueprint = Blueprint("options", __name__, url_prefix="/decks/<int:deck_id>/options")


@blueprint.get("")
def show(deck_id: int) -> Response:
    """Show what counts for the deck, and what its goal costs."""
    return _page(deck_id, None)


@blueprint.post("")
def save(deck_id: int) -> ResponseReturnValue:
    """Store options for the deck alone, or say what they would cost, or follow the deck above again."""
    wanted = None if request.form.get("do") == "follow" else _read(request.form)
    if request.form.get("do") == "try":
        return _page(deck_id, wanted)
    with writing() as session:
        before = options.choose(session, current_actor(), deck_id, wanted)
    said = "Saved. They count from the next answer on." if wanted else "The deck follows again."
    offer_undo(said, url=f"{url_for('options.undo', deck_id=deck_id)}?{urlencode(_fields(before))}")
    return go(url_for("options.show", deck_id=deck_id))


@blueprint.post("/undo")
def undo(deck_id: int) -> ResponseReturnValue:
    """Go back to the options that the address carries, or to none."""
    with writing() as session:
        options.choose(session, current_actor(), deck_id, _read(request.args) if "goal" in request.args else None)
    say("The options are as they were before.")
    return go(url_for("options.show", deck_id=deck_id))


def _page(deck_id: int, tried: Options | None) -> Response:
    now = utcnow()
    with reading() as session:
        found = options.of_deck(session, current_actor(), deck_id)
        shown = tried or found.options
        forecast = options.forecast(session, current_actor(), deck_id, shown, now=now)
        exam = exams.of_deck(session, current_actor(), deck_id, now=now)
    period = 1 if max((cost.reviews for cost in forecast.costs), default=0) >= MANY else WEEK
    return page(
        "decks/options.html",
        block="study",
        deck=found,
        own=found.chosen_for is not None and found.chosen_for[0] == deck_id,
        options=shown,
        fields=_fields(shown),
        tried=tried is not None,
        forecast=forecast,
        days=options.FORECAST_DAYS,
        period=period,
        bars=charts.goals(forecast.costs, shown.retention, days=period),
        **exam_values(exam, now=now),
        limits=(LOWEST_PERCENT, HIGHEST_PERCENT, MOST_A_DAY, LONGEST_INTERVAL.days, MOST_LAPSES),
    )


def _read(fields: MultiDict[str, str]) -> Options:
    try:
        orders = NewOrder(fields.get("new_order")), NewPlace(fields.get("new_place"))
        review_order = ReviewOrder(fields.get("review_order"))
    except ValueError:
        raise InvalidInput("Choose an order from the list.") from None
    return Options(
        retention=percent(fields, "goal") / 100,
        limits=Limits(
            new=whole(fields, "new", "Write how many new cards you want a day, as a number."),
            reviews=whole(fields, "reviews", "Write how many reviews you want a day, as a number."),
        ),
        steps=Steps(read_steps(fields.get("learning", "")), read_steps(fields.get("relearning", ""))),
        maximum_interval=timedelta(days=whole(fields, "longest", "Write the longest interval as a number of days.")),
        new_order=orders[0],
        new_place=orders[1],
        review_order=review_order,
        apart=fields.get("apart") == "yes",
        leech_after=whole(fields, "lapses", "Write after how many lapses a card counts as hard, as a number."),
        leech_suspends=fields.get("suspends") == "yes",
    )


def _fields(chosen: Options | None) -> dict[str, str | int]:
    """Return the options as the form has them."""
    if chosen is None:
        return {}
    return {
        "goal": f"{chosen.retention * 100:.10g}",
        "new": chosen.limits.new,
        "reviews": chosen.limits.reviews,
        "learning": write_steps(chosen.steps.learning),
        "relearning": write_steps(chosen.steps.relearning),
        "longest": chosen.maximum_interval.days,
        "new_order": chosen.new_order.value,
        "new_place": chosen.new_place.value,
        "review_order": chosen.review_order.value,
        "apart": "yes" if chosen.apart else "no",
        "lapses": chosen.leech_after,
        "suspends": "yes" if chosen.leech_suspends else "no",
    }
