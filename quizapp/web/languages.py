"""The language that pages speak: the one chosen in this browser, or else the first that it asks for and Recto knows."""

from flask import Blueprint, Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from quizapp.errors import InvalidInput
from quizapp.services import notices
from quizapp.translations import ENGLISH, NAMES, figure, of_scripts, speak, spoken, told
from quizapp.web.acting import visitor, writing
from quizapp.web.replies import back, remember

BY_BROWSER = "browser"  # as the browser asks

blueprint = Blueprint("languages", __name__)


def init_app(app: Flask) -> None:
    """Let templates and everything that a request says speak the language of the person."""
    app.before_request(_listen)
    app.after_request(_tell_caches)
    app.teardown_request(lambda _fault: speak(ENGLISH))  # the thread goes on to other work
    app.jinja_env.filters.update(figure=figure, told=told)
    app.context_processor(_for_pages)


@blueprint.post("/language")
def change() -> ResponseReturnValue:
    """Remember a language in this browser, or follow what it asks for again."""
    wanted = request.form.get("language", "")
    if wanted not in {*NAMES, BY_BROWSER}:
        raise InvalidInput("Choose one of the languages that are listed.")
    if wanted in NAMES and (person := visitor()) is not None:
        with writing() as session:
            notices.speak(session, person.actor.person_id, wanted)
    response = redirect(back(url_for("today.show")), 303)
    return remember(response, "language", wanted if wanted in NAMES else "")


def chosen() -> str:
    """Return the language chosen in this browser; "" follows what it asks for."""
    wanted = request.cookies.get("language", "")
    return wanted if wanted in NAMES else ""


def _listen() -> None:
    asked = (tag.partition("-")[0].lower() for tag, _quality in request.accept_languages)
    speak(chosen() or next((language for language in asked if language in NAMES), ENGLISH))


def _tell_caches(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.vary.update(("Accept-Language", "Cookie"))
        response.headers["Content-Language"] = spoken()
    return response


def _for_pages() -> dict[str, object]:
    return {
        "spoken": spoken(),
        "words_of_scripts": of_scripts(spoken()),
        "language_chosen": chosen(),
        "languages": NAMES,
    }
