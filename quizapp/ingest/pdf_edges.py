"""What stands at the edges of PDF pages and is no text: running heads, page numbers, footnotes. Start from `without`."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby, pairwise

from quizapp.ingest.pdf_lines import Line

OUTER_LINES = 3  # heights at the top of a page, and as many at its foot
HEAD_GAP = 16.0  # points: the lines of a text are mostly closer
SAME_HEIGHT = 6.0  # points
PAGE_NUMBER = re.compile(
    r"(?:page|seite|p\.?|s\.?)?\s*[-–—|•·]?\s*\d{1,4}\s*(?:(?:of|/|von|de)\s*\d{1,4})?\s*[-–—|•·]?|[ivxlc]{1,7}",
    re.IGNORECASE,
)
NUMBER = re.compile(r"\d+|\b[ivxlc]+\b")
BESIDE = re.compile(r"\A\d{1,4}(?=\s+\S)|(?<=\s)\d{1,4}\Z")  # the number of a page beside the title of a section
LONGEST_TITLE = 100  # characters
PAGES_NUMBERED, MOST_PAGES = 4, 0.3  # at least so many pages, and such a share of them, are counted
LEADERS = re.compile(r"(?:\.\s?){4,}\s*[\divxlc]+$|(?:…\s?){2,}\s*[\divxlc]+$")
CONTENTS = re.compile(r"(?:table of )?contents", re.IGNORECASE)
NOTE = re.compile(r"(?:\d{1,3}|[*†‡§¶]+|\[\d{1,3}\])(?:[.)]|\s)?\s*\S")
SMALLER = 0.93  # than the body: letters of a footnote

Outer = dict[float, bool]  # by height at an edge: whether it is the outermost


def without(lines: Sequence[Line]) -> list[Line]:
    """Return the lines of a document without what stands at the edges of its pages and without its contents."""
    body = _body_size(lines)
    pages = [list(page) for _, page in groupby(lines, key=lambda line: line.page)]
    outers = [_outer(page) for page in pages]
    repeated, numbered = _repeated(pages, outers), _numbered(pages, outers)
    out: list[Line] = []
    for page, outer in zip(pages, outers, strict=True):
        kept = [
            line
            for line in page
            if line.base not in outer
            or not (numbered & _counts(line) or _runs(line, repeated, body, outermost=outer[line.base]))
        ]
        out += _without_notes(kept, body)
    return _without_contents(out)


def _body_size(lines: Sequence[Line]) -> float:
    sizes = Counter[float]()
    for line in lines:
        sizes[line.size] += len(line.text)
    return max(sizes, key=lambda one: sizes[one], default=10.0)


def _outer(page: Sequence[Line]) -> Outer:
    """Return the heights at the edges of a page that a gap parts from its text, and whether each is the outermost."""
    heights = sorted({line.base for line in page})
    foot, head = _parted(heights), _parted(heights[::-1])
    return {height: height in (heights[0], heights[-1]) for height in (*foot, *head)}


def _parted(heights: Sequence[float]) -> Sequence[float]:
    """Return the first heights up to the first gap; the very first one alone where no gap follows soon."""
    for at, (one, other) in enumerate(pairwise(heights[: OUTER_LINES + 1]), 1):
        if abs(other - one) > HEAD_GAP:
            return heights[:at]
    return heights[:1]


def _repeated(pages: Sequence[Sequence[Line]], outers: Sequence[Outer]) -> set[tuple[str, int]]:
    """Return what stands at the same height near the edge of several pages, whatever its numbers."""
    found = Counter[tuple[str, int]]()
    for page, outer in zip(pages, outers, strict=True):
        found.update({key for line in page if line.base in outer for key in _keys(line)[:1]})
    times = 2 if len(pages) < 9 else 3
    near = Counter[tuple[str, int]]()
    for (text, height), seen in found.items():
        for step in (-1, 0, 1):
            near[text, height + step] += seen
    return {key for key, seen in near.items() if seen >= times}


def _numbered(pages: Sequence[Sequence[Line]], outers: Sequence[Outer]) -> set[tuple[int, int]]:
    """Return where lines near the edge count the pages, whatever else they say, and from which page on."""
    found = Counter[tuple[int, int]]()
    for page, outer in zip(pages, outers, strict=True):
        found.update({key for line in page if outer.get(line.base) for key in _counts(line)})
    return {key for key, seen in found.items() if seen >= max(PAGES_NUMBERED, MOST_PAGES * len(pages))}


def _counts(line: Line) -> set[tuple[int, int]]:
    """Return how far the number at each end of a line is from that of its page, and its height."""
    text, height = line.text.strip(), round(line.base / SAME_HEIGHT)
    return {(line.page - int(one), height) for one in BESIDE.findall(text)} if len(text) <= LONGEST_TITLE else set()


def _keys(line: Line) -> list[tuple[str, int]]:
    return [(NUMBER.sub("#", line.text.lower()), round(line.base / SAME_HEIGHT))]


def _runs(line: Line, repeated: set[tuple[str, int]], body: float, *, outermost: bool) -> bool:
    """Say whether a line near an edge is a running head or a page number."""
    if PAGE_NUMBER.fullmatch(line.text.strip()) and (outermost or any(key in repeated for key in _keys(line))):
        return True
    return line.size < 1.3 * body and any(key in repeated for key in _keys(line))


def _without_notes(page: list[Line], body: float) -> list[Line]:
    """Return the lines of a page without the footnotes: small letters to the foot of a column, behind a mark."""
    out = list(page)
    at = len(out)
    for start in range(len(out) - 1, -1, -1):
        line = out[start]
        if line.size > SMALLER * body or (start + 1 < at and out[start + 1].opens and line.opens):
            break
        if NOTE.match(line.text) and not line.bold and _has_body_above(out, start, body):
            at = start
    return out[:at]


def _has_body_above(page: Sequence[Line], start: int, body: float) -> bool:
    return any(line.size > SMALLER * body and line.base > page[start].base for line in page[:start])


def _without_contents(lines: list[Line]) -> list[Line]:
    """Return the lines without a table of contents, whose lines lead to page numbers."""
    leading = [bool(LEADERS.search(line.text)) for line in lines]
    if sum(leading) < 3:
        return lines
    return [
        line for at, line in enumerate(lines)
        if not leading[at] and not (CONTENTS.fullmatch(line.text) and any(leading[at + 1 : at + 4]))
    ]  # fmt: skip
