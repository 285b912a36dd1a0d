"""Tables as rows of cells, whatever file held them, to pieces. Start from `rows`; office files from `laid_out`."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import dropwhile, takewhile

from quizapp.domain.documents import BlockKind
from quizapp.ingest import headers
from quizapp.ingest.pieces import Piece

MAX_COLUMNS = 500  # the widest table


@dataclass(frozen=True)
class Cell:
    """A cell as an office file holds it."""

    text: str
    columns: int = 1  # how many it reaches across
    goes_on: bool = False  # whether it is the lower part of the cell above
    strong: bool = False  # whether all its words are bold
    pictures: tuple[Piece, ...] = ()

    @classmethod
    def of(cls, blocks: Iterable[Piece], columns: int = 1, *, goes_on: bool = False) -> "Cell":
        """Return a cell that holds the blocks; a bold line alone in it is read as a heading."""
        found = list(blocks)
        words = " ".join(word for piece in found for word in piece.text.split())
        strong = all(piece.marked or piece.kind is BlockKind.HEADING for piece in found if not piece.picture)
        return cls(words, columns, goes_on, strong, tuple(piece for piece in found if piece.picture))


@dataclass(frozen=True)
class Row:
    """A row with every cell in its column."""

    cells: tuple[str, ...]
    heads: bool = False  # whether the file says that it calls the columns
    strong: bool = False  # whether all its words are bold
    pictures: tuple[Piece, ...] = ()

    @property
    def alone(self) -> bool:
        """Say whether only the first cell holds words: it calls the table, or what comes below."""
        return len(self.cells) > 1 and bool(self.cells[0]) and not any(self.cells[1:])


def rows(found: Iterable[Row]) -> Iterator[Piece]:
    """Yield the rows of a table with the names of their columns, and its pictures below; a row of one cell is a paragraph."""
    every = list(found)
    table = [row for row in every if any(row.cells)]
    yield from (_line(row) for row in takewhile(lambda row: row.alone, table))
    table = list(dropwhile(lambda row: row.alone, table))
    heads = _header_rows(table)
    columns = _columns([row.cells for row in table[:heads]])
    if heads:
        yield Piece(BlockKind.ROW, " | ".join(columns))
    for row in table[heads:]:
        if row.alone:
            yield _line(row)
        else:
            yield Piece(BlockKind.ROW, " | ".join(row.cells), columns=columns if len(columns) >= len(row.cells) else ())
    for row in every:
        yield from row.pictures


def laid_out(cells: Iterable[Sequence[Cell]], *, heads: int = 0) -> Iterator[Row]:
    """Yield rows, of which the file says that the first ones call the columns.

    A cell that reaches down stands in each of its rows; one that reaches across stands once.
    """
    above: tuple[str, ...] = ()
    for at, row in enumerate(cells):
        out: list[str] = []
        for cell in row:
            place = len(out)
            words = above[place] if cell.goes_on and place < len(above) else cell.text
            out += [words, *[""] * (cell.columns - 1)]
            if len(out) >= MAX_COLUMNS:
                break
        above = tuple(out[:MAX_COLUMNS])
        strong = any(above) and all(cell.strong for cell in row if cell.text)
        yield Row(above, at < heads, strong, tuple(one for cell in row for one in cell.pictures))


def span(given: str | None) -> int:
    """Return how many columns or rows a file says that a cell reaches across, within reason."""
    return (
        min(max(1, int(given)), MAX_COLUMNS) if given and given.isascii() and given.isdigit() and len(given) < 10 else 1
    )


def _line(row: Row) -> Piece:
    return Piece(BlockKind.PARAGRAPH, row.cells[0])


def _header_rows(table: Sequence[Row]) -> int:
    """Return how many rows at the top call the columns: as the file says or else as their words tell."""
    said = next((at for at, row in enumerate(table) if not row.heads), len(table))
    if said:
        return said if said < len(table) else 1
    if any(row.heads for row in table):
        return 0
    strong = any(row.strong for row in table[:1]) and not all(row.strong for row in table)
    return int(headers.names_columns([row.cells for row in table], expected=strong))


def _columns(heads: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return what the columns are called: of a header of two rows both names, the wider one first."""
    width = max((len(row) for row in heads), default=0)
    filled = [(*row, *[""] * (width - len(row))) for row in heads]
    return tuple(" ".join(dict.fromkeys(name for name in column if name)) for column in zip(*filled, strict=True))
