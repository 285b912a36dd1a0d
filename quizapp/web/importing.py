"""Files of other programs come in: handed over here, read by a worker, reported on, undone as a whole."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.errors import InvalidInput
from quizapp.services import decks, importing, incoming_files, jobs
from quizapp.services.tasks import ToImport
from quizapp.translations import _
from quizapp.web import previewing
from quizapp.web.acting import current_actor, reading, wake_worker, writing
from quizapp.web.bodies import LARGER_BYTES
from quizapp.web.forms import text
from quizapp.web.replies import go, page, reply, say

blueprint = Blueprint("importing", __name__, url_prefix="/decks")


@blueprint.get("/import")
def new() -> Response:
    """Show the form that takes a file, and what came in lately."""
    with reading() as session:
        runs = importing.runs(session, current_actor())
        names = [deck.name for deck in decks.decks(session, current_actor(), now=utcnow())]
    suffixes = incoming_files.suffixes()
    limit = LARGER_BYTES["importing.add"] >> 20
    return page("decks/import.html", block="content", runs=runs, deck_names=names, suffixes=suffixes, limit=limit)


@blueprint.post("/import")
def add() -> ResponseReturnValue:
    """Take a file of Anki's, to be read by a worker, and show how far that is; of any other show what it would bring."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise InvalidInput("Choose a file first.")
    if incoming_files.holds_cards_alone(file.filename):
        return go(previewing.address(file.filename, file.read(), deck=text("deck")))
    task = ToImport(file.filename, into=text("deck")).task()
    data = file.read()
    with writing() as session:
        job_id = jobs.ask(session, current_actor(), task, data=data, now=utcnow())
    wake_worker()
    return go(url_for("jobs.show", job_id=job_id))


@blueprint.get("/imports/<int:run_id>")
def show(run_id: int) -> Response:
    """Say what became of a file."""
    with reading() as session:
        run = importing.report(session, current_actor(), run_id)
        found = decks.decks(session, current_actor(), now=utcnow())
    places = [deck for deck in found if deck.name in run.decks]
    return page("decks/imported.html", block="content", run=run, places=places)


@blueprint.post("/imports/<int:run_id>/undo")
def undo(run_id: int) -> ResponseReturnValue:
    """Take a whole import back."""
    with writing() as session:
        importing.undo(session, current_actor(), run_id, now=utcnow())
    say(_("Undone. What it made is in the trash for 30 days."))
    return reply(url_for("importing.show", run_id=run_id), lambda: show(run_id))


@blueprint.post("/imports/<int:run_id>/redo")
def redo(run_id: int) -> ResponseReturnValue:
    """Bring a whole import back."""
    with writing() as session:
        importing.redo(session, current_actor(), run_id, now=utcnow())
    say(_("It is back, with every schedule."))
    return reply(url_for("importing.show", run_id=run_id), lambda: show(run_id))
