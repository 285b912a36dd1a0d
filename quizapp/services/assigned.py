"""What an assignment says about the work on it: whose it is, when it can be done, what is told. Start from `living`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from quizapp.db import assignments, attempts, quizzes, teams
from quizapp.db.assignments import AssigneeRow, AssignmentRow
from quizapp.db.attempts import Taker
from quizapp.db.engine import Session
from quizapp.db.quizzes import QuestionRow, SittingRow
from quizapp.db.teams import Member
from quizapp.domain import recurrence
from quizapp.domain.assignments import Allowance, Goal, Late, Rules, allowed, is_told
from quizapp.domain.mastery import mastered
from quizapp.domain.permissions import Action, Actor, LearnerId, Role
from quizapp.domain.questions import Question
from quizapp.domain.recurrence import Window
from quizapp.services import access

GUEST = LearnerId(-1)  # who has no row
KEPT_LATE = timedelta(hours=1)  # for how long after its end an attempt takes answers that were on their way


@dataclass(frozen=True)
class Work:
    """An assignment as one of its occurrences has it."""

    row: AssignmentRow
    rules: Rules
    occurrence: int
    window: Window

    def of(self, person: AssigneeRow | None) -> tuple[Allowance, Window]:
        """Return what a person has besides the rules, and the window that is theirs."""
        return self._usual if person is None else self._of(person)

    @cached_property
    def _usual(self) -> tuple[Allowance, Window]:
        return self._of(None)

    def _of(self, person: AssigneeRow | None) -> tuple[Allowance, Window]:
        found = assignments.allowance(person, occurrence=self.occurrence)
        return found, allowed(self.window, found)


def living(session: Session, actor: Actor, assignment_id: int, action: Action) -> AssignmentRow:
    """Return an assignment that is not in the trash, if the actor may."""
    row = assignments.get(session, assignment_id)
    return access.allowed(None if row and row.deleted_at else row, actor, action, thing="assignment")


def work(row: AssignmentRow, now: datetime) -> Work:
    """Return what is to be done now: the occurrence that opened last, else the first."""
    rules = assignments.rules(row)
    return occurrence_of(row, recurrence.current(rules.window, rules.recurrence, ZoneInfo(row.zone), now))


def occurrence_of(row: AssignmentRow, number: int) -> Work:
    """Return what is to be done in an occurrence."""
    rules = assignments.rules(row)
    window = recurrence.window_of(rules.window, rules.recurrence, ZoneInfo(row.zone), number)
    return Work(row, rules, number, window)


def guest(row: AssignmentRow, key: UUID) -> Actor:
    """Return somebody without an account who came in by the link of an assignment."""
    return Actor(GUEST, roles={row.owner_id: Role.GUEST}, guest=key)


def taker(actor: Actor) -> Taker:
    """Return the actor as one who sits."""
    return Taker(None, actor.guest) if actor.guest else Taker(actor.person_id)


def is_assignee(row: AssignmentRow, person: AssigneeRow | None, role: Role | None) -> bool:
    """Say whether somebody of the team is to do an assignment: a member where it is for all, or who was chosen."""
    return role is not None and ((row.for_all and role is Role.MEMBER) or bool(person and person.is_chosen))


def people(session: Session, row: AssignmentRow, persons: Mapping[tuple[int, int], AssigneeRow]) -> Sequence[Member]:
    """Return who is to do an assignment, by name."""
    team_id = teams.id_of(session, row.owner_id)
    members = teams.members(session, team_id) if team_id is not None else ()
    return [one for one in members if is_assignee(row, persons.get((row.id, one.learner_id)), one.role)]


def topics(questions: Sequence[QuestionRow]) -> Sequence[str]:
    """Return of each question what it is about: the heading that its source stands under, else its document."""
    return [one.heading or one.document_title or "" for one in questions]


def topic_of(question: Question) -> str:
    """Return what a question is about that is not stored yet."""
    return (question.source and question.source.heading) or question.document_title or ""


def pool(session: Session, row: AssignmentRow) -> Sequence[QuestionRow]:
    """Return the questions of an assignment, by number; none for a deck that is studied."""
    return quizzes.questions(session, row.quiz_id) if row.quiz_id is not None else ()


def title(row: SittingRow) -> str:
    """Return what a sitting is called: as its assignment, else as its quiz."""
    return row.assignment.title if row.assignment else row.quiz.title


def stands(row: SittingRow) -> bool:
    """Say whether the assignment of a sitting, if it has one, is not in the trash."""
    return row.assignment is None or row.assignment.deleted_at is None


def tells(session: Session, row: SittingRow, *, is_finished: bool, now: datetime) -> bool:
    """Say whether the person of a sitting may see what is right, all over; one that is not assigned tells at its end."""
    found = row.assignment
    if found is None:
        return is_finished
    there = occurrence_of(found, row.occurrence or 0)
    persons = assignments.assignees(session, [found.id]).values()
    ends = [window.cutoff or window.due for _, window in (there.of(person) for person in (None, *persons))]
    latest = Window(there.window.opens, there.window.due, max(ends))
    return is_told(found.told, latest, is_finished=is_finished, now=now)


def keeps_late(row: SittingRow, now: datetime) -> bool:
    """Say whether an answer is taken that arrives when its sitting has ended by itself."""
    if row.assignment is None or row.deadline is None or row.finished not in {None, row.deadline}:
        return False
    return row.assignment.late is Late.KEEP and now <= row.deadline + KEPT_LATE


def count_mastered(session: Session, row: SittingRow) -> int | None:
    """Return how many questions the person of a sitting has mastered by now; None where they are not to."""
    found = row.assignment
    if found is None or found.goal is not Goal.MASTERY:
        return None
    who = Taker(row.learner_id, row.guest_key)
    given = attempts.recalls(session, found.id, row.occurrence or 0, [who]).get(who, {})
    states = (mastered(one, times=found.recalls, spacing=found.spacing) for one in given.values())
    return sum(one.is_mastered for one in states)
