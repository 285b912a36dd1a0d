"""Tables of a page to rows that know their columns. Start from `rows`."""

from collections.abc import Callable, Iterator

from quizapp.domain.documents import BlockKind
from quizapp.errors import InvalidInput
from quizapp.ingest import grids
from quizapp.ingest.html_tree import Element
from quizapp.ingest.pieces import Piece
from quizapp.translations import figure

BLOCKS_IN_LAYOUT = ("h1", "h2", "h3", "h4", "h5", "h6", "article", "section", "form", "blockquote")
Words = Callable[[Element], str]


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
    yield from grids.rows(_filled(table, text_of))


def _own_rows(table: Element) -> Iterator[Element]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from child.iterchildren("tr")


def _filled(table: Element, text_of: Words) -> Iterator[grids.Row]:
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
                        "This page has a table of more than %(max_columns)s columns. Leave it out.",
                        max_columns=figure(grids.MAX_COLUMNS),
                    )
                cells.append("" if at and (cell.tag == "td" or len(own) == 1) else words)
                above[len(cells) - 1] = (down - 1, cells[-1])
        _fill_from_above(cells, above)
        head = bool(own) and (row.getparent().tag == "thead" or all(cell.tag == "th" for cell in own))
        yield grids.Row(tuple(cells), head, all(_strong(cell) for cell in own))


def _fill_from_above(cells: list[str], above: dict[int, tuple[int, str]]) -> None:
    while above.get(len(cells), (0, ""))[0] > 0:
        left, words = above[len(cells)]
        above[len(cells)] = (left - 1, words)
        cells.append(words)


def _strong(cell: Element) -> bool:
    """Say whether a cell's words are in bold, as those of a header are where nothing else tells it."""
    inside = "".join(cell.itertext()).strip()
    return bool(inside) and any("".join(one.itertext()).strip() == inside for one in cell.iter("b", "strong", "th"))
