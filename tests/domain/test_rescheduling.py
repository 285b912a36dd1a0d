from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.domain.queues import Days
from quizapp.domain.rescheduling import Dates, Rules, possible_intervals, rescheduled
from quizapp.domain.scheduling import DEFAULT_WEIGHTS, Grade, Phase, Preset, ReviewEvent, replay, retrace

NOW = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
BERLIN, TOKYO = Days(ZoneInfo("Europe/Berlin")), Days(ZoneInfo("Asia/Tokyo"), 0)
HOME = Rules(BERLIN, Preset())
AWAY = Rules(TOKYO, Preset())
EAGER = Rules(BERLIN, Preset(retention=0.95))
# Somebody who forgets nine times as fast as the defaults say.
QUICK = (*(weight / 9 for weight in DEFAULT_WEIGHTS[:4]), *DEFAULT_WEIGHTS[4:])
LAW = settings(max_examples=100)

zones = st.sampled_from(["UTC", "Europe/Berlin", "Asia/Tokyo", "America/New_York", "Pacific/Kiritimati"])
calendars = st.builds(Days, zones.map(ZoneInfo), st.integers(0, 23))
graded = st.builds(
    lambda number, hours, grade: ReviewEvent(UUID(int=number), NOW + timedelta(hours=hours), grade),
    st.integers(1, 2**100),
    st.integers(0, 3000),
    st.sampled_from(Grade),
)
histories = st.lists(graded, min_size=1, max_size=12, unique_by=lambda event: event.id)


def learned(*, times=6, every=timedelta(days=4)):
    """A card that was known each time, out of learning."""
    return [ReviewEvent(UUID(int=n + 1), NOW + n * every, Grade.GOOD) for n in range(times)]


def moved(stored, events, before, after, dates=Dates.KEEP, given=None):
    return rescheduled(stored, events, given or {}, before=before, after=after, dates=dates)


@LAW
@given(histories, calendars, calendars)
def test_there_and_back_is_the_same_memory(events, days, other):
    here, there = Rules(days, Preset()), Rules(other, Preset())
    stored = replay(events, days, here.preset)

    away = moved(stored, events, here, there)

    assert away == replay(events, other, there.preset)
    assert moved(away, events, there, here) == stored


@LAW
@given(histories, calendars, calendars, st.sampled_from([0.7, 0.8, 0.9, 0.97]), st.sampled_from(Dates))
def test_whatever_changes_the_memory_is_one_that_some_retention_gives(events, days, other, retention, dates):
    before, after = Rules(days, Preset(retention=retention)), Rules(other, Preset())
    stored = replay(events, days, Preset(retention=0.85))

    memory = moved(stored, events, before, after, dates, given={event.id: timedelta(days=7) for event in events})

    exact = replay(events, other, after.preset)
    assert replace(memory, due=exact.due, interval=exact.interval) == exact
    shortest, longest = possible_intervals(events, other, after.preset)
    assert shortest <= memory.interval <= longest


def test_an_interval_given_under_another_goal_stays_in_another_time_zone():
    events = learned()
    stored = replay(events, BERLIN, EAGER.preset)

    memory = moved(stored, events, HOME, AWAY)

    assert memory.interval == stored.interval != replay(events, TOKYO, AWAY.preset).interval
    assert memory.due == TOKYO.start(TOKYO.day_of(memory.last_review) + stored.interval)


def test_a_new_goal_moves_dates_only_when_asked_to():
    events = learned()
    stored = replay(events, BERLIN, HOME.preset)

    assert moved(stored, events, HOME, EAGER) == stored
    assert moved(stored, events, HOME, EAGER, Dates.FOLLOW).due < stored.due


def test_dates_go_back_to_what_the_answers_gave():
    events = learned()
    stored = replay(events, BERLIN, HOME.preset)
    followed = moved(stored, events, HOME, EAGER, Dates.FOLLOW)

    back = moved(followed, events, EAGER, EAGER, Dates.AS_GIVEN, given={events[-1].id: stored.interval})

    assert back == stored


def test_a_step_is_no_interval_and_comes_from_the_replay():
    events = [ReviewEvent(UUID(int=1), NOW, Grade.GOOD)]
    stored = replay(events, BERLIN, HOME.preset)

    memory = moved(stored, events, HOME, AWAY, Dates.AS_GIVEN, given={events[0].id: timedelta(days=5)})

    assert memory.phase is Phase.LEARNING
    assert memory == replay(events, TOKYO, AWAY.preset)


def test_without_a_review_there_is_no_memory():
    undone = [ReviewEvent(UUID(int=1), NOW, Grade.GOOD), ReviewEvent(UUID(int=2), NOW, None, undoes=UUID(int=1))]

    assert [moved(None, undone, HOME, AWAY, dates) for dates in Dates] == [None, None, None]


@LAW
@given(histories, calendars)
def test_other_parameters_change_what_is_remembered_and_leave_given_dates_alone(events, days):
    usual, own = Rules(days, Preset()), Rules(days, Preset(weights=QUICK, version=2))
    given = {event.id: after.interval for event, after in retrace(events, days, usual.preset)}
    stored = replay(events, days, usual.preset)

    away = moved(stored, events, usual, own, given=given)

    exact = replay(events, days, own.preset)
    assert replace(away, due=exact.due, interval=exact.interval) == exact
    if stored.phase is Phase.REVIEW:
        assert (away.interval, away.due) == (stored.interval, stored.due)
    assert moved(away, events, own, usual, given=given) == stored


def test_an_interval_that_no_answer_gave_stays_within_what_other_parameters_can_give():
    events = learned()
    stored = replace(replay(events, BERLIN, HOME.preset), interval=timedelta(days=20_000))
    own = Rules(BERLIN, Preset(weights=QUICK))

    assert moved(stored, events, HOME, own).interval == possible_intervals(events, BERLIN, own.preset)[1]
