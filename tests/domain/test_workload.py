from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.domain.scheduling import Preset, Trace
from quizapp.domain.workload import Standing, costs, just_learned

GOALS = (0.7, 0.8, 0.9, 0.97)
PRESET = Preset()


def dice(card: int):
    return Random(card).random


standings = st.builds(
    Standing,
    st.builds(Trace, st.floats(0.5, 500), st.floats(1, 10)),
    st.integers(0, 300),
)
DECK = [Standing(Trace(2.0 + 3 * n, 1 + n % 9), n % 12) for n in range(100)]


def test_a_higher_goal_takes_more_reviews_and_leaves_more_remembered():
    found = costs(DECK, PRESET, GOALS, days=60, dice=dice)

    assert [cost.retention for cost in found] == list(GOALS)
    assert sorted(found, key=lambda cost: cost.reviews) == found
    assert sorted(found, key=lambda cost: cost.remembered) == found
    assert found[-1].reviews > 2 * found[0].reviews


def test_the_same_cards_give_the_same_figures():
    assert costs(DECK, PRESET, GOALS, days=60, dice=dice) == costs(DECK, PRESET, GOALS, days=60, dice=dice)


def test_a_sample_stands_for_its_deck():
    (sample,) = costs(DECK, PRESET, [0.9], days=60, dice=dice, share=0.1)
    (deck,) = costs(DECK * 10, PRESET, [0.9], days=60, dice=dice)

    assert sample.reviews == pytest.approx(deck.reviews, rel=0.25)


@settings(max_examples=50)
@given(st.lists(standings, min_size=1, max_size=20), st.floats(0.7, 0.97))
def test_figures_are_possible_whatever_the_cards(cards, goal):
    (cost,) = costs(cards, PRESET, [goal], days=30, dice=dice)

    assert 0 <= cost.reviews <= 2 * len(cards)
    assert 0 < cost.remembered <= 1


def test_a_deck_never_seen_is_taken_as_just_learned():
    assert just_learned(PRESET).trace.stability == PRESET.weights[2]
