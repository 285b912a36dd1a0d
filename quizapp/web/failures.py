"""Every failure becomes a page that helps, or a note on the page that is open; here and nowhere else."""

import errno
from http import HTTPStatus

from flask import Flask, current_app, g, render_template, request
from werkzeug.exceptions import HTTPException, InternalServerError, RequestEntityTooLarge
from werkzeug.wrappers import Response

from quizapp.errors import Conflict, Forbidden, InvalidInput, NotFound, QuizappError, TooMany, Unavailable
from quizapp.translations import _, marked
from quizapp.web import journal
from quizapp.web.replies import back, render_block, wants_block

LIMIT_BYTES = 20 * 1024 * 1024  # of what is sent, unless `bodies` knows of more
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

STATUS: dict[type[QuizappError], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    Forbidden: HTTPStatus.FORBIDDEN,
    InvalidInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    Conflict: HTTPStatus.CONFLICT,
    TooMany: HTTPStatus.TOO_MANY_REQUESTS,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}
HEADINGS = {
    HTTPStatus.BAD_REQUEST: marked("This request cannot be answered"),
    HTTPStatus.UNAUTHORIZED: marked("Sign in first"),
    HTTPStatus.NOT_FOUND: marked("This page is not here"),
    HTTPStatus.FORBIDDEN: marked("This was refused"),
    HTTPStatus.METHOD_NOT_ALLOWED: marked("This address takes forms only"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: marked("This is too much at once"),
    HTTPStatus.UNPROCESSABLE_ENTITY: marked("This cannot be used as it is"),
    HTTPStatus.CONFLICT: marked("This changed meanwhile"),
    HTTPStatus.TOO_MANY_REQUESTS: marked("This was tried too often"),
    HTTPStatus.SERVICE_UNAVAILABLE: marked("Recto cannot do this now"),
    HTTPStatus.INTERNAL_SERVER_ERROR: marked("Recto made a mistake"),
}
SENTENCES = {
    HTTPStatus.NOT_FOUND: marked(
        "There is nothing at this address. It may have been deleted, or the link is incomplete."
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: marked("Go back to the page and press the button there."),
    HTTPStatus.INTERNAL_SERVER_ERROR: marked(
        "The fault is ours and has been noted in the log. Whatever was saved before is safe. Go back and try once more."
    ),
}


def init_app(app: Flask) -> None:
    """Translate errors into pages, and refuse uploads over the limit."""
    app.config["MAX_CONTENT_LENGTH"] = LIMIT_BYTES
    # A pasted text is a form field like any other, and may be as long as a file.
    app.config["MAX_FORM_MEMORY_SIZE"] = LIMIT_BYTES
    app.register_error_handler(QuizappError, explain)
    app.register_error_handler(RequestEntityTooLarge, _explain_size)
    app.register_error_handler(OSError, _explain_room)
    app.register_error_handler(InternalServerError, _explain_fault)
    app.register_error_handler(HTTPException, _explain_http)


def explain(error: QuizappError) -> Response:
    """Answer with the sentence of an error."""
    if isinstance(error, Unavailable):
        journal.note_unavailable(error)
    return after_a_while(error, _failure(STATUS.get(type(error), HTTPStatus.UNPROCESSABLE_ENTITY), error.message))


def after_a_while(error: QuizappError, response: Response) -> Response:
    """Return the answer, which says when to try again if the error knows."""
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.seconds)
    return response


def _explain_size(_error: RequestEntityTooLarge) -> Response:
    limit = (request.max_content_length or LIMIT_BYTES) // (1024 * 1024)
    if limit * 1024 * 1024 == LIMIT_BYTES:
        sentence = _(
            "Recto takes up to %(limit)s MB at once. Split the document and add its parts one by one.", limit=limit
        )
    else:
        sentence = _(
            "Recto takes up to %(limit)s MB at once. Split the file and import its parts one by one.", limit=limit
        )
    return _failure(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, sentence)


def _explain_room(error: OSError) -> Response:
    """Say that the disk is full: a large file waits in the system's folder for temporary files while it comes in."""
    if error.errno not in NO_ROOM:
        raise error
    sentence = _("The disk is full, so what you sent could not be taken. Nothing was stored; make room and try again.")
    return _failure(HTTPStatus.SERVICE_UNAVAILABLE, sentence)


def _explain_fault(_error: InternalServerError) -> Response:
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return _failure(status, _(SENTENCES[status]))


def _explain_http(error: HTTPException) -> Response:
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    status = HTTPStatus(error.code)
    response = _failure(status, _(SENTENCES.get(status, error.description or status.description)))
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _failure(status: HTTPStatus, sentence: str) -> Response:
    heading = _(HEADINGS[status]) if status in HEADINGS else _("This did not work")
    values = {
        "status": status.value,
        "heading": heading,
        "sentence": sentence,
        "back": back("/"),
        "request_id": g.request_id,
    }
    if wants_block():
        # The open page stays as it is, with whatever has been typed; the note joins it.
        response = current_app.response_class(render_block("failure.html", "note", **values), status)
        response.headers.update({"HX-Retarget": "#news", "HX-Reswap": "innerHTML"})
    else:
        response = current_app.response_class(render_template("failure.html", **values), status)
    response.headers["Cache-Control"] = "no-store"
    return response
