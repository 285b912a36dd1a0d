"""Word files (docx and its kin) to pieces. Start from `read`.

Read as Word shows them with all changes accepted: deletions, hidden words, tables of contents and the marks of
notes are not there, the words of text boxes stand behind the paragraph that holds the box.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE

from quizapp.domain.documents import BlockKind
from quizapp.ingest import drawn, grids, office, runs, xml
from quizapp.ingest.pictures import Shelf
from quizapp.ingest.pieces import Piece, Pieces, within_limits
from quizapp.ingest.runs import Look, Run
from quizapp.ingest.word_styles import (
    CODE,
    CONTENTS,
    HEADING,
    LISTED,
    OFF,
    SAID,
    UNHEADED,
    Lists,
    Style,
    Styles,
    changed,
    listed_in,
    outline_of,
)
from quizapp.ingest.xml import Element, attribute, child, inside, name
from quizapp.translations import _

TITLE = r"title|titel|titre|título|titolo|标题|表題"
BODY_LEVEL = 9  # an outline level that is none
# What only wraps what it holds: content controls, insertions, links, fields.
WRAPPERS = {
    "w:sdt", "w:sdtContent", "w:ins", "w:moveTo", "w:smartTag", "w:customXml", "w:hyperlink", "w:fldSimple", "w:bdo",
    "w:dir",
}  # fmt: skip
CHARACTERS = {"w:tab": " ", "w:ptab": " ", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "-"}
NOTES = ("w:footnoteReference", "w:endnoteReference")
DRAWN = ("c:chart", "dgm:relIds")


def read(data: bytes) -> Pieces:
    """Return the pieces of a Word file."""
    opened = office.opened(data)
    try:
        document = docx.Document(opened.stream)
        body = document.element.body
        styles = Styles(document.styles.element)
        lists = Lists(_numbering(document), styles)
        title = document.core_properties.title
    except office.FAULTS as fault:
        raise xml.refusal(fault) from fault
    if body is None:
        raise xml.broken()
    shelf = Shelf(opened.archive.read)
    reader = _Reader(body, styles, lists, lambda blip: opened.related(document.part.partname, blip), shelf)
    found = _typewritten(within_limits(reader.blocks(body)))
    return Pieces(
        tuple(runs.code(found)),
        reader.title,
        (*opened.problems, *_left_out(body), *shelf.problems()),
        office.proper_title(title),
    )


def _numbering(document: Document) -> Element | None:
    try:
        return document.part.part_related_by(RELATIONSHIP_TYPE.NUMBERING).element  # type: ignore[attr-defined]  # has no types
    except KeyError:
        return None


def _typewritten(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """Return the pieces without code, where most is set like code: then that is the typewriter's look."""
    if sum(piece.kind is BlockKind.CODE for piece in pieces) * 2 <= len(pieces):
        return pieces
    return [
        replace(piece, kind=BlockKind.PARAGRAPH, text=" ".join(piece.text.split()))
        if piece.kind is BlockKind.CODE
        else piece
        for piece in pieces
    ]


def _left_out(body: Element) -> Iterator[str]:
    if next(inside(body, *NOTES), None) is not None:
        yield _("Footnotes were left out.")
    if next(inside(body, *DRAWN), None) is not None:
        yield _("Charts and diagrams were left out.")


class _Reader:
    """Walks through the body of one file."""

    def __init__(
        self, body: Element, styles: Styles, lists: Lists, related: Callable[[str | None], str], shelf: Shelf
    ) -> None:
        self._styles = styles
        self._lists = lists
        self._related = related
        self._shelf = shelf
        self._rule = False  # whether a line across the page has been drawn since the last piece
        self.title = next(
            (
                words
                for paragraph in inside(body, "w:p")
                if self._style(paragraph).is_a(TITLE) and (words := runs.plain(self._runs(paragraph)))
            ),
            None,
        )

    def blocks(self, container: Element) -> Iterator[Piece]:
        """Yield the pieces of a body, a cell or a text box."""
        for element in _children(container):
            match name(element):
                case "w:p":
                    yield from self._ruled(element, self._paragraph(element))
                    yield from self._pictures(element)
                    for box in _boxes(element):
                        yield from self.blocks(box)
                case "w:tbl":
                    yield from self._table(element)
                case _:
                    pass

    def _style(self, paragraph: Element) -> Style:
        return self._styles.of(attribute(child(paragraph, "w:pPr", "w:pStyle"), "w:val"))

    def _ruled(self, paragraph: Element, pieces: Iterator[Piece]) -> Iterator[Piece]:
        """Yield the pieces of a paragraph with whether a line across the page parts them from what stands above."""
        border = child(paragraph, "w:pPr", "w:pBdr")
        framed = child(border, "w:left") is not None
        self._rule |= not framed and child(border, "w:top") is not None
        for piece in pieces:
            yield replace(piece, ruled=self._rule)
            self._rule = False
        self._rule |= not framed and child(border, "w:bottom") is not None
        self._rule |= any(attribute(drawn, "o:hr") for drawn in paragraph.iterfind(f".//{xml.full('w:pict')}/*"))

    def _paragraph(self, paragraph: Element) -> Iterator[Piece]:
        style = self._style(paragraph)
        said = list(self._runs(paragraph))
        if style.is_a(CONTENTS) or not runs.plain(said) or _leads_to_page(paragraph):
            return
        if (level := self._heading_level(paragraph, style)) is not None:
            yield from runs.heading(said, level)
        elif (listed := self._listed(paragraph, style)) is not None:
            yield from runs.item(listed[0], said, listed[1])
        elif style.is_a(SAID):
            yield from runs.item(BlockKind.QUOTE, said, 0)
        elif style.is_a(CODE) or self._monospaced(paragraph):
            yield Piece(BlockKind.CODE, runs.verbatim(said))
        elif style.is_a(UNHEADED):
            yield from runs.prose(said)
        else:
            yield from runs.paragraphs(said)

    def _heading_level(self, paragraph: Element, style: Style) -> int | None:
        """Return the level that Markdown would give a heading: below a title all stand one lower."""
        if style.is_a(TITLE):
            return 1
        outline = outline_of(child(paragraph, "w:pPr"))
        outline = style.outline if outline is None else outline
        if outline is None:
            found = next((match for one in style.names if (match := HEADING.fullmatch(one))), None)
            outline = int(found["level"]) - 1 if found else BODY_LEVEL
        return None if outline >= BODY_LEVEL else outline + (2 if self.title else 1)

    def _listed(self, paragraph: Element, style: Style) -> tuple[BlockKind, int] | None:
        """Return what kind of item a paragraph is and how deep it stands."""
        listed = listed_in(child(paragraph, "w:pPr")) or style.listed
        named = next((match for one in style.names if (match := LISTED.fullmatch(one))), None)
        depth = int(named["depth"] or 1) if named else 1
        kind = self._lists.kind(listed) if listed else None
        if listed and kind:
            return kind, max(depth, listed[1] + 1)
        if named and not listed:
            return (BlockKind.BULLET if named["kind"] == "bullet" else BlockKind.STEP), depth
        return None

    def _runs(self, paragraph: Element) -> Iterator[Run]:
        for part, look in self._looks(paragraph):
            if name(part) in ("m:oMath", "m:oMathPara"):
                yield Run("".join(one.text or "" for one in inside(part, "m:t")))
            elif not look.hidden:
                yield look.of("".join(_characters(part)))

    def _pictures(self, paragraph: Element) -> Iterator[Piece]:
        for part, look in self._looks(paragraph):
            if name(part) == "w:r" and not look.hidden:
                for drawing in _drawings(part):
                    told = next(inside(drawing, "wp:docPr"), None)
                    for blip in () if drawn.decorative(told) else inside(drawing, "a:blip"):
                        yield from self._shelf.take(self._related(attribute(blip, "r:embed")), drawn.told(told))
                    for image in inside(drawing, "v:imagedata"):
                        alt = attribute(image.getparent(), "alt")
                        yield from self._shelf.take(self._related(attribute(image, "r:id")), alt)

    def _monospaced(self, paragraph: Element) -> bool:
        return all(look.monospaced for part, look in self._looks(paragraph) if "".join(_characters(part)).strip())

    def _looks(self, paragraph: Element) -> Iterator[tuple[Element, Look]]:
        """Yield the runs and formulas of a paragraph, each with its look."""
        base = self._style(paragraph).look
        for part in _children(paragraph):
            if name(part) == "w:r":
                properties = child(part, "w:rPr")
                style = attribute(child(properties, "w:rStyle"), "w:val")
                yield part, changed(self._styles.characters(style, base), properties)
            elif name(part).startswith("m:"):
                yield part, base

    def _table(self, table: Element) -> Iterator[Piece]:
        lines = [row for row in _children(table) if name(row) == "w:tr" and not _deleted(row)]
        rows = [_cells(row) for row in lines]
        if len(rows) < 2 or max(map(len, rows)) < 2 or any(self._lays_out(cell) for row in rows for cell in row):
            for row in rows:
                for cell in row:
                    yield from self.blocks(cell)
        else:
            heads = sum(1 for _ in takewhile(_heads, lines)) or int(self._sets_apart(child(table, "w:tblPr")))
            yield from grids.rows(grids.laid_out(([self._cell(cell) for cell in row] for row in rows), heads=heads))

    def _sets_apart(self, properties: Element | None) -> bool:
        """Say whether the style of a table makes its first row look different."""
        look = child(properties, "w:tblLook")
        used = _switched_on(attribute(look, "w:firstRow"), attribute(look, "w:val"))
        return used and self._styles.heads_tables(attribute(child(properties, "w:tblStyle"), "w:val"))

    def _lays_out(self, cell: Element) -> bool:
        """Say whether a cell holds what no cell of a table does: another table, or a heading."""
        return next(inside(cell, "w:tbl"), None) is not None or any(
            self._heading_level(one, self._style(one)) is not None for one in inside(cell, "w:p")
        )

    def _cell(self, cell: Element) -> grids.Cell:
        properties = child(cell, "w:tcPr")
        across = grids.span(attribute(child(properties, "w:gridSpan"), "w:val"))
        down = child(properties, "w:vMerge")
        goes_on = down is not None and attribute(down, "w:val") != "restart"
        return grids.Cell.of(self.blocks(cell), across, goes_on=goes_on)


def _children(element: Element) -> Iterator[Element]:
    """Yield what an element holds, without wrappers and without tables of contents."""
    for part in element:
        kind = name(part)
        if kind == "mc:AlternateContent":
            if (chosen := child(part, "mc:Choice")) is not None:
                yield from _children(chosen)
        elif kind in WRAPPERS:
            if not _is_contents(part):
                yield from _children(part)
        else:
            yield part


def _is_contents(control: Element) -> bool:
    gallery = attribute(child(control, "w:sdtPr", "w:docPartObj", "w:docPartGallery"), "w:val")
    return gallery in ("Table of Contents", "Bibliographies")


def _leads_to_page(paragraph: Element) -> bool:
    """Say whether a paragraph is a line of a table of contents that has lost its style."""
    return any("PAGEREF _Toc" in (one.text or "") for one in inside(paragraph, "w:instrText"))


def _characters(run: Element) -> Iterator[str]:
    for part in run:
        kind = name(part)
        if kind == "w:t":
            yield part.text or ""
        elif kind == "w:ruby":
            yield from (one.text or "" for base in inside(part, "w:rubyBase") for one in inside(base, "w:t"))
        else:
            yield CHARACTERS.get(kind, "")


def _drawings(run: Element) -> Iterator[Element]:
    """Yield the pictures in a run that are none of a text box."""
    for part in _children(run):
        if name(part) in ("w:drawing", "w:pict") and next(inside(part, "w:txbxContent"), None) is None:
            yield part


def _boxes(paragraph: Element) -> Iterator[Element]:
    """Yield the text boxes that hang on a paragraph, each once: older programs find a copy of them."""
    for box in inside(paragraph, "w:txbxContent"):
        above = takewhile(lambda one: one is not paragraph, box.iterancestors())
        if not {"w:txbxContent", "mc:Fallback"}.intersection(map(name, above)):
            yield box


def _cells(row: Element) -> list[Element]:
    return [cell for cell in _children(row) if name(cell) == "w:tc"]


def _heads(row: Element) -> bool:
    """Say whether a row is repeated at the top of each page."""
    mark = child(row, "w:trPr", "w:tblHeader")
    return mark is not None and (attribute(mark, "w:val") or "1") not in OFF


def _switched_on(first_row: str | None, bits: str | None) -> bool:
    """Say whether a table uses what its style says of the first row: newer files say it by name, older ones in a bit."""
    if first_row is not None:
        return first_row not in OFF
    return bool(bits and re.fullmatch(r"[0-9A-Fa-f]{4}", bits) and int(bits, 16) & 0x20)


def _deleted(row: Element) -> bool:
    return child(row, "w:trPr", "w:del") is not None
