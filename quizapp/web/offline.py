"""Studying without the server: the pack that a browser keeps, the page that asks it, and what it sends later.

`static/offline/` holds the browser's part; `worker` is what lets it open pages while the server does not answer.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, request, url_for
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.domain.packs import Button, Told
from quizapp.domain.scheduling import Grade
from quizapp.errors import Conflict, InvalidInput
from quizapp.services import merging, packing
from quizapp.services.merging import LateAnswer, Taken
from quizapp.services.packing import Packed
from quizapp.services.settings import study_plan
from quizapp.services.study import PASS_OR_FAIL
from quizapp.translations import NAMES, _, of_scripts, speak, spoken
from quizapp.web import assets, figures
from quizapp.web.acting import current_actor, reading, writing
from quizapp.web.replies import page, render_block
from quizapp.web.security import csrf_token
from quizapp.web.study import items_of, options_of
from quizapp.web.words import short, span

WORKER = "/worker.js"
UNREADABLE = "An answer that was given on this device cannot be read, so it was not counted. It is kept here; the others were taken."
LAST_MS = 4_102_444_800_000  # the year 2100: a clock that is further ahead is wrong by no less
MODULES = ("device", "page", "queue", "store", "sync")
# What the page needs, so that it opens while nobody answers.
SHELL = (
    "recto.css",
    "keys.js",
    "recto.js",
    "words.js",
    "icon.svg",
    "vendor/htmx/htmx-4.0.1.min.js",
    *(f"offline/{name}.js" for name in MODULES),
)
FOLDER = assets.FOLDER.parent / "templates"
FONTS = ("vendor/fonts/atkinson-latin.woff2", "vendor/fonts/bricolage-latin.woff2")

blueprint = Blueprint("offline", __name__)


@blueprint.get("/study/offline")
def show() -> Response:
    """Show the page that asks what this browser has kept; it holds nothing of anybody by itself.

    What a worker keeps is fetched without cookies, so the address says in which language.
    """
    if (language := request.args.get("language")) in NAMES:
        speak(language)
    return page("study/offline.html", block="study")


@blueprint.get(WORKER)
def worker() -> Response:
    """Send the service worker, which is another when a file of the shell is."""
    told = {
        "version": _version(),
        "page": url_for("offline.show", language=spoken()),
        "files": [*map(assets.url_of, SHELL), *(url_for("assets.show", name=name) for name in (*FONTS, *_imported()))],
    }
    script = f"const SHELL = {json.dumps(told)};\n{assets.load('offline/worker.js').data.decode()}"
    response = current_app.response_class(script, content_type=assets.TYPES[".js"])
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/study/pack")
def pack() -> Response:
    """Send the cards of the next days, with what each button will give."""
    with reading() as session:
        found = packing.pack(session, current_actor(), now=utcnow())
        two_buttons = study_plan(session, current_actor()).two_buttons
    grades = PASS_OR_FAIL if two_buttons else tuple(Grade)
    return _private(
        {
            "made": _milliseconds(found.made),
            "ends": [_milliseconds(end) for end in found.ends],
            "parameters": found.parameters,
            "language": spoken(),
            "token": csrf_token(),
            "person": str(current_actor().person_id),
            "cards": [_packed(one, grades) for one in found.cards],
        }
    )


@blueprint.post("/study/reviews")
def take() -> Response:
    """Store a batch of answers, each once, and say what became of each; one that cannot be read stops no other."""
    person = str(current_actor().person_id)
    if request.form.get("person", person) != person:
        raise Conflict(
            "These answers were given by somebody else. They are kept, and sent when that person signs in here."
        )
    answers, unreadable, sent = _answers()
    with writing() as session:
        taken = merging.take(session, current_actor(), answers, sent=sent, now=utcnow())
    receipts: list[dict[str, str | None]]
    receipts = [{"id": str(one.id), "told": one.told.value, "sentence": one.sentence} for one in taken.receipts]
    receipts += [{"id": one, "told": Told.UNREADABLE.value, "sentence": UNREADABLE} for one in unreadable]
    return _private({"receipts": receipts, "clock": _said_of_clock(taken)})


def _version() -> str:
    """Return what changes when a file of the shell, or the page in it, does."""
    pages = [(FOLDER / name).read_text() for name in ("base.html", "study/offline.html")]
    versions = [assets.load(name).version for name in (*SHELL, "offline/worker.js")]
    said = [spoken(), json.dumps(of_scripts(spoken())), render_block("study/offline.html", "study")]
    return sha256("".join([*pages, *versions, *said]).encode()).hexdigest()[:10]


def _imported() -> Sequence[str]:
    """Return the modules as they name each other, without versions."""
    return ["words.js", *(f"offline/{name}.js" for name in MODULES)]


def _packed(packed: Packed, grades: Sequence[Grade]) -> Mapping[str, Any]:
    card = replace(packed.card, document_id=None)  # whose page cannot be opened without the server
    parts = items_of(card)
    shown: dict[str, Any] = {"card": card, "options": options_of(card, choice=None), "items": parts}
    front, back = (render_block("study/packed.html", side, **shown) for side in ("front", "back"))
    picture = [url_for("library.picture", name=card.illustration.name)] if card.illustration else []
    return {
        "id": card.card_id,
        "deck": card.deck_name,
        "language": card.language,
        "phase": card.phase,
        "start": _milliseconds(packed.start),
        "front": front,
        "back": back,
        "files": [*picture, *figures.addresses(front + back)],
        "buttons": [_buttons(day, grades) for day in packed.buttons],
    }


def _buttons(buttons: Sequence[Button], grades: Sequence[Grade]) -> Sequence[Sequence[Any]]:
    """Write buttons as grade, interval in words, seconds within the steps (else none), and what comes then."""
    return [
        [
            button.grade.value,
            short(button.interval),
            round(button.interval.total_seconds()) if button.in_steps else None,
            _buttons(button.then, grades),
        ]
        for button in buttons
        if button.grade in grades
    ]


def _answers() -> tuple[Sequence[LateAnswer], Sequence[str | None], datetime]:
    """Read a batch: its answers, the ids of those that cannot be read, as they came, and when it was sent."""
    try:
        told = json.loads(request.form.get("reviews", ""))
        several, sent = list(told["answers"]), _moment(told["sent"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise InvalidInput(
            "These answers cannot be read, so none was stored. They are kept; reload the page."
        ) from None
    answers: list[LateAnswer] = []
    unreadable: list[str | None] = []
    for one in several:
        try:
            answers.append(_answer(one))
        except (ValueError, TypeError, KeyError, AttributeError):
            unreadable.append(_id_of(one))
    return answers, unreadable, sent


def _id_of(told: object) -> str | None:
    """Return the id of an answer that cannot be read, as far as it has one that its device can know it by."""
    found = told.get("id") if isinstance(told, dict) else None
    return found if isinstance(found, str) else None


def _answer(told: Mapping[str, Any]) -> LateAnswer:
    """Read an answer; Python's own errors say that it is none."""
    grade, undoes = told.get("grade"), told.get("undoes")
    if (grade is None) == (undoes is None):
        raise ValueError(told)
    return LateAnswer(
        id=UUID(told["id"]),
        card_id=_whole(told["card"]),
        at=_moment(told["at"]),
        grade=None if grade is None else Grade(_whole(grade)),
        duration=timedelta(milliseconds=min(max(_whole(told.get("duration", 0)), 0), LAST_MS)),
        undoes=None if undoes is None else UUID(undoes),
    )


def _whole(value: object) -> int:
    if type(value) is not int or abs(value) > LAST_MS:
        raise ValueError(value)
    return value


def _moment(value: object) -> datetime:
    """Return the time that a clock told in milliseconds since 1970, however wrong it is."""
    if not isinstance(value, int | float):
        raise TypeError(value)
    return datetime.fromtimestamp(min(max(value, 0), LAST_MS) / 1000, UTC)


def _said_of_clock(taken: Taken) -> str:
    if not taken.clock_error:
        return ""
    by = span(abs(taken.clock_error))
    if taken.clock_error > timedelta(0):
        return _("The clock of this device is %(by)s ahead. Your answers were counted for when you gave them.", by=by)
    return _("The clock of this device is %(by)s behind. Your answers were counted for when you gave them.", by=by)


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _private(value: Mapping[str, Any]) -> Response:
    response = current_app.response_class(json.dumps(value), content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
