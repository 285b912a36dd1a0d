from datetime import timedelta

import pytest
from sqlalchemy import text

from quizapp.clock import utcnow
from quizapp.domain.scheduling import Grade
from quizapp.services import accounts
from tests.services.studying import answer


@pytest.fixture
def backlog(add, database):
    """Cards that have been due for months, and a limit of one review a day."""
    add(keep_ready=True)
    with database.writing() as session:
        owner = accounts.local_owner(session, time_zone="UTC", now=utcnow())
        cards = session.scalars(text("select id from card")).all()
        for card_id in cards:
            answer(session, owner, card_id, Grade.EASY, at=utcnow() - timedelta(days=90))
        session.execute(text("update setting set reviews_per_day = 1"))
    return len(cards)


def test_with_nothing_waiting_there_is_nothing_to_spread(visitor):
    assert "There is nothing to spread." in visitor.visit("/catch-up").text


def test_today_offers_to_catch_up_and_that_can_be_undone(visitor, backlog):
    assert ("More waits than you do in two days" in visitor.visit("/").text) == (backlog > 2)
    visitor.visit("/catch-up")

    spread = visitor.press("Spread them", days="14")
    assert f"{backlog - 1} cards wait for their day" in spread.text
    undone = visitor.press("Undo")

    assert f"{backlog - 1} cards are due again." in undone.text


def test_what_was_spread_can_be_taken_back_on_the_page_later(visitor, backlog):
    visitor.visit("/catch-up")
    visitor.press("Spread them", days="14")
    visitor.visit("/catch-up")

    assert "due again" in visitor.press("Let all come now").text


def test_a_number_of_days_that_nobody_offered_is_refused(visitor, backlog):
    visitor.visit("/catch-up")

    assert visitor.press("Spread them", days="1000").status == 422
