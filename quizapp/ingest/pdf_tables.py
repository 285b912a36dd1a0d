"""Tables among the lines of a PDF: lines whose parts stand below one another. Start from `tables`."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quizapp.domain.documents import BlockKind
from quizapp.ingest.pdf_lines import Cell, Line
from quizapp.ingest.pieces import Piece

CLEAR_GAP = 1.2  # of the size: parts of a line that are further apart are cells
BETWEEN = 0.35  # of the size: at least this much between two columns is empty all the way down
NEXT_ROW = 3.2  # of the size: what is further below belongs to no table
SAME_ROW = 1.32  # of the size: a line as close as this goes on with the cells above it
HALF_ROW = 0.8  # of the size: lines as close as this stand in cells that are set to the middle of one row
MOST_COLUMNS = 12
ITEM = re.compile(r"(?:[•‣▪●○◦■□·–—*o-]|\(?\w{1,3}[.)])")

Span = tuple[float, float]


@dataclass(frozen=True)
class Row:
    """What stands in each column, and whether all of it is bold."""

    cells: tuple[str, ...]
    page: int
    bold: bool
    opens_bold: bool


@dataclass(frozen=True)
class Table:
    """Rows, and how many lines they take up."""

    rows: tuple[Row, ...]
    length: int

    def pieces(self) -> Iterator[Piece]:
        """Yield the rows; the first one names the columns, unless every row opens with its own name."""
        first = self.rows[0]
        named = first.bold or (all(first.cells) and not all(row.opens_bold for row in self.rows))
        columns = first.cells if named else ()
        for at, row in enumerate(self.rows):
            if at and row.cells == first.cells:
                continue
            shown = " | ".join(row.cells)
            yield Piece(BlockKind.ROW, shown, page=row.page, columns=columns if at else ())


def tables(lines: Sequence[Line]) -> dict[int, Table]:
    """Return the tables by the number of the line at which each starts."""
    found: dict[int, Table] = {}
    at = 0
    after = 0
    while at < len(lines):
        start, table = _table(lines, at, after) if _parted(lines[at]) else (at, None)
        if table:
            found[start] = table
            at = after = start + table.length
        else:
            at += 1
    return found


def _parted(line: Line) -> bool:
    """Say whether a line has cells beyond doubt."""
    if line.fixed or len(line.cells) < 2 or ITEM.fullmatch(line.cells[0].text):
        return False
    pairs = zip(line.cells, line.cells[1:], strict=False)
    return any(after.left - before.right > CLEAR_GAP * line.size for before, after in pairs)


def _table(lines: Sequence[Line], first: int, after: int) -> tuple[int, Table | None]:
    """Return the table around a line, and where it starts."""
    columns = _spans(_grouped(lines[first]), lines[first].size)
    end = first + 1
    while end < len(lines) and (wider := _with(columns, lines, end)):
        columns, end = wider, end + 1
    start = first
    while start > after and (wider := _before(columns, lines, start)):
        columns, start = wider, start - 1
    rows = _rows(lines[start:end], columns)
    clear = sum(_parted(line) for line in lines[start:end])
    full = sum(sum(map(bool, row.cells)) > 1 for row in rows)
    if clear < 2 or full < (2 if len(columns) > 2 else 3) or not 2 <= len(columns) <= MOST_COLUMNS:
        return first, None
    return start, Table(tuple(rows), end - start)


def _with(columns: Sequence[Span], lines: Sequence[Line], at: int) -> list[Span]:
    """Return the columns with those of the line that follows a table; nothing where it does not belong to it."""
    line, step = lines[at], lines[at - 1].base - lines[at].base
    wider = _merged([*columns, *((cell.left, cell.right) for cell in line.cells)], line.size)
    beside = at + 1 < len(lines) and -0.1 <= line.base - lines[at + 1].base < HALF_ROW * line.size
    stray = len(line.cells) == 1 and step > SAME_ROW * line.size and not beside
    far = line.opens or not -0.1 <= step <= NEXT_ROW * line.size
    return [] if far or stray or len(wider) < max(2, len(columns) - 1) else wider


def _before(columns: Sequence[Span], lines: Sequence[Line], start: int) -> list[Span]:
    """Return the columns with those of the line above a table: a header in the middle of its columns, a tall cell."""
    line, below = lines[start - 1], lines[start]
    step = line.base - below.base
    wider = _merged([*columns, *((cell.left, cell.right) for cell in line.cells)], line.size)
    tall = step < HALF_ROW * line.size
    row = (
        1 < len(line.cells) <= 2 * len(columns)
        and step < NEXT_ROW * line.size
        and not ITEM.fullmatch(line.cells[0].text)
    )
    near = not below.opens and line.page == below.page and step > -0.1
    return wider if near and (tall or row) and len(wider) >= len(columns) else []


def _grouped(line: Line) -> list[Cell]:
    """Return the parts of a line with everything together that is closer than cells surely are."""
    out: list[Cell] = []
    for cell in line.cells:
        if out and cell.left - out[-1].right < 0.6 * line.size:
            out[-1] = Cell(f"{out[-1].text} {cell.text}", out[-1].left, cell.right)
        else:
            out.append(cell)
    return out


def _spans(cells: Sequence[Cell], size: float) -> list[Span]:
    return _merged([(cell.left, cell.right) for cell in cells], size)


def _merged(spans: Sequence[Span], size: float) -> list[Span]:
    """Return the spans with those made one that overlap or touch."""
    out: list[Span] = []
    for left, right in sorted(spans):
        if out and left - out[-1][1] < BETWEEN * size:
            out[-1] = (out[-1][0], max(right, out[-1][1]))
        else:
            out.append((left, right))
    return out


def _rows(lines: Sequence[Line], columns: Sequence[Span]) -> list[Row]:
    """Return the rows, each with the lines that its cells take up."""
    groups: list[list[Line]] = []
    wrapped = _steps_differ(lines)
    for line in lines:
        step = groups[-1][-1].base - line.base if groups else 0.0
        first_empty = line.left > columns[0][1]
        close = step < HALF_ROW * line.size or (step < SAME_ROW * line.size and (wrapped or first_empty))
        if groups and close:
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_row(group, columns) for group in groups]


def _steps_differ(lines: Sequence[Line]) -> bool:
    """Say whether rows have more space between them than the lines inside them."""
    steps = [above.base - line.base for above, line in itertools.pairwise(lines) if _parted(line)]
    return bool(steps) and max(steps) > SAME_ROW * lines[0].size


def _row(group: Sequence[Line], columns: Sequence[Span]) -> Row:
    cells = [""] * len(columns)
    for line in group:
        for cell in line.cells:
            middle = (cell.left + cell.right) / 2
            at = min(range(len(columns)), key=lambda one: _distance(columns[one], middle))
            cells[at] = f"{cells[at]} {cell.text.strip()}".strip()
    opens_bold = all(bool(line.lead) for line in group[:1])
    return Row(tuple(cells), group[0].page, all(line.bold for line in group), opens_bold)


def _distance(span: Span, middle: float) -> float:
    return max(span[0] - middle, middle - span[1], 0.0)
