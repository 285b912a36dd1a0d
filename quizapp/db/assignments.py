"""Assignments of a team, who is to do them, and what single people have besides the rules.

Attempts are sittings of the assignment's quiz: `attempts`.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import (
    BindParameter,
    CheckConstraint,
    ForeignKey,
    Index,
    Select,
    UniqueConstraint,
    and_,
    bindparam,
    delete,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db import prepared
from quizapp.db.base import Base, OwnerKey, PrimaryKey
from quizapp.db.engine import reads
from quizapp.db.quizzes import QuizRow
from quizapp.db.teams import MembershipRow, TeamRow
from quizapp.domain.assignments import Allowance, Goal, Grading, Late, Rules, Told
from quizapp.domain.permissions import Role
from quizapp.domain.recurrence import Recurrence, Unit, Window
from quizapp.domain.sampling import Quota

Row = TypeVar("Row", "AssignmentRow", "AssigneeRow")


class AssignmentRow(Base):
    """What a team is to do by when; it belongs to the team's library, and points at a frozen quiz, or a deck to be known."""

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("due > opens", name="due"),
        CheckConstraint("cutoff >= due", name="cutoff"),
        CheckConstraint("attempts >= 1", name="attempts"),
        CheckConstraint("pass_share > 0 AND pass_share <= 1", name="pass_share"),
        CheckConstraint("(every IS NULL) = (unit IS NULL) AND (unit IS NULL) = (times IS NULL)", name="recurrence"),
        CheckConstraint("quiz_id IS NOT NULL OR goal = 'RECALL'", name="quiz"),
        UniqueConstraint("token"),
        Index("ix_assignment_owner_id", "owner_id", "deleted_at", "due"),
        Index("ix_assignment_quiz_id", "quiz_id"),
        Index("ix_assignment_deck_id", "deck_id"),
        Index("ix_assignment_made_by", "made_by"),
    )
    id: Mapped[PrimaryKey]
    owner_id: Mapped[OwnerKey]
    quiz_id: Mapped[int | None] = mapped_column(ForeignKey("quiz.id", ondelete="CASCADE"))
    deck_id: Mapped[int | None] = mapped_column(ForeignKey("deck.id", ondelete="SET NULL"))  # for `Goal.RECALL`
    made_by: Mapped[int | None] = mapped_column(ForeignKey("learner.id", ondelete="SET NULL"))
    title: Mapped[str]
    note: Mapped[str]  # what the trainer says about it
    created: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    for_all: Mapped[bool]  # members of the team, whoever joins later among them
    token: Mapped[str | None]  # of the link by which guests come in
    zone: Mapped[str]  # IANA name: by whose clocks it comes again
    opens: Mapped[datetime]
    due: Mapped[datetime]
    cutoff: Mapped[datetime | None]
    goal: Mapped[Goal]
    time_limit: Mapped[timedelta | None]
    attempts: Mapped[int | None]
    delay: Mapped[timedelta]
    grading: Mapped[Grading]
    pass_share: Mapped[float | None]
    told: Mapped[Told]
    late: Mapped[Late]
    asked: Mapped[int | None]  # questions in an attempt
    per_topic: Mapped[int | None]
    is_shuffled: Mapped[bool]
    every: Mapped[int | None]
    unit: Mapped[Unit | None]
    times: Mapped[int | None]
    recalls: Mapped[int]
    spacing: Mapped[timedelta]
    recall: Mapped[float]


class AssigneeRow(Base):
    """A person who was chosen for an assignment, or who has something besides its rules."""

    __tablename__ = "assignee"
    __table_args__ = (
        CheckConstraint("more_attempts >= 0 AND more_time >= 0", name="more"),
        Index("ix_assignee_learner_id", "learner_id"),
    )
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id", ondelete="CASCADE"), primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    is_chosen: Mapped[bool] = mapped_column(default=False)
    is_excused: Mapped[bool] = mapped_column(default=False)
    is_strict: Mapped[bool] = mapped_column(default=False)
    occurrence: Mapped[int] = mapped_column(default=0)  # that the dates are of
    opens: Mapped[datetime | None]
    due: Mapped[datetime | None]
    cutoff: Mapped[datetime | None]
    more_time: Mapped[timedelta] = mapped_column(default=timedelta(0))
    more_attempts: Mapped[int] = mapped_column(default=0)
    known: Mapped[float | None]  # share of the deck that was known when it was due
    settled_at: Mapped[datetime | None]  # when that was worked out


def _of_learner() -> Select[AssignmentRow]:
    whose: BindParameter[int] = bindparam("learner")
    chosen = and_(AssigneeRow.assignment_id == AssignmentRow.id, AssigneeRow.learner_id == whose)
    return (
        select(AssignmentRow)
        .join(TeamRow, TeamRow.library_id == AssignmentRow.owner_id)
        .join(MembershipRow, and_(MembershipRow.team_id == TeamRow.id, MembershipRow.learner_id == whose))
        .outerjoin(AssigneeRow, chosen)
        .where(MembershipRow.left_at.is_(None), TeamRow.deleted_at.is_(None), AssignmentRow.deleted_at.is_(None))
        .where(or_(and_(AssignmentRow.for_all, MembershipRow.role == Role.MEMBER), AssigneeRow.is_chosen))
        .order_by(AssignmentRow.due, AssignmentRow.id)
        .limit(bindparam("limit"))
    )


_ONE = select(AssignmentRow).where(AssignmentRow.id == bindparam("assignment"))
_OF_LIBRARY = (
    select(AssignmentRow)
    .where(AssignmentRow.owner_id == bindparam("owner"), AssignmentRow.deleted_at.is_(None))
    .order_by(AssignmentRow.due.desc(), AssignmentRow.id.desc())
    .limit(bindparam("limit"))
)
_OF_LEARNER = _of_learner()  # asked by every load of the first page
_ASSIGNEES = select(AssigneeRow).where(AssigneeRow.assignment_id.in_(bindparam("assignments", expanding=True)))
_SOME_ASSIGNEES = _ASSIGNEES.where(AssigneeRow.learner_id.in_(bindparam("learners", expanding=True)))


def _rows(session: Session, query: Select[Row], parameters: Mapping[str, object]) -> Sequence[Row]:
    """Return the rows; where nothing can be changed, as plain ones with the same names, which are read in a tenth of the time."""
    if reads(session):
        return prepared.rows(session, _plain(query), parameters)
    return session.scalars(query, parameters).all()


@cache
def _plain(query: Select[Row]) -> Select[Any]:
    """Return the query for the columns of what it is for."""
    (kind,) = (one["entity"] for one in query.column_descriptions)
    return query.with_only_columns(*kind.__table__.c, maintain_column_froms=True)


def get(session: Session, assignment_id: int) -> AssignmentRow | None:
    """Return an assignment, in the trash or not, or None."""
    if not reads(session):
        return session.get(AssignmentRow, assignment_id)
    return next(iter(_rows(session, _ONE, {"assignment": assignment_id})), None)


def by_token(session: Session, token: str) -> AssignmentRow | None:
    """Return the living assignment that guests reach by this token, or None."""
    query = select(AssignmentRow).where(AssignmentRow.token == token, AssignmentRow.deleted_at.is_(None))
    return session.scalars(query).one_or_none()


def of_library(session: Session, owner_id: int, *, limit: int) -> Sequence[AssignmentRow]:
    """Return the living assignments of a team's library, those due last first."""
    return _rows(session, _OF_LIBRARY, {"owner": owner_id, "limit": limit})


def titles(session: Session, owner_id: int) -> Collection[str]:
    """Return what the assignments of a team are called that are not in the trash."""
    query = select(AssignmentRow.title).where(AssignmentRow.owner_id == owner_id, AssignmentRow.deleted_at.is_(None))
    return set(session.scalars(query))


def of_learner(session: Session, learner_id: int, *, limit: int) -> Sequence[AssignmentRow]:
    """Return the living assignments that a person is to do, those due first first."""
    return _rows(session, _OF_LEARNER, {"learner": learner_id, "limit": limit})


def team_of(session: Session, owner_id: int) -> Sequence[int]:
    """Return the ids of those who belong to the team of a library."""
    query = select(MembershipRow.learner_id).join(TeamRow, TeamRow.id == MembershipRow.team_id)
    query = query.where(TeamRow.library_id == owner_id, MembershipRow.left_at.is_(None))
    return session.scalars(query.order_by(MembershipRow.learner_id)).all()


def in_trash(session: Session, owner_id: int, *, limit: int) -> Sequence[AssignmentRow]:
    """Return the assignments of a library that are in the trash, those deleted last first."""
    query = select(AssignmentRow).where(AssignmentRow.owner_id == owner_id, AssignmentRow.deleted_at.is_not(None))
    return session.scalars(query.order_by(AssignmentRow.deleted_at.desc(), AssignmentRow.id).limit(limit)).all()


def to_settle(session: Session, *, now: datetime) -> Sequence[AssignmentRow]:
    """Return the living assignments whose decks were to be known by now."""
    query = select(AssignmentRow).where(AssignmentRow.goal == Goal.RECALL, AssignmentRow.due <= now)
    return session.scalars(query.where(AssignmentRow.deleted_at.is_(None)).order_by(AssignmentRow.id)).all()


def assignees(
    session: Session, assignment_ids: Sequence[int], learner_ids: Sequence[int] | None = None
) -> Mapping[tuple[int, int], AssigneeRow]:
    """Return the rows of people, of all or some, by assignment and person."""
    asked, lists = _ASSIGNEES, {"assignments": list(assignment_ids)}
    if learner_ids is not None:
        asked, lists = _SOME_ASSIGNEES, {**lists, "learners": list(learner_ids)}
    return {(row.assignment_id, row.learner_id): row for row in _rows(session, asked, lists)}


def person(session: Session, assignment_id: int, learner_id: int) -> AssigneeRow | None:
    """Return the row of a person, or None."""
    if not reads(session):
        return session.get(AssigneeRow, (assignment_id, learner_id))
    return assignees(session, [assignment_id], [learner_id]).get((assignment_id, learner_id))


def assignee(session: Session, assignment_id: int, learner_id: int) -> AssigneeRow:
    """Return the row of a person, a fresh one where there is none."""
    row = person(session, assignment_id, learner_id)
    if row is None:
        row = AssigneeRow(assignment_id=assignment_id, learner_id=learner_id)
        session.add(row)
        session.flush()
    return row


def remove(session: Session, *, before: datetime) -> int:
    """Remove assignments deleted before that time with their quizzes and all that hangs on those; return how many."""
    gone = AssignmentRow.deleted_at < before
    rows = session.execute(select(AssignmentRow.id, AssignmentRow.quiz_id).where(gone)).all()
    silently = {"synchronize_session": False}
    session.execute(delete(AssignmentRow).where(gone), execution_options=silently)
    quizzes = [quiz_id for _, quiz_id in rows if quiz_id is not None]
    session.execute(delete(QuizRow).where(QuizRow.id.in_(quizzes)), execution_options=silently)
    return len(rows)


def rules(row: AssignmentRow) -> Rules:
    """Return how an assignment is to be done; its window is the first, if it comes again."""
    again = None
    if row.every is not None and row.unit is not None and row.times is not None:
        again = Recurrence(row.every, row.unit, row.times)
    return Rules(
        goal=row.goal,
        window=Window(row.opens, row.due, row.cutoff),
        time_limit=row.time_limit,
        attempts=row.attempts,
        delay=row.delay,
        grading=row.grading,
        pass_share=row.pass_share,
        told=row.told,
        late=row.late,
        quota=Quota(row.asked, row.per_topic),
        is_shuffled=row.is_shuffled,
        recurrence=again,
        recalls=row.recalls,
        spacing=row.spacing,
        recall=row.recall,
    )


def put_rules(row: AssignmentRow, chosen: Rules) -> None:
    """Let an assignment be done so."""
    same = ("goal", "time_limit", "attempts", "delay", "grading", "pass_share", "told", "late", "is_shuffled")
    for name in (*same, "recalls", "spacing", "recall"):
        setattr(row, name, getattr(chosen, name))
    row.opens, row.due, row.cutoff = chosen.window.opens, chosen.window.due, chosen.window.cutoff
    row.asked, row.per_topic = chosen.quota.count, chosen.quota.per_topic
    again = chosen.recurrence
    row.every, row.unit, row.times = (again.every, again.unit, again.times) if again else (None, None, None)


def allowance(row: AssigneeRow | None, *, occurrence: int) -> Allowance:
    """Return what a person has besides the rules; dates count for the occurrence that they were given for."""
    if row is None:
        return Allowance()
    dates = (row.opens, row.due, row.cutoff) if row.occurrence == occurrence else (None, None, None)
    return Allowance(
        *dates,
        more_time=row.more_time,
        more_attempts=row.more_attempts,
        is_strict=row.is_strict,
        is_excused=row.is_excused,
    )
