"""Progress: what was done, how well it is remembered, and what comes."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.domain.progress import FEWEST_TESTS, MATURE, trend
from quizapp.services import progress
from quizapp.services.progress import Span
from quizapp.web import charts
from quizapp.web.acting import current_actor, reading
from quizapp.web.replies import page

WEEKS_WIDE, WEEKS_NARROW = 53, 15
WIDE, NARROW = 1060, 310  # units across a chart
SPANS = {Span.MONTH: "30 days", Span.QUARTER: "90 days", Span.YEAR: "a year", Span.ALL: "all"}

blueprint = Blueprint("progress", __name__)


@blueprint.get("/progress")
def show() -> Response:
    """Show progress over the span that the address names, else over 90 days."""
    span = _span(request.args.get("span", ""))
    with reading() as session:
        found = progress.progress(session, current_actor(), span, now=utcnow())
    if found is None:
        return page("progress/empty.html", block="content")
    points = trend(found.weeks)
    return page(
        "progress/index.html",
        block="content",
        found=found,
        spans=[(one.value, name, one is span) for one, name in SPANS.items()],
        fewest=FEWEST_TESTS,
        mature_days=MATURE.days,
        goal=round(found.goal * 100),
        minutes=round(found.totals.time.total_seconds() / 60),
        year=[charts.calendar(found.activity, weeks=weeks) for weeks in (WEEKS_WIDE, WEEKS_NARROW)],
        lines=[charts.line(points, goal=found.goal * 100, width=width) for width in (WIDE, NARROW)],
        columns=[charts.columns(found.forecast, width=width) for width in (WIDE, NARROW)],
        coming=sum(count for _, count in found.forecast),
    )


def _span(wanted: str) -> Span:
    try:
        return Span(wanted)
    except ValueError:
        return Span.QUARTER
