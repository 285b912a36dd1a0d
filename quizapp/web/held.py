"""Slips for files that wait: what the page Create carries instead of the file, signed, so that nobody makes one up.

A slip is good for the person it was made for, as long as the file waits. Start from `slip`.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from io import BytesIO

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.datastructures import FileStorage

from quizapp.errors import InvalidInput
from quizapp.ingest import formats
from quizapp.services import holding
from quizapp.services.holding import Held
from quizapp.translations import marked
from quizapp.web import acting
from quizapp.web.acting import current_actor

MOST_MB = formats.MAX_BYTES >> 20
TOO_MUCH = marked("These are over %(limit)s MB together. Take some of them first, and then the others.")


@dataclass(frozen=True)
class Slip:
    """A file that waits, as a page shows it."""

    filename: str
    size: int  # bytes
    signed: str


def slip(held: Held) -> str:
    """Return the slip of a file that waits for who acts."""
    return _signer().dumps([current_actor().learner_id, *astuple(held)])


def shown(slips: Sequence[str]) -> Sequence[Slip]:
    """Return what the slips of an address are for, without those that are no good."""
    return [Slip(held.filename, held.size, signed) for signed in slips if (held := _held(signed))]


def files(slips: Sequence[str]) -> Sequence[FileStorage]:
    """Return the files of the slips of a form, as if the form had brought them."""
    waiting = [held for signed in slips if (held := _held(signed))]
    if len(waiting) < len(slips):
        raise InvalidInput(holding.PUT_AWAY)
    if sum(held.size for held in waiting) > formats.MAX_BYTES:
        raise InvalidInput(TOO_MUCH, limit=MOST_MB)
    with acting.reading() as session:
        return [FileStorage(BytesIO(holding.taken(session, held)), filename=held.filename) for held in waiting]


def _held(signed: str) -> Held | None:
    try:
        learner_id, filename, size, name = _signer().loads(signed)
    except BadSignature:
        return None
    return Held(filename, size, name) if learner_id == current_actor().learner_id else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="a file that waits")
