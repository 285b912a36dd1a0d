"""Long work, looked at by who asked for it: how far it is, what came of it, cancelling it."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from flask import Blueprint, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.domain.jobs import JobKind, JobStatus
from quizapp.services import jobs
from quizapp.services.jobs import JobView
from quizapp.translations import _
from quizapp.web.acting import current_actor, reading, wake_worker, writing
from quizapp.web.changes import updated
from quizapp.web.replies import go, offer_undo, page, part, reply, say, wants_block

blueprint = Blueprint("jobs", __name__, url_prefix="/jobs")


@blueprint.get("/<int:job_id>")
def show(job_id: int) -> Response:
    """Show how far a job is; one that made a document leads on to its cards, one of several to what became of them."""
    with reading() as session:
        job = jobs.look(session, current_actor(), job_id)
    if job.status is JobStatus.DONE and "document_id" in job.result:
        return _lead_on(job.result)
    if job.status is JobStatus.DONE and job.kind is JobKind.FIT:
        return go(url_for("parameters.show"))
    if job.status is JobStatus.DONE and job.kind is JobKind.IMPORT:
        return go(url_for("importing.show", run_id=job.result["run_id"]))
    if job.status is JobStatus.DONE and job.kind is JobKind.KNOW:
        return go(url_for("board.show", team_id=job.result["team_id"]))
    if wants_block():
        return part("jobs/job.html", block="job", job=job)
    return page("jobs/job.html", block="job", job=job)


@blueprint.get("/<int:job_id>/file")
def fetch(job_id: int) -> Response:
    """Hand out the file that a job has made."""
    with reading() as session:
        job = jobs.look(session, current_actor(), job_id)
        data = jobs.made(session, current_actor(), job_id)
    return send_file(
        BytesIO(data), "application/octet-stream", as_attachment=True, download_name=job.result["filename"]
    )


@blueprint.post("/<int:job_id>/cancel")
def cancel(job_id: int) -> ResponseReturnValue:
    """End a job, or put away what came of it, and offer to take that back."""
    with writing() as session:
        job = jobs.cancel(session, current_actor(), job_id, now=utcnow())
    if job.status is not JobStatus.DONE:
        title = job.title
        done = _("Put away: %(title)s.", title=title) if job.result else _("Cancelled: %(title)s.", title=title)
        offer_undo(done, url=url_for("jobs.try_again", job_id=job_id))
    return _reply(job)


@blueprint.post("/<int:job_id>/again")
def try_again(job_id: int) -> ResponseReturnValue:
    """Begin a job anew that has failed or was cancelled."""
    with writing() as session:
        job = jobs.try_again(session, current_actor(), job_id, now=utcnow())
    wake_worker()
    return _reply(job)


def _lead_on(result: Mapping[str, Any]) -> Response:
    """Go where the document is looked at: to its cards or, if it was there before, to what has changed."""
    if update := result.get("update"):
        say(updated(**update))
        return go(url_for("changes.show", document_id=result["document_id"]))
    if result["was_in_trash"]:
        say(_("This document was in the trash. It is back, with its drafts as they were."))
    elif earlier := result.get("earlier"):
        say(
            _(
                "This is version %(number)s of a document that has a later one. Nothing was changed; here you can go back.",
                number=earlier,
            )
        )
        return go(url_for("versions.index", document_id=result["document_id"]))
    elif result.get("resembles"):
        say(_("This looks like a new version of a document that you have. Say what it is."))
        return go(url_for("library.show", document_id=result["document_id"]))
    elif result["already_there"]:
        say(_("You have this document already. Nothing was added twice."))
    return go(url_for("drafts.bench", document_id=result["document_id"]))


def _reply(job: JobView) -> ResponseReturnValue:
    return reply(
        url_for("jobs.show", job_id=job.id), lambda: page("jobs/job.html", block="job", job=job, is_touched=True)
    )
