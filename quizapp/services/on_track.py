"""How far a team is with what is assigned to it, for those who watch: one figure an assignment, and who is on track.

Start from `on_track`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from quizapp.db import assignments, teams
from quizapp.db.attempts import Taker
from quizapp.db.engine import Session
from quizapp.domain.assignments import Gate, Goal, Rules, Standing, Status
from quizapp.domain.permissions import Action, Actor
from quizapp.domain.recurrence import Window
from quizapp.services import standings
from quizapp.services.assigned import Work, is_assignee, work
from quizapp.services.teams import living

MOST = 200  # assignments that are looked at


class Stage(Enum):
    """How far somebody is with one assignment that is open."""

    DONE = "done"  # handed in and passed, mastered, or known well enough
    UNDER_WAY = "under_way"  # begun, and in time
    NOT_BEGUN = "not_begun"
    BEHIND = "behind"  # late, or not passed with no attempt left


GOOD = frozenset({Stage.DONE, Stage.UNDER_WAY})


@dataclass(frozen=True)
class Progress:
    """How far everybody is with one assignment that is open."""

    assignment_id: int
    title: str
    window: Window
    people: int  # who are to do it, those who are excused apart
    done: int
    under_way: int
    not_begun: int
    behind: int


@dataclass(frozen=True)
class OnTrack:
    """How far a team is."""

    assignments: Sequence[Progress]  # that are open, those due first first
    people: int  # who are to do any of them
    on_track: int  # of them, who have done or begun in time whatever they are to do


def on_track(session: Session, actor: Actor, team_id: int, *, now: datetime) -> OnTrack:
    """Return how far a team is with what is open, for who may watch it."""
    team = living(session, actor, team_id, Action.WATCH)
    found = [work(row, now) for row in assignments.of_library(session, team.library_id, limit=MOST)]
    works = [one for one in found if _is_open(one, now)]
    bad, who, told = set[int](), set[int](), []
    for one, stages in _stages(session, team.id, works, now=now):
        counts = Counter(stages.values())
        who |= stages.keys()
        bad |= {person for person, stage in stages.items() if stage not in GOOD}
        figures = (counts[stage] for stage in Stage)
        told.append(Progress(one.row.id, one.row.title, one.window, len(stages), *figures))
    return OnTrack(sorted(told, key=lambda one: one.window.due), len(who), len(who - bad))


def stage(standing: Standing, rules: Rules) -> Stage | None:
    """Return how far somebody is who stands so; None of one who is excused."""
    is_known = rules.goal is Goal.RECALL and (standing.score or 0.0) >= rules.recall
    match standing.status:
        case Status.EXCUSED:
            return None
        case Status.DONE | Status.PASSED:
            return Stage.DONE
        case Status.IN_PROGRESS:
            return Stage.DONE if is_known else Stage.UNDER_WAY
        case Status.OPEN | Status.NOT_OPEN:
            return Stage.NOT_BEGUN
        case Status.FAILED:
            return Stage.UNDER_WAY if standing.gate in {Gate.OPEN, Gate.GO_ON, Gate.WAIT} else Stage.BEHIND
        case Status.LATE | Status.MISSED:
            return Stage.BEHIND


def _stages(
    session: Session, team_id: int, works: Sequence[Work], *, now: datetime
) -> Iterator[tuple[Work, Mapping[int, Stage]]]:
    """Give for each assignment how far each is who is to do it, those who are excused apart."""
    stored = standings.records(session, works, now=now)
    members = teams.members(session, team_id) if works else ()
    for one in works:
        stages = {}
        for member in members:
            taker = Taker(member.learner_id)
            if is_assignee(one.row, stored.person(one, taker), member.role):
                found = stage(stored.standing(one, taker), one.rules)
                if found is not None:
                    stages[member.learner_id] = found
        yield one, stages


def _is_open(one: Work, now: datetime) -> bool:
    ends = one.window.due if one.rules.goal is Goal.RECALL else one.window.cutoff
    return one.window.opens <= now and (ends is None or now < ends)
