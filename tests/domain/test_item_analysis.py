"""Worked by hand; x are the scores of a question, T the points of an attempt, X those of the rest."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.item_analysis import Choice, Finding, Item, analyse, findings, whole

# T = 3, 2, 1, 1 with mean 1.75
FOUR = [{1: 1, 2: 1, 3: 1}, {1: 1, 2: 1, 3: 0}, {1: 1, 2: 0, 3: 0}, {1: 0, 2: 1, 3: 0}]
ATTEMPTS = st.integers(1, 5).flatmap(
    lambda size: st.lists(
        st.fixed_dictionaries({number: st.sampled_from([0.0, 0.5, 1.0]) for number in range(size)}), max_size=9
    )
)


def test_facility_is_the_mean_score():
    assert [item.facility for item in analyse(FOUR).values()] == [0.75, 0.75, 0.25]


def test_deviation_is_that_of_a_sample():
    # x = 1, 1, 1, 0 with mean 0.75: (3 x 0.0625 + 0.5625) / 3 = 0.25
    assert analyse(FOUR)[1].deviation == pytest.approx(0.5)


def test_discrimination_is_the_correlation_with_the_rest_of_the_attempt():
    items = analyse(FOUR)

    # 1: X = 2, 1, 0, 1; covariance (0.25 x 1 + 0.25 x 0 - 0.25 x 1 - 0.75 x 0) / 3 = 0
    assert items[1].discrimination == pytest.approx(0)
    # 3: X = 2, 2, 1, 1; covariance 0.5 / 3, variances 0.25 and 1 / 3
    assert items[3].discrimination == pytest.approx((0.5 / 3) / sqrt(0.25 / 3))


def test_efficiency_is_the_share_of_the_largest_covariance_possible():
    items = analyse(FOUR)

    # 1: 0, 1, 1, 1 beside 0, 1, 1, 2 would have 1 / 3
    assert items[1].efficiency == pytest.approx(0)
    # 3: 0, 0, 0, 1 beside 1, 1, 2, 2 has 0.5 / 3, which is what there is
    assert items[3].efficiency == pytest.approx(1)


def test_effective_weight_is_the_share_of_the_roots_of_the_covariances_with_the_whole():
    # 0.75 / 3, 0.75 / 3 and 1.25 / 3
    roots = [sqrt(0.25), sqrt(0.25), sqrt(1.25 / 3)]

    assert [item.weight for item in analyse(FOUR).values()] == pytest.approx([root / sum(roots) for root in roots])


def test_the_whole_has_consistency_and_error():
    told = whole(FOUR)

    assert told.mean == pytest.approx(1.75 / 3)
    assert told.median == pytest.approx(1.5 / 3)
    # 3 / 2 x (1 - 0.75 / (2.75 / 3))
    assert told.consistency == pytest.approx(1.5 * (1 - 0.75 / (2.75 / 3)))
    assert told.error_ratio == pytest.approx(sqrt(1 - told.consistency))
    assert told.standard_error == pytest.approx(told.error_ratio * sqrt(2.75 / 3) / 3)


def test_what_everybody_knows_has_no_discrimination_and_no_weight():
    item = analyse([{1: 1, 2: 1}, {1: 1, 2: 0}, {1: 1, 2: 1}])[1]

    assert (item.facility, item.deviation) == (1, 0)
    assert (item.discrimination, item.efficiency, item.weight) == (None, None, None)


def test_one_attempt_says_how_hard_and_nothing_else():
    assert analyse([{1: 1, 2: 0}])[2] == Item(1, 0, None, None, None, None)
    assert whole([{1: 1, 2: 0}]).consistency is None


def test_a_question_that_falls_as_the_rest_rises_has_negative_discrimination_and_no_weight():
    # x = 0, 0, 1, 1 against X = 2, 2, 0, 0
    item = analyse([{1: 0, 2: 1, 3: 1}, {1: 0, 2: 1, 3: 1}, {1: 1, 2: 0, 3: 0}, {1: 1, 2: 0, 3: 0}])[1]

    assert item.discrimination == pytest.approx(-1)
    assert item.efficiency == pytest.approx(-1)
    assert item.weight is None


def test_of_a_pool_each_question_counts_among_those_who_were_asked_it():
    items = analyse([{1: 1, 2: 0}, {1: 0, 3: 1}, {2: 1, 3: 0}])

    assert {number: item.attempts for number, item in items.items()} == {1: 2, 2: 2, 3: 2}
    assert whole([{1: 1, 2: 0}, {1: 0, 3: 1}]).consistency is None


def test_nothing_is_said_without_attempts():
    assert analyse([]) == {}
    assert whole([]) is None


@given(ATTEMPTS)
def test_every_figure_is_within_its_bounds_and_weights_make_a_whole(attempts):
    items = analyse(attempts).values()

    for item in items:
        assert 0 <= item.facility <= 1
        assert item.discrimination is None or -1 <= item.discrimination <= 1
        assert item.efficiency is None or item.efficiency <= 1 + 1e-9
    weights = [item.weight for item in items if item.weight is not None]
    assert not weights or sum(weights) == pytest.approx(1)


@given(ATTEMPTS, st.randoms())
def test_the_order_of_people_changes_nothing(attempts, dice):
    other = dice.sample(attempts, len(attempts))

    for number, item in analyse(attempts).items():
        again = analyse(other)[number]
        assert (again.attempts, again.facility) == (item.attempts, pytest.approx(item.facility))
        assert again.discrimination == pytest.approx(item.discrimination)


def told(*, facility=0.5, discrimination=0.4, attempts=10):
    return Item(attempts, facility, 0.5, discrimination, 0.5, 0.2)


@pytest.mark.parametrize(
    ("item", "chosen", "expected"),
    [
        (told(), (7, 2, 1), []),
        (told(discrimination=-0.1), (7, 2, 1), [Finding.MISLEADING]),
        (told(), (3, 6, 1), [Finding.TEMPTING]),
        (told(facility=0.1), (1, 1, 1), [Finding.HARD]),
        (told(facility=1.0, discrimination=None), (10, 0, 0), [Finding.EASY]),
        (told(facility=0.1, discrimination=-0.5), (1, 8, 1), [Finding.MISLEADING, Finding.TEMPTING, Finding.HARD]),
        (told(discrimination=-0.9, attempts=4), (0, 4, 0), []),
    ],
)
def test_what_may_be_wrong_is_named_the_worst_first(item, chosen, expected):
    right, *wrong = chosen
    choices = [Choice("right", True, right), *(Choice("wrong", False, count) for count in wrong)]

    assert findings(item, choices) == expected
