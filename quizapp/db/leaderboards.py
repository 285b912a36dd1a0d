"""What the people of a team's leaderboards have: sums over days that are kept, and over what first attempts came to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from quizapp.db.assignments import AssignmentRow
from quizapp.db.learners import LearnerRow
from quizapp.db.quizzes import SittingRow
from quizapp.db.study_days import StudyDayRow, StudySumRow
from quizapp.db.teams import MembershipRow, TeamRow
from quizapp.domain.assignments import Goal
from quizapp.domain.leaderboards import Measure


@dataclass(frozen=True)
class Held:
    """What a person has, and whether they stand on leaderboards."""

    person_id: int
    name: str
    takes_part: bool
    score: float


def held(
    session: Session, team: TeamRow, by: Measure, *, start: tuple[date, datetime] | None, me: int
) -> Sequence[Held]:
    """Return what those who take part have of a team's material, and what one person has though they may not.

    `start` is the first day that counts and the moment at which it begins, None for all time.
    """
    if by is Measure.ATTEMPTS:
        part = _attempts(team.library_id, start[1] if start else None).subquery()
    else:
        part = _studied(team.library_id, by, start[0] if start else None).subquery()
    query = (
        select(part.c.learner_id, LearnerRow.name, MembershipRow.on_leaderboards, part.c.score)
        .join(MembershipRow, and_(MembershipRow.learner_id == part.c.learner_id, MembershipRow.team_id == team.id))
        .join(LearnerRow, LearnerRow.id == part.c.learner_id)
        .where(MembershipRow.left_at.is_(None), or_(MembershipRow.on_leaderboards, part.c.learner_id == me))
    )
    return [Held(*row) for row in session.execute(query)]


def taking_part(session: Session, team_id: int) -> int:
    """Return how many people of a team stand on its leaderboards."""
    query = select(func.count()).select_from(MembershipRow).where(MembershipRow.team_id == team_id)
    return session.scalars(query.where(MembershipRow.left_at.is_(None), MembershipRow.on_leaderboards)).one()


def _studied(library_id: int, by: Measure, start: date | None) -> Select[int, int]:
    if start is None:
        score = StudySumRow.days if by is Measure.DAYS else StudySumRow.lasting
        return select(StudySumRow.learner_id, score.label("score")).where(StudySumRow.library_id == library_id)
    summed = func.count() if by is Measure.DAYS else func.sum(StudyDayRow.lasting)
    query = select(StudyDayRow.learner_id, summed.label("score")).group_by(StudyDayRow.learner_id)
    return query.where(StudyDayRow.library_id == library_id, StudyDayRow.day >= start)


def _attempts(library_id: int, begins: datetime | None) -> Select[int | None, float | None]:
    """Return what first attempts at what was assigned to everybody came to, 1 for each without a fault."""
    query = (
        select(SittingRow.learner_id, func.sum(SittingRow.score).label("score"))
        .join(AssignmentRow, AssignmentRow.id == SittingRow.assignment_id)
        .where(AssignmentRow.owner_id == library_id, AssignmentRow.deleted_at.is_(None))
        .where(AssignmentRow.goal == Goal.QUIZ, AssignmentRow.for_all)
        .where(SittingRow.attempt == 1, SittingRow.finished.is_not(None), SittingRow.learner_id.is_not(None))
        .group_by(SittingRow.learner_id)
    )
    return query if begins is None else query.where(SittingRow.finished >= begins)
