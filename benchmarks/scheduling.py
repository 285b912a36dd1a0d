"""Print how long a review takes here and with the `fsrs` package, and the ratio.

    python benchmarks/scheduling.py

Both replay the same histories; ours counts learner days in a time zone, theirs periods of
24 hours. The figure is the best of several rounds, since a busy machine only adds time.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from time import perf_counter
from zoneinfo import ZoneInfo

import fsrs

from quizapp.domain.queues import Days
from quizapp.domain.scheduling import Grade, Preset, outcomes, review

DAYS, PRESET = Days(ZoneInfo("Europe/Berlin")), Preset()
START = datetime(2026, 3, 2, 20, tzinfo=UTC)
ROUNDS = 7

History = list[tuple[datetime, int]]


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


def theirs(history: History) -> None:
    """Review with the `fsrs` package."""
    scheduler, card = SCHEDULER, fsrs.Card(card_id=1)
    for at, grade in history:
        card, _ = scheduler.review_card(card, fsrs.Rating(grade), at)


SCHEDULER = fsrs.Scheduler(enable_fuzzing=False)


def four_buttons(history: History) -> None:
    """Work out all four buttons before each review, as a page does."""
    memory = None
    for at, grade in history:
        memory = outcomes(memory, at, DAYS, PRESET)[Grade(grade)]


def microseconds(play: Callable[[History], None], all_histories: list[History]) -> float:
    """Return the time per review in the best round."""
    reviews = sum(map(len, all_histories))
    times = []
    for _ in range(ROUNDS):
        begun = perf_counter()
        for history in all_histories:
            play(history)
        times.append(perf_counter() - begun)
    return min(times) / reviews * 1e6


def main() -> None:
    """Measure and print."""
    played = histories(count=200, length=25)
    mine, peer, buttons = (microseconds(play, played) for play in (ours, theirs, four_buttons))
    print(f"review                {mine:6.2f} us")
    print(f"py-fsrs review_card   {peer:6.2f} us   {peer / mine:.2f} times ours")
    print(f"outcomes (4 buttons)  {buttons:6.2f} us   {buttons / mine:.2f} reviews")


if __name__ == "__main__":
    main()
