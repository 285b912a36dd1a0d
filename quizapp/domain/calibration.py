"""Whether a memory is what the schedule takes it for: chances that were foretold against what was recalled.

Start from `foretold`, for each card, and put all of it through `calibration`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from quizapp.domain.queues import Days
from quizapp.domain.scheduling import Grade, Phase, Preset, ReviewEvent, retrace, retrievability

# Close together where most tests are: a goal of 90 % asks cards back when their chance has fallen to that.
EDGES = (0.0, 0.5, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0)


@dataclass(frozen=True)
class Foretold:
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


def calibration(tests: Iterable[Foretold]) -> Sequence[Bin]:
    """Put tests into bins by their chance, the lowest first; a chance on an edge belongs to the bin above."""
    counts = [[0, 0] for _ in EDGES[1:]]
    sums = [0.0] * len(counts)
    for test in tests:
        at = sum(test.chance >= edge for edge in EDGES[1:-1])
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
