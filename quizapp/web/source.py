"""A document laid out to be read, with the passages that cards come from marked in it.

Start from `lay_out`. A card links to `#q<start>`, where `start` is the offset
of its quote, so the anchors must not depend on anything else. `#p<number>` is the passage
of that number.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, groupby, pairwise
from typing import NamedTuple

from markupsafe import Markup, escape

from quizapp import markup
from quizapp.db.drafts import Place
from quizapp.domain.cards import Illustration, Source, answering, items
from quizapp.domain.documents import CELL_BREAK, Block, BlockKind, Span
from quizapp.markup import safe
from quizapp.translations import _

WORD = re.compile(r"\w+")
BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")
LISTS = {BlockKind.BULLET: "bullets", BlockKind.STEP: "steps", BlockKind.ROW: "rows"}


# A page of a book makes thousands of these, and tuples are made in a third of the time of dataclasses.
class Quoted(NamedTuple):
    """A draft's quote in the document."""

    start: int
    end: int
    draft_id: int
    number: int


def quotes(places: Iterable[Place]) -> Sequence[Quoted]:
    """Return what a document still says of where its drafts come from, in the order of the bench."""
    return [Quoted(one.start, one.end, one.draft_id, number) for number, one in enumerate(places, 1) if not one.is_gone]


class Piece(NamedTuple):
    """A stretch of text under the same quotes."""

    text: str
    quotes: tuple[Quoted, ...] = ()  # that it belongs to
    ending: tuple[Quoted, ...] = ()  # that end with it
    anchors: tuple[int, ...] = ()  # offsets of the quotes that begin with it

    @property
    def draft_ids(self) -> tuple[int, ...]:
        """Return the drafts that it belongs to."""
        return tuple([quote.draft_id for quote in self.quotes])


class Line(NamedTuple):
    """One block; of a table row, its cells."""

    cells: tuple[tuple[Piece, ...], ...]
    depth: int
    number: int = 0  # of the block in the document, which `#p<number>` leads to

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Return the text of a block that is no table row."""
        return self.cells[0]

    @property
    def plain(self) -> str:
        """Return the text of a block that is no table row and that no card comes from, else nothing."""
        first, *others = self.cells[0]
        return "" if others or first.quotes else first.text


class Part(NamedTuple):
    """A heading, a paragraph, or a whole list or table."""

    kind: str
    lines: tuple[Line, ...]
    depth: int = 0  # of a heading: 1 stands right under the page's own
    speaker: str | None = None  # to name above it, where neither heading nor label does
    illustration: Illustration | None = None

    def only_says(self, text: str) -> bool:
        """Say whether the part is this text and no card comes from it."""
        pieces = [piece for line in self.lines for cell in line.cells for piece in cell]
        return not any(piece.quotes for piece in pieces) and "".join(piece.text for piece in pieces) == text


def lay_out(
    text: str, blocks: Sequence[Block], quotes: Iterable[Quoted], illustrations: Sequence[Illustration] = ()
) -> Sequence[Part]:
    """Turn blocks and pictures into parts to draw, in reading order."""
    marker = _Marker(text, blocks, sorted(quotes, key=lambda quote: (quote.start, quote.number)))
    depths, bylines = _depths(blocks), _bylines(text, blocks)
    parts: list[Part] = []
    places, shown = [illustration.start for illustration in illustrations], 0
    for _key, run in groupby(enumerate(blocks), key=lambda one: (*_run(one), bisect_right(places, one[1].span.start))):
        run_blocks = list(run)
        index, first = run_blocks[0]
        above = bisect_right(places, first.span.start)
        parts += map(_pictured, illustrations[shown:above])
        shown = above
        lines = tuple(marker.line(block, number) for number, block in run_blocks)
        kind = LISTS.get(first.kind, first.kind.value)
        parts.append(Part(kind, lines, depths.get(index, 0), bylines.get(index)))
    return [*parts, *map(_pictured, illustrations[shown:])]


def drawn(pieces: Iterable[Piece], link: str, open_id: int | None) -> Markup:
    """Return text with what cards come from marked in it; in `link`, the attributes of a link to a card, `%d` is its id.

    A book has thousands of pieces, too many for a loop of a template.
    """
    return safe("".join(chain.from_iterable(_drawn(piece, str(link), open_id) for piece in pieces)))


def _drawn(piece: Piece, link: str, open_id: int | None) -> Iterator[str]:
    yield from (f'<span id="q{anchor}" class="anchor"></span>' for anchor in piece.anchors)
    if not piece.quotes:
        yield escape(piece.text)
        return
    ids = piece.draft_ids
    on = ' class="on"' if open_id in ids else ""
    yield f'<mark data-drafts="{" ".join(map(str, ids))}"{on}>{escape(piece.text)}</mark>'
    for quoted in piece.ending:
        to, name = link.replace("%d", str(quoted.draft_id)), _("Card %(number)s", number=quoted.number)
        yield f'<sup><a {to} aria-label="{escape(name)}">{quoted.number}</a></sup>'


def answer_pieces(quote: str, answer: str) -> Sequence[tuple[str, bool]]:
    """Split a quote into pieces, True for those that say the answer.

    An answer that is not in the quote word for word is looked for without what it
    adds in brackets ("Ada Lind (harbour master)"), then item by item; when nothing
    is found, nothing is marked.
    """
    readings = [answer], [BRACKETS.sub("", answer)], answer.splitlines()
    found = next((spans for texts in readings if (spans := _found(quote, texts))), [])
    pieces, end = [], 0
    for span in found:
        if span.start >= end:
            pieces += [(quote[end : span.start], False), (span.of(quote), True)]
            end = span.end
    return [piece for piece in [*pieces, (quote[end:], False)] if piece[0]]


def answer_cells(source: Source, answer: str) -> Collection[tuple[int, int]]:
    """Return which cells of the table rows that a source quotes say the answer, by row and column."""
    return answering(source.rows, [BRACKETS.sub("", one) for one in items(markup.plain(answer))])


def _found(quote: str, texts: Iterable[str]) -> Sequence[Span]:
    return sorted(span for span in (_find(quote, text) for text in texts) if span)


def _find(quote: str, answer: str) -> Span | None:
    """Find the answer's words in a row, whatever stands between them and however they are capitalised."""
    words = WORD.findall(answer)
    if not words:
        return None
    found = re.search(r"\b" + r"\W{1,3}".join(map(re.escape, words)) + r"\b", quote, re.IGNORECASE)
    return Span(*found.span()) if found else None


def _pictured(illustration: Illustration) -> Part:
    return Part("figure", (), illustration=illustration)


def _run(numbered: tuple[int, Block]) -> tuple[object, ...]:
    """Join neighbouring bullets, steps and rows; keep everything else by itself."""
    index, block = numbered
    return (block.kind,) if block.kind in LISTS else (block.kind, index)


def _depths(blocks: Sequence[Block]) -> dict[int, int]:
    """Return how deep each heading stands, without the gaps that documents leave (1, 3, 3, 2)."""
    above: list[int] = []
    depths = {}
    for index, block in enumerate(blocks):
        if block.kind is BlockKind.HEADING:
            while above and above[-1] >= block.level:
                above.pop()
            above.append(block.level)
            depths[index] = len(above)
    return depths


def _bylines(text: str, blocks: Sequence[Block]) -> dict[int, str]:
    """Name the speaker above the first block of each turn whose heading or label does not."""
    named, bylines = "", {}
    said_by = None
    for index, block in enumerate(blocks):
        if block.kind in {BlockKind.TITLE, BlockKind.HEADING, BlockKind.LABEL}:
            named = block.span.of(text) if block.kind is not BlockKind.LABEL else f"{named} {block.span.of(text)}"
            continue
        speaker = block.speaker.name if block.speaker else None
        if speaker and speaker != said_by and speaker not in named:
            bylines[index] = speaker
        said_by = speaker
    return bylines


class _Marker:
    """Cuts blocks where quotes begin and end, and gives out each anchor once."""

    def __init__(self, text: str, blocks: Sequence[Block], quotes: Sequence[Quoted]) -> None:
        self._text = text
        self._quotes = quotes
        self._starts = [quote.start for quote in quotes]
        self._longest = max((quote.end - quote.start for quote in quotes), default=0)
        self._anchored: set[int] = set()

    def line(self, block: Block, number: int) -> Line:
        span = block.span
        first = bisect_left(self._starts, span.start - self._longest)
        last = bisect_left(self._starts, span.end)
        here = [quote for quote in self._quotes[first:last] if quote.end > span.start]
        cells = _cells(self._text, span) if block.kind is BlockKind.ROW else [span]
        return Line(tuple([tuple(self._pieces(cell, here)) for cell in cells]), block.level, number)

    def _pieces(self, span: Span, around: Sequence[Quoted]) -> Iterator[Piece]:
        """Cut a span where quotes begin and end; those that there are `around` it may end before it, or begin after."""
        here = [quote for quote in around if quote.start < span.end and quote.end > span.start]
        if not here and span.end > span.start:
            yield Piece(self._text[span.start : span.end])
            return
        cuts = {span.start, span.end}
        for quote in here:
            cuts |= {max(quote.start, span.start), min(quote.end, span.end)}
        edges = sorted(cuts)
        for start, end in pairwise(edges):
            under = tuple(quote for quote in here if quote.start < end and quote.end > start)
            yield Piece(
                self._text[start:end],
                under,
                tuple(quote for quote in under if quote.end == end),
                tuple(self._new_anchors(under)),
            )

    def _new_anchors(self, under: Sequence[Quoted]) -> Iterator[int]:
        for quote in under:
            if quote.start not in self._anchored:
                self._anchored.add(quote.start)
                yield quote.start


def _cells(text: str, row: Span) -> list[Span]:
    cells, start = [], row.start
    for cell in row.of(text).split(CELL_BREAK):
        cells.append(Span(start, start + len(cell)))
        start += len(cell) + len(CELL_BREAK)
    return cells
