"""What the people of a team's leaderboards have: from sums that are kept, and from what first attempts came to."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Integer, Select, Subquery, Table, and_, bindparam, func, select
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Session

from quizapp.db import prepared
from quizapp.db.assignments import AssignmentRow
from quizapp.db.quizzes import SittingRow
from quizapp.db.study_days import StudySumRow
from quizapp.db.teams import MembershipRow, Titled
from quizapp.domain.assignments import Goal
from quizapp.domain.leaderboards import Measure, Ranked, Span

_SUMS, _MEMBERS = cast(Table, StudySumRow.__table__), cast(Table, MembershipRow.__table__)
_SITTINGS, _ASSIGNMENTS = cast(Table, SittingRow.__table__), cast(Table, AssignmentRow.__table__)
_SUM, _MEMBER, _SITTING, _ASSIGNMENT = _SUMS.c, _MEMBERS.c, _SITTINGS.c, _ASSIGNMENTS.c


def _studied(score: Any) -> Subquery:
    query = select(_SUM.learner_id, score.label("score")).where(_SUM.library_id == bindparam("library"))
    return query.where(_SUM.span == bindparam("span"), _SUM.start == bindparam("start")).subquery()


def _attempts() -> Subquery:
    """Return the points of first attempts at what was assigned to everybody, 100 for each without a fault."""
    return (
        select(_SITTING.learner_id, as_type(func.round(100 * func.sum(_SITTING.score)), Integer).label("score"))
        .join_from(_ASSIGNMENTS, _SITTINGS, _SITTING.assignment_id == _ASSIGNMENT.id)
        .where(_ASSIGNMENT.owner_id == bindparam("library"), _ASSIGNMENT.deleted_at.is_(None))
        .where(_ASSIGNMENT.goal == Goal.QUIZ, _ASSIGNMENT.for_all)
        .where(_SITTING.attempt == 1, _SITTING.finished >= bindparam("begins"), _SITTING.learner_id.is_not(None))
        .group_by(_SITTING.learner_id)
        .subquery()
    )


def _ranking(part: Subquery) -> Select[Any]:
    its = and_(_MEMBER.team_id == bindparam("team"), _MEMBER.learner_id == part.c.learner_id)
    query = select(part.c.learner_id, part.c.score).join_from(part, _MEMBERS, its)
    query = query.where(_MEMBER.left_at.is_(None), _MEMBER.on_leaderboards, part.c.score > 0)
    return query.order_by(part.c.score.desc(), part.c.learner_id)


_PARTS = {
    Measure.DAYS: _studied(_SUM.days),
    Measure.LASTING: _studied(_SUM.lasting),
    Measure.ATTEMPTS: _attempts(),
}
_RANKINGS = {by: _ranking(part) for by, part in _PARTS.items()}
_OWN = {by: select(part.c.score).where(part.c.learner_id == bindparam("me")) for by, part in _PARTS.items()}


def ranking(
    session: Session, team: Titled, by: Measure, span: Span, *, start: date, begins: datetime
) -> Sequence[Ranked]:
    """Return those who take part and have anything, with what they have since then, the most first."""
    these = _parameters(team, by, span, start, begins)
    return [(person, score) for person, score in prepared.rows(session, _RANKINGS[by], {**these, "team": team.id})]


def own(
    session: Session, team: Titled, by: Measure, span: Span, *, start: date, begins: datetime, person_id: int
) -> int:
    """Return what one person has, whether or not they take part."""
    these = _parameters(team, by, span, start, begins)
    return prepared.scalar(session, _OWN[by], {**these, "me": person_id}) or 0


def taking_part(session: Session, team_id: int) -> int:
    """Return how many people of a team stand on its leaderboards."""
    query = select(func.count()).select_from(MembershipRow).where(MembershipRow.team_id == team_id)
    return session.scalars(query.where(MembershipRow.left_at.is_(None), MembershipRow.on_leaderboards)).one()


def _parameters(team: Titled, by: Measure, span: Span, start: date, begins: datetime) -> dict[str, object]:
    within = {"begins": begins} if by is Measure.ATTEMPTS else {"span": span, "start": start}
    return {"library": team.library_id, **within}
