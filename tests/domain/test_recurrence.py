from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain import recurrence
from quizapp.domain.recurrence import Recurrence, Unit, Window, current, window_of
from quizapp.errors import InvalidInput

BERLIN = ZoneInfo("Europe/Berlin")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZONES = st.sampled_from(
    [ZoneInfo(name) for name in ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Shanghai")]
)
AGAIN = st.builds(Recurrence, st.integers(1, 5), st.sampled_from(Unit), st.integers(2, 30))
OPENS = st.integers(0, 3 * 365 * 24 * 60).map(lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + minutes * HOUR / 60)


def at(*parts, zone=BERLIN):
    return datetime(*parts, tzinfo=zone).astimezone(UTC)


def test_what_opens_at_nine_opens_at_nine_after_the_clocks_were_changed():
    window = Window(at(2026, 10, 19, 9), at(2026, 10, 23, 17), at(2026, 10, 25, 23))

    second = window_of(window, Recurrence(1, Unit.WEEK, 3), BERLIN, 1)

    assert second == Window(at(2026, 10, 26, 9), at(2026, 10, 30, 17), at(2026, 11, 1, 23))
    assert second.opens - window.opens == 7 * DAY + HOUR


def test_the_last_of_a_month_stays_the_last_of_the_month():
    window = Window(at(2027, 1, 31, 8), at(2027, 1, 31, 18))

    opened = [window_of(window, Recurrence(1, Unit.MONTH, 4), BERLIN, n).opens.astimezone(BERLIN) for n in range(4)]

    assert [(one.month, one.day, one.hour) for one in opened] == [(1, 31, 8), (2, 28, 8), (3, 31, 8), (4, 30, 8)]


def test_without_a_cut_off_one_ends_where_the_next_opens():
    window = Window(at(2026, 11, 2, 9), at(2026, 11, 6, 17))
    again = Recurrence(1, Unit.WEEK, 2)

    assert window_of(window, again, BERLIN, 0).cutoff == window_of(window, again, BERLIN, 1).opens


@given(OPENS, st.timedeltas(HOUR, 20 * HOUR), AGAIN, ZONES)
def test_occurrences_follow_one_another_and_each_is_a_window(opens, length, again, zone):
    windows = list(recurrence.windows(Window(opens, opens + length), again, zone))

    assert len(windows) == again.times
    assert all(one.opens < one.due <= one.cutoff for one in windows)
    assert all(one.opens < two.opens for one, two in pairwise(windows))


@given(OPENS, AGAIN, ZONES, st.integers(-50, 2_000))
def test_the_present_occurrence_is_the_last_that_opened(opens, again, zone, days):
    window, now = Window(opens, opens + HOUR), opens + days * DAY

    number = current(window, again, zone, now)

    assert number == 0 or window_of(window, again, zone, number).opens <= now
    assert number == again.times - 1 or now < window_of(window, again, zone, number + 1).opens


def test_what_would_open_again_before_it_is_over_is_refused():
    window = Window(at(2026, 11, 2, 9), at(2026, 11, 6, 17))

    with pytest.raises(InvalidInput, match="before it is over"):
        recurrence.check(window, Recurrence(2, Unit.DAY, 5), BERLIN)
    recurrence.check(window, Recurrence(1, Unit.WEEK, 5), BERLIN)


@pytest.mark.parametrize(
    "window", [Window(at(2026, 11, 2), at(2026, 11, 2)), Window(at(2026, 1, 2), at(2026, 1, 4), at(2026, 1, 3))]
)
def test_a_window_turned_round_is_refused(window):
    with pytest.raises(InvalidInput):
        recurrence.check(window, None, BERLIN)


@pytest.mark.parametrize(
    "window",
    [
        Window(datetime.min.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC) + DAY),
        Window(at(2026, 10, 19, 9), datetime.max.replace(tzinfo=UTC)),
        Window(at(2026, 10, 19, 9), at(2026, 10, 23, 17), datetime.max.replace(tzinfo=UTC)),
    ],
)
def test_days_that_other_clocks_could_not_show_are_refused(window):
    with pytest.raises(InvalidInput, match="before the year 2200"):
        recurrence.check(window, None, BERLIN)


def test_what_would_come_again_when_calendars_have_ended_is_refused():
    window = Window(at(2026, 10, 19, 9), at(2026, 10, 23, 17))

    with pytest.raises(InvalidInput, match="before the year 2200"):
        recurrence.check(window, Recurrence(recurrence.MOST_EVERY, Unit.MONTH, recurrence.MOST_TIMES), BERLIN)
