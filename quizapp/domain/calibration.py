"""Whether a memory is what the schedule takes it for: chances that were foretold against what was recalled.

Start from `foretold`, for each card, and put all of it through `calibration`.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from quizapp.domain.queues import Days
from quizapp.domain.scheduling import (
    Grade,
    Phase,
    Preset,
    ReviewEvent,
    Steps,
    recall_after,
    retrace,
    retrievability,
    standing,
)

# Close together where most tests are: a goal of 90 % asks cards back when their chance has fallen to that.
EDGES = (0.0, 0.5, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0)
_BETWEEN = EDGES[1:-1]


class Graded(NamedTuple):
    """A grade of a card's history, on which day and under which steps it was given."""

    day: date
    grade: Grade
    steps: Steps


class Foretold(NamedTuple):
    """One test of memory: the chance of passing it, above 0 up to 1, and whether it was passed."""

    day: date
    chance: float
    passed: bool


@dataclass(frozen=True)
class Bin:
    """Tests with nearly the same chance."""

    low: float
    high: float
    tests: int
    passed: int
    chances: float  # their sum

    @property
    def expected(self) -> float | None:
        """Return the mean chance; None without tests."""
        return self.chances / self.tests if self.tests else None

    @property
    def recalled(self) -> float | None:
        """Return the share that was passed; None without tests."""
        return self.passed / self.tests if self.tests else None


def foretold(events: Iterable[ReviewEvent], days: Days, preset: Preset) -> Iterator[Foretold]:
    """Give every test in a card's history, by the memory before it; what was undone never happened."""
    before = None
    for event, after in retrace(events, days, preset):
        if event.grade is not None and before is not None and before.phase is Phase.REVIEW:
            day = days.day_of(event.at)
            if day > days.day_of(before.last_review):
                yield Foretold(day, retrievability(before, event.at, days, preset), event.grade is not Grade.AGAIN)
        before = after


def foretold_of_grades(answers: Iterable[Graded], preset: Preset) -> Iterator[Foretold]:
    """Give what `foretold` does for a history of grades alone, in order and without what was undone, in a quarter of the time."""
    before, last = None, date.min
    for answer in answers:
        elapsed = max(0, (answer.day - last).days)
        if before is not None and before.phase is Phase.REVIEW and answer.day > last:
            chance = recall_after(elapsed, before.stability, preset)
            yield Foretold(answer.day, chance, answer.grade is not Grade.AGAIN)
        before, last = standing(before, answer.grade, elapsed, preset.with_steps(answer.steps)), answer.day


def calibration(tests: Iterable[Foretold]) -> Sequence[Bin]:
    """Put tests into bins by their chance, the lowest first; a chance on an edge belongs to the bin above."""
    counts = [[0, 0] for _ in EDGES[1:]]
    sums = [0.0] * len(counts)
    for test in tests:
        at = bisect_right(_BETWEEN, test.chance)
        counts[at][0] += 1
        counts[at][1] += test.passed
        sums[at] += test.chance
    return [
        Bin(low, high, tests, passed, total)
        for low, high, (tests, passed), total in zip(EDGES, EDGES[1:], counts, sums, strict=False)
    ]


def overall(bins: Iterable[Bin]) -> Bin:
    """Return all bins as one."""
    each = list(bins)
    return Bin(
        EDGES[0],
        EDGES[-1],
        sum(one.tests for one in each),
        sum(one.passed for one in each),
        sum(one.chances for one in each),
    )
