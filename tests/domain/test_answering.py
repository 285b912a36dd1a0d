import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.answering import arranged, moved

ORDERS = st.integers(1, 8).flatmap(lambda count: st.permutations(range(count)))


@pytest.mark.parametrize(
    ("order", "arrangement"),
    [
        pytest.param((2, 0, 1), (2, 0, 1), id="as given"),
        pytest.param((), (0, 1, 2), id="nothing given"),
        pytest.param((0, 0, 1), (0, 1, 2), id="one twice"),
        pytest.param((0, 1, 3), (0, 1, 2), id="one that is not there"),
        pytest.param((0, 1), (0, 1, 2), id="too few"),
    ],
)
def test_an_arrangement_has_each_item_once(order, arrangement):
    assert arranged(order, count=3) == arrangement


@pytest.mark.parametrize(
    ("place", "by", "order"),
    [
        pytest.param(1, -1, ("b", "a", "c"), id="up"),
        pytest.param(1, 1, ("a", "c", "b"), id="down"),
        pytest.param(0, -1, ("a", "b", "c"), id="up from the first place"),
        pytest.param(2, 1, ("a", "b", "c"), id="down from the last"),
        pytest.param(7, 1, ("a", "b", "c"), id="an item that is not there"),
    ],
)
def test_an_item_moves_one_place(place, by, order):
    assert moved(("a", "b", "c"), place, by=by) == order


@given(ORDERS, st.integers(0, 7), st.sampled_from([-1, 1]))
def test_moving_back_gives_the_order_before_but_at_the_ends(order, place, by):
    after = moved(order, place, by=by)

    assert sorted(after) == sorted(order)
    if 0 <= place + by < len(order) and place < len(order):
        assert moved(after, place + by, by=-by) == tuple(order)
