"""After a holiday: what waits is spread over days, the cards most at risk first, and can be put back. Start from `backlog`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from quizapp.db import asides, reviews, study_queues
from quizapp.db.engine import Session
from quizapp.db.study_queues import Scope
from quizapp.domain.cards import CardId
from quizapp.domain.catching_up import MOST_DAYS, Choice, Overdue, choices, is_backlog, spread
from quizapp.domain.permissions import Actor
from quizapp.domain.queues import ONE_DAY
from quizapp.errors import InvalidInput
from quizapp.services.options import share_of, shares, within
from quizapp.services.settings import study_plan

MOST = 5_000  # cards that are spread at once
FIRST_PACE = timedelta(seconds=15)
# A card that is put off here is asked a second after the day has turned, which tells it from one buried by hand.
MARK = timedelta(seconds=1)


@dataclass(frozen=True)
class Backlog:
    """What waits, and how it can be caught up with."""

    waiting: int
    limit: int  # reviews a day
    choices: Sequence[Choice]
    pace: timedelta  # for one answer
    put_off: int  # cards that wait for their day already


def is_offered(session: Session, actor: Actor, *, now: datetime) -> bool:
    """Say whether so much waits that Today should offer to spread it."""
    limit = study_plan(session, actor).options.limits.reviews
    return is_backlog(study_queues.due_reviews(session, Scope(actor.learner_id), now), limit)


def backlog(session: Session, actor: Actor, *, now: datetime) -> Backlog:
    """Return what waits and what catching up would come to."""
    cards = _overdue(session, actor, now)
    return Backlog(
        waiting=len(cards),
        limit=study_plan(session, actor).options.limits.reviews,
        choices=choices(cards),
        pace=reviews.pace(session, actor.learner_id) or FIRST_PACE,
        put_off=len(asides.put_off(session, actor.learner_id, now=now, by=MARK)),
    )


def catch_up(session: Session, actor: Actor, *, days: int, now: datetime) -> int:
    """Let what waits come over so many days, today the first, and return how many cards wait for a later one."""
    if not 2 <= days <= MOST_DAYS:
        raise InvalidInput("Catch up in 2 to %(most_days)s days.", most_days=MOST_DAYS)
    calendar = study_plan(session, actor).days
    today = calendar.day_of(now)
    turns = spread(_overdue(session, actor, now), days)
    until: dict[int, datetime | None] = {
        card: calendar.start(today + ONE_DAY * day) + MARK for card, day in turns.items() if day
    }
    asides.bury(session, actor.learner_id, until)
    return len(until)


def put_back(session: Session, actor: Actor, *, now: datetime) -> int:
    """Let everything that was put off come when it is due again, and return how many cards that are."""
    cards = asides.put_off(session, actor.learner_id, now=now, by=MARK)
    asides.bury(session, actor.learner_id, dict.fromkeys(cards))
    return len(cards)


def _overdue(session: Session, actor: Actor, now: datetime) -> Sequence[Overdue]:
    how = study_plan(session, actor)
    found = shares(session, actor, how)
    waiting = asides.waiting(session, actor.learner_id, now=now, limit=MOST)
    presets = {deck: within(how, share_of(found, deck, how)).preset for deck in {one.deck_id for one in waiting}}
    today = how.days.day_of(now).toordinal()
    studied = how.days.ordinals(one.last_review for one in waiting)
    return [
        Overdue(CardId(one.card_id), max(0, today - day), one.stability, presets[one.deck_id])
        for one, day in zip(waiting, studied, strict=True)
    ]
