"""OpenDocument texts (odt) to pieces. Start from `read`.

Read as LibreOffice shows them: recorded deletions, comments, notes, hidden words and indexes are not there.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile

from quizapp.domain.documents import BlockKind
from quizapp.errors import InvalidInput
from quizapp.ingest import archives, grids, office, runs, xml
from quizapp.ingest.opendocument_styles import Styles
from quizapp.ingest.pictures import Shelf
from quizapp.ingest.pieces import Piece, Pieces, within_limits
from quizapp.ingest.runs import ORDINARY, Look, Run
from quizapp.ingest.xml import Element, attribute, child, inside, name
from quizapp.translations import _

# What holds paragraphs and is nothing else.
HOLDERS = {"text:section", "draw:text-box", "text:numbered-paragraph", "text:list-item", "text:list-header"}
ITEMS = {"text:list-item", "text:list-header"}
ROW_GROUPS = {"table:table-header-rows", "table:table-rows", "table:table-row-group"}
CELLS = {"table:table-cell", "table:covered-table-cell"}
# What words stand in, besides the paragraph itself; all else in it (notes, fields of page numbers) is no text.
WORDS = {
    "text:span", "text:a", "text:meta", "text:meta-field", "text:ruby", "text:ruby-base", "text:date", "text:time",
    "text:sequence", "text:bookmark-ref", "text:sequence-ref", "text:reference-ref", "text:title", "text:subject",
    "text:variable-set", "text:variable-get", "text:user-field-get", "text:expression", "text:placeholder",
    "text:text-input", "text:author-name", "text:initial-creator", "text:creator",
}  # fmt: skip
BREAKS = {"text:line-break": "\n", "text:tab": " "}
BOXES = "draw:text-box"
MAX_REPEATED = 100  # columns that the file says are alike
MAX_SPACES = 100


def read(data: bytes) -> Pieces:
    """Return the pieces of an OpenDocument text."""
    archive = archives.opened(data)
    if b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise InvalidInput("This file is locked with a password. Save it without one and try again.")
    content = xml.parsed(archive.read("content.xml"))
    body = child(content, "office:body", "office:text")
    if body is None:
        raise xml.broken()
    roots = [content, *_parsed(archive, "styles.xml")]
    shelf = Shelf(archive.read)
    reader = _Reader(body, Styles(roots), shelf)
    found = within_limits(runs.code(reader.blocks(body, ())))
    given = next((child(root, "office:meta", "dc:title") for root in _parsed(archive, "meta.xml")), None)
    return Pieces(
        found,
        reader.title,
        (*_left_out(body), *shelf.problems()),
        office.proper_title(None if given is None else given.text),
    )


def _parsed(archive: archives.Archive, part: str) -> Iterator[Element]:
    if data := archive.read(part):
        yield xml.parsed(data)


def _left_out(body: Element) -> Iterator[str]:
    if next(inside(body, "text:note"), None) is not None:
        yield _("Footnotes were left out.")
    if next(inside(body, "draw:object"), None) is not None:
        yield _("Charts and other objects were left out.")


class _Reader:
    """Walks through the body of one text."""

    def __init__(self, body: Element, styles: Styles, shelf: Shelf) -> None:
        self._styles = styles
        self._shelf = shelf
        self.title = next(
            (
                words
                for paragraph in inside(body, "text:p", "text:h")
                if styles.is_a(paragraph, "title") and (words := runs.plain(self._runs(paragraph, ORDINARY)))
            ),
            None,
        )

    def blocks(self, container: Element, lists: Sequence[str]) -> Iterator[Piece]:
        """Yield the pieces of a body, an item, a cell or a text box, which stands in lists with these styles."""
        for element in container:
            kind = name(element)
            if kind in ("text:p", "text:h"):
                yield from self._paragraph(element, lists)
                yield from self._pictures(element)
                for box in _boxes(element):
                    yield from self.blocks(box, ())
            elif kind == "text:list":
                style = attribute(element, "text:style-name") or (lists[-1] if lists else "")
                yield from self._list(element, (*lists, style))
            elif kind == "table:table":
                yield from self._table(element)
            elif kind == "draw:frame":
                yield from self._pictures(element)
                for box in element.findall(xml.full(BOXES)):
                    yield from self.blocks(box, ())
            elif kind in HOLDERS and not self._styles.hides(element):
                yield from self.blocks(element, lists)

    def _list(self, element: Element, lists: Sequence[str]) -> Iterator[Piece]:
        for one in element:
            if name(one) in ITEMS:
                yield from self.blocks(one, lists)

    def _paragraph(self, paragraph: Element, lists: Sequence[str]) -> Iterator[Piece]:
        look = self._styles.look(paragraph)
        said = list(self._runs(paragraph, look))
        if not runs.plain(said):
            return
        if (level := self._heading_level(paragraph)) is not None:
            yield from runs.heading(said, level)
        elif lists and (kind := self._styles.list_kind(lists[-1], len(lists), paragraph)):
            yield from runs.item(kind, said, len(lists))
        elif self._styles.is_a(paragraph, "quotations", "quote", "intense quote", "quotation", "block text"):
            yield from runs.item(BlockKind.QUOTE, said, 0)
        elif look.monospaced or self._styles.is_a(paragraph, "preformatted text", "html preformatted", "source code"):
            yield Piece(BlockKind.CODE, runs.verbatim(said))
        elif self._styles.is_a(paragraph, "caption", "subtitle", "illustration", "table", "figure"):
            yield from runs.prose(said)
        else:
            yield from runs.paragraphs(said)

    def _pictures(self, element: Element) -> Iterator[Piece]:
        """Yield the pictures that hang on a paragraph or in a frame; one in a box hangs on the paragraph there."""
        for image in inside(element, "draw:image"):
            above = takewhile(lambda one: one is not element, image.iterancestors())
            if BOXES not in map(name, above) and name(image.getparent()) == "draw:frame":
                said = (child(image.getparent(), "svg:desc"), child(image.getparent(), "svg:title"))
                alt = next((one.text for one in said if one is not None and one.text), None)
                yield from self._shelf.take(attribute(image, "xlink:href") or "", alt)

    def _heading_level(self, paragraph: Element) -> int | None:
        """Return the level that Markdown would give a heading: below a title all stand one lower."""
        if self._styles.is_a(paragraph, "title"):
            return 1
        outline = self._styles.outline(paragraph)
        return outline + (1 if self.title else 0) if outline else None

    def _runs(self, element: Element, look: Look) -> Iterator[Run]:
        """Yield the words of a paragraph or of what stands in it, each with its look."""
        if look.hidden:
            return
        yield look.of(_spaced(element.text))
        for part in element:
            kind = name(part)
            if kind in WORDS:
                yield from self._runs(part, self._styles.look(part, look))
            elif kind == "text:s":
                yield look.of(" " * min(grids.span(attribute(part, "text:c")), MAX_SPACES))
            elif kind in BREAKS:
                yield look.of(BREAKS[kind])
            yield look.of(_spaced(part.tail))

    def _table(self, table: Element) -> Iterator[Piece]:
        rows = list(_rows(table))
        width = max((len(row) for row in rows), default=0)
        if len(rows) < 2 or width < 2 or any(self._lays_out(cell) for row in rows for cell in row):
            for row in rows:
                for cell in row:
                    yield from self.blocks(cell, ())
        else:
            heads = sum(1 for head in table.findall(xml.full("table:table-header-rows")) for _ in _rows(head))
            yield from grids.rows(grids.laid_out(self._cells(rows), heads=heads))

    def _lays_out(self, cell: Element) -> bool:
        """Say whether a cell holds what no cell of a table does: another table, or a heading."""
        return any(
            name(one) == "table:table" or self._heading_level(one) is not None
            for one in inside(cell, "table:table", "text:p", "text:h")
        )

    def _cells(self, rows: Iterable[Sequence[Element]]) -> Iterator[list[grids.Cell]]:
        """Yield the rows with what each cell holds; what a cell above covers goes on below it."""
        down: Mapping[int, int] = {}
        for row in rows:
            cells, reaching = [], {}
            for at, cell in enumerate(row):
                covered = name(cell) == "table:covered-table-cell"
                left = down.get(at, 0) if covered else grids.span(attribute(cell, "table:number-rows-spanned"))
                cells.append(grids.Cell.of(self.blocks(cell, ()), goes_on=covered and left > 0))
                reaching[at] = left - 1
            down = reaching
            yield cells


def _boxes(paragraph: Element) -> Iterator[Element]:
    """Yield the text boxes that hang on a paragraph; one in a box hangs on the paragraph there."""
    for box in inside(paragraph, BOXES):
        above = next(one for one in box.iterancestors() if name(one) in ("text:p", "text:h", BOXES))
        if above is paragraph:
            yield box


def _rows(table: Element) -> Iterator[list[Element]]:
    for element in table:
        if name(element) in ROW_GROUPS:
            yield from _rows(element)
        elif name(element) == "table:table-row":
            row = [
                cell
                for cell in element
                if name(cell) in CELLS
                for _ in range(min(grids.span(attribute(cell, "table:number-columns-repeated")), MAX_REPEATED))
            ]
            yield row[: grids.MAX_COLUMNS]


def _spaced(given: str | None) -> str:
    """Return words with the line ends of the file, which mean nothing, as spaces."""
    return (given or "").replace("\n", " ")
