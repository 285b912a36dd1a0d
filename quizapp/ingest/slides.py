"""PowerPoint files (pptx and its kin) to pieces: each slide a heading, its points, then what is said to it.

Start from `read`. The page of a piece is the number of its slide.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import pptx
from pptx.shapes.base import BaseShape
from pptx.shapes.group import GroupShape
from pptx.slide import Slide

from quizapp.domain.documents import BlockKind
from quizapp.ingest import drawn, grids, lines, office, runs, xml
from quizapp.ingest.office import Office
from quizapp.ingest.pictures import Shelf
from quizapp.ingest.pieces import Piece, Pieces, within_limits
from quizapp.ingest.runs import Run
from quizapp.ingest.xml import Element, attribute, child, inside, name
from quizapp.translations import _

TITLES = {"title", "ctrTitle"}
REPEATED = {"ftr", "sldNum", "dt", "hdr"}  # what stands on every slide
BODIES = {"body", "obj"}
DIVIDERS = {"secHead", "title"}  # layouts of slides that open a part
COMPARISON = "twoTxTwoObj"
COMPARED = {"1", "3"}  # the heads of its two columns
OWN_PLACES = 10  # the numbers below are those of the layouts that PowerPoint brings
OFTEN = 3  # slides on which a line stands before it can be one of every slide
LEVELS = 9


@dataclass(frozen=True)
class Box:
    """A shape with text, or a table, in the order in which people read a slide."""

    element: Element
    place: str = ""  # what kind of placeholder it is; nothing for one that somebody drew
    styles: tuple[Element, ...] = ()  # where it takes its bullets from, nearest first
    diagram: Element | None = None  # what it shows, which stands in a part of its own
    pictures: tuple[Piece, ...] = ()

    @property
    def paragraphs(self) -> list[Element]:
        """Return the paragraphs that hold words."""
        found = child(self.element, "p:txBody")
        every = [] if found is None else found.findall(xml.full("a:p"))
        return [one for one in every if runs.plain(drawn.words(one))]

    @property
    def words(self) -> str:
        """Return all of its text on one line."""
        return runs.plain(chain.from_iterable((*drawn.words(one), Run(" ")) for one in self.paragraphs))


@dataclass(frozen=True)
class Shown:
    """A slide as it was found."""

    number: int
    title: str
    boxes: tuple[Box, ...]
    notes: tuple[Element, ...]
    layout: str

    @property
    def lone(self) -> set[str]:
        """Return the lines that stand in boxes of their own."""
        return {box.words for box in self.boxes if len(box.paragraphs) == 1}


def read(data: bytes) -> Pieces:
    """Return the pieces of a presentation."""
    opened = office.opened(data)
    try:
        presentation = pptx.Presentation(opened.stream)
        slides = list(presentation.slides)
        hidden = [at for at, slide in enumerate(slides, 1) if slide.element.get("show") in ("0", "false")]
        shelf = Shelf(opened.archive.read)
        shown = [_shown(at, slide, opened, shelf) for at, slide in enumerate(slides, 1) if at not in hidden]
        title = presentation.core_properties.title
    except office.FAULTS as fault:
        raise xml.refusal(fault) from fault
    found = within_limits(_pieces(shown))
    return Pieces(
        found,
        _title(shown),
        (*opened.problems, *_left_out(shown, hidden, found), *shelf.problems()),
        office.proper_title(title),
    )


def _title(shown: Sequence[Shown]) -> str | None:
    return shown[0].title or None if shown and shown[0].layout == "title" else None


def _left_out(shown: Sequence[Shown], hidden: Sequence[int], found: Iterable[Piece]) -> Iterator[str]:
    read_on = {piece.page for piece in found if piece.text}
    yield from (_("Slide %(number)s is hidden and was left out.", number=at) for at in hidden)
    yield from (_("Slide %(number)s has no text.", number=one.number) for one in shown if one.number not in read_on)
    if any(next(inside(box.element, "c:chart"), None) is not None for one in shown for box in one.boxes):
        yield _("Charts were left out.")


def _shown(number: int, slide: Slide, opened: Office, shelf: Shelf) -> Shown:
    """Return what stands on a slide, in reading order."""
    layout = slide.slide_layout
    own = layout.element.get("type") or ""
    master = child(layout.slide_master.element, "p:txStyles", "p:bodyStyle")
    boxes = [
        replace(_box(shape, layout.element, master), pictures=tuple(_pictures(shape, opened, shelf)))
        for shape in _reading_order(slide.shapes)
    ]
    title = next((box.words for box in boxes if box.place in TITLES and box.words), "")
    notes = slide.notes_slide.notes_placeholder if slide.has_notes_slide else None
    spoken = () if notes is None else tuple(inside(notes.element, "a:p"))
    if any(box.place == "ctrTitle" for box in boxes):
        own = "title"
    body = tuple(box for box in boxes if box.place not in TITLES | REPEATED)
    return Shown(number, title, body, spoken, own)


def _reading_order(shapes: Iterable[BaseShape]) -> Iterator[BaseShape]:
    """Yield shapes from top to bottom and, in a row, from left to right; those of a group stay together."""
    rows: list[list[BaseShape]] = []
    for shape in sorted(shapes, key=lambda one: one.top or 0):
        first = rows[-1][0] if rows else None
        if first and (shape.top or 0) - (first.top or 0) < min(first.height or 0, shape.height or 0) / 2:
            rows[-1].append(shape)
        else:
            rows.append([shape])
    placed = [shape for row in rows for shape in sorted(row, key=lambda one: one.left or 0)]
    for shape in _as_laid_out(placed):
        if isinstance(shape, GroupShape):
            yield from _reading_order(shape.shapes)
        elif not _is_hidden(shape.element):
            yield shape


def _as_laid_out(placed: list[BaseShape]) -> list[BaseShape]:
    """Return the shapes with those of PowerPoint's own layouts in its order: a column with its head, then the next."""
    out = list(placed)
    own = [at for at, shape in enumerate(placed) if shape.is_placeholder and shape.placeholder_format.idx < OWN_PLACES]
    for at, shape in zip(
        own, sorted((placed[at] for at in own), key=lambda one: one.placeholder_format.idx), strict=True
    ):
        out[at] = shape
    return out


def _is_hidden(element: Element) -> bool:
    return any(attribute(one, "hidden") in ("1", "true") for one in inside(element, "p:cNvPr"))


def _box(shape: BaseShape, layout: Element, master: Element | None) -> Box:
    element = shape.element
    place = child(element, "p:nvSpPr", "p:nvPr", "p:ph")
    kind = "" if place is None else attribute(place, "type") or "obj"
    index = attribute(place, "idx")
    below = [
        child(one, "p:txBody", "a:lstStyle")
        for one in inside(layout, "p:sp")
        if index and attribute(child(one, "p:nvSpPr", "p:nvPr", "p:ph"), "idx") == index
    ]
    styles = (child(element, "p:txBody", "a:lstStyle"), *below, master if kind in BODIES else None)
    if layout.get("type") == COMPARISON and index in COMPARED:
        kind = "head"
    return Box(element, kind, tuple(one for one in styles if one is not None), _diagram(shape))


def _pictures(shape: BaseShape, opened: Office, shelf: Shelf) -> Iterator[Piece]:
    """Yield the picture that a shape is."""
    properties = child(shape.element, "p:nvPicPr", "p:cNvPr")
    blip = attribute(child(shape.element, "p:blipFill", "a:blip"), "r:embed")
    if properties is not None and not drawn.decorative(properties):
        yield from shelf.take(opened.related(shape.part.partname, blip), drawn.told(properties))


def _diagram(shape: BaseShape) -> Element | None:
    points = next((attribute(one, "r:dm") for one in inside(shape.element, "dgm:relIds")), None)
    return xml.parsed(shape.part.related_part(points).blob) if points else None


def _pieces(shown: Sequence[Shown]) -> Iterator[Piece]:
    seen = Counter(line for slide in shown for line in slide.lone)
    repeated = {line for line, times in seen.items() if times >= OFTEN and times * 2 > len(shown)}
    parted, before = False, ""
    for slide in shown:
        opens = slide.layout in DIVIDERS and slide is not shown[0]
        parted |= opens
        level = 1 if slide is shown[0] and slide.layout == "title" else 2 if opens or not parted else 3
        boxes = [box for box in slide.boxes if not (len(box.paragraphs) == 1 and box.words in repeated)]
        title, boxes = (slide.title, boxes) if slide.title else _untitled(boxes)
        found = chain.from_iterable(_points(box, level) for box in boxes)
        heading = [Piece(BlockKind.HEADING, title, level)] if title and title != before else []
        for at, piece in enumerate(chain(heading, found, _spoken(slide.notes))):
            yield replace(piece, page=slide.number, ruled=at == 0 and not title)
        before = title


def _untitled(boxes: list[Box]) -> tuple[str, list[Box]]:
    """Return the line that heads a slide without a title, where there is one, and the rest."""
    head = boxes[0] if len(boxes) > 1 else None
    if head and len(head.paragraphs) == 1 and lines.like_heading(head.words):
        return head.words, boxes[1:]
    return "", boxes


def _points(box: Box, level: int) -> Iterator[Piece]:
    yield from box.pictures
    table = next(inside(box.element, "a:tbl"), None)
    if table is not None:
        heads = int(attribute(child(table, "a:tblPr"), "firstRow") in ("1", "true"))
        yield from grids.rows(grids.laid_out(map(_cells, table.findall(xml.full("a:tr"))), heads=heads))
    elif box.diagram is not None:
        yield from drawn.points(box.diagram)
    elif box.place == "head":
        yield from runs.heading([Run(box.words)], level + 1)
    else:
        for piece in runs.code(_listed(box)):
            yield replace(piece, level=level + 1) if piece.kind is BlockKind.HEADING else piece


def _listed(box: Box) -> Iterator[Piece]:
    """Yield the paragraphs of a box; one alone is no list."""
    paragraphs = box.paragraphs
    kinds = [_kind(one, box) if len(paragraphs) > 1 else None for one in paragraphs]
    highest = min((_level(one) for one, kind in zip(paragraphs, kinds, strict=True) if kind), default=0)
    for paragraph, kind in zip(paragraphs, kinds, strict=True):
        said = list(drawn.words(paragraph))
        if kind:
            yield from runs.item(kind, said, _level(paragraph) - highest + 1)
        elif drawn.monospaced(paragraph):
            yield Piece(BlockKind.CODE, runs.verbatim(said))
        else:
            yield from runs.paragraphs(said)


def _kind(paragraph: Element, box: Box) -> BlockKind | None:
    """Return what kind of item a paragraph is: its own bullet counts, then those of the shape and the layout."""
    level = f"a:lvl{_level(paragraph) + 1}pPr"
    for properties in (child(paragraph, "a:pPr"), *(child(one, level) for one in box.styles)):
        for one in () if properties is None else properties:
            match name(one):
                case "a:buNone":
                    return None
                case "a:buAutoNum":
                    return BlockKind.STEP
                case "a:buChar" | "a:buBlip":
                    return BlockKind.BULLET
                case _:
                    pass
    return BlockKind.BULLET if box.place in BODIES else None


def _level(paragraph: Element) -> int:
    given = attribute(child(paragraph, "a:pPr"), "lvl") or "0"
    return int(given) if given.isdigit() and len(given) == 1 and int(given) < LEVELS else 0


def _cells(row: Element) -> list[grids.Cell]:
    return [
        grids.Cell.of(
            (piece for one in inside(cell, "a:p") for piece in runs.paragraphs(drawn.words(one))),
            goes_on=attribute(cell, "vMerge") in ("1", "true"),
        )
        for cell in row.findall(xml.full("a:tc"))
    ]


def _spoken(notes: Iterable[Element]) -> Iterator[Piece]:
    """Yield the notes to a slide, in which a bold line is no heading of the document."""
    for paragraph in notes:
        yield from runs.prose(drawn.words(paragraph))
