"""What a file of other programs brings: notes, and what could not be read."""

from dataclasses import dataclass

from quizapp.domain.cards import Note


@dataclass(frozen=True)
class Incoming:
    """A note that a file brings, not stored yet."""

    note: Note
    deck: str = ""  # "A::B"; empty goes into the deck that the person names
    guid: str = ""  # what the other program calls it, by which the same note is known again
    line: int | None = None  # of the file, from 1


@dataclass(frozen=True)
class Trouble:
    """A place of the file that brings no note, or not all of it, and why, as a sentence."""

    message: str
    line: int | None = None  # from 1
    column: int | None = None  # from 1: of characters, or of cells in a table
