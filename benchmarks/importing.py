"""A package of Anki's with a long history, taken in, against Anki's own import of it into an empty collection.

Ours does what a command does: it reads the package in a child process, rewrites every card as Markdown, replays every
review, and stores all of it in short turns, between which others write; the peer's cards stay as they are, and so does
what it remembers. Memory is that of the largest process of the command. A bomb is a package that unpacks to far more
than it seems; what it costs is what its reader takes more than that of a package with a single note.
"""

import json
import os
import resource
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from time import perf_counter
from zoneinfo import ZoneInfo

import zstandard
from anki.collection import AddNoteRequest, Collection, ExportAnkiPackageOptions
from anki.import_export_pb2 import ImportAnkiPackageOptions, ImportAnkiPackageRequest

from benchmarks.harness import Row, best, in_turns
from quizapp.clock import utcnow
from quizapp.config import beside, local_time_zone
from quizapp.db.engine import Database
from quizapp.db.upgrade import upgrade
from quizapp.domain.permissions import Actor
from quizapp.domain.queues import Days
from quizapp.domain.scheduling import Grade, Memory, Phase, Preset, review
from quizapp.services import accounts, jobs
from quizapp.services.tasks import ToImport
from quizapp.worker import attempt

NOTES, MANY_NOTES, REVIEWS_EACH = 10_000, 100_000, 10
ROUNDS = 2
MOST_TIMES = 2.0
MOST_MEGABYTES = 400
MOST_WAIT = 1.0  # seconds that another writer waits for its turn
PAUSE = 0.05  # seconds between two of its turns
BOMB_BYTES = 1536 << 20  # which lie in 48 KB
MOST_BOMB_SECONDS, MOST_BOMB_MEGABYTES = 1.0, 100.0
# Reads a package in a child, and prints the processor time and the peak of memory that it took.
READ = """
import resource, sys
from pathlib import Path
from zoneinfo import ZoneInfo
from quizapp.clock import utcnow
from quizapp.domain.past import Presets
from quizapp.domain.queues import Days
from quizapp.domain.scheduling import Preset
from quizapp.errors import InvalidInput
from quizapp.media import Media
from quizapp.services import incoming_files

if __name__ == "__main__":
    file = Path(sys.argv[1])
    try:
        presets = Presets(Days(ZoneInfo("UTC")), Preset())
        with incoming_files.opened(file, file.name, Media(file.parent / "media"), presets=presets, now=utcnow()):
            print("read")
    except InvalidInput:
        print("refused")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(used.ru_utime + used.ru_stime, used.ru_maxrss)
"""
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
    """Measure time, memory and the waiting of others; the largest size only when `full`."""
    found = [*_bomb(folder), *_package(folder, NOTES, rounds=ROUNDS)]
    return [*found, *_package(folder, MANY_NOTES, rounds=1)] if full else found


def _package(folder: Path, notes: int, *, rounds: int) -> Iterator[Row]:
    """Measure a package of so many notes."""
    package = folder / f"long-{notes}.apkg"
    make(package, folder, notes)
    numbers = count()
    ours, theirs = (
        _Measured(partial(_ours, package, folder, numbers)),
        _Measured(partial(_theirs, package, folder, numbers)),
    )
    took, peer_took = map(best, in_turns(ours, theirs, rounds=rounds))
    what = f"Import from Anki, {notes:,} notes with {notes * REVIEWS_EACH:,} reviews"
    yield Row(f"{what}: time", took, "s", peer_took, "Anki", MOST_TIMES)
    yield Row(f"{what}: processor time", best(ours.work), "s", best(theirs.work), "Anki", MOST_TIMES)
    yield Row(f"{what}: memory", _memory(package, folder), "MB", most=MOST_MEGABYTES)
    yield Row(f"{what}: the longest that another writer waits", _wait(package, folder, numbers), "s", most=MOST_WAIT)


class _Measured:
    """Does something, and notes the processor time that it takes, its children's included."""

    def __init__(self, act: Callable[[], None]) -> None:
        self.work: list[float] = []
        self._act = act

    def __call__(self) -> None:
        begun = _work()
        self._act()
        self.work.append(_work() - begun)


def _work() -> float:
    """Return the seconds of a processor that this process and its children have had."""
    every = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in every)


def _bomb(folder: Path) -> Iterator[Row]:
    """Measure what it costs to refuse a package that unpacks to 1.5 GB."""
    small, bomb = folder / "small.apkg", folder / "bomb.apkg"
    make(small, folder, 1)
    packing = zstandard.ZstdCompressor().compressobj()
    zeros = bytes(1 << 20)
    packed = b"".join([*(packing.compress(zeros) for _ in range(BOMB_BYTES >> 20)), packing.flush()])
    with zipfile.ZipFile(bomb, "w") as file:
        file.writestr("meta", b"\x08\x03")
        file.writestr("collection.anki21b", packed)
    (seconds, memory), (usual_seconds, usual_memory) = _read(bomb, "refused"), _read(small, "read")
    what = f"Refusing a package of {bomb.stat().st_size >> 10} KB that unpacks to 1.5 GB"
    yield Row(f"{what}: processor time", max(0.0, seconds - usual_seconds), "s", most=MOST_BOMB_SECONDS)
    yield Row(f"{what}: memory", max(0.0, memory - usual_memory), "MB", most=MOST_BOMB_MEGABYTES)


def _read(package: Path, outcome: str) -> tuple[float, float]:
    """Return the seconds of a processor and the megabytes that a child takes to read a package."""
    script = package.with_name("read_a_package.py")
    script.write_text(READ)
    asked = [sys.executable, str(script), str(package)]
    done = subprocess.run(asked, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[1])
    became, seconds, size = done.stdout.split()
    if became != outcome:
        raise RuntimeError(f"{package.name} was {became}")
    return float(seconds), _megabytes(size)


def make(package: Path, folder: Path, notes: int) -> None:
    """Let Anki write a package of notes that were studied for a year or so."""
    dice, collection = Random(7), Collection(str(folder / f"made-{notes}.anki2"))
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
    with _library(folder, numbers) as (database, actor):
        _import(database, actor, package)


@contextmanager
def _library(folder: Path, numbers: Iterator[int]) -> Iterator[tuple[Database, Actor]]:
    """Give an empty library of its own."""
    database = Database(f"sqlite:///{folder / f'ours-{next(numbers)}.db'}")
    upgrade(database, scripts=beside("migrations"), now=utcnow())
    with database.writing() as session:
        actor = accounts.local_owner(session, time_zone=local_time_zone(), now=utcnow())
    yield database, actor
    database.close()


def _import(database: Database, actor: Actor, package: Path) -> None:
    """Take a package in as a command does."""
    task = ToImport(package.name).task(database.media.put_file(package))
    with database.writing() as session:
        held = jobs.begin(session, actor, task, data=None, now=utcnow())
    attempt.do(database, held, ending=threading.Event())


def _wait(package: Path, folder: Path, numbers: Iterator[int]) -> float:
    """Return the longest that another writer waits for its turn while a package comes in."""
    waits, is_over = [0.0], threading.Event()
    with _library(folder, numbers) as (database, actor):

        def write() -> None:
            while not is_over.wait(PAUSE):
                begun = perf_counter()
                with database.writing():
                    waits.append(perf_counter() - begun)

        writer = threading.Thread(target=write)
        writer.start()
        _import(database, actor, package)
        is_over.set()
        writer.join()
    return max(waits)


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
    return _megabytes(done.stdout)


def _megabytes(told: str) -> float:
    """Return what the system tells of the memory of a process in megabytes."""
    return int(told) / (1 << 20 if sys.platform == "darwin" else 1 << 10)
