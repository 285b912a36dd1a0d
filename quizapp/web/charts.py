"""The geometry of the charts; templates draw it as SVG, classes give the colour.

What comes a hundred times in a picture is drawn here: a loop in a template takes ten times as long.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property, lru_cache, wraps
from statistics import fmean
from typing import Any, TypeVar, cast

from markupsafe import Markup, escape

from quizapp.domain.calibration import Bin
from quizapp.domain.coverage import Coverage
from quizapp.domain.progress import FEWEST_TESTS
from quizapp.domain.remembering import Remembered
from quizapp.domain.workload import Cost
from quizapp.markup import safe
from quizapp.translations import _, figure, marked, spoken
from quizapp.web.words import month

CELL, STEP = 13, 16
LEFT, TOP = 28, 18
BAR, BAR_STEP, BASE, TALLEST = 30, 44, 128, 104
DOT = 10  # radius of the largest
LINE_LEFT, LINE_TOP, LINE_BASE, LABEL_ROOM = 34, 14, 128, 64
DATE_ROOM = 19  # the rest of a date may stand in the margin
WEEK = 7
_NEXT_CELL = '</td><td class="n">'
WEEKDAYS = (
    *(marked("Mon"), marked("Tue"), marked("Wed"), marked("Thu")),
    *(marked("Fri"), marked("Sat"), marked("Sun")),
)


Chart = TypeVar("Chart", bound=Callable[..., Any])


def _kept(draw: Chart) -> Chart:
    """Let a chart of the same points be laid out and drawn once in a language: from one look to the next few are others."""

    @lru_cache(maxsize=128)
    def known(_language: str, points: tuple[Any, ...], **options: float) -> Any:
        return draw(points, **options)

    @wraps(draw)
    def drawn(points: Sequence[Any], **options: float) -> Any:
        return known(spoken(), tuple(points), **options)

    return cast(Chart, drawn)


@dataclass(frozen=True)
class Label:
    """A word beside the cells."""

    x: int
    text: str


@dataclass(frozen=True)
class Calendar:
    """Reviews by day, one column a week, Monday first."""

    width: int
    months: tuple[Label, ...]
    first: date  # a Monday
    counts: Mapping[int, int]  # by the ordinal of the day, the last of them today

    @cached_property
    def squares(self) -> Markup:
        """Return a square for each day."""
        grades = _grades(max(self.counts.values()))
        heats = [_heat(count, grades) for count in self.counts.values()]
        places = _places(next(iter(self.counts)) - self.first.toordinal(), len(heats))
        *others, today = (f'{place}{heat}"' for place, heat in zip(places, heats, strict=True))
        return _markup((*(f"{one}/>" for one in others), f'{today[:-1]} today"/>'))

    @cached_property
    def weeks(self) -> Markup:
        """Return a row of a table for each week, the newest first: its Monday and a count for each day."""
        rows = []
        for monday in range(self.first.toordinal(), max(self.counts) + 1, WEEK):
            counts = [str(self.counts.get(day, "")) for day in range(monday, monday + WEEK)]
            named = f'<th scope="row">{escape(_day(date.fromordinal(monday)))}</th>'
            rows.append(f'<tr>{named}<td class="n">{_NEXT_CELL.join(counts)}</td></tr>\n')
        return _markup(reversed(rows))


@lru_cache(maxsize=1_024)
def _places(first: int, count: int) -> Sequence[str]:
    """Return so many squares up to what says how hot they are; the first is so many days after a Monday."""
    side = f'width="{CELL}" height="{CELL}" rx="3"'
    days = (divmod(day, WEEK) for day in range(first, first + count))
    return [f'<rect x="{LEFT + STEP * week}" y="{TOP + STEP * day}" {side} class="h' for week, day in days]


@dataclass(frozen=True)
class Bar:
    """One day's bar with its figure above and its name below."""

    x: float
    y: float
    height: float
    middle: float
    count: int
    name: str
    is_first: bool


@dataclass(frozen=True)
class Line:
    """Percentages over time as a path, with the goal as a line across."""

    width: int
    points: tuple[tuple[float, float], ...]
    path: str
    goal_y: float
    levels: tuple[tuple[float, int], ...]  # y and percent of the labels at the side
    labels: tuple[Label, ...]


@dataclass(frozen=True)
class Columns:
    """Many days as narrow bars; today, each Monday and the highest are labelled."""

    width: int
    bars: tuple[Bar, ...]
    bar_width: float

    @cached_property
    def drawn(self) -> Markup:
        """Return the bars with their labels."""
        highest = max((bar.count for bar in self.bars), default=0)
        return _markup(self._drawn(bar, highest) for bar in self.bars)

    def _drawn(self, bar: Bar, highest: int) -> str:
        look = f'class="bar{" now" if bar.is_first else ""}" x="{bar.x}" y="{bar.y}"'
        drawn = f'<rect {look} width="{self.bar_width}" height="{bar.height}" rx="{2 if bar.height > 4 else 1}"/>'
        if bar.count and (bar.is_first or bar.count == highest):
            drawn += f'<text x="{bar.middle}" y="{bar.y - 6}" text-anchor="middle">{bar.count}</text>'
        if bar.name:
            drawn += f'<text x="{bar.x}" y="144">{escape(bar.name)}</text>'
        return drawn


@dataclass(frozen=True)
class Dot:
    """Tests with nearly the same chance: where it stands, and how large for how many they are."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Dots:
    """What was foretold, from left to right, against what was recalled, upwards; on the diagonal they are the same."""

    width: int
    dots: tuple[Dot, ...]
    diagonal: str
    levels: tuple[tuple[float, int], ...]  # y and percent of the labels at the side
    marks: tuple[Label, ...]  # percent along the bottom


@dataclass(frozen=True)
class Strip:
    """A document from its beginning on the left to its end, with the passages marked that have cards."""

    width: int
    path: str  # a line for each run of such passages


@dataclass(frozen=True)
class Stretch:
    """Some passages in a row that say something, to jump to; 1 is the first of the document."""

    anchor: int  # number of the first of them among all blocks
    first: int
    last: int
    covered: int
    heat: int  # 0 for none covered to 4 for all


@dataclass(frozen=True)
class Level:
    """Some passages in a row that say something, to jump to, with how well they are remembered."""

    anchor: int  # number of the first of them among all blocks
    first: int
    last: int
    cards: int
    recall: float | None  # None while no card of theirs was answered
    level: int  # 0 for not studied yet, 1 for weak to 4 for known


def strip(coverage: Coverage, *, width: int) -> Strip:
    """Lay out which passages of a document have cards; the thinnest mark can still be seen."""
    step = width / max(1, coverage.blocks)
    lines = (f"M{start * step:.4g} 6h{max((end - start) * step, 1.5):.4g}" for start, end in coverage.runs)
    return Strip(width, "".join(lines))


def stretches(saying: Sequence[int], coverage: Coverage, *, most: int) -> Sequence[Stretch]:
    """Divide the passages that say something, by their numbers, into at most so many stretches of one length."""
    covered = set(coverage.covered)
    length = max(1, -(-len(saying) // most))
    found = []
    for first in range(0, len(saying), length):
        numbers = saying[first : first + length]
        count = len(covered.intersection(numbers))
        heat = 0 if not count else 1 + 3 * count // len(numbers)
        found.append(Stretch(numbers[0], first + 1, first + len(numbers), count, heat))
    return found


def levels(saying: Sequence[int], passages: Mapping[int, Remembered], *, most: int) -> Sequence[Level]:
    """Divide the passages that say something as `stretches` does, each with the mean of its passages."""
    length = max(1, -(-len(saying) // most))
    found = []
    for first in range(0, len(saying), length):
        numbers = saying[first : first + length]
        here = [passages[number] for number in numbers if number in passages]
        recalled = [one.recall for one in here if one.recall is not None]
        whole = Remembered(sum(one.cards for one in here), fmean(recalled) if recalled else None)
        found.append(Level(numbers[0], first + 1, first + len(numbers), whole.cards, whole.recall, whole.level))
    return found


@_kept
def calendar(activity: Sequence[tuple[date, int]], *, weeks: int) -> Calendar:
    """Lay out the last weeks of the activity, which ends today."""
    today = activity[-1][0]
    first = today - timedelta(days=today.weekday() + WEEK * (weeks - 1))
    counts = {on.toordinal(): count for on, count in activity if on >= first}
    return Calendar(LEFT + STEP * weeks, tuple(_months(first, weeks)), first, counts)


def bars(forecast: Sequence[tuple[date, int]]) -> Sequence[Bar]:
    """Lay out the cards due on each day; the first is today."""
    most = max((count for _, count in forecast), default=0) or 1
    return [_bar(index, on, count, count / most) for index, (on, count) in enumerate(forecast)]


@_kept
def line(points: Sequence[tuple[date, int | None]], *, goal: float, width: int) -> Line:
    """Lay out a percentage by week, oldest first; the path passes over weeks that have None."""
    lowest = min([goal, *(value for _, value in points if value is not None)])
    floor = min(90, 10 * int((lowest - 1) // 10)) if lowest >= 1 else 0
    step = (width - LINE_LEFT - 8) / max(1, len(points) - 1)

    def at(index: int, value: float) -> tuple[float, float]:
        height = (LINE_BASE - LINE_TOP) * (value - floor) / (100 - floor)
        return round(LINE_LEFT + step * index, 1), round(LINE_BASE - height, 1)

    placed = tuple(at(index, value) for index, (_, value) in enumerate(points) if value is not None)
    return Line(
        width,
        points=placed,
        path="M" + "L".join(f"{x} {y}" for x, y in placed) if placed else "",
        goal_y=at(0, goal)[1],
        levels=tuple((at(0, level)[1], level) for level in (100, (100 + floor) // 2, floor)),
        labels=tuple(_dates([monday for monday, _ in points], step, width)),
    )


def goals(costs: Sequence[Cost], own: float, *, days: int) -> tuple[Bar, ...]:
    """Lay out the reviews in so many days under each goal; the deck's own is marked."""
    most = max((cost.reviews for cost in costs), default=0) or 1
    return tuple(
        replace(
            _bar(index, date.min, round(cost.reviews * days), cost.reviews / most),
            name=_percent(cost.retention),
            is_first=cost.retention == own,
        )
        for index, cost in enumerate(costs)
    )


@_kept
def columns(forecast: Sequence[tuple[date, int]], *, width: int) -> Columns:
    """Lay out the cards due on each of many days; the first is today."""
    most = max((count for _, count in forecast), default=0) or 1
    step = width / max(1, len(forecast))
    thick = round(step * 0.7, 1)
    bars = []
    for index, (on, count) in enumerate(forecast):
        x = round(step * index + (step - thick) / 2, 1)
        has_room = on.weekday() == 0 and x <= width - DATE_ROOM
        name = _("Today") if index == 0 else _day(on) if has_room else ""
        bars.append(_column(x, thick, count, most, name, is_first=index == 0))
    if len(bars) > 1 and any(bar.name for bar in bars[1:3]):  # would stand in the word "Today"
        bars = [replace(bar, name="") if 0 < index < 3 else bar for index, bar in enumerate(bars)]
    return Columns(width, tuple(bars), thick)


@_kept
def histogram(counts: Sequence[tuple[str, int]], *, width: int) -> Columns:
    """Lay out how many there are of each class, in order."""
    most = max((count for _, count in counts), default=0) or 1
    step = width / max(1, len(counts))
    thick = round(step * 0.8, 1)
    bars = (
        _column(round(step * index + (step - thick) / 2, 1), thick, count, most, name)
        for index, (name, count) in enumerate(counts)
    )
    return Columns(width, tuple(bars), thick)


def _column(x: float, thick: float, count: int, most: int, name: str, *, is_first: bool = False) -> Bar:
    height = round(max(TALLEST * count / most, 1.5), 1)
    return Bar(x, round(BASE - height, 1), height, round(x + thick / 2, 1), count, name, is_first)


@_kept
def calibration(bins: Sequence[Bin], *, width: int) -> Dots:
    """Lay out bins of tests; those with few tests are left out, as the table says."""
    shown = [(one.expected, one.recalled, one.tests) for one in bins if one.tests >= FEWEST_TESTS]
    placed = [
        (100 * expected, 100 * recalled, tests)
        for expected, recalled, tests in shown
        if expected and recalled is not None
    ]
    floor = min([80, *(10 * int(min(expected, recalled) // 10) for expected, recalled, _ in placed)])
    most = max((tests for *_, tests in placed), default=1)

    def at(across: float, up: float) -> tuple[float, float]:
        x = LINE_LEFT + (width - LINE_LEFT - DOT) * (across - floor) / (100 - floor)
        return round(x, 1), round(LINE_BASE - (LINE_BASE - LINE_TOP) * (up - floor) / (100 - floor), 1)

    dots = (
        Dot(*at(across, up), radius=round(3 + (DOT - 3) * (tests / most) ** 0.5, 1)) for across, up, tests in placed
    )
    ticks = (floor, (100 + floor) // 2, 100)
    (x0, y0), (x1, y1) = at(floor, floor), at(100, 100)
    return Dots(
        width,
        tuple(dots),
        diagonal=f"M{x0} {y0}L{x1} {y1}",
        levels=tuple((at(floor, tick)[1], tick) for tick in ticks),
        marks=tuple(Label(round(at(tick, floor)[0]), f"{tick}%") for tick in ticks),
    )


def _dates(mondays: Sequence[date], step: float, width: int) -> Iterator[Label]:
    """Name the first week of as many months as have room."""
    last = -LABEL_ROOM
    for index, monday in enumerate(mondays):
        x = round(LINE_LEFT + step * index)
        is_new = index == 0 or monday.month != mondays[index - 1].month
        if is_new and x - last >= LABEL_ROOM and x <= width - LABEL_ROOM / 2:
            last = x
            yield Label(x, _month_and_year(monday) if index and monday.month == 1 else month(monday))


def _percent(share: float) -> str:
    """Say a share in percent, to a tenth where it has one."""
    percent = round(100 * share, 1)
    return f"{figure(percent, 0 if percent.is_integer() else 1)}%"


def _day(on: date) -> str:
    return _named(spoken(), on)


@lru_cache(maxsize=2_048)
def _named(_language: str, on: date) -> str:
    """Name a day in the language that is spoken; charts name the same few hundred again and again."""
    return _("%(day)s %(month)s", day=on.day, month=month(on))


def _month_and_year(on: date) -> str:
    return _("%(month)s %(year)s", month=month(on), year=on.year)


def _bar(index: int, on: date, count: int, share: float) -> Bar:
    height = round(max(TALLEST * share, 1.5), 1)
    x = 8 + BAR_STEP * index
    name = _("Today") if index == 0 else _(WEEKDAYS[on.weekday()])
    return Bar(x, round(BASE - height, 1), height, x + BAR // 2, count, name, index == 0)


def _grades(busiest: int) -> Sequence[float]:
    """Return the counts over which a day is hotter, so that light and heavy learners both see a pattern."""
    return [busiest * share for share in (0.25, 0.5, 0.75)]


def _heat(count: int, grades: Sequence[float]) -> int:
    return 1 + bisect_left(grades, count) if count else 0


def _months(first: date, weeks: int) -> Iterator[Label]:
    """Name each month over the first week that begins in it."""
    for index in range(1, weeks):
        monday = first + timedelta(days=WEEK * index)
        if monday.day <= WEEK:
            yield Label(LEFT + STEP * index, month(monday))


def _markup(pieces: Iterable[str]) -> Markup:
    """Put together what is drawn of numbers, and of words that are escaped."""
    return safe("".join(pieces))
