"""The words of a PDF page and where they stand, from the orders that draw it. Start from `drawn`.

Pictures, links, forms, scripts and attached files are never looked at. Coordinates are those of a reader: points from
the lower left corner of the page as it is shown.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pypdf import PageObject
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject, StreamObject
from pypdf.generic._font import Font  # what letters a font's codes stand for, and how wide they are

from quizapp.ingest import text

MAX_FORMS = 200  # drawings inside drawings, of one page
MAX_NESTED = 12
MAX_ORDERS = 300_000  # of one page: a dense one has 5,000
MAX_CORNERS = 100  # of one shape
DOT = (1.5, 7.0)  # points: how high the dot in front of an item is
MAX_SAVED = 500  # graphics states set aside at one time
MAX_WORDS = 15_000  # of one page: a dense one has 2,000
PLACING = frozenset((b"BT", b"Tm", b"TD", b"Td", b"T*"))
FULL_SIZE = 1.0  # points: nothing smaller is meant to be read
WORD_GAP = 0.15  # of the font's size, between two letters that belong to different words
BOLD = re.compile(r"bold|black|heavy|semib|demi|[-,]bd\b|cmbx|cmssbx|sfbx|[-,]b(?:i|old)?$", re.IGNORECASE)
ITALIC = re.compile(r"italic|oblique|slanted|cmti|cmsl|sfti|[-,](?:it|bi|i)$", re.IGNORECASE)
FIXED = re.compile(r"mono|courier|consol|menlo|typewriter|fixed|cmtt|sftt|inconsolata|[^a-z]code", re.IGNORECASE)
HEAVY = 600  # weight from which letters are bold
MENDED = str.maketrans(
    {
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
        "ﬅ": "st",
        "ﬆ": "st",
        "\x00": "",
        "\ufffd": "",
        "\u00ad": "‐",
    }
)

Matrix = tuple[float, float, float, float, float, float]
SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Word:
    """Letters that stand close together, in one font; a word in two fonts is two."""

    text: str
    left: float
    right: float
    base: float  # height of the line that it stands on
    size: float
    bold: bool
    italic: bool
    fixed: bool  # whether each letter is as wide as the others, as in code
    spaced: bool  # whether a space was drawn in front of it
    drawn: bool = False  # whether it is no letter but a dot, as browsers draw in front of items


@dataclass(frozen=True)
class Style:
    """A font as it is used here."""

    font: Font
    scale: float  # of its widths
    bold: bool
    italic: bool
    fixed: bool
    readable: bool  # whether it tells which letters its codes stand for
    known: dict[int | str, tuple[str, float, bool]] = field(default_factory=dict)  # the codes that were met so far


@dataclass
class State:
    """What the orders have set so far."""

    page: Matrix
    style: Style | None = None
    size: float = 0.0
    letter_space: float = 0.0
    word_space: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0


@dataclass
class Drawing:
    """A page while its orders are carried out."""

    width: float
    height: float
    state: State
    pdf: object
    words: list[Word] = field(default_factory=list)
    unreadable: int = 0  # letters of fonts that do not tell what they are
    forms: int = 0
    orders: int = 0
    line: Matrix = SAME  # where the current line of text starts
    pen: Matrix = SAME
    saved: list[State] = field(default_factory=list)
    inside: list[bool] = field(default_factory=list)  # of each marked part that is open: whether it is no content
    path: list[tuple[float, float]] = field(default_factory=list)  # corners of the shape that is being drawn


def drawn(page: PageObject) -> Drawing:
    """Return what is on a page: its words in the order in which they are drawn."""
    matrix, width, height = _shown(page)
    drawing = Drawing(width, height, State(matrix), page.pdf)
    contents = page.get("/Contents")
    if contents is not None:
        _draw(drawing, contents.get_object(), _dictionary(page.get("/Resources")), depth=0)
    return drawing


def _shown(page: PageObject) -> tuple[Matrix, float, float]:
    """Return what turns the page's coordinates into those of a reader, and its width and height."""
    box = page.cropbox
    left, bottom, wide, high = float(box.left), float(box.bottom), float(box.width), float(box.height)
    match int(page.rotation) % 360:
        case 90:
            return (0, -1, 1, 0, -bottom, left + wide), high, wide
        case 180:
            return (-1, 0, 0, -1, left + wide, bottom + high), wide, high
        case 270:
            return (0, 1, -1, 0, bottom + high, -left), high, wide
        case _:
            return (1, 0, 0, 1, -left, -bottom), wide, high


def _draw(drawing: Drawing, contents: object, resources: DictionaryObject, *, depth: int) -> None:
    """Carry out the orders of a page, or of a drawing inside it."""
    if not isinstance(contents, StreamObject | ArrayObject):
        return
    styles: dict[str, Style | None] = {}
    fonts = _dictionary(resources.get("/Font"))
    for operands, operator in ContentStream(contents, drawing.pdf, "bytes").operations:
        drawing.orders += 1
        if len(drawing.words) > MAX_WORDS or drawing.orders > MAX_ORDERS:
            break
        match operator:
            case b"Do":
                _draw_form(drawing, operands, resources, depth)
            case b"Tf":
                if len(operands) == 2 and isinstance(name := operands[0], str):
                    if name not in styles:
                        styles[name] = _style(fonts.get(name))
                    drawing.state = replace(drawing.state, style=styles[name], size=_number(operands[1]))
            case b"Tj" | b"TJ" | b"'" | b'"':
                _show(drawing, operator, operands)
            case _ if isinstance(operands, list):
                _order(drawing, operator, operands)
            case _:
                pass


def _draw_form(drawing: Drawing, operands: Sequence[object], resources: DictionaryObject, depth: int) -> None:
    form = _dictionary(resources.get("/XObject")).get(operands[0]) if operands else None
    form = form.get_object() if form is not None else None
    drawing.forms += 1
    if (
        not isinstance(form, StreamObject)
        or form.get("/Subtype") != "/Form"
        or depth > MAX_NESTED
        or drawing.forms > MAX_FORMS
        or drawing.orders > MAX_ORDERS
    ):
        return
    before, saved = drawing.state, drawing.saved
    matrix = _matrix(form.get("/Matrix", SAME))
    drawing.state, drawing.saved = replace(before, page=_times(matrix, before.page)), []
    own = form.get("/Resources")
    _draw(drawing, form, _dictionary(own) if own is not None else resources, depth=depth + 1)
    drawing.state, drawing.saved = before, saved


def _order(drawing: Drawing, operator: bytes, operands: list[object]) -> None:
    """Carry out an order that shows nothing itself."""
    numbers = [_number(operand) for operand in operands]
    if operator in PLACING:
        _place(drawing, operator, numbers)
        return
    match operator, len(numbers):
        case b"q", _ if len(drawing.saved) < MAX_SAVED:
            drawing.saved.append(drawing.state)
        case b"Q", _ if drawing.saved:
            drawing.state = drawing.saved.pop()
        case b"cm", 6:
            drawing.state = replace(drawing.state, page=_times(_six(numbers), drawing.state.page))
        case b"m" | b"l" | b"c" | b"v" | b"y" | b"re", _ if len(drawing.path) < MAX_CORNERS:
            _corners(drawing, operator, numbers)
        case b"f" | b"F" | b"f*" | b"B" | b"b" | b"S" | b"s" | b"n", _:
            _dot(drawing, operator)
        case b"BMC" | b"BDC", _:
            drawing.inside.append(bool(operands) and operands[0] == "/Artifact" and _at_edge(operands))
        case b"EMC", _ if drawing.inside:
            drawing.inside.pop()
        case _, 1:
            _setting(drawing, operator, numbers[0])
        case _:
            pass


def _place(drawing: Drawing, operator: bytes, numbers: list[float]) -> None:
    """Carry out an order that says where the next line of text starts."""
    match operator, len(numbers):
        case b"BT", _:
            drawing.line = drawing.pen = SAME
        case b"Tm", 6:
            drawing.line = drawing.pen = _six(numbers)
        case b"TD", 2:
            drawing.state = replace(drawing.state, leading=-numbers[1])
            _next_line(drawing, numbers[0], numbers[1])
        case b"Td", 2:
            _next_line(drawing, numbers[0], numbers[1])
        case b"T*", _:
            _next_line(drawing, 0, -drawing.state.leading)
        case _:
            pass


def _corners(drawing: Drawing, operator: bytes, numbers: list[float]) -> None:
    """Note where a shape goes: all that is asked is how far it reaches."""
    if operator == b"re" and len(numbers) == 4:
        x, y, wide, high = numbers
        numbers = [x, y, x + wide, y + high]
    pairs = zip(numbers[::2], numbers[1::2], strict=False)
    drawing.path += [_point(drawing.state.page, x, y) for x, y in pairs]


def _dot(drawing: Drawing, operator: bytes) -> None:
    """Note a shape that could stand in front of an item: small, and as wide as it is high."""
    path, drawing.path = drawing.path, []
    if operator == b"n" or len(path) < 2:
        return
    left, right = min(x for x, _ in path), max(x for x, _ in path)
    low, high = min(y for _, y in path), max(y for _, y in path)
    wide, tall = right - left, high - low
    if DOT[0] <= tall <= DOT[1] and 0.7 * tall <= wide <= 1.4 * tall:
        ordinary = {"bold": False, "italic": False, "fixed": False, "spaced": False}
        drawing.words.append(Word("•", left, right, low - 0.6 * tall, 2.6 * tall, **ordinary, drawn=True))


def _at_edge(operands: Sequence[object]) -> bool:
    """Say whether a marked part is a running head or the like, by its own account."""
    told = operands[1] if len(operands) > 1 else None
    return isinstance(told, DictionaryObject) and told.get("/Type") == "/Pagination"


def _setting(drawing: Drawing, operator: bytes, value: float) -> None:
    match operator:
        case b"Tc":
            drawing.state = replace(drawing.state, letter_space=value)
        case b"Tw":
            drawing.state = replace(drawing.state, word_space=value)
        case b"Tz":
            drawing.state = replace(drawing.state, stretch=value / 100)
        case b"TL":
            drawing.state = replace(drawing.state, leading=value)
        case b"Ts":
            drawing.state = replace(drawing.state, rise=value)
        case _:
            pass


def _next_line(drawing: Drawing, across: float, up: float) -> None:
    drawing.line = drawing.pen = _times((1, 0, 0, 1, across, up), drawing.line)


def _show(drawing: Drawing, operator: bytes, operands: Sequence[object]) -> None:
    """Carry out an order that shows text."""
    if operator == b'"' and len(operands) == 3:
        drawing.state = replace(drawing.state, word_space=_number(operands[0]), letter_space=_number(operands[1]))
    if operator in (b"'", b'"'):
        _next_line(drawing, 0, -drawing.state.leading)
    shown = operands[-1] if operands else None
    parts = shown if isinstance(shown, ArrayObject) else [shown]
    style = drawing.state.style
    if drawing.inside and any(drawing.inside):
        return
    if style is None or not style.readable:
        drawing.unreadable += sum(len(part) for part in parts if isinstance(part, bytes))
        return
    _Pen(drawing, style).write(parts)


class _Pen:
    """Writes letters one by one, and notes a word wherever one ends."""

    def __init__(self, drawing: Drawing, style: Style) -> None:
        self._drawing, self._style, self._state = drawing, style, drawing.state
        self._at = 0.0  # how far from the start, in text space
        self._letters: list[str] = []
        self._start = self._end = 0.0
        self._spaced = False

    def write(self, parts: Sequence[object]) -> None:
        """Write strings and the shifts between them."""
        state = self._state
        size = state.size * self._style.scale * state.stretch
        letter_space, word_space = state.letter_space * state.stretch, state.word_space * state.stretch
        near = WORD_GAP * abs(state.size * state.stretch)
        for part in parts:
            if not isinstance(part, bytes):
                self._at -= _number(part) / 1000 * state.size * state.stretch
                continue
            for letter, width, space in _letters(self._style, part):
                if not letter.strip():
                    self._note()
                    self._spaced = True
                else:
                    if abs(self._at - self._end) > near:
                        self._note()
                    if not self._letters:
                        self._start = self._at
                    self._letters.append(letter)
                self._at += width * size + letter_space + (word_space if space else 0.0)
                self._end = self._at
        self._note()
        self._drawing.pen = _times((1, 0, 0, 1, self._at, 0), self._drawing.pen)

    def _note(self) -> None:
        if not self._letters:
            return
        found = _placed(
            self._drawing, self._style, "".join(self._letters), (self._start, self._end), spaced=self._spaced
        )
        if found:
            self._drawing.words.append(found)
        self._letters, self._spaced = [], False


def _placed(drawing: Drawing, style: Style, text: str, reach: tuple[float, float], *, spaced: bool) -> Word | None:
    """Return a word where it stands; nothing for one that is turned, tiny or off the page."""
    matrix = _times(drawing.pen, drawing.state.page)
    across, tilt, _, up, _, _ = matrix
    size = abs(drawing.state.size) * math.hypot(matrix[2], up)
    (x0, y), (x1, _) = (_point(matrix, at, drawing.state.rise) for at in reach)
    left, right = min(x0, x1), max(x0, x1)
    upright = abs(tilt) < 0.05 * abs(across) and across * drawing.state.size > 0
    seen = right > 0 and left < drawing.width and 0 < y < drawing.height
    if not (upright and seen and size >= FULL_SIZE and math.isfinite(left + right + y + size)):
        return None
    return Word(text, left, right, y, size, style.bold, style.italic, style.fixed, spaced)


def _letters(style: Style, codes: bytes) -> list[tuple[str, float, bool]]:
    """Return what each code stands for, its width, and whether it is the space that may be widened."""
    encoding, known = style.font.encoding, style.known
    raw: str | bytes = codes.decode(encoding, "replace") if isinstance(encoding, str) else codes
    return [known.get(code) or _learned(style, code) for code in raw]


def _learned(style: Style, code: int | str) -> tuple[str, float, bool]:
    font = style.font
    mark = chr(code) if isinstance(code, int) else code
    letter = font.encoding.get(code, mark) if isinstance(font.encoding, dict) and isinstance(code, int) else mark
    shown = text.clean(str(font.character_map.get(letter, letter)).translate(MENDED)).replace("\n", " ")
    width = font.character_widths.get(mark, font.character_widths.get("default", 500))
    found = style.known[code] = shown, _number(width), code == 32
    return found


def _style(found: object) -> Style | None:
    """Return a font with what its name and its description tell of it; None for one that is broken."""
    resource = found.get_object() if found is not None and hasattr(found, "get_object") else None
    if not isinstance(resource, DictionaryObject):
        return None
    try:
        font = Font.from_font_resource(resource)
    except (PyPdfError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError):
        return None
    name = font.name.rsplit("+", 1)[-1]
    flags = font.font_descriptor.flags
    drawn = resource.get("/Subtype") == "/Type3"
    scale = abs(_matrix(resource.get("/FontMatrix", (0.001, 0, 0, 0.001, 0, 0)))[0]) if drawn else 0.001
    weight = re.fullmatch(r"\d+", str(font.font_descriptor.weight))
    bold = bool(BOLD.search(name)) or bool(int(flags) & 1 << 18) or (weight is not None and int(weight[0]) >= HEAVY)
    italic = bool(ITALIC.search(name)) or bool(int(flags) & 1 << 6)
    readable = bool(font.character_map) or not _by_glyph(resource)
    return Style(font, scale, bold, italic, bool(FIXED.search(name)), readable and font.interpretable)


def _by_glyph(resource: DictionaryObject) -> bool:
    """Say whether a font's codes are the numbers of its drawings, which say nothing of letters."""
    return resource.get("/Subtype") == "/Type0" and str(resource.get("/Encoding")).startswith("/Identity")


def _dictionary(found: object) -> DictionaryObject:
    found = found.get_object() if found is not None and hasattr(found, "get_object") else found
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _number(found: object) -> float:
    return float(found) if isinstance(found, int | float) and math.isfinite(found) else 0.0


def _matrix(found: object) -> Matrix:
    numbers = [_number(one) for one in found] if isinstance(found, Sequence) else []
    return _six(numbers) if len(numbers) == 6 else SAME


def _six(numbers: Sequence[float]) -> Matrix:
    a, b, c, d, e, f = numbers
    return a, b, c, d, e, f


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    k, m, n, o, p, q = then
    return a * k + b * n, a * m + b * o, c * k + d * n, c * m + d * o, e * k + f * n + p, e * m + f * o + q


def _point(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
