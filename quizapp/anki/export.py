"""Decks to Anki packages: `write` gives the bytes of an `.apkg` file.

Notes keep their GUID and carry the time of their own last change, so that
importing a file again changes nothing, an edited note updates, and what a
learner edited in Anki meanwhile stays.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache, partial
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import shorten
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from quizapp.anki import collection
from quizapp.anki.collection import Card, Row, Shelf
from quizapp.anki.fields import address, fields, file_name, is_occlusion, joined
from quizapp.anki.media import Leaving
from quizapp.anki.progress import Entry, Scribe, Stand, Study, preset_id, surroundings
from quizapp.anki.sources import Sources
from quizapp.domain import cloze, leeches
from quizapp.domain.captions import asks_of_picture
from quizapp.domain.card_media import Medium
from quizapp.domain.card_progress import CardProgress, moment
from quizapp.domain.cards import CardKind, Illustration, Note
from quizapp.errors import InvalidInput, NotFound
from quizapp.sandbox import Progress
from quizapp.translations import _, many

NOTE_TYPES = {
    CardKind.BASIC: "basic",
    CardKind.CLOZE: "cloze",
    CardKind.CHOICE: "choice",
    CardKind.TRUE_FALSE: "choice",
    CardKind.LIST: "list",
    CardKind.ORDER: "order",
}
COMPRESSION = 1  # of 9: 6, the usual, takes four times as long for a seventh of the size
CHUNK = 2**20
LARGE = 2**30  # from here on a file in a ZIP might need its larger format
REPORTED_NOTES = 500
SHARE_OF_NOTES = 0.9  # of the time
UNSEEN = CardProgress()


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
    link: str = ""  # to where its document can be read
    language: str | None = None  # of the document
    picture: Illustration | None = None
    created: datetime | None = None  # None: as it was modified
    typed: bool = False  # whether its answers are typed
    cards: Mapping[int, CardProgress] = field(default_factory=dict)  # how far the learner is, by ordinal


@dataclass(frozen=True)
class AnkiDeck:
    """A deck and the notes of it and the decks below it."""

    name: str
    notes: Iterable[AnkiNote]  # taken once, one after the other
    count: int  # of the notes
    picture: Callable[[str], bytes] = _missing  # the file of a picture by its name
    study: Study | None = None  # how its learner studies it; None leaves out all of their progress
    media: Mapping[str, Medium] = field(default_factory=dict)  # what card text can show, by hash
    with_source: bool = True  # else quotes, headings and pictures that nothing asks about stay at home


@dataclass(frozen=True)
class Package:
    """An `.apkg` file, and a sentence for each note that is not in it."""

    data: bytes
    notes: int
    problems: tuple[str, ...]


def write(deck: AnkiDeck, *, now: datetime, on_progress: Progress | None = None) -> Package:
    """Write the deck as a package that Anki imports."""
    report = on_progress or _nobody
    packing = _Packing(deck, now, report)
    with TemporaryDirectory() as folder:
        file = Path(folder, "collection.anki2")
        written = collection.write(file, packing.rows(), _shelf(packing), now=now)
        pictures = _pictures({**packing.shown, **packing.media.files}, deck.picture, packing.problems)
        return Package(_packed(file, pictures, report), written, tuple(packing.problems))


def _nobody(_share: float, _what: str) -> None:
    """Tell nobody."""


def _shelf(packing: "_Packing") -> Shelf:
    name, study, description = _deck_name(packing.deck.name), packing.deck.study, packing.sources.description
    if study is None:
        return Shelf(name, description)
    presets = {_deck_name(deck): preset_id(way, study.week) for deck, way in study.ways.items()}
    return Shelf(name, description, presets, surroundings(study, now=packing.now))


class _Packing:
    """A deck on its way into a package, and what is to be told of it when all notes are through."""

    def __init__(self, deck: AnkiDeck, now: datetime, report: Progress) -> None:
        self.deck, self.now = deck, now
        self.problems: list[str] = []
        self.shown: dict[str, str] = {}  # pictures: the names of their files, by their names in Anki
        self.media = Leaving(deck.media)
        self.sources = Sources(with_quotes=deck.with_source)
        self._report, self._latest = report, moment(now)
        self._scribes: dict[str, Scribe] = {}
        self._credited: set[tuple[str, str | None, str, str | None]] = set()

    def rows(self) -> Iterator[Row]:
        """Give the notes that Anki can hold, one after the other, and a sentence to `problems` for each other one."""
        seen: set[str] = set()
        position = 0
        for number, note in enumerate(self.deck.notes, start=1):
            sent = note if self.deck.with_source else _without_source(note)
            try:
                _refuse_unknowable(sent.guid, seen)
                row = self._row(sent, position)
            except InvalidInput as problem:
                self.problems.append(_not_in_file(number, note.note.question, problem.message))
            else:
                yield row
                position += 1
                self._credit(sent, row.deck)
                if sent.picture:
                    self.shown[file_name(sent.picture)] = sent.picture.name
            seen.add(sent.guid)
            if number % REPORTED_NOTES == 0:
                self._report(SHARE_OF_NOTES * min(number / self.deck.count, 1), _("Writing notes"))

    def _credit(self, note: AnkiNote, deck: str) -> None:
        told = (deck, note.document_title, note.link, note.note.source.speaker if note.note.source else None)
        if told not in self._credited:
            self._credited.add(told)
            self.sources.add(deck, title=told[1], address=address(note.link), speaker=told[3])

    def _row(self, note: AnkiNote, position: int) -> Row:
        name = "occlusion" if is_occlusion(note.note) else NOTE_TYPES[note.note.kind]
        values = fields(
            note.note,
            guid=note.guid,
            document_title=note.document_title,
            link=note.link,
            language=note.language,
            picture=note.picture,
            typed=note.typed,
            media=self.media,
        )
        return Row(
            note.guid,
            name,
            _deck_name(note.deck),
            created=min(moment(note.created or note.modified), self._latest),
            modified=min(moment(note.modified), self._latest) // 1000,
            tags=_tags(note.note.tags, with_leech=self.deck.study is not None),
            fields=joined(name, values),
            cards=self._cards(note, position),
        )

    def _cards(self, note: AnkiNote, position: int) -> Sequence[Card]:
        numbers = cloze.numbers(note.note.question) if note.note.kind is CardKind.CLOZE else (0,)
        first = 1 if note.note.kind is CardKind.CLOZE else 0
        scribe = self._scribe(note.deck)
        if scribe is None:
            return [Card(number - first, Stand(due=position), _no_log) for number in numbers]
        cards = []
        for number in numbers:
            card = note.cards.get(number, UNSEEN)
            log = partial(scribe.log, card.log) if card.log else _no_log
            cards.append(Card(number - first, scribe.stand(card, position), log))
        return cards

    def _scribe(self, deck: str) -> Scribe | None:
        study = self.deck.study
        if study is None:
            return None
        if deck not in self._scribes:
            self._scribes[deck] = Scribe(study.days, study.ways[deck].preset, self.now)
        return self._scribes[deck]


def _no_log(_card_id: int) -> Sequence[Entry]:
    return ()


def _refuse_unknowable(guid: str, seen: set[str]) -> None:
    if not guid or guid in seen:
        raise InvalidInput("Another note has the same id, so Anki could not tell them apart.")


def _without_source(note: AnkiNote) -> AnkiNote:
    """Return the note without what its document says, but for who said it and on which page."""
    source = note.note.source
    bare = replace(source, quote="", heading=None, columns=()) if source else None
    picture = note.picture if asks_of_picture(note.note.question) else None
    return replace(note, note=replace(note.note, source=bare), picture=picture)


def _not_in_file(number: int, question: str, reason: str) -> str:
    words = shorten(question.encode(errors="replace").decode(), 80, placeholder="…")
    if not words:
        return _("Note %(number)s is not in the file. %(reason)s", number=number, reason=reason)
    return _(
        "Note %(number)s, “%(question)s”, is not in the file. %(reason)s", number=number, question=words, reason=reason
    )


@lru_cache(maxsize=1_000)
def _tags(tags: Sequence[str], *, with_leech: bool) -> str:
    told = (tag for tag in tags if with_leech or tag != leeches.TAG)
    return f" {' '.join(sorted({tag for tag in map(_tag, told) if tag}))} "


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
        problems.append(
            many(
                "The files of %(num)s pictures are missing. Run quizapp check, or restore a backup.",
                "The files of %(num)s pictures are missing. Run quizapp check, or restore a backup.",
                missing,
            )
        )


def _packed(file: Path, pictures: Iterable[tuple[str, bytes]], report: Progress) -> bytes:
    packed = BytesIO()
    size = file.stat().st_size
    with ZipFile(packed, "w", ZIP_DEFLATED, compresslevel=COMPRESSION) as archive:
        with file.open("rb") as source, archive.open(file.name, "w", force_zip64=size > LARGE) as target:
            for chunk in iter(partial(source.read, CHUNK), b""):
                target.write(chunk)
                report(SHARE_OF_NOTES + (1 - SHARE_OF_NOTES) * source.tell() / size, _("Compressing"))
        names = []
        for number, (name, data) in enumerate(pictures):
            archive.writestr(str(number), data, ZIP_STORED)
            names.append(name)
        archive.writestr("media", json.dumps({str(number): name for number, name in enumerate(names)}))
    return packed.getvalue()
