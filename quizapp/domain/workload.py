"""What a goal costs: reviews a day against how much is remembered, by studying cards as they stand in thought.

Start from `costs`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from quizapp.domain.scheduling import Grade, Preset, Trace, ideal_days, recall_after, traced

Dice = Callable[[int], Callable[[], float]]  # for each card, by its place, what throws from 0 up to 1


class Standing(NamedTuple):
    """What is remembered of a card, and the days since its last review."""

    trace: Trace
    elapsed: int


@dataclass(frozen=True)
class Cost:
    """What some days under a goal come to."""

    retention: float
    reviews: float  # a day; a forgotten card takes two
    remembered: float  # mean chance of recall of a card on the days looked at, 0 to 1


def costs(
    cards: Sequence[Standing], preset: Preset, goals: Sequence[float], *, days: int, dice: Dice, share: float = 1
) -> Sequence[Cost]:
    """Study the cards for so many days under each goal, and say what a deck comes to of which they are that share.

    Every pass is taken as Good. Dice that fall the same way for the same card give the same figures.
    """
    return [_cost(cards, replace(preset, retention=goal), days, dice, share) for goal in goals]


def just_learned(preset: Preset) -> Standing:
    """Return how a card stands that was seen for the first time today and graded Good."""
    return Standing(traced(None, Grade.GOOD, 0, preset), 0)


def _cost(cards: Sequence[Standing], preset: Preset, days: int, dice: Dice, share: float) -> Cost:
    reviews, remembered = 0, 0.0
    for number, card in enumerate(cards):
        answers, recall = _studied(card, preset, days, dice(number))
        reviews += answers
        remembered += recall
    return Cost(preset.retention, reviews / days / share, remembered / max(1, len(cards)))


def _studied(card: Standing, preset: Preset, days: int, throw: Callable[[], float]) -> tuple[int, float]:
    """Return the answers that a card takes within the days, and its mean recall on them."""
    trace, since, today, answers, recall = card.trace, card.elapsed, 0, 0, 0.0
    while True:
        wait = max(0, _interval(trace, preset) - since)
        stay = min(wait, days - today)
        recall += _recalled(trace, since, stay, preset)
        today, since = today + stay, since + stay
        if today >= days:
            return answers, recall / days
        passed = throw() < recall_after(since, trace.stability, preset)
        trace = traced(trace, Grade.GOOD if passed else Grade.AGAIN, since, preset)
        answers += 1 if passed else 2
        since = 0


def _interval(trace: Trace, preset: Preset) -> int:
    return min(max(1, round(ideal_days(trace.stability, preset))), preset.maximum_interval.days)


def _recalled(trace: Trace, since: int, stay: int, preset: Preset) -> float:
    """Add up the chance of recall over the days of waiting, taking their ends and middle for all (Simpson)."""
    start = recall_after(since, trace.stability, preset)
    middle = recall_after(since + stay * 0.5, trace.stability, preset)
    end = recall_after(since + stay, trace.stability, preset)
    return stay * (start + 4 * middle + end) / 6
