from datetime import date, timedelta

import pytest

from quizapp.web import charts

TODAY = date(2026, 11, 23)  # a Monday


def days(counts, *, last=TODAY):
    return [(last - timedelta(days=len(counts) - 1 - index), count) for index, count in enumerate(counts)]


def test_a_week_is_a_column_from_monday_to_sunday():
    calendar = charts.calendar(days([1] * 182), weeks=26)

    columns = sorted({cell.x for cell in calendar.cells})
    assert len(columns) == 26
    assert [cell.y for cell in calendar.cells if cell.x == columns[3]] == sorted({cell.y for cell in calendar.cells})


@pytest.mark.parametrize("weekday", range(7))
def test_today_is_marked_in_the_last_column_whatever_day_it_is(weekday):
    last = TODAY + timedelta(days=weekday)

    calendar = charts.calendar(days([0] * 182, last=last), weeks=26)

    (today,) = [cell for cell in calendar.cells if cell.is_today]
    assert today == calendar.cells[-1]
    assert today.x == max(cell.x for cell in calendar.cells)
    assert all(0 <= cell.x <= calendar.width - 13 for cell in calendar.cells)


def test_heat_is_measured_against_the_busiest_day():
    calendar = charts.calendar(days([0, 1, 10, 20, 30, 40, 41]), weeks=2)

    assert [cell.heat for cell in calendar.cells[-7:]] == [0, 1, 1, 2, 3, 4, 4]


def test_a_month_is_named_where_it_begins():
    calendar = charts.calendar(days([0] * 182), weeks=26)

    assert [label.text for label in calendar.months] == ["Jul", "Aug", "Sep", "Oct", "Nov"]


def test_the_table_says_what_the_picture_shows():
    calendar = charts.calendar(days(list(range(182))), weeks=26)

    counts = [count for week in calendar.weeks for count in week.counts if count is not None]
    assert len(calendar.weeks) == 26
    assert counts == list(range(182))[-len(counts) :]


def test_bars_stand_on_one_line_and_the_highest_fills_the_chart():
    bars = charts.bars([(TODAY + timedelta(days=index), count) for index, count in enumerate((4, 0, 8))])

    assert {round(bar.y + bar.height, 1) for bar in bars} == {charts.BASE}
    assert bars[2].height == charts.TALLEST
    assert bars[0].height == charts.TALLEST / 2
    assert bars[1].height > 0
    assert [bar.name for bar in bars] == ["Today", "Tue", "Wed"]


def test_nothing_due_is_no_division_by_zero():
    assert charts.bars([(TODAY, 0)])[0].count == 0
