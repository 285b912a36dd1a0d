"""Documents on their way in, and how far their reading is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from quizapp.api.bearers import blueprint, current_actor
from quizapp.clock import utcnow
from quizapp.errors import InvalidInput
from quizapp.services import jobs
from quizapp.services.jobs import JobView
from quizapp.services.tasks import ToRead
from quizapp.turns import reading, wake_worker, writing

FRESH = {"Cache-Control": "private, no-store"}
HALF = re.compile("[\ud800-\udfff]")
TEXT_NAME = "text.md"  # a text without a name is read as Markdown, which plain text is


@dataclass(frozen=True)
class Given:
    """A document as a program hands it in."""

    data: bytes
    wanted: ToRead


@blueprint.post("/documents")
def add() -> ResponseReturnValue:
    """Take a document, to be read by a worker; sent again while it waits, it is the same job."""
    given = _given()
    task = given.wanted.task(given.data)
    with writing() as session:
        job_id = jobs.ask(session, current_actor(), task, data=given.data, now=utcnow())
    wake_worker()
    where = url_for("api.job", job_id=job_id)
    return {"job": job_id, "url": where}, 202, {"Location": where, **FRESH}


@blueprint.get("/jobs/<int:job_id>")
def job(job_id: int) -> ResponseReturnValue:
    """Say how far a job is, and what came of it."""
    with reading() as session:
        found = jobs.look(session, current_actor(), job_id)
    return _job(found), FRESH


def _given() -> Given:
    """Read a document: a file in a form, or a text in a form or in JSON."""
    fields = _fields()
    file = request.files.get("file")
    data = file.read() if file is not None else fields.get("text", "").encode()
    if not data.strip():
        raise InvalidInput("There is no document in this request. Send a file as file, or a text as text.")
    title, name = fields.get("title", "").strip(), (file.filename if file is not None else "") or TEXT_NAME
    keep = fields.get("keep_ready", "no") in {"yes", "true"}
    return Given(data, ToRead(name, title, fields.get("deck", "").strip(), keep_ready=keep))


def _fields() -> Mapping[str, str]:
    if request.mimetype != "application/json":
        return request.form
    try:
        told: Any = request.get_json()
    except RecursionError:
        raise BadRequest from None
    if not isinstance(told, dict):
        raise InvalidInput('Send a JSON object, like {"text": "...", "title": "..."}.')
    wrong = [name for name, value in told.items() if not _is_usable(value)]
    if wrong:
        raise InvalidInput("%(name)s is no text. Send each field as a string.", name=wrong[0])
    return {name: value if isinstance(value, str) else str(value).lower() for name, value in told.items()}


def _is_usable(value: object) -> bool:
    """Say whether a field is a text or a yes or no; JSON can write half a character, which no text has."""
    return isinstance(value, bool) or (isinstance(value, str) and not HALF.search(value))


def _job(found: JobView) -> Mapping[str, object]:
    return {
        "id": found.id,
        "kind": found.kind.value,
        "title": found.title,
        "status": found.status.value,
        "share": round(found.share, 3),
        "doing": found.doing,
        "problem": found.problem or None,
        "result": dict(found.result) or None,
    }
