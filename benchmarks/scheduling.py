"""How long a review takes to schedule, against the `fsrs` package.

Both replay the same histories; ours counts learner days in a time zone, theirs periods of 24 hours.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import fsrs

from benchmarks.harness import Row, best, in_turns
from quizapp.domain.queues import Days
from quizapp.domain.scheduling import Grade, Preset, outcomes, review

DAYS, PRESET = Days(ZoneInfo("Europe/Berlin")), Preset()
SCHEDULER = fsrs.Scheduler(enable_fuzzing=False)
START = datetime(2026, 3, 2, 20, tzinfo=UTC)
ROUNDS = 7

History = list[tuple[datetime, int]]


def rows(folder: Path, *, full: bool) -> Sequence[Row]:
    """Measure one review, and all four outcomes of one."""
    played = histories(count=200, length=25)
    acts = [partial(_play, play, played) for play in (ours, four_buttons, theirs)]
    reviews = sum(map(len, played))
    one, four, peer = (best(times) / reviews * 1e6 for times in in_turns(*acts, rounds=ROUNDS))
    return [
        Row("Schedule one review", one, "µs", peer, "py-fsrs"),
        Row("Work out all four buttons", four, "µs", peer, "py-fsrs, one button"),
    ]


def histories(count: int, length: int) -> list[History]:
    """Return histories of grades, each review some days after the one before."""
    rng = Random(6)
    made = []
    for _ in range(count):
        at, history = START, []
        for _ in range(length):
            history.append((at, rng.choice((1, 2, 3, 3, 3, 3, 4))))
            at += timedelta(days=rng.choice((0, 1, 3, 8, 20)), minutes=rng.randrange(600))
        made.append(history)
    return made


def ours(history: History) -> None:
    """Review with this program."""
    memory = None
    for at, grade in history:
        memory = review(memory, Grade(grade), at, DAYS, PRESET)


def four_buttons(history: History) -> None:
    """Work out all four buttons before each review, as a page does."""
    memory = None
    for at, grade in history:
        memory = outcomes(memory, at, DAYS, PRESET)[Grade(grade)]


def theirs(history: History) -> None:
    """Review with the `fsrs` package."""
    card = fsrs.Card(card_id=1)
    for at, grade in history:
        card, _ = SCHEDULER.review_card(card, fsrs.Rating(grade), at)


def _play(one: Callable[[History], None], played: list[History]) -> None:
    for history in played:
        one(history)
