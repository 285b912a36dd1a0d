r"""Covered parts of a picture, in Anki's notation: `{{c1::image-occlusion:rect:left=.1:top=.2:width=.3:height=.1:oi=1}}`.

Such a gap of a cloze text stands behind the picture that it covers. A face says of each what becomes of it:
`asked`, `told`, or `beside` for another one. Start from `asking`, `telling` and `shape`.
"""

import math
import re
from dataclasses import dataclass, field
from enum import Enum

NOTATION = "image-occlusion:"
MARK = re.compile(
    rf"\{{\{{(?P<state>c\d{{1,3}}|asked|beside|told)::{NOTATION}(?P<shape>.*?)(?:::(?P<hint>.*?))?\}}\}}",
    re.DOTALL | re.ASCII,
)
ANGLE_STEPS = 10_000  # Anki's to a full turn
MOST_POINTS = 500
_PART = re.compile(r"((?:[^:\\]|\\.)*)(?::|$)", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class Mode(Enum):
    """What is covered while one part is asked."""

    HIDE_ONE = 0  # that part alone
    HIDE_ALL = 1  # all parts
    HIDE_OTHERS = 2  # all parts but that


@dataclass(frozen=True)
class Shape:
    """A shape over a picture, in shares of its width and height."""

    kind: str  # "rect", "ellipse", "polygon", or "text": a label, which is always shown
    left: float = 0.0
    top: float = 0.0
    width: float = 0.0  # of an ellipse twice its radius
    height: float = 0.0
    degrees: float = 0.0  # turned by so many around the corner at the left and top
    points: tuple[tuple[float, float], ...] = field(default=())
    text: str = ""
    mode: Mode = Mode.HIDE_ONE


def is_in(text: str) -> bool:
    """Say whether a cloze text covers parts of a picture."""
    return NOTATION in text and MARK.search(text) is not None


def asking(text: str, number: int) -> str:
    """Return a cloze text with the covers of one number asked, and the others beside them."""
    return _with_states(text, number, "asked")


def telling(text: str, number: int) -> str:
    """Return a cloze text with the covers of one number taken off, and the others as they were when it was asked."""
    return _with_states(text, number, "told")


def whole(text: str) -> str:
    """Return a text without its covers."""
    return MARK.sub("", text) if NOTATION in text else text


def shape(notation: str) -> Shape | None:
    r"""Return the shape of "rect:left=.1:top=.2:...", in which `\:` is a colon; None for one that cannot be drawn."""
    kind, *pairs = (_ESCAPED.sub(r"\1", found[1]) for found in _PART.finditer(notation))
    told = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
    left, top = _share(told.get("left")), _share(told.get("top"))
    mode = Mode(int(told["oi"])) if told.get("oi") in {"0", "1", "2"} else Mode.HIDE_ONE
    degrees = _number(told.get("angle")) / ANGLE_STEPS * 360
    match kind:
        case "rect":
            width, height = _share(told.get("width")), _share(told.get("height"))
            return Shape(kind, left, top, width, height, degrees, mode=mode)
        case "ellipse":
            width, height = 2 * _share(told.get("rx")), 2 * _share(told.get("ry"))
            return Shape(kind, left, top, width, height, degrees, mode=mode)
        case "polygon":
            points = _points(told.get("points", ""), left, top)
            return Shape(kind, left, top, points=points, mode=mode) if len(points) > 2 else None
        case "text":
            return Shape(kind, left, top, text=told.get("text", ""), mode=mode)
        case _:
            return None


def _with_states(text: str, number: int, state: str) -> str:
    def told(found: re.Match[str]) -> str:
        its_number = found["state"].removeprefix("c")
        if not its_number.isdigit() or not int(its_number):  # a label has the number 0
            return found[0]
        return f"{{{{{state if int(its_number) == number else 'beside'}::{NOTATION}{found['shape']}}}}}"

    return MARK.sub(told, text)


def _points(listed: str, left: float, top: float) -> tuple[tuple[float, float], ...]:
    """Return the corners of a polygon, moved so that the box around them begins at the given place."""
    pairs = [point.split(",") for point in listed.split()[:MOST_POINTS]]
    found = [(_share(pair[0]), _share(pair[1])) for pair in pairs if len(pair) == 2]
    if not found:
        return ()
    right, down = left - min(x for x, _ in found), top - min(y for _, y in found)
    return tuple((x + right, y + down) for x, y in found)


def _share(told: str | None) -> float:
    return min(max(_number(told), -10.0), 10.0)


def _number(told: str | None) -> float:
    try:
        value = float(told or 0)
    except ValueError:
        return 0.0
    return value if math.isfinite(value) else 0.0
