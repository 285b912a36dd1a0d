"""Studying in tests, in few words."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from quizapp.db.engine import Session
from quizapp.domain.permissions import Actor
from quizapp.domain.scheduling import Grade
from quizapp.services import study
from quizapp.services.study import Answered
from tests.make import NOW


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
