"""First attempts at quizzes: each person's first sitting that is finished, and what was answered in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, Subquery, and_, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db.base import Base
from quizapp.db.quizzes import AnswerRow, QuestionRow, QuizRow, SittingRow
from quizapp.domain.questions import Way


class QuizAnalysisRow(Base):
    """What first attempts said of a quiz, kept until somebody finishes it or what was answered changes."""

    __tablename__ = "quiz_analysis"
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[str]  # of the sittings that it rests on, as `state` tells it
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)  # as `services.analysis` writes them


@dataclass(frozen=True)
class FirstAttempt:
    """A person's first finished sitting of a quiz, and the numbers of the questions that were asked in it."""

    sitting_id: int
    order: tuple[int, ...]


@dataclass(frozen=True)
class FirstAnswer:
    """What was answered to a question in a first attempt."""

    sitting_id: int
    question_id: int
    given: str
    share: float  # of a point


@dataclass(frozen=True)
class Missed:
    """How a question was answered in first attempts."""

    question_id: int
    quiz_id: int
    prompt: str
    heading: str | None
    way: Way
    answered: int
    share: float  # mean share of a point


def state(session: Session, quiz_id: int) -> str:
    """Return what changes whenever somebody finishes a quiz, or an answer of a finished sitting does."""
    query = select(
        func.count(),
        func.coalesce(func.sum(SittingRow.id), 0),
        func.coalesce(func.sum(SittingRow.answered), 0),
        func.max(SittingRow.finished),
        func.max(SittingRow.last_answer),
    )
    found = session.execute(query.where(SittingRow.quiz_id == quiz_id, SittingRow.finished.is_not(None))).one()
    return " ".join(str(one) for one in found)


def kept(session: Session, quiz_id: int) -> tuple[str, dict[str, Any]] | None:
    """Return the state for which figures of a quiz are kept, and those; None without any."""
    row = session.get(QuizAnalysisRow, quiz_id)
    return (row.state, row.figures) if row else None


def keep(session: Session, quiz_id: int, state: str, figures: dict[str, Any]) -> None:
    """Keep figures of a quiz for a state, in the place of any before."""
    row = session.get(QuizAnalysisRow, quiz_id)
    if row is None:
        session.add(row := QuizAnalysisRow(quiz_id=quiz_id, state=state, figures=figures))
    row.state, row.figures = state, figures
    session.flush()


def first_attempts(session: Session, quiz_id: int) -> Sequence[FirstAttempt]:
    """Return the first attempts at a quiz, the earliest first."""
    first = _first(SittingRow.quiz_id == quiz_id)
    query = select(SittingRow.id, SittingRow.order).join(first, and_(first.c.id == SittingRow.id, first.c.rank == 1))
    return [FirstAttempt(sitting_id, order) for sitting_id, order in session.execute(query.order_by(SittingRow.id))]


def first_answers(session: Session, quiz_id: int) -> Sequence[FirstAnswer]:
    """Return what was answered in the first attempts at a quiz; what was changed before the end does not count."""
    first = _first(SittingRow.quiz_id == quiz_id)
    query = (
        select(AnswerRow.sitting_id, AnswerRow.question_id, AnswerRow.given, AnswerRow.share)
        .join(first, and_(first.c.id == AnswerRow.sitting_id, first.c.rank == 1))
        .where(AnswerRow.replaced_at.is_(None))
        .order_by(AnswerRow.at, AnswerRow.id)
    )
    return [FirstAnswer(*row) for row in session.execute(query)]


def most_missed(session: Session, owner_id: int, *, since: datetime, fewest: int, limit: int) -> Sequence[Missed]:
    """Return the questions of an owner's quizzes that most people miss, the most missed first.

    Of those that so many people answered since then.
    """
    first = _first(SittingRow.owner_id == owner_id, SittingRow.started >= since)
    share, answered = func.avg(AnswerRow.share), func.count()
    query = (
        select(QuestionRow.id, QuestionRow.quiz_id, QuestionRow.prompt, QuestionRow.heading, QuestionRow.way)
        .add_columns(answered, share)
        .join(AnswerRow, AnswerRow.question_id == QuestionRow.id)
        .join(first, and_(first.c.id == AnswerRow.sitting_id, first.c.rank == 1))
        .join(QuizRow, QuizRow.id == QuestionRow.quiz_id)
        .where(AnswerRow.replaced_at.is_(None), QuizRow.deleted_at.is_(None))
        .group_by(QuestionRow.id, QuestionRow.quiz_id, QuestionRow.prompt, QuestionRow.heading, QuestionRow.way)
        .having(answered >= fewest, share < 1)
        .order_by(share, answered.desc(), QuestionRow.id)
    )
    return [Missed(*row) for row in session.execute(query.limit(limit))]


def wrong_answers(session: Session, question_ids: Sequence[int]) -> Sequence[tuple[int, str, int]]:
    """Return what was answered to these questions and was worth nothing, with how often, the most often first."""
    count = func.count()
    query = (
        select(AnswerRow.question_id, AnswerRow.given, count)
        .where(AnswerRow.question_id.in_(question_ids), AnswerRow.replaced_at.is_(None))
        .where(AnswerRow.share == 0, AnswerRow.given != "")
        .group_by(AnswerRow.question_id, AnswerRow.given)
        .order_by(count.desc(), AnswerRow.given)
    )
    return [(question_id, given, number) for question_id, given, number in session.execute(query)]


def _first(*these: ColumnElement[bool]) -> Subquery:
    """Return the finished sittings, ranked for each quiz and person from the first on."""
    person = (SittingRow.quiz_id, SittingRow.learner_id, SittingRow.guest, SittingRow.guest_key)
    rank = func.row_number().over(partition_by=person, order_by=(SittingRow.started, SittingRow.id))
    return select(SittingRow.id, rank.label("rank")).where(SittingRow.finished.is_not(None), *these).subquery()
