"""What is carried: notes that leave, notes that a file brings, and what is told of either."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from quizapp import markup
from quizapp.domain import card_media, deck_names, validity
from quizapp.domain.card_media import Medium
from quizapp.domain.card_progress import CardProgress
from quizapp.domain.cards import CardKind, Note
from quizapp.domain.incoming import Incoming, Trouble
from quizapp.domain.options import Options
from quizapp.errors import InvalidInput
from quizapp.exchange.layout import Layout
from quizapp.translations import _, figure, many

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


def losses_common(notes: Sequence[Outgoing], *, without: Iterable[str] = ()) -> list[str]:
    """Return what a file without these parts loses, of those that the notes have: "ids", "sources", "tags", ..."""
    has = {
        "explanations": any(one.note.explanation for one in notes),
        "tags": any(one.note.tags for one in notes),
        "sources": any(one.note.source for one in notes),
        "pictures": any(one.shows for one in notes),
        "subdecks": len({one.deck for one in notes}) > 1,
    }
    told = {
        "explanations": _("Explanations stay here."),
        "tags": _("Tags stay here."),
        "sources": _("The quotes that the cards come from stay here, with their speakers and pages."),
        "pictures": _("Pictures stay here."),
        "subdecks": _("All cards go into one deck; the names of subdecks stay here."),
        "ids": _("Cards have no id in this file: brought in here again, they are known by what they ask."),
    }
    return [told[part] for part in told if part in set(without) and has.get(part, bool(notes))]


def counted_kinds(notes: Sequence[Outgoing], kind: CardKind) -> str:
    """Return "1 cloze card", "12 cloze cards"; nothing where there is none."""
    number = sum(one.note.kind is kind for one in notes)
    if not number:
        return ""
    match kind:
        case CardKind.BASIC:
            return many("%(num)s question with an answer", "%(num)s questions with an answer", number)
        case CardKind.CLOZE:
            return many("%(num)s cloze card", "%(num)s cloze cards", number)
        case CardKind.CHOICE:
            return many("%(num)s choice card", "%(num)s choice cards", number)
        case CardKind.TRUE_FALSE:
            return many("%(num)s true-or-false card", "%(num)s true-or-false cards", number)
        case CardKind.LIST:
            return many("%(num)s list", "%(num)s lists", number)
        case CardKind.ORDER:
            return many("%(num)s order to be put in", "%(num)s orders to be put in", number)
