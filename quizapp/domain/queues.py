"""What to study now: a learner's days, daily limits, and which kind of card comes next.

Start at `pick`. A learner's day turns at 04:00 in their own time zone, so an
evening that runs past midnight is still one day; "today" is worked out here alone.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from functools import lru_cache
from zoneinfo import ZoneInfo

from quizapp.domain.cards import CardId

LEARN_AHEAD = timedelta(minutes=20)
ONE_DAY = timedelta(days=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # from which whole numbers of times are counted


@dataclass(frozen=True)
class Days:
    """A learner's calendar: their time zone, and the hour at which their day turns."""

    zone: ZoneInfo
    turn_hour: int = 4

    def start(self, day: date) -> datetime:
        """Return when the day begins, in UTC.

        A turn that the clock shows twice counts the first time. One that the clock
        skips counts as if the clock had not been changed yet.
        """
        return _start(self.zone, self.turn_hour, day)

    def day_of(self, at: datetime) -> date:
        """Return the learner day that holds the moment: `start(day) <= at < start(day + 1)`."""
        first, starts = _starts_around(self.zone, self.turn_hour, at.year)
        return date.fromordinal(first + bisect_right(starts, at.timestamp()) - 1)

    def ordinals(self, moments: Iterable[datetime]) -> Iterator[int]:
        """Give the ordinal of the `day_of` each of many moments, in a third of the time."""
        year, first = 0, 0
        starts: Sequence[float] = ()
        for at in moments:
            if at.year != year:
                year = at.year
                first, starts = _starts_around(self.zone, self.turn_hour, year)
            yield first + bisect_right(starts, at.timestamp()) - 1

    def end_of_today(self, now: datetime) -> datetime:
        """Return when the present learner day ends and the next begins, in UTC."""
        return self.start(self.day_of(now) + ONE_DAY)

    def between(self, earlier: datetime, later: datetime) -> int:
        """Return how often the day turned from one moment to the other; negative when they are swapped."""
        return (self.day_of(later) - self.day_of(earlier)).days


@lru_cache(maxsize=4096)  # a history asks for the same few days again and again
def _start(zone: ZoneInfo, turn_hour: int, day: date) -> datetime:
    return datetime.combine(day, time(turn_hour), tzinfo=zone).astimezone(UTC)


@lru_cache(maxsize=256)
def _starts_around(zone: ZoneInfo, turn_hour: int, year: int) -> tuple[int, Sequence[float]]:
    """Return when each learner day around a year begins, in seconds, and the ordinal of the first of them.

    A long history asks a hundred thousand times, and the wall clock misleads where it is changed around the turn.
    """
    first = max(date(year, 1, 1).toordinal() - 3, date.min.toordinal())
    last = min(date(year, 12, 31).toordinal() + 3, date.max.toordinal())
    starts: list[float] = []
    for ordinal in range(first, last + 1):
        try:
            starts.append(_start(zone, turn_hour, date.fromordinal(ordinal)).timestamp())
        except OverflowError:  # before the first moment, or after the last
            starts.append(-math.inf if ordinal < 1_000 else math.inf)
    return first, starts


class Kind(Enum):
    """The three queues that a card can be studied from."""

    LEARNING = "learning"  # in learning or relearning steps
    REVIEW = "review"
    NEW = "new"


class NewPlace(Enum):
    """Where cards never seen come among the day's reviews."""

    MIXED = "mixed"  # spread evenly
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True)
class Limits:
    """How much a learner takes on in one day."""

    new: int = 20
    reviews: int = 200


@dataclass(frozen=True)
class DoneToday:
    """What the learner did since the day turned, without what was undone."""

    new: int = 0  # cards graded for the first time
    reviews: int = 0  # grades given to cards that were in review


@dataclass(frozen=True)
class Waiting:
    """What could be studied, before limits.

    `reviews` counts review cards whose `due` has come; counting may stop at the day's
    limit. `learning` counts cards in steps due by `now + LEARN_AHEAD`, and
    `learning_due` is the earliest `due` of any card in steps, None without one.
    """

    reviews: int = 0
    new: int = 0
    learning: int = 0
    learning_due: datetime | None = None


@dataclass(frozen=True)
class Counts:
    """How many cards of each kind are left for today."""

    review: int
    learning: int
    new: int


def left(waiting: Waiting, done: DoneToday, limits: Limits) -> Counts:
    """Return what the limits leave of what is waiting.

    As in Anki by default, new cards use up the review limit too: they come back
    as reviews, so someone behind on reviews is given nothing new.
    """
    room = max(0, limits.reviews - done.reviews - done.new)
    review = min(waiting.reviews, room)
    new = max(0, min(waiting.new, limits.new - done.new, room - review))
    return Counts(review=review, learning=waiting.learning, new=new)


def total(counts: Iterable[Counts]) -> Counts:
    """Add up what is left in several sets of decks, each with limits of its own."""
    each = list(counts)
    return Counts(sum(one.review for one in each), sum(one.learning for one in each), sum(one.new for one in each))


def pick(
    counts: Counts,
    learning_due: datetime | None,
    done: DoneToday,
    now: datetime,
    *,
    new_place: NewPlace = NewPlace.MIXED,
) -> Kind | None:
    """Return the kind of card to study next, or None when nothing is due.

    Count in SQL, ask here, then fetch one card: LEARNING by `next_learning`, REVIEW and
    NEW by the order of their queue. Learning that is due comes first, then reviews and new
    cards, then learning that is due within `LEARN_AHEAD`.
    """
    if learning_due and learning_due <= now:
        return Kind.LEARNING
    if counts.review and counts.new:
        return _first_of_both(counts, done, new_place)
    if counts.review:
        return Kind.REVIEW
    if counts.new:
        return Kind.NEW
    if learning_due and learning_due <= now + LEARN_AHEAD:
        return Kind.LEARNING
    return None


def _first_of_both(counts: Counts, done: DoneToday, new_place: NewPlace) -> Kind:
    """Choose while there are reviews and new cards; mixed, reviews come first when they are as many."""
    match new_place:
        case NewPlace.BEFORE:
            return Kind.NEW
        case NewPlace.AFTER:
            return Kind.REVIEW
        case NewPlace.MIXED:
            return _mixed(counts, done)


def _mixed(counts: Counts, done: DoneToday) -> Kind:
    """Spread the day's new cards evenly among its reviews."""
    all_reviews, all_new = done.reviews + counts.review, done.new + counts.new
    new_is_behind = (done.new + 1) * (all_reviews + 1) < (done.reviews + 1) * (all_new + 1)
    return Kind.NEW if new_is_behind else Kind.REVIEW


def next_learning(
    steps: Sequence[tuple[CardId, datetime]], now: datetime, *, just_answered: CardId | None
) -> CardId | None:
    """Return the card in steps to show, given cards with their `due`, the earliest first.

    Before it is due, the card just answered comes back only when there is no other.
    """
    near = [(card, due) for card, due in steps if due <= now + LEARN_AHEAD]
    if not near:
        return None
    if near[0][1] <= now:
        return near[0][0]
    return next((card for card, _ in near if card != just_answered), near[0][0])


def coming_days(now: datetime, days: Days, *, count: int) -> tuple[tuple[date, datetime], ...]:
    """Return today and the days after it, each with the moment at which it ends, for a forecast.

    What is due before the first of these moments is today's, overdue or not.
    """
    today = days.day_of(now)
    dates = (today + timedelta(n) for n in range(count))
    return tuple((day, days.start(day + ONE_DAY)) for day in dates)
