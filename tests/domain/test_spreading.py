from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.queues import Days
from quizapp.domain.scheduling import (
    Grade,
    Memory,
    Phase,
    Preset,
    ReviewEvent,
    nearby_days,
    outcomes,
    replay,
    review,
    spread_out,
)
from quizapp.domain.spreading import Day, check_week, spreads
from quizapp.errors import InvalidInput

NOW = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
DAYS = Days(ZoneInfo("Europe/Berlin"))
PRESET = Preset()


def in_review(interval: int = 30, stability: float = 30.0, reviews: int = 3) -> Memory:
    last = NOW - timedelta(interval)
    return Memory(Phase.REVIEW, 0, stability, 5.0, NOW, last, timedelta(interval), reviews, 0)


memories = st.none() | st.builds(in_review, st.integers(1, 2_000), st.floats(0.5, 3_000), st.integers(1, 50))
presets = st.builds(
    Preset, retention=st.floats(0.7, 0.97), maximum_interval=st.sampled_from([1, 5, 40, 36_500]).map(timedelta)
)
weeks = st.lists(st.builds(Day, st.integers(0, 300), st.sampled_from([0, 50, 100])), min_size=7, max_size=7)


def spread(memory, calendar, *, preset=PRESET, card_id=1):
    exact = outcomes(memory, NOW, DAYS, preset)
    chosen = spreads(memory, exact, preset, calendar, card_id=card_id)
    return exact, {grade: spread_out(memory, exact[grade], chosen[grade], DAYS, preset) for grade in Grade}


@given(memories, presets, weeks, st.integers(1, 10**9))
def test_no_interval_leaves_its_nearby_days_and_a_better_grade_is_never_due_sooner(memory, preset, week, card_id):
    exact, found = spread(memory, lambda day: week[day % 7], preset=preset, card_id=card_id)

    for grade, outcome in found.items():
        if outcome.phase is Phase.REVIEW:
            assert outcome.interval.days in nearby_days(memory, exact[grade], preset)
            assert DAYS.between(NOW, outcome.due) == outcome.interval.days
        else:
            assert outcome == exact[grade]
    intervals = [outcome.interval for outcome in found.values()]
    assert intervals == sorted(intervals)


@given(memories, presets, weeks, st.integers(1, 10**9))
def test_spreading_changes_nothing_that_is_remembered_and_gives_the_same_again(memory, preset, week, card_id):
    exact, found = spread(memory, lambda day: week[day % 7], preset=preset, card_id=card_id)

    assert found == spread(memory, lambda day: week[day % 7], preset=preset, card_id=card_id)[1]
    for grade, outcome in found.items():
        assert replace(outcome, interval=exact[grade].interval, due=exact[grade].due) == exact[grade]


@given(st.lists(st.tuples(st.sampled_from(Grade), st.integers(0, 90)), min_size=1, max_size=8), weeks)
def test_a_replay_gives_every_card_the_day_that_it_was_given(answers, week):
    memory, at, events = None, NOW, []
    for number, (grade, later) in enumerate(answers):
        at += timedelta(later)
        exact = outcomes(memory, at, DAYS, PRESET)
        chosen = spreads(memory, exact, PRESET, lambda day: week[day % 7], card_id=7)[grade]
        memory = review(memory, grade, at, DAYS, PRESET, chosen)
        events.append(ReviewEvent(UUID(int=number), at, grade, spread=chosen))

    assert replay(reversed(events), DAYS, PRESET) == memory


def test_where_little_is_due_every_card_gets_the_very_day():
    exact, found = spread(in_review(), lambda _: Day(due=0))

    assert found == exact


def test_many_cards_that_would_come_on_one_day_are_spread_over_those_near_it():
    due: dict[int, int] = {}
    for card_id in range(1, 301):
        _, found = spread(in_review(), lambda day: Day(due.get(day, 0)), card_id=card_id)
        due[found[Grade.GOOD].interval.days] = due.get(found[Grade.GOOD].interval.days, 0) + 1

    assert len(due) == len(nearby_days(in_review(), outcomes(in_review(), NOW, DAYS, PRESET)[Grade.GOOD], PRESET))
    assert max(due.values()) < 3 * 300 / len(due)


def test_a_day_kept_free_gets_no_card_while_there_is_another_near_it():
    free = 5

    for card_id in range(1, 200):
        _, found = spread(in_review(), lambda day: Day(share=0 if day % 7 == free else 100), card_id=card_id)
        assert all(one.interval.days % 7 != free for grade, one in found.items() if grade is not Grade.AGAIN)


def test_short_intervals_stay():
    first = outcomes(None, NOW, DAYS, PRESET)[Grade.GOOD]
    exact = outcomes(first, NOW, DAYS, PRESET)

    assert exact[Grade.GOOD].interval == timedelta(2)
    assert list(nearby_days(first, exact[Grade.GOOD], PRESET)) == [2]


def test_a_pass_never_shortens_an_interval_by_spreading():
    memory = in_review(30, 30.0)
    exact = outcomes(memory, NOW, DAYS, PRESET)

    assert nearby_days(memory, exact[Grade.HARD], PRESET).start > 30


@pytest.mark.parametrize("week", [(0,) * 7, (100,) * 6, (101, *(100,) * 6), (-1, *(100,) * 6)])
def test_a_week_without_a_day_to_study_is_refused(week):
    with pytest.raises(InvalidInput, match="at least one day"):
        check_week(week)
