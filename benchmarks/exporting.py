"""Decks to Anki packages, against genanki with the same fields ready-made.

The peer is given the finished fields and writes them with genanki alone. Ours starts from card
Markdown: it makes and checks every field, stamps times and ids, and compresses the file.
"""

import gc
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import genanki

from benchmarks.harness import Row, best, in_turns
from benchmarks.libraries import NOW, deck_of, readings, ready_drafts, studied
from quizapp.anki import export
from quizapp.anki.export import AnkiDeck, AnkiNote
from quizapp.anki.fields import fields
from quizapp.anki.notetypes import FIELDS, note_type
from quizapp.anki.progress import Study, Way
from quizapp.domain.options import Options
from quizapp.domain.queues import Days
from quizapp.domain.scheduling import Preset

STUDY = Study(Days(ZoneInfo("UTC")), {"Benchmark": Way(Options(), Preset())})
QUICK, LONG = 10_000, 100_000
ROUNDS = 3
Ready = tuple[str, str, list[str]]  # note type, GUID, field values


def rows(folder: Path, *, full: bool) -> Sequence[Row]:
    """Measure time and size of a deck, with and without progress."""
    drafts = ready_drafts(readings(folder.parent))
    return [row for count in ((QUICK, LONG) if full else (QUICK,)) for row in _rows(deck_of(drafts, count), folder)]


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
