"""The collection in a package: an SQLite file that genanki lays out, and that `write` fills in bulk.

Tables, decks and note types are genanki's. Notes, cards and the review log are written here:
genanki takes an object and a statement for each note and card, which is most of its time, and knows no log.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import count, islice
from pathlib import Path
from typing import Any, NamedTuple

import genanki

from quizapp.anki.notetypes import IDS, note_type
from quizapp.anki.progress import Entry, Stand, Surroundings

# Nobody reads the file before it is whole. SQLite's largest pages compress best and in the least time.
PRAGMAS = ("journal_mode=OFF", "synchronous=OFF", "page_size=65536", "cache_size=-65536")
# -1: not synchronised yet. Anki works out for itself by what a note is sorted and its checksum, which are left out as '' and
# 0; the other zeros are flags, and a deck to go back to.
NOTE = "INSERT INTO notes VALUES (?, ?, ?, ?, -1, ?, ?, '', 0, 0, '')"
CARD = "INSERT INTO cards VALUES (?, ?, ?, ?, ?, -1, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?)"
ENTRY = "INSERT INTO revlog VALUES (?, ?, -1, ?, ?, ?, ?, ?, ?)"
ROWS_AT_ONCE = 1_000


class Card(NamedTuple):
    """A card as the collection holds it."""

    ordinal: int  # from 0
    stand: Stand
    log: Callable[[int], Sequence[Entry]]  # asked with the id that the card gets


class Row(NamedTuple):
    """A note as the collection holds it."""

    guid: str
    note_type: str  # a name in `notetypes.IDS`
    deck: str
    created: int  # milliseconds since 1970
    modified: int  # seconds
    tags: str
    fields: str  # as `fields.joined` has them
    cards: Sequence[Card]


@dataclass(frozen=True)
class Shelf:
    """What a collection says of its decks."""

    name: str  # of the deck that is there when there are no notes
    description: Callable[[str], str]  # of a deck; asked when all notes are written
    presets: Mapping[str, int] = field(default_factory=dict)  # their ids, by the decks, which are there in any case
    surroundings: Surroundings | None = None  # None leaves the schedule to Anki


def write(file: Path, rows: Iterable[Row], shelf: Shelf, *, now: datetime) -> int:
    """Write the notes and their cards in the same order; return how many notes there were."""
    stamp, filled = now.timestamp(), _Filled()
    with closing(sqlite3.connect(file)) as connection:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        genanki.Package([]).write_to_db(connection.cursor(), stamp, count())
        _drop_indexes(connection)
        rest = iter(rows)
        while batch := list(islice(rest, ROWS_AT_ONCE)):
            _write_batch(connection, batch, filled)
        for deck in filled.decks_with(shelf):
            deck.write_to_db(connection.cursor(), stamp, count())
        if shelf.surroundings:
            _surround(connection, shelf.surroundings)
        connection.commit()
    return filled.notes


def _write_batch(connection: sqlite3.Connection, batch: Sequence[Row], filled: "_Filled") -> None:
    notes, cards = [], []
    entries: list[Entry] = []
    for row in batch:
        guid, name, deck, created, modified, tags, fields, of_note = row
        note_id, deck_id = filled.note_ids.take(created), filled.deck_id(deck, name)
        notes.append((note_id, guid, IDS[name], modified, tags, fields))
        for ordinal, stand, log in of_note:
            card_id = filled.card_ids.take(created)
            cards.append((card_id, note_id, deck_id, ordinal, modified, *stand))
            entries += log(card_id)
    filled.notes += len(notes)
    connection.executemany(NOTE, notes)
    connection.executemany(CARD, cards)
    _write_log(connection, entries)


def _write_log(connection: sqlite3.Connection, entries: list[Entry]) -> None:
    """Write entries of the review log with ids of their own: their times, or the next that are free."""
    start = 0
    while start < len(entries):
        changes = connection.total_changes
        try:
            connection.executemany(ENTRY, entries[start:] if start else entries)
        except sqlite3.IntegrityError:
            start += connection.total_changes - changes
            entries[start] = (_free(connection, entries[start][0]), *entries[start][1:])
        else:
            return


def _free(connection: sqlite3.Connection, at: int) -> int:
    taken = connection.execute("SELECT id FROM revlog WHERE id >= ? ORDER BY id", (at,))
    return next(free for free in count(at) if (free,) != taken.fetchone())


class _Ids:
    """Ids that are times, in the order in which they are taken, each the wanted one or the next after the last."""

    def __init__(self) -> None:
        self.last = 0

    def take(self, wanted: int) -> int:
        self.last = max(self.last + 1, wanted)
        return self.last


class _Filled:
    """What is in a collection so far."""

    def __init__(self) -> None:
        self.notes = 0
        self.note_ids, self.card_ids = _Ids(), _Ids()
        self._decks: dict[str, Deck] = {}
        self._note_types: set[str] = set()
        self._deck_ids: dict[tuple[str, str], int] = {}  # by the names of decks and of note types

    def deck_id(self, name: str, type_name: str) -> int:
        """Return the id of a deck with notes of that type."""
        found = self._deck_ids.get((name, type_name))
        if found is None:
            found = self._deck_ids[name, type_name] = self._with_type(self._deck(name), type_name).deck_id
        return found

    def _with_type(self, deck: "Deck", type_name: str) -> "Deck":
        # genanki writes what each deck adds, even if another has added it.
        if type_name not in self._note_types:
            self._note_types.add(type_name)
            deck.add_model(note_type(type_name))
        return deck

    def decks_with(self, shelf: Shelf) -> "Iterator[Deck]":
        """Give every deck that has notes or is wanted without, as the shelf has it."""
        for name in shelf.presets or ([] if self._decks else [shelf.name]):
            self._deck(name)
        presets = {name.casefold(): preset for name, preset in shelf.presets.items()}
        for key, deck in self._decks.items():
            deck.description = shelf.description(deck.name)
            deck.preset = presets.get(key, Deck.preset)
            yield deck

    def _deck(self, name: str) -> "Deck":
        key = name.casefold()  # Anki takes "AI" and "ai" for one deck
        if key not in self._decks:
            self._decks[key] = Deck(_deck_id(name), name)
        return self._decks[key]


class Deck(genanki.Deck):  # type: ignore[misc]  # genanki has no types
    """A deck with a preset of options: Anki's own, or one that comes with it."""

    preset = 1

    def to_json(self) -> dict[str, Any]:
        """Return what the collection stores of the deck."""
        stored: dict[str, Any] = super().to_json()
        return {**stored, "conf": self.preset}


def _drop_indexes(connection: sqlite3.Connection) -> None:
    """Drop all indexes: who imports a package reads each table once, from one end to the other."""
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'").fetchall():
        connection.execute(f"DROP INDEX {name}")


def _surround(connection: sqlite3.Connection, surroundings: Surroundings) -> None:
    settings, presets = (json.loads(one) for one in connection.execute("SELECT conf, dconf FROM col").fetchone())
    settings |= surroundings.settings
    presets |= {str(number): preset for number, preset in surroundings.presets.items()}
    told = (surroundings.created, json.dumps(settings), json.dumps(presets))
    connection.execute("UPDATE col SET crt = ?, conf = ?, dconf = ?", told)


def _deck_id(name: str) -> int:
    if name.casefold() == "default":
        return 1  # Anki's own; with another id it would arrive as "Default_"
    # Below 2**40 it is a time in 2004 at most to Anki, which wants no id from the future.
    return 2**30 + int.from_bytes(sha256(name.casefold().encode()).digest()[:8]) % (2**40 - 2**30)
