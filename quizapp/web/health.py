"""Whether the site works: for whoever starts it, and for monitors."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from quizapp.web.acting import reading

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def show() -> ResponseReturnValue:
    """Answer once the database does."""
    with reading():
        return {"status": "ok"}, {"Cache-Control": "no-store"}
