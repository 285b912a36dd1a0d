"""What Anki knows of a card besides what it says: its memory, its place, and every grade. Start from `past_card`."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from quizapp.anki.stored import Collection, Config, StoredCard, StoredReview
from quizapp.domain.incoming import PastCard, PastReview
from quizapp.domain.queues import EPOCH, ONE_DAY, Days
from quizapp.domain.scheduling import DIFFICULTY_MAX, DIFFICULTY_MIN, STABILITY_MAX, STABILITY_MIN, Memory, Phase

NEW, LEARNING, REVIEW, RELEARNING = range(4)
PHASES = {LEARNING: Phase.LEARNING, REVIEW: Phase.REVIEW, RELEARNING: Phase.RELEARNING}
SUSPENDED = -1
FILTERED, MANUAL = 3, 4  # of the review log
HIGHEST_DAY = 1_000_000_000  # a due above it is a time in seconds
MOST_DAYS = 36_500
LONGEST = timedelta(days=MOST_DAYS)
A_MILLISECOND, A_SECOND = timedelta(milliseconds=1), timedelta(seconds=1)
EARLIEST = -(10**13)  # in milliseconds: a time before it has no day
MOST_FLAGS = 7


@dataclass(frozen=True)
class Calendar:
    """How days are counted there and here."""

    first_day: date  # day 0 of the collection
    days: Days
    now: datetime

    @classmethod
    def of(cls, collection: Collection, days: Days, now: datetime) -> "Calendar":
        """Return the calendar of a collection that comes to a learner with these days."""
        return cls(collection.first_day or days.day_of(collection.created), days, now)


def past_card(
    card: StoredCard, log: Sequence[StoredReview], config: Config, calendar: Calendar, ordinal: int
) -> PastCard:
    """Return what is known of a card; the place of a card in a filtered deck is that in its own."""
    reviews = tuple(_reviews(log, calendar))
    memory, ease = _memory(card, reviews, config, calendar), None
    if memory and not memory.stability:
        ease = card.factor / 1000 if card.factor > 0 else None
    flag = card.flags & MOST_FLAGS
    return PastCard(ordinal, reviews, memory, ease, suspended=card.queue == SUSPENDED, flag=flag)


def is_practice(review: StoredReview) -> bool:
    """Say whether a grade was given in a filtered deck that leaves the schedule as it is."""
    return review.type == FILTERED and not review.factor


def _reviews(log: Sequence[StoredReview], calendar: Calendar) -> Iterator[PastReview]:
    """Give the grades, and where the card was made new again; other entries by hand change no memory."""
    latest = (calendar.now + ONE_DAY - EPOCH) // A_MILLISECOND
    for number, _card, ease, given, factor, taken, kind in log:
        is_reset = kind == MANUAL and not ease and not factor
        if not (is_reset or 1 <= ease <= 4) or (kind == FILTERED and not factor) or not EARLIEST <= number <= latest:
            continue
        interval = ONE_DAY * min(given, MOST_DAYS) if given > 0 else A_SECOND * -max(given, -(10**9))
        duration = A_MILLISECOND * min(max(taken, 0), 10**9)
        yield PastReview(
            str(number), EPOCH + A_MILLISECOND * number, 0 if is_reset else ease, interval or None, duration
        )


def _memory(card: StoredCard, reviews: Sequence[PastReview], config: Config, calendar: Calendar) -> Memory | None:
    if card.type not in PHASES:
        return None
    data = _data(card.data)
    due = _due(card, calendar)
    last = _moment(data.get("lrt", 0.0)) if data.get("lrt") else None
    graded = [one for one in reviews if one.grade]
    if graded and (last is None or abs(last - graded[-1].at) < timedelta(minutes=1)):
        last = graded[-1].at
    interval = _interval(card, graded, due, last)
    if due is None or interval is None:
        return None
    last = min(last or due - interval, calendar.now)
    phase = PHASES[card.type]
    stability, difficulty = data.get("s", 0.0), data.get("d", 0.0)
    known = STABILITY_MIN <= stability <= STABILITY_MAX and DIFFICULTY_MIN <= difficulty <= DIFFICULTY_MAX
    return Memory(
        phase=phase,
        step=0 if phase is Phase.REVIEW else _step(card, config),
        stability=stability if known else 0.0,
        difficulty=difficulty if known else 0.0,
        due=due,
        last_review=last,
        interval=interval,
        reviews=max(card.reps, len(graded), 1),
        lapses=max(card.lapses, 0),
    )


def _due(card: StoredCard, calendar: Calendar) -> datetime | None:
    due = card.original_due if card.original_deck_id and card.original_due else card.due
    if due > HIGHEST_DAY:
        return _moment(float(due))
    try:
        return calendar.days.start(calendar.first_day + ONE_DAY * due)
    except (OverflowError, ValueError):
        return None


def _interval(
    card: StoredCard, graded: Sequence[PastReview], due: datetime | None, last: datetime | None
) -> timedelta | None:
    if card.type == REVIEW:
        return min(timedelta(days=max(card.interval, 1)), LONGEST)
    if graded and graded[-1].interval:
        return graded[-1].interval
    return max(due - last, timedelta(seconds=1)) if due and last else timedelta(minutes=10)


def _step(card: StoredCard, config: Config) -> int:
    """Return the index of the step that a card waits out, by those that it has left."""
    steps = config.learning if card.type == LEARNING else config.relearning
    return max(0, len(steps) - card.left % 1000)


def _data(text: str) -> dict[str, float]:
    """Return the numbers that Anki keeps of a card as JSON."""
    try:
        found = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: float(value) for name, value in found.items() if isinstance(value, int | float)}


def _moment(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None
