"""First attempts at quizzes: each person's first sitting that is finished, and what was answered in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from json import loads
from typing import Any, cast

from sqlalchemy import (
    JSON,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    Subquery,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
)
from sqlalchemy import cast as cast_to
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db import prepared
from quizapp.db.base import Base, OwnerKey
from quizapp.db.quizzes import AnswerRow, QuestionRow, QuizRow, SittingRow
from quizapp.domain.questions import Way


class TeamMissedRow(Base):
    """What a team misses most, as it was last worked out from first attempts, so that not every look does it anew."""

    __tablename__ = "team_missed"
    library_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    of: Mapped[str]  # what it was worked out from, as `attempts_mark` says it
    found: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class QuizAnalysisRow(Base):
    """What first attempts said of a quiz, kept until somebody finishes it or what was answered changes."""

    __tablename__ = "quiz_analysis"
    __table_args__ = (Index("ix_quiz_analysis_owner_id", "owner_id"),)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id", ondelete="CASCADE"), primary_key=True)
    owner_id: Mapped[OwnerKey]
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
class Named:
    """What a question asks and is about."""

    id: int
    number: int
    way: Way
    prompt: str
    answer: str
    heading: str | None
    document_title: str | None


@dataclass(frozen=True)
class Missed:
    """How a question was answered in first attempts."""

    question_id: int
    quiz_id: int
    prompt: str
    heading: str | None
    answered: int
    share: float  # mean share of a point


_SITTINGS, _QUIZZES = cast(Table, SittingRow.__table__), cast(Table, QuizRow.__table__)
_KEPT, _ANALYSES = cast(Table, TeamMissedRow.__table__), cast(Table, QuizAnalysisRow.__table__)
_QUESTIONS = cast(Table, QuestionRow.__table__)
_ITS_SITTINGS = (_SITTINGS.c.owner_id == bindparam("owner"), _SITTINGS.c.finished.is_not(None))
_ITS_QUIZZES = (_QUIZZES.c.owner_id == bindparam("owner"), _QUIZZES.c.deleted_at.is_(None))
_MARK = select(
    func.count().label("sittings"),
    func.max(_SITTINGS.c.finished).label("latest"),
    func.sum(_SITTINGS.c.answered).label("answers"),
    func.max(_SITTINGS.c.last_answer).label("latest_answer"),
    select(func.count()).where(*_ITS_QUIZZES).scalar_subquery().label("quizzes"),
    select(func.sum(_QUIZZES.c.id)).where(*_ITS_QUIZZES).scalar_subquery().label("which"),
).where(*_ITS_SITTINGS)
_STATE = select(
    func.count().label("sittings"),
    func.coalesce(func.sum(_SITTINGS.c.id), 0).label("which"),
    func.coalesce(func.sum(_SITTINGS.c.answered), 0).label("answers"),
    func.max(_SITTINGS.c.finished).label("latest"),
    func.max(_SITTINGS.c.last_answer).label("latest_answer"),
).where(_SITTINGS.c.quiz_id == bindparam("quiz"), _SITTINGS.c.finished.is_not(None))
# As they are written, so that what was read before need not be read again.
_FIGURES = select(_ANALYSES.c.state, cast_to(_ANALYSES.c.figures, Text).label("figures")).where(
    _ANALYSES.c.quiz_id == bindparam("quiz")
)
_NAMED: Select[Any] = select(
    *(_QUESTIONS.c[name] for name in ("id", "number", "way", "prompt", "answer", "heading", "document_title"))
).where(_QUESTIONS.c.id.in_(bindparam("questions", expanding=True)))
_KEPT_OF = select(_KEPT.c.of, _KEPT.c.found).where(_KEPT.c.library_id == bindparam("library"))


def attempts_mark(session: Session, owner_id: int) -> str:
    """Return what is another once an attempt at an owner's quizzes is finished or changes, or a quiz comes or goes."""
    (row,) = prepared.rows(session, _MARK, {"owner": owner_id})
    return " ".join(str(one) for one in row)


def kept_missed(session: Session, library_id: int, of: str) -> Sequence[dict[str, Any]] | None:
    """Return what was stored of what a team misses, if it was worked out from that."""
    row = prepared.first(session, _KEPT_OF, {"library": library_id})
    return row.found if row is not None and row.of == of else None


def keep_missed(session: Session, library_id: int, of: str, found: Sequence[dict[str, Any]]) -> None:
    """Store what a team misses, in the place of what was stored before."""
    session.execute(delete(_KEPT).where(_KEPT.c.library_id == library_id))
    session.execute(insert(_KEPT), {"library_id": library_id, "of": of, "found": found})


def state(session: Session, quiz_id: int) -> str:
    """Return what changes whenever somebody finishes a quiz, or an answer of a finished sitting does."""
    (found,) = prepared.rows(session, _STATE, {"quiz": quiz_id})
    return " ".join(str(one) for one in found)


def kept(session: Session, quiz_id: int) -> tuple[str, dict[str, Any]] | None:
    """Return the state for which figures of a quiz are kept, and those; None without any."""
    row = prepared.first(session, _FIGURES, {"quiz": quiz_id})
    return (row.state, _read(row.figures)) if row else None


@lru_cache(maxsize=32)  # of a quiz of a hundred questions a hundred kilobytes, the same until somebody finishes it
def _read(figures: str) -> dict[str, Any]:
    """Return figures as they are written; nobody changes them."""
    found: dict[str, Any] = loads(figures)
    return found


def named(session: Session, question_ids: Sequence[int]) -> Mapping[int, Named]:
    """Return what these questions ask and are about, by id."""
    found = prepared.rows(session, _NAMED, {"questions": list(question_ids)}) if question_ids else ()
    return {row.id: Named(*row) for row in found}


def keep(session: Session, quiz_id: int, state: str, figures: dict[str, Any]) -> None:
    """Keep figures of a quiz for a state, in the place of any before."""
    row, quiz = session.get(QuizAnalysisRow, quiz_id), session.get(QuizRow, quiz_id)
    if quiz is None:  # it was removed meanwhile
        return
    if row is None:
        session.add(row := QuizAnalysisRow(quiz_id=quiz_id, owner_id=quiz.owner_id, state=state, figures=figures))
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

    Of those that so many people answered in first attempts that began since then.
    """
    first = _first(SittingRow.owner_id == owner_id)
    share, answered = func.avg(AnswerRow.share), func.count()
    query = (
        select(QuestionRow.id, QuestionRow.quiz_id, QuestionRow.prompt, QuestionRow.heading)
        .add_columns(answered, share)
        .join(AnswerRow, AnswerRow.question_id == QuestionRow.id)
        .join(first, and_(first.c.id == AnswerRow.sitting_id, first.c.rank == 1))
        .join(QuizRow, QuizRow.id == QuestionRow.quiz_id)
        .where(first.c.started >= since, AnswerRow.replaced_at.is_(None), QuizRow.deleted_at.is_(None))
        .group_by(QuestionRow.id, QuestionRow.quiz_id, QuestionRow.prompt, QuestionRow.heading)
        .having(answered >= fewest, share < 1)
        .order_by(share, answered.desc(), QuestionRow.id)
    )
    return [Missed(*row) for row in session.execute(query.limit(limit))]


def wrong_answers(
    session: Session, owner_id: int, question_ids: Sequence[int], *, since: datetime
) -> Sequence[tuple[int, str, int]]:
    """Return what was answered to these questions of an owner's quizzes and was worth nothing, the most often first.

    With how often, in first attempts that began since then.
    """
    asked = select(QuestionRow.quiz_id).where(QuestionRow.id.in_(question_ids))
    first, count = _first(SittingRow.owner_id == owner_id, SittingRow.quiz_id.in_(asked)), func.count()
    query = (
        select(AnswerRow.question_id, AnswerRow.given, count)
        .join(first, and_(first.c.id == AnswerRow.sitting_id, first.c.rank == 1))
        .where(AnswerRow.question_id.in_(question_ids), AnswerRow.replaced_at.is_(None))
        .where(first.c.started >= since, AnswerRow.share == 0, AnswerRow.given != "")
        .group_by(AnswerRow.question_id, AnswerRow.given)
        .order_by(count.desc(), AnswerRow.given)
    )
    return [(question_id, given, number) for question_id, given, number in session.execute(query)]


def _first(*these: ColumnElement[bool]) -> Subquery:
    """Return the finished sittings, ranked for each quiz and person from the first on."""
    person = (SittingRow.quiz_id, SittingRow.learner_id, SittingRow.guest, SittingRow.guest_key)
    rank = func.row_number().over(partition_by=person, order_by=(SittingRow.started, SittingRow.id))
    sat = select(SittingRow.id, SittingRow.started, rank.label("rank"))
    return sat.where(SittingRow.finished.is_not(None), *these).subquery()
