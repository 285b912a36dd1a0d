"""The words of a PDF page to its lines, column after column. Start from `lines`."""

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from quizapp.ingest import text
from quizapp.ingest.pdf_words import WORD_GAP, Word

ONE_LINE = 0.45  # of the larger size: what stands closer than this in height is on one line
CELL_GAP = 0.95  # of the size: what is further apart than this may be two cells, or two columns
GUTTER = 0.7  # of the size: at least this much between two columns is empty
SAME_EDGE = 2.5  # points: edges closer than this are one
COLUMN_LINES = 3  # at least, on either side of a gutter
MAX_SPLITS = 8  # columns inside columns
MAX_EDGES = 16  # tried as the left edge of a column
SUPERSCRIPT = 0.85  # of the line's size: smaller letters that stand higher are a mark
HALF_STEP = 0.85  # of the size: lines of one text are never as close
ROW_STEP = 1.6  # of the size: lines further apart than this are rows of a table, or stand alone
OWN_LINES = 8  # of a column, so that a table or a list inside it does not hide it
LETTERS = 11  # of a line, on average
MOST_INDENT = 40.0  # points: so far left of its lists a column may start
MAX_DOTS = 500  # of one page
DOT_SIZE = 0.15, 0.6  # of the letters' size: how wide the dot in front of an item is
BULLETS = "•‣▪●○◦■□▫▸►➢➤✓✔❖◆◇·∙⁃–—-\uf0b7\uf0a7\uf0d8\uf076\uf0fc\uf02d\uf06f\uf0a8"
NUMBER = r"\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)]"  # of an item
MARK = re.compile(rf"[{re.escape(BULLETS)}o]|{NUMBER}")
NOTE_MARK = re.compile(r"(?:\d{1,3}(?:[,–-]\d{1,3})*|[*†‡§¶]+|\[\d{1,3}\])")


@dataclass(frozen=True, slots=True)
class Cell:
    """A part of a line with much space around it."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a column."""

    text: str
    page: int
    base: float
    left: float
    right: float
    size: float
    bold: bool  # whether all of it is
    italic: bool
    fixed: bool
    lead: str  # the bold words that it opens with, where not all of it is bold
    inner: float  # where its second word starts: behind the mark of an item
    first: float  # how wide its first word is
    cells: tuple[Cell, ...]
    column: tuple[float, float]  # from where to where its column reaches
    opens: bool = False  # whether it is the first one of a column


def lines(words: Sequence[Word], page: int) -> list[Line]:
    """Return the lines of a page in the order in which they are read."""
    if not words:
        return []
    words = _with_their_dots(words)
    column = min(word.left for word in words), max(word.right for word in words)
    found: list[Line] = []
    for part, reach in _columns(words, column, MAX_SPLITS):
        rows = [_line(row, page, reach) for row in _rows(part)]
        found += [replace(line, opens=not at) for at, line in enumerate(row for row in rows if row.text)]
    return found


def _rows(words: Sequence[Word]) -> list[list[Word]]:
    """Return the words line by line, from the top, each from the left."""
    rows: list[list[Word]] = []
    base = size = 0.0
    for word in sorted(words, key=lambda one: -one.base):
        if rows and base - word.base < ONE_LINE * max(size, word.size):
            rows[-1].append(word)
            size = max(size, word.size)
        else:
            rows.append([word])
            base, size = word.base, word.size
    return [sorted(row, key=lambda one: one.left) for row in rows]


def _with_their_dots(words: Sequence[Word]) -> list[Word]:
    """Return the words without the dots that do not stand closely in front of one, and the others on its line."""
    dots = [word for word in words if word.drawn]
    written = [word for word in words if not word.drawn]
    for dot in dots[:MAX_DOTS]:
        middle = dot.base + 0.4 * dot.size
        beside = [
            word for word in written
            if word.base < middle < word.base + 0.8 * word.size
            and DOT_SIZE[0] * word.size < dot.right - dot.left < DOT_SIZE[1] * word.size
        ]  # fmt: skip
        after = min((word for word in beside if word.left >= dot.right), key=lambda one: one.left, default=None)
        if (
            after
            and after.left - dot.right < 2 * after.size
            and not any(word.left < dot.left and dot.left - word.right < after.size for word in beside)
        ):
            written.append(replace(dot, base=after.base, size=after.size))
    return written


def _columns(
    words: Sequence[Word], reach: tuple[float, float], splits: int
) -> list[tuple[Sequence[Word], tuple[float, float]]]:
    """Return the parts of a page that are read one after the other, with how wide each column is."""
    rows = _rows(words)
    bands = _best_bands(rows) if splits and len(rows) >= COLUMN_LINES else []
    if not bands:
        return [(words, reach)]
    out: list[tuple[Sequence[Word], tuple[float, float]]] = []
    at = 0
    for start, end, edge in bands:
        out += _whole(rows[at:start], reach)
        left = [word for row in rows[start:end] for word in row if word.left < edge - 1]
        right = [word for row in rows[start:end] for word in row if word.left >= edge - 1]
        out += _columns(left, (min(word.left for word in left), max(word.right for word in left)), splits - 1)
        out += _columns(right, (edge, max(word.right for word in right)), splits - 1)
        at = end
    return out + _whole(rows[at:], reach)


def _whole(
    rows: Sequence[Sequence[Word]], reach: tuple[float, float]
) -> list[tuple[Sequence[Word], tuple[float, float]]]:
    return [([word for row in rows for word in row], reach)] if rows else []


def _best_bands(rows: Sequence[Sequence[Word]]) -> list[tuple[int, int, float]]:
    """Return from which row to which two columns stand beside each other, and where the right one starts."""
    size = median(word.size for row in rows for word in row)
    found = [[(start, end, edge) for start, end in _bands(rows, edge, size)] for edge in _edges(rows)]
    return max(found, key=lambda bands: sum(end - start for start, end, _ in bands), default=[])


def _edges(rows: Sequence[Sequence[Word]]) -> list[float]:
    """Return where several rows start anew behind a gap."""
    starts = sorted(
        word.left
        for row in rows
        for at, word in enumerate(row)
        if not at or word.left - max(one.right for one in row[:at][-3:]) > CELL_GAP * word.size
    )
    edges: list[list[float]] = []
    for start in starts:
        if edges and start - edges[-1][0] < SAME_EDGE:
            edges[-1].append(start)
        else:
            edges.append([start])
    often = [edge[0] for edge in sorted(edges, key=len, reverse=True) if len(edge) >= COLUMN_LINES][:MAX_EDGES]
    outdented = [edge[0] for edge in edges if any(0 < one - edge[0] < MOST_INDENT for one in often)]
    return list(dict.fromkeys([*often, *outdented[:MAX_EDGES]]))


def _bands(rows: Sequence[Sequence[Word]], edge: float, size: float) -> list[tuple[int, int]]:
    """Return the runs of rows that leave the gutter in front of an edge free and read as two columns."""
    clear = [not any(word.left < edge - 1 and word.right > edge - GUTTER * size for word in row) for row in rows]
    for at in _headings_across(rows, edge, size):
        clear[at] = False
    out, start = [], 0
    for at in range(len(rows) + 1):
        if at == len(rows) or not clear[at]:
            if _read_apart(rows[start:at], edge):
                out.append((start, at))
            start = at + 1
    return out


def _headings_across(rows: Sequence[Sequence[Word]], edge: float, size: float) -> list[int]:
    """Return the rows of large letters that have nothing beside them, and more of both columns above and below."""
    out = []
    right = [any(word.left >= edge - 1 for word in row) for row in rows]
    for at, row in enumerate(rows):
        if right[at] or max(word.size for word in row) < 1.12 * size:
            continue
        above = next((one for one in range(at - 1, -1, -1) if right[one]), None)
        below = next((one for one in range(at + 1, len(rows)) if right[one]), None)
        if above is None or below is None:
            continue
        apart = rows[above][-1].base - rows[below][-1].base > 2.6 * size
        ends = at - above <= 2  # both columns end above it ...
        starts = below == at + 1 and rows[below][0].left < edge - 1  # ... and start below it on one line
        if apart and ends and starts:
            out.append(at)
    return out


def _read_apart(rows: Sequence[Sequence[Word]], edge: float) -> bool:
    """Say whether what stands on both sides is text that runs on below, not the cells of a table."""
    left = [part for row in rows if (part := [word for word in row if word.left < edge - 1])]
    right = [part for row in rows if (part := [word for word in row if word.left >= edge - 1])]
    if len(left) < COLUMN_LINES or len(right) < COLUMN_LINES:
        return False
    if _ruled_across(left, right):
        return False
    if _prose(left) and _prose(right):
        return True
    enough = min(len(left), len(right))
    if enough < OWN_LINES or not (_off_grid(left, right) and _dense(left) and _dense(right)):
        return False
    return _prose(left) or _prose(right) or (enough >= 2 * OWN_LINES and _flows(left) and _flows(right))


def _ruled_across(left: Sequence[Sequence[Word]], right: Sequence[Sequence[Word]]) -> bool:
    """Say whether white lines part both sides at the same heights again and again, as they part the rows of a table."""
    bases = sorted({*_bases(left), *_bases(right)}, reverse=True)
    steps = [above - base for above, base in itertools.pairwise(bases)]
    usual = min(_pitch(left), _pitch(right))
    lines = sum(step > 0.5 * usual for step in steps)
    return sum(step > 1.25 * usual for step in steps) > 0.22 * max(1, lines)


def _pitch(side: Sequence[Sequence[Word]]) -> float:
    """Return how far the lines of a column mostly are from each other, or more where they are rows."""
    bases = _bases(side)
    steps = [above - base for above, base in itertools.pairwise(bases)]
    return max(median(steps), _size(side))


def _off_grid(left: Sequence[Sequence[Word]], right: Sequence[Sequence[Word]]) -> bool:
    """Say whether the lines of two columns stand at heights of their own, as the cells of a table do not."""
    fewer, more = sorted((_bases(left), _bases(right)), key=len)
    return sum(min(abs(base - one) for one in more) > 1 for base in fewer) > 0.3 * len(fewer)


def _dense(side: Sequence[Sequence[Word]]) -> bool:
    """Say whether the lines of a column are as close and as long as those of a text mostly are."""
    letters = sum(len(word.text) for row in side for word in row)
    return _pitch(side) < ROW_STEP * _size(side) and letters / len(side) >= LETTERS


def _bases(side: Sequence[Sequence[Word]]) -> list[float]:
    return [median(word.base for word in row) for row in side]


def _size(side: Sequence[Sequence[Word]]) -> float:
    return median(word.size for row in side for word in row)


def _prose(side: Sequence[Sequence[Word]]) -> bool:
    """Say whether the lines of a column are those of a text, with no table among them."""
    bases = _bases(side)
    close = sum(above - base < HALF_STEP * _size(side) for above, base in itertools.pairwise(bases))
    in_cells = close > 0.06 * len(side)  # which are set to the middle of a row
    return _dense(side) and _flows(side) and not in_cells


def _flows(side: Sequence[Sequence[Word]]) -> bool:
    """Say whether the lines of a column are mostly full, and start in the middle of a sentence now and then."""
    start, end = min(row[0].left for row in side), max(row[-1].right for row in side)
    full = sum((row[-1].right - row[0].left) / max(1.0, end - start) for row in side) / len(side)
    letters = "".join(word.text for row in side for word in row)
    small = sum(row[0].text[0].islower() for row in side) / len(side)
    cased = sum(letter.islower() for letter in letters) > 0.3 * len(letters)
    return full > 0.5 and (small > 0.2 or not cased)


def _line(row: Sequence[Word], page: int, column: tuple[float, float]) -> Line:
    """Return the line that the words of a row make."""
    size = Counter[float]()
    for word in row:
        size[round(word.size * 2) / 2] += len(word.text)
    usual = max(size, key=lambda one: (size[one], one))
    base = median(word.base for word in row if abs(word.size - usual) < 0.5)
    parts = _joined(_once(row), base, usual)
    shown = text.clean("".join(part.text for part in parts)).strip()
    bold = [part.bold for part in parts if any(letter.isalnum() for letter in part.text)]
    tokens = [part for part in parts if part.text.strip()]
    if not tokens:
        return Line(
            "", page, base, 0, 0, usual,
            bold=False, italic=False, fixed=False, lead="", inner=0, first=0, cells=(), column=column,
        )  # fmt: skip
    starts = [part for part in tokens[1:] if part.spaced]
    return Line(
        shown, page, base, tokens[0].left, tokens[-1].right, usual,
        bold=bool(bold) and all(bold),
        italic=all(part.italic for part in tokens),
        fixed=all(part.fixed for part in tokens),
        lead=_lead(parts) if any(bold) and not all(bold) else "",
        inner=starts[0].left if starts else tokens[0].right,
        first=_first(tokens),
        cells=_cells(parts, usual),
        column=column,
    )  # fmt: skip


def _once(row: Sequence[Word]) -> list[Word]:
    """Return the words without those that are drawn again in nearly the same place, as poor man's bold or shadow."""
    out: list[Word] = []
    for word in row:
        twin = next((at for at, one in enumerate(out[-3:], max(0, len(out) - 3)) if _covers(one, word)), None)
        if twin is None:
            out.append(word)
        else:
            out[twin] = replace(out[twin], bold=True)
    return out


def _covers(one: Word, other: Word) -> bool:
    near = 0.15 * one.size
    return one.text == other.text and abs(one.left - other.left) < near and abs(one.base - other.base) < near


def _joined(row: Sequence[Word], base: float, size: float) -> list[Word]:
    """Return the words with the spaces between them; marks of footnotes are left out."""
    wide = _letter_gap(row)
    out: list[Word] = []
    for word in row:
        if out and _is_note_mark(word, out[-1], base, size):
            continue
        gap = word.left - out[-1].right if out else 0.0
        space = bool(out) and (gap > wide * word.size or (word.spaced and gap > -0.2 * word.size and wide == WORD_GAP))
        if out and not space and _alike(out[-1], word):
            out[-1] = _word(out[-1], out[-1].text + word.text, word.right, spaced=out[-1].spaced)
        else:
            out.append(_word(word, f" {word.text}" if space else word.text, word.right, spaced=space))
    return out


def _word(word: Word, shown: str, right: float, *, spaced: bool) -> Word:
    return Word(shown, word.left, right, word.base, word.size, word.bold, word.italic, word.fixed, spaced)


def _alike(one: Word, other: Word) -> bool:
    return (one.bold, one.italic, one.fixed) == (other.bold, other.italic, other.fixed)


def _letter_gap(row: Sequence[Word]) -> float:
    """Return from which gap on, in sizes, a new word starts: more where the letters themselves are spaced out."""
    single = sum(len(word.text) == 1 for word in row)
    gaps = sorted((after.left - before.right) / after.size for before, after in itertools.pairwise(row))
    typed = sum(word.spaced for word in row) > 0.5 * len(row) and not all(word.text.isupper() for word in row)
    if len(row) < 5 or single < 0.8 * len(row) or typed or gaps[len(gaps) // 2] <= WORD_GAP:
        return WORD_GAP
    return 1.7 * gaps[len(gaps) // 2]


def _is_note_mark(word: Word, before: Word, base: float, size: float) -> bool:
    raised = word.base > base + 0.15 * size and word.size < SUPERSCRIPT * size
    follows = re.search(r"[^\W\d_]{3,}$|[.,;:!?”\"’)]$", before.text)
    return raised and bool(follows) and bool(NOTE_MARK.fullmatch(word.text))


def _lead(parts: Sequence[Word]) -> str:
    """Return the bold words in front, behind the mark of an item."""
    bold = []
    for at, part in enumerate(parts):
        if not part.bold and (at or not MARK.fullmatch(part.text.strip())):
            break
        bold.append(part.text if part.bold else "")
    return "".join(bold).strip()


def _first(tokens: Sequence[Word]) -> float:
    """Return how wide the first word is, in however many fonts."""
    end = tokens[0].right
    for token in tokens[1:]:
        if token.spaced:
            break
        end = token.right
    return end - tokens[0].left


def _cells(parts: Sequence[Word], size: float) -> tuple[Cell, ...]:
    """Return the words, each with what follows without a gap."""
    cells: list[Cell] = []
    for part in parts:
        if not part.text.strip():
            continue
        if (cells and (not part.spaced or part.left - cells[-1].right < 0.0)) or (
            cells and part.left - cells[-1].right < CELL_GAP * size and not _tight(part, cells[-1], size)
        ):
            cells[-1] = Cell(cells[-1].text + part.text, cells[-1].left, part.right)
        else:
            cells.append(Cell(part.text.strip(), part.left, part.right))
    return tuple(cells)


def _tight(part: Word, before: Cell, size: float) -> bool:
    """Say whether a gap is wider than a space, so that a column of a table may start behind it."""
    return part.left - before.right > 0.38 * size
