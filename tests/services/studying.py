"""Studying in tests, in few words."""

from datetime import datetime, timedelta
from random import Random
from uuid import UUID, uuid4

from quizapp.db import reviews
from quizapp.db.engine import Session
from quizapp.db.reviews import NewReview
from quizapp.domain.parameters import FEWEST_TESTS
from quizapp.domain.permissions import Actor
from quizapp.domain.queues import Kind
from quizapp.domain.scheduling import Grade, ReviewEvent
from quizapp.services import study
from quizapp.services.study import Answered
from tests import make
from tests.make import NOW

MUCH_STUDIED = 10  # cards


def answer(
    session: Session,
    actor: Actor,
    card_id: int,
    grade: Grade = Grade.GOOD,
    *,
    at: datetime = NOW,
    review_id: UUID | None = None,
    expected_reviews: int | None = None,
    duration: timedelta = timedelta(seconds=6),
) -> Answered:
    """Answer a card under a number of its own."""
    return study.answer(
        session,
        actor,
        review_id=review_id or uuid4(),
        card_id=card_id,
        grade=grade,
        duration=duration,
        expected_reviews=expected_reviews,
        now=at,
    )


def answer_much(session: Session, actor: Actor) -> None:
    """Put as many answers on a few new cards as fitting parameters takes, without the memories that follow."""
    dice = Random(3)
    make.added(session, actor, *(make.draft(number) for number in range(MUCH_STUDIED)), keep_ready=True)
    for number in range(FEWEST_TESTS + MUCH_STUDIED):
        grade = Grade.AGAIN if dice.random() < 0.3 else Grade.GOOD
        at = NOW + number // MUCH_STUDIED * timedelta(days=1)
        event = ReviewEvent(UUID(int=number + 1), at, grade)
        card_id = 1 + number % MUCH_STUDIED
        reviews.add(session, NewReview(event, actor.learner_id, card_id, at.date(), was=Kind.REVIEW))
