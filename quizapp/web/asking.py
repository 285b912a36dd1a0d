"""How far an answer to a studied card is, as the address of the page says it: typed, or items put in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from quizapp.db.engine import Session
from quizapp.domain.answering import arranged, moved
from quizapp.domain.permissions import Actor
from quizapp.domain.questions import Placed, Question, Response, Typed, Way
from quizapp.services import answering
from quizapp.services.answering import Answer
from quizapp.services.study import StudyCard
from quizapp.web.forms import small

MOVES = {"up": -1, "down": 1}


@dataclass(frozen=True)
class Given:
    """What was typed or put in order so far."""

    is_typing: bool = False  # this once, whatever is wished
    typed: tuple[str, ...] = ()  # by gap, or all items of a list
    order: tuple[int, ...] = ()  # the items as they were first shown, by the place that they have now
    moved: int | None = None  # the place that the item has which was moved last
    way: str = ""  # of that move, "up" or "down"

    @classmethod
    def read(cls, fields: MultiDict[str, str]) -> "Given":
        """Read the address, or a form that carries the same."""
        given = cls(
            is_typing=fields.get("type") == "1",
            typed=tuple(text.replace("\r\n", "\n") for text in fields.getlist("typed")),
            order=tuple(fields.getlist("item", type=small)),
        )
        place, _, way = fields.get("move", "").partition(" ")
        if way not in MOVES or not place.isdecimal() or int(place[:3]) >= len(given.order):
            return given
        order = moved(given.order, int(place), by=MOVES[way])
        return replace(given, order=order, moved=order.index(given.order[int(place)]), way=way)

    def address(self) -> Mapping[str, Any]:
        """Return what an address says to come back to this."""
        return {"type": 1 if self.is_typing else None, "typed": self.typed, "item": self.order}


NOTHING = Given()


@dataclass(frozen=True)
class Asking:
    """How a card asks for an answer that is typed or put in order, and what the answer is worth."""

    question: Question
    waits: bool  # for an answer; else the card can be typed and is only shown
    order: tuple[int, ...]  # of the items
    answer: Answer | None  # None until it is shown, and where nothing was given

    @property
    def is_order(self) -> bool:
        return self.question.way is Way.ORDER

    @property
    def items(self) -> Sequence[tuple[int, str]]:
        """Return the items in the order that they have now, each with the number that it was first shown under."""
        return [(number, self.question.options[number]) for number in self.order]


def asking(session: Session, actor: Actor, card: StudyCard, given: Given, *, is_open: bool) -> Asking | None:
    """Return how the card wants to be answered, None where it is only shown or chosen from."""
    question = answering.question(card)
    if question is None:
        return None
    wished = card.typed_deck if card.typed_note is None else card.typed_note
    order = arranged(given.order, count=len(question.options))
    found = Asking(question, question.way is Way.ORDER or given.is_typing or wished, order, None)
    response = _response(question, given, order) if is_open else None
    return replace(found, answer=answering.answered(session, actor, card, question, response)) if response else found


def _response(question: Question, given: Given, order: Sequence[int]) -> Response | None:
    if question.way is Way.ORDER:
        return Placed(tuple(order.index(number) for number in range(len(order)))) if given.order else None
    if not any(text.strip() for text in given.typed):
        return None
    return Typed(as_text(question, given.typed))


def as_text(question: Question, typed: Sequence[str]) -> str:
    """Return what was typed, a gap a line; a list comes in one field, an item a line."""
    return "\n".join(typed if question.way is Way.LIST else (" ".join(text.split()) for text in typed))
