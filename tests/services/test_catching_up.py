from datetime import timedelta

import pytest
from sqlalchemy import text

from quizapp.domain.scheduling import Grade
from quizapp.errors import InvalidInput
from quizapp.services import catching_up, checking, study
from tests import make
from tests.make import NOW
from tests.services.studying import answer

DAY = timedelta(days=1)
LATER = NOW + 40 * DAY


@pytest.fixture
def cards(session, owner):
    """Six cards that are overdue, of which the last three were learned best, with one review a day allowed."""
    for number in range(6):
        make.note_in(session, owner, make.draft(number))
    found = session.scalars(text("select id from card order by id")).all()
    for number, card_id in enumerate(found):
        answer(session, owner, card_id, Grade.EASY, at=NOW)
        if number >= 3:
            answer(session, owner, card_id, Grade.GOOD, at=NOW + 8 * DAY)
    session.execute(text("update setting set reviews_per_day = 1"))
    return found


def due(session, owner, at):
    found = []
    while card := study.next_card(session, owner, deck_id=None, now=at):
        found.append(card.card_id)
        answer(session, owner, card.card_id, Grade.EASY, at=at)
    return found


def test_a_backlog_is_offered_to_be_spread_with_what_that_costs(session, owner, cards):
    at = NOW + 200 * DAY

    found = catching_up.backlog(session, owner, now=at)

    assert catching_up.is_offered(session, owner, now=at)
    assert (found.waiting, found.limit, found.put_off) == (6, 1, 0)
    assert [(choice.days, choice.a_day) for choice in found.choices[:2]] == [(2, 3), (3, 2)]
    assert 0 < found.choices[0].forgotten < found.choices[-1].forgotten < 6


def test_the_cards_most_at_risk_come_first_and_the_others_on_their_days(session, owner, cards):
    session.execute(text("update setting set reviews_per_day = 100"))
    at = NOW + 200 * DAY

    assert catching_up.catch_up(session, owner, days=2, now=at) == 3

    assert sorted(due(session, owner, at)) == cards[:3]
    assert sorted(due(session, owner, at + DAY)) == cards[3:]
    assert checking.check(session, now=NOW).faults == ()


def test_what_was_spread_can_be_put_back_but_not_what_was_buried_by_hand(session, owner, cards):
    at = NOW + 200 * DAY
    session.execute(text("update setting set reviews_per_day = 100"))
    catching_up.catch_up(session, owner, days=3, now=at)
    assert catching_up.backlog(session, owner, now=at).put_off == 4

    assert catching_up.put_back(session, owner, now=at) == 4

    assert catching_up.backlog(session, owner, now=at).waiting == 6
    assert catching_up.put_back(session, owner, now=at) == 0


def test_few_reviews_are_no_backlog(session, owner, cards):
    session.execute(text("update setting set reviews_per_day = 3"))

    assert not catching_up.is_offered(session, owner, now=NOW + 200 * DAY)


@pytest.mark.parametrize("days", [1, 61])
def test_a_number_of_days_that_makes_no_sense_is_refused(session, owner, cards, days):
    with pytest.raises(InvalidInput, match="2 to 60"):
        catching_up.catch_up(session, owner, days=days, now=LATER)
