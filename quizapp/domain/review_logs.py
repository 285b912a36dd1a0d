"""A learner's reviews as parameters are fitted to them. Start from `Log.of`; `answered` gives what it takes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from quizapp.domain.fitting import Answer, Flags, Floats, Histories
from quizapp.domain.queues import Days
from quizapp.domain.scheduling import Override, Preset, ReviewEvent, retrace

EARLIER = 0.8  # of the tests: parameters are fitted to these and judged by the others

Reviews = Sequence[tuple[datetime, int]]  # of one card, the oldest first: when, and the grade from 1 to 4


@dataclass(frozen=True)
class Log:
    """The reviews of many cards, and when each was given."""

    histories: Histories
    seconds: Floats  # since the epoch, laid out as the histories are

    @classmethod
    def of(cls, cards: Sequence[Reviews], days: Days) -> "Log":
        """Lay reviews side by side; days are those of the learner."""
        histories = Histories.of([_answers(reviews, days) for reviews in cards])
        seconds = np.zeros_like(histories.elapsed)
        for column, reviews in enumerate(cards):
            seconds[: len(reviews), column] = [at.timestamp() for at, _ in reviews]
        return cls(histories, seconds)

    def earlier(self) -> Flags:
        """Say which reviews come before the last fifth of the tests."""
        tests = self.seconds[self.histories.tests]
        return self.seconds < (np.quantile(tests, EARLIER) if len(tests) else 0.0)


def answered(events: Iterable[ReviewEvent], days: Days) -> Sequence[Reviews]:
    """Return the answers that count of one card, without those that were undone: one history, or one from each reset on.

    What follows when a learner said that they know the card, or after answers that stayed in another program, is left
    out until a reset: no answer shows why it is remembered.
    """
    found: list[list[tuple[datetime, int]]] = [[]]
    believed = False
    for event, memory in retrace(events, days, Preset()):
        if event.override is not None:
            unseen = event.given is not None and event.given.reviews > len(found[-1])
            believed = unseen or event.override is Override.KNOWN
        if memory is None:
            found.append([])
        elif event.grade is not None and not believed:
            found[-1].append((event.at, int(event.grade)))
    return [reviews for reviews in found if reviews]


def _answers(reviews: Reviews, days: Days) -> Sequence[Answer]:
    before = [reviews[0][0], *(at for at, _ in reviews)]
    return [Answer(max(0, days.between(last, at)), grade) for last, (at, grade) in zip(before, reviews, strict=False)]
