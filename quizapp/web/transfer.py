"""Decks on their way out: to Anki, with what is chosen to go along, or in another format, with what it loses told first."""

from io import BytesIO

from flask import Blueprint, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.errors import NotFound
from quizapp.exchange import formats
from quizapp.services import leaving, transfer
from quizapp.services.transfer import Contents
from quizapp.web.acting import current_actor, reading, wake_worker, writing
from quizapp.web.replies import go, page, say

ANY_FILE = "application/octet-stream"
TOLD = 20  # of what is not in a file

blueprint = Blueprint("transfer", __name__, url_prefix="/decks/<int:deck_id>")


@blueprint.get("/export")
def show(deck_id: int) -> Response:
    """Ask what goes along, and say what cannot."""
    with reading() as session:
        outlook = transfer.outlook(session, current_actor(), deck_id)
        offers = leaving.offers(session, current_actor(), deck_id)
    return page("decks/export.html", block="content", outlook=outlook, offers=offers)


@blueprint.get("/export.apkg")
def export(deck_id: int) -> Response:
    """Hand out the deck as an Anki package."""
    with reading() as session:
        exported = transfer.export_deck(
            session, current_actor(), deck_id, contents=_contents(request.args), now=utcnow()
        )
    _note(deck_id)
    for problem in exported.problems:
        say(problem)
    return send_file(BytesIO(exported.data), ANY_FILE, as_attachment=True, download_name=exported.filename)


@blueprint.get("/export/<format_key>")
def export_as(deck_id: int, format_key: str) -> Response:
    """Hand out the deck in another format."""
    chosen = formats.named(format_key)
    if chosen is None:
        raise NotFound("There is no such format. Go back and choose one.")
    with reading() as session:
        contents = _contents(request.args)
        exported, _losses = leaving.export(session, current_actor(), deck_id, chosen, contents=contents)
    _note(deck_id)
    for problem in exported.problems[:TOLD]:
        say(problem)
    return send_file(BytesIO(exported.data), ANY_FILE, as_attachment=True, download_name=exported.filename)


@blueprint.post("/export")
def ask(deck_id: int) -> ResponseReturnValue:
    """Let a worker pack the deck, which takes a while when it is large, and show how far that is."""
    contents, now = _contents(request.form), utcnow()
    with writing() as session:
        job_id = transfer.ask_export(session, current_actor(), deck_id, contents=contents, now=now)
    wake_worker()
    return go(url_for("jobs.show", job_id=job_id))


def _note(deck_id: int) -> None:
    """Note the export of a team's deck once it is made; one of one's own takes no turn to write."""
    with reading() as session:
        if not transfer.is_noted(session, current_actor(), deck_id):
            return
    with writing() as session:
        transfer.note_export(session, current_actor(), deck_id, now=utcnow())


def _contents(fields: MultiDict[str, str]) -> Contents:
    return Contents(progress=fields.get("progress") == "yes", source=fields.get("source") != "no")
