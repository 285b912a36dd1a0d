"""A day on which a deck is to be known: what can be reached, and limits until then. Start from `of_deck`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from math import ceil

from quizapp.db import decks as deck_rows
from quizapp.db import exams as rows
from quizapp.db import follows, reviews, samples, study_queues
from quizapp.db.engine import Session
from quizapp.domain.exams import LONGEST_DAYS, Deck, Exam, Outlook, enough_new, foresee
from quizapp.domain.options import MOST_A_DAY, Options
from quizapp.domain.permissions import Actor
from quizapp.domain.queues import ONE_DAY, Limits
from quizapp.domain.scheduling import Trace
from quizapp.domain.workload import Standing
from quizapp.errors import InvalidInput
from quizapp.services import options
from quizapp.services.options import Share
from quizapp.services.settings import study_plan

SAMPLE = 100  # cards, as for what a goal costs
USUAL_PACE = timedelta(seconds=10)  # of an answer, before there is one


@dataclass(frozen=True)
class Prospect:
    """What a deck will be on the day of its exam."""

    exam: Exam
    days: int  # from today, 0 on the day itself; negative when it is over
    cards: int
    new: int
    planned: Outlook  # under the limits that count now
    suggested: Outlook | None  # with just enough new cards a day; None when the plan has as many
    limits: Limits  # that count now
    suggested_limits: Limits
    pace: timedelta  # of one answer


def until_exams(session: Session, actor: Actor, found: Sequence[Share], *, today: date) -> Sequence[Share]:
    """Give decks with limits of their own until an exam a share of their own, and leave the others where they are."""
    limited = rows.limits(session, actor.learner_id, today=today)
    if not limited:
        return found
    living = {row.id: (row.owner_id, row.name_key) for row in follows.studied(session, actor.learner_id)}
    for deck_id in sorted(limited.keys() & living.keys(), key=living.__getitem__):
        family = {row.id for row in deck_rows.family(session, options.living(session, actor, deck_id))}
        found = [part for share in found for part in _parted(share, family, deck_id, limited[deck_id], tuple(living))]
    return found


def of_deck(session: Session, actor: Actor, deck_id: int, *, now: datetime) -> Prospect | None:
    """Return what can be reached by the day of the deck's exam, or None without one."""
    deck = options.living(session, actor, deck_id)
    exam = rows.of_deck(session, actor.learner_id, deck_id)
    if exam is None:
        return None
    how = options.study_plan_of(session, actor, deck_id)
    today = how.days.day_of(now)
    days = (exam.day - today).days
    ids = [member.id for member in deck_rows.family(session, deck)]
    counts = study_queues.deck_counts(session, actor.learner_id, ids, now=now, end=now).values()
    seen, new = sum(one.seen for one in counts), sum(one.new for one in counts)
    standings = samples.standings(session, actor.learner_id, ids, share=min(1.0, SAMPLE / max(1, seen)))
    sample = [Standing(Trace(s, d), max(0, how.days.between(last, now))) for last, s, d in standings]
    cards = Deck(sample, seen if sample else 0, new)

    def outlook(new_per_day: int) -> Outlook:
        return foresee(cards, how.preset, new_per_day=new_per_day, days=max(0, days), dice=options.dice)

    limits = (exam.limits if days >= 0 else None) or how.options.limits
    planned, enough = outlook(limits.new), min(enough_new(new, days), MOST_A_DAY)
    suggested = outlook(enough) if enough > limits.new else None
    busiest = ceil((suggested or planned).most)
    return Prospect(
        exam=exam,
        days=days,
        cards=seen + new,
        new=new,
        planned=planned,
        suggested=suggested,
        limits=limits,
        suggested_limits=Limits(max(enough, limits.new), min(max(limits.reviews, busiest), MOST_A_DAY)),
        pace=reviews.pace(session, actor.learner_id) or USUAL_PACE,
    )


def choose(session: Session, actor: Actor, deck_id: int, exam: Exam | None, *, now: datetime) -> Exam | None:
    """Give a deck an exam, or None of them, and return the one before; its limits end with its day."""
    deck = options.living(session, actor, deck_id)
    if exam is not None:
        today = study_plan(session, actor).days.day_of(now)
        if not today < exam.day <= today + LONGEST_DAYS * ONE_DAY:
            raise InvalidInput("Choose a day from tomorrow on, at most two years ahead.")
        if exam.limits:
            Options(limits=exam.limits)  # refuses others
    before = rows.of_deck(session, actor.learner_id, deck.id)
    rows.put(session, actor.learner_id, deck.id, exam)
    return before


def put_back(session: Session, actor: Actor, deck_id: int, exam: Exam | None) -> None:
    """Put an exam in place that was there before, be it over meanwhile."""
    rows.put(session, actor.learner_id, options.living(session, actor, deck_id).id, exam)


def _parted(share: Share, family: set[int], deck_id: int, limits: Limits, living: tuple[int, ...]) -> Sequence[Share]:
    """Part a share into what it keeps and the decks of the exam, which keep all its options but the limits."""
    ids = living if share.deck_ids is None else share.deck_ids
    if deck_id not in ids:
        return [share]
    inside = tuple(one for one in ids if one in family)
    outside = tuple(one for one in ids if one not in family)
    parts = [replace(share, options=replace(share.options, limits=limits), deck_ids=inside)]
    return [*parts, replace(share, deck_ids=outside)] if outside else parts
