"""Decks to Anki packages, against genanki with the same fields ready-made.

The peer is given the finished fields and writes them with genanki alone. Ours starts from card
Markdown: it makes and checks every field, stamps times and ids, and compresses the file. Progress is six answers a card, of
which the peer writes none. Then the same from a library on disk, with ten answers a card: all that an export does.
"""

import gc
import multiprocessing
import resource
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import genanki

from benchmarks.harness import Row, best, in_turns
from benchmarks.libraries import NOW, Library, deck_of, made, readings, ready_drafts, reviewed, studied
from quizapp.anki import export
from quizapp.anki.export import AnkiDeck, AnkiNote
from quizapp.anki.fields import fields
from quizapp.anki.notetypes import FIELDS, note_type
from quizapp.anki.progress import Study, Way
from quizapp.db import leaving
from quizapp.db.decks import by_name as decks_of
from quizapp.db.engine import Database
from quizapp.domain.options import Options
from quizapp.domain.permissions import Actor
from quizapp.domain.queues import Days
from quizapp.domain.scheduling import Preset
from quizapp.services import decks
from quizapp.services.transfer import Contents, anki_note, export_deck

STUDY = Study(Days(ZoneInfo("UTC")), {"Benchmark": Way(Options(), Preset())})
QUICK, LONG, REVIEWS_EACH = 10_000, 100_000, 10
MOST_MEGABYTES = 400
ROUNDS = 3
Ready = tuple[str, str, list[str]]  # note type, GUID, field values


def rows(folder: Path, *, full: bool) -> Sequence[Row]:
    """Measure time and size of a deck, with and without progress."""
    drafts = ready_drafts(readings(folder.parent))
    count = LONG if full else QUICK
    found = [row for each in dict.fromkeys((QUICK, count)) for row in _rows(deck_of(drafts, each), folder)]
    return [*found, *_library_rows(folder, count)]


def ours(deck: AnkiDeck, path: Path) -> None:
    """Export as the site does, with progress."""
    path.write_bytes(export.write(deck, now=NOW, on_progress=lambda _share, _what: None).data)


def theirs(ready: Sequence[Ready], path: Path) -> None:
    """Export with genanki alone."""
    deck = genanki.Deck(2_059_400_110, "Benchmark")
    types = {name: _plain_type(name) for name in FIELDS}
    for name, guid, values in ready:
        deck.add_note(genanki.Note(types[name], values, guid=guid))
    genanki.Package(deck).write_to_file(path)


def _rows(deck: AnkiDeck, folder: Path) -> Sequence[Row]:
    mine, whole, plain = (folder / f"{name}.apkg" for name in ("ours", "progress", "genanki"))
    with_progress = replace(deck, notes=list(studied(deck.notes)), study=STUDY)
    ready, count = [_ready(note) for note in deck.notes], f"{len(deck.notes):,} notes"
    acts = (partial(ours, deck, mine), partial(ours, with_progress, whole), partial(theirs, ready, plain))
    gc.freeze()  # what is ready-made here is read bit by bit in use, and never looked through for garbage
    took, whole_took, peer_took = map(best, in_turns(*acts, rounds=ROUNDS))
    size, whole_size, peer_size = (path.stat().st_size / 1e6 for path in (mine, whole, plain))
    return [
        Row(f"Export of {count}: time", took, "s", peer_took, "genanki, fields ready-made", 1.3),
        Row(f"Export of {count}: file", size, "MB", peer_size, "genanki", 1 / 3),
        Row(f"Export of {count}, progress: time", whole_took, "s", peer_took, "genanki without any", 1.3),
        Row(f"Export of {count}, progress: file", whole_size, "MB", peer_size, "genanki without any", 1 / 3),
    ]


def _library_rows(folder: Path, count: int) -> Sequence[Row]:
    there = made(folder, cards=count)
    reviewed(there, each=REVIEWS_EACH)
    with there.database.writing() as session:
        above = decks.create(session, there.actor, "All", now=NOW)
        for row in decks_of(session, there.actor.learner_id):
            if row.id != above:
                decks.move(session, there.actor, row.id, into=above, now=NOW)
    with there.database.reading() as session:
        ids = [row.id for row in decks_of(session, there.actor.learner_id)]
        ready = [_ready(anki_note(note)) for note in leaving.notes(session, ids)]
    mine, plain = folder / "library.apkg", folder / "genanki.apkg"
    gc.freeze()
    acts = (partial(whole, there, above, mine), partial(theirs, ready, plain))
    took, peer_took = map(best, in_turns(*acts, rounds=ROUNDS))
    size, peer_size = (path.stat().st_size / 1e6 for path in (mine, plain))
    what = f"Export of a library, {len(ready):,} notes, {REVIEWS_EACH} answers each"
    return [
        Row(f"{what}: time", took, "s", peer_took, "genanki without any", 1.3),
        Row(f"{what}: file", size, "MB", peer_size, "genanki without any", 1 / 3),
        Row(f"{what}: memory", _memory(there, above, mine), "MB", most=MOST_MEGABYTES),
    ]


def whole(there: Library, deck_id: int, path: Path) -> None:
    """Export a deck with its subdecks and progress, as a worker does."""
    with there.database.reading() as session:
        exported = export_deck(session, there.actor, deck_id, now=NOW, contents=Contents(progress=True))
    path.write_bytes(exported.data)


def _memory(there: Library, deck_id: int, path: Path) -> float:
    """Return the megabytes that a process takes at most which does nothing else."""
    address = f"sqlite:///{there.database.path}"
    with ProcessPoolExecutor(max_workers=1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_peak, address, there.actor, deck_id, path).result()


def _peak(address: str, actor: Actor, deck_id: int, path: Path) -> float:
    whole(Library(Database(address), actor, bench_document_id=0), deck_id, path)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def _ready(note: AnkiNote) -> Ready:
    name = export.NOTE_TYPES[note.note.kind]
    values = fields(note.note, guid=note.guid, document_title=note.document_title, link=note.link)
    return name, note.guid, [values.get(field, "") for field in FIELDS[name]]


def _plain_type(name: str) -> genanki.Model:
    of_ours = note_type(name)
    return genanki.Model(
        of_ours.model_id,
        of_ours.name,
        fields=of_ours.fields,
        templates=of_ours.templates,
        css=of_ours.css,
        model_type=of_ours.model_type,
    )
