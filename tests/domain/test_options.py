from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.options import LONGEST_STEP, Options, in_force, read_steps, write_steps
from quizapp.domain.queues import Limits
from quizapp.domain.scheduling import Preset, Steps
from quizapp.errors import InvalidInput

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
steps = st.lists(st.integers(1, LONGEST_STEP // timedelta(seconds=1)).map(lambda n: timedelta(seconds=n)), max_size=10)


def test_a_deck_follows_the_nearest_deck_that_it_is_in():
    chosen = {"a": 1, "a::b::c": 2}

    assert in_force("a::b", chosen) == 1
    assert in_force("a::b::c::d", chosen) == 2
    assert in_force("ab", chosen) is None


@pytest.mark.parametrize(
    ("text", "read"),
    [
        pytest.param("1m 10m", (MINUTE, 10 * MINUTE), id="as in Anki"),
        pytest.param(" 5, 1 d ", (5 * MINUTE, DAY), id="bare minutes, a comma, a blank before the unit"),
        pytest.param("30s;2H", (MINUTE / 2, 120 * MINUTE), id="seconds and hours"),
        pytest.param("", (), id="none"),
    ],
)
def test_steps_are_read_as_people_write_them(text, read):
    assert read_steps(text) == read


@pytest.mark.parametrize("text", ["soon", "1m,x", "-1m", "1.5h", "10m10m", "٣m"])
def test_what_is_no_step_is_refused_with_an_example(text):
    with pytest.raises(InvalidInput, match="1m 10m 1d"):
        read_steps(text)


@given(steps)
def test_written_steps_are_read_as_they_were(steps):
    assert read_steps(write_steps(tuple(steps))) == tuple(steps)


@pytest.mark.parametrize(
    "wrong",
    [
        {"retention": 0.5},
        {"limits": Limits(new=-1)},
        {"limits": Limits(reviews=10_000)},
        {"maximum_interval": timedelta(0)},
        {"steps": Steps(learning=(timedelta(0),))},
        {"steps": Steps(relearning=(MINUTE,) * 11)},
    ],
)
def test_options_that_nobody_can_study_by_are_refused(wrong):
    with pytest.raises(InvalidInput):
        Options(**wrong)


def test_a_deck_is_scheduled_by_its_own_wishes_and_the_learners_parameters():
    weights = (*Preset().weights[:3], 20.0, *Preset().weights[4:])
    options = Options(retention=0.8, steps=Steps((DAY,), ()), maximum_interval=9 * DAY)

    preset = options.preset(Preset(weights=weights, version=7))

    assert preset == Preset(weights, 0.8, (DAY,), (), 9 * DAY, version=7)
