"""How far the people of a team are with an assignment: read as plain rows, for a thousand at once. Start from `far`."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    Subquery,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
    type_coerce,
    union_all,
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


@dataclass(frozen=True)
class Crew:
    """Who belongs to a team, and whom some of its assignments single out: read once for all of these."""

    members: frozenset[int]  # in the role of a member
    others: frozenset[int]  # owners and trainers, who are to do what they are chosen for
    names: Mapping[int, str]  # empty where they were not asked for
    chosen: Mapping[int, Collection[int]]  # by assignment, as all below
    excused: Mapping[int, Collection[int]]
    excepted: Mapping[int, Collection[int]]  # who are excused, or have dates of their own

    def to_do(self, row: AssignmentRow) -> frozenset[int]:
        """Return who is to do an assignment: members where it is for all, and who was chosen."""
        chosen = (self.members | self.others).intersection(self.chosen.get(row.id, ()))
        return self.members | chosen if row.for_all else chosen

    def owing(self, row: AssignmentRow) -> frozenset[int]:
        """Return those of them who are not excused."""
        return self.to_do(row).difference(self.excused.get(row.id, ()))


@dataclass(frozen=True)
class Reach:
    """Who is how far with an assignment."""

    by: Mapping[Far, Sequence[int]]  # those who are to do it
    others: Sequence[int]  # who did something, and are not to do it


_NOT_OTHERS = (Role.MEMBER.name, None)  # without a role, a row singles somebody out
_NOTHING = (None, False, False, False)


def crew(session: Session, owner_id: int, assignment_ids: Sequence[int], *, named: bool = False) -> Crew:
    """Return who belongs to the team of a library, and whom these of its assignments single out."""
    asked = {f"assignment_{number}": one for number, one in enumerate(assignment_ids)}
    rows = prepared.raw(session, _crew(len(assignment_ids), named=named), {"owner": owner_id, **asked})
    chosen, excused, excepted = (defaultdict[int, set[int]](set) for _ in range(3))
    for one, _, _, assignment, *says in [row for row in rows if row[1] is None]:
        for found, is_so in zip((chosen, excused, excepted), says, strict=True):
            if is_so:
                found[assignment].add(one)
    return Crew(
        members=frozenset([row[0] for row in rows if row[1] == Role.MEMBER.name]),
        others=frozenset([row[0] for row in rows if row[1] not in _NOT_OTHERS]),
        names={row[0]: row[2] for row in rows if row[1]} if named else {},
        chosen=chosen,
        excused=excused,
        excepted=excepted,
    )


def far(session: Session, asked: Asked, crew: Crew) -> Reach:
    """Return how far those are who are to do an assignment, and who else did something."""
    left = set(crew.to_do(asked.row))
    excepted = left.intersection(crew.excepted.get(asked.row.id, ()))
    told: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    others = []
    for row in _rows(session, asked):
        if row[0] in left:
            left.remove(row[0])
            told[row[1:]].append(row[0])
        elif asked.row.goal is not Goal.RECALL:  # of a deck, rows are of everybody in the team
            others.append(row[0])
    told[_NOTHING] += left
    found: dict[Far, list[int]] = defaultdict(list)
    allowances = _allowances(session, asked, sorted(excepted))
    for how, some in told.items():
        reached = _read(how)
        for one in excepted.intersection(some):
            found[Far(reached, allowances.get(one, Allowance()))].append(one)
        if usual := [one for one in some if one not in excepted] if excepted else some:
            found[Far(reached, Allowance())] += usual
    return Reach(found, others)


def _rows(session: Session, asked: Asked) -> Sequence[tuple[Any, ...]]:
    """Return of each person who did something, in no order, what `_NOTHING` stands for; of a deck, of everybody."""
    mine = {"assignment": asked.row.id}
    match asked.row.goal:
        case Goal.RECALL:
            decks = {f"deck_{number}": one for number, one in enumerate(asked.deck_ids)}
            return prepared.raw(session, _known(len(asked.deck_ids)), {**mine, **decks})
        case Goal.MASTERY:
            mine["questions"] = max(1, asked.questions)
        case Goal.QUIZ:
            pass
    query = _tried(asked.row.goal, asked.row.grading)
    return prepared.raw(session, query, {**mine, "occurrence": asked.occurrence, "over": asked.over})


@lru_cache(maxsize=64)
def _crew(count: int, *, named: bool) -> Select[Any]:
    """Return the query for members and, for that many assignments, for whom these single out."""
    role, nothing = type_coerce(MembershipRow.role, String), null()
    members = (
        select(MembershipRow.learner_id.label("learner"), role.label("role"))
        .add_columns((LearnerRow.name if named else nothing).label("name"))
        .add_columns(*(nothing.label(name) for name in ("assignment", "chosen", "excused", "excepted")))
        .select_from(MembershipRow)
        .join(TeamRow, TeamRow.id == MembershipRow.team_id)
        .where(TeamRow.library_id == bindparam("owner"), MembershipRow.left_at.is_(None))
    )
    if named:
        members = members.join(LearnerRow, LearnerRow.id == MembershipRow.learner_id)
    its = [bindparam(f"assignment_{number}", type_=Integer) for number in range(count)]
    dates = (AssigneeRow.opens, AssigneeRow.due, AssigneeRow.cutoff)
    is_excepted = or_(AssigneeRow.is_excused, *(date.is_not(None) for date in dates))
    singled = select(AssigneeRow.learner_id, nothing, nothing, AssigneeRow.assignment_id).add_columns(
        AssigneeRow.is_chosen, AssigneeRow.is_excused, is_excepted
    )
    singled = singled.where(AssigneeRow.assignment_id.in_(its), or_(AssigneeRow.is_chosen, is_excepted))
    found = union_all(members, singled).subquery() if count else members.subquery()
    return select(*found.c)


@cache
def _tried(goal: Goal, grading: Grading) -> Select[Any]:
    """Return the query for how far each is by their attempts."""
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
    has_begun: ColumnElement[Any] = literal(1)
    if goal is Goal.MASTERY:  # an attempt that ended without an answer is none
        has_begun = or_(found.c.score.is_not(None), found.c.under_way == 1)
    return select(found.c.learner_id, found.c.score, has_begun, found.c.under_way, literal(0))


_ASSIGNMENT, _OCCURRENCE = bindparam("assignment", type_=Integer), bindparam("occurrence", type_=Integer)


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


@lru_cache(maxsize=64)
def _known(count: int) -> Select[Any]:
    """Return the query for how far each of a team is with that many decks: whether they have studied any, and what was kept."""
    decks = [bindparam(f"deck_{number}", type_=Integer) for number in range(count)]
    studies = exists().where(
        TallyRow.deck_id.in_(decks),
        TallyRow.learner_id == MembershipRow.learner_id,
        TallyRow.learning + TallyRow.review > 0,
    )
    # Cards that are set aside, or of a deck that one studies no more, stand in no queue and may be remembered.
    aside = (
        select(literal(1))
        .select_from(PlanRow)
        .join(MemoryRow, and_(MemoryRow.card_id == PlanRow.card_id, MemoryRow.learner_id == PlanRow.learner_id))
        .join(CardRow, CardRow.id == PlanRow.card_id)
        .join(NoteRow, NoteRow.id == CardRow.note_id)
        .where(PlanRow.learner_id == MembershipRow.learner_id, PlanRow.deck_id.in_(decks))
        .where(or_(PlanRow.queue == Queue.SUSPENDED, PlanRow.queue == Queue.GONE))
        .where(NoteRow.deck_id.in_(decks), NoteRow.deleted_at.is_(None), CardRow.removed_at.is_(None))
        .exists()
    )
    is_settled = AssigneeRow.settled_at.is_not(None)
    begun = case((is_settled, AssigneeRow.known > 0), (studies, true()), else_=aside)
    is_known = case((AssigneeRow.known >= AssignmentRow.recall, 1.0), (is_settled, 0.0))
    its = and_(AssigneeRow.assignment_id == AssignmentRow.id, AssigneeRow.learner_id == MembershipRow.learner_id)
    return (
        select(MembershipRow.learner_id, is_known, begun, literal(0), is_settled)
        .select_from(AssignmentRow)
        .join(TeamRow, TeamRow.library_id == AssignmentRow.owner_id)
        .join(MembershipRow, MembershipRow.team_id == TeamRow.id)
        .outerjoin(AssigneeRow, its)
        .where(AssignmentRow.id == _ASSIGNMENT, MembershipRow.left_at.is_(None))
    )


def _allowances(session: Session, asked: Asked, learner_ids: Sequence[int]) -> Mapping[int, Allowance]:
    """Return what these people have besides the rules."""
    rows = assignments.assignees(session, [asked.row.id], learner_ids) if learner_ids else {}
    return {one: assignments.allowance(row, occurrence=asked.occurrence) for (_, one), row in rows.items()}


def _read(told: Sequence[Any]) -> Reached:
    score, begun, under_way, settled = told
    share = None if score is None else float(score)
    return Reached(share, has_begun=bool(begun), is_under_way=bool(under_way), is_settled=bool(settled))
