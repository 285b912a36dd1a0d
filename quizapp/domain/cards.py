"""Cards: what is asked, what is right, and where it comes from.

A `Note` is what a person keeps and edits; it asks one or (a cloze) several
questions, its `faces`. Everything a person reads in it is card Markdown.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha256
from typing import NewType

from quizapp.domain import cloze
from quizapp.domain.documents import CELL_BREAK

NoteId = NewType("NoteId", int)
CardId = NewType("CardId", int)
DeckId = NewType("DeckId", int)


class CardKind(Enum):
    """How a card asks."""

    BASIC = "basic"
    CLOZE = "cloze"
    CHOICE = "choice"
    TRUE_FALSE = "true_false"
    LIST = "list"
    ORDER = "order"


@dataclass(frozen=True)
class Source:
    """The passage that a card was made from, verbatim."""

    quote: str
    start: int
    end: int
    speaker: str | None = None
    heading: str | None = None
    page: int | None = None
    columns: tuple[str, ...] = ()  # of table rows: what their cells are called

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Return the cells of the table rows that it quotes, as many in each as there are columns; none of prose."""
        if not self.columns:
            return ()
        return tuple(
            (*cells, *[""] * (len(self.columns) - len(cells)))
            for cells in (tuple(line.split(CELL_BREAK)) for line in self.quote.split("\n"))
            if cells != self.columns
        )


@dataclass(frozen=True)
class Illustration:
    """A picture of a document, as a page or a card shows it."""

    id: int
    name: str  # of its file
    alt: str  # what it shows, in words
    width: int
    height: int
    media_type: str
    start: int  # of the passage that it stands above

    def within(self, width: int, height: int) -> tuple[int, int]:
        """Return how large it is shown where there is so much room: as it is, or smaller in the same proportions.

        The height follows the whole pixels of the width, as in browsers, so that it stays when the picture arrives.
        """
        wide = max(1, round(self.width * min(1.0, width / self.width, height / self.height)))
        return wide, max(1, round(wide * self.height / self.width))


@dataclass(frozen=True)
class Note:
    """What a person keeps: the text of one or more cards.

    The question of a cloze note is its whole text with `{{c1::...}}` marks and
    its answer is empty. A list or order note has one item a line as its answer.
    """

    kind: CardKind
    question: str
    answer: str = ""
    choices: tuple[str, ...] = ()
    explanation: str = ""
    source: Source | None = None
    tags: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """Return all that it says in card Markdown."""
        return (self.question, self.answer, self.explanation, *self.choices)


@dataclass(frozen=True)
class Face:
    """One question that a note asks; `ordinal` is stable for as long as the note asks it."""

    ordinal: int
    question: str
    answer: str


class DraftStatus(Enum):
    """How sure generation is of a card."""

    READY = "ready"
    REVIEW = "review"  # in the tray, with the reasons


@dataclass(frozen=True)
class Draft:
    """A card that generation proposes; a cloze question shows its gap as `[…]`."""

    kind: CardKind
    question: str
    answer: str
    source: Source
    rule: str
    score: float  # 0 to 1, the better the surer
    status: DraftStatus
    reasons: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    explanation: str = ""
    tags: tuple[str, ...] = ()
    id: str = field(init=False)

    def __post_init__(self) -> None:
        """Name the draft by its content, so that the same text gives the same id."""
        object.__setattr__(self, "id", content_id(self.kind, self.question, self.answer, self.source.quote))

    def as_note(self, number: int = 1) -> Note:
        """Return the note that keeping this draft makes; its gap gets the number."""
        if self.kind is CardKind.CLOZE:
            return Note(
                self.kind,
                cloze.mark(self.question, self.answer, number),
                source=self.source,
                tags=self.tags,
                explanation=self.explanation,
            )
        return Note(self.kind, self.question, self.answer, self.choices, self.explanation, self.source, self.tags)


@dataclass(frozen=True)
class Rejected:
    """A candidate that failed a check for good, kept only to explain itself."""

    question: str
    answer: str
    rule: str
    reasons: tuple[str, ...]


def content_id(kind: CardKind, *texts: str) -> str:
    """Return 16 hex digits that depend on nothing but the kind and the texts."""
    return sha256("\x1f".join((kind.value, *texts)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def faces(note: Note) -> Sequence[Face]:
    """Return what the note asks, by ordinal; empty when a cloze has no gap."""
    if note.kind is not CardKind.CLOZE:
        return (Face(0, note.question, note.answer),)
    return tuple(
        Face(number, cloze.blanked(note.question, number), cloze.BETWEEN.join(cloze.hidden(note.question, number)))
        for number in cloze.numbers(note.question)
    )


def answers(note: Note, face: Face) -> tuple[str, ...]:
    """Return the gaps of a cloze, the items of a list, or the one answer."""
    match note.kind:
        case CardKind.CLOZE:
            return cloze.hidden(note.question, face.ordinal)
        case CardKind.LIST | CardKind.ORDER:
            return items(face.answer)
        case CardKind.BASIC | CardKind.CHOICE | CardKind.TRUE_FALSE:
            return (face.answer,)


def items(answer: str) -> tuple[str, ...]:
    """Return the items of a list or order answer, one a line, marks and blanks stripped."""
    return tuple([line.removeprefix("- ") for line in map(str.strip, answer.splitlines()) if line])


def answering(rows: Sequence[Sequence[str]], answers: Iterable[str]) -> frozenset[tuple[int, int]]:
    """Return which cells, by row and column, say the answers: for each the first that is it, or else that holds it."""
    cells = [((row, column), cell.casefold()) for row, one in enumerate(rows) for column, cell in enumerate(one)]
    found = set()
    for answer in map(str.casefold, answers):
        held = re.compile(rf"(?<!\w){re.escape(answer)}(?!\w)")
        exact = [place for place, cell in cells if cell == answer]
        found.update((exact or [place for place, cell in cells if answer and held.search(cell)])[:1])
    return frozenset(found)
