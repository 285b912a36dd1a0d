"""The collection in a package: an SQLite file that genanki lays out, and that `write` fills in bulk.

Tables, decks and note types are genanki's. Notes and cards are written here:
genanki takes an object and a statement for each, which is most of its time.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime
from functools import cache
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import NamedTuple

import genanki

from quizapp.anki.notetypes import IDS, note_type

# Nobody reads the file before it is whole. Larger pages than SQLite's own 4096 compress better and in half the time.
PRAGMAS = ("journal_mode=OFF", "synchronous=OFF", "page_size=16384")
# -1: not synchronised yet. The zeros are what a new card is, and a checksum that Anki works out for itself.
NOTE = "INSERT INTO notes VALUES (?, ?, ?, ?, -1, ?, ?, ?, 0, 0, '')"
CARD = "INSERT INTO cards VALUES (?, ?, ?, ?, ?, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')"
Note = tuple[int, str, int, int, str, str, str]  # id, GUID, note type, modified, tags, fields, what it is sorted by
Card = tuple[int, int, int, int, int]  # note, deck, ordinal, modified, position


class Row(NamedTuple):
    """A note as the collection holds it."""

    guid: str
    note_type: str  # a name in `notetypes.IDS`
    deck: str
    modified: int
    tags: str
    fields: list[str]
    ordinals: tuple[int, ...]  # of its cards, from 0


def write(file: Path, rows: Iterable[Row], *, deck: str, most: int, now: datetime) -> int:
    """Write the notes, at most so many, and their cards in the same order; return how many notes there were.

    Without notes the collection holds the named deck alone.
    """
    stamp, newest = now.timestamp(), int(now.timestamp() * 1000)
    decks: dict[str, genanki.Deck] = {}
    cards: list[Card] = []
    with closing(sqlite3.connect(file)) as connection:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        genanki.Package([]).write_to_db(connection.cursor(), stamp, count())
        # An id is a time for Anki, which wants none from the future.
        written = connection.executemany(NOTE, _notes(rows, decks, cards, first=newest - most)).rowcount
        connection.executemany(CARD, ((number, *card) for number, card in enumerate(cards, newest - len(cards))))
        for one in decks.values() or [_deck(deck)]:
            one.write_to_db(connection.cursor(), stamp, count())
        connection.commit()
    return written


def _notes(rows: Iterable[Row], decks: dict[str, genanki.Deck], cards: list[Card], *, first: int) -> Iterator[Note]:
    """Give what `NOTE` stores of each row; its deck and cards go to the others."""

    @cache
    def deck_id(name: str, note_type_name: str) -> int:
        # Anki takes "AI" and "ai" for one deck.
        deck = decks.setdefault(name.casefold(), _deck(name))
        # genanki writes what each deck adds, even if another has added it.
        if not any(IDS[note_type_name] in other.models for other in decks.values()):
            deck.add_model(note_type(note_type_name))
        found: int = deck.deck_id
        return found

    for position, row in enumerate(rows):
        number, deck = first + position, deck_id(row.deck, row.note_type)
        cards += [(number, deck, ordinal, row.modified, position) for ordinal in row.ordinals]
        yield number, row.guid, IDS[row.note_type], row.modified, row.tags, "\x1f".join(row.fields), row.fields[0]


def _deck(name: str) -> genanki.Deck:
    return genanki.Deck(_deck_id(name), name)


def _deck_id(name: str) -> int:
    if name.casefold() == "default":
        return 1  # Anki's own; with another id it would arrive as "Default_"
    # Below 2**40 it is a time in 2004 at most to Anki, which wants no id from the future.
    return 2**30 + int.from_bytes(sha256(name.casefold().encode()).digest()[:8]) % (2**40 - 2**30)
