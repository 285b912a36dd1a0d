"""Doing what is assigned: what is owed, an attempt begun, a deck taken on; guests come in by a link. Start from `mine`."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from quizapp.db import assignments, attempts, exams, teams
from quizapp.db.assignments import AssignmentRow
from quizapp.db.attempts import Taken, Taker
from quizapp.db.engine import Session
from quizapp.db.quizzes import SittingRow
from quizapp.domain import sampling
from quizapp.domain.assignments import Gate, Goal, Rules, Standing, Status, deadline, tries
from quizapp.domain.exams import Exam
from quizapp.domain.permissions import Action, Actor, own
from quizapp.domain.recurrence import Window
from quizapp.errors import Conflict, InvalidInput, NotFound, Unavailable
from quizapp.services import exams as exam_services
from quizapp.services import following, standings
from quizapp.services.assigned import Work, guest, is_assignee, living, occurrence_of, pool, taker, topics, work
from quizapp.services.quizzes import dice_of
from quizapp.services.settings import study_plan
from quizapp.services.sittings import close, is_overdue
from quizapp.services.standings import Records
from quizapp.translations import marked

LISTED = 200
NAME_LIMIT_CHARS = 80
MOST_IN_A_MINUTE, MOST_IN_A_DAY = 60, 2_000  # guests who begin by one link
ROUND = 20  # questions of what is to be mastered, in one sitting
OWED = frozenset({Status.OPEN, Status.IN_PROGRESS, Status.LATE})
SOON = timedelta(days=1)
NO_TEAM = (0, "")
SHUT = {
    Gate.NOT_YET: marked("This is not open yet. Come back when it is."),
    Gate.WAIT: marked("The next attempt opens later. Its time stands on the page of the assignment."),
    Gate.NONE_LEFT: marked("There is no attempt left here. What you reached counts."),
    Gate.OVER: marked("This is over, so no attempt can begin any more. Ask your trainer for more time."),
    Gate.EXCUSED: marked("You are excused from this, so there is nothing to do."),
}


@dataclass(frozen=True)
class Mine:
    """An assignment as one who is to do it sees it."""

    id: int
    title: str
    note: str
    team_id: int
    team: str
    zone: str
    rules: Rules
    window: Window  # theirs
    occurrence: int
    standing: Standing
    attempts: Sequence[Taken]
    questions: int  # in an attempt; of what is to be mastered, in all
    created: datetime
    tries: int | None
    time_limit: timedelta | None
    mastered: int = 0
    recalled: int = 0  # times, of all that it takes to master everything
    ready: int = 0  # questions that can be recalled now, in one sitting
    deck_id: int | None = None
    is_taken_on: bool = False  # a deck that is studied towards the day

    @property
    def is_owed(self) -> bool:
        """Say whether there is something to do."""
        if self.standing.status is Status.FAILED:
            return self.standing.gate in {Gate.OPEN, Gate.GO_ON, Gate.WAIT}
        return self.standing.status in OWED


def mine(session: Session, actor: Actor, *, now: datetime) -> Sequence[Mine]:
    """Return what is assigned to a person, what is owed first and then by when it is due."""
    rows = assignments.of_learner(session, actor.person_id, limit=LISTED)
    shown = _all_mine(session, actor, [work(row, now) for row in rows], now)
    return sorted(shown, key=lambda one: (not one.is_owed, one.window.due, one.id))


def around(session: Session, actor: Actor, *, since: datetime, until: datetime, now: datetime) -> Sequence[Mine]:
    """Return what is assigned to a person as it stands now: each occurrence from the one at `since` to that at `until`."""
    works = []
    for row in assignments.of_learner(session, actor.person_id, limit=LISTED):
        first, last = work(row, since).occurrence, work(row, until).occurrence
        works += [occurrence_of(row, number) for number in range(first, last + 1)]
    return _all_mine(session, actor, works, now)


def owed(session: Session, actor: Actor, *, now: datetime) -> Sequence[Mine]:
    """Return what a person is to do now, what is due first first."""
    return [one for one in mine(session, actor, now=now) if one.is_owed]


def one_of_mine(session: Session, actor: Actor, assignment_id: int, *, now: datetime) -> Mine | None:
    """Return an assignment of a team that one belongs to as one is to do it, or None if one is not."""
    return as_mine(session, actor, living(session, actor, assignment_id, Action.ANSWER), now=now)


def as_mine(session: Session, actor: Actor, row: AssignmentRow, *, now: datetime) -> Mine | None:
    """Return an assignment that one may answer as one is to do it, or None if one is not."""
    there, who = work(row, now), taker(actor)
    person = assignments.person(session, row.id, actor.person_id)
    if actor.guest is None and not is_assignee(row, person, actor.roles.get(row.owner_id)):
        return None
    found = standings.records(session, [there], now=now, takers=[who])
    return _mine(session, found, there, who, _team(session, row))


def begin(session: Session, actor: Actor, assignment_id: int, *, seed: int, now: datetime) -> int:
    """Return the sitting that the actor has begun for an assignment, or begin the next attempt; the seed draws it."""
    row = living(session, actor, assignment_id, Action.ANSWER)
    found = standings.records(session, [work(row, now)], now=now, takers=[taker(actor)])
    person = found.person(work(row, now), taker(actor))
    if row.quiz_id is None or not is_assignee(row, person, actor.roles.get(row.owner_id)):
        raise NotFound("This is not assigned to you. Go back to Today and look at what is.")
    return _begin(session, row, taker(actor), None, seed=seed, now=now)


def take_on(session: Session, actor: Actor, assignment_id: int, *, now: datetime) -> int:
    """Study a deck towards the day of an assignment, with enough new cards a day; return the deck's id.

    The person's own plan follows their own curve; an exam that they have earlier stays.
    """
    row, person = living(session, actor, assignment_id, Action.ANSWER), own(actor)
    found = one_of_mine(session, actor, assignment_id, now=now)
    if row.deck_id is None or found is None:
        raise NotFound("This is not assigned to you. Go back to Today and look at what is.")
    _refuse_unless_open(found.standing)
    following.follow(session, person, row.deck_id, now=now)
    day = study_plan(session, person).days.day_of(found.window.due)
    before = exams.of_deck(session, person.learner_id, row.deck_id)
    today = study_plan(session, person).days.day_of(now)
    if day > today and (before is None or not today <= before.day <= day):
        exam_services.choose(session, person, row.deck_id, Exam(day), now=now)
        prospect = exam_services.of_deck(session, person, row.deck_id, now=now)
        if prospect and prospect.suggested:
            exam_services.choose(session, person, row.deck_id, Exam(day, prospect.suggested_limits), now=now)
    return row.deck_id


def close_overdue(session: Session, *, now: datetime) -> int:
    """Finish what ended by itself with what was answered, whoever looks at it or not; return how many."""
    rows = [one for one in attempts.overdue(session, before=now, limit=1_000) if is_overdue(one, now)]
    for one in rows:
        close(session, one, now=now)
    return len(rows)


def settle(session: Session, *, now: datetime) -> None:
    """Keep what was known of assigned decks on their days: later study changes it no more."""
    for row in assignments.to_settle(session, now=now):
        there, persons = work(row, now), assignments.assignees(session, [row.id])
        by_day: dict[datetime, list[int]] = defaultdict(list)
        for learner_id in assignments.team_of(session, row.owner_id):
            person = persons.get((row.id, learner_id))
            _, window = there.of(person)
            if (person is None or person.settled_at is None) and window.due <= now:
                by_day[window.due].append(learner_id)
        for at, learner_ids in by_day.items():
            found = standings.known(session, row, learner_ids, at)
            for learner_id in learner_ids:
                person = assignments.assignee(session, row.id, learner_id)
                person.known, person.settled_at = found.get(learner_id, 0.0), now
    session.flush()


# Guests


def by_link(session: Session, token: str, key: UUID | None, *, now: datetime) -> Mine:
    """Return an assignment as a guest sees it who has its link, and the key of their browser if they have begun."""
    row = _linked(session, token)
    there, who = work(row, now), Taker(None, key)
    found = standings.records(session, [there], now=now, takers=[who])
    return _mine(session, found, there, who, _team(session, row))


def begin_as_guest(session: Session, token: str, key: UUID, name: str, *, seed: int, now: datetime) -> int:
    """Return the sitting that a guest has begun, or begin the next attempt under the name."""
    row = _linked(session, token)
    tidy = " ".join("".join(sign for sign in name if sign.isprintable() or sign.isspace()).split())[:NAME_LIMIT_CHARS]
    if not tidy:
        raise InvalidInput("Write your name, so that your result is known to be yours.")
    if attempts.open_one(session, row.id, Taker(None, key)) is None:
        recent = (attempts.begun_since(session, row.id, now - timedelta(minutes=1)), MOST_IN_A_MINUTE)
        today = (attempts.begun_since(session, row.id, now - timedelta(days=1)), MOST_IN_A_DAY)
        if any(count >= most for count, most in (recent, today)):
            raise Unavailable("Too many people begin by this link at once. Wait a minute and press the button again.")
    return _begin(session, row, Taker(None, key), tidy, seed=seed, now=now)


def as_guest(session: Session, token: str, key: UUID) -> tuple[Actor, str]:
    """Return the actor that a guest is, by the link and their browser's key, and the time zone of the assignment."""
    row = _linked(session, token)
    return guest(row, key), row.zone


def _linked(session: Session, token: str) -> AssignmentRow:
    row = assignments.by_token(session, token)
    team = teams.named_by(session, row.owner_id) if row else None
    if row is None or team is None:
        raise NotFound("This link leads nowhere any more. Ask whoever gave it to you for a new one.")
    return row


def _begin(
    session: Session, row: AssignmentRow, who: Taker, guest_name: str | None, *, seed: int, now: datetime
) -> int:
    there = work(row, now)
    under_way = attempts.open_one(session, row.id, who)
    if under_way is not None and not is_overdue(under_way, now):
        return under_way.id
    if under_way is not None:
        close(session, under_way, now=now)
    found = standings.records(session, [there], now=now, takers=[who])
    _refuse_unless_open(found.standing(there, who))
    allowance, window = there.of(found.person(there, who))
    sitting = SittingRow(
        owner_id=row.owner_id,
        quiz_id=row.quiz_id,
        learner_id=who.learner_id,
        guest=guest_name,
        guest_key=who.guest_key,
        started=now,
        deadline=deadline(now, there.rules, window, allowance),
        order=_order(session, found, there, who, seed=seed),
        assignment_id=row.id,
        occurrence=there.occurrence,
        attempt=len(found.attempts(there, who)) + 1,
        seed=seed if there.rules.is_shuffled else None,
    )
    session.add(sitting)
    session.flush()
    return sitting.id


def _order(session: Session, found: Records, there: Work, who: Taker, *, seed: int) -> tuple[int, ...]:
    """Return the questions of an attempt as the seed draws and mixes them."""
    dice = dice_of(seed)
    if there.rules.goal is Goal.MASTERY:
        numbers = list(found.ready(there, who)[0])[:ROUND]
    else:
        numbers = list(sampling.draw(topics(pool(session, there.row)), there.rules.quota, dice))
    if there.rules.is_shuffled:
        dice.shuffle(numbers)
    return tuple(numbers)


def _refuse_unless_open(standing: Standing) -> None:
    if standing.gate in SHUT:
        raise Conflict(SHUT[standing.gate])


def _all_mine(session: Session, actor: Actor, works: Sequence[Work], now: datetime) -> Sequence[Mine]:
    if not works:
        return []
    who = Taker(actor.person_id)
    found = standings.records(session, works, now=now, takers=[who])
    of_person = teams.names_of_learner(session, actor.person_id)
    return [_mine(session, found, one, who, of_person.get(one.row.owner_id, NO_TEAM)) for one in works]


def _team(session: Session, row: AssignmentRow) -> tuple[int, str]:
    return teams.named_by(session, row.owner_id) or NO_TEAM


def _mine(session: Session, found: Records, there: Work, who: Taker, team: tuple[int, str]) -> Mine:
    row, rules = there.row, there.rules
    allowance, window = there.of(found.person(there, who))
    pooled = found.questions.get(row.quiz_id or 0, 0)
    states = found.mastery(there, who).values() if rules.goal is Goal.MASTERY else ()
    limit = rules.time_limit
    return Mine(
        id=row.id,
        title=row.title,
        note=row.note,
        team_id=team[0],
        team=team[1],
        zone=row.zone,
        rules=rules,
        window=window,
        occurrence=there.occurrence,
        standing=found.standing(there, who),
        attempts=found.attempts(there, who),
        questions=asked(session, there, pooled),
        created=row.created,
        tries=tries(rules, allowance),
        time_limit=None if limit is None else limit + allowance.more_time,
        mastered=sum(one.is_mastered for one in states),
        recalled=sum(one.times for one in states),
        ready=min(len(found.ready(there, who)[0]), ROUND) if states else 0,
        deck_id=row.deck_id,
        is_taken_on=bool(row.deck_id and who.learner_id and exams.of_deck(session, who.learner_id, row.deck_id)),
    )


def asked(session: Session, there: Work, pooled: int) -> int:
    """Return how many questions of so many in its pool an attempt asks."""
    quota = there.rules.quota
    if there.rules.goal is Goal.MASTERY or quota == sampling.EVERY:
        return pooled
    if quota.count is not None:
        return quota.count
    return len(set(topics(pool(session, there.row)))) * (quota.per_topic or 0)
