"""Tables of office files, as rows of cells, to pieces. Start from `rows`."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from quizapp.domain.documents import BlockKind
from quizapp.ingest.pieces import Piece

MAX_COLUMNS = 500  # the widest table


@dataclass(frozen=True)
class Cell:
    """A cell as the file holds it."""

    text: str
    columns: int = 1  # how many it reaches across
    goes_on: bool = False  # whether it is the lower part of the cell above


def rows(cells: Iterable[Sequence[Cell]]) -> Iterator[Piece]:
    """Yield the rows of a table, of which the first names the columns.

    A cell that reaches down stands in each of its rows; one that reaches across stands once. A first row that is
    one cell is what the table is called.
    """
    columns: tuple[str, ...] = ()
    for row in _laid_out(cells):
        if not any(row):
            continue
        if not columns and len(row) > 1 and sum(map(bool, row)) == 1 and row[0]:
            yield Piece(BlockKind.PARAGRAPH, row[0])
            continue
        yield Piece(BlockKind.ROW, " | ".join(row), columns=columns)
        columns = columns or row


def span(given: str | None) -> int:
    """Return how many columns or rows a file says that a cell reaches across, within reason."""
    return (
        min(max(1, int(given)), MAX_COLUMNS) if given and given.isascii() and given.isdigit() and len(given) < 10 else 1
    )


def _laid_out(cells: Iterable[Sequence[Cell]]) -> Iterator[tuple[str, ...]]:
    above: tuple[str, ...] = ()
    for row in cells:
        out: list[str] = []
        for cell in row:
            at = len(out)
            words = above[at] if cell.goes_on and at < len(above) else cell.text
            out += [words, *[""] * (cell.columns - 1)]
            if len(out) >= MAX_COLUMNS:
                break
        above = tuple(out[:MAX_COLUMNS])
        yield above
