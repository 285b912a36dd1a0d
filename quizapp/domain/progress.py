"""How well a learner remembers: true recall against the goal, by week, by hour and by any other grouping.

Start from `recall` or `by_week`. A **test** of memory is the first review of a day of a card that was in
review; it is passed with Hard, Good or Easy.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from quizapp.domain.queues import ONE_DAY, Days

FEWEST_TESTS = 10  # fewer say little: one more miss would change the figure by 10 percent
MATURE = timedelta(days=21)  # a card with this interval or a longer one, as in Anki
WEEK = 7 * ONE_DAY
HOURS = 24
QUARTER = timedelta(minutes=15)  # every time zone is whole quarters of an hour from UTC
QUARTERS = ONE_DAY // QUARTER
# Where one class of cards ends and the next begins: stability in days, difficulty from 1 to 10.
STABILITY_EDGES = (1.0, 3.0, 7.0, 21.0, 60.0, 180.0, 365.0)
DIFFICULTY_EDGES = (1.9, 2.8, 3.7, 4.6, 5.5, 6.4, 7.3, 8.2, 9.1)


class Stage(Enum):
    """What a review asked of memory."""

    NEW = 0  # the first answer to a card never seen: whether it was known at sight
    YOUNG = 1  # a test after less than `MATURE`
    MATURE = 2  # a test after that or longer
    STEP = 3  # no test: in steps, or once more on the same day


TESTS = (Stage.YOUNG, Stage.MATURE)


@dataclass(frozen=True)
class Period:
    """Days from the first to the last, both among them."""

    first: date
    last: date

    def __post_init__(self) -> None:
        """Refuse one that ends before it begins."""
        if self.last < self.first:
            raise ValueError("a period ends before it begins")

    @property
    def days(self) -> int:
        """Return how many days it has."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Pile:
    """The reviews of one day that asked the same of memory."""

    day: date
    stage: Stage
    reviews: int
    passed: int  # not *Again*
    time: timedelta


@dataclass(frozen=True)
class Slot:
    """The reviews of one learner day in one quarter of an hour of the UTC clock, 0 from midnight."""

    day: date
    quarter: int
    reviews: int
    tests: int
    passed: int  # of the tests


@dataclass(frozen=True)
class Recall:
    """How many tests of memory were passed."""

    tests: int = 0
    passed: int = 0

    @property
    def percent(self) -> int | None:
        """Return the share that was passed; None while it would rest on too few tests."""
        return None if self.tests < FEWEST_TESTS else round(100 * self.passed / self.tests)

    def __add__(self, other: "Recall") -> "Recall":
        """Return both together."""
        return Recall(self.tests + other.tests, self.passed + other.passed)


@dataclass(frozen=True)
class WeekOfRecall:
    """One week from its Monday on."""

    monday: date
    all: Recall
    young: Recall
    mature: Recall


@dataclass(frozen=True)
class Hour:
    """What was answered in one hour of the learner's clock, on whatever day."""

    reviews: int = 0
    recall: Recall = Recall()


@dataclass(frozen=True)
class Totals:
    """How much was done."""

    reviews: int
    time: timedelta
    days: int  # with at least one review


@dataclass(frozen=True)
class Constancy:
    """On how many days a learner studied; none of it falls to nothing when a day is missed."""

    week: int  # of the last 7 days, today among them
    month: int  # of the last 30
    year: int  # of the last 365


def recall(piles: Iterable[Pile], *stages: Stage) -> Recall:
    """Add up the tests, or the reviews of the named stages."""
    reviews = passed = 0
    for pile in piles:
        if pile.stage in (stages or TESTS):
            reviews += pile.reviews
            passed += pile.passed
    return Recall(reviews, passed)


def totals(piles: Sequence[Pile]) -> Totals:
    """Add up all reviews, tests or not."""
    return Totals(
        reviews=sum(pile.reviews for pile in piles),
        time=sum((pile.time for pile in piles), timedelta()),
        days=len({pile.day for pile in piles}),
    )


def by_day(piles: Iterable[Pile]) -> Sequence[tuple[date, int, Recall]]:
    """Return each day with reviews, the oldest first, with how many they were and the tests among them."""
    days: dict[date, list[Pile]] = {}
    for pile in piles:
        days.setdefault(pile.day, []).append(pile)
    return [(day, sum(pile.reviews for pile in days[day]), recall(days[day])) for day in sorted(days)]


def by_week(piles: Iterable[Pile], period: Period) -> Sequence[WeekOfRecall]:
    """Return every week from the one that holds the first day to the one that holds the last, empty ones too."""
    weeks: dict[date, list[Pile]] = {}
    monday = _monday(period.first)
    while monday <= period.last:
        weeks[monday] = []
        monday += WEEK
    for pile in piles:
        weeks[_monday(pile.day)].append(pile)
    return [
        WeekOfRecall(monday, recall(within), recall(within, Stage.YOUNG), recall(within, Stage.MATURE))
        for monday, within in weeks.items()
    ]


def trend(weeks: Iterable[WeekOfRecall]) -> Sequence[tuple[date, int | None]]:
    """Return the percentage of each week; weeks with too few tests have None and count in the next that has enough."""
    points = []
    pooled = Recall()
    for week in weeks:
        pooled += week.all
        points.append((week.monday, pooled.percent))
        if pooled.percent is not None:
            pooled = Recall()
    return points


def by_hour(slots: Iterable[Slot], days: Days) -> Sequence[Hour]:
    """Return each hour of the learner's clock, from midnight on, as the clock stood on that day."""
    hours = [Hour()] * HOURS
    for slot in slots:
        at = _hour(slot, days)
        before = hours[at]
        hours[at] = Hour(before.reviews + slot.reviews, before.recall + Recall(slot.tests, slot.passed))
    return hours


def constancy(active: Collection[date], today: date) -> Constancy:
    """Count the days with reviews among the last 7, 30 and 365."""
    week, month, year = (sum(today - ONE_DAY * back in active for back in range(count)) for count in (7, 30, 365))
    return Constancy(week, month, year)


def _hour(slot: Slot, days: Days) -> int:
    """Return the learner's hour: a learner day holds each quarter of the UTC clock once."""
    start = days.start(slot.day)
    first = start.hour * 4 + start.minute // 15
    at: datetime = start + QUARTER * ((slot.quarter - first) % QUARTERS)
    return at.astimezone(days.zone).hour


def _monday(day: date) -> date:
    return day - ONE_DAY * day.weekday()
