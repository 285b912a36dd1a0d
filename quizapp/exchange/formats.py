"""The table of formats; `read`, the one way from a file to notes, and `write`, the one way back.

Content decides what a file is, where it can be told; among texts the name does, unless a person says otherwise.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import PurePath
from typing import Any

from quizapp.domain.options import Options
from quizapp.errors import InvalidInput
from quizapp.exchange import recto
from quizapp.exchange.cargo import Found, Outgoing, Written
from quizapp.exchange.layout import Wishes
from quizapp.exchange.traits import Alike, Traits, tidied, traits
from quizapp.ingest import archives
from quizapp.ingest.text import encoding_of
from quizapp.translations import _, many, marked

MAX_BYTES = 20 << 20
SAMPLE_CHARS = 20_000


@dataclass(frozen=True)
class Format:
    """A kind of file that decks come from and go to."""

    key: str  # what it is called in addresses
    _name: str
    suffixes: tuple[str, ...]  # the first is that of the files that are written
    module: str
    _programs: str
    _keeps: str
    reader: str = "read"
    writer: str = "write"
    losses_of: str = "losses"
    is_read: bool = True  # whether a person can name it as what a file is

    @property
    def name(self) -> str:
        """Return what people call it."""
        return _(self._name)

    @property
    def programs(self) -> str:
        """Say where it comes from and goes to."""
        return _(self._programs)

    @property
    def keeps(self) -> str:
        """Say what a file holds of cards."""
        return _(self._keeps)

    def read(self, data: bytes, wishes: Wishes) -> Found:
        """Return what a file of this format brings."""
        found: Found = self._function(self.reader)(data, wishes)
        return found

    def write(self, notes: Sequence[Outgoing]) -> Written:
        """Return the file."""
        written: Written = self._function(self.writer)(notes)
        return written

    def losses(self, notes: Alike) -> list[str]:
        """Return what it does not carry of these notes, as sentences."""
        told: list[str] = self._function(self.losses_of)(notes)
        return told

    def _function(self, name: str) -> Callable[..., Any]:
        function: Callable[..., Any] = getattr(import_module(f"quizapp.exchange.{self.module}"), name)
        return function


TABLE = Format(
    "csv",
    marked("Table (CSV)"),
    (".csv",),
    "delimited",
    "Excel, LibreOffice, Mochi, RemNote",
    marked("Every card with its kind, choices, explanation, tags, deck, quote and id."),
    writer="write_csv",
    losses_of="csv_losses",
)
PAIRS = Format(
    "tsv",
    marked("Two columns (TSV)"),
    (".tsv", ".tab"),
    "delimited",
    marked("Quizlet, and whatever takes pasted lists"),
    marked("Question and answer, a line each."),
    writer="write_tsv",
    losses_of="tsv_losses",
    is_read=False,
)
ANKI_TEXT = Format(
    "txt",
    marked("Anki’s text file"),
    (".txt",),
    "delimited",
    marked("Anki, into its own note types Basic and Cloze"),
    marked("Front and back, gaps, emphasis, formulas, tags, decks and ids."),
    writer="write_anki",
    losses_of="anki_losses",
    is_read=False,
)
MARKDOWN = Format(
    "md",
    "Markdown",
    (".md", ".markdown"),
    "markdown",
    marked("Obsidian, any editor"),
    marked("Every card with its kind, choices, explanation, tags, deck, quote and id."),
)
GIFT = Format(
    "gift",
    "GIFT",
    (".gift",),
    "gift",
    marked("Moodle, and other quiz programs"),
    marked("Questions to choose and to type, explanations, tags, decks as categories, ids."),
)
MOODLE = Format(
    "xml",
    "Moodle XML",
    (".xml",),
    "moodle",
    marked("Moodle’s question bank"),
    marked("Questions to choose, to type and to order, texts with gaps, explanations, tags, decks as categories, ids."),
)
KAHOOT = Format(
    "xlsx",
    marked("Kahoot’s spreadsheet"),
    (".xlsx", ".xlsm"),
    "kahoot",
    "Kahoot",
    marked("Choices, and what is true or false, with up to four answers."),
)
OWN = Format(
    "json",
    marked("Recto’s own file (JSON)"),
    (".json",),
    "recto",
    marked("Another library of Recto, programs of your own"),
    marked(
        "All there is: texts, kind, tags, decks, quotes with their places, ids, pictures; with your progress if you like."
    ),
)
FORMATS = (TABLE, PAIRS, ANKI_TEXT, MARKDOWN, GIFT, MOODLE, KAHOOT, OWN)
TEXT_AS_IT_IS = (TABLE, MARKDOWN, OWN)  # what they hold is card text, which comes back as it was

# What a text is, whatever its name says, by what stands in it.
XML = re.compile(r"\s*(?:<\?xml|<quiz)", re.IGNORECASE)
JSON = re.compile(r"\s*\{\s*\"")
SETTINGS = re.compile(r"#(?:separator|html|notetype|deck|tags|columns|guid)\b[^\n]*:", re.IGNORECASE)
QUIZ = re.compile(r"^\s*\$CATEGORY:|^\s*::[^\n]+?::|(?<!\{)\{\s*(?:[=~#%]|(?:T|F|TRUE|FALSE)\s*[}#])", re.MULTILINE)
CARDS = re.compile(r"^\*{0,2}(?:Q|Question)\*{0,2}:|\{\{c\d+::|^[^\t\n]*\S (?:::|>>) \S", re.MULTILINE)


def suffixes() -> tuple[str, ...]:
    """Return the endings of the files that can be read."""
    return (*dict.fromkeys(suffix for one in FORMATS for suffix in one.suffixes),)


def named(key: str) -> Format | None:
    """Return the format of that name."""
    return next((one for one in FORMATS if one.key == key), None)


def for_file(filename: str) -> Format | None:
    """Return the format that files of that name are written in."""
    suffix = PurePath(filename).suffix.lower()
    return next((one for one in FORMATS if suffix in one.suffixes), None)


def read(data: bytes, filename: str, wishes: Wishes) -> tuple[Format, Found]:
    """Return what kind of file this is, and what it brings; `InvalidInput` says why when it cannot be read."""
    if len(data) > MAX_BYTES:
        raise InvalidInput(
            "This file is larger than %(max_bytes)s MB. Split it and bring in the parts.", max_bytes=MAX_BYTES >> 20
        )
    if not data.strip():
        raise InvalidInput("This file is empty. Export it again from the program that it comes from.")
    chosen = format_of(data, filename, wishes)
    return chosen, chosen.read(data, wishes)


def format_of(data: bytes, filename: str, wishes: Wishes) -> Format:
    """Return what kind of file this is: what the person says, else what its content or its name says."""
    if archives.is_archive(data):
        if archives.suffix(data) == ".xlsx":
            return KAHOOT
        raise InvalidInput("This archive holds no spreadsheet. Anki’s packages end in .apkg; others, unpack first.")
    if (wished := named(wishes.kind)) and wished is not KAHOOT:
        return wished
    text = data[: 4 * SAMPLE_CHARS].decode(wishes.encoding or encoding_of(data), "replace")[:SAMPLE_CHARS]
    text = text.removeprefix("\ufeff")
    for pattern, found in ((XML, MOODLE), (JSON, OWN)):
        if pattern.match(text):
            return found
    by_name = for_file(filename)
    return by_name if by_name is not None and by_name not in {ANKI_TEXT, KAHOOT} else _of_text(text)


def _of_text(text: str) -> Format:
    """Return what a text looks like."""
    if SETTINGS.match(text):
        return TABLE
    if QUIZ.search(text):
        return GIFT
    return MARKDOWN if CARDS.search(text) and "\t" not in text else TABLE


def write(chosen: Format, notes: Sequence[Outgoing], studied: Mapping[str, Options] | None = None) -> Written:
    """Return a deck as a file, in our own format with how its decks are studied."""
    tidy = [replace(one, note=tidied(one.note)) for one in notes if _can_hold(chosen, _traits(one))]
    return recto.write(tidy, studied) if chosen is OWN else chosen.write(tidy)


def losses(chosen: Format, notes: Alike) -> list[str]:
    """Return what a format does not carry of these notes, as sentences."""
    held = {one: count for one, count in notes.items() if _can_hold(chosen, one)}
    return [*chosen.losses(held), *_left_here(sum(notes.values()) - sum(held.values()))]


def alike(notes: Iterable[Outgoing]) -> Alike:
    """Return how many notes there are of each kind that formats lose something else of."""
    return Counter(map(_traits, notes))


def _traits(one: Outgoing) -> Traits:
    note = one.note
    said = (note.kind, note.question, note.answer, note.choices, note.explanation)
    has = {"is_quoted": note.source is not None, "is_pictured": one.picture is not None, "is_tagged": bool(note.tags)}
    return traits(said, one.deck, **has)


def _can_hold(chosen: Format, one: Traits) -> bool:
    """Say whether a note can be asked from the file: elsewhere nobody sees a part of a picture of ours."""
    return chosen in TEXT_AS_IT_IS or not one.texts.covers


def _left_here(count: int) -> list[str]:
    if not count:
        return []
    told = many(
        "One card that covers parts of a picture stays here.",
        "%(num)s cards that cover parts of a picture stay here.",
        count,
    )
    return [told]
