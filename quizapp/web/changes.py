"""What a new version of a document changed, and what becomes of the cards in doubt."""

from collections.abc import Callable

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.services import changes
from quizapp.translations import _, figure, many
from quizapp.web.acting import current_actor, reading, writing
from quizapp.web.replies import offer_undo, page, reply, say

blueprint = Blueprint("changes", __name__, url_prefix="/library/<int:document_id>/changes")


@blueprint.get("")
def show(document_id: int) -> Response:
    """Show what is new, changed and gone, and the cards that ask."""
    return _show(document_id, None)


@blueprint.post("/<int:change_id>/take")
def take_over(document_id: int, change_id: int) -> ResponseReturnValue:
    """Let the card say what is proposed."""
    _do(changes.take_over, change_id)
    _offer_undo(_("Taken over. The card keeps its schedule."), "changes.undo", document_id, change_id)
    return _reply(document_id, change_id)


@blueprint.post("/<int:change_id>/leave")
def leave(document_id: int, change_id: int) -> ResponseReturnValue:
    """Let the card say what it says."""
    _do(changes.leave, change_id)
    _offer_undo(_("The card stays as it is."), "changes.undo", document_id, change_id)
    return _reply(document_id, change_id)


@blueprint.post("/<int:change_id>/undo")
def undo(document_id: int, change_id: int) -> ResponseReturnValue:
    """Take a decision back."""
    _do(changes.undo, change_id)
    say(_("Undone. The card is as it was."))
    return _reply(document_id, change_id)


@blueprint.post("/<int:change_id>/delete")
def delete(document_id: int, change_id: int) -> ResponseReturnValue:
    """Move the card to the trash and offer to take it back."""
    _do(changes.delete_card, change_id)
    _offer_undo(_("The card is in the trash for 30 days."), "changes.restore", document_id, change_id)
    return _reply(document_id, None)


@blueprint.post("/<int:change_id>/restore")
def restore(document_id: int, change_id: int) -> ResponseReturnValue:
    """Take the card out of the trash."""
    with writing() as session:
        changes.restore_card(session, current_actor(), change_id, now=utcnow())
    say(_("The card is back, with its schedule."))
    return _reply(document_id, change_id)


def updated(*, new: int, changed: int, gone: int, follow: int, asks: int, proposed: int, number: int) -> str:
    """Say what a new version, the one after that number, brought."""
    return _(
        "Updated to version %(number)s: %(new)s, %(changed)s changed, %(gone)s gone; %(follow)s, %(asks)s, %(proposed)s.",
        number=number + 1,
        new=many("%(num)s passage new", "%(num)s passages new", new),
        changed=figure(changed),
        gone=figure(gone),
        follow=many("%(num)s card follows", "%(num)s cards follow", follow),
        asks=many("%(num)s asks you", "%(num)s ask you", asks),
        proposed=many("%(num)s new card to look at", "%(num)s new cards to look at", proposed),
    )


def _do(act: Callable[..., None], change_id: int) -> None:
    with writing() as session:
        act(session, current_actor(), change_id, now=utcnow())


def _offer_undo(sentence: str, endpoint: str, document_id: int, change_id: int) -> None:
    offer_undo(sentence, url=url_for(endpoint, document_id=document_id, change_id=change_id))


def _reply(document_id: int, change_id: int | None) -> ResponseReturnValue:
    anchor = f"change-{change_id}" if change_id else "cards"
    url = url_for("changes.show", document_id=document_id, _anchor=anchor)
    return reply(url, lambda: _show(document_id, change_id or 0))


def _show(document_id: int, touched: int | None) -> Response:
    """Show the page; after a decision with the focus on that card, or, if it has gone, on all of them."""
    with reading() as session:
        found = changes.changes(session, current_actor(), document_id)
    return page("library/changes.html", block="cards", changes=found, touched=touched)
