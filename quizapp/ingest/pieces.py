"""What a format reader finds before anybody has asked who says what."""

from dataclasses import dataclass

from quizapp.domain.documents import BlockKind


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


@dataclass(frozen=True)
class Pieces:
    """A document as its format tells it."""

    pieces: tuple[Piece, ...]
    title: str | None = None  # from front matter or file properties
    problems: tuple[str, ...] = ()
