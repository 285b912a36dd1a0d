"""Exams that learners study decks for, and the limits that count until then."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from sqlalchemy import CheckConstraint, ForeignKey, Row, Table, bindparam, delete, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db import prepared
from quizapp.db.base import Base
from quizapp.domain.exams import Exam
from quizapp.domain.queues import Limits


class ExamRow(Base):
    """The day on which one learner wants to know a deck, with limits for it and its subdecks until then, if any."""

    __tablename__ = "exam"
    __table_args__ = (
        CheckConstraint("(new_per_day IS NULL) = (reviews_per_day IS NULL)", name="both_limits"),
        CheckConstraint("new_per_day >= 0 AND reviews_per_day >= 0", name="limits"),
    )
    deck_id: Mapped[int] = mapped_column(ForeignKey("deck.id", ondelete="CASCADE"), primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True, index=True)
    day: Mapped[date]
    new_per_day: Mapped[int | None]
    reviews_per_day: Mapped[int | None]


_EXAMS = cast(Table, ExamRow.__table__)
_OF = _EXAMS.c
_THIS = (_OF.learner_id == bindparam("learner"), _OF.deck_id == bindparam("deck"))
_OF_LEARNER = (
    select(_OF.deck_id, _OF.day, _OF.new_per_day, _OF.reviews_per_day)
    .where(_OF.learner_id == bindparam("learner"))
    .order_by(_OF.deck_id)
)
_REMOVE = delete(_EXAMS).where(*_THIS)
_PUT = insert(_EXAMS)


def of_deck(session: Session, learner_id: int, deck_id: int) -> Exam | None:
    """Return the exam that the learner studies the deck for, past or to come, or None."""
    found = prepared.rows(session, _OF_LEARNER, {"learner": learner_id})
    return next((Exam(row.day, _limits(row)) for row in found if row.deck_id == deck_id), None)


def limits(session: Session, learner_id: int, *, today: date) -> Mapping[int, Limits]:
    """Return, by deck, the limits that count until an exam today or later."""
    found = prepared.rows(session, _OF_LEARNER, {"learner": learner_id})
    return {row.deck_id: limit for row in found if row.day >= today and (limit := _limits(row)) is not None}


def put(session: Session, learner_id: int, deck_id: int, exam: Exam | None) -> None:
    """Store the exam in the place of the one before; None is to have none."""
    session.execute(_REMOVE, {"learner": learner_id, "deck": deck_id})
    if exam is not None:
        new, reviews = (exam.limits.new, exam.limits.reviews) if exam.limits else (None, None)
        values = {"day": exam.day, "new_per_day": new, "reviews_per_day": reviews}
        session.execute(_PUT, {"learner_id": learner_id, "deck_id": deck_id, **values})


def _limits(row: Row[Any]) -> Limits | None:
    return None if row.new_per_day is None else Limits(row.new_per_day, row.reviews_per_day)
