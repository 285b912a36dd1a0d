"""How well a learner remembers: true recall against the goal, by week and by any other grouping.

Start from `recall` or `by_week`. A **test** of memory is the first review of a day of a card that was in
review; it is passed with Hard, Good or Easy. Whatever comes after it that day is practice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from quizapp.domain.queues import ONE_DAY

FEWEST_TESTS = 10  # fewer say little: one more miss would change the figure by 10 percent
MATURE = timedelta(days=21)  # a card with this interval or a longer one, as in Anki
WEEK = 7 * ONE_DAY


@dataclass(frozen=True)
class Pile:
    """Reviews that have everything in common that is asked here."""

    day: date
    deck_id: int
    document_id: int | None
    mature: bool
    reviews: int
    tests: int
    passed: int  # of the tests
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


@dataclass(frozen=True)
class WeekOfRecall:
    """One week from its Monday on."""

    monday: date
    all: Recall
    young: Recall
    mature: Recall


@dataclass(frozen=True)
class Totals:
    """How much was done."""

    reviews: int
    time: timedelta
    days: int  # with at least one review


def recall(piles: Iterable[Pile]) -> Recall:
    """Add up the tests."""
    tests = passed = 0
    for pile in piles:
        tests += pile.tests
        passed += pile.passed
    return Recall(tests, passed)


def totals(piles: Sequence[Pile]) -> Totals:
    """Add up all reviews, practice among them."""
    return Totals(
        reviews=sum(pile.reviews for pile in piles),
        time=sum((pile.time for pile in piles), timedelta()),
        days=len({pile.day for pile in piles}),
    )


def by_week(piles: Iterable[Pile], *, first: date, last: date) -> Sequence[WeekOfRecall]:
    """Return every week from the one that holds the first day to the one that holds the last, empty ones too."""
    weeks: dict[date, list[Pile]] = {}
    monday = _monday(first)
    while monday <= last:
        weeks[monday] = []
        monday += WEEK
    for pile in piles:
        weeks[_monday(pile.day)].append(pile)
    return [
        WeekOfRecall(
            monday,
            recall(within),
            recall(pile for pile in within if not pile.mature),
            recall(pile for pile in within if pile.mature),
        )
        for monday, within in weeks.items()
    ]


def trend(weeks: Iterable[WeekOfRecall]) -> Sequence[tuple[date, int | None]]:
    """Return the percentage of each week; weeks with too few tests have None and count in the next that has enough."""
    points = []
    pooled = Recall()
    for week in weeks:
        pooled = Recall(pooled.tests + week.all.tests, pooled.passed + week.all.passed)
        points.append((week.monday, pooled.percent))
        if pooled.percent is not None:
            pooled = Recall()
    return points


def by_deck(piles: Iterable[Pile]) -> Mapping[int, Recall]:
    """Add up the tests of each deck, without its subdecks."""
    decks: dict[int, list[Pile]] = {}
    for pile in piles:
        decks.setdefault(pile.deck_id, []).append(pile)
    return {deck_id: recall(within) for deck_id, within in decks.items()}


def by_document(piles: Iterable[Pile]) -> Mapping[int, Recall]:
    """Add up the tests of the cards of each document."""
    documents: dict[int, list[Pile]] = {}
    for pile in piles:
        if pile.document_id is not None:
            documents.setdefault(pile.document_id, []).append(pile)
    return {document_id: recall(within) for document_id, within in documents.items()}


def _monday(day: date) -> date:
    return day - ONE_DAY * day.weekday()
