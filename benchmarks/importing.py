"""A package of Anki's with a long history, taken in, against Anki's own import of it into an empty collection.

Ours reads the package in a child process, rewrites every card as Markdown, replays every review and stores all of it
in one transaction; so does the peer, whose cards stay as they are. Memory is that of the largest process of the command.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from anki.collection import AddNoteRequest, Collection, ExportAnkiPackageOptions
from anki.import_export_pb2 import ImportAnkiPackageOptions, ImportAnkiPackageRequest

from benchmarks.harness import Row, best, in_turns
from quizapp.clock import utcnow
from quizapp.config import beside, local_time_zone
from quizapp.db.engine import Database
from quizapp.db.upgrade import upgrade
from quizapp.domain.queues import Days
from quizapp.domain.scheduling import Grade, Memory, Phase, Preset, review
from quizapp.services import accounts, importing, incoming_files
from quizapp.services.settings import study_plan

NOTES, REVIEWS_EACH = 10_000, 10
ROUNDS = 2
MOST_MEGABYTES = 400
WORDS = [
    "cell",
    "wall",
    "core",
    "light",
    "water",
    "salt",
    "iron",
    "wind",
    "tide",
    "moon",
    "stone",
    "leaf",
    "root",
    "seed",
    "bone",
    "skin",
]


def rows(folder: Path, *, full: bool) -> Sequence[Row]:
    """Measure time and memory; the whole size only when `full`."""
    notes = NOTES if full else NOTES // 10
    package = folder / "long.apkg"
    make(package, folder, notes)
    numbers = count()
    times = in_turns(
        partial(_ours, package, folder, numbers), partial(_theirs, package, folder, numbers), rounds=ROUNDS
    )
    took, peer_took = map(best, times)
    what = f"Import from Anki, {notes:,} notes with {notes * REVIEWS_EACH:,} reviews"
    return [
        Row(f"{what}: time", took, "s", peer_took, "Anki", 2.0),
        Row(f"{what}: memory", _memory(package, folder), "MB", most=MOST_MEGABYTES),
    ]


def make(package: Path, folder: Path, notes: int) -> None:
    """Let Anki write a package of notes that were studied for a year or so."""
    dice, collection = Random(7), Collection(str(folder / "made.anki2"))
    collection.set_config("fsrs", val=True)
    kind, deck = collection.models.by_name("Basic"), collection.decks.id("Long")
    requests = []
    for number in range(notes):
        note = collection.new_note(kind)
        words = " ".join(dice.choices(WORDS, k=8))
        note.fields = [f"What is said of <b>{number}</b>: {words}?", f"{words.title()} &amp; more."]
        requests.append(AddNoteRequest(note, deck))
    collection.add_notes(requests)
    days, today = Days(ZoneInfo(local_time_zone())), collection.sched.today
    for number, card in enumerate(collection.find_cards("")):
        memory, log = None, []
        for at, grade in _history(dice, number):
            memory = review(memory, grade, at, days, Preset())
            log.append(_line(card, at, grade, memory))
        _remember(collection, card, memory, log, due=today + days.between(utcnow(), memory.due) if memory else 0)
    options = ExportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True, with_media=True, legacy=False)
    collection.export_anki_package(out_path=str(package), options=options, limit=None)
    collection.close()


def _history(dice: Random, number: int) -> Iterator[tuple[datetime, Grade]]:
    at = utcnow() - timedelta(days=400, seconds=number % 20_000, milliseconds=number)
    for _ in range(REVIEWS_EACH):
        yield at.replace(microsecond=at.microsecond // 1000 * 1000), dice.choice(list(Grade))
        at += timedelta(days=dice.randint(0, 40), milliseconds=dice.randint(60_000, 900_000))


def _line(card: int, at: datetime, grade: Grade, memory: Memory) -> tuple[int, ...]:
    is_review = memory.phase is Phase.REVIEW
    interval = memory.interval.days if is_review else -int(memory.interval.total_seconds())
    return (int(at.timestamp() * 1000), card, -1, grade, interval, 0, 2500, 4_000, 1 if is_review else 0)


def _remember(
    collection: Collection, card: int, memory: Memory | None, log: Sequence[tuple[int, ...]], *, due: int
) -> None:
    if collection.db is None or memory is None:
        return
    collection.db.executemany("insert or ignore into revlog values (?, ?, ?, ?, ?, ?, ?, ?, ?)", log)
    data = json.dumps({"s": memory.stability, "d": memory.difficulty, "lrt": int(memory.last_review.timestamp())})
    is_review = memory.phase is Phase.REVIEW
    state = 2 if is_review else 1 if memory.phase is Phase.LEARNING else 3
    when = due if is_review else int(memory.due.timestamp())
    values = (state, 2 if is_review else 1, when, memory.interval.days, len(log), memory.lapses, data, card)
    collection.db.execute(
        "update cards set type = ?, queue = ?, due = ?, ivl = ?, factor = 2500, reps = ?, lapses = ?, data = ? where id = ?",
        *values,
    )


def _ours(package: Path, folder: Path, numbers: Iterator[int]) -> None:
    database = Database(f"sqlite:///{folder / f'ours-{next(numbers)}.db'}")
    upgrade(database, scripts=beside("migrations"), now=utcnow())
    with database.writing() as session:
        actor = accounts.local_owner(session, time_zone=local_time_zone(), now=utcnow())
        days = study_plan(session, actor).days
    brought, besides = incoming_files.read(package, package.name, database.media, days=days, now=utcnow())
    with database.writing() as session:
        importing.store(
            session, actor, brought.incoming, source=package.name, into="Long", besides=besides, now=utcnow()
        )
    database.close()


def _theirs(package: Path, folder: Path, numbers: Iterator[int]) -> None:
    collection = Collection(str(folder / f"anki-{next(numbers)}.anki2"))
    options = ImportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True)
    collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(package), options=options))
    collection.close()


def _memory(package: Path, folder: Path) -> float:
    """Return the megabytes that the largest process of the command takes at most."""
    home = {**os.environ, "QUIZAPP_DATA_DIR": str(folder / "home")}
    command = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL);"
    command += "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    asked = [sys.executable, "-c", command, sys.executable, "-m", "quizapp", "import", str(package)]
    done = subprocess.run(asked, check=True, env=home, capture_output=True, text=True)
    return int(done.stdout) / (1 << 20 if sys.platform == "darwin" else 1 << 10)
