"""Our FSRS-6 gives the same numbers as the `fsrs` package wherever both count the same days.

That package counts periods of 24 hours, so each review here comes later in the day than the one
before. It has no longest stability, so histories end where ours would be cut.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import fsrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from quizapp.domain.queues import Days
from quizapp.domain.scheduling import (
    DEFAULT_WEIGHTS,
    HIGHEST_WEIGHTS,
    LOWEST_WEIGHTS,
    STABILITY_MAX,
    Grade,
    Phase,
    Preset,
    Weights,
    retrievability,
    review,
)

DAYS = Days(ZoneInfo("UTC"))
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PHASES = {fsrs.State.Learning: Phase.LEARNING, fsrs.State.Review: Phase.REVIEW, fsrs.State.Relearning: Phase.RELEARNING}

weights = st.tuples(*(st.floats(low, high) for low, high in zip(LOWEST_WEIGHTS, HIGHEST_WEIGHTS, strict=True)))
grades = st.lists(st.tuples(st.integers(0, 400), st.sampled_from(Grade)), min_size=1, max_size=30)


def test_the_default_parameters_are_the_same():
    assert fsrs.scheduler.DEFAULT_PARAMETERS == DEFAULT_WEIGHTS
    assert fsrs.scheduler.LOWER_BOUNDS_PARAMETERS == LOWEST_WEIGHTS
    assert fsrs.scheduler.UPPER_BOUNDS_PARAMETERS == HIGHEST_WEIGHTS


@given(st.just(DEFAULT_WEIGHTS) | weights, grades)
@example(DEFAULT_WEIGHTS, [(0, Grade.GOOD), (0, Grade.GOOD), (2, Grade.GOOD), (8, Grade.AGAIN), (0, Grade.GOOD)])
def test_stability_difficulty_recall_and_steps_are_the_same(w: Weights, history: list[tuple[int, Grade]]):
    preset = Preset(weights=w)
    scheduler = fsrs.Scheduler(parameters=w, enable_fuzzing=False)
    card, memory, at = fsrs.Card(card_id=1), None, START
    for days, grade in history:
        at += timedelta(days=days, minutes=10)
        if memory:
            recalled = scheduler.get_card_retrievability(card, at)
            assert retrievability(memory, at, DAYS, preset) == pytest.approx(recalled, rel=1e-9)
        card, _ = scheduler.review_card(card, fsrs.Rating(grade), at)
        memory = review(memory, grade, at, DAYS, preset)
        if card.stability > STABILITY_MAX:
            return

        assert memory.stability == pytest.approx(card.stability, rel=1e-9)
        assert memory.difficulty == pytest.approx(card.difficulty, rel=1e-9)
        assert (memory.phase, memory.step) == (PHASES[card.state], card.step or 0)
        if memory.phase is not Phase.REVIEW:
            assert memory.interval == card.due - at
