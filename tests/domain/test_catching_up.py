from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.catching_up import CHOICES, Overdue, choices, is_backlog, spread
from quizapp.domain.scheduling import Preset

PRESET = Preset()


def overdue(*cards: tuple[int, float]) -> list[Overdue]:
    return [Overdue(number, elapsed, stability, PRESET) for number, (elapsed, stability) in enumerate(cards)]


backlogs = st.lists(st.tuples(st.integers(0, 400), st.floats(0.5, 400)), max_size=60).map(lambda got: overdue(*got))


@given(backlogs, st.integers(1, 20))
def test_every_card_has_its_day_and_no_day_has_more_than_its_part(cards, days):
    turns = spread(cards, days)

    assert set(turns) == {card.card_id for card in cards}
    assert all(0 <= day < days for day in turns.values())
    assert all(count <= -(-len(cards) // days) for count in Counter(turns.values()).values())


@given(backlogs, st.integers(1, 20))
def test_who_is_more_at_risk_never_waits_longer(cards, days):
    turns = spread(cards, days)

    in_line = sorted(cards, key=lambda card: card.recall_in(0))
    waits = [turns[card.card_id] for card in in_line]
    assert waits == sorted(waits)


@given(backlogs)
def test_more_days_are_fewer_cards_a_day_and_never_cost_less_than_none(cards):
    found = choices(cards)

    assert [choice.days for choice in found] == list(CHOICES)
    assert sorted(found, key=lambda choice: -choice.a_day) == found
    assert all(choice.forgotten >= -1e-9 for choice in found)


@given(backlogs)
def test_a_choice_costs_what_is_forgotten_until_each_card_has_its_turn(cards):
    for choice in choices(cards):
        turns = spread(cards, choice.days)
        lost = [card.recall_in(0) - card.recall_in(turns[card.card_id]) for card in cards]
        assert choice.forgotten == pytest.approx(sum(lost), abs=1e-9)


def test_a_card_with_a_lower_goal_is_less_at_risk():
    strict, lax = Overdue(1, 20, 20.0, PRESET), Overdue(2, 20, 20.0, Preset(retention=0.7))

    assert spread([lax, strict], 2) == {1: 0, 2: 1}


@pytest.mark.parametrize(
    ("waiting", "limit", "told"), [(400, 200, False), (401, 200, True), (1, 0, True), (0, 0, False)]
)
def test_a_backlog_is_more_than_two_days_of_reviews(waiting, limit, told):
    assert is_backlog(waiting, limit) is told
