"""What was learned in another program, as events of our own. Start from `retold`, or from `correction`.

A memory is the replay of events. Where that does not come to what the other program remembers (its parameters were
others, or its log is not whole), one more event brings that memory, see `Override.GIVEN`.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from quizapp.domain.incoming import PastCard, PastEvent, PastReview
from quizapp.domain.queues import ONE_DAY, Days, Kind
from quizapp.domain.scheduling import (
    DIFFICULTY_MAX,
    DIFFICULTY_MIN,
    STABILITY_MIN,
    Grade,
    Memory,
    Override,
    Phase,
    Preset,
    ReviewEvent,
    nearby_days,
    retrace,
    review,
    spread_out,
)

NAMES = UUID("6f1a3f5e-6d0b-4c9e-9b46-0b7b5f3f3c51")  # of what comes from other programs; drawn once
A_MOMENT = timedelta(microseconds=1)
LITTLE = 1e-3  # by which other programs round
NEAR = timedelta(minutes=5, seconds=2)  # by which Anki lengthens steps at random


@dataclass(frozen=True)
class Retold:
    """A grade as an event, with the queue that the card was taken from, and the memory that it leads to."""

    event: ReviewEvent
    was: Kind | None  # None when the card was made new again
    given: PastReview | PastEvent
    after: Memory | None


def event_id(guid: str, ordinal: int, review: PastReview) -> UUID:
    """Return the id of a grade, the same however often it comes."""
    return uuid5(NAMES, f"{guid}\x1f{ordinal}\x1f{review.id}")


def again(known: UUID) -> UUID:
    """Return the id under which a grade counts once more after it was undone."""
    return uuid5(known, "again")


def retold(reviews: Sequence[tuple[UUID, PastReview]], days: Days, preset: Preset) -> Iterator[Retold]:
    """Give grades, the oldest first, as events with the intervals that they were given."""
    memory: Memory | None = None
    for name, past in reviews:
        if not past.grade:
            yield Retold(ReviewEvent(name, past.at, None, override=Override.RESET), None, past, None)
            memory = None
            continue
        before, grade = memory, Grade(past.grade)
        exact = review(before, grade, past.at, days, preset)
        spread = _spread(before, exact, past.interval, preset)
        memory = spread_out(before, exact, spread, days, preset)
        event = ReviewEvent(name, past.at, grade, steps=preset.steps, spread=spread)
        yield Retold(event, _kind(before), past, memory)


def kept(events: Sequence[tuple[UUID, PastEvent]], days: Days, preset: Preset) -> Iterator[Retold]:
    """Give what happened in another library of Recto as it was there, under these ids."""
    named = dict(events)
    told = (replace(past.event, id=name) for name, past in named.items())
    for event, memory in retrace(told, days, preset):
        yield Retold(event, named[event.id].was, named[event.id], memory)


def correction(
    name: Callable[[], UUID], memory: Memory | None, past: PastCard, last: datetime | None, preset: Preset
) -> ReviewEvent | None:
    """Return what makes a memory, whose last event was then, that of the other program; None when it is that."""
    if past.memory is None:
        return None
    wanted = _filled(past.memory, past.ease, memory, preset)
    if memory is not None and _agree(memory, wanted):
        return None
    at = max(wanted.last_review, last + A_MOMENT) if last else wanted.last_review
    return ReviewEvent(name(), at, None, override=Override.GIVEN, given=replace(wanted, last_review=at))


def difficulty_of_ease(ease: float, stability: float, preset: Preset) -> float:
    """Return the difficulty of a card that SM-2 gave that ease (2.5 for 250 %).

    D = 11 - (ease - 1) / (e^w8 * S^-w9 * (e^(w10 * (1 - r)) - 1)) with r = 0.9: `memory_state_from_sm2` of fsrs-rs.
    """
    w = preset.weights
    growth = math.exp(w[8]) * stability ** -w[9] * math.expm1(w[10] * 0.1)
    return float(min(max(11 - (ease - 1) / growth, DIFFICULTY_MIN), DIFFICULTY_MAX))


def _filled(wanted: Memory, ease: float | None, memory: Memory | None, preset: Preset) -> Memory:
    """Return a memory with the stability and difficulty that the other program, without FSRS, does not know."""
    if wanted.stability:
        return wanted
    if memory is not None:
        return replace(wanted, stability=memory.stability, difficulty=memory.difficulty)
    stability = max(wanted.interval / ONE_DAY, STABILITY_MIN)
    difficulty = difficulty_of_ease(ease or 2.5, stability, preset)
    return replace(wanted, stability=stability, difficulty=difficulty)


def _agree(ours: Memory, theirs: Memory) -> bool:
    return (
        ours.phase is theirs.phase
        and math.isclose(ours.stability, theirs.stability, rel_tol=LITTLE)
        and math.isclose(ours.difficulty, theirs.difficulty, rel_tol=LITTLE)
        and abs(ours.due - theirs.due) <= (timedelta(0) if ours.phase is Phase.REVIEW else NEAR)
    )


def _spread(before: Memory | None, exact: Memory, given: timedelta | None, preset: Preset) -> float | None:
    """Return where an interval falls among the nearby days; None for the exact one, and for one that is none of them."""
    if given is None or exact.phase is not Phase.REVIEW or given == exact.interval:
        return None
    near = nearby_days(before, exact, preset)
    return (near.index(given.days) + 0.5) / len(near) if given.days in near else None


def _kind(memory: Memory | None) -> Kind:
    if memory is None:
        return Kind.NEW
    return Kind.REVIEW if memory.phase is Phase.REVIEW else Kind.LEARNING
