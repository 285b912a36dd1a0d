"""What a format reader finds before anybody has asked who says what."""

from collections.abc import Iterable
from dataclasses import dataclass

from quizapp.domain.documents import BlockKind, Picture
from quizapp.errors import InvalidInput
from quizapp.translations import _, figure

MAX_CHARACTERS = 2_000_000
MAX_PIECES = 40_000  # a book of 1,000 pages has 10,000


@dataclass(frozen=True)
class Piece:
    """One block's text, without marks, on one line."""

    kind: BlockKind
    text: str
    level: int = 0
    page: int | None = None
    lead: str = ""  # the bold words that it opens with
    marked: bool = False  # whether all of it is bold or italic
    columns: tuple[str, ...] = ()  # of a table row, what the header calls its cells
    ruled: bool = False  # whether a line across the page parts it from what stands above
    voice: str | None = None  # who speaks from this label on, or in this piece alone; "" is somebody unknown
    owners: tuple[
        tuple[str, str | None], ...
    ] = ()  # names and titles: whose it is or, of a heading, whose passage it opens
    picture: Picture | None = None  # which it is instead of a text
    number: int = -1  # which of the document's texts it is or comes from, where that must be known


@dataclass(frozen=True)
class Pieces:
    """A document as its format tells it."""

    pieces: tuple[Piece, ...]
    title: str | None = None  # from front matter
    problems: tuple[str, ...] = ()
    name: str | None = None  # the title that the file's properties tell, for a text without one
    headed: bool = False  # whether title and headings are told as such, so that none is to be guessed


def within_limits(found: Iterable[Piece]) -> tuple[Piece, ...]:
    """Return the pieces; `InvalidInput` as soon as they, or their text, are more than a document may have."""
    out, characters = [], 0
    for piece in found:
        characters += len(piece.text) + 1
        if characters > MAX_CHARACTERS:
            raise too_long(_("is too long"))
        out.append(piece)
        if len(out) > MAX_PIECES:
            raise InvalidInput(
                "This document has more than %(max_pieces)s paragraphs, items and rows. Split it and add the parts one by one.",
                max_pieces=figure(MAX_PIECES),
            )
    return tuple(out)


def too_long(how: str) -> InvalidInput:
    """Return the refusal of a text that is longer than a document may be."""
    return InvalidInput(
        "This document %(how)s; %(max_characters)s characters is the most. Split it and add the parts one by one.",
        how=how,
        max_characters=figure(MAX_CHARACTERS),
    )
