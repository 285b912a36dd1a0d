from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.device_times import A_MOMENT, OLDEST, TOLERANCE, clock_error, counted_times

NOW = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
times = st.datetimes(datetime(1970, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - its bounds
lately = st.timedeltas(timedelta(0), timedelta(days=30)).map(lambda ago: NOW - ago)


@given(st.lists(lately, max_size=6), st.timedeltas(-TOLERANCE, TOLERANCE))
def test_a_clock_that_is_right_enough_is_believed(told, error):
    assert counted_times(told, sent=NOW + error, now=NOW) == told


@given(st.lists(times, max_size=8), times)
def test_no_answer_counts_as_later_than_now_or_as_ages_ago_and_their_order_stays(told, sent):
    counted = counted_times(told, sent=sent, now=NOW)

    assert all(NOW - OLDEST - HOUR <= at <= NOW for at in counted)
    in_order = [at for _, at in sorted(zip(zip(told, range(len(told)), strict=True), counted, strict=True))]
    assert in_order == sorted(in_order)


def test_what_a_clock_is_ahead_is_taken_off():
    ahead = 3 * HOUR

    assert clock_error(NOW + ahead, NOW) == ahead
    assert counted_times([NOW + ahead - HOUR], sent=NOW + ahead, now=NOW) == [NOW - HOUR]


def test_a_clock_that_was_put_right_before_sending_leaves_no_answer_in_the_future():
    assert counted_times([NOW + HOUR], sent=NOW, now=NOW) == [NOW - A_MOMENT]
