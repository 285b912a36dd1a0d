from datetime import timedelta

import pytest
from hypothesis import given as example
from hypothesis import strategies as st

from quizapp.domain.scheduling import Grade
from quizapp.domain.sessions import COMES_BACK_AFTER, Given, following, tally

SECONDS = timedelta(seconds=7)


def given(*pairs):
    return [Given(card, grade, SECONDS) for card, grade in pairs]


def test_a_session_adds_up_answers_time_cards_and_misses():
    so_far = tally(given((1, Grade.AGAIN), (2, Grade.GOOD), (3, Grade.AGAIN), (1, Grade.HARD)))

    assert (so_far.answers, so_far.time, so_far.cards, so_far.finished) == (4, 4 * SECONDS, 3, 2)
    assert (so_far.open, so_far.missed) == ((3,), (1, 3))


def test_cards_come_in_their_order():
    assert following([5, 3, 4], given((5, Grade.GOOD)), {3, 4, 5}) == 3


def test_a_missed_card_comes_back_after_some_others():
    asked = [(1, Grade.AGAIN)]
    for _ in range(COMES_BACK_AFTER + 1):
        asked.append((following(range(1, 9), given(*asked), range(1, 9)), Grade.GOOD))

    assert [card for card, _ in asked] == [1, 2, 3, 4, 1]


def test_a_missed_card_comes_back_at_once_when_it_is_the_last():
    assert following([1, 2], given((2, Grade.GOOD), (1, Grade.AGAIN)), {1, 2}) == 1


@pytest.mark.parametrize("missed", [True, False], ids=["missed", "not asked yet"])
def test_a_card_that_is_not_at_hand_is_not_asked(missed):
    before = given((1, Grade.AGAIN)) if missed else []

    assert following([1], before, set()) is None


@example(st.lists(st.integers(1, 9), unique=True, min_size=1), st.lists(st.sampled_from(Grade), max_size=40))
def test_a_session_ends_once_every_card_was_passed_and_never_before(cards, grades):
    asked = []
    for grade in [*grades, *[Grade.GOOD] * 2 * len(cards)]:
        card = following(cards, given(*asked), cards)
        if card is None:
            break
        asked.append((card, grade))

    assert following(cards, given(*asked), cards) is None
    assert tally(given(*asked)).finished == len(cards)
    assert sum(grade is not Grade.AGAIN for _, grade in asked) == len(cards)
