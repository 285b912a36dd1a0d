"""Which program asks, what it may do, and how it is told what went wrong."""

from contextlib import suppress
from http import HTTPStatus

from flask import Blueprint, g, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, InternalServerError, RequestEntityTooLarge

from quizapp.clock import utcnow
from quizapp.domain.permissions import Actor
from quizapp.errors import Conflict, Forbidden, InvalidInput, NotFound, QuizappError, TooMany, Unavailable
from quizapp.services import api_tokens
from quizapp.translations import _, marked
from quizapp.turns import reading, writing

STATUS: dict[type[QuizappError], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    Forbidden: HTTPStatus.FORBIDDEN,
    InvalidInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    Conflict: HTTPStatus.CONFLICT,
    TooMany: HTTPStatus.TOO_MANY_REQUESTS,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}
WITHOUT_TOKEN = marked(
    "Show a token that works, in the header Authorization: Bearer recto_... Make one under Settings, API tokens."
)
SENTENCES = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: marked(
        "This is over 20 MB. Split the document and send its parts one by one."
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: marked("The fault is ours and has been noted in the log. Nothing was changed."),
    HTTPStatus.BAD_REQUEST: marked("This request cannot be read. Send a form or JSON, as docs/api.md says."),
}
READS = frozenset({"GET", "HEAD", "OPTIONS"})

blueprint = Blueprint("api", __name__, url_prefix="/api")


def current_actor() -> Actor:
    """Return for whom the program acts: the person, in their own library."""
    actor: Actor = g.actor
    return actor


@blueprint.before_request
def _recognise() -> ResponseReturnValue | None:
    """Know the program by its token, and whether it may change anything."""
    kind, _between, token = request.headers.get("Authorization", "").partition(" ")
    now, program = utcnow(), None
    if kind.casefold() == "bearer" and token.strip():
        with reading() as session:
            program = api_tokens.recognise(session, token.strip(), now=now)
    if program is None:
        return (
            {"error": _(WITHOUT_TOKEN)},
            HTTPStatus.UNAUTHORIZED,
            {"WWW-Authenticate": "Bearer", "Cache-Control": "no-store"},
        )
    if request.method not in READS and not program.writes:
        raise Forbidden("This token may read alone. Make one that may write under Settings, API tokens.")
    g.actor = program.actor
    if program.is_to_be_noted(now):
        with suppress(Unavailable), writing() as session:  # the next request notes it
            api_tokens.note_used(session, program, now=now)
    return None


@blueprint.errorhandler(QuizappError)
def _explain(error: QuizappError) -> ResponseReturnValue:
    later = {"Retry-After": str(error.seconds)} if isinstance(error, TooMany) else {}
    status = STATUS.get(type(error), HTTPStatus.UNPROCESSABLE_ENTITY)
    return {"error": error.message}, status, {"Cache-Control": "no-store", **later}


@blueprint.route("/", defaults={"rest": ""})
@blueprint.route("/<path:rest>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
def nothing(rest: str) -> ResponseReturnValue:
    """Say in JSON, too, that there is no such address."""
    raise NotFound("There is nothing at this address of the API. docs/api.md lists what there is.")


# The site explains the last two by themselves, which would come first.
@blueprint.errorhandler(HTTPException)
@blueprint.errorhandler(RequestEntityTooLarge)
@blueprint.errorhandler(InternalServerError)
def _explain_http(error: HTTPException) -> ResponseReturnValue:
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    sentence = SENTENCES.get(status) or error.description or status.phrase
    return {"error": _(sentence)}, status, {"Cache-Control": "no-store"}
