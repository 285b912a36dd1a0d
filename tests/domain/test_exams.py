from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.domain.exams import ANSWERS_OF_NEW, Deck, enough_new, foresee
from quizapp.domain.scheduling import Preset, Trace
from quizapp.domain.workload import Standing

LAW = settings(max_examples=60, deadline=None)
PRESET = Preset()

standings = st.builds(
    lambda stability, difficulty, elapsed: Standing(Trace(stability, difficulty), elapsed),
    st.floats(0.1, 1_000),
    st.floats(1, 10),
    st.integers(0, 400),
)
decks = st.builds(
    lambda sample, times, new: Deck(sample, len(sample) * times, new),
    st.lists(standings, max_size=6),
    st.integers(1, 9),
    st.integers(0, 60),
)
horizons = st.integers(1, 45)


def dice(card):
    return Random(card).random


def looked(deck, *, new=5, days=20, preset=PRESET):
    return foresee(deck, preset, new_per_day=new, days=days, dice=dice)


@LAW
@given(decks, st.integers(0, 30), st.integers(0, 30), horizons)
def test_more_new_cards_a_day_never_see_fewer(deck, some, more, days):
    assert looked(deck, new=some, days=days).seen <= looked(deck, new=some + more, days=days).seen


@LAW
@given(decks, st.integers(0, 30), horizons)
def test_what_can_be_expected_is_a_share_and_nobody_knows_what_they_have_not_seen(deck, new, days):
    found = looked(deck, new=new, days=days)

    assert 0 <= found.recall <= 1
    assert found.recall <= found.seen + 1e-9
    assert found.seen <= 1
    assert len(found.answers) == days
    assert all(answers >= 0 for answers in found.answers)


@LAW
@given(st.integers(1, 2_000), st.integers(1, 400))
def test_enough_new_cards_see_all_of_them_and_one_fewer_a_day_would_be_late(new, days):
    enough = enough_new(new, days)

    assert enough * days >= new
    assert (enough - 1) * (days - -(-days // 10)) < new


@LAW
@given(decks, horizons)
def test_the_same_dice_give_the_same_outlook(deck, days):
    assert looked(deck, days=days) == looked(deck, days=days)


def test_a_card_that_was_just_reviewed_costs_nothing_until_it_is_due():
    deck = Deck([Standing(Trace(50.0, 5.0), 0)], 1, 0)

    assert sum(looked(deck, days=40).answers) == 0


def test_what_is_overdue_comes_today():
    deck = Deck([Standing(Trace(5.0, 5.0), 60)], 10, 0)

    assert looked(deck, days=3).answers[0] >= 10


def test_new_cards_cost_their_steps_on_their_first_day():
    assert looked(Deck([], 0, 12), new=5, days=1).answers == (5 * ANSWERS_OF_NEW,)


def test_a_higher_goal_lets_more_be_known_at_the_exam():
    deck = Deck([], 0, 100)

    low, high = (looked(deck, new=10, days=60, preset=Preset(retention=goal)) for goal in (0.75, 0.95))

    assert low.recall < high.recall


@pytest.mark.parametrize("days", [1, 30])
def test_an_empty_deck_comes_to_nothing(days):
    found = looked(Deck([], 0, 0), days=days)

    assert (found.seen, found.recall, sum(found.answers)) == (0, 0, 0)
