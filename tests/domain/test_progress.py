from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.progress import (
    QUARTERS,
    Answer,
    Constancy,
    Hour,
    Period,
    Pile,
    Recall,
    Stage,
    by_day,
    by_hour,
    by_week,
    constancy,
    quarter,
    recall,
    stage,
    stages,
    totals,
    trend,
)
from quizapp.domain.queues import Days, Kind

MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)
DAYS = st.integers(-60, 0).map(lambda back: MONDAY + DAY * back)
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati"])


def pile(day=MONDAY, *, quarter=0, stage=Stage.YOUNG, reviews=0, passed=0, seconds=0):
    return Pile(day, quarter, stage, reviews, passed, timedelta(seconds=seconds))


@st.composite
def some_piles(draw):
    reviews = draw(st.integers(1, 50))
    stage = draw(st.sampled_from(Stage))
    at = draw(st.integers(0, QUARTERS - 1))
    return pile(draw(DAYS), quarter=at, stage=stage, reviews=reviews, passed=draw(st.integers(0, reviews)))


@pytest.mark.parametrize(
    ("tests", "passed", "percent"),
    [(0, 0, None), (9, 9, None), (10, 9, 90), (10, 0, 0), (10, 10, 100), (1000, 905, 90), (1000, 906, 91)],
)
def test_a_percentage_needs_ten_tests(tests, passed, percent):
    assert Recall(tests, passed).percent == percent


def test_a_period_does_not_end_before_it_begins():
    assert Period(MONDAY, MONDAY).days == 1
    with pytest.raises(ValueError, match="before it begins"):
        Period(MONDAY, MONDAY - DAY)


def test_new_cards_and_steps_are_work_but_no_test_of_memory():
    piles = [
        pile(stage=Stage.MATURE, reviews=10, passed=9, seconds=60),
        pile(stage=Stage.STEP, reviews=4, passed=4),
        pile(MONDAY - DAY, stage=Stage.NEW, reviews=3, passed=1, seconds=30),
    ]

    assert recall(piles) == Recall(10, 9)
    assert recall(piles, Stage.NEW) == Recall(3, 1)
    assert (totals(piles).reviews, totals(piles).days, totals(piles).time) == (17, 2, timedelta(seconds=90))


def test_weeks_run_from_monday_to_sunday_and_none_is_left_out():
    piles = [pile(MONDAY - DAY, reviews=4, passed=2), pile(stage=Stage.MATURE, reviews=1, passed=1)]

    weeks = by_week(piles, Period(MONDAY - 10 * DAY, MONDAY))

    assert [week.monday for week in weeks] == [MONDAY - 14 * DAY, MONDAY - 7 * DAY, MONDAY]
    assert [week.all for week in weeks] == [Recall(), Recall(4, 2), Recall(1, 1)]
    assert (weeks[2].young, weeks[2].mature) == (Recall(), Recall(1, 1))


def test_weeks_with_few_tests_are_drawn_together_with_the_next():
    piles = [
        pile(MONDAY + 7 * DAY * week, reviews=tests, passed=tests // 2) for week, tests in enumerate((12, 6, 2, 4, 3))
    ]

    points = trend(by_week(piles, Period(MONDAY, MONDAY + 28 * DAY)))

    assert [percent for _, percent in points] == [50, None, None, 50, None]


@given(st.lists(some_piles()))
def test_recall_is_a_share_and_every_grouping_adds_up_to_it(piles):
    whole = recall(piles)

    assert 0 <= (whole.percent or 0) <= 100
    weeks, days = by_week(piles, Period(MONDAY - 60 * DAY, MONDAY)), by_day(piles)
    for parts in ([week.all for week in weeks], [tests for _, _, tests in days]):
        assert sum(parts, Recall()) == whole
    assert all(week.young + week.mature == week.all for week in weeks)
    assert sum(reviews for _, reviews, _ in days) == totals(piles).reviews
    assert [day for day, *_ in days] == sorted({pile.day for pile in piles})


@given(st.lists(some_piles()), DAYS)
def test_what_two_periods_hold_adds_up_to_what_both_hold(piles, cut):
    before, after = [one for one in piles if one.day < cut], [one for one in piles if one.day >= cut]

    assert recall(before) + recall(after) == recall(piles)
    assert totals(before).days + totals(after).days == totals(piles).days


@given(st.lists(some_piles()), ZONES, st.integers(0, 23))
def test_the_hours_of_the_day_add_up_to_all_reviews_in_any_zone(piles, zone, turn_hour):
    hours = by_hour(piles, Days(ZoneInfo(zone), turn_hour))

    assert len(hours) == 24
    assert sum(one.reviews for one in hours) == totals(piles).reviews
    assert sum((one.recall for one in hours), Recall()) == recall(piles)


@given(st.integers(0, 10 * 365 * 24 * 60), ZONES, st.integers(0, 23))
def test_an_answer_counts_in_the_hour_that_the_learners_clock_showed(minutes, zone, turn_hour):
    at, days = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes), Days(ZoneInfo(zone), turn_hour)

    hours = by_hour([pile(days.day_of(at), quarter=quarter(at), stage=Stage.STEP, reviews=1)], days)

    assert hours[at.astimezone(days.zone).hour] == Hour(1, Recall())


@given(st.sets(st.integers(0, 400)), st.integers(0, 400))
def test_one_more_day_of_study_never_counts_less_and_a_missed_one_resets_nothing(studied, missed):
    active = {MONDAY - DAY * back for back in studied}

    with_it, without = (
        constancy(days, MONDAY) for days in (active | {MONDAY - DAY * missed}, active - {MONDAY - DAY * missed})
    )

    for more, fewer in ((with_it.week, without.week), (with_it.month, without.month), (with_it.year, without.year)):
        assert 0 <= more - fewer <= 1


def test_days_are_counted_back_from_today():
    active = {MONDAY, MONDAY - 6 * DAY, MONDAY - 7 * DAY, MONDAY - 29 * DAY, MONDAY - 365 * DAY, MONDAY + DAY}

    assert constancy(active, MONDAY) == Constancy(week=2, month=4, year=4)


@pytest.mark.parametrize(
    ("answer", "before", "asked"),
    [
        pytest.param(Answer(MONDAY, Kind.NEW, None), None, Stage.NEW, id="the first"),
        pytest.param(Answer(MONDAY, Kind.LEARNING, None), Answer(MONDAY, Kind.NEW, None), Stage.STEP, id="in steps"),
        pytest.param(Answer(MONDAY, Kind.REVIEW, None), None, Stage.YOUNG, id="in review without any before"),
        pytest.param(
            Answer(MONDAY, Kind.REVIEW, None), Answer(MONDAY - DAY, Kind.REVIEW, 21 * DAY), Stage.MATURE, id="mature"
        ),
        pytest.param(
            Answer(MONDAY, Kind.REVIEW, None),
            Answer(MONDAY - DAY, Kind.REVIEW, 21 * DAY - timedelta(seconds=1)),
            Stage.YOUNG,
            id="young",
        ),
        pytest.param(
            Answer(MONDAY, Kind.REVIEW, None),
            Answer(MONDAY, Kind.REVIEW, 21 * DAY),
            Stage.STEP,
            id="once more on a day",
        ),
    ],
)
def test_what_an_answer_asks_of_memory_hangs_on_the_one_before_it(answer, before, asked):
    assert stage(answer, before) is asked
    assert stages([answer]) == [stage(answer, None)]
    assert stages([] if before is None else [before, answer])[-1:] in ([], [asked])
