"""Quizzes in tests, in few words."""

from datetime import timedelta
from uuid import uuid4

from quizapp.db.quizzes import Feedback, MadeFrom, Order
from quizapp.domain.cards import CardKind
from quizapp.domain.questions import Picked, Placed, Typed, Way
from quizapp.services import quizzes, sittings
from quizapp.services.quizzes import Wish
from tests import make
from tests.make import NOW
from tests.recalled import builds

LIGHTS = {"kind": CardKind.LIST, "question": "Which lights are there?", "answer": "red light\ngreen light\nwhite light"}
STEPS = {"kind": CardKind.ORDER, "question": "How is a boat moored?", "answer": "slow down\nthrow the rope\ntie a knot"}
TRUE = {"kind": CardKind.TRUE_FALSE, "question": "Each berth has a number.", "answer": "True"}
COLOURS = {
    "kind": CardKind.CHOICE,
    "question": "Which light means stop?",
    "answer": "red",
    "choices": ("red", "green", "white", "blue"),
}
BERTH = {"question": "What is a berth?", "answer": "a place where a ship lies"}
QUAY = {"question": "What is a quay?", "answer": "a wall beside which ships load"}
LOCK = {"question": "What is a lock?", "answer": "a basin between two heights"}
PILOT = {"question": "What is a pilot?", "answer": "a guide who knows the water"}
GAP = {"kind": CardKind.CLOZE, "question": "The pilot comes within […].", "answer": "20 minutes"}
EVERY = (BERTH, QUAY, LOCK, PILOT, GAP, LIGHTS, STEPS, TRUE, COLOURS)


@builds
def deck(session, owner, *cards, name="Harbour"):
    """A deck of these cards, kept from documents of their own; its id."""
    for card in cards or EVERY:
        make.note_in(session, owner, make.draft(**card), deck_name=name)
    return next(material.of for material in quizzes.materials(session, owner) if material.name == name)


def quiz(session, owner, deck_id, *, seed=1, at=NOW, **wish):
    """A quiz on a deck, in the order of its cards unless told otherwise; its id."""
    given = {"of": deck_id, "order": Order.AS_MADE, "count": None, **wish}
    wish = Wish(given.pop("made_from", MadeFrom.DECK), **given)
    return quizzes.make(session, owner, quizzes.prepare(session, owner, wish, seed=seed, now=at), now=at)


def started(session, owner, *cards, at=NOW, feedback=Feedback.AT_ONCE, **wish):
    """A sitting on a fresh quiz; its id."""
    quiz_id = quiz(session, owner, deck(session, owner, *cards), feedback=feedback, at=at, **wish)
    return sittings.start(session, owner, quiz_id, seed=1, now=at)


def response(question, *, right):
    """A right or a wrong answer to a question."""
    match question.way:
        case Way.CHOICE | Way.TRUE_FALSE:
            return Picked(next(n for n, option in enumerate(question.options) if (option in question.right) is right))
        case Way.ORDER:
            places = tuple(question.right.index(item) for item in question.options)
            return Placed(places if right else tuple(-place for place in places))
        case _:
            return Typed("\n".join(question.right) if right else "I do not know")


def answer(session, owner, sitting_id, place, *, right=True, at=NOW, answer_id=None, given=None):
    """Answer the question at a place."""
    asked = sittings.sitting(session, owner, sitting_id, now=at).places.shown[place - 1]
    return sittings.answer(
        session,
        owner,
        answer_id=answer_id or uuid4(),
        sitting_id=sitting_id,
        number=asked.number,
        response=given or response(asked.question, right=right),
        duration=timedelta(seconds=5),
        now=at,
    )
