from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.calibration import EDGES, Foretold, Graded, calibration, foretold, foretold_of_grades, overall
from quizapp.domain.queues import Days
from quizapp.domain.scheduling import Grade, Override, Preset, ReviewEvent, Steps

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)
DAYS, PRESET = Days(ZoneInfo("UTC")), Preset()
TESTS = st.builds(Foretold, st.just(date(2026, 11, 23)), st.floats(0.01, 1.0), st.booleans())


def graded(*grades_and_days):
    return [ReviewEvent(uuid4(), NOW + days * DAY, grade) for grade, days in grades_and_days]


def each_test(events):
    return list(foretold(events, DAYS, PRESET))


def test_a_card_that_comes_back_is_a_test_with_the_chance_it_had():
    found = each_test(graded((Grade.EASY, 0), (Grade.GOOD, 8), (Grade.AGAIN, 200)))

    assert [one.passed for one in found] == [True, False]
    assert [one.day for one in found] == [date(2026, 12, 1), date(2027, 6, 11)]
    assert 0.85 < found[0].chance < 0.95
    assert found[1].chance < found[0].chance


@pytest.mark.parametrize(
    "events",
    [
        pytest.param(graded((Grade.GOOD, 0)), id="the first answer"),
        pytest.param(graded((Grade.EASY, 0), (Grade.AGAIN, 0.1)), id="once more on the same day"),
        pytest.param(graded((Grade.GOOD, 0), (Grade.GOOD, 2)), id="in steps"),
        pytest.param(
            [*graded((Grade.EASY, 0), (Grade.GOOD, 9)), ReviewEvent(uuid4(), NOW + 5 * DAY, None, override=Override.RESET)],
            id="after a reset",
        ),
    ],
)  # fmt: skip
def test_what_tests_no_memory_is_none(events):
    assert each_test(events) == []


def test_an_undone_review_is_no_test():
    events = graded((Grade.EASY, 0), (Grade.AGAIN, 8))
    undo = ReviewEvent(UUID(int=1), NOW + 8 * DAY, None, undoes=events[1].id)

    assert each_test([*events, undo]) == []


STEPS = st.sampled_from([Steps(), Steps((), ()), Steps((DAY,), (DAY / 24,)), Steps((DAY / 2, 3 * DAY), ())])
GRADES = st.lists(
    st.tuples(st.sampled_from(Grade), st.floats(0, 40) | st.sampled_from([0, 0.01, 1]), STEPS), max_size=12
)


@given(GRADES, st.sampled_from([PRESET, Preset(retention=0.8, learning_steps=())]))
def test_grades_alone_foretell_what_whole_histories_do(each, preset):
    at, events = NOW, []
    for grade, later, steps in each:
        at += later * DAY
        events.append(ReviewEvent(uuid4(), at, grade, steps=steps, spread=later % 1))
    answers = [
        Graded(DAYS.day_of(one.at), one.grade, one.steps) for one in sorted(events, key=lambda one: (one.at, one.id))
    ]

    assert list(foretold_of_grades(answers, preset)) == list(foretold(events, DAYS, preset))


@given(st.lists(TESTS), st.randoms())
def test_bins_hold_every_test_once_in_whatever_order_they_come(tests, dice):
    bins = calibration(tests)
    shuffled = list(tests)
    dice.shuffle(shuffled)

    assert [(one.tests, one.passed) for one in bins] == [(one.tests, one.passed) for one in calibration(shuffled)]
    assert overall(bins).tests == len(tests)
    assert overall(bins).passed == sum(one.passed for one in tests)
    assert overall(bins).chances == pytest.approx(sum(one.chance for one in tests))


@given(st.lists(TESTS))
def test_what_was_foretold_in_a_bin_lies_within_it(tests):
    for one in calibration(tests):
        if one.expected is not None:
            assert one.low - 1e-9 <= one.expected <= one.high + 1e-9
        assert (one.expected is None) == (one.recalled is None) == (one.tests == 0)


@pytest.mark.parametrize(("chance", "place"), [(0.01, 0), (0.5, 1), (0.9, 5), (0.8999, 4), (0.95, 6), (1.0, 6)])
def test_a_chance_on_an_edge_belongs_above_it(chance, place):
    bins = calibration([Foretold(NOW.date(), chance, passed=True)])

    assert [one.tests for one in bins].index(1) == place
    assert len(bins) == len(EDGES) - 1
