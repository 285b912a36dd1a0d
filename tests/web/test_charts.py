import re
from datetime import date, timedelta
from itertools import pairwise

import pytest

from quizapp.domain.calibration import Foretold, calibration
from quizapp.domain.coverage import Coverage
from quizapp.domain.workload import Cost
from quizapp.translations import speaking
from quizapp.web import charts
from quizapp.web.tables import Table

TODAY = date(2026, 11, 23)  # a Monday


def days(counts, *, last=TODAY):
    return [(last - timedelta(days=len(counts) - 1 - index), count) for index, count in enumerate(counts)]


def squares(calendar):
    """Return x, y, heat and whether it is today of each square, as it is drawn."""
    drawn = re.findall(
        r'<rect x="(\d+)" y="(\d+)" width="13" height="13" rx="3" class="h(\d)( today)?"/>', calendar.squares
    )
    return [(int(x), int(y), int(heat), bool(today)) for x, y, heat, today in drawn]


def test_a_week_is_a_column_from_monday_to_sunday():
    found = squares(charts.calendar(days([1] * 182), weeks=26))

    columns = sorted({x for x, *_ in found})
    assert len(columns) == 26
    assert [y for x, y, *_ in found if x == columns[3]] == sorted({y for _, y, *_ in found})


@pytest.mark.parametrize("weekday", range(7))
def test_today_is_marked_in_the_last_column_whatever_day_it_is(weekday):
    calendar = charts.calendar(days([0] * 182, last=TODAY + timedelta(days=weekday)), weeks=26)

    found = squares(calendar)
    assert [one for one in found if one[3]] == found[-1:]
    assert found[-1][0] == max(x for x, *_ in found)
    assert all(0 <= x <= calendar.width - 13 for x, *_ in found)


def test_heat_is_measured_against_the_busiest_day():
    found = squares(charts.calendar(days([0, 1, 10, 20, 30, 40, 41]), weeks=2))

    assert [heat for _, _, heat, _ in found] == [0, 1, 1, 2, 3, 4, 4]


def test_a_month_is_named_where_it_begins():
    calendar = charts.calendar(days([0] * 182), weeks=26)

    assert [label.text for label in calendar.months] == ["Jul", "Aug", "Sep", "Oct", "Nov"]


def test_the_table_says_what_the_picture_shows_the_newest_week_first():
    calendar = charts.calendar(days(list(range(182))), weeks=26)

    weeks = calendar.weeks.splitlines()
    counts = [int(count) for week in reversed(weeks) for count in re.findall(r'<td class="n">(\d+)</td>', week)]
    assert len(weeks) == 26
    assert counts == list(range(182))[-len(counts) :]


def test_a_square_is_drawn_for_each_day_and_a_cell_stands_in_the_table():
    calendar = charts.calendar(days([*[0] * 8, 40, 2]), weeks=2)

    drawn = str(calendar.squares)
    assert drawn.count("<rect ") == len(squares(calendar)) == 8
    assert drawn.endswith('<rect x="44" y="18" width="13" height="13" rx="3" class="h1 today"/>')
    newest, *_ = calendar.weeks.splitlines()
    assert newest == '<tr><th scope="row">23 Nov</th><td class="n">2</td>' + 6 * '<td class="n"></td>' + "</tr>"


def test_what_is_drawn_lets_no_word_be_markup():
    drawn = charts.histogram([("<b>", 3), ("1", 0)], width=310).drawn

    assert "&lt;b&gt;" in drawn
    assert "<b>" not in drawn
    assert drawn.count("<rect ") == 2
    assert drawn.count('text-anchor="middle">3</text>') == 1


def test_the_rows_of_a_table_are_named_and_say_what_rests_on_too_little():
    body = Table(("Day", "Tests", "Recall"), [("<i>", 1204, None)]).body

    assert body == (
        '<tr><th scope="row">&lt;i&gt;</th><td class="n">1,204</td>'
        '<td class="n"><span class="muted">too few</span></td></tr>\n'
    )


def test_bars_stand_on_one_line_and_the_highest_fills_the_chart():
    bars = charts.bars([(TODAY + timedelta(days=index), count) for index, count in enumerate((4, 0, 8))])

    assert {round(bar.y + bar.height, 1) for bar in bars} == {charts.BASE}
    assert bars[2].height == charts.TALLEST
    assert bars[0].height == charts.TALLEST / 2
    assert bars[1].height > 0
    assert [bar.name for bar in bars] == ["Today", "Tue", "Wed"]


def test_nothing_due_is_no_division_by_zero():
    assert charts.bars([(TODAY, 0)])[0].count == 0


@pytest.mark.parametrize(("language", "names"), [("en", ["90%", "92.5%"]), ("de", ["90%", "92,5%"])])
def test_a_goal_is_named_as_the_language_writes_numbers(language, names):
    costs = [Cost(0.9, reviews=3, remembered=0.95), Cost(0.925, reviews=4, remembered=0.96)]

    with speaking(language):
        bars = charts.goals(costs, 0.9, days=7)

    assert [bar.name for bar in bars] == names


def weeks(*values):
    return [(TODAY - timedelta(weeks=len(values) - 1 - index), value) for index, value in enumerate(values)]


def test_a_line_passes_over_weeks_that_say_nothing():
    line = charts.line(weeks(90, None, None, 85, 100), goal=90, width=640)

    assert line.path.count("L") == 2
    assert [x for x, _ in line.points] == [34.0, 482.5, 632.0]
    assert line.points[-1][1] == charts.LINE_TOP


def test_the_goal_lies_as_high_as_a_week_that_reached_it():
    line = charts.line(weeks(90, 70), goal=90, width=640)

    assert line.path.startswith(f"M{charts.LINE_LEFT}.0 {line.goal_y}L")


@pytest.mark.parametrize("values", [(), (None,), (0,), (100, 100), (1, 99)], ids=str)
@pytest.mark.parametrize("width", [310, 1060])
def test_every_line_stays_within_its_chart(values, width):
    line = charts.line(weeks(*values), goal=97, width=width)

    heights = [y for y, _ in line.levels] + [y for _, y in line.points] + [line.goal_y]
    assert all(charts.LINE_TOP <= y <= charts.LINE_BASE for y in heights)
    assert [percent for _, percent in line.levels] == sorted({percent for _, percent in line.levels}, reverse=True)


def test_months_are_named_as_far_apart_as_their_names_need():
    line = charts.line(weeks(*[90] * 200), goal=90, width=310)

    places = [label.x for label in line.labels]
    assert len(places) > 2
    assert all(later - earlier >= charts.LABEL_ROOM for earlier, later in pairwise(places))
    assert places[-1] < 310


def test_columns_fill_the_width_and_name_today_and_mondays():
    columns = charts.columns([(TODAY + timedelta(days=index), index) for index in range(30)], width=310)

    assert len(columns.bars) == 30
    assert all(0 <= bar.x <= 310 - columns.bar_width for bar in columns.bars)
    assert [bar.name for bar in columns.bars if bar.name] == ["Today", "30 Nov", "7 Dec", "14 Dec", "21 Dec"]
    assert max(bar.height for bar in columns.bars) == charts.TALLEST


def test_a_strip_marks_where_cards_are_from_the_beginning_to_the_end():
    strip = charts.strip(Coverage(10, 9, (1, 2, 9)), width=240)

    assert strip.path == "M24 6h48M216 6h24"


def test_one_passage_of_very_many_can_still_be_seen():
    assert charts.strip(Coverage(10_000, 9_000, (5_000,)), width=240).path == "M120 6h1.5"


@pytest.mark.parametrize(("passages", "stretches", "length"), [(3, 3, 1), (24, 24, 1), (25, 13, 2), (1000, 24, 42)])
def test_every_passage_belongs_to_one_stretch(passages, stretches, length):
    found = charts.stretches(range(10, 10 + passages), Coverage(), most=24)

    assert len(found) == stretches
    assert [one.first for one in found] == [1 + length * number for number in range(stretches)]
    assert (found[0].anchor, found[-1].last) == (10, passages)


@pytest.mark.parametrize(("covered", "heat"), [((), 0), ((0,), 1), ((0, 1), 2), ((0, 1, 2, 3), 4)])
def test_a_stretch_is_the_darker_the_more_of_it_has_cards(covered, heat):
    (stretch,) = charts.stretches(range(4), Coverage(4, 4, covered), most=1)

    assert (stretch.covered, stretch.heat) == (len(covered), heat)


def test_classes_stand_side_by_side_and_none_leaves_the_picture():
    found = charts.histogram([("0", 3), ("1", 0), ("3", 12)], width=310)

    assert [bar.height for bar in found.bars] == [charts.TALLEST / 4, 1.5, charts.TALLEST]
    assert [bar.x for bar in found.bars] == sorted(bar.x for bar in found.bars)
    assert found.bars[-1].x + found.bar_width <= 310


def some_tests(chance, passed, *, count=100):
    return [Foretold(TODAY, chance, passed=place < passed) for place in range(count)]


def test_what_came_out_as_foretold_is_on_the_diagonal_and_more_is_above_it():
    bins = calibration([*some_tests(0.9, 90), *some_tests(0.8, 95), *some_tests(0.97, 5, count=9)])

    better, same = charts.calibration(bins, width=310).dots

    (left, low), (right, high) = (
        [float(part) for part in point.split()] for point in charts.calibration(bins, width=310).diagonal[1:].split("L")
    )
    on_line = [low + (high - low) * (dot.x - left) / (right - left) for dot in (better, same)]
    assert better.y < on_line[0] - 1
    assert same.y == pytest.approx(on_line[1], abs=0.2)


def test_dots_stay_within_the_picture_however_little_was_recalled():
    found = charts.calibration(calibration([*some_tests(0.02, 0), *some_tests(1.0, 100)]), width=310)

    assert len(found.dots) == 2
    for dot in found.dots:
        assert charts.LINE_LEFT <= dot.x <= 310
        assert charts.LINE_TOP <= dot.y <= charts.LINE_BASE
