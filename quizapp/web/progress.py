"""Progress: what was done, how well it is remembered, and what comes."""

from io import BytesIO

from flask import Blueprint, request, send_file
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.domain.calibration import overall
from quizapp.domain.progress import FEWEST_TESTS, MATURE, STABILITY_EDGES, trend
from quizapp.errors import NotFound
from quizapp.exchange.spreadsheets import CSV, as_csv
from quizapp.services import progress
from quizapp.services.progress import Between, Progress, Span
from quizapp.translations import _, marked
from quizapp.web import charts
from quizapp.web.acting import current_actor, reading
from quizapp.web.forms import day
from quizapp.web.progress_tables import TABLES
from quizapp.web.replies import page

WEEKS_WIDE, WEEKS_NARROW = 53, 15
WIDE, NARROW = 1060, 310  # units across a chart
WIDTHS = (WIDE, NARROW)
SPANS = {
    Span.WEEK: marked("7 days"),
    Span.MONTH: marked("30 days"),
    Span.QUARTER: marked("90 days"),
    Span.YEAR: marked("a year"),
    Span.ALL: marked("all"),
}
HOURS_NAMED = 6

blueprint = Blueprint("progress", __name__)


@blueprint.get("/progress")
def show() -> Response:
    """Show progress over the days that the address names, else over 90."""
    wanted = _wanted()
    found = _found(wanted)
    if found is None:
        return page("progress/empty.html", block="content")
    return page(
        "progress/index.html",
        block="content",
        found=found,
        spans=[(one.value, _(name), one is wanted) for one, name in SPANS.items()],
        between=wanted if isinstance(wanted, Between) else None,
        asked=_asked(wanted),
        fewest=FEWEST_TESTS,
        mature_days=MATURE.days,
        goal=round(found.goal * 100),
        minutes=round(found.totals.time.total_seconds() / 60),
        coming=sum(count for _day, count in found.forecast),
        foretold=overall(found.memories.calibration),
        tables={name: table(found) for name, table in TABLES.items()},
        drawn=_drawn(found),
    )


@blueprint.get("/progress/<table>.csv")
def download(table: str) -> Response:
    """Send one of the tables of the same days for a spreadsheet."""
    if table not in TABLES:
        raise NotFound("There is no such table. Choose one on the page of progress.")
    found = _found(_wanted())
    if found is None:
        raise NotFound("There is nothing to download yet. Answer a card first.")
    this = TABLES[table](found)
    name = f"{table}-{found.period.first}-{found.period.last}.csv"
    return send_file(BytesIO(as_csv(this.head, this.rows)), CSV, as_attachment=True, download_name=name)


def _drawn(found: Progress) -> dict[str, list[object]]:
    """Lay out every chart, for wide screens and narrow ones."""
    points = trend(found.weeks)
    stability = list(zip(["0", *(f"{edge:g}" for edge in STABILITY_EDGES)], found.memories.stability, strict=True))
    difficulty = [(f"{10 * place}%", cards) for place, cards in enumerate(found.memories.difficulty)]
    hours = [(f"{at}:00" if at % HOURS_NAMED == 0 else "", one.reviews) for at, one in enumerate(found.hours)]
    return {
        "year": [charts.calendar(found.activity, weeks=weeks) for weeks in (WEEKS_WIDE, WEEKS_NARROW)],
        "recall": [charts.line(points, goal=found.goal * 100, width=width) for width in WIDTHS],
        "forecast": [charts.columns(found.forecast, width=width) for width in WIDTHS],
        "calibration": [charts.calibration(found.memories.calibration, width=width) for width in WIDTHS],
        "stability": [charts.histogram(stability, width=width) for width in WIDTHS],
        "difficulty": [charts.histogram(difficulty, width=width) for width in WIDTHS],
        "hours": [charts.histogram(hours, width=width) for width in WIDTHS],
    }


def _found(wanted: Span | Between) -> Progress | None:
    with reading() as session:
        return progress.progress(session, current_actor(), wanted, now=utcnow())


def _wanted() -> Span | Between:
    """Return the days that the address names: `from` and `to` before a span."""
    between = Between(day("from"), day("to"))
    if between.first or between.last:
        return between
    try:
        return Span(request.args.get("span", ""))
    except ValueError:
        return Span.QUARTER


def _asked(wanted: Span | Between) -> dict[str, str]:
    """Return what names the same days in an address."""
    if isinstance(wanted, Span):
        return {"span": wanted.value}
    named = {"from": wanted.first, "to": wanted.last}
    return {name: day.isoformat() for name, day in named.items() if day}
