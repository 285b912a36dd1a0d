"""How far the people of a team are with an assignment: those who are equally far in one row. Start from `far`."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Double,
    Integer,
    Select,
    String,
    Subquery,
    Text,
    and_,
    bindparam,
    case,
    cast,
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
from quizapp.db.base import UtcDateTime, gathered
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
    names: Mapping[int, str]  # in their order; empty where they were not asked for
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


_NOTHING, _BEGUN = (None, False, False, False), (None, True, False, False)
CREWS_KEPT = 64


def crew(session: Session, owner_id: int, assignment_ids: Sequence[int], *, named: bool = False) -> Crew:
    """Return who belongs to the team of a library, and whom these of its assignments single out."""
    asked = {"owner": owner_id, "assignments": list(assignment_ids)}
    members: list[tuple[str, str, str]] = []
    chosen, excused, excepted = (defaultdict[int, set[int]](set) for _ in range(3))
    for row in prepared.rows(session, _crew(named=named), asked):
        if row.role is not None:
            members.append((row.role, row.learners, row.names))
        else:
            for found, is_so in ((chosen, row.chosen), (excused, row.excused), (excepted, row.excepted)):
                if is_so:
                    found[row.assignment].update(json.loads(row.learners))
    return Crew(*_people(*members), chosen, excused, excepted)


@lru_cache(maxsize=CREWS_KEPT)  # by all that is known of them, and nearly always as they were the last time
def _people(*members: tuple[str, str, str | None]) -> tuple[frozenset[int], frozenset[int], Mapping[int, str]]:
    """Return members, those in other roles, and what all of them are called, from lists of ids and names by role."""
    by_role = {role: json.loads(ids) for role, ids, _ in members}
    named = [pair for role, _, names in members if names for pair in zip(by_role[role], json.loads(names), strict=True)]
    named.sort(key=lambda one: (one[1].casefold(), one[0]))
    there = frozenset(by_role.pop(Role.MEMBER.name, ()))
    return there, frozenset[int]().union(*by_role.values()), MappingProxyType(dict(named))


def far(session: Session, asked: Asked, crew: Crew) -> Reach:
    """Return how far those are who are to do an assignment, and who else did something."""
    to_do = crew.to_do(asked.row)
    excepted = to_do.intersection(crew.excepted.get(asked.row.id, ()))
    parted, left, others = _parted(to_do, tuple(map(tuple, _rows(session, asked))))
    told: dict[tuple[Any, ...], Sequence[int]] = {**parted}
    if asked.row.goal is Goal.RECALL:
        others = ()  # a deck is studied by whoever wants to
        if left:
            whose = {"learners": sorted(left), "decks": list(asked.deck_ids)}
            aside = frozenset([one for (one,) in prepared.raw(session, _ASIDE, whose)])
            told[_BEGUN] = [*told.get(_BEGUN, ()), *aside]
            left -= aside
    told[_NOTHING] = [*told.get(_NOTHING, ()), *left]
    found: dict[Far, list[int]] = defaultdict(list)
    allowances = _allowances(session, asked, sorted(excepted))
    for how, some in told.items():
        reached = _read(how)
        for one in excepted.intersection(some):
            found[Far(reached, allowances.get(one, Allowance()))].append(one)
        if usual := [one for one in some if one not in excepted] if excepted else some:
            found[Far(reached, Allowance())] += usual
    return Reach(found, others)


@lru_cache(maxsize=CREWS_KEPT)  # by all that it depends on, which is nearly always what it was the last time
def _parted(
    to_do: frozenset[int], rows: tuple[tuple[Any, ...], ...]
) -> tuple[Mapping[tuple[Any, ...], Sequence[int]], frozenset[int], Sequence[int]]:
    """Return people by how far they are, who are to do something and stand in no row, and who need not do it and do."""
    left, told, others = set(to_do), defaultdict[tuple[Any, ...], list[int]](list), list[int]()
    for ids, *how in rows:
        people = json.loads(ids)
        there = left.intersection(people)
        left -= there
        told[tuple(how)] += there
        others += set(people) - there
    return MappingProxyType(told), frozenset(left), others


def _rows(session: Session, asked: Asked) -> Sequence[Any]:
    """Return people who did something with what `_NOTHING` stands for, a row for all who are equally far; of several, the first counts."""
    mine = {"assignment": asked.row.id}
    match asked.row.goal:
        case Goal.RECALL:
            found = prepared.rows(session, _KNOWN, {**mine, "decks": list(asked.deck_ids)})
            return sorted(found, key=_is_open)  # what was kept on the day counts, whatever is studied since
        case Goal.MASTERY:
            mine["questions"] = max(1, asked.questions)
        case Goal.QUIZ:
            pass
    query = _tried(asked.row.goal, asked.row.grading)
    return prepared.rows(session, query, {**mine, "occurrence": asked.occurrence, "over": asked.over})


@cache
def _crew(*, named: bool) -> Select[Any]:
    """Return the query for members by role, and for whom assignments single out by how they do."""
    role, nothing = type_coerce(MembershipRow.role, String), null()
    ids, names = (cast(gathered(of), Text) for of in (MembershipRow.learner_id, LearnerRow.name))
    members = (
        select(role.label("role"), ids.label("learners"), (names if named else nothing).label("names"))
        .add_columns(*(nothing.label(name) for name in ("assignment", "chosen", "excused", "excepted")))
        .select_from(MembershipRow)
        .join(TeamRow, TeamRow.id == MembershipRow.team_id)
        .where(TeamRow.library_id == bindparam("owner"), MembershipRow.left_at.is_(None))
        .group_by(MembershipRow.role)
    )
    if named:
        members = members.join(LearnerRow, LearnerRow.id == MembershipRow.learner_id)
    its = bindparam("assignments", type_=Integer, expanding=True)
    dates = (AssigneeRow.opens, AssigneeRow.due, AssigneeRow.cutoff)
    is_excepted = or_(AssigneeRow.is_excused, *(date.is_not(None) for date in dates))
    how = (AssigneeRow.assignment_id, AssigneeRow.is_chosen, AssigneeRow.is_excused, is_excepted.label("is_excepted"))
    singled = (
        select(nothing, cast(gathered(AssigneeRow.learner_id), Text), nothing, *how)
        .where(AssigneeRow.assignment_id.in_(its), or_(AssigneeRow.is_chosen, is_excepted))
        .group_by(*how)
    )
    found = union_all(members, singled).subquery()
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
    return _grouped(found.c.learner_id, found.c.score, has_begun, found.c.under_way, literal(0))


_ASSIGNMENT, _OCCURRENCE = bindparam("assignment", type_=Integer), bindparam("occurrence", type_=Integer)


def _attempts(goal: Goal, grading: Grading) -> Subquery:
    """Return the attempts of members, with what each is worth; of those that have ended, the ones ranked 1 count."""
    ended = or_(
        SittingRow.finished.is_not(None),
        func.coalesce(SittingRow.deadline < bindparam("over", type_=UtcDateTime), false()),
    )
    # One whose time was up may not be stored as finished yet, and has no score so far.
    points = SittingRow.points / func.coalesce(func.nullif(func.json_array_length(SittingRow.order), 0), 1)
    share = func.coalesce(SittingRow.score, points)
    rank: ColumnElement[int] = literal(1)
    if goal is Goal.QUIZ and grading in _PLACED:
        order = _PLACED[grading]
        rank = func.row_number().over(partition_by=(SittingRow.learner_id, ended), order_by=order)
    columns = (ended.label("ended"), share.label("share"), rank.label("rank"), SittingRow.answered, SittingRow.mastered)
    its = (SittingRow.assignment_id == _ASSIGNMENT, SittingRow.occurrence == _OCCURRENCE)
    return select(SittingRow.learner_id, *columns).where(*its, SittingRow.learner_id.is_not(None)).subquery()


_PLACED = {Grading.FIRST: SittingRow.attempt, Grading.LAST: -SittingRow.attempt}


def _known() -> Select[Any]:
    """Return the query for who is how far with some decks: of whom it is kept what they knew, and who has studied any."""
    decks = bindparam("decks", type_=Integer, expanding=True)
    share = case((AssigneeRow.known >= AssignmentRow.recall, 1.0), else_=0.0)
    settled = (
        select(AssigneeRow.learner_id, share.label("known"), (func.coalesce(AssigneeRow.known, 0.0) > 0).label("begun"))
        .add_columns(true().label("settled"))
        .join(AssignmentRow, AssignmentRow.id == AssigneeRow.assignment_id)
        .where(AssigneeRow.assignment_id == _ASSIGNMENT, AssigneeRow.settled_at.is_not(None))
    )
    studies = (
        select(TallyRow.learner_id, cast(null(), Double), true(), false())
        .where(TallyRow.deck_id.in_(decks), TallyRow.learning + TallyRow.review > 0)
        .distinct()
    )
    found = union_all(settled, studies).subquery()
    return _grouped(found.c.learner_id, found.c.known, found.c.begun, literal(0), found.c.settled)


def _aside() -> Select[Any]:
    """Return the query for those of some people who remember a card of some decks that stands in no queue of theirs.

    Such are set aside, or of a deck that one studies no more.
    """
    decks = bindparam("decks", type_=Integer, expanding=True)
    remembered = (
        select(literal(1))
        .select_from(PlanRow)
        .join(MemoryRow, and_(MemoryRow.card_id == PlanRow.card_id, MemoryRow.learner_id == PlanRow.learner_id))
        .join(CardRow, CardRow.id == PlanRow.card_id)
        .join(NoteRow, NoteRow.id == CardRow.note_id)
        .where(PlanRow.learner_id == LearnerRow.id, PlanRow.deck_id.in_(decks))
        .where(or_(PlanRow.queue == Queue.SUSPENDED, PlanRow.queue == Queue.GONE))
        .where(NoteRow.deck_id.in_(decks), NoteRow.deleted_at.is_(None), CardRow.removed_at.is_(None))
        .exists()
    )
    return select(LearnerRow.id).where(LearnerRow.id.in_(bindparam("learners", expanding=True)), remembered)


def _grouped(learner: ColumnElement[int], *how: ColumnElement[Any]) -> Select[Any]:
    """Return the query for people by how far they are; they are sorted by what is not the same for all of them."""
    named = {f"how_{place}": one for place, one in enumerate(how)}
    apart = [one.label(name) for name, one in named.items() if not isinstance(one, BindParameter)]
    told = select(learner.label("learner"), *apart).subquery()
    each = [one.label(name) if isinstance(one, BindParameter) else told.c[name] for name, one in named.items()]
    return select(cast(gathered(told.c.learner), Text), *each).group_by(*(told.c[one.name] for one in apart))


_KNOWN, _ASIDE = _known(), _aside()


def _allowances(session: Session, asked: Asked, learner_ids: Sequence[int]) -> Mapping[int, Allowance]:
    """Return what these people have besides the rules."""
    rows = assignments.assignees(session, [asked.row.id], learner_ids) if learner_ids else {}
    return {one: assignments.allowance(row, occurrence=asked.occurrence) for (_, one), row in rows.items()}


def _is_open(row: Sequence[Any]) -> bool:
    """Say whether it is not kept what people knew on the day."""
    return not row[-1]


def _read(told: Sequence[Any]) -> Reached:
    score, begun, under_way, settled = told
    share = None if score is None else float(score)
    return Reached(share, has_begun=bool(begun), is_under_way=bool(under_way), is_settled=bool(settled))
