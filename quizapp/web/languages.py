"""The language that pages speak: the one chosen in this browser, or else the first that it asks for and Recto knows."""

from functools import lru_cache

from flask import Blueprint, Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.wrappers import Response

from quizapp.errors import InvalidInput
from quizapp.services import notices
from quizapp.translations import ENGLISH, NAMES, counted, figure, of_scripts, speak, spoken, told, told_of
from quizapp.web.acting import visitor, writing
from quizapp.web.replies import back, remember

BY_BROWSER = "browser"  # as the browser asks
SENTENCES_KEPT = 4_096

blueprint = Blueprint("languages", __name__)


def init_app(app: Flask) -> None:
    """Let templates and everything that a request says speak the language of the person."""
    app.before_request(_listen)
    app.after_request(_tell_caches)
    app.teardown_request(lambda _fault: speak(ENGLISH))  # the thread goes on to other work
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.newstyle_gettext = True  # type: ignore[attr-defined]  # which the extension adds
    app.jinja_env.globals.update(_=_said, gettext=_said, ngettext=_counted, pgettext=_said_of)
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


# The extension's own look up what they need of a template anew at every sentence, of which a page has hundreds.
def _said(sentence: str, /, **values: object) -> Markup:
    said = told(sentence)
    return Markup(said) % values if values else _whole(said)  # noqa: S704 - sentences of ours, their values escaped


def _counted(one: str, other: str, num: float, /, **values: object) -> Markup:
    return Markup(counted(one, other, num)) % {"num": num, **values}  # noqa: S704 - the same


def _said_of(context: str, sentence: str, /, **values: object) -> Markup:
    return Markup(told_of(context, sentence)) % {"context": context, **values}  # noqa: S704 - the same


@lru_cache(maxsize=SENTENCES_KEPT)
def _whole(said: str) -> Markup:
    """Return a sentence without values as a page says it: its "%%" is one."""
    return Markup(said) % {}  # noqa: S704 - the same


def _listen() -> None:
    asked = (tag.partition("-")[0].lower() for tag, _quality in request.accept_languages)
    speak(chosen() or next((language for language in asked if language in NAMES), ENGLISH))


def _tell_caches(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.vary.add("Accept-Language")
        response.vary.add("Cookie")
        response.content_language.add(spoken())
    return response


def _for_pages() -> dict[str, object]:
    return {
        "spoken": spoken(),
        "words_of_scripts": of_scripts(spoken()),
        "language_chosen": chosen(),
        "languages": NAMES,
    }
