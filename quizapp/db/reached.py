"""How far the people of a team are with an assignment: read in one query, or counted in it. Start from `counted`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    false,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session

from quizapp.db import assignments, prepared
from quizapp.db.assignments import AssigneeRow, AssignmentRow
from quizapp.db.base import UtcDateTime
from quizapp.db.learners import LearnerRow
from quizapp.db.notes import CardRow, NoteRow
from quizapp.db.plans import PlanRow, Queue
from quizapp.db.quizzes import SittingRow
from quizapp.db.reviews import MemoryRow
from quizapp.db.tallies import TallyRow
from quizapp.db.teams import MembershipRow, TeamRow
from quizapp.domain.assignments import Allowance, Goal, Grading, Reached
from quizapp.domain.permissions import Role


@dataclass(frozen=True)
class Asked:
    """An assignment in one of its occurrences, with what its people are counted by."""

    row: AssignmentRow
    occurrence: int
    over: datetime  # attempts whose time was up before then have ended
    questions: int  # in the pool of what is to be mastered
    deck_ids: Sequence[int]  # that are to be known


@dataclass(frozen=True)
class Far:
    """How far somebody is, and what they have besides the rules that decides where they stand."""

    reached: Reached
    allowance: Allowance


Someone = tuple[int, str]  # one who is to do an assignment: id and name


def counted(session: Session, asked: Asked) -> Sequence[tuple[Far, int]]:
    """Return how many of those who are to do it are how far."""
    found = _rows(session, _counting, asked)
    allowances = _allowances(session, asked, [row[4] for row in found])
    return [(_read(row[:5], allowances), row[5]) for row in found]


def each(session: Session, asked: Asked) -> Sequence[tuple[Far, Sequence[Someone]]]:
    """Return everybody who is to do it by how far they are, in no order."""
    found: dict[tuple[Any, ...], list[Someone]] = {}
    for score, begun, under_way, settled, excepted, learner_id, name in _rows(session, _naming, asked):
        found.setdefault((score, begun, under_way, settled, excepted), []).append((learner_id, name))
    allowances = _allowances(session, asked, [told[4] for told in found])
    return [(_read(told, allowances), some) for told, some in found.items()]


def people(session: Session, owner_id: int, assignment_ids: Sequence[int]) -> int:
    """Return how many people are to do any of these assignments of a library and are not excused from it."""
    its = and_(AssigneeRow.assignment_id == AssignmentRow.id, AssigneeRow.learner_id == MembershipRow.learner_id)
    query = _assigned(select(func.count(MembershipRow.learner_id.distinct())), its)
    query = query.where(AssignmentRow.id.in_(assignment_ids), AssignmentRow.owner_id == owner_id)
    count: int = session.scalars(query.where(func.coalesce(AssigneeRow.is_excused, false()).is_(False))).one()
    return count


def _assigned(query: Select[Any], its: ColumnElement[bool]) -> Select[Any]:
    """Return the query over those who are to do an assignment: members where it is for all, or who was chosen."""
    return (
        query.select_from(AssignmentRow)
        .join(TeamRow, TeamRow.library_id == AssignmentRow.owner_id)
        .join(MembershipRow, MembershipRow.team_id == TeamRow.id)
        .outerjoin(AssigneeRow, its)
        .where(MembershipRow.left_at.is_(None))
        .where(or_(and_(AssignmentRow.for_all, MembershipRow.role == Role.MEMBER), AssigneeRow.is_chosen))
    )


@cache
def _counting(goal: Goal, grading: Grading) -> Select[Any]:
    far = _far(goal, grading).subquery()
    return select(*far.c, func.count()).group_by(*far.c)


@cache
def _naming(goal: Goal, grading: Grading) -> Select[Any]:
    query = _far(goal, grading).add_columns(MembershipRow.learner_id, LearnerRow.name)
    return query.join(LearnerRow, LearnerRow.id == MembershipRow.learner_id)


def _far(goal: Goal, grading: Grading) -> Select[Any]:
    """Return the query for what decides where each stands, a row for each who is to do it."""
    its = and_(AssigneeRow.assignment_id == _ASSIGNMENT, AssigneeRow.learner_id == MembershipRow.learner_id)
    found = _known() if goal is Goal.RECALL else _tried(goal, grading)
    dates = (AssigneeRow.opens, AssigneeRow.due, AssigneeRow.cutoff)
    is_excepted = or_(AssigneeRow.is_excused, *(date.is_not(None) for date in dates))
    columns = (*found.columns, case((is_excepted, AssigneeRow.learner_id)))
    named = (column.label(name) for name, column in zip(_NAMES, columns, strict=True))
    query = _assigned(select(*named), its).where(AssignmentRow.id == _ASSIGNMENT)
    return query.outerjoin(found.subquery, found.subquery.c.learner_id == MembershipRow.learner_id)


def _rows(session: Session, query: Callable[[Goal, Grading], Select[Any]], asked: Asked) -> Sequence[Any]:
    """Return what a query for people tells of an assignment."""
    statement, mine = query(asked.row.goal, asked.row.grading), {"assignment": asked.row.id}
    match asked.row.goal:
        case Goal.RECALL:
            return session.execute(statement, {**mine, "decks": asked.deck_ids}).all()
        case Goal.MASTERY:
            mine["questions"] = max(1, asked.questions)
        case Goal.QUIZ:
            pass
    return prepared.rows(session, statement, {**mine, "occurrence": asked.occurrence, "over": asked.over})


@dataclass(frozen=True)
class _Found:
    """The columns that `_NAMES` names, and what they come from by person."""

    columns: tuple[ColumnElement[Any], ...]
    subquery: Subquery


_NAMES = ("score", "has_begun", "is_under_way", "is_settled", "excepted")
_ASSIGNMENT, _OCCURRENCE = bindparam("assignment", type_=Integer), bindparam("occurrence", type_=Integer)
_DECKS = bindparam("decks", type_=Integer, expanding=True)


def _tried(goal: Goal, grading: Grading) -> _Found:
    """Say how far each is by their attempts."""
    tried = _attempts(goal, grading)
    if goal is Goal.MASTERY:
        share = func.max(func.coalesce(tried.c.mastered, 0)) * literal(1.0) / bindparam("questions", type_=Integer)
        score: ColumnElement[Any] = case((func.sum(tried.c.answered) > 0, share))
    else:
        graded = func.avg if grading is Grading.AVERAGE else func.max
        score = graded(case((and_(tried.c.ended, tried.c.rank == 1), tried.c.share)))
    under_way = func.max(case((tried.c.ended, 0), else_=1))
    query = select(tried.c.learner_id, score.label("score"), under_way.label("under_way"))
    found = query.group_by(tried.c.learner_id).subquery()
    has_begun: ColumnElement[bool] = found.c.under_way.is_not(None)
    if goal is Goal.MASTERY:  # an attempt that ended without an answer is none
        has_begun = or_(found.c.score.is_not(None), found.c.under_way == 1)
    return _Found((found.c.score, has_begun, found.c.under_way, literal(0)), found)


def _attempts(goal: Goal, grading: Grading) -> Subquery:
    """Return the attempts of members, with what each is worth; of those that have ended, the ones ranked 1 count."""
    ended = or_(
        SittingRow.finished.is_not(None),
        func.coalesce(SittingRow.deadline < bindparam("over", type_=UtcDateTime), false()),
    )
    share = SittingRow.points / func.coalesce(func.nullif(func.json_array_length(SittingRow.order), 0), 1)
    rank: ColumnElement[int] = literal(1)
    if goal is Goal.QUIZ and grading in _PLACED:
        order = _PLACED[grading]
        rank = func.row_number().over(partition_by=(SittingRow.learner_id, ended), order_by=order)
    columns = (ended.label("ended"), share.label("share"), rank.label("rank"), SittingRow.answered, SittingRow.mastered)
    its = (SittingRow.assignment_id == _ASSIGNMENT, SittingRow.occurrence == _OCCURRENCE)
    return select(SittingRow.learner_id, *columns).where(*its, SittingRow.learner_id.is_not(None)).subquery()


_PLACED = {Grading.FIRST: SittingRow.attempt, Grading.LAST: -SittingRow.attempt}


def _known() -> _Found:
    """Say how far each is with a deck: whether they have studied any of it, and what was kept of its day."""
    seen = (
        select(TallyRow.learner_id, func.sum(TallyRow.learning + TallyRow.review).label("cards"))
        .where(TallyRow.deck_id.in_(_DECKS))
        .group_by(TallyRow.learner_id)
        .subquery()
    )
    is_settled = AssigneeRow.settled_at.is_not(None)
    # Cards that are set aside, or of a deck that one studies no more, stand in no queue and may be remembered.
    aside = (
        select(literal(1))
        .select_from(PlanRow)
        .join(MemoryRow, and_(MemoryRow.card_id == PlanRow.card_id, MemoryRow.learner_id == PlanRow.learner_id))
        .join(CardRow, CardRow.id == PlanRow.card_id)
        .join(NoteRow, NoteRow.id == CardRow.note_id)
        .where(PlanRow.learner_id == MembershipRow.learner_id, PlanRow.deck_id.in_(_DECKS))
        .where(PlanRow.queue.in_([Queue.SUSPENDED, Queue.GONE]))
        .where(NoteRow.deck_id.in_(_DECKS), NoteRow.deleted_at.is_(None), CardRow.removed_at.is_(None))
        .exists()
    )
    begun = case((is_settled, AssigneeRow.known > 0), (seen.c.cards > 0, true()), else_=aside)
    is_known = case((AssigneeRow.known >= AssignmentRow.recall, 1.0), (is_settled, 0.0))
    return _Found((is_known, begun, literal(0), is_settled), seen)


def _allowances(session: Session, asked: Asked, excepted: Sequence[int | None]) -> Mapping[int, Allowance]:
    """Return what people have besides the rules, of those who have something that decides where they stand."""
    ids = [one for one in excepted if one is not None]
    rows = assignments.assignees(session, [asked.row.id], ids) if ids else {}
    return {one: assignments.allowance(row, occurrence=asked.occurrence) for (_, one), row in rows.items()}


def _read(told: Sequence[Any], allowances: Mapping[int, Allowance]) -> Far:
    score, begun, under_way, settled, excepted = told
    reached = Reached(score, has_begun=bool(begun), is_under_way=bool(under_way), is_settled=bool(settled))
    return Far(reached, allowances.get(excepted, Allowance()))
