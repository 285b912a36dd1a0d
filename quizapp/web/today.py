"""Today: what is due, what is waiting, how it has been going."""

from flask import Blueprint
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.services import attempting, browsing, catching_up, leeches, study, teams
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
        hard = leeches.count(session, current_actor())
        saved = browsing.saved(session, current_actor())
        owed = attempting.owed(session, current_actor(), now=utcnow())
        crews = [] if today.decks or today.waiting else teams.teams(session, current_actor())
        is_behind = catching_up.is_offered(session, current_actor(), now=utcnow())
    due = today.counts.review + today.counts.learning + today.counts.new
    return page(
        "today/index.html",
        block="content",
        today=today,
        hard=hard,
        owed=owed,
        crews=crews,
        saved=saved,
        is_behind=is_behind,
        due=due,
        wide=charts.calendar(today.activity, weeks=WEEKS_WIDE),
        narrow=charts.calendar(today.activity, weeks=WEEKS_NARROW),
        # What can be studied today holds new cards and learning steps, too, as the figure above says.
        bars=charts.bars([(today.date, due), *today.forecast[1:]]),
        has_studied=any(count for _, count in today.activity),
    )
