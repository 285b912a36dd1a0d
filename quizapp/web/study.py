"""Studying: one card at a time, asked, shown, graded; with undo, editing and reporting in place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import uuid4

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.db.engine import Session
from quizapp.domain.cards import CardKind, items
from quizapp.domain.scheduling import Grade
from quizapp.errors import InvalidInput
from quizapp.services import decks, study
from quizapp.services.study import StudyCard
from quizapp.web.acting import current_actor, reading, writing
from quizapp.web.asking import NOTHING, Asking, Given, asking
from quizapp.web.forms import CardText, identifier, number, small, text
from quizapp.web.replies import go, page, reply, say
from quizapp.web.words import REASONS, span

# As in Anki: who is away for longer than this did not think about the card all that time.
LONGEST = timedelta(seconds=60)
blueprint = Blueprint("study", __name__, url_prefix="/study")


@dataclass(frozen=True)
class Asked:
    """How far a card has been turned: what the address of the page says about it."""

    card_id: int | None = None
    reviews: int | None = None  # how often the card had been graded when it was asked
    since: int = 0  # when it was asked, in milliseconds
    shown: int = 0  # of a list, how many items; of any other card 1 when the answer is shown
    choice: int | None = None
    panel: str = ""  # "edit" or "report"
    given: Given = NOTHING

    @classmethod
    def read(cls, fields: MultiDict[str, str]) -> "Asked":
        """Read the address, or a form that carries the same."""
        return cls(
            card_id=fields.get("card", type=small),
            reviews=fields.get("reviews", type=small),
            since=fields.get("since", 0, type=small),
            shown=fields.get("show", 0, type=small),
            choice=fields.get("choice", type=small),
            panel=fields.get("panel", ""),
            given=Given.read(fields),
        )

    def address(self) -> Mapping[str, Any]:
        """Return what the address says to come back here, but for open forms."""
        return {
            "card": self.card_id,
            "reviews": self.reviews,
            "since": self.since or None,
            "show": self.shown or None,
            "choice": self.choice,
            **self.given.address(),
        }


@dataclass(frozen=True)
class Option:
    """One answer of a choice card."""

    key: str
    text: str
    is_right: bool
    is_chosen: bool


@blueprint.get("", defaults={"deck_id": None})
@blueprint.get("/<int:deck_id>")
def show(deck_id: int | None) -> Response:
    """Ask the next card, or show as much of the card as the address says."""
    return _show(deck_id, Asked.read(request.args))


@blueprint.post("/answer", defaults={"deck_id": None})
@blueprint.post("/<int:deck_id>/answer")
def answer(deck_id: int | None) -> ResponseReturnValue:
    """Store a grade and ask the next card."""
    with writing() as session:
        answered = study.answer(
            session,
            current_actor(),
            review_id=identifier("review"),
            card_id=number("card"),
            grade=_grade(),
            duration=_duration(),
            expected_reviews=number("reviews"),
            now=utcnow(),
        )
    say(f"{answered.grade.name.capitalize()}: next in {span(answered.interval)}.")
    return reply(url_for("study.show", deck_id=deck_id), lambda: _show(deck_id, Asked()))


@blueprint.post("/undo", defaults={"deck_id": None})
@blueprint.post("/<int:deck_id>/undo")
def undo(deck_id: int | None) -> ResponseReturnValue:
    """Take back the last grade and ask its card again."""
    with writing() as session:
        undone = study.undo(session, current_actor(), undo_id=identifier("undo"), now=utcnow())
    if undone is None:
        say("There is nothing to undo from the last 24 hours.")
    else:
        say(f"{undone.grade.name.capitalize()} is taken back.")
    return ask_again(deck_id, Asked(card_id=undone.card_id if undone else None))


@blueprint.post("/cards/<int:card_id>/edit", defaults={"deck_id": None})
@blueprint.post("/<int:deck_id>/cards/<int:card_id>/edit")
def edit(deck_id: int | None, card_id: int) -> ResponseReturnValue:
    """Store an edited card and show it as it was before."""
    typed, note_id, version = CardText.from_form(), number("note"), number("version")
    with writing() as session:
        decks.edit_note(session, current_actor(), note_id, **typed.fields(), expected_version=version, now=utcnow())
    say("Saved. The card keeps its schedule.")
    return ask_again(deck_id, replace(Asked.read(request.form), card_id=card_id))


@blueprint.post("/cards/<int:card_id>/report", defaults={"deck_id": None})
@blueprint.post("/<int:deck_id>/cards/<int:card_id>/report")
def report(deck_id: int | None, card_id: int) -> ResponseReturnValue:
    """Note what is wrong with a card and show it as it was before."""
    reason = request.form.get("reason", "")
    if reason not in REASONS:
        raise InvalidInput("Choose what is wrong with the card.")
    with writing() as session:
        study.report(session, current_actor(), card_id=card_id, reason=reason, text=text("text"), now=utcnow())
    say("Reported. It waits for you on Today.")
    return ask_again(deck_id, replace(Asked.read(request.form), card_id=card_id))


@blueprint.post("/reports/<int:report_id>/resolve")
def resolve(report_id: int) -> ResponseReturnValue:
    """Mark a report as dealt with."""
    with writing() as session:
        study.resolve_report(session, current_actor(), report_id, now=utcnow())
    say("Done.")
    return go(url_for("today.show"))


def options_of(card: StudyCard, *, choice: int | None) -> Sequence[Option]:
    """Return the answers to choose from, mixed anew each time that the card is asked, but not while it is."""
    texts = {CardKind.CHOICE: list(card.choices), CardKind.TRUE_FALSE: ["True", "False"]}.get(card.kind, [])
    if card.kind is CardKind.CHOICE:
        Random(f"{card.card_id} {card.reviews}").shuffle(texts)  # noqa: S311 - an order, not a secret
    right = card.answer.strip().casefold()
    return [
        Option("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[index % 26], text, text.strip().casefold() == right, index == choice)
        for index, text in enumerate(texts)
    ]


def items_of(card: StudyCard) -> Sequence[str]:
    """Return the items of a list card, to be shown one by one."""
    return items(card.answer) if card.kind is CardKind.LIST else ()


def ask_again(deck_id: int | None, asked: Asked) -> ResponseReturnValue:
    """Answer a form by asking the card as far as it was turned."""
    return reply(url_for("study.show", deck_id=deck_id, **asked.address()), lambda: _show(deck_id, asked))


def _show(deck_id: int | None, asked: Asked) -> Response:
    now, actor = utcnow(), current_actor()
    with reading() as session:
        card = _card(session, deck_id, asked, now)
        note = decks.note(session, actor, card.note_id) if card and asked.panel == "edit" else None
        parts = items_of(card) if card else ()
        is_open = asked.shown >= max(1, len(parts))
        how = asking(session, card, asked.given, is_open=is_open) if card else None
        rest = None if card else study.rest(session, actor, deck_id=deck_id, now=now)
    if card is None:
        return page("study/rest.html", block="study", deck_id=deck_id, rest=rest, undo_id=uuid4())
    options = options_of(card, choice=asked.choice)
    return page(
        "study/card.html",
        block="study",
        deck_id=deck_id,
        card=card,
        note=note,
        asked=asked,
        reviews=card.reviews if asked.reviews is None else asked.reviews,
        since=asked.since or round(now.timestamp() * 1000),
        items=parts,
        is_open=is_open,
        options=options,
        how=how,
        suggested=_suggested(options, how),
        left=card.left.review + card.left.learning + card.left.new,
        reasons=REASONS,
        review_id=uuid4(),
        undo_id=uuid4(),
    )


def _suggested(options: Sequence[Option], how: Asking | None) -> Grade | None:
    """Return the grade that fits what was answered, None where nothing was."""
    if how and how.answer:
        return how.answer.suggested
    chosen = next((option for option in options if option.is_chosen), None)
    return None if chosen is None else Grade.GOOD if chosen.is_right else Grade.AGAIN


def _card(session: Session, deck_id: int | None, asked: Asked, now: datetime) -> StudyCard | None:
    if asked.card_id:
        return study.card(session, current_actor(), asked.card_id, deck_id=deck_id, now=now)
    return study.next_card(session, current_actor(), deck_id=deck_id, now=now)


def _grade() -> Grade:
    try:
        return Grade(number("grade"))
    except ValueError:
        raise InvalidInput("Grade the card with Again, Hard, Good or Easy.") from None


def _duration() -> timedelta:
    """Return how long the person took, as far as that can be known from when the card was asked."""
    taken = utcnow().timestamp() - number("since") / 1000
    return timedelta(seconds=min(max(taken, 0.0), LONGEST.total_seconds()))
