"""The geometry of a forgetting curve; the template draws it as SVG, classes give the colour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from quizapp.domain.forgetting import Fall
from quizapp.domain.scheduling import Grade

LEFT, RIGHT, TOP, BASE = 40, 12, 14, 150
LABEL_ROOM = 76


@dataclass(frozen=True)
class Dot:
    """A review on the curve: how likely it was that the card was known."""

    x: float
    y: float
    missed: bool


@dataclass(frozen=True)
class Label:
    """A moment named below the curve."""

    x: float
    at: datetime
    anchor: str


@dataclass(frozen=True)
class Curve:
    """The chance of recall over time, what comes after now apart."""

    width: int
    past: str
    future: str
    dots: tuple[Dot, ...]
    levels: tuple[tuple[float, int], ...]  # y and percent
    goal_y: float
    now_x: float
    labels: tuple[Label, ...]


def curve(
    falls: Sequence[Fall],
    reviewed: Sequence[tuple[datetime, Grade | None, float]],
    *,
    now: datetime,
    goal: float,
    width: int,
) -> Curve | None:
    """Lay out falls and reviews; the scale begins below the lowest chance. None without a fall."""
    if not falls:
        return None
    chances = [chance for fall in falls for _, chance in fall.points]
    floor = max(0.0, int(min(*chances, goal) * 10 - 0.5) / 10)
    first, last = falls[0].points[0][0], max(falls[-1].points[-1][0], now)
    length = max((last - first).total_seconds(), 1.0)

    def x(at: datetime) -> float:
        return round(LEFT + (width - LEFT - RIGHT) * (at - first).total_seconds() / length, 1)

    def y(chance: float) -> float:
        return round(BASE - (BASE - TOP) * (chance - floor) / (1 - floor), 1)

    def path(of: Sequence[Fall]) -> str:
        return "".join("M" + "L".join(f"{x(at)} {y(chance)}" for at, chance in fall.points) for fall in of)

    levels = sorted({1.0, round((1 + floor) / 2, 2), floor}, reverse=True)
    return Curve(
        width,
        past=_joined(path([fall for fall in falls if not fall.is_future])),
        future=path([fall for fall in falls if fall.is_future]),
        dots=tuple(Dot(x(at), y(max(chance, floor)), grade is Grade.AGAIN) for at, grade, chance in reviewed),
        levels=tuple((y(level), round(100 * level)) for level in levels),
        goal_y=y(goal),
        now_x=x(min(max(now, first), last)),
        labels=tuple(_labels([(x(first), first), (x(last), last)], x(now))),
    )


def _joined(path: str) -> str:
    """Draw the rise at a review, too: one line from fall to fall."""
    return "M" + path[1:].replace("M", "L") if path else ""


def _labels(ends: Sequence[tuple[float, datetime]], now_x: float) -> Sequence[Label]:
    """Name the ends, as far as they do not stand in the word "today"."""
    anchors = ("start", "end")
    return [Label(x, at, anchor) for (x, at), anchor in zip(ends, anchors, strict=True) if abs(x - now_x) >= LABEL_ROOM]
