"""Today: what is due, what is waiting, how it has been going."""

from flask import Blueprint
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.services import study
from quizapp.web import charts
from quizapp.web.acting import current_actor, reading
from quizapp.web.replies import page

WEEKS_WIDE, WEEKS_NARROW = 26, 15

blueprint = Blueprint("today", __name__)


@blueprint.get("/")
def show() -> Response:
    """Show the first page."""
    with reading() as session:
        today = study.today(session, current_actor(), now=utcnow())
    return page(
        "today/index.html",
        block="content",
        today=today,
        due=today.counts.review + today.counts.learning + today.counts.new,
        wide=charts.calendar(today.activity, weeks=WEEKS_WIDE),
        narrow=charts.calendar(today.activity, weeks=WEEKS_NARROW),
        bars=charts.bars(today.forecast),
    )
