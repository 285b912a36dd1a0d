"""What a learner says about typed answers while studying: that one was right, and which cards ask for them."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.clock import utcnow
from quizapp.errors import InvalidInput
from quizapp.services import answering
from quizapp.translations import _, marked
from quizapp.web.acting import current_actor, writing
from quizapp.web.forms import small
from quizapp.web.replies import offer_undo, say
from quizapp.web.study import Asked, ask_again, enter_session, served, stay_in_session

_TYPED = (marked("You type the answers to this card."), marked("Answers to this card are shown, not typed."))
_TYPED_IN_DECK = (
    marked("You type the answers to the cards of this deck."),
    marked("Answers to the cards of this deck are shown, not typed."),
)
WISHES = {"yes": True, "no": False, "": None}
NAMES = {wish: name for name, wish in WISHES.items()}

blueprint = Blueprint("answering", __name__, url_prefix="/study")
blueprint.url_value_preprocessor(enter_session)
blueprint.url_defaults(stay_in_session)


@served("/cards/<int:card_id>/accept", "POST", blueprint)
def accept(deck_id: int | None, card_id: int) -> ResponseReturnValue:
    """Take what was typed for right from now on, and offer to take that back."""
    asked = Asked.read(request.form)
    text = "\n".join(" ".join(typed.split()) for typed in asked.given.typed)
    with writing() as session:
        taught = answering.accept(session, current_actor(), card_id, text, now=utcnow())
    if taught:
        undo = url_for("answering.forget", deck_id=deck_id, card_id=card_id, taught=taught, **asked.address())
        offer_undo(_("That counts as right from now on."), url=undo)
    return ask_again(deck_id, asked)


@served("/cards/<int:card_id>/forget", "POST", blueprint)
def forget(deck_id: int | None, card_id: int) -> ResponseReturnValue:
    """Accept what was taught no more."""
    with writing() as session:
        answering.forget(session, current_actor(), card_id, request.args.getlist("taught", type=small))
    say(_("The card takes that wording no more."))
    return ask_again(deck_id, Asked.read(request.args))


@served("/cards/<int:card_id>/typing", "POST", blueprint)
def wish(deck_id: int | None, card_id: int) -> ResponseReturnValue:
    """Note whether answers to a card, or to all of a deck, are typed from now on."""
    wished, note_id, of_deck = (request.values.get("wish", "-"), *(_id(name) for name in ("note", "deck")))
    if wished not in WISHES or (note_id is None) == (of_deck is None):
        raise InvalidInput("Choose whether answers are typed, and of which card or deck.")
    with writing() as session:
        if note_id is not None:
            before = answering.type_card(session, current_actor(), note_id, typed=WISHES[wished], now=utcnow())
        else:
            before = answering.type_deck(
                session, current_actor(), of_deck or 0, typed=bool(WISHES[wished]), now=utcnow()
            )
    undo = url_for("answering.wish", deck_id=deck_id, card_id=card_id, note=note_id, deck=of_deck, wish=NAMES[before])
    offer_undo(_said(wished, note_id), url=undo)
    return ask_again(deck_id, Asked(card_id))


def _id(name: str) -> int | None:
    return request.values.get(name, type=small)


def _said(wished: str, note_id: int | None) -> str:
    if note_id is None:
        typed, shown = _TYPED_IN_DECK
    else:
        typed, shown = _TYPED
    return _(typed if WISHES[wished] else shown)
