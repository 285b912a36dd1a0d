"""What a collection of Anki's holds, of whatever version: an SQLite file that nobody vouches for. Start from `read`.

It is opened read-only, with nothing in it trusted; one that holds anything which runs (triggers, views) is refused.
"""

import json
import sqlite3
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple

from quizapp.anki import protobuf
from quizapp.errors import InvalidInput
from quizapp.translations import figure, marked

MOST_NOTES = 500_000
MOST_CARDS = 1_000_000
MOST_REVIEWS = 10_000_000
LONGEST_VALUE = 32 << 20
BROKEN = marked("The collection in this package is damaged. In Anki use “Check Database”, then export it anew.")
RUNS_CODE = marked("This package holds more than Anki writes: triggers or views. It was not read.")
TOO_MANY = {
    "notes": marked("This package holds over %(most)s notes. Export your decks one by one."),
    "cards": marked("This package holds over %(most)s cards. Export your decks one by one."),
    "revlog": marked("This package holds over %(most)s answers. Export your decks one by one."),
}
NORMAL, CLOZE = 0, 1
GATHERED_AT_RANDOM, SORTED_AT_RANDOM = {3, 4}, {3, 4}  # Anki's numbers of orders of new cards
SECTIONS = "\x1f"
TYPES = {
    "notes": "select id, guid, mid, mod, tags, flds from notes order by id",
    "cards": "select id, nid, did, ord, type, queue, due, ivl, factor, reps, lapses, left, odue, odid, flags, data"
    " from cards order by nid, ord",
    "revlog": "select ifnull(cast(id as integer), 0), ifnull(cast(cid as integer), 0), ifnull(cast(ease as integer), 0),"
    " ifnull(cast(ivl as integer), 0), ifnull(cast(factor as integer), 0), ifnull(cast(time as integer), 0),"
    " ifnull(cast(type as integer), 0) from revlog order by cid, id",
}
ROWS_AT_ONCE = 10_000


class CardTemplate(NamedTuple):
    """How a note type makes one of its cards."""

    name: str
    front: str
    back: str


@dataclass(frozen=True)
class NoteType:
    """What fields a note has, and how its cards are made."""

    id: int
    name: str
    is_cloze: bool
    fields: tuple[str, ...]
    templates: tuple[CardTemplate, ...]


@dataclass(frozen=True)
class Config:
    """How the cards of some decks are studied."""

    name: str
    learning: tuple[float, ...] = (1.0, 10.0)  # minutes
    relearning: tuple[float, ...] = (10.0,)
    retention: float = 0.9
    new_per_day: int = 20
    reviews_per_day: int = 200
    longest_interval: int = 36_500  # days
    new_place: int = 0  # among the reviews: mixed, after, before
    review_order: int = 0  # as Anki numbers them
    is_apart: bool = False  # other cards of a note wait until tomorrow
    leech_after: int = 8
    leech_suspends: bool = False
    new_at_random: bool = False
    parameters: tuple[float, ...] = ()  # of FSRS, of whatever version; none are the defaults
    week: tuple[float, ...] = ()  # shares of a usual day, from Monday on


class StoredNote(NamedTuple):
    """A note."""

    id: int
    guid: str
    type_id: int
    modified: int  # seconds
    tags: tuple[str, ...]
    fields: tuple[str, ...]


class StoredCard(NamedTuple):
    """A card, as the table has it."""

    id: int
    note_id: int
    deck_id: int
    ordinal: int
    type: int
    queue: int
    due: int
    interval: int
    factor: int
    reps: int
    lapses: int
    left: int
    original_due: int
    original_deck_id: int
    flags: int
    data: str


class StoredReview(NamedTuple):
    """A line of the review log."""

    id: int  # milliseconds
    card_id: int
    ease: int
    interval: int  # days, or seconds below 0
    factor: int
    time: int  # milliseconds
    type: int


class ReviewLog:
    """The review log in columns, by card: a million objects would take a gigabyte."""

    def __init__(self, found: sqlite3.Cursor) -> None:
        self._columns = [array("q") for _ in StoredReview._fields]
        while rows := found.fetchmany(ROWS_AT_ONCE):
            for column, values in zip(self._columns, zip(*rows, strict=True), strict=True):
                column.extend(values)

    def of(self, card_id: int) -> Sequence[StoredReview]:
        """Return the lines of a card, the oldest first."""
        cards = self._columns[1]
        start, end = bisect_left(cards, card_id), bisect_right(cards, card_id)
        return [StoredReview._make(row) for row in zip(*(one[start:end] for one in self._columns), strict=True)]


@dataclass(frozen=True)
class Collection:
    """All of a collection that is looked at."""

    first_day: date | None  # the day of its day 0; None where its zone is not known
    created: datetime
    types: Mapping[int, NoteType]
    decks: Mapping[int, str]  # "A::B"
    configs: Mapping[int, Config]  # by deck
    notes: Sequence[StoredNote]
    cards: Mapping[int, Sequence[StoredCard]]  # by note
    reviews: ReviewLog


@dataclass
class _About:
    """What a collection says of itself, besides notes and cards."""

    types: dict[int, NoteType] = field(default_factory=dict)
    decks: dict[int, str] = field(default_factory=dict)
    configs: dict[int, Config] = field(default_factory=dict)
    offset: int | None = None  # minutes west of UTC


def read(file: Path) -> Collection:
    """Read a collection; whatever is wrong with it is one sentence."""
    try:
        with closing(_opened(file)) as connection:
            return _read(connection)
    except (sqlite3.Error, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as fault:
        raise InvalidInput(BROKEN) from fault


def _opened(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    for pragma in ("trusted_schema=off", "query_only=on", "cell_size_check=on", "mmap_size=0"):
        connection.execute(f"PRAGMA {pragma}")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    connection.create_collation("unicase", _compare)
    return connection


def _compare(one: str, other: str) -> int:
    first, second = one.casefold(), other.casefold()
    return (first > second) - (first < second)


def _read(connection: sqlite3.Connection) -> Collection:
    kinds = {kind for (kind,) in connection.execute("select distinct type from sqlite_master")}
    if kinds - {"table", "index"} or _virtual(connection):
        raise InvalidInput(RUNS_CODE)
    for table, most in (("notes", MOST_NOTES), ("cards", MOST_CARDS), ("revlog", MOST_REVIEWS)):
        if connection.execute(f"select count() from {table}").fetchone()[0] > most:  # noqa: S608 - one of three names
            raise InvalidInput(TOO_MANY[table], most=figure(most))
    tables = {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")}
    about = _about_newer(connection) if "notetypes" in tables else _about_older(connection)
    (created,) = connection.execute("select crt from col").fetchone()
    notes = [_note(row) for row in connection.execute(TYPES["notes"])]
    cards: dict[int, list[StoredCard]] = defaultdict(list)
    for row in connection.execute(TYPES["cards"]):
        card = StoredCard._make((*(int(value or 0) for value in row[:-1]), str(row[-1] or "")))
        cards[card.note_id].append(card)
    reviews = ReviewLog(connection.execute(TYPES["revlog"]))
    at = datetime.fromtimestamp(created, UTC)
    west = None if about.offset is None else timezone(-timedelta(minutes=about.offset))
    first_day = at.astimezone(west).date() if west else None
    return Collection(first_day, at, about.types, about.decks, about.configs, notes, cards, reviews)


def _virtual(connection: sqlite3.Connection) -> bool:
    query = "select count() from sqlite_master where sql like 'create virtual%' or sql like '%generated always%'"
    return bool(connection.execute(query).fetchone()[0])


def _note(row: Sequence[Any]) -> StoredNote:
    number, guid, type_id, modified, tags, values = row
    return StoredNote(
        number, str(guid), type_id, modified, tuple(str(tags).split()), tuple(str(values).split(SECTIONS))
    )


def _about_older(connection: sqlite3.Connection) -> _About:
    """Read what the versions until 2.1.28 keep as JSON, which exports “for older versions” still do."""
    row = connection.execute("select models, decks, dconf, conf from col").fetchone()
    models, decks, presets, settings = (json.loads(text or "{}") for text in row)
    types = {int(one["id"]): _older_type(one) for one in models.values()}
    configs = {int(number): _older_config(one) for number, one in presets.items()}
    about = _About(types, offset=_offset(settings.get("creationOffset")))
    for number, deck in decks.items():
        about.decks[int(number)] = str(deck["name"])
        if (config := configs.get(int(deck.get("conf") or 0))) and not deck.get("dyn"):
            limits = (deck.get("newLimit"), deck.get("reviewLimit"))
            percent = deck.get("desiredRetention")
            about.configs[int(number)] = _of_deck(config, *limits, percent / 100 if percent else None)
    return about


def _of_deck(config: Config, new: object, reviews: object, retention: object) -> Config:
    """Return the preset of a deck with what the deck alone has otherwise."""
    if isinstance(new, int):
        config = replace(config, new_per_day=new)
    if isinstance(reviews, int):
        config = replace(config, reviews_per_day=reviews)
    return replace(config, retention=float(retention)) if isinstance(retention, float) and retention else config


def _older_type(one: Mapping[str, Any]) -> NoteType:
    fields = tuple(str(each["name"]) for each in one["flds"])
    templates = tuple(CardTemplate(str(t["name"]), str(t["qfmt"]), str(t["afmt"])) for t in one["tmpls"])
    return NoteType(int(one["id"]), str(one["name"]), one.get("type") == CLOZE, fields, templates)


def _older_config(one: Mapping[str, Any]) -> Config:
    new, rev, lapse = (one.get(part) or {} for part in ("new", "rev", "lapse"))
    return Config(
        name=str(one["name"]),
        learning=tuple(map(float, new.get("delays", (1, 10)))),
        relearning=tuple(map(float, lapse.get("delays", (10,)))),
        retention=float(one.get("desiredRetention") or 0.9),
        new_per_day=int(new.get("perDay", 20)),
        reviews_per_day=int(rev.get("perDay", 200)),
        longest_interval=int(rev.get("maxIvl", 36_500)),
        new_place=int(one.get("newMix", 0)),
        review_order=int(one.get("reviewOrder", 0)),
        is_apart=bool(new.get("bury") and rev.get("bury")),
        leech_after=int(lapse.get("leechFails", 8)),
        leech_suspends=lapse.get("leechAction", 1) == 0,
        new_at_random=one.get("newGatherPriority") in GATHERED_AT_RANDOM or one.get("newSortOrder") in SORTED_AT_RANDOM,
        parameters=tuple(map(float, one.get("fsrsParams6") or one.get("fsrsParams5") or one.get("fsrsWeights") or ())),
        week=tuple(map(float, one.get("easyDaysPercentages") or ())),
    )


def _about_newer(connection: sqlite3.Connection) -> _About:
    """Read what the present versions keep in tables of their own, with messages of protobuf."""
    about = _About()
    fields: dict[int, list[str]] = defaultdict(list)
    for type_id, name in connection.execute("select ntid, name from fields order by ntid, ord"):
        fields[type_id].append(str(name))
    templates: dict[int, list[CardTemplate]] = defaultdict(list)
    for type_id, name, config in connection.execute("select ntid, name, config from templates order by ntid, ord"):
        sides = protobuf.text(config, 1), protobuf.text(config, 2)
        templates[type_id].append(CardTemplate(str(name), *sides))
    for number, name, config in connection.execute("select id, name, config from notetypes"):
        is_cloze = protobuf.number(config, 1) == CLOZE
        about.types[number] = NoteType(number, str(name), is_cloze, tuple(fields[number]), tuple(templates[number]))
    configs = {i: _newer_config(str(name), config) for i, name, config in _rows(connection, "deck_config")}
    for number, name, kind in connection.execute("select id, name, kind from decks"):
        about.decks[number] = str(name).replace(SECTIONS, "::")
        normal = protobuf.first(kind, 1)
        if isinstance(normal, bytes) and (config := configs.get(protobuf.number(normal, 1))):
            limits = (protobuf.first(normal, 7), protobuf.first(normal, 6))
            about.configs[number] = _of_deck(config, *limits, protobuf.single(normal, 10))
    found = connection.execute("select val from config where key = 'creationOffset'").fetchone()
    about.offset = _offset(json.loads(found[0])) if found else None
    return about


def _rows(connection: sqlite3.Connection, table: str) -> Iterator[tuple[int, str, bytes]]:
    yield from connection.execute(f"select id, name, config from {table}")  # noqa: S608 - a name of ours


def _newer_config(name: str, config: bytes) -> Config:
    return Config(
        name=name,
        learning=protobuf.floats(config, 1),
        relearning=protobuf.floats(config, 2),
        retention=protobuf.single(config, 37) or 0.9,
        new_per_day=protobuf.number(config, 9),
        reviews_per_day=protobuf.number(config, 10),
        longest_interval=protobuf.number(config, 16, 36_500),
        new_place=protobuf.number(config, 30),
        review_order=protobuf.number(config, 33),
        is_apart=bool(protobuf.number(config, 27) and protobuf.number(config, 28)),
        leech_after=protobuf.number(config, 22, 8),
        leech_suspends=protobuf.number(config, 21) == 0,
        new_at_random=protobuf.number(config, 34) in GATHERED_AT_RANDOM
        or protobuf.number(config, 32) in SORTED_AT_RANDOM,
        parameters=protobuf.floats(config, 6) or protobuf.floats(config, 5) or protobuf.floats(config, 3),
        week=protobuf.floats(config, 4),
    )


def _offset(minutes: object) -> int | None:
    return minutes if isinstance(minutes, int) and abs(minutes) < 24 * 60 else None
