"""How pages look to this browser, and the keys that they listen to."""

from flask import Blueprint, Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from quizapp.errors import InvalidInput
from quizapp.web.replies import back, page, render_block, wants_block

THEMES = frozenset({"light", "dark"})
ONE_YEAR = 31_536_000

blueprint = Blueprint("settings", __name__)


def init_app(app: Flask) -> None:
    """Give every page the theme that this browser asked for; without one, the system decides."""
    app.context_processor(lambda: {"theme": _theme(request.cookies.get("theme", ""))})


@blueprint.get("/keys")
def keys() -> Response:
    """List all keys."""
    if wants_block():
        # A dialog beside the page: what the page has just been told stays there.
        return Response(render_block("settings/keys.html", "keys"), mimetype="text/html")
    return page("settings/keys.html", block="keys")


@blueprint.post("/theme")
def change_theme() -> ResponseReturnValue:
    """Remember a theme in this browser, or "system" to follow the system again."""
    wanted = request.form.get("theme", "")
    if wanted not in THEMES | {"system"}:
        raise InvalidInput("Choose light, dark or system.")
    response = redirect(back(url_for("today.show")), 303)
    # A script may change it, too, so that the switch is instant.
    response.set_cookie("theme", _theme(wanted), max_age=ONE_YEAR if wanted in THEMES else 0, samesite="Lax")
    return response


def _theme(wanted: str) -> str:
    return wanted if wanted in THEMES else ""
