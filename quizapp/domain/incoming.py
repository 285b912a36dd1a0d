"""What a file of another program brings: notes with what was learned of them, and what could not be read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from quizapp.domain.card_media import Medium
from quizapp.domain.cards import Note
from quizapp.domain.options import Options
from quizapp.domain.queues import Kind
from quizapp.domain.scheduling import Memory, ReviewEvent

if TYPE_CHECKING:
    from quizapp.domain.past import Told


class PastReview(NamedTuple):
    """A grade that was given in another program."""

    id: str  # what tells it from every other grade of that program
    at: datetime
    grade: int  # as `Grade`; 0: the card was made new again
    interval: timedelta | None = None  # what the grade gave there
    duration: timedelta | None = None


class PastEvent(NamedTuple):
    """What happened to a card in another library of Recto, taken over as it is."""

    event: ReviewEvent
    was: Kind | None = None  # the queue that the card was taken from; None for what is no grade
    interval: timedelta | None = None  # what the grade gave
    duration: timedelta | None = None

    @property
    def at(self) -> datetime:
        """Return when it happened."""
        return self.event.at

    @property
    def grade(self) -> int:
        """Return the grade; 0: it is none."""
        return self.event.grade or 0


@dataclass(frozen=True)
class PastCard:
    """What another program knows of one card of a note, besides what it says."""

    ordinal: int  # of the note's face
    reviews: tuple[PastReview, ...] = ()  # the oldest first
    memory: Memory | None = None  # as it is remembered there; None for a new card, or where the reviews say it all
    ease: float | None = None  # of SM-2, 2.5 at first, where stability and difficulty are not known and 0
    suspended: bool = False
    flag: int = 0
    events: tuple[PastEvent, ...] = ()  # instead of reviews, from another library of Recto; the oldest first
    told: "Told | None" = None  # what the reviews and the memory come to, where that was worked out ahead


@dataclass(frozen=True)
class Incoming:
    """A note that a file brings, not stored yet."""

    note: Note
    deck: str = ""  # "A::B"; empty goes into the deck that the person names
    guid: str = ""  # what the other program calls it, by which the same note is known again
    line: int | None = None  # of the file, from 1
    modified: datetime | None = None  # when it was last changed there
    picture: str = ""  # the name of the file that it shows, among the pictures that come along
    cards: tuple[PastCard, ...] = ()  # nothing for those of which there is nothing to say
    typed: bool | None = None  # whether its answers are typed; None: as the deck has it
    reworded: tuple[str, ...] = ()  # its explanation as the same file gives it to who speaks another language


@dataclass(frozen=True)
class Trouble:
    """A place of the file that brings no note, or not all of it, and why, as a sentence."""

    message: str
    line: int | None = None  # from 1
    column: int | None = None  # from 1: of characters, or of cells in a table


@dataclass(frozen=True)
class PictureFile:
    """A picture that a note is illustrated with, in a file of its own."""

    file: str  # its name in the folder that its reader was given; nothing where it is missing or too large
    alt: str


@dataclass(frozen=True)
class Brought:
    """All that a file holds."""

    incoming: tuple[Incoming | Trouble, ...]  # nothing where it was given away as it came
    adapted: tuple[str, ...] = ()  # what came in otherwise than it was, a sentence each
    pictures: Mapping[str, PictureFile] = field(default_factory=dict)  # by the names that notes give them
    media: tuple[Medium, ...] = ()  # what card text shows, each in a file of its hash in the folder of the reader
    options: Mapping[str, Options] = field(default_factory=dict)  # by deck, as `Incoming` names it


Keep = Callable[[Sequence[Incoming | Trouble], Mapping[str, Options]], None]  # what comes, and the options of decks
