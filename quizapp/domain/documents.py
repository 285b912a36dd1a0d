"""What a document is once it has been read, whatever its format was.

A `Document` is one normalised text and the blocks that it consists of. Every
offset in Recto counts Unicode code points of that text, so
`document.text[span.start:span.end]` is the passage, verbatim.
"""

import re
from dataclasses import dataclass, field
from enum import Enum

CELL_BREAK = " | "  # parts the cells of a table row
WIDE_CHARACTER = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
WIDE_PER_WORD = 2  # characters of Chinese or Japanese that say as much as a word


@dataclass(frozen=True, order=True)
class Span:
    """A half-open range of code points in a document's text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the passage that the span names."""
        return text[self.start : self.end]

    def holds(self, other: "Span") -> bool:
        """Say whether the other span lies within this one."""
        return self.start <= other.start and other.end <= self.end


class BlockKind(Enum):
    """What a block was on the page."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    BULLET = "bullet"
    STEP = "step"  # an item of a numbered list
    QUOTE = "quote"
    LABEL = "label"  # "Key takeaways:", introduces what follows
    ROW = "row"  # a table row, cells separated by " | "
    CODE = "code"


@dataclass(frozen=True)
class Speaker:
    """Somebody whose words or views the document reports."""

    name: str
    role: str | None = None  # "Chairman and CEO"
    organisation: str | None = None  # "Kunlun Wanwei"
    title: str | None = None  # role and organisation in the document's own words

    @property
    def full(self) -> str:
        """Return the name with role and organisation in brackets, where known."""
        return f"{self.name} ({self.title})" if self.title else self.name


@dataclass(frozen=True)
class Block:
    """One paragraph, bullet, heading... of a document, in reading order."""

    kind: BlockKind
    span: Span
    level: int = 0  # of a heading (1 is the highest) or depth of a list item
    path: tuple[str, ...] = ()  # the headings above it, outermost first
    speaker: Speaker | None = None  # who says what the block says; None for the author
    page: int | None = None
    lead: str = ""  # the bold words that it opens with: "Spill." of "**Spill.** Warn the others."
    columns: tuple[str, ...] = ()  # of a table row: what its cells are called; empty on the header itself


@dataclass(frozen=True)
class Picture:
    """A picture of a document, as its file holds it."""

    data: bytes = field(repr=False)
    media_type: str  # "image/png"
    width: int  # in pixels
    height: int
    alt: str  # what it shows, in the document's words
    start: int = 0  # of the block that it stands above; the length of the text for one at the end


@dataclass(frozen=True)
class Section:
    """A stretch of the document under one heading."""

    heading: str
    speaker: str | None
    span: Span


@dataclass(frozen=True)
class Document:
    """A text that has been read: the one input of generation."""

    title: str
    text: str
    language: str  # ISO 639-1, or "und"
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...] = ()
    problems: tuple[str, ...] = ()  # what could not be read, as sentences
    pictures: tuple[Picture, ...] = ()  # in reading order
    people: tuple[Speaker, ...] = ()  # whom the document introduces, whether or not a block is theirs

    @property
    def words(self) -> int:
        """Return how many words the text has."""
        return words(self.text)


def words(text: str) -> int:
    """Return how many words a text has; two characters of Chinese or Japanese count as one."""
    wide = len(WIDE_CHARACTER.findall(text))
    spaced = WIDE_CHARACTER.sub(" ", text) if wide else text
    return len(spaced.split()) + -(-wide // WIDE_PER_WORD)
