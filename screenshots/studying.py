"""A learner who studies for weeks, skips days and forgets."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from quizapp.db.engine import Session
from quizapp.domain.permissions import Actor
from quizapp.domain.scheduling import Grade
from quizapp.services import study

CARDS_A_DAY = 25


@dataclass(frozen=True)
class Habits:
    """How a person studies: on what share of the days, what share of the answers they know, how many cards a day."""

    comes: float = 0.85
    knows: float = 0.88
    cards: int = CARDS_A_DAY


def study_for(session: Session, actor: Actor, habits: Habits, dice: Random, *, weeks: int, now: datetime) -> None:
    """Study on the days of some weeks until yesterday."""
    for days in range(7 * weeks, 0, -1):
        if dice.random() < habits.comes:
            at = now - timedelta(days=days) + timedelta(minutes=dice.randint(-200, 200))
            _study_once(session, actor, habits, dice, at)


def _study_once(session: Session, actor: Actor, habits: Habits, dice: Random, at: datetime) -> None:
    for _ in range(habits.cards):
        if (card := study.next_card(session, actor, deck_id=None, now=at)) is None:
            return
        grades = (Grade.GOOD,) * 8 + (Grade.HARD, Grade.EASY)
        grade = dice.choice(grades) if dice.random() < habits.knows else Grade.AGAIN
        seconds = timedelta(seconds=dice.randint(3, 15))
        review = UUID(int=dice.getrandbits(128), version=4)
        study.answer(session, actor, review_id=review, card_id=card.card_id, grade=grade, duration=seconds, now=at)
        at += 2 * seconds
