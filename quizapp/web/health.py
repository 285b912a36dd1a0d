"""Whether the site works: for whoever starts it, and for monitors."""

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def show() -> ResponseReturnValue:
    """Answer once the database does."""
    current_app.extensions["database"].ping()
    return {"status": "ok"}, {"Cache-Control": "no-store"}
