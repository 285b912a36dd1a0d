"""Tables of a page to rows that know their columns. Start from `rows`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from quizapp.domain.documents import BlockKind
from quizapp.errors import InvalidInput
from quizapp.ingest import grids
from quizapp.ingest.html_tree import Element
from quizapp.ingest.pieces import Piece

LONG_CELL = 60  # characters: what calls a column is shorter
BLOCKS_IN_LAYOUT = ("h1", "h2", "h3", "h4", "h5", "h6", "article", "section", "form", "blockquote")
Words = Callable[[Element], str]


@dataclass(frozen=True)
class _Row:
    cells: tuple[str, ...]
    head: bool  # whether all its cells say that they are a header's
    spanned: bool  # whether it is one cell across several columns
    strong: bool


def is_table(element: Element) -> bool:
    """Say whether a table holds rows of cells, and does not only lay out a page or frame a passage."""
    if element.get("role") in ("presentation", "none") or any(True for _ in element.iter(*BLOCKS_IN_LAYOUT)):
        return False
    own = list(_own_rows(element))
    if not any(sum(cell.tag in ("td", "th") for cell in row) > 1 for row in own):
        return False
    nested = sum(any(True for _ in row.iter("table")) for row in own)
    return nested <= len(own) // 2


def rows(table: Element, text_of: Words) -> Iterator[Piece]:
    """Yield a table's caption and rows; a cell that spans several rows stands in each, one across all is a paragraph."""
    for caption in table.iterchildren("caption"):
        if words := text_of(caption):
            yield Piece(BlockKind.PARAGRAPH, words)
    found = [row for row in _filled(table, text_of) if any(row.cells)]
    while found and found[0].spanned:
        yield Piece(BlockKind.PARAGRAPH, found.pop(0).cells[0])
    heads = _header_rows(found)
    columns = _columns([row.cells for row in found[:heads]])
    if heads:
        yield Piece(BlockKind.ROW, " | ".join(columns))
    for row in found[heads:]:
        if row.spanned:
            yield Piece(BlockKind.PARAGRAPH, row.cells[0])
        else:
            yield Piece(BlockKind.ROW, " | ".join(row.cells), columns=columns if len(columns) >= len(row.cells) else ())


def _own_rows(table: Element) -> Iterator[Element]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from child.iterchildren("tr")


def _filled(table: Element, text_of: Words) -> Iterator[_Row]:
    """Yield the rows with every cell in its column."""
    above: dict[int, tuple[int, str]] = {}  # by column: for how many rows more, what
    for row in _own_rows(table):
        cells: list[str] = []
        own = [cell for cell in row if cell.tag in ("td", "th")]
        for cell in own:
            _fill_from_above(cells, above)
            words, down = text_of(cell), grids.span(cell.get("rowspan", "").strip())
            for at in range(grids.span(cell.get("colspan", "").strip())):
                if len(cells) >= grids.MAX_COLUMNS:
                    raise InvalidInput(
                        f"This page has a table of more than {grids.MAX_COLUMNS:,} columns. Leave it out."
                    )
                cells.append("" if at and cell.tag == "td" else words)
                above[len(cells) - 1] = (down - 1, cells[-1])
        _fill_from_above(cells, above)
        head = bool(own) and (row.getparent().tag == "thead" or all(cell.tag == "th" for cell in own))
        yield _Row(tuple(cells), head, len(own) == 1 and len(cells) > 1, all(_strong(cell) for cell in own))


def _fill_from_above(cells: list[str], above: dict[int, tuple[int, str]]) -> None:
    while above.get(len(cells), (0, ""))[0] > 0:
        left, words = above[len(cells)]
        above[len(cells)] = (left - 1, words)
        cells.append(words)


def _strong(cell: Element) -> bool:
    """Say whether a cell's words are in bold, as those of a header are where nothing else tells it."""
    inside = "".join(cell.itertext()).strip()
    return bool(inside) and any("".join(one.itertext()).strip() == inside for one in cell.iter("b", "strong", "th"))


def _header_rows(found: Sequence[_Row]) -> int:
    """Return how many rows at the top call the columns; where none says so, a first row of several short cells does."""
    heads = next((at for at, row in enumerate(found) if not row.head), len(found))
    if heads or len(found) < 2:
        return heads if heads < len(found) else min(heads, 1)
    first = found[0].cells
    called = all(first) and len(set(first)) == len(first) and all(len(cell) <= LONG_CELL for cell in first)
    return int(called and (found[0].strong or len(first) > 2) and not any(row.head for row in found))


def _columns(heads: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return what the columns are called: of a header of two rows both names, the wider one first."""
    width = max((len(row) for row in heads), default=0)
    filled = [(*row, *[""] * (width - len(row))) for row in heads]
    return tuple(" ".join(dict.fromkeys(name for name in column if name)) for column in zip(*filled, strict=True))
