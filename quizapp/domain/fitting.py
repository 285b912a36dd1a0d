"""A learner's own FSRS parameters, fitted to their reviews. Start from `fit`; `measure` says how well parameters do.

The chance of recall is followed through every history together with its derivatives by all 21 parameters, so that
Fisher scoring (Gauss-Newton for a log loss) takes a dozen steps. Each parameter is held near its default as loosely as
it differs between people. The formulas and their source are those of `scheduling`; a test compares the two.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from quizapp.domain.parameters import Fitted, Measured
from quizapp.domain.scheduling import (
    DEFAULT_WEIGHTS,
    DIFFICULTY_MAX,
    DIFFICULTY_MIN,
    HIGHEST_WEIGHTS,
    LOWEST_WEIGHTS,
    STABILITY_MAX,
    STABILITY_MIN,
    Weights,
)

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
# How much each parameter differs between people (a standard deviation), as the reference optimizer has it.
SPREADS = (
    6.43, 9.66, 17.58, 27.85, 0.57, 0.28, 0.6, 0.12, 0.39, 0.18, 0.33,
    0.3, 0.09, 0.16, 0.57, 0.25, 1.03, 0.31, 0.32, 0.14, 0.27,
)  # fmt: skip
MOST_STEPS = 40
ENOUGH = 1e-6  # a step that improves the loss by a smaller share is the last
LEAST_CHANCE = 1e-6


class Answer(NamedTuple):
    """One review of a card: the days since the one before, and the grade from 1 to 4."""

    elapsed: int
    grade: int


@dataclass(frozen=True)
class Histories:
    """Reviews of many cards, one column a card and one row a review; shorter histories are padded."""

    elapsed: Floats
    grades: NDArray[np.int64]  # 0 where there is none

    @classmethod
    def of(cls, cards: Sequence[Sequence[Answer]]) -> "Histories":
        """Lay histories side by side."""
        longest = max((len(card) for card in cards), default=0)
        elapsed, grades = np.zeros((longest, len(cards))), np.zeros((longest, len(cards)), dtype=np.int64)
        for column, card in enumerate(cards):
            for row, answer in enumerate(card):
                elapsed[row, column], grades[row, column] = answer
        return cls(elapsed, grades)

    @property
    def tests(self) -> Flags:
        """Say which reviews test memory: those on a later day than the one before."""
        later = (self.grades > 0) & (self.elapsed > 0)
        later[:1] = False
        return later


def fit_and_compare(
    histories: Histories, earlier: Flags, *, on_progress: Callable[[float], None] = lambda _: None
) -> Fitted:
    """Fit parameters to the earlier tests, compare them with the defaults on the later, then fit them to all."""
    tests = histories.tests
    later = tests & ~earlier
    first = fit(histories, tests & earlier, on_progress=lambda share: on_progress(share / 2))
    weights = fit(histories, tests, on_progress=lambda share: on_progress(0.5 + share / 2))
    own, defaults = (measure(histories, later, weights) for weights in (first, DEFAULT_WEIGHTS))
    return Fitted(weights, int(tests.sum()), own, defaults)


def fit(histories: Histories, tests: Flags, *, on_progress: Callable[[float], None] = lambda _: None) -> Weights:
    """Return the parameters under which these tests are likeliest, near the defaults where little is known."""
    low, high = np.array(LOWEST_WEIGHTS), np.array(HIGHEST_WEIGHTS)
    weights, damping = np.array(DEFAULT_WEIGHTS), 1e-3
    loss, gradient, curvature = _slope(histories, tests, weights)
    for step in range(MOST_STEPS):
        on_progress(step / MOST_STEPS)
        free = ~(((weights <= low) & (gradient > 0)) | ((weights >= high) & (gradient < 0)))
        damped = curvature + damping * np.diag(np.diag(curvature))
        move = np.zeros_like(weights)
        move[free] = -np.linalg.solve(damped[np.ix_(free, free)], gradient[free])
        tried = np.clip(weights + move, low, high)
        found = _slope(histories, tests, tried)
        if found[0] < loss:
            improved = (loss - found[0]) / loss
            weights, damping = tried, damping / 3
            loss, gradient, curvature = found
            if improved < ENOUGH:
                break
        elif damping > 1e6:
            break
        else:
            damping *= 8
    return tuple(float(weight) for weight in weights)


def measure(histories: Histories, tests: Flags, weights: Weights) -> Measured:
    """Return how well the parameters foretell these tests."""
    recalled = histories.grades[tests] > 1
    chances = foretold(histories, weights)[tests]
    return Measured(len(recalled), log_loss(recalled, chances), rmse_in_bins(histories, tests, chances))


def foretold(histories: Histories, weights: Weights) -> Floats:
    """Return the chance of recall before each review; what it is for a first one means nothing."""
    chances = np.ones_like(histories.elapsed)
    for row, recall, _ in _follow(histories, np.array(weights)):
        chances[row] = recall
    return chances


def log_loss(recalled: Flags, chances: Floats) -> float:
    """Return the mean of -ln(chance given to what happened); 0 is perfect, ln 2 a coin."""
    if not len(recalled):
        return 0.0
    kept = np.clip(chances, LEAST_CHANCE, 1 - LEAST_CHANCE)
    return float(-np.log(np.where(recalled, kept, 1 - kept)).mean())


def rmse_in_bins(histories: Histories, tests: Flags, chances: Floats) -> float:
    """Return how far chances are from the share recalled, over bins of tests that are alike (as in the srs-benchmark).

    Tests are put together by days gone by, reviews and lapses so far, each on a scale of powers.
    """
    if not len(chances):
        return 0.0
    lapses = np.cumsum((histories.grades == 1), axis=0) - (histories.grades == 1)
    number = np.broadcast_to(np.arange(1, len(histories.grades) + 1)[:, None], histories.grades.shape)
    scales = ((histories.elapsed, 3.62), (number, 1.89), (lapses + 1, 1.73))
    keys = [np.floor(np.log(values[tests]) / np.log(base)) for values, base in scales]
    _, places = np.unique(np.stack(keys), axis=1, return_inverse=True)
    size = np.bincount(places)
    missed = np.bincount(places, (histories.grades[tests] > 1) - chances) / size
    return float(np.sqrt((size * missed**2).sum() / size.sum()))


def _slope(histories: Histories, tests: Flags, weights: Floats) -> tuple[float, Floats, Floats]:
    """Return the loss with what holds the parameters near the defaults, its gradient, and Fisher's information."""
    away, spread = weights - np.array(DEFAULT_WEIGHTS), np.array(SPREADS)
    loss = float(((away / spread) ** 2).sum() / 2)
    gradient, curvature = away / spread**2, np.diag(1 / spread**2)
    for row, recall, slopes in _follow(histories, weights):
        asked = tests[row]
        chance = np.clip(recall[asked], LEAST_CHANCE, 1 - LEAST_CHANCE)
        passed, slope = histories.grades[row][asked] > 1, slopes[asked]
        loss -= float(np.log(np.where(passed, chance, 1 - chance)).sum())
        variance = chance * (1 - chance)
        gradient = gradient + slope.T @ ((chance - passed) / variance)
        curvature = curvature + (slope / variance[:, None]).T @ slope
    return loss, gradient, curvature


# Each value below comes with its slopes: its derivatives by the 21 parameters, one column each.


class _Traces(NamedTuple):
    stability: Floats
    stability_slopes: Floats
    difficulty: Floats
    difficulty_slopes: Floats


def _follow(histories: Histories, w: Floats) -> Iterator[tuple[int, Floats, Floats]]:
    """Give, review by review, the chance of recall before it of every card."""
    if not len(histories.grades):
        return
    traces = _first(histories.grades[0], w)
    for row in range(1, len(histories.grades)):
        grades, elapsed = histories.grades[row], histories.elapsed[row]
        recall, slopes = _recall(elapsed, traces, w)
        yield row, recall, slopes
        there = grades > 0
        new = _next(grades, elapsed, recall, slopes, traces, w)
        traces = _Traces(*(
            np.where(there if old.ndim == 1 else there[:, None], one, old)
            for one, old in zip(new, traces, strict=True)
        ))  # fmt: skip


def _first(grades: NDArray[np.int64], w: Floats) -> _Traces:
    """S0 = w[G-1], D0 = w4 - e ^ (w5 * (G - 1)) + 1."""
    start = np.maximum(grades, 1) - 1
    slopes, difficulty_slopes = np.zeros((len(grades), len(w))), np.zeros((len(grades), len(w)))
    slopes[np.arange(len(grades)), start] = 1
    grown = np.exp(w[5] * start)
    difficulty_slopes[:, 4], difficulty_slopes[:, 5] = 1, -start * grown
    return _kept(w[start], slopes, w[4] - grown + 1, difficulty_slopes)


def _kept(stability: Floats, s_slopes: Floats, difficulty: Floats, d_slopes: Floats) -> _Traces:
    """Keep both within their bounds, where nothing changes them."""
    s_in = (stability > STABILITY_MIN) & (stability < STABILITY_MAX)
    d_in = (difficulty > DIFFICULTY_MIN) & (difficulty < DIFFICULTY_MAX)
    return _Traces(
        np.clip(stability, STABILITY_MIN, STABILITY_MAX),
        s_slopes * s_in[:, None],
        np.clip(difficulty, DIFFICULTY_MIN, DIFFICULTY_MAX),
        d_slopes * d_in[:, None],
    )


def _recall(elapsed: Floats, traces: _Traces, w: Floats) -> tuple[Floats, Floats]:
    """R = (1 + factor * t / S) ^ -w20, where factor = 0.9 ^ (-1 / w20) - 1."""
    power = 0.9 ** (-1 / w[20])
    factor, by_decay = power - 1, power * np.log(0.9) / w[20] ** 2
    share = elapsed / traces.stability
    base = 1 + factor * share
    recall = base ** -w[20]
    slopes = (recall * w[20] * factor * share / base / traces.stability)[:, None] * traces.stability_slopes
    slopes[:, 20] += recall * (-np.log(base) - w[20] / base * share * by_decay)
    return recall, slopes


def _next(
    grades: NDArray[np.int64], elapsed: Floats, recall: Floats, slopes: Floats, traces: _Traces, w: Floats
) -> _Traces:
    passed, same = (grades > 1)[:, None], (elapsed == 0)[:, None]
    recalled, forgotten = _recalled(grades, recall, slopes, traces, w), _forgotten(recall, slopes, traces, w)
    short = _same_day(grades, traces, w)
    stability = np.where(same[:, 0], short[0], np.where(passed[:, 0], recalled[0], forgotten[0]))
    s_slopes = np.where(same, short[1], np.where(passed, recalled[1], forgotten[1]))
    return _kept(stability, s_slopes, *_difficulty(grades, traces, w))


def _recalled(
    grades: NDArray[np.int64], recall: Floats, slopes: Floats, traces: _Traces, w: Floats
) -> tuple[Floats, Floats]:
    """S * (1 + e ^ w8 * (11 - D) * S ^ -w9 * (e ^ (w10 * (1 - R)) - 1) * (w15 for Hard, w16 for Easy))."""
    stability, s_slopes, difficulty, d_slopes = traces
    bonus = np.where(grades == 2, w[15], np.where(grades == 4, w[16], 1.0))
    scale = np.exp(w[8]) * (11 - difficulty) * stability ** -w[9]
    lost = np.exp(w[10] * (1 - recall))
    growth = scale * (lost - 1)
    log_scale = -d_slopes / (11 - difficulty)[:, None] - (w[9] / stability)[:, None] * s_slopes
    log_scale[:, 8] += 1
    log_scale[:, 9] -= np.log(stability)
    log_lost = -w[10] * slopes
    log_lost[:, 10] += 1 - recall
    by = growth[:, None] * log_scale + (scale * lost)[:, None] * log_lost
    by *= bonus[:, None]
    by[:, 15] += growth * (grades == 2)
    by[:, 16] += growth * (grades == 4)
    growth = growth * bonus
    return stability * (1 + growth), s_slopes * (1 + growth)[:, None] + stability[:, None] * by


def _forgotten(recall: Floats, slopes: Floats, traces: _Traces, w: Floats) -> tuple[Floats, Floats]:
    """w11 * D ^ -w12 * ((S + 1) ^ w13 - 1) * e ^ (w14 * (1 - R)), at most S / e ^ (w17 * w18)."""
    stability, s_slopes, difficulty, d_slopes = traces
    scale = w[11] * difficulty ** -w[12] * np.exp(w[14] * (1 - recall))
    power = (stability + 1) ** w[13]
    log_scale = -(w[12] / difficulty)[:, None] * d_slopes - w[14] * slopes
    log_scale[:, 11] += 1 / w[11]
    log_scale[:, 12] -= np.log(difficulty)
    log_scale[:, 14] += 1 - recall
    log_power = (w[13] / (stability + 1))[:, None] * s_slopes
    log_power[:, 13] += np.log(stability + 1)
    left = scale * (power - 1)
    by = left[:, None] * log_scale + (scale * power)[:, None] * log_power
    ceiling = stability / np.exp(w[17] * w[18])
    by_ceiling = s_slopes / np.exp(w[17] * w[18])
    by_ceiling[:, 17] -= ceiling * w[18]
    by_ceiling[:, 18] -= ceiling * w[17]
    is_less = left < ceiling
    return np.where(is_less, left, ceiling), np.where(is_less[:, None], by, by_ceiling)


def _same_day(grades: NDArray[np.int64], traces: _Traces, w: Floats) -> tuple[Floats, Floats]:
    """S * e ^ (w17 * (G - 3 + w18)) * S ^ -w19, and for a pass at least S."""
    stability, s_slopes, *_ = traces
    growth = np.exp(w[17] * (grades - 3 + w[18])) * stability ** -w[19]
    log_growth = -(w[19] / stability)[:, None] * s_slopes
    log_growth[:, 17] += grades - 3 + w[18]
    log_growth[:, 18] += w[17]
    log_growth[:, 19] -= np.log(stability)
    stays = (grades > 1) & (growth < 1)
    growth = np.where(stays, 1.0, growth)
    by = np.where(stays[:, None], 0.0, (stability * growth)[:, None] * log_growth)
    return stability * growth, s_slopes * growth[:, None] + by


def _difficulty(grades: NDArray[np.int64], traces: _Traces, w: Floats) -> tuple[Floats, Floats]:
    """D' = w7 * D0(4) + (1 - w7) * (D - w6 * (G - 3) * (10 - D) / 9)."""
    difficulty, d_slopes = traces.difficulty, traces.difficulty_slopes
    easy, toward = w[4] - np.exp(3 * w[5]) + 1, (grades - 3) / 9
    damped = difficulty - w[6] * toward * (10 - difficulty)
    by = (1 - w[7]) * (1 + w[6] * toward)[:, None] * d_slopes
    by[:, 6] -= (1 - w[7]) * toward * (10 - difficulty)
    by[:, 7] += easy - damped
    by[:, 4] += w[7]
    by[:, 5] -= w[7] * 3 * np.exp(3 * w[5])
    return w[7] * easy + (1 - w[7]) * damped, by
