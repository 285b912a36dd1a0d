"""What first attempts say of the questions themselves, after Moodle's definitions. Start from `analyse`.

A **score** is the share of a question's point that an answer got, 0 to 1; what was left out counts 0. With x the
scores of a question, T the points of whole attempts and X = T - x those of the rest of each attempt:

- facility index: the mean of x
- discrimination index: the correlation of x and X
- discriminative efficiency: their covariance, as a share of the largest that these scores could have
- effective weight: the root of the covariance of x and T, as a share of that sum over all questions

Where scores do not vary there is no correlation, and where a covariance is below nothing there is no root: the
figure is None, never 0. Source: "Quiz statistics calculations" of Moodle's developer documentation.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from math import fsum, sqrt
from statistics import fmean

FEWEST_ATTEMPTS = 5  # with fewer no question is called misleading
HARDLY_ANYBODY, NEARLY_ALL = 0.2, 0.95  # facility below which a question is hard, and above which it is easy
TINY = 1e-12  # a variance or covariance below this is one of numbers that are equal but for rounding

Attempt = Mapping[int, float]  # scores by question


@dataclass(frozen=True)
class Item:
    """What first attempts say of a question."""

    attempts: int
    facility: float  # 0 to 1
    deviation: float | None  # standard deviation of the scores
    discrimination: float | None  # -1 to 1
    efficiency: float | None  # -1 to 1
    weight: float | None  # 0 to 1


@dataclass(frozen=True)
class Whole:
    """What first attempts say of all questions together; the last three only if all were asked the same ones."""

    attempts: int
    mean: float  # as a share of what could be got, 0 to 1
    median: float
    deviation: float | None
    consistency: float | None  # Cronbach's alpha, up to 1
    error_ratio: float | None  # the share of the deviation that is chance
    standard_error: float | None  # of one attempt, as a share of what could be got


class Finding(Enum):
    """What may be wrong with a question."""

    MISLEADING = "misleading"  # who does well in the rest misses it: the key may be wrong, or the wording
    TEMPTING = "tempting"  # one wrong option is chosen more often than the right one
    HARD = "hard"
    EASY = "easy"


@dataclass(frozen=True)
class Choice:
    """How often an option was chosen."""

    text: str
    is_right: bool
    chosen: int


def analyse(attempts: Sequence[Attempt]) -> Mapping[int, Item]:
    """Return what the attempts, one a person, say of each question that was asked in any of them."""
    totals = [fsum(attempt.values()) for attempt in attempts]
    asked = sorted({question for attempt in attempts for question in attempt})
    scored = {question: _scored(question, attempts, totals) for question in asked}
    roots = {question: _root(_covariance(own, whole)) for question, (own, whole) in scored.items()}
    together = fsum(root for root in roots.values() if root is not None)
    return {question: _item(*scored[question], roots[question], together) for question in asked}


def whole(attempts: Sequence[Attempt]) -> Whole | None:
    """Return what the attempts, one a person, say of the questions together; None without any."""
    if not attempts:
        return None
    shares = sorted(fmean(attempt.values()) for attempt in attempts)
    middle = len(shares) // 2
    alpha = _consistency(attempts)
    deviation = _deviation(shares)
    ratio = None if alpha is None else sqrt(max(0.0, 1 - alpha))
    return Whole(
        len(shares),
        fmean(shares),
        fmean(shares[(len(shares) - 1) // 2 : middle + 1]),
        deviation,
        alpha,
        ratio,
        None if ratio is None or deviation is None else ratio * deviation,
    )


def findings(item: Item, choices: Iterable[Choice] = ()) -> Sequence[Finding]:
    """Return what may be wrong with a question, the worst first; too few attempts say nothing."""
    if item.attempts < FEWEST_ATTEMPTS:
        return []
    each = list(choices)
    right = sum(one.chosen for one in each if one.is_right)
    found = {
        Finding.MISLEADING: item.discrimination is not None and item.discrimination < 0,
        Finding.TEMPTING: any(one.chosen > right for one in each if not one.is_right),
        Finding.HARD: item.facility < HARDLY_ANYBODY,
        Finding.EASY: item.facility > NEARLY_ALL,
    }
    return [finding for finding, holds in found.items() if holds]


def _scored(question: int, attempts: Sequence[Attempt], totals: Sequence[float]) -> tuple[list[float], list[float]]:
    """Return the scores of a question and the points of the same attempts, of those alone that it was asked in."""
    own, whole = [], []
    for attempt, total in zip(attempts, totals, strict=True):
        if question in attempt:
            own.append(attempt[question])
            whole.append(total)
    return own, whole


def _item(own: Sequence[float], whole: Sequence[float], root: float | None, together: float) -> Item:
    rest = [total - score for score, total in zip(own, whole, strict=True)]
    return Item(
        attempts=len(own),
        facility=fmean(own),
        deviation=_deviation(own),
        discrimination=_correlation(own, rest),
        efficiency=_efficiency(own, rest),
        weight=None if root is None or together < TINY else root / together,
    )


def _correlation(one: Sequence[float], other: Sequence[float]) -> float | None:
    shared, spread, width = _covariance(one, other), _covariance(one, one), _covariance(other, other)
    if shared is None or spread is None or width is None or spread < TINY or width < TINY:
        return None
    return max(-1.0, min(1.0, shared / sqrt(spread * width)))


def _efficiency(one: Sequence[float], other: Sequence[float]) -> float | None:
    shared, most = _covariance(one, other), _covariance(sorted(one), sorted(other))
    return None if shared is None or most is None or most < TINY else shared / most


def _consistency(attempts: Sequence[Attempt]) -> float | None:
    questions = attempts[0].keys()
    if len(questions) < 2 or any(one.keys() != other.keys() for one, other in pairwise(attempts)):
        return None
    totals = [fsum(attempt.values()) for attempt in attempts]
    spread = _covariance(totals, totals)
    if spread is None or spread < TINY:
        return None
    each = [[attempt[question] for attempt in attempts] for question in questions]
    within = fsum(_covariance(scores, scores) or 0.0 for scores in each)
    return len(each) / (len(each) - 1) * (1 - within / spread)


def _deviation(scores: Sequence[float]) -> float | None:
    spread = _covariance(scores, scores)
    return None if spread is None else sqrt(spread)


def _root(covariance: float | None) -> float | None:
    return None if covariance is None or covariance < TINY else sqrt(covariance)


def _covariance(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Return the sample covariance, with n - 1 below the line; None of fewer than two."""
    if len(one) < 2:
        return None
    left, right = fmean(one), fmean(other)
    return fsum((a - left) * (b - right) for a, b in zip(one, other, strict=True)) / (len(one) - 1)
