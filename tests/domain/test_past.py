from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import isnan
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.incoming import PastCard, PastReview
from quizapp.domain.options import Options
from quizapp.domain.past import Presets, correction, difficulty_of_ease, entries, named, retold, tell
from quizapp.domain.queues import Days
from quizapp.domain.scheduling import Grade, Memory, Phase, Preset, ReviewEvent, nearby_days, replay, review

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)
DAYS = Days(ZoneInfo("Europe/Berlin"))
NAME = UUID(int=1)
THERE = Memory(Phase.REVIEW, 0, 30.0, 4.0, DAYS.start((NOW + 30 * DAY).date()), NOW, 30 * DAY, 9, 1)


def told(*reviews):
    return list(
        retold([(UUID(bytes=name), one) for name, one in named("g", PastCard(0, tuple(reviews)))], DAYS, Preset())
    )


@given(st.lists(st.tuples(st.integers(0, 60), st.sampled_from(Grade), st.floats(0, 0.999)), min_size=1, max_size=8))
def test_grades_with_the_intervals_that_they_were_given_replay_to_those_intervals(history):
    at, memory, reviews = NOW, None, []
    for days, grade, lot in history:
        at += days * DAY + timedelta(minutes=5)
        exact = review(memory, grade, at, DAYS, Preset())
        near = nearby_days(memory, exact, Preset())
        memory = review(memory, grade, at, DAYS, Preset(), lot if len(near) > 1 else None)
        reviews.append(PastReview(str(at), at, grade, memory.interval))

    events = [one.event for one in told(*reviews)]

    assert replay(events, DAYS, Preset()) == memory


def test_a_card_that_was_made_new_there_begins_anew_here():
    first, reset, second = PastReview("1", NOW, 4), PastReview("2", NOW + DAY, 0), PastReview("3", NOW + 2 * DAY, 3)

    events = [one.event for one in told(first, reset, second)]

    assert replay(events, DAYS, Preset()).reviews == 1


def test_what_the_grades_lead_to_needs_no_correction():
    assert correction(lambda: NAME, THERE, PastCard(0, memory=THERE), NOW, Preset()) is None


def test_a_correction_brings_the_memory_and_later_grades_go_on_from_it():
    (seen,) = told(PastReview("1", NOW, 3))
    brought = correction(lambda: NAME, seen.after, PastCard(0, memory=THERE), NOW, Preset())

    events = [brought, seen.event]  # in whatever order they arrive
    later = ReviewEvent(UUID(int=2), NOW + 30 * DAY, Grade.GOOD)

    assert replace(replay(events, DAYS, Preset()), last_review=NOW) == THERE
    assert replay([*events, later], DAYS, Preset()).stability > THERE.stability


def test_without_fsrs_there_stability_is_the_interval_and_difficulty_follows_from_the_ease():
    past = PastCard(0, memory=replace(THERE, stability=0.0, difficulty=0.0), ease=2.5)

    brought = correction(lambda: NAME, None, past, None, Preset())

    assert brought.given.stability == pytest.approx(30)
    assert brought.given.difficulty == pytest.approx(difficulty_of_ease(2.5, 30, Preset()))


def test_the_greater_the_ease_the_lower_the_difficulty():
    found = [difficulty_of_ease(ease, 20, Preset()) for ease in (1.3, 2.0, 2.5, 3.5)]

    assert found == sorted(found, reverse=True)
    assert len(set(found)) > 1


moments = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 4), st.integers(0, 60)), max_size=8)


@given(moments)
def test_a_history_told_at_once_is_what_its_grades_come_to_one_by_one(history):
    at, reviews = NOW, []
    for number, (days, grade, interval) in enumerate(history):
        at += days * DAY + timedelta(minutes=5)
        reviews.append(PastReview(str(number), at, grade, interval * DAY or None, timedelta(seconds=interval)))
    past = PastCard(0, tuple(reviews))

    at_once = tell("g", past, DAYS, Preset(), uuid4)

    singly = told(*reviews)
    graded = [this for this in singly if this.was is not None]
    assert at_once.memory == (singly[-1].after if singly else None)
    logged = list(entries(at_once.log))
    assert [entry[0] for entry in logged] == [this.event.id.bytes for this in graded]
    assert [(entry[3], None if isnan(entry[7]) else entry[7]) for entry in logged] == [
        (this.event.grade, this.event.spread) for this in graded
    ]
    again = named("g", replace(past, reviews=(), told=at_once))
    assert [(name, replaced(one)) for name, one in again] == [(name, replaced(one)) for name, one in named("g", past)]


def replaced(one):
    """A grade without what only its name needs, and what is nothing where a card was made new again."""
    return (one.at, one.grade, one.interval if one.grade else None, one.duration if one.grade else None)


def test_the_preset_of_a_deck_is_its_own_else_that_of_the_options_that_come_along():
    own, usual = Preset(retention=0.8), Preset()
    presets = Presets(DAYS, usual, {"a::b": own})

    assert presets.of("A::B", {"A::B": Options(retention=0.95)}) == own
    assert presets.of("C", {"C": Options(retention=0.95)}).retention == 0.95
    assert presets.of("D", {}) == usual
