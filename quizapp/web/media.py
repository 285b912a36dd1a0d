"""Files that pages show and play: pictures of documents, pictures and sounds of cards, named by their content."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from quizapp.services import pictures
from quizapp.services.pictures import PictureFile
from quizapp.web import acting
from quizapp.web.acting import current_actor

POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
FOR_GOOD = f"private, max-age={365 * 24 * 60 * 60}, immutable"

blueprint = Blueprint("media", __name__, url_prefix="/media")


@blueprint.get("/<name>")
def show(name: str) -> Response:
    """Hand out a picture or sound of a card by its content."""
    with acting.reading() as session:
        found = pictures.medium(session, current_actor(), name)
    return handed_out(found)


def handed_out(found: PictureFile) -> Response:
    """Return a file that never changes, in parts where those are asked for; opened by itself it may do nothing at all."""
    response = Response(found.data, mimetype=found.media_type)
    response.make_conditional(request, accept_ranges=True, complete_length=len(found.data))
    response.headers.update({"Content-Security-Policy": POLICY, "Cache-Control": FOR_GOOD})
    return response
