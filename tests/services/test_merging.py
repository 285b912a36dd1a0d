"""Answers of devices that were without the server: in whatever order they arrive, they count once."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from quizapp.db import plans, reviews
from quizapp.domain.packs import Told
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.domain.scheduling import Grade, ReviewEvent, replay
from quizapp.errors import InvalidInput
from quizapp.services import loads, merging, study
from quizapp.services.merging import LateAnswer
from quizapp.services.settings import study_plan
from tests import make
from tests.make import NOW
from tests.services.studying import answer

WEEK = timedelta(days=7)
MINUTE = timedelta(minutes=1)
LATER = NOW + 9 * WEEK


@pytest.fixture(autouse=True)
def counted_each_time(monkeypatch):
    """Count busy days anew for each answer: what an example of a law answered is rolled back."""
    monkeypatch.setattr(loads, "KEPT_FOR", -MINUTE)


@pytest.fixture
def card_id(session, owner):
    """A card never seen."""
    note_id = make.note_in(session, owner, make.draft(0))
    return session.execute(text("select id from card where note_id = :note"), {"note": note_id}).scalar()


def take(session, owner, *answers, sent=LATER, now=LATER):
    return merging.take(session, owner, answers, sent=sent, now=now)


def told(taken):
    return [receipt.told for receipt in taken.receipts]


def memory(session, owner, card_id):
    return reviews.memory(session, card_id=card_id, learner_id=owner.learner_id)


def graded(card_id, grade=Grade.GOOD, *, at=NOW):
    return LateAnswer(uuid4(), card_id, at, grade, timedelta(seconds=6))


@st.composite
def two_devices(draw):
    """Answers and undos of some weeks, split between two devices, that send them in batches, some of them again."""
    moments = st.timedeltas(timedelta(0), 8 * WEEK) | st.sampled_from([timedelta(0), MINUTE, 10 * MINUTE])
    ids = st.uuids(version=4)
    answers = [
        LateAnswer(draw(ids), 0, NOW + draw(moments), draw(st.sampled_from(Grade)))
        for _ in range(draw(st.integers(1, 6)))
    ]
    undos = [
        LateAnswer(draw(ids), 0, NOW + draw(moments), None, undoes=draw(st.sampled_from(answers)).id)
        for _ in range(draw(st.integers(0, 2)))
    ]
    history = [*answers, *undos]
    sides = [draw(st.booleans()) for _ in history]
    devices = [[one for one, side in zip(history, sides, strict=True) if side is which] for which in (True, False)]
    batches = [batch for device in devices for batch in _cut(draw, device)]
    again = draw(st.lists(st.sampled_from(batches), max_size=2))
    return history, draw(st.permutations([*batches, *again]))


def _cut(draw, device):
    at = draw(st.integers(0, len(device)))
    return [device[:at], device[at:]]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(two_devices())
def test_however_a_history_is_split_between_two_devices_the_memory_is_its_replay(session, owner, card_id, found):
    history, batches = found
    how = study_plan(session, owner)
    events = [ReviewEvent(one.id, one.at, one.grade, undoes=one.undoes) for one in history]

    with session.begin_nested() as example:
        for batch in batches:
            take(session, owner, *(replace(one, card_id=card_id) for one in batch))
        remembered = memory(session, owner, card_id)
        place = plans.place(session, card_id=card_id, learner_id=owner.learner_id)
        example.rollback()

    assert place.memory == remembered
    assert remembered == replay(events, how.days, how.preset)


def test_two_devices_that_answer_one_card_at_once_both_count(session, owner, card_id):
    first, second = graded(card_id), graded(card_id, Grade.EASY, at=NOW + MINUTE)

    assert told(take(session, owner, second)) == [Told.STORED]
    assert told(take(session, owner, first)) == [Told.STORED]

    assert memory(session, owner, card_id).reviews == 2


def test_what_is_sent_again_is_known_and_counts_once(session, owner, card_id):
    batch = [graded(card_id), graded(card_id, at=NOW + 10 * MINUTE)]
    take(session, owner, *batch)
    before = memory(session, owner, card_id)

    assert told(take(session, owner, *batch)) == [Told.KNOWN, Told.KNOWN]
    assert memory(session, owner, card_id) == before


def test_an_answer_of_last_week_comes_before_what_was_answered_since(session, owner, card_id):
    answer(session, owner, card_id, Grade.GOOD, at=NOW + WEEK)
    how = study_plan(session, owner)
    late = graded(card_id, Grade.AGAIN, at=NOW)

    take(session, owner, late, sent=NOW + WEEK + MINUTE, now=NOW + WEEK + MINUTE)

    first = ReviewEvent(late.id, NOW, Grade.AGAIN)
    second = ReviewEvent(UUID(int=9), NOW + WEEK, Grade.GOOD)
    assert memory(session, owner, card_id) == replay([first, second], how.days, how.preset)
    assert study.today(session, owner, now=NOW + WEEK + MINUTE).studied_today == 1


def test_one_answer_that_is_refused_leaves_the_others_be(session, owner, card_id):
    taken = take(session, owner, graded(999), graded(card_id))

    assert told(taken) == [Told.REFUSED, Told.STORED]
    assert taken.receipts[0].sentence
    assert memory(session, owner, card_id).reviews == 1


def test_a_number_used_for_another_answer_is_refused(session, owner, card_id):
    once = graded(card_id)

    assert told(take(session, owner, once, replace(once, grade=Grade.AGAIN))) == [Told.STORED, Told.REFUSED]
    assert told(take(session, owner, replace(once, grade=None, undoes=once.id))) == [Told.REFUSED]


def test_an_undo_reaches_only_an_answer_to_its_own_card(session, owner, card_id):
    other = make.note_in(session, owner, make.draft(1))
    other_card = session.execute(text("select id from card where note_id = :note"), {"note": other}).scalar()
    once = graded(card_id)
    take(session, owner, once)

    undo = LateAnswer(uuid4(), other_card, NOW, None, undoes=once.id)

    assert told(take(session, owner, undo)) == [Told.REFUSED]
    assert memory(session, owner, card_id).reviews == 1


def test_a_strangers_device_stores_nothing(session, owner, card_id):
    taken = take(session, Actor(LearnerId(999)), graded(card_id))

    assert told(taken) == [Told.REFUSED]
    assert memory(session, owner, card_id) is None


def test_a_clock_that_is_a_day_ahead_is_told_and_put_right(session, owner, card_id):
    ahead = timedelta(days=1)

    taken = take(session, owner, graded(card_id, at=NOW + ahead - MINUTE), sent=NOW + ahead, now=NOW)

    assert taken.clock_error == ahead
    assert memory(session, owner, card_id).last_review == NOW - MINUTE


def test_a_batch_without_end_is_refused(session, owner):
    with pytest.raises(InvalidInput, match="500 answers"):
        take(session, owner, *(graded(1) for _ in range(501)))
