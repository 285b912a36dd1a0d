"""PDF to pieces. Start from `read`.

A PDF says where letters stand, not what they are: `pdf_words` finds the letters, `pdf_lines` the lines and columns,
`pdf_edges` what is no text, `pdf_tables` rows and `pdf_blocks` headings, paragraphs and items.
"""

import io
import logging
import re
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from pypdf import PageObject, PdfReader, apply_configuration
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError, PdfReadError, PyPdfError

from quizapp.errors import InvalidInput
from quizapp.ingest import pdf_blocks, pdf_edges, pdf_lines, pdf_words, text
from quizapp.ingest.pdf_lines import Line
from quizapp.ingest.pieces import MAX_CHARACTERS, Piece, Pieces, within_limits
from quizapp.translations import _, figure, marked

MAX_PAGES = 2_000
MAX_INFLATED = 16 << 20  # bytes of one stream
MAX_OPERANDS = 600_000  # of one page, with what they are about
MAX_ORDERS = 2_000_000  # of a document: a book of 1,000 pages has as many
NO_TABLE = b"\ntrailer\n<<>>\nstartxref\n0\n%%EOF\n"  # an end that sends the library looking
MOST_NAMED = 8  # pages in one sentence
FAULTS = (
    PyPdfError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    RecursionError,
    NotImplementedError,
    OSError,
    struct.error,
    zlib.error,
)  # fmt: skip - what the library raises on broken files
NO_TITLE = re.compile(r"untitled|microsoft |(?:document|slide|presentation)\d*$|.*\.\w{2,5}$|\W*$", re.IGNORECASE)

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it mends in a file is no news


@dataclass
class _Found:
    """What the pages of a file hold."""

    lines: list[Line]
    empty: list[int]  # pages without text
    broken: list[int]
    unreadable: int = 0  # letters that cannot be told
    last: int = 0  # the page after which reading stopped; 0 where all were read


def read(data: bytes) -> Pieces:
    """Return the pieces of a PDF, each with its page."""
    with apply_configuration(
        zlib_maximum_output_length=MAX_INFLATED,
        lzw_maximum_output_length=MAX_INFLATED,
        run_length_maximum_output_length=MAX_INFLATED,
        array_based_stream_maximum_output_length=MAX_INFLATED,
        stream_parsing_work_maximum_count=MAX_OPERANDS,
        page_tree_maximum_entries=2 * MAX_PAGES,
        jbig2dec_binary=None,
    ):
        document, pages = _opened(data)
        found = _found(pages)
        title = _title(document)
    if not found.lines:
        raise _nothing(found)
    pieces = within_limits(pdf_blocks.pieces(pdf_edges.without(found.lines)))
    return Pieces(pieces, problems=tuple(_problems(found, len(pages))), name=_largest(pieces) or title)


def _opened(data: bytes) -> tuple[PdfReader, Sequence[PageObject]]:
    """Return a file and its pages; refuse what is locked, damaged or too long."""
    try:
        document = _mended(data)
        pages = document.pages
        count = len(pages)
    except (DependencyError, FileNotDecryptedError, NotImplementedError) as fault:  # the last: by a lock nobody knows
        raise InvalidInput(
            "This PDF is locked with a password. Save it without one, or print it to a new PDF, and try again."
        ) from fault
    except LimitReachedError as fault:
        raise _too_many() from fault
    except FAULTS as fault:
        raise _damaged() from fault
    if not count:
        raise _damaged()
    if count > MAX_PAGES:
        raise _too_many()
    return document, pages


def _mended(data: bytes) -> PdfReader:
    """Return a file; one that was cut off is searched for its parts."""
    try:
        return PdfReader(io.BytesIO(data), strict=False)
    except PdfReadError:
        return PdfReader(io.BytesIO(data + NO_TABLE), strict=False)


def _found(pages: Sequence[PageObject]) -> _Found:
    """Return the lines of all pages; a page that cannot be read costs nothing but itself."""
    found = _Found([], [], [])
    characters = orders = 0
    for number in range(1, len(pages) + 1):
        try:
            drawing = pdf_words.drawn(pages[number - 1])
        except FAULTS:
            found.broken.append(number)
            continue
        lines = pdf_lines.lines(drawing.words, number)
        characters += sum(len(line.text) + 1 for line in lines)
        orders += drawing.orders
        if characters > MAX_CHARACTERS or orders > MAX_ORDERS:
            found.last = number - 1
            break
        found.unreadable += drawing.unreadable
        if not lines:
            found.empty.append(number)
        found.lines += lines
    return found


def _nothing(found: _Found) -> InvalidInput:
    if found.unreadable:
        return InvalidInput(
            "The letters of this PDF cannot be told from each other. Run a text recognition (OCR) first, and try again."
        )
    if found.broken and not found.empty:
        return InvalidInput("No page of this PDF could be read. Open it in a PDF viewer, print it anew and try again.")
    return InvalidInput(
        "This PDF holds pictures of pages and no text. Run a text recognition (OCR) first, and try again."
    )


def _problems(found: _Found, count: int) -> list[str]:
    problems = []
    if found.empty:
        problems.append(
            _about(
                found.empty,
                marked("Page %(pages)s has no text."),
                marked("Pages %(pages)s have no text."),
                marked("%(num)s pages have no text."),
            )
        )
    if found.broken:
        problems.append(
            _about(
                found.broken,
                marked("Page %(pages)s could not be read."),
                marked("Pages %(pages)s could not be read."),
                marked("%(num)s pages could not be read."),
            )
        )
    if found.last:
        problems.append(
            _(
                "Only pages 1 to %(last)s of %(count)s were read: there is more text than can be taken in.",
                last=found.last,
                count=count,
            )
        )
    return problems


def _about(numbers: Sequence[int], one: str, some: str, lot: str) -> str:
    """Say something of page 3, of pages 3 and 7 or, of many, of how many there are."""
    if len(numbers) == 1:
        return _(one, pages=numbers[0])
    if len(numbers) > MOST_NAMED:
        return _(lot, num=len(numbers))
    return _(some, pages=_("%(some)s and %(last)s", some=", ".join(map(str, numbers[:-1])), last=numbers[-1]))


def _largest(pieces: Sequence[Piece]) -> str | None:
    """Return what the first page says in the largest letters of the document."""
    return next((piece.text for piece in pieces if piece.level == 1 and piece.page == pieces[0].page), None)


def _title(document: PdfReader) -> str | None:
    """Return the title that the file's properties tell, unless a program made it up."""
    try:
        told = document.metadata.title if document.metadata else None
    except FAULTS:
        return None
    title = " ".join(text.clean(told).split()) if isinstance(told, str) else ""
    return title if title and len(title) <= 200 and not NO_TITLE.match(title) else None


def _damaged() -> InvalidInput:
    return InvalidInput("This PDF is damaged. Open it in a PDF viewer, save it anew and try again.")


def _too_many() -> InvalidInput:
    return InvalidInput(
        "This PDF has more than %(max_pages)s pages, or says so. Split it, or print it to a new PDF, and try again.",
        max_pages=figure(MAX_PAGES),
    )
