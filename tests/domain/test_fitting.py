from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from quizapp.domain import fitting
from quizapp.domain.fitting import Answer, Histories, fit, fit_and_compare, foretold, log_loss, measure
from quizapp.domain.queues import Days
from quizapp.domain.scheduling import (
    DEFAULT_WEIGHTS,
    HIGHEST_WEIGHTS,
    LOWEST_WEIGHTS,
    Grade,
    Preset,
    Trace,
    recall_after,
    retrievability,
    review,
    traced,
)

NOW = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
DAYS = Days(ZoneInfo("UTC"))
# Somebody who forgets much faster than the defaults say, and whose memory grows more slowly.
QUICK = (*(weight / 9 for weight in DEFAULT_WEIGHTS[:4]), *DEFAULT_WEIGHTS[4:8], 0.9, *DEFAULT_WEIGHTS[9:])


def history(dice: np.random.Generator, *, reviews: int = 7) -> list[Answer]:
    return [
        Answer(int(dice.choice([0, 1, 3, 9, 30, 120])) if n else 0, int(dice.integers(1, 5))) for n in range(reviews)
    ]


def learner(weights: tuple[float, ...], *, cards: int) -> Histories:
    """Answers of somebody who remembers by these parameters."""
    dice = np.random.default_rng(5)
    preset, found = Preset(weights=weights), []
    for _ in range(cards):
        trace: Trace | None = None
        answers = []
        for elapsed in (0, *dice.choice([1, 2, 4, 8, 16], size=5)):
            knows = trace is None or dice.random() < recall_after(int(elapsed), trace.stability, preset)
            grade = Grade.GOOD if knows else Grade.AGAIN
            trace = traced(trace, grade, int(elapsed), preset)
            answers.append(Answer(int(elapsed), grade))
        found.append(answers)
    return Histories.of(found)


def test_chances_are_those_of_the_scheduler():
    dice = np.random.default_rng(1)
    cards = [history(dice, reviews=int(dice.integers(1, 9))) for _ in range(60)]

    chances = foretold(Histories.of(cards), DEFAULT_WEIGHTS)

    for column, card in enumerate(cards):
        memory, at = None, NOW
        for row, answer in enumerate(card):
            at += timedelta(days=answer.elapsed)
            if memory is not None:
                assert chances[row, column] == pytest.approx(retrievability(memory, at, DAYS, Preset()), rel=1e-9)
            memory = review(memory, Grade(answer.grade), at, DAYS, Preset())


@pytest.mark.parametrize("index", range(21))
def test_slopes_are_what_small_steps_give(index):
    dice = np.random.default_rng(2)
    histories = Histories.of([history(dice) for _ in range(40)])
    weights, step = np.array(DEFAULT_WEIGHTS) * 1.02 + 0.01, 1e-6
    up, down = weights.copy(), weights.copy()
    up[index], down[index] = up[index] + step, down[index] - step

    def loss(of):
        return fitting._slope(histories, histories.tests, of)[0]  # noqa: SLF001 - what the fit goes by

    _, gradient, _ = fitting._slope(histories, histories.tests, weights)  # noqa: SLF001

    assert gradient[index] == pytest.approx((loss(up) - loss(down)) / (2 * step), rel=1e-3, abs=1e-3)


def test_parameters_of_somebody_who_forgets_quickly_are_found():
    histories = learner(QUICK, cards=400)

    weights = fit(histories, histories.tests)

    losses = [measure(histories, histories.tests, these).log_loss for these in (weights, QUICK, DEFAULT_WEIGHTS)]
    assert losses[0] < losses[1] + 0.005 < losses[2]
    assert weights[2] < DEFAULT_WEIGHTS[2] / 2


def test_fitted_parameters_can_be_scheduled_with():
    histories = learner(QUICK, cards=30)

    weights = fit(histories, histories.tests)

    assert all(low <= one <= high for low, one, high in zip(LOWEST_WEIGHTS, weights, HIGHEST_WEIGHTS, strict=True))
    Preset(weights=weights)


def test_without_reviews_the_defaults_stay():
    histories = Histories.of([])

    assert fit(histories, histories.tests) == DEFAULT_WEIGHTS


def test_what_is_fitted_to_the_earlier_reviews_is_measured_on_the_later():
    histories = learner(QUICK, cards=200)
    earlier = np.zeros_like(histories.tests)
    earlier[:3] = True
    shares: list[float] = []

    fitted = fit_and_compare(histories, earlier, on_progress=shares.append)

    assert fitted.is_better
    assert fitted.own.tests == fitted.defaults.tests == int((histories.tests & ~earlier).sum())
    assert shares == sorted(shares)


def test_only_reviews_on_a_later_day_test_memory():
    histories = Histories.of([[Answer(0, 3), Answer(0, 3), Answer(2, 1)], [Answer(0, 3)]])

    assert histories.tests.tolist() == [[False, False], [False, False], [True, False]]


def test_the_loss_of_a_coin_is_that_of_two():
    assert log_loss(np.array([True, False]), np.array([0.5, 0.5])) == pytest.approx(np.log(2))
