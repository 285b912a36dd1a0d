"""Decks to Anki packages: `write` gives the bytes of an `.apkg` file.

Notes keep their GUID and carry the time of their own last change, so that
importing a file again changes nothing, an edited note updates, and what a
learner edited in Anki meanwhile stays.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import shorten
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from quizapp.anki import collection
from quizapp.anki.collection import Row
from quizapp.anki.fields import fields, file_name
from quizapp.anki.notetypes import FIELDS
from quizapp.domain import cloze
from quizapp.domain.cards import CardKind, Illustration, Note
from quizapp.errors import InvalidInput, NotFound
from quizapp.sandbox import Progress

NOTE_TYPES = {
    CardKind.BASIC: "basic",
    CardKind.CLOZE: "cloze",
    CardKind.CHOICE: "choice",
    CardKind.TRUE_FALSE: "choice",
    CardKind.LIST: "list",
    CardKind.ORDER: "order",
}
COMPRESSION = 3  # of 9: 6, the usual, takes three times as long for a twentieth of the size
CHUNK = 2**20
LARGE = 2**30  # from here on a file in a ZIP might need its larger format
REPORTED_NOTES = 500
SHARE_OF_NOTES = 0.9  # of the time


def _missing(_name: str) -> bytes:
    raise NotFound("There are no pictures here.")


@dataclass(frozen=True)
class AnkiNote:
    """A note as it goes to Anki."""

    guid: str
    note: Note
    deck: str  # "Conferences::Summit"
    modified: datetime  # the last change of its content
    document_title: str | None
    link: str = ""  # to its page in Recto
    language: str | None = None  # of the document
    picture: Illustration | None = None


@dataclass(frozen=True)
class AnkiDeck:
    """A deck and the notes of it and the decks below it."""

    name: str
    notes: Iterable[AnkiNote]  # taken once, one after the other
    count: int  # of the notes
    picture: Callable[[str], bytes] = _missing  # the file of a picture by its name


@dataclass(frozen=True)
class Package:
    """An `.apkg` file, and a sentence for each note that is not in it."""

    data: bytes
    notes: int
    problems: tuple[str, ...]


def write(deck: AnkiDeck, *, now: datetime, on_progress: Progress | None = None) -> Package:
    """Write the deck as a package that Anki imports."""
    report = on_progress or _nobody
    problems: list[str] = []
    shown: dict[str, str] = {}
    with TemporaryDirectory() as folder:
        file = Path(folder, "collection.anki2")
        rows = _rows(deck, problems, shown, now, report)
        written = collection.write(file, rows, deck=_deck_name(deck.name), most=deck.count, now=now)
        pictures = _pictures(shown, deck.picture, problems)
        return Package(_packed(file, pictures, report), written, tuple(problems))


def _nobody(_share: float, _what: str) -> None:
    """Tell nobody."""


def _rows(deck: AnkiDeck, problems: list[str], shown: dict[str, str], now: datetime, report: Progress) -> Iterator[Row]:
    """Give the notes that Anki can hold, one after the other, and a sentence to `problems` for each other one.

    `shown` gets the pictures on them: the names of their files, by their names in Anki.
    """
    seen: set[str] = set()
    for number, note in enumerate(deck.notes, start=1):
        try:
            _refuse_unknowable(note.guid, seen)
            row = _row(note, now)
        except InvalidInput as problem:
            problems.append(f"Note {number}{_named(note.note.question)} is not in the file. {problem.message}")
        else:
            yield row
            if note.picture:
                shown[file_name(note.picture)] = note.picture.name
        seen.add(note.guid)
        if number % REPORTED_NOTES == 0:
            report(SHARE_OF_NOTES * min(number / deck.count, 1), "Writing notes")


def _refuse_unknowable(guid: str, seen: set[str]) -> None:
    if not guid or guid in seen:
        raise InvalidInput("Another note has the same id, so Anki could not tell them apart.")


def _row(note: AnkiNote, now: datetime) -> Row:
    name = NOTE_TYPES[note.note.kind]
    values = fields(
        note.note,
        guid=note.guid,
        document_title=note.document_title,
        link=note.link,
        language=note.language,
        picture=note.picture,
    )
    return Row(
        guid=note.guid,
        note_type=name,
        deck=_deck_name(note.deck),
        modified=int(min(note.modified, now).timestamp()),
        tags=_tags(note.note.tags),
        fields=[values.get(field, "") for field in FIELDS[name]],
        ordinals=_ordinals(note.note),
    )


def _ordinals(note: Note) -> tuple[int, ...]:
    return tuple(number - 1 for number in cloze.numbers(note.question)) if note.kind is CardKind.CLOZE else (0,)


def _named(question: str) -> str:
    words = shorten(question.encode(errors="replace").decode(), 80, placeholder="…")
    return f", “{words}”," if words else ""


@lru_cache(maxsize=1_000)
def _tags(tags: Sequence[str]) -> str:
    return f" {' '.join(sorted({tag for tag in map(_tag, tags) if tag}))} "


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


def _pictures(
    shown: Mapping[str, str], picture: Callable[[str], bytes], problems: list[str]
) -> Iterator[tuple[str, bytes]]:
    """Give the pictures that are there by their names in Anki, and a sentence to `problems` if others are not."""
    missing = 0
    for name, file in shown.items():
        try:
            yield name, picture(file)
        except NotFound:
            missing += 1
    if missing:
        problems.append(f"The files of {missing} pictures are missing. Run quizapp check, or restore a backup.")


def _packed(file: Path, pictures: Iterable[tuple[str, bytes]], report: Progress) -> bytes:
    packed = BytesIO()
    size = file.stat().st_size
    with ZipFile(packed, "w", ZIP_DEFLATED, compresslevel=COMPRESSION) as archive:
        with file.open("rb") as source, archive.open(file.name, "w", force_zip64=size > LARGE) as target:
            for chunk in iter(partial(source.read, CHUNK), b""):
                target.write(chunk)
                report(SHARE_OF_NOTES + (1 - SHARE_OF_NOTES) * source.tell() / size, "Compressing")
        names = []
        for number, (name, data) in enumerate(pictures):
            archive.writestr(str(number), data, ZIP_STORED)
            names.append(name)
        archive.writestr("media", json.dumps({str(number): name for number, name in enumerate(names)}))
    return packed.getvalue()
