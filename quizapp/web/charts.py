"""The geometry of the charts on Today; templates draw it as SVG, classes give the colour."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from quizapp.web.words import MONTHS, WEEKDAYS

CELL, STEP = 13, 16
LEFT, TOP = 28, 18
BAR, BAR_STEP, BASE, TALLEST = 30, 44, 128, 104
WEEK = 7


@dataclass(frozen=True)
class Cell:
    """One day of the calendar."""

    x: int
    y: int
    heat: int  # 0 to 4
    is_today: bool


@dataclass(frozen=True)
class Label:
    """A word beside the cells."""

    x: int
    text: str


@dataclass(frozen=True)
class Week:
    """A row of the table behind the calendar: Monday's date and a count for each day, None when not in it."""

    monday: date
    counts: tuple[int | None, ...]


@dataclass(frozen=True)
class Calendar:
    """Reviews by day, one column a week, Monday first."""

    width: int
    cells: tuple[Cell, ...]
    months: tuple[Label, ...]
    weeks: tuple[Week, ...]


@dataclass(frozen=True)
class Bar:
    """One day's bar with its figure above and its name below."""

    x: int
    y: float
    height: float
    middle: int
    count: int
    name: str
    is_first: bool


def calendar(activity: Sequence[tuple[date, int]], *, weeks: int) -> Calendar:
    """Lay out the last weeks of the activity, which ends today."""
    today = activity[-1][0]
    first = today - timedelta(days=today.weekday() + WEEK * (weeks - 1))
    shown = [(on, count) for on, count in activity if on >= first]
    busiest = max((count for _, count in shown), default=0)
    cells = tuple(
        Cell(
            x=LEFT + STEP * ((on - first).days // WEEK),
            y=TOP + STEP * on.weekday(),
            heat=_heat(count, busiest),
            is_today=on == today,
        )
        for on, count in shown
    )
    return Calendar(LEFT + STEP * weeks, cells, tuple(_months(first, weeks)), tuple(_weeks(dict(shown), first, weeks)))


def bars(forecast: Sequence[tuple[date, int]]) -> Sequence[Bar]:
    """Lay out the cards due on each day; the first is today."""
    most = max((count for _, count in forecast), default=0) or 1
    return [_bar(index, on, count, count / most) for index, (on, count) in enumerate(forecast)]


def _bar(index: int, on: date, count: int, share: float) -> Bar:
    height = round(max(TALLEST * share, 1.5), 1)
    x = 8 + BAR_STEP * index
    name = "Today" if index == 0 else WEEKDAYS[on.weekday()][:3]
    return Bar(x, round(BASE - height, 1), height, x + BAR // 2, count, name, index == 0)


def _heat(count: int, busiest: int) -> int:
    """Grade a day against the busiest one, so that light and heavy learners both see a pattern."""
    if not count:
        return 0
    return 1 + sum(count > busiest * share for share in (0.25, 0.5, 0.75))


def _months(first: date, weeks: int) -> Iterator[Label]:
    """Name each month over the first week that begins in it."""
    for index in range(1, weeks):
        monday = first + timedelta(days=WEEK * index)
        if monday.day <= WEEK:
            yield Label(LEFT + STEP * index, MONTHS[monday.month - 1][:3])


def _weeks(counts: dict[date, int], first: date, weeks: int) -> Iterator[Week]:
    for index in range(weeks):
        monday = first + timedelta(days=WEEK * index)
        yield Week(monday, tuple(counts.get(monday + timedelta(days=day)) for day in range(WEEK)))
