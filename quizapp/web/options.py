"""How a deck is studied: looked at, tried out, chosen, taken back; and options as forms and addresses have them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
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
from quizapp.services.options import Forecast
from quizapp.services.settings import KEPT, Own
from quizapp.translations import _
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
    """Store options for the deck, or say what they would cost, or follow the deck above again."""
    wanted = None if request.form.get("do") == "follow" else read(request.form)
    if request.form.get("do") == "try":
        return _page(deck_id, wanted)
    inside = read_own(request.form)
    with writing() as session:
        before = options.choose(session, current_actor(), deck_id, wanted, inside=inside)
    said = _("Saved. They count from the next answer on.") if wanted else _("The deck follows again.")
    back = {**(written(before) if before else {}), **way_back(inside)}
    offer_undo(said, url=f"{url_for('options.undo', deck_id=deck_id)}?{urlencode(back)}")
    return go(url_for("options.show", deck_id=deck_id))


@blueprint.post("/undo")
def undo(deck_id: int) -> ResponseReturnValue:
    """Go back to the options that the address carries, or to none."""
    before = read(request.args) if "goal" in request.args else None
    with writing() as session:
        options.choose(session, current_actor(), deck_id, before, inside=read_own(request.args))
    say(_("The options are as they were before."))
    return go(url_for("options.show", deck_id=deck_id))


def _page(deck_id: int, tried: Options | None) -> Response:
    now = utcnow()
    with reading() as session:
        found = options.of_deck(session, current_actor(), deck_id)
        shown = tried or found.options
        forecast = options.forecast(session, current_actor(), deck_id, shown, now=now)
        exam = exams.of_deck(session, current_actor(), deck_id, now=now)
    return page(
        "decks/options.html",
        block="study",
        deck=found,
        own=found.has_own,
        tried=tried is not None,
        **values(shown, forecast),
        **exam_values(exam, now=now),
    )


def values(shown: Options, forecast: Forecast) -> Mapping[str, Any]:
    """Return what the fields of options and the picture of what they cost show."""
    period = 1 if max((cost.reviews for cost in forecast.costs), default=0) >= MANY else WEEK
    return {
        "options": shown,
        "fields": written(shown),
        "forecast": forecast,
        "days": options.FORECAST_DAYS,
        "period": period,
        "bars": charts.goals(forecast.costs, shown.retention, days=period),
        "limits": (LOWEST_PERCENT, HIGHEST_PERCENT, MOST_A_DAY, LONGEST_INTERVAL.days, MOST_LAPSES),
    }


def read_own(fields: MultiDict[str, str]) -> Own:
    """Read whether decks with options of their own are to follow, or are to have them back."""
    if fields.get("all") == "yes":
        return Own(aside_at=utcnow())
    if not (moment := fields.get("back_from")):
        return KEPT
    try:
        return Own(back_from=datetime.fromisoformat(moment).astimezone(UTC))
    except (ValueError, OverflowError):
        raise InvalidInput("This undo cannot be read, so nothing was changed. Choose the options again.") from None


def way_back(own: Own) -> Mapping[str, str]:
    """Return what an address says to bring options back that were set aside."""
    return {"back_from": own.aside_at.isoformat()} if own.aside_at else {}


def read(fields: MultiDict[str, str]) -> Options:
    """Read the options in a form, or in the address that an undo posts to."""
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


def written(chosen: Options) -> Mapping[str, str | int]:
    """Return the options as the form has them."""
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
