"""The pack that a device keeps, to study on without the server. Start from `pack`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from quizapp.db import coming, reviews
from quizapp.db.engine import Session
from quizapp.db.plans import Queue
from quizapp.domain.packs import Button, allot, foresee
from quizapp.domain.permissions import Actor
from quizapp.domain.queues import coming_days
from quizapp.domain.scheduling import Memory
from quizapp.domain.spreading import Calendar
from quizapp.services import loads, study
from quizapp.services.options import Share, share_of, shares, within
from quizapp.services.settings import StudyPlan, study_plan
from quizapp.services.stacks import Stack, stacks
from quizapp.services.study import StudyCard

PACK_DAYS = 3  # today among them
MOST_CARDS = 500
STEPS_AHEAD = 2


@dataclass(frozen=True)
class Packed:
    """A card with what each button gives on each day of the pack; days before it is asked have no buttons."""

    card: StudyCard
    start: datetime  # it is asked from then on
    buttons: Sequence[tuple[Button, ...]]


@dataclass(frozen=True)
class Pack:
    """The cards likely to be asked on the next days, in the order in which they are."""

    made: datetime
    ends: Sequence[datetime]  # of its days
    parameters: int  # the version of those that the buttons were worked out with
    cards: Sequence[Packed]


def pack(session: Session, actor: Actor, *, now: datetime) -> Pack:
    """Return what the actor will likely be asked today and on the two days after it."""
    how = study_plan(session, actor)
    found = shares(session, actor, how)
    ends = [end for _, end in coming_days(now, how.days, count=PACK_DAYS)]
    starts = dict(islice(_starts(session, actor, how, found, ends, now).items(), MOST_CARDS))
    calendar = loads.calendar(session, how, actor.learner_id, now)
    outlook = _Outlook(how, found, calendar, (now, *ends[:-1]))
    packed = []
    for card in study.cards(session, actor, list(starts), now=now):
        memory = reviews.memory(session, card_id=card.card_id, learner_id=actor.learner_id)
        packed.append(Packed(card, starts[card.card_id], outlook.of(card, memory, starts[card.card_id])))
    return Pack(now, ends, how.preset.version, packed)


@dataclass(frozen=True)
class _Outlook:
    """What is needed to foresee what buttons give."""

    how: StudyPlan
    found: Sequence[Share]
    calendar: Calendar
    moments: Sequence[datetime]  # now, then the beginning of each day after today

    def of(self, card: StudyCard, memory: Memory | None, start: datetime) -> Sequence[tuple[Button, ...]]:
        """Return the buttons of a card on each day."""
        how = within(self.how, share_of(self.found, card.deck_id, self.how))
        first = max(self.how.days.between(self.moments[0], start), 0)
        return [
            foresee(
                memory,
                at,
                how.days,
                how.preset,
                self._from(number),
                card_id=card.card_id,
                steps_ahead=STEPS_AHEAD,
            )
            if number >= first
            else ()
            for number, at in enumerate(self.moments)
        ]

    def _from(self, number: int) -> Calendar:
        """Return the calendar as it is counted from a later day."""
        return lambda day: self.calendar(day + number)


def _starts(
    session: Session, actor: Actor, how: StudyPlan, found: Sequence[Share], ends: Sequence[datetime], now: datetime
) -> Mapping[int, datetime]:
    """Return from when on each card is asked: those in steps, then those of each day."""
    answered = reviews.answered_on(session, actor.learner_id, how.days.day_of(now))
    there = stacks(session, actor, how, found, answered=answered, now=now)
    starts: dict[int, datetime] = {}
    for stack in there:
        steps = coming.cards(session, stack.scope, Queue.LEARNING, end=ends[-1], limit=MOST_CARDS)
        starts |= {card_id: due for card_id, due in steps if due}
    by_stack = [_by_day(session, stack, ends) for stack in there]
    for number, start in enumerate((now, *ends[:-1])):
        starts |= {card_id: start for by_day in by_stack for card_id in by_day[number]}
    return starts


def _by_day(session: Session, stack: Stack, ends: Sequence[datetime]) -> Sequence[Sequence[int]]:
    due = coming.cards(session, stack.scope, Queue.REVIEW, end=ends[-1], limit=MOST_CARDS)
    new = coming.cards(session, stack.scope, Queue.NEW, end=ends[-1], limit=MOST_CARDS)
    options = stack.share.options
    return allot(
        [(card_id, at) for card_id, at in due if at],
        [card_id for card_id, _ in new],
        ends,
        today=stack.left,
        done=stack.done,
        limits=options.limits,
        new_place=options.new_place,
    )
