"""How well a learner remembers: true recall against the goal, by week, by hour and by any other grouping.

Start from `recall` or `by_week`. A **test** of memory is the first review of a day of a card that was in
review; it is passed with Hard, Good or Easy.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from quizapp.domain.queues import ONE_DAY, Days, Kind

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


class Answer(NamedTuple):
    """What of an answer says what it asked of memory, and what the next one to the card asks."""

    day: date
    was: Kind
    interval: timedelta | None  # that it gave


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


class Pile(NamedTuple):
    """The reviews in one quarter of an hour of one day that asked the same of memory."""

    day: date
    quarter: int  # of the UTC clock, 0 from midnight
    stage: Stage
    reviews: int
    passed: int  # not *Again*
    time: timedelta


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


def stage(answer: Answer, before: Answer | None) -> Stage:
    """Return what an answer asked of memory; the one before it is that to the same card, whatever that asked."""
    if answer.was is Kind.NEW:
        return Stage.NEW
    if answer.was is not Kind.REVIEW or (before is not None and before.day == answer.day):
        return Stage.STEP
    return Stage.MATURE if before and before.interval and before.interval >= MATURE else Stage.YOUNG


def stages(answers: Sequence[Answer]) -> Sequence[Stage]:
    """Return what each of the answers to a card asked of memory, the oldest first; none of them was taken back."""
    return list(map(stage, answers, (None, *answers)))


def quarter(at: datetime) -> int:
    """Return the quarter of an hour of the UTC clock, 0 from midnight."""
    at = at.astimezone(UTC)
    return at.hour * 4 + at.minute // 15


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
    days: dict[date, list[int]] = {}
    for day, _, stage, reviews, passed, _ in piles:
        sums = days.get(day) or days.setdefault(day, [0, 0, 0])
        sums[0] += reviews
        if stage in TESTS:
            sums[1] += reviews
            sums[2] += passed
    return [(day, reviews, Recall(*of_tests)) for day, (reviews, *of_tests) in sorted(days.items())]


def by_week(piles: Collection[Pile], period: Period) -> Sequence[WeekOfRecall]:
    """Return every week from the one that holds the first day to the one that holds the last, empty ones too."""
    weeks: dict[date, dict[Stage, list[int]]] = {}
    monday = _monday(period.first)
    while monday <= period.last:
        weeks[monday] = {stage: [0, 0] for stage in TESTS}
        monday += WEEK
    sums = {day: weeks[_monday(day)] for day in {pile.day for pile in piles}}
    for day, _, stage, reviews, passed, _ in piles:
        if stage in TESTS:
            tests = sums[day][stage]
            tests[0] += reviews
            tests[1] += passed
    return [_week(monday, *(Recall(*tests) for tests in of.values())) for monday, of in weeks.items()]


def _week(monday: date, young: Recall, mature: Recall) -> WeekOfRecall:
    return WeekOfRecall(monday, young + mature, young, mature)


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


def by_hour(piles: Iterable[Pile], days: Days) -> Sequence[Hour]:
    """Return each hour of the learner's clock, from midnight on, as the clock stood on that day."""
    reviews, tests, passed = ([0] * HOURS for _ in range(3))
    clocks: dict[date, Sequence[int]] = {}
    for pile in piles:
        clock = clocks.get(pile.day) or clocks.setdefault(pile.day, _clock(pile.day, days))
        hour = clock[pile.quarter]
        reviews[hour] += pile.reviews
        if pile.stage in TESTS:
            tests[hour] += pile.reviews
            passed[hour] += pile.passed
    return [Hour(count, Recall(*of_tests)) for count, *of_tests in zip(reviews, tests, passed, strict=True)]


def constancy(active: Collection[date], today: date) -> Constancy:
    """Count the days with reviews among the last 7, 30 and 365."""
    ago = [(today - day).days for day in set(active)]
    week, month, year = (sum(0 <= back < count for back in ago) for count in (7, 30, 365))
    return Constancy(week, month, year)


@lru_cache(maxsize=1_024)  # days; of every year that is shown, each is asked for again
def _clock(day: date, days: Days) -> Sequence[int]:
    """Return the learner's hour in each quarter of the UTC clock; a learner day holds each of them once."""
    start = days.start(day)
    first = quarter(start)
    times = (start + QUARTER * ((one - first) % QUARTERS) for one in range(QUARTERS))
    return [at.astimezone(days.zone).hour for at in times]


def _monday(day: date) -> date:
    return day - ONE_DAY * day.weekday()
