from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.cards import CardId
from quizapp.domain.queues import (
    ONE_DAY,
    Counts,
    Days,
    DoneToday,
    Kind,
    Limits,
    NewPlace,
    Waiting,
    coming_days,
    left,
    next_learning,
    pick,
    total,
)

NOW = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")

# Zones that change the clock by an hour, half an hour or two hours, at midnight, a minute past it,
# by a whole day, or not at all.
ZONES = [
    "UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Antarctica/Troll",
    "America/Sao_Paulo", "America/St_Johns", "Africa/Cairo", "Pacific/Apia", "Pacific/Kwajalein",
]  # fmt: skip
calendars = st.builds(Days, st.sampled_from(ZONES).map(ZoneInfo), st.integers(0, 23))
moments = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone


def berlin(*when: int) -> datetime:
    return datetime(*when, tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        pytest.param(berlin(2026, 3, 2, 22, 0), date(2026, 3, 2), id="evening"),
        pytest.param(berlin(2026, 3, 3, 1, 0), date(2026, 3, 2), id="past midnight is still the evening"),
        pytest.param(berlin(2026, 3, 3, 3, 59), date(2026, 3, 2), id="last minute"),
        pytest.param(berlin(2026, 3, 3, 4, 0), date(2026, 3, 3), id="the turn itself"),
        pytest.param(berlin(2026, 3, 29, 3, 30), date(2026, 3, 28), id="before the turn, summer time just begun"),
        pytest.param(berlin(2026, 3, 29, 4, 0), date(2026, 3, 29), id="the turn, summer time just begun"),
        pytest.param(berlin(2026, 10, 25, 3, 59), date(2026, 10, 24), id="before the turn, summer time just over"),
    ],
)
def test_a_learners_day_turns_at_four_in_the_morning(at: datetime, day: date):
    assert Days(BERLIN).day_of(at) == day


def test_the_same_moment_is_another_day_elsewhere():
    at = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)

    assert Days(ZoneInfo("America/New_York")).day_of(at) == date(2026, 3, 2)
    assert Days(ZoneInfo("Asia/Tokyo")).day_of(at) == date(2026, 3, 3)


def test_a_day_starts_later_in_utc_before_summer_time_than_in_it():
    days = Days(BERLIN)

    assert days.start(date(2026, 3, 28)) == datetime(2026, 3, 28, 3, 0, tzinfo=UTC)
    assert days.start(date(2026, 3, 29)) == datetime(2026, 3, 29, 2, 0, tzinfo=UTC)
    assert days.end_of_today(berlin(2026, 3, 28, 12, 0)) == days.start(date(2026, 3, 29))


def test_a_turn_that_the_clock_skips_happens_when_the_clock_is_changed():
    days = Days(BERLIN, turn_hour=2)

    assert days.start(date(2026, 3, 29)) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert days.day_of(datetime(2026, 3, 29, 0, 59, tzinfo=UTC)) == date(2026, 3, 28)
    assert days.day_of(datetime(2026, 3, 29, 1, 0, tzinfo=UTC)) == date(2026, 3, 29)


def test_a_turn_that_the_clock_shows_twice_happens_the_first_time():
    days = Days(BERLIN, turn_hour=2)

    assert days.start(date(2026, 10, 25)) == datetime(2026, 10, 25, 0, 0, tzinfo=UTC)
    assert days.day_of(datetime(2026, 10, 25, 1, 30, tzinfo=UTC)) == date(2026, 10, 25)


def test_a_date_that_a_country_skipped_is_a_day_without_length():
    apia = Days(ZoneInfo("Pacific/Apia"))

    assert apia.start(date(2011, 12, 30)) == apia.start(date(2011, 12, 31))
    assert apia.day_of(apia.start(date(2011, 12, 31))) == date(2011, 12, 31)


@given(calendars, moments)
def test_every_moment_lies_in_exactly_its_day(days: Days, at: datetime):
    day = days.day_of(at)

    assert days.start(day) <= at < days.start(day + ONE_DAY)
    assert days.end_of_today(at) > at


@given(calendars, st.lists(moments, max_size=8))
def test_the_days_of_many_moments_are_those_of_each(days: Days, many: list[datetime]):
    assert list(days.ordinals(many)) == [days.day_of(at).toordinal() for at in many]


@given(calendars, moments, moments, moments)
def test_days_between_add_up(days: Days, one: datetime, two: datetime, three: datetime):
    assert days.between(one, two) + days.between(two, three) == days.between(one, three)
    assert days.between(one, two) == -days.between(two, one)


@given(calendars, moments, st.timedeltas(timedelta(0), timedelta(days=60)))
def test_days_never_run_backwards(days: Days, at: datetime, later: timedelta):
    assert days.between(at, at + later) >= 0


def picked(
    waiting: Waiting,
    done: DoneToday = DoneToday(),  # noqa: B008 - a value that never changes
    limits: Limits = Limits(),  # noqa: B008
    new_place: NewPlace = NewPlace.MIXED,
) -> Kind | None:
    return pick(left(waiting, done, limits), waiting.learning_due, done, NOW, new_place=new_place)


def test_learning_that_is_due_comes_before_everything():
    waiting = Waiting(reviews=50, new=50, learning=1, learning_due=NOW)

    assert picked(waiting) is Kind.LEARNING


def test_learning_not_yet_due_waits_for_reviews_and_new_cards():
    soon = NOW + timedelta(minutes=1)

    assert picked(Waiting(reviews=1, learning=1, learning_due=soon)) is Kind.REVIEW
    assert picked(Waiting(new=1, learning=1, learning_due=soon)) is Kind.NEW


@pytest.mark.parametrize(
    ("minutes", "kind"),
    [pytest.param(20, Kind.LEARNING, id="within twenty minutes"), pytest.param(21, None, id="later")],
)
def test_learning_is_shown_ahead_of_time_only_when_nothing_else_is_left(minutes: int, kind: Kind | None):
    waiting = Waiting(learning=1, learning_due=NOW + timedelta(minutes=minutes))

    assert picked(waiting) is kind


def test_nothing_is_picked_when_nothing_waits():
    assert picked(Waiting()) is None


@pytest.mark.parametrize(
    ("reviews", "new", "order"),
    [
        pytest.param(3, 3, "RNRNRN", id="as many"),
        pytest.param(8, 3, "RRNRRNRRNRR", id="more reviews"),
        pytest.param(3, 8, "NNRNNRNNRNN", id="more new cards"),
        pytest.param(0, 3, "NNN", id="no reviews"),
        pytest.param(3, 0, "RRR", id="no new cards"),
    ],
)
def test_new_cards_are_spread_evenly_among_reviews(reviews: int, new: int, order: str):
    assert day_of_study(Waiting(reviews=reviews, new=new), Limits()) == order


@pytest.mark.parametrize(
    ("waiting", "done", "counts"),
    [
        pytest.param(Waiting(500, 500), DoneToday(), Counts(review=200, learning=0, new=0), id="reviews fill the day"),
        pytest.param(Waiting(190, 500), DoneToday(), Counts(190, 0, 10), id="new cards take what reviews leave"),
        pytest.param(Waiting(10, 500), DoneToday(), Counts(10, 0, 20), id="new cards have their own limit"),
        pytest.param(Waiting(10, 500), DoneToday(new=15), Counts(10, 0, 5), id="part of the new cards done"),
        pytest.param(Waiting(50, 500), DoneToday(new=5, reviews=180), Counts(15, 0, 0), id="part of the reviews done"),
        pytest.param(Waiting(50, 50), DoneToday(new=30, reviews=300), Counts(0, 0, 0), id="more done than the limits"),
        pytest.param(Waiting(0, 0, learning=7), DoneToday(30, 300), Counts(0, 7, 0), id="learning has no limit"),
    ],
)
def test_limits_leave_for_today(waiting: Waiting, done: DoneToday, counts: Counts):
    assert left(waiting, done, Limits(new=20, reviews=200)) == counts


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 30), st.integers(0, 60))
def test_a_day_of_study_gives_exactly_what_is_left(reviews: int, new: int, new_limit: int, review_limit: int):
    waiting, limits = Waiting(reviews=reviews, new=new), Limits(new=new_limit, reviews=review_limit)

    order = day_of_study(waiting, limits)

    counts = left(waiting, DoneToday(), limits)
    assert (order.count("R"), order.count("N")) == (counts.review, counts.new)


@pytest.mark.parametrize(
    ("new_place", "order"),
    [
        pytest.param(NewPlace.BEFORE, "NNNRRR", id="before"),
        pytest.param(NewPlace.AFTER, "RRRNNN", id="after"),
    ],
)
def test_new_cards_can_come_before_or_after_the_reviews(new_place: NewPlace, order: str):
    assert day_of_study(Waiting(reviews=3, new=3), Limits(), new_place) == order


def test_what_is_left_in_several_decks_adds_up():
    assert total([Counts(1, 2, 3), Counts(10, 20, 30)]) == Counts(11, 22, 33)


def day_of_study(waiting: Waiting, limits: Limits, new_place: NewPlace = NewPlace.MIXED) -> str:
    reviews = new = 0
    order = ""
    while kind := picked(
        Waiting(reviews=waiting.reviews - reviews, new=waiting.new - new), DoneToday(new, reviews), limits, new_place
    ):
        reviews += kind is Kind.REVIEW
        new += kind is Kind.NEW
        order += "R" if kind is Kind.REVIEW else "N"
    return order


ONE, TWO = CardId(1), CardId(2)


@pytest.mark.parametrize(
    ("minutes", "just_answered", "shown"),
    [
        pytest.param((-5, -1), ONE, ONE, id="due: the earliest"),
        pytest.param((1, 9), None, ONE, id="ahead of time: the earliest"),
        pytest.param((1, 9), ONE, TWO, id="ahead of time: not the same card at once"),
        pytest.param((1, 30), ONE, ONE, id="ahead of time: the same card when it is alone"),
        pytest.param((25, 30), None, None, id="none near"),
    ],
)
def test_the_learning_card_shown(minutes: tuple[int, int], just_answered: CardId | None, shown: CardId | None):
    first, second = (NOW + timedelta(minutes=m) for m in minutes)

    assert next_learning([(ONE, first), (TWO, second)], NOW, just_answered=just_answered) == shown


def test_a_forecast_begins_today_and_each_day_ends_at_its_turn():
    days = Days(BERLIN)

    coming = coming_days(berlin(2026, 3, 28, 23, 0), days, count=2)

    assert coming == (
        (date(2026, 3, 28), berlin(2026, 3, 29, 4, 0)),
        (date(2026, 3, 29), berlin(2026, 3, 30, 4, 0)),
    )
