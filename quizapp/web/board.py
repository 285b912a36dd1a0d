"""What a trainer sees: what the team knows, what it misses, and what its quizzes say of themselves."""

from io import BytesIO

from flask import Blueprint, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.db.engine import Session
from quizapp.domain.knowledge import FEWEST_PEOPLE, GOAL, By
from quizapp.domain.permissions import Action
from quizapp.errors import NotFound
from quizapp.services import analysis, assignments, knowledge, suggestions, teams
from quizapp.services.analysis import Analysis
from quizapp.translations import _, marked
from quizapp.web import charts, looks
from quizapp.web.acting import current_actor, reading, wake_worker, writing
from quizapp.web.board_tables import TABLES, Board, cells, questions
from quizapp.web.forms import day, small
from quizapp.web.progress import WIDTHS
from quizapp.web.replies import go, page, say
from quizapp.web.tables import KINDS, Table, as_file

BYS = {By.HEADING: marked("Topic"), By.SPEAKER: marked("Speaker"), By.DECK: marked("Deck")}
DUE_SHOWN = 5  # assignments, those due first

blueprint = Blueprint("board", __name__)


@blueprint.get("/teams/<int:team_id>/board")
def show(team_id: int) -> Response:
    """Show what a team knows and misses, by what the address asks for."""
    with reading() as session:
        found = _found(session, team_id, page=request.args.get("page", 1, type=small))
        seen = knowledge.look(session, current_actor(), team_id, now=utcnow())
    looks.note(seen)
    _keep(found)
    points = [(day, round(100 * recall)) for day, recall in found.known.trend]
    return page(
        "board/index.html",
        block="content",
        found=found,
        known=found.known,
        course=found.course,
        waiting=found.waiting,
        due=found.course.open[:DUE_SHOWN],
        missed=found.missing.found,
        bys=[(by.value, _(name), by is found.by) for by, name in BYS.items()],
        asked=_asked(found),
        people=[
            (one.name, cells(map(one.recall.get, found.known.columns), untold=_("none"))) for one in found.known.people
        ],
        topics=[
            (one, cells((one.recall, one.later) if found.known.on else (one.recall,), untold=_("too few")))
            for one in found.known.topics
        ],
        below=[topic for topic in found.known.topics if topic.recall is not None and topic.recall < GOAL],
        goal=round(100 * GOAL),
        fewest=FEWEST_PEOPLE,
        drawn=charts.line(points, goal=100 * GOAL, width=min(WIDTHS)) if len(points) > 1 else None,
    )


@blueprint.post("/teams/<int:team_id>/board")
def refresh(team_id: int) -> ResponseReturnValue:
    """Let a worker bring the board up to date, and show how far it is."""
    with writing() as session:
        job_id = knowledge.ask(session, current_actor(), team_id, now=utcnow())
    if job_id is None:
        say(_("The board is up to date."))
        return go(url_for("board.show", team_id=team_id))
    wake_worker()
    return go(url_for("jobs.show", job_id=job_id))


@blueprint.get("/teams/<int:team_id>/board/<table>.<kind>")
def download(team_id: int, table: str, kind: str) -> Response:
    """Send one of the tables of the board as a file."""
    if table not in TABLES or kind not in KINDS:
        raise NotFound("There is no such table. Choose one on the board.")
    with reading() as session:
        found = _found(session, team_id, page=None)
    with writing() as session:
        knowledge.note_taken_out(session, current_actor(), team_id, table, now=utcnow())
    _keep(found)
    return _sent(TABLES[table](found), kind, name=f"{table}-{utcnow():%Y-%m-%d}")


@blueprint.get("/quizzes/<int:quiz_id>/analysis")
def analyse(quiz_id: int) -> Response:
    """Show what first attempts say of the questions of a quiz."""
    number, is_flagged = request.args.get("page", 1, type=small), "flagged" in request.args
    with reading() as session:
        found = analysis.of_quiz(session, current_actor(), quiz_id, page=number, only_flagged=is_flagged)
        seen = analysis.look(session, current_actor(), found, now=utcnow())
    looks.note(seen)
    _keep_figures(found)
    return page("board/analysis.html", block="content", found=found, is_flagged=is_flagged)


@blueprint.get("/quizzes/<int:quiz_id>/analysis.<kind>")
def download_analysis(quiz_id: int, kind: str) -> Response:
    """Send what first attempts say of a quiz as a file."""
    if kind not in KINDS:
        raise NotFound("There is no such table. Choose one on the page of the analysis.")
    with reading() as session:
        found = analysis.of_quiz(session, current_actor(), quiz_id)
    with writing() as session:
        analysis.note_taken_out(session, current_actor(), quiz_id, now=utcnow())
    _keep_figures(found)
    return _sent(questions(found), kind, name=f"analysis-{quiz_id}")


def _found(session: Session, team_id: int, *, page: int | None) -> Board:
    """Return all of the board, with a page of its people, or None for all of them."""
    by, on, now, actor = _by(), day("on"), utcnow(), current_actor()
    team = teams.living(session, actor, team_id, Action.WATCH)
    return Board(
        team_id=team.id,
        team=team.name,
        by=by,
        known=knowledge.known(session, actor, team_id, by=by, on=on, page=page, now=now),
        missing=analysis.most_missed(session, actor, team_id, now=now),
        course=assignments.course(session, actor, team_id, now=now),
        waiting=suggestions.waiting(session, actor, team.library_id),
    )


def _keep(found: Board) -> None:
    """Keep what had to be worked out for a look, if anything had to be."""
    if found.known.fresh is not None:
        with writing() as session:
            knowledge.keep(session, found.known.fresh)
    if not found.missing.is_kept:
        with writing() as session:
            analysis.keep_missed(session, found.missing)


def _keep_figures(found: Analysis) -> None:
    """Keep the figures of a quiz that had to be worked out for a look."""
    if found.fresh is not None:
        with writing() as session:
            analysis.keep(session, found)


def _sent(table: Table, kind: str, *, name: str) -> Response:
    data, mime = as_file(table, kind)
    return send_file(BytesIO(data), mime, as_attachment=True, download_name=f"{name}.{kind}")


def _asked(found: Board) -> dict[str, str]:
    """Return what names the same view in an address."""
    asked = {"by": found.by.value}
    return {**asked, "on": found.known.on.isoformat()} if found.known.on else asked


def _by() -> By:
    try:
        return By(request.args.get("by", ""))
    except ValueError:
        return By.HEADING
