"""Clocks that go wrong, and clocks that are changed on purpose."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from quizapp.db import plans, reviews
from quizapp.domain.queues import Counts
from quizapp.domain.scheduling import Grade, Phase, replay
from quizapp.services import study
from quizapp.services.settings import study_plan
from tests import make
from tests.make import NOW
from tests.services.studying import answer

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
REVIEW = uuid4()
BERLIN = ZoneInfo("Europe/Berlin")  # where the owner lives
SPRING, AUTUMN = datetime(2027, 3, 28, tzinfo=BERLIN), datetime(2027, 10, 31, tzinfo=BERLIN)


@pytest.fixture
def cards(session, owner):
    """Three cards never seen, in the order in which they are asked."""
    make.added(session, owner, *(make.draft(number) for number in range(3)), keep_ready=True, now=NOW - DAY)
    return list(session.connection().exec_driver_sql("select id from card order by id").scalars())


def memory_and_replay(session, owner, card_id):
    how = study_plan(session, owner)
    known = reviews.events(session, card_id=card_id, learner_id=owner.learner_id)
    return plans.place(session, card_id=card_id, learner_id=owner.learner_id).memory, replay(
        known, how.days, how.preset
    )


def next_card(session, owner, at):
    return study.next_card(session, owner, deck_id=None, now=at)


def undo(session, owner, at):
    return study.undo(session, owner, undo_id=uuid4(), now=at)


def test_a_clock_set_back_a_day_loses_no_review_and_the_memory_is_their_replay(session, owner, cards):
    card = cards[0]
    for count, at in enumerate((NOW, NOW - DAY, NOW - DAY + MINUTE, NOW + HOUR)):
        assert not answer(session, owner, card, at=at, expected_reviews=count).repeated

    memory, replayed = memory_and_replay(session, owner, card)

    assert memory == replayed
    assert (memory.reviews, memory.last_review) == (4, NOW + HOUR)


def test_with_the_clock_set_back_a_day_study_goes_on_with_the_other_cards(session, owner, cards):
    answer(session, owner, cards[0], at=NOW)

    asked = next_card(session, owner, NOW - DAY + MINUTE)
    answer(session, owner, asked.card_id, at=NOW - DAY + MINUTE)

    assert asked.card_id == cards[1]
    assert next_card(session, owner, NOW - DAY + 2 * MINUTE).card_id == cards[2]


def test_undo_takes_back_the_answer_just_given_though_another_is_of_tomorrow(session, owner, cards):
    answer(session, owner, cards[0], at=NOW)
    answer(session, owner, cards[1], at=NOW - DAY + MINUTE)

    assert undo(session, owner, NOW - DAY + 2 * MINUTE).card_id == cards[1]
    assert undo(session, owner, NOW - DAY + 3 * MINUTE).card_id == cards[0]
    assert undo(session, owner, NOW - DAY + 4 * MINUTE) is None


def test_an_undo_with_the_clock_set_back_gives_the_new_card_back_to_its_day(session, owner, cards):
    session.connection().exec_driver_sql("update setting set new_per_day = 1")
    answer(session, owner, cards[0], at=NOW)
    undo(session, owner, NOW - DAY)

    assert study.today(session, owner, now=NOW).counts == Counts(review=0, learning=0, new=1)
    assert study.today(session, owner, now=NOW).studied_today == 0
    assert next_card(session, owner, NOW).card_id == cards[0]


def test_an_answer_sent_again_with_the_clock_set_back_is_the_same_answer(session, owner, cards):
    first = answer(session, owner, cards[0], at=NOW, review_id=REVIEW)

    again = answer(session, owner, cards[0], at=NOW - DAY, review_id=REVIEW)

    assert again.repeated
    assert (again.due, again.interval) == (first.due, first.interval)


@pytest.mark.parametrize("change", [SPRING, AUTUMN], ids=["into summer time", "out of summer time"])
@pytest.mark.parametrize("hour", [0, 3, 5, 22], ids=lambda hour: f"at {hour}")
def test_one_answer_a_day_is_one_day_each_through_a_change_of_the_clock(session, owner, cards, change, hour):
    evenings = [(change + day * DAY + hour * HOUR) for day in range(-8, 9)]
    moments = [datetime(at.year, at.month, at.day, hour, 30, tzinfo=BERLIN).astimezone(UTC) for at in evenings]
    for at in moments:
        answer(session, owner, cards[0], Grade.EASY, at=at)

    today = study.today(session, owner, now=moments[-1])

    assert [count for _, count in today.activity[-17:]] == [1] * 17
    assert len({day for day, _ in today.forecast}) == 7


@pytest.mark.parametrize("change", [SPRING, AUTUMN], ids=["into summer time", "out of summer time"])
def test_a_card_due_after_a_change_of_the_clock_is_there_when_that_day_turns(session, owner, cards, change):
    evening = (change - DAY).replace(hour=20).astimezone(UTC)
    answer(session, owner, cards[0], Grade.EASY, at=evening)

    memory, _ = memory_and_replay(session, owner, cards[0])

    assert memory.phase is Phase.REVIEW
    assert memory.due.astimezone(BERLIN).timetz() == datetime(2027, 1, 1, 4, tzinfo=BERLIN).timetz()
    assert (memory.due.astimezone(BERLIN).date() - evening.date()) == memory.interval


@pytest.mark.parametrize("change", [SPRING, AUTUMN], ids=["into summer time", "out of summer time"])
def test_a_step_of_ten_minutes_lasts_ten_minutes_through_a_change_of_the_clock(session, owner, cards, change):
    for number in range(12):  # five minutes apart, before and after the clock is changed
        at = change.replace(hour=1).astimezone(UTC) - HOUR + number * 15 * MINUTE
        first = answer(session, owner, cards[0], Grade.AGAIN, at=at)
        assert first.due - at == first.interval == MINUTE
    assert answer(session, owner, cards[0], at=at + MINUTE).due == at + 11 * MINUTE
