from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from quizapp.domain.queues import Days
from quizapp.domain.scheduling import Grade
from quizapp.services import checking, study
from quizapp.services.settings import study_plan
from tests import make
from tests.make import NOW
from tests.services.studying import answer

SUNDAY = 6


@pytest.fixture
def cards(session, owner):
    """Thirty new cards."""
    made = [make.draft(number, question=f"Question {number}?") for number in range(30)]
    make.added(session, owner, *made, keep_ready=True)
    return session.scalars(text("select id from card order by id")).all()


def days_of(session, owner, cards, *, at=NOW):
    """Answer every card with Easy and return on which days from now on they come back."""
    calendar: Days = study_plan(session, owner).days
    return [calendar.between(at, answer(session, owner, card, Grade.EASY, at=at).due) for card in cards]


def test_many_cards_of_one_day_come_back_on_several(session, owner, cards):
    found = days_of(session, owner, cards)

    assert set(found[:9]) == {8}
    assert len(set(found)) > 3
    assert all(6 <= day <= 10 for day in found)
    assert checking.check(session, now=NOW).faults == ()


def test_a_card_gets_what_its_button_said_and_an_undo_brings_that_back(session, owner, cards):
    days_of(session, owner, cards[:20])
    offered = study.card(session, owner, cards[20], now=NOW).options[3].interval
    given = answer(session, owner, cards[20], Grade.EASY)
    answer(session, owner, cards[20], Grade.GOOD, at=given.due)

    study.undo(session, owner, undo_id=uuid4(), now=given.due)

    back = session.execute(text("select interval from memory where card_id = :card"), {"card": cards[20]}).scalar()
    assert given.interval == offered == timedelta(microseconds=back)


def test_nothing_comes_back_on_a_weekday_that_is_kept_free(session, owner, cards):
    session.execute(text("update setting set week = '[100, 100, 100, 100, 100, 100, 0]'"))
    at = NOW + timedelta(days=5)  # a Saturday; eight days later is a Sunday

    found = days_of(session, owner, cards[:5], at=at)

    assert all((at + timedelta(day)).weekday() != SUNDAY for day in found)
