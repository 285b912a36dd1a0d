"""Decks: the list, the cards in one, editing, the trash."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.domain.cards import Note
from quizapp.services import decks, following, splitting
from quizapp.translations import _
from quizapp.web.acting import current_actor, opened_team, reading, writing
from quizapp.web.cards import deck_address
from quizapp.web.forms import CardText, number, small, text
from quizapp.web.replies import go, offer_undo, page, reply, say

HARD_CARDS = "hard-cards"

blueprint = Blueprint("decks", __name__)


@blueprint.get("/decks")
def index() -> Response:
    """List the decks of the library that is open and, in one's own, those of one's teams."""
    now = utcnow()
    with reading() as session:
        found = decks.decks(session, current_actor(), now=now)
        shelves = () if opened_team() else following.shelves(session, current_actor(), now=now)
    nested = [(shelf, decks.nested(shelf.decks)) for shelf in shelves]
    return page("decks/index.html", block="content", branches=decks.nested(found), shelves=nested)


@blueprint.post("/decks")
def create() -> ResponseReturnValue:
    """Create an empty deck and open it."""
    with writing() as session:
        deck_id = decks.create(session, current_actor(), text("name"), now=utcnow())
    return go(url_for("decks.show", deck_id=deck_id))


@blueprint.get("/decks/<int:deck_id>")
def show(deck_id: int) -> Response:
    """Show a deck's cards, a page at a time, one of them perhaps open for editing."""
    return _show(
        deck_id, page_number=request.args.get("page", 1, type=small), editing=request.args.get("edit", type=small)
    )


@blueprint.post("/decks/<int:deck_id>/follow")
def follow(deck_id: int) -> ResponseReturnValue:
    """Study a deck of a team from now on."""
    with writing() as session:
        name = following.follow(session, current_actor(), deck_id, now=utcnow())
    undo = url_for("decks.leave", deck_id=deck_id)
    offer_undo(_("You study %(name)s now. Its new cards come to you.", name=name), url=undo)
    return go(url_for("decks.show", deck_id=deck_id))


@blueprint.post("/decks/<int:deck_id>/leave")
def leave(deck_id: int) -> ResponseReturnValue:
    """Study a deck of a team no more."""
    with writing() as session:
        name = following.leave(session, current_actor(), deck_id, now=utcnow())
    undo = url_for("decks.follow", deck_id=deck_id)
    offer_undo(_("You study %(name)s no more. What you know of it is kept.", name=name), url=undo)
    return go(url_for("decks.show", deck_id=deck_id))


@blueprint.post("/decks/<int:deck_id>/rename")
def rename(deck_id: int) -> ResponseReturnValue:
    """Give a deck another name, or the one in the address, and offer to take it back."""
    name = request.form.get("name", request.args.get("name", ""))
    with writing() as session:
        before = decks.rename(session, current_actor(), deck_id, name, now=utcnow())
    offer_undo(_("Renamed."), url=url_for("decks.rename", deck_id=deck_id, name=before))
    return go(url_for("decks.show", deck_id=deck_id))


@blueprint.post("/decks/<int:deck_id>/move")
def move(deck_id: int) -> ResponseReturnValue:
    """Move a deck into another, or out of all, and offer to take it back."""
    into = request.form.get("into", type=small)
    with writing() as session:
        before = decks.move(session, current_actor(), deck_id, into=into, now=utcnow())
    offer_undo(_("Moved."), url=url_for("decks.rename", deck_id=deck_id, name=before))
    return go(url_for("decks.show", deck_id=deck_id))


@blueprint.post("/decks/<int:deck_id>/delete")
def delete(deck_id: int) -> ResponseReturnValue:
    """Move a deck to the trash and offer to take it back."""
    with writing() as session:
        name = decks.delete(session, current_actor(), deck_id, now=utcnow())
    sentence = _("%(name)s is in the trash for 30 days.", name=name)
    offer_undo(sentence, url=url_for("decks.restore", deck_id=deck_id))
    return go(url_for("decks.index"))


@blueprint.post("/decks/<int:deck_id>/restore")
def restore(deck_id: int) -> ResponseReturnValue:
    """Take a deck out of the trash."""
    with writing() as session:
        name = decks.restore(session, current_actor(), deck_id, now=utcnow())
    say(_("%(name)s is back, with every card and its schedule.", name=name))
    return go(url_for("decks.show", deck_id=deck_id))


@blueprint.post("/decks/<int:deck_id>/notes/<int:note_id>")
def edit_note(deck_id: int, note_id: int) -> ResponseReturnValue:
    """Store an edited card; its schedule stays."""
    typed, version, into, now = CardText.from_form(), number("version"), text("into"), utcnow()
    with writing() as session:
        decks.edit_note(session, current_actor(), note_id, **typed.fields(), expected_version=version, now=now)
        if "picture" in request.form:
            chosen = request.form.get("picture", type=small)
            decks.choose_illustration(session, current_actor(), note_id, chosen, now=now)
        before = decks.move_note(session, current_actor(), note_id, into=into, now=now) if into else into
    if before == into:
        say(_("Saved. The card keeps its schedule."))
    else:
        undo = url_for("decks.move_note", deck_id=deck_id, note_id=note_id, into=before)
        offer_undo(_("Moved to %(deck)s, with its schedule.", deck=into), url=undo)
    return _reply(deck_id, note_id)


@blueprint.post("/decks/<int:deck_id>/notes/<int:note_id>/move")
def move_note(deck_id: int, note_id: int) -> ResponseReturnValue:
    """Move a card to the deck that the address names."""
    with writing() as session:
        decks.move_note(session, current_actor(), note_id, into=request.args.get("into", ""), now=utcnow())
    say(_("The card is back where it was."))
    return _reply(deck_id, note_id)


@blueprint.post("/decks/<int:deck_id>/notes/<int:note_id>/delete")
def delete_note(deck_id: int, note_id: int) -> ResponseReturnValue:
    """Move a card to the trash and offer to take it back."""
    with writing() as session:
        decks.delete_note(session, current_actor(), note_id, now=utcnow())
    undo = url_for("decks.restore_note", deck_id=deck_id, note_id=note_id, page=request.args.get("page", type=small))
    offer_undo(_("The card is in the trash for 30 days."), url=undo)
    return _reply(deck_id, None)


@blueprint.post("/decks/<int:deck_id>/notes/<int:note_id>/restore")
def restore_note(deck_id: int, note_id: int) -> ResponseReturnValue:
    """Take a card out of the trash."""
    with writing() as session:
        decks.restore_note(session, current_actor(), note_id, now=utcnow())
    say(_("The card is back, with its schedule."))
    return _reply(deck_id, note_id)


@blueprint.get("/decks/<int:deck_id>/notes/<int:note_id>/split")
def ask_split(deck_id: int, note_id: int) -> Response:
    """Show how a card could be made into two."""
    with reading() as session:
        note = decks.note(session, current_actor(), note_id)
        first, second = splitting.proposed(session, current_actor(), note_id)
    values = {"deck_id": deck_id, "note": note, "first": first, "second": second}
    return page("decks/split.html", block="content", **values, to=_split_from(), back=_before_split(deck_id, note_id))


@blueprint.post("/decks/<int:deck_id>/notes/<int:note_id>/split")
def split(deck_id: int, note_id: int) -> ResponseReturnValue:
    """Make a card into two, and offer to take that back."""
    typed = [CardText.from_form(), CardText.from_form("second-")]
    version = number("version")
    with writing() as session:
        kind = decks.note(session, current_actor(), note_id).kind
        first, second = (Note(kind, one.question, one.answer, one.choices, one.explanation) for one in typed)
        split_id = splitting.split(
            session, current_actor(), note_id, first, second, expected_version=version, now=utcnow()
        )
    undo = url_for("decks.join", deck_id=deck_id, split_id=split_id, to=_split_from())
    offer_undo(_("There are two cards now."), url=undo)
    return go(_before_split(deck_id, note_id))


@blueprint.post("/decks/<int:deck_id>/splits/<int:split_id>/undo")
def join(deck_id: int, split_id: int) -> ResponseReturnValue:
    """Make the two cards into the one that they were."""
    with writing() as session:
        splitting.join(session, current_actor(), split_id, now=utcnow())
    say(_("It is one card again, with its schedule."))
    return go(_before_split(deck_id, None))


def _split_from() -> str | None:
    """Return the page that a card is split from, None for that of its deck."""
    return HARD_CARDS if request.args.get("to") == HARD_CARDS else None


def _before_split(deck_id: int, note_id: int | None) -> str:
    """Return the address to go to once a card was split, or joined again."""
    anchor = f"n{note_id}" if note_id else None
    if _split_from():
        return url_for("leeches.show", _anchor=anchor)
    return url_for("decks.show", deck_id=deck_id, _anchor=anchor)


def _reply(deck_id: int, note_id: int | None) -> ResponseReturnValue:
    number = request.args.get("page", 1, type=small)
    anchor = f"n{note_id}" if note_id else None
    return reply(
        url_for("decks.show", deck_id=deck_id, page=number, _anchor=anchor),
        lambda: _show(deck_id, page_number=number, touched=note_id),
    )


def _show(deck_id: int, *, page_number: int, editing: int | None = None, touched: int | None = None) -> Response:
    with reading() as session:
        found = decks.deck(session, current_actor(), deck_id, now=utcnow(), page=page_number)
        places = decks.places(session, current_actor(), deck_id) if found.can_edit else ()
        is_here = found.can_edit and any(note.id == editing for note in found.notes)
        illustrations = decks.illustrations(session, current_actor(), editing) if editing and is_here else ()
    return page(
        "decks/deck.html",
        block="cards",
        view=found,
        deck=found.summary,
        places=places,
        browse_url=deck_address(found.summary.name),
        editing=editing if found.can_edit else None,
        illustrations=illustrations,
        touched=touched or editing,
    )
