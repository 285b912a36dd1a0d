"""The trash: what was deleted in the last 30 days, and the way back for each."""

from datetime import datetime

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.db.engine import Session
from quizapp.domain.permissions import Actor
from quizapp.services import assignments, decks, library, quizzes, trash
from quizapp.services.trash import Kind
from quizapp.translations import _, many
from quizapp.web.acting import current_actor, reading, writing
from quizapp.web.replies import page, reply, say

KINDS = {kind.value: kind for kind in Kind}

blueprint = Blueprint("trash", __name__, url_prefix="/trash")


@blueprint.get("")
def index() -> Response:
    """List what was deleted."""
    return _show()


@blueprint.post("/<kind>/<int:thing_id>/restore")
def restore(kind: str, thing_id: int) -> ResponseReturnValue:
    """Take one thing out of the trash and stay here."""
    if kind not in KINDS:
        abort(404)
    with writing() as session:
        sentence = _restore(session, current_actor(), KINDS[kind], thing_id, utcnow())
    say(sentence)
    return reply(url_for("trash.index"), lambda: _show(moved=True))


def _show(*, moved: bool = False) -> Response:
    """Show the list; after something left it, with the focus there, since its button has gone."""
    with reading() as session:
        deleted = trash.contents(session, current_actor(), now=utcnow())
    return page("trash/index.html", block="trash", deleted=deleted, moved=moved)


def _restore(session: Session, actor: Actor, kind: Kind, thing_id: int, now: datetime) -> str:
    match kind:
        case Kind.DOCUMENT:
            return back_in_library(library.restore(session, actor, thing_id, now=now))
        case Kind.DECK:
            name = decks.restore(session, actor, thing_id, now=now)
            return _("%(name)s is back, with every card and its schedule.", name=name)
        case Kind.CARD:
            decks.restore_note(session, actor, thing_id, now=now)
            return _("The card is back in its deck, with its schedule.")
        case Kind.QUIZ:
            return _("%(name)s is back, with every result.", name=quizzes.restore(session, actor, thing_id, now=now))
        case Kind.ASSIGNMENT:
            return _(
                "%(title)s is back, with every result.", title=assignments.restore(session, actor, thing_id, now=now)
            )


def back_in_library(moved: library.Moved) -> str:
    """Say that a document was taken out of the trash."""
    if not moved.cards:
        return _("%(name)s is back.", name=moved.title)
    return many(
        "%(name)s is back, with %(num)s card.",
        "%(name)s is back, with %(num)s cards.",
        moved.cards,
        name=moved.title,
    )
