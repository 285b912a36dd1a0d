"""Decks to Anki packages: `write` gives the bytes of an `.apkg` file.

Notes keep their GUID and carry the time of their own last change, so that
importing a file again changes nothing, an edited note updates, and what a
learner edited in Anki meanwhile stays.
"""

import json
import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import shorten
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import genanki

from quizapp.anki.fields import fields
from quizapp.anki.notetypes import FIELDS, note_type
from quizapp.domain.cards import CardKind, Note
from quizapp.errors import InvalidInput

NOTE_TYPES = {
    CardKind.BASIC: "basic",
    CardKind.CLOZE: "cloze",
    CardKind.CHOICE: "choice",
    CardKind.TRUE_FALSE: "choice",
    CardKind.LIST: "list",
    CardKind.ORDER: "order",
}
COMPRESSION = 3  # of 9: 6, the usual, takes three times as long for a twentieth of the size


@dataclass(frozen=True)
class AnkiNote:
    """A note as it goes to Anki."""

    guid: str
    note: Note
    deck: str  # "Conferences::Summit"
    modified: datetime  # the last change of its content
    document_title: str | None
    link: str = ""  # to its page in Recto


@dataclass(frozen=True)
class AnkiDeck:
    """A deck and the notes of it and the decks below it."""

    name: str
    notes: tuple[AnkiNote, ...]


@dataclass(frozen=True)
class Package:
    """An `.apkg` file, and a sentence for each note that is not in it."""

    data: bytes
    notes: int
    problems: tuple[str, ...]


def write(deck: AnkiDeck, *, now: datetime) -> Package:
    """Write the deck as a package that Anki imports."""
    rows, problems = _rows(deck.notes, now)
    decks = _decks(deck.name, rows)
    return Package(_packed(decks, now), len(rows), tuple(problems))


class _Row(genanki.Note):  # type: ignore[misc]  # genanki has no types
    """A note that is stored with the time of its own change."""

    deck_name = ""
    modified = 0.0

    def write_to_db(self, cursor: sqlite3.Cursor, timestamp: float, deck_id: int, id_gen: Iterable[int]) -> None:
        super().write_to_db(cursor, self.modified or timestamp, deck_id, id_gen)

    def _check_invalid_html_tags_in_fields(self) -> None:
        """Pass: the fields come from `markup`, and genanki takes a line end in an attribute for a mistake."""


def _rows(notes: Iterable[AnkiNote], now: datetime) -> tuple[list[_Row], list[str]]:
    rows: list[_Row] = []
    problems: list[str] = []
    seen: set[str] = set()
    for number, note in enumerate(notes, start=1):
        try:
            _refuse_unknowable(note.guid, seen)
            rows.append(_row(note, position=len(rows), now=now))
        except InvalidInput as problem:
            problems.append(f"Note {number}{_named(note.note.question)} is not in the file. {problem.message}")
        seen.add(note.guid)
    return rows, problems


def _refuse_unknowable(guid: str, seen: set[str]) -> None:
    if not guid or guid in seen:
        raise InvalidInput("Another note has the same id, so Anki could not tell them apart.")


def _row(note: AnkiNote, *, position: int, now: datetime) -> _Row:
    name = NOTE_TYPES[note.note.kind]
    values = fields(note.note, guid=note.guid, document_title=note.document_title, link=note.link)
    row = _Row(
        note_type(name),
        [values.get(field, "") for field in FIELDS[name]],
        tags=sorted({tag for tag in map(_tag, note.note.tags) if tag}),
        guid=note.guid,
        due=position,
    )
    row.deck_name = _deck_name(note.deck)
    row.modified = min(note.modified, now).timestamp()
    return row


def _named(question: str) -> str:
    words = shorten(question.encode(errors="replace").decode(), 80, placeholder="…")
    return f", “{words}”," if words else ""


@lru_cache(maxsize=1_000)
def _tag(tag: str) -> str:
    """Return the tag as Anki writes tags: without spaces and quotation marks."""
    return re.sub(r'[\s\x00-\x1f\ud800-\udfff"]+', "_", unicodedata.normalize("NFC", tag.strip()))


@lru_cache(maxsize=1_000)
def _deck_name(name: str) -> str:
    """Return the deck name as Anki writes it: no empty part, no control characters, nothing that could be a tag.

    Cards show the name of their deck, and Anki puts it there without escaping it.
    """
    name = unicodedata.normalize("NFC", name).translate({ord("<"): "‹", ord(">"): "›"})
    parts = [part.strip(" :") for part in re.split(r":{2,}", re.sub(r"[\x00-\x1f\ud800-\udfff]+", " ", name))]
    return "::".join(part for part in parts if part) or "Recto"


def _decks(name: str, rows: Sequence[_Row]) -> list[genanki.Deck]:
    """Return the decks of the notes, or the named one alone when there are none."""
    decks: dict[str, genanki.Deck] = {}
    for row in rows:
        # Anki takes "AI" and "ai" for one deck.
        key = row.deck_name.casefold()
        decks.setdefault(key, genanki.Deck(_deck_id(row.deck_name), row.deck_name)).add_note(row)
    return list(decks.values()) or [genanki.Deck(_deck_id(_deck_name(name)), _deck_name(name))]


def _deck_id(name: str) -> int:
    if name.casefold() == "default":
        return 1  # Anki's own; with another id it would arrive as "Default_"
    # Below 2**40 it is a time in 2004 at most to Anki, which wants no id from the future.
    return 2**30 + int.from_bytes(sha256(name.casefold().encode()).digest()[:8]) % (2**40 - 2**30)


def _packed(decks: Sequence[genanki.Deck], now: datetime) -> bytes:
    with TemporaryDirectory() as folder:
        collection = Path(folder, "collection.anki2")
        with closing(sqlite3.connect(collection)) as connection:
            connection.execute("PRAGMA journal_mode = OFF")
            first = int(now.timestamp() * 1000) - sum(1 + len(row.cards) for deck in decks for row in deck.notes)
            genanki.Package(decks).write_to_db(connection.cursor(), now.timestamp(), count(first))
            connection.commit()
        content = collection.read_bytes()
    packed = BytesIO()
    when = now.astimezone(UTC).timetuple()[:6]
    with ZipFile(packed, "w") as archive:
        for name, data in (("collection.anki2", content), ("media", json.dumps({}).encode())):
            archive.writestr(ZipInfo(name, when), data, ZIP_DEFLATED, COMPRESSION)
    return packed.getvalue()
