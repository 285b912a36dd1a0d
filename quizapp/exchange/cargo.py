"""What is carried: notes that leave, notes that a file brings, and what is told of either."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from quizapp import markup
from quizapp.domain import card_media, deck_names, validity
from quizapp.domain.card_media import Medium
from quizapp.domain.card_progress import CardProgress
from quizapp.domain.cards import Note
from quizapp.domain.incoming import Incoming, Trouble
from quizapp.domain.options import Options
from quizapp.errors import InvalidInput
from quizapp.exchange.layout import Layout
from quizapp.translations import _, figure

MAX_NOTES = 50_000  # of a file
MAX_ADAPTED = 200  # that are told of
LONG_CHARS = 100  # from where on a text may be nested too deeply to be shown


@dataclass(frozen=True)
class Shown:
    """A picture as it leaves."""

    name: str  # the same picture has the same
    alt: str
    data: Callable[[], bytes]


@dataclass(frozen=True)
class Attached:
    """A picture or sound of card text as it leaves."""

    medium: Medium
    data: Callable[[], bytes]


@dataclass(frozen=True)
class Outgoing:
    """A note as it leaves for another program."""

    note: Note
    deck: str = ""  # "A::B"
    guid: str = ""
    modified: datetime | None = None
    document_title: str | None = None
    language: str | None = None  # of the document
    picture: Shown | None = None
    media: tuple[Attached, ...] = ()  # that its text shows, as far as they are there
    typed: bool = False  # whether answers are typed
    cards: Mapping[int, CardProgress] = field(default_factory=dict)  # by ordinal; empty without progress

    @property
    def shows(self) -> bool:
        """Say whether the note shows a picture or plays a sound, beside its text or in it."""
        return self.picture is not None or any(map(card_media.shows, self.note.texts))


@dataclass(frozen=True)
class Written:
    """A file to hand out, and a sentence for each note that is not in it."""

    data: bytes
    notes: int
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Picture:
    """A picture that a file brings."""

    data: bytes
    alt: str


@dataclass(frozen=True)
class Attachment:
    """A picture or sound of card text that a file brings, whatever it may be."""

    data: bytes
    name: str  # what its file was called


@dataclass(frozen=True)
class Found:
    """What a file brings, and what in it could not be used."""

    notes: tuple[Incoming, ...]
    troubles: tuple[Trouble, ...] = ()
    adapted: tuple[str, ...] = ()  # what comes in otherwise than it was, a sentence each
    layout: Layout | None = None  # of a table
    pictures: Mapping[str, Picture] = field(default_factory=dict)  # by the names that notes give
    media: Mapping[str, Attachment] = field(default_factory=dict)  # by what card text calls them
    options: Mapping[str, Options] = field(default_factory=dict)  # by deck


@dataclass
class Basket:
    """Collects what a reader finds: notes that can be asked, and sentences about the rest."""

    notes: list[Incoming] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    adapted: list[str] = field(default_factory=list)

    def take(self, incoming: Incoming) -> None:
        """Take a note, or tell why it cannot be asked."""
        if len(self.notes) >= MAX_NOTES:
            raise InvalidInput(
                "This file has more than %(max_notes)s cards. Split it and bring in the parts.",
                max_notes=figure(MAX_NOTES),
            )
        note = incoming.note
        try:
            validity.check(note)
            for text in (note.question, note.answer, *note.choices, note.explanation):
                if len(text) > LONG_CHARS:
                    markup.to_html(text)
        except InvalidInput as refusal:
            self.tell(refusal.message, incoming.line)
        else:
            self.notes.append(replace(incoming, deck=deck_names.from_other(incoming.deck)))

    def tell(self, message: str, line: int | None = None, column: int | None = None) -> None:
        """Tell of a place that brings no note."""
        self.troubles.append(Trouble(message, line, column))

    def adapt(self, message: str, line: int | None = None) -> None:
        """Tell of a place that comes in otherwise than it was."""
        if len(self.adapted) < MAX_ADAPTED:
            self.adapted.append(
                _("Line %(line)s: %(message)s", line=figure(line), message=message) if line else message
            )

    def found(self, layout: Layout | None = None) -> Found:
        """Return what was collected."""
        return Found(tuple(self.notes), tuple(self.troubles), tuple(self.adapted), layout)
