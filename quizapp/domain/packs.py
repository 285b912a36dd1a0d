"""What a device takes along so that studying goes on without the server: which cards, and what buttons will give.

Start from `allot` and `foresee`. What a device says is a preview: the server works out what counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from quizapp.domain import queues
from quizapp.domain.queues import Counts, Days, DoneToday, Kind, Limits, NewPlace, Waiting
from quizapp.domain.scheduling import Grade, Memory, Phase, Preset, outcomes, spread_out
from quizapp.domain.spreading import Calendar, spreads

Coming = Sequence[tuple[int, datetime]]  # cards with when they are due, the first due first


@dataclass(frozen=True)
class Button:
    """What a grade will give, and what the buttons give next while the card stays in its steps."""

    grade: Grade
    interval: timedelta
    in_steps: bool
    then: tuple["Button", ...]  # empty when it leaves its steps, or further on than was looked


class Told(Enum):
    """What became of an answer that a device sent."""

    STORED = "stored"
    KNOWN = "known"
    REFUSED = "refused"
    UNREADABLE = "unreadable"  # so it stays on the device


def allot(
    reviews: Coming,
    new: Sequence[int],
    ends: Sequence[datetime],
    *,
    today: Counts,
    done: DoneToday,
    limits: Limits,
    new_place: NewPlace,
) -> list[list[int]]:
    """Return the cards to ask on each day, given when each day ends, in order and within the limits.

    `today` is what today's limits leave. What a day has no room for comes on the next.
    """
    review_queue, new_queue = list(reviews), list(new)
    by_day = []
    for number, end in enumerate(ends):
        due = sum(at < end for _, at in review_queue)
        counts = today if number == 0 else queues.left(Waiting(due, len(new_queue)), DoneToday(), limits)
        counts = Counts(min(counts.review, due), 0, min(counts.new, len(new_queue)))
        line = _line(counts, done if number == 0 else DoneToday(), end, new_place)
        by_day.append([new_queue.pop(0) if kind is Kind.NEW else review_queue.pop(0)[0] for kind in line])
    return by_day


def foresee(
    memory: Memory | None,
    at: datetime,
    days: Days,
    preset: Preset,
    calendar: Calendar,
    *,
    card_id: int,
    steps_ahead: int,
) -> tuple[Button, ...]:
    """Return what each grade will give at a time, and for so many steps after it."""
    exact = outcomes(memory, at, days, preset)
    chosen = spreads(memory, exact, preset, calendar, card_id=card_id)
    buttons = []
    for grade, outcome in exact.items():
        given = spread_out(memory, outcome, chosen[grade], days, preset)
        in_steps = given.phase is not Phase.REVIEW
        then: tuple[Button, ...] = ()
        if in_steps and steps_ahead:
            steps = steps_ahead - 1
            then = foresee(given, given.due, days, preset, calendar, card_id=card_id, steps_ahead=steps)
        buttons.append(Button(grade, given.interval, in_steps, then))
    return tuple(buttons)


def _line(counts: Counts, done: DoneToday, at: datetime, new_place: NewPlace) -> list[Kind]:
    """Return the kinds of a day's cards in the order in which they are asked."""
    line = []
    review, new = counts.review, counts.new
    while kind := queues.pick(Counts(review, 0, new), None, done, at, new_place=new_place):
        line.append(kind)
        is_new = kind is Kind.NEW
        review, new = review - (not is_new), new - is_new
        done = DoneToday(done.new + is_new, done.reviews + (not is_new))
    return line
