from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.progress import Pile, Recall, by_deck, by_document, by_week, recall, totals, trend

MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def pile(day=MONDAY, *, tests=0, passed=0, reviews=None, deck=1, document=None, mature=False, seconds=0):
    return Pile(
        day,
        deck,
        document,
        mature=mature,
        reviews=tests if reviews is None else reviews,
        tests=tests,
        passed=passed,
        time=timedelta(seconds=seconds),
    )


@st.composite
def some_piles(draw):
    tests = draw(st.integers(0, 50))
    return pile(
        MONDAY + DAY * draw(st.integers(-60, 0)),
        tests=tests,
        passed=draw(st.integers(0, tests)),
        reviews=tests + draw(st.integers(0, 9)),
        deck=draw(st.integers(1, 3)),
        document=draw(st.none() | st.integers(1, 3)),
        mature=draw(st.booleans()),
    )


@pytest.mark.parametrize(
    ("tests", "passed", "percent"),
    [(0, 0, None), (9, 9, None), (10, 9, 90), (10, 0, 0), (10, 10, 100), (1000, 905, 90), (1000, 906, 91)],
)
def test_a_percentage_needs_ten_tests(tests, passed, percent):
    assert Recall(tests, passed).percent == percent


def test_practice_is_work_but_no_test_of_memory():
    piles = [pile(tests=10, passed=9, reviews=14, seconds=60), pile(MONDAY - DAY, reviews=3, seconds=30)]

    assert recall(piles) == Recall(10, 9)
    assert (totals(piles).reviews, totals(piles).days, totals(piles).time) == (17, 2, timedelta(seconds=90))


def test_weeks_run_from_monday_to_sunday_and_none_is_left_out():
    piles = [pile(MONDAY - DAY, tests=4, passed=2), pile(MONDAY, tests=1, passed=1, mature=True)]

    weeks = by_week(piles, first=MONDAY - 10 * DAY, last=MONDAY)

    assert [week.monday for week in weeks] == [MONDAY - 14 * DAY, MONDAY - 7 * DAY, MONDAY]
    assert [week.all for week in weeks] == [Recall(), Recall(4, 2), Recall(1, 1)]
    assert (weeks[2].young, weeks[2].mature) == (Recall(), Recall(1, 1))


def test_weeks_with_few_tests_are_drawn_together_with_the_next():
    piles = [
        pile(MONDAY + 7 * DAY * week, tests=tests, passed=tests // 2) for week, tests in enumerate((12, 6, 2, 4, 3))
    ]

    points = trend(by_week(piles, first=MONDAY, last=MONDAY + 28 * DAY))

    assert [percent for _, percent in points] == [50, None, None, 50, None]


@given(st.lists(some_piles()))
def test_recall_is_a_share_and_every_grouping_adds_up_to_it(piles):
    whole = recall(piles)

    assert 0 <= (whole.percent or 0) <= 100
    weeks = by_week(piles, first=MONDAY - 60 * DAY, last=MONDAY)
    for parts in ([week.all for week in weeks], by_deck(piles).values()):
        assert Recall(sum(part.tests for part in parts), sum(part.passed for part in parts)) == whole
    for week in weeks:
        assert week.young.tests + week.mature.tests == week.all.tests
    of_documents = by_document(piles).values()
    assert sum(part.tests for part in of_documents) == recall(one for one in piles if one.document_id).tests
