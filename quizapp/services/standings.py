"""Where people stand with their assignments, from sittings and answers. Start from `records`."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isnan, nan

from quizapp.db import assignments, attempts, quizzes, reached, tallies
from quizapp.db import decks as deck_rows
from quizapp.db.assignments import AssigneeRow, AssignmentRow
from quizapp.db.attempts import Taken, Taker
from quizapp.db.engine import Session, media_of, reads
from quizapp.db.reached import Asked, Crew, Far
from quizapp.domain import assignments as rules_of
from quizapp.domain.assignments import PROGRESS, Attempt, Goal, Progress, Standing
from quizapp.domain.mastery import Mastering, Recall, mastered
from quizapp.domain.scheduling import mean_retrievability
from quizapp.services.assigned import Work
from quizapp.services.settings import StudyPlan, study_plans
from quizapp.services.sittings import GRACE

SHARES_KEPT = 20_000
# Of decks that are known: by what is the same for all who study alike, then by person and what they did.
_shares: dict[tuple[object, ...], dict[tuple[object, ...], float | None]] = {}
Answers = Mapping[Taker, Mapping[int, Sequence[Recall]]]  # by person and number of the question


@dataclass(frozen=True)
class Records:
    """What is stored about some assignments: all attempts, or one person's."""

    now: datetime
    persons: Mapping[tuple[int, int], AssigneeRow]  # by assignment and person
    taken: Mapping[tuple[int, int, Taker], Sequence[Taken]]  # by assignment, occurrence and person
    questions: Mapping[int, int]  # how many, by quiz
    answers: Mapping[tuple[int, int], Answers]  # to what is to be mastered, by assignment and occurrence
    known: Mapping[tuple[int, int], float]  # share of a deck, by assignment and person

    def attempts(self, work: Work, taker: Taker) -> Sequence[Taken]:
        """Return a person's attempts in an occurrence, the oldest first."""
        return self.taken.get((work.row.id, work.occurrence, taker), ())

    def person(self, work: Work, taker: Taker) -> AssigneeRow | None:
        """Return what is stored about a person, if they are one of the team."""
        return self.persons.get((work.row.id, taker.learner_id or 0))

    def standing(self, work: Work, taker: Taker) -> Standing:
        """Return where a person stands."""
        person = self.person(work, taker)
        allowance, window = work.of(person)
        match work.rules.goal:
            case Goal.QUIZ:
                found = [_attempt(one, self.now) for one in self.attempts(work, taker)]
                return rules_of.standing(work.rules, window, allowance, found, self.now)
            case Goal.MASTERY:
                return self._mastering(work, taker)
            case Goal.RECALL:
                settled = person is not None and person.settled_at is not None
                known = self.known.get((work.row.id, taker.learner_id or 0))
                return rules_of.recalling(work.rules, window, allowance, known, self.now, is_settled=settled)

    def mastery(self, work: Work, taker: Taker) -> Mapping[int, Mastering]:
        """Return how far a person is with each question, by its number."""
        given = self.answers.get((work.row.id, work.occurrence), {}).get(taker, {})
        numbers = range(1, self.questions.get(work.row.quiz_id or 0, 0) + 1)
        rules = work.rules
        return {one: mastered(given.get(one, ()), times=rules.recalls, spacing=rules.spacing) for one in numbers}

    def ready(self, work: Work, taker: Taker) -> tuple[Sequence[int], datetime | None]:
        """Return the questions that can be recalled now, and when the next can be."""
        open_ones = {number: one for number, one in self.mastery(work, taker).items() if not one.is_mastered}
        waits = {number: one.ready_at(work.rules.spacing) or work.window.opens for number, one in open_ones.items()}
        return [number for number, at in waits.items() if at <= self.now], min(waits.values(), default=None)

    def _mastering(self, work: Work, taker: Taker) -> Standing:
        allowance, window = work.of(self.person(work, taker))
        states = self.mastery(work, taker).values()
        share = sum(one.is_mastered for one in states) / max(1, len(states))
        given = self.answers.get((work.row.id, work.occurrence), {}).get(taker, {})
        times = sorted(recall.at for recalls in given.values() for recall in recalls)
        is_under_way = any(_ended(one, self.now) is None for one in self.attempts(work, taker))
        ready = None if is_under_way else self.ready(work, taker)[1]
        return rules_of.mastering(
            work.rules, window, allowance, share, times, ready, self.now, is_under_way=is_under_way
        )


def records(
    session: Session, works: Sequence[Work], *, now: datetime, takers: Sequence[Taker] | None = None
) -> Records:
    """Return what is stored about these assignments, of everybody or of some people."""
    ids = [one.row.id for one in works]
    learners = None if takers is None else [one.learner_id for one in takers if one.learner_id is not None]
    taken: dict[tuple[int, int, Taker], list[Taken]] = defaultdict(list)
    for one in attempts.taken(session, [one.row.id for one in works if one.row.quiz_id is not None], takers):
        taken[one.assignment_id, one.occurrence, one.taker].append(one)
    persons = assignments.assignees(session, ids, learners)
    to_master = [one for one in works if one.rules.goal is Goal.MASTERY]
    quiz_ids = [one.row.quiz_id for one in works if one.row.quiz_id is not None]
    return Records(
        now=now,
        persons=persons,
        taken=taken,
        questions=quizzes.question_counts(session, quiz_ids),
        answers={
            (one.row.id, one.occurrence): attempts.recalls(session, one.row.id, one.occurrence, takers)
            for one in to_master
        },
        known=_known(session, [one.row for one in works if one.rules.goal is Goal.RECALL], persons, learners, now=now),
    )


def known(session: Session, row: AssignmentRow, learner_ids: Sequence[int], at: datetime) -> Mapping[int, float]:
    """Return which share of an assigned deck people can be expected to know; who has studied none of it is left out.

    Their own forgetting curves say so: nothing else of their study leaves this function.
    """
    ids = _deck_ids(session, row)
    if not ids or not learner_ids:
        return {}
    cards = quizzes.count_cards(session, ids)
    plans, traced = study_plans(session, learner_ids), attempts.memories(session, learner_ids, ids)
    shares = {one: _share(traces, cards, plans[one], at) for one, traces in traced.items()}
    return {one: share for one, share in shares.items() if share is not None}


def known_now(
    session: Session, row: AssignmentRow, learner_ids: Sequence[int], *, now: datetime
) -> Mapping[int, float]:
    """Return what `known` does at this moment; only what has changed is worked out anew.

    A share stays the same until the person's day turns, their settings change, a card of theirs moves or is answered,
    which is counted, or the deck has other cards; only sessions that read ask for it.
    """
    ids = _deck_ids(session, row)
    if not ids or not learner_ids or not reads(session):
        return known(session, row, learner_ids, now)
    marks = tallies.marks(session, ids, [row.owner_id, *learner_ids])
    whole = marks.get(row.owner_id, ())  # every card is in the library
    cards = tallies.count(whole)
    plans, library = study_plans(session, learner_ids), (media_of(session), *ids)
    alike = {id(how): how for how in plans.values()}
    kept = {
        same: _shares.setdefault((library, whole, how, how.days.day_of(now)), {}) for same, how in alike.items()
    }  # another thread may empty them meanwhile
    shares = {one: kept[id(plans[one])].get((one, marks.get(one)), nan) for one in learner_ids}
    if missing := [one for one, share in shares.items() if share is not None and isnan(share)]:
        traced = attempts.memories(session, missing, ids)
        if len(_shares) + sum(map(len, _shares.values())) + len(missing) > SHARES_KEPT:
            _shares.clear()
        for one in missing:
            traces = traced.get(one, ())
            shares[one] = _share(traces, cards, plans[one], now)
            if all(last <= now for last, _ in traces):  # one that a clock ahead has dated counts from then on
                kept[id(plans[one])][one, marks.get(one)] = shares[one]
    return {one: share for one, share in shares.items() if share is not None}


def _share(traces: Sequence[tuple[datetime, float]], cards: int, how: StudyPlan, at: datetime) -> float | None:
    """Return which share of so many cards is known, given the memories of those that were seen; None of none."""
    until_then = [(last, stability) for last, stability in traces if last <= at]
    if not until_then:
        return None
    mean = mean_retrievability(until_then, at, how.days, how.preset)
    return mean * len(until_then) / max(cards, len(until_then))


@dataclass(frozen=True)
class Counts:
    """How many of those who are to do an assignment, and are not excused, are how far."""

    done: int
    under_way: int
    not_begun: int
    late: int

    @property
    def people(self) -> int:
        """Return how many are to do it."""
        return self.done + self.under_way + self.not_begun + self.late


@dataclass(frozen=True)
class Stood:
    """Who stands where with an occurrence of an assignment."""

    by: Mapping[Progress | None, Sequence[int]]  # those who are to do it; None of who is excused
    others: Sequence[int]  # who did something, and are not to do it any more

    @property
    def counts(self) -> Counts:
        """Return how many are how far."""
        return Counts(**{one.value: len(self.by.get(one, ())) for one in Progress})


def crew(session: Session, owner_id: int, works: Sequence[Work], *, named: bool = False) -> Crew:
    """Return who belongs to the team of a library, and whom these assignments of it single out, for `stood`."""
    return reached.crew(session, owner_id, [one.row.id for one in works], named=named)


def stood(session: Session, work: Work, crew: Crew, *, now: datetime) -> Stood:
    """Return where everybody stands with an occurrence of an assignment; those who are equally far are judged once."""
    found: dict[Progress | None, list[int]] = defaultdict(list)
    reach = reached.far(session, _asked(session, work, now), crew)
    for far, people in reach.by.items():
        found[_progress(work, far, now)] += people
    return Stood(found, reach.others)


def _asked(session: Session, work: Work, now: datetime) -> Asked:
    pooled = 0
    if work.rules.goal is Goal.MASTERY and work.row.quiz_id is not None:
        pooled = quizzes.question_counts(session, [work.row.quiz_id]).get(work.row.quiz_id, 0)
    deck_ids = _deck_ids(session, work.row) if work.rules.goal is Goal.RECALL else ()
    return Asked(work.row, work.occurrence, now - GRACE, pooled, deck_ids)


def _progress(work: Work, far: Far, now: datetime) -> Progress | None:
    window = rules_of.allowed(work.window, far.allowance)
    return PROGRESS.get(rules_of.status(work.rules, window, far.allowance, far.reached, now))


def _deck_ids(session: Session, row: AssignmentRow) -> Sequence[int]:
    return deck_rows.family_ids(session, row.deck_id) if row.deck_id is not None else ()


def _known(
    session: Session,
    rows: Sequence[AssignmentRow],
    persons: Mapping[tuple[int, int], AssigneeRow],
    learner_ids: Sequence[int] | None,
    *,
    now: datetime,
) -> Mapping[tuple[int, int], float]:
    settled = {key: person.known for key, person in persons.items() if person.known is not None}
    found: dict[tuple[int, int], float] = {}
    for row in rows:
        some = assignments.team_of(session, row.owner_id) if learner_ids is None else learner_ids
        window, by_day = assignments.rules(row).window, defaultdict(list)
        for one in some:
            if (row.id, one) not in settled:
                has = assignments.allowance(persons.get((row.id, one)), occurrence=0)
                by_day[min(now, rules_of.allowed(window, has).due)].append(one)
        for at, open_ones in by_day.items():
            shares = known_now(session, row, open_ones, now=now) if at == now else known(session, row, open_ones, at)
            found |= {(row.id, one): share for one, share in shares.items()}
    return {**found, **settled}


def _attempt(one: Taken, now: datetime) -> Attempt:
    return Attempt(one.started, _ended(one, now), one.points / max(1, one.questions))


def _ended(one: Taken, now: datetime) -> datetime | None:
    """Return when an attempt was over, be that stored or not; an answer that was taken late makes it so much later."""
    if one.finished is None:
        return one.deadline if one.deadline is not None and now > one.deadline + GRACE else None
    return one.last_answer if is_over_time(one) else one.finished


def is_over_time(one: Taken) -> bool:
    """Say whether an answer counts that arrived after the end of its attempt."""
    return bool(one.deadline and one.last_answer and one.last_answer > one.deadline + GRACE)
