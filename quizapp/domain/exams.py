"""What can be reached until an exam: how much is seen and known on its day, and what every day until then costs.

Start from `foresee`. Every pass is taken as Good, and every day as studied to its end.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from quizapp.domain.queues import Limits
from quizapp.domain.scheduling import Grade, Preset, ideal_days, recall_after, traced
from quizapp.domain.workload import Dice, Standing, just_learned

LONGEST_DAYS = 730  # from today to an exam
ANSWERS_OF_NEW = 2  # that a card takes on its first day, in its two usual steps
PATHS = 40  # of cards that are to be learned; more would change the figures by a percent or so
REST = 10  # one day in so many is kept free of new cards at the end, so that the last of them come back once


@dataclass(frozen=True)
class Exam:
    """A day on which a learner wants to know a deck, and limits for it until then, if they chose any."""

    day: date
    limits: Limits | None = None


@dataclass(frozen=True)
class Outlook:
    """What a number of new cards a day leads to."""

    new_per_day: int
    seen: float  # share of all cards on the day of the exam, 0 to 1
    recall: float  # share of all cards that can be expected to be known then; unseen ones are not
    answers: tuple[float, ...]  # on each day from today to the one before the exam

    @property
    def mean(self) -> float:
        """Return the answers on a usual day."""
        return sum(self.answers) / max(1, len(self.answers))

    @property
    def most(self) -> float:
        """Return the answers on the busiest day after today, on which everything overdue comes."""
        return max(self.answers[1:] or self.answers, default=0.0)


@dataclass(frozen=True)
class Deck:
    """The cards that are asked about: a sample of those seen, how many these stand for, and how many are new."""

    sample: Sequence[Standing]
    seen: int
    new: int


def foresee(deck: Deck, preset: Preset, *, new_per_day: int, days: int, dice: Dice) -> Outlook:
    """Study until an exam in so many days, with so many new cards a day; dice that fall the same give the same."""
    answers = [0.0] * days
    known = 0.0
    weight = deck.seen / max(1, len(deck.sample))
    for number, card in enumerate(deck.sample):
        known += _add(answers, list(_path(card, preset, days, dice(number))), weight, start=0)
    left = deck.new
    paths = [list(_path(just_learned(preset), preset, days, dice(-1 - one))) for one in range(PATHS)] if left else []
    for day in range(days):
        learned = min(new_per_day, left)
        if not learned:
            break
        left -= learned
        answers[day] += learned * ANSWERS_OF_NEW
        for path in paths:
            known += _add(answers, path, learned / PATHS, start=day)
    cards = max(1, deck.seen + deck.new)
    return Outlook(new_per_day, (deck.seen + deck.new - left) / cards, min(1.0, known / cards), tuple(answers))


def enough_new(new: int, days: int) -> int:
    """Return how many new cards a day are just enough to have seen all of them some days before the exam."""
    return ceil(new / max(1, days - ceil(days / REST))) if new else 0


def _add(answers: list[float], path: Sequence[tuple[float, int]], weight: float, *, start: int) -> float:
    """Add the answers of a card from that day on, and return the chance that it is known at the end."""
    last = len(answers) - start
    for day in range(last):
        answers[start + day] += path[day][1] * weight
    return path[last][0] * weight


def _path(card: Standing, preset: Preset, days: int, throw: Callable[[], float]) -> Iterator[tuple[float, int]]:
    """Give, for today and so many days after it, the chance of recall in the morning and the answers of the day."""
    trace, since = card
    due = max(0, _interval(trace.stability, preset) - since)
    for day in range(days + 1):
        recall = recall_after(since, trace.stability, preset)
        answers = 0
        if day == due:
            passed = throw() < recall
            trace = traced(trace, Grade.GOOD if passed else Grade.AGAIN, since, preset)
            answers, since = (1 if passed else 2), 0
            due = day + _interval(trace.stability, preset)
        yield recall, answers
        since += 1


def _interval(stability: float, preset: Preset) -> int:
    return min(max(1, round(ideal_days(stability, preset))), preset.maximum_interval.days)
