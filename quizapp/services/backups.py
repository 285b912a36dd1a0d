"""Backups: a whole library in one file, and back. Start from `back_up` and `restore`.

These work on the library as a whole, whoever owns what is in it; only the person
who can read its files can call them.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from uuid import uuid4

from quizapp import __version__
from quizapp.db import copies
from quizapp.db.engine import Database
from quizapp.db.upgrade import knows, upgrade
from quizapp.errors import Conflict, InvalidInput, Unavailable
from quizapp.media import Media
from quizapp.sandbox import Progress
from quizapp.services import archive
from quizapp.services.archive import LIBRARY, About, Manifest

DAYS_KEPT = 7
DAILY = "recto-????-??-??.zip"


@dataclass(frozen=True)
class BackedUp:
    """A backup that was written."""

    file: Path
    size: int
    counts: Mapping[str, int]  # rows by table
    files: int
    problems: tuple[str, ...]  # originals that could not be put in, as sentences


@dataclass(frozen=True)
class Restored:
    """A backup that took the place of the library."""

    made: datetime
    counts: Mapping[str, int]
    files: int
    aside: Path | None  # where the library that was there is now; None when there was none


def back_up(
    database: Database, file: Path, *, replace: bool, now: datetime, on_progress: Progress | None = None
) -> BackedUp:
    """Write one moment of the library, with every file that it names, into one file; writers go on meanwhile."""
    file = file.absolute()
    _refuse_place(database, file, replace=replace)
    report = on_progress or _silent
    with _telling(file), _workplace(file.parent, ".recto-backup") as folder, database.media.kept():
        copy, packed = folder / LIBRARY, folder / "backup.zip"
        copies.copy(database, copy, on_share=lambda share: report(0.3 * share, "Copying the library"))
        held = copies.contents(copy)
        faults = {name: fault for name in held.originals if (fault := database.media.fault(name))}
        files = [name for name in sorted(held.originals) if name not in faults]
        parts = [(LIBRARY, copy), *((archive.media_part(name), database.media.path(name)) for name in files)]
        about = About(now.astimezone(UTC).isoformat(), __version__, held.revision, held.counts, tuple(sorted(faults)))
        total = 2 * sum(path.stat().st_size for _, path in parts)
        archive.pack(packed, parts, about, took=_counting(report, "Writing the backup", total, start=0.4))
        size = packed.stat().st_size
        packed.replace(file)
        _force(file.parent)
    problems = tuple(
        f"The file of “{held.originals[name]}” {fault}; it is not in the backup." for name, fault in faults.items()
    )
    return BackedUp(file, size, held.counts, len(files), problems)


def back_up_daily(database: Database, folder: Path, *, now: datetime) -> BackedUp | None:
    """Write today's backup into the folder unless it is there, and keep the newest seven."""
    file = folder / f"recto-{now.astimezone(UTC):%Y-%m-%d}.zip"
    if file.exists():
        return None
    _make_folder(folder)
    done = back_up(database, file, replace=True, now=now)
    for old in sorted(folder.glob(DAILY))[:-DAYS_KEPT]:
        old.unlink(missing_ok=True)
    return done


def restore(
    database: Database,
    file: Path,
    *,
    aside: Path,
    scripts: Path,
    now: datetime,
    on_progress: Progress | None = None,
) -> Restored:
    """Put a backup in the place of the library, which is kept in the folder `aside`.

    Everything in the backup is checked first; until then, and whenever something
    fails, the library is as it was.
    """
    if not file.is_file():
        raise InvalidInput("There is no file %(file)s. Name a backup that quizapp backup has written.", file=file)
    report, place = on_progress or _silent, database.store.folder
    place.mkdir(parents=True, exist_ok=True)
    with _telling(place), copies.unoccupied(database), _workplace(place, ".recto-restore") as folder:
        took = _counting(report, "Checking the backup", 2 * file.stat().st_size, start=0)
        manifest = archive.unpack(file, folder, took=took)
        staged = _up_to_date(folder / LIBRARY, manifest, file, scripts=scripts, now=now)
        kept = _put_in_place(database, staged, Media(folder / "media"), aside=aside, scripts=scripts, now=now)
    about = manifest.about
    return Restored(datetime.fromisoformat(about.made), about.counts, len(manifest.parts) - 1, kept)


def _up_to_date(staged: Path, manifest: Manifest, file: Path, *, scripts: Path, now: datetime) -> Path:
    """Return the staged library, checked and with the tables that this program uses."""
    if not knows(scripts, manifest.about.revision):
        raise InvalidInput("This backup was made by a newer version of Recto. Install that version, then restore.")
    try:
        held = copies.contents(staged)
    except Unavailable:
        held = None
    files = {part.sha256 for part in manifest.parts if part.name != LIBRARY} | set(manifest.about.missing)
    if held is None or held.counts != manifest.about.counts or held.originals.keys() != files:
        raise InvalidInput(
            "%(file)s is damaged, or no backup of Recto. The library is as it was; try another.", file=file
        )
    database = Database(f"sqlite:///{staged}")
    try:
        upgrade(database, scripts=scripts, now=now)
        copies.end_access(database, now=now)
    finally:
        database.close()
    return staged


def _put_in_place(
    database: Database, staged: Path, files: Media, *, aside: Path, scripts: Path, now: datetime
) -> Path | None:
    """Replace the library under the lock of its writers; return where the one before is kept."""
    there = copies.exists(database)
    whole = _is_whole(database, scripts=scripts, now=now) if there or not database.is_file else True
    with copies.replacing(database) as put:
        kept = None
        if there:
            kept = _set_aside(database, aside, whole=whole, now=now)
            whole = whole and kept.is_file()
        for one in files.files():
            database.media.take_in(one.path, one.name)
        if whole:
            put(staged)
        else:
            database.close()
            _swap(staged, database.path)
    return kept


def _is_whole(database: Database, *, scripts: Path, now: datetime) -> bool:
    """Bring the library that is there up to date, and say whether that could be done.

    A file that cannot be opened is replaced; what a server does not give is not.
    """
    try:
        upgrade(database, scripts=scripts, now=now)
    except Unavailable:
        if not database.is_file:
            raise
        return False
    return True


def _set_aside(database: Database, folder: Path, *, whole: bool, now: datetime) -> Path:
    """Keep the library as a backup; one too damaged for that as the files that it was."""
    _make_folder(folder)
    kept = _free(folder, f"before-restore-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    if whole:
        try:
            return back_up(database, kept.with_name(f"{kept.name}.zip"), replace=False, now=now).file
        except Unavailable as fault:
            if isinstance(fault.__cause__, OSError) or not database.is_file:
                raise  # no room, say: nothing is wrong with the library
    kept.mkdir(mode=0o700)
    for suffix in ("", "-wal", "-shm"):
        path = Path(f"{database.path}{suffix}")
        if path.exists():
            shutil.copy2(path, kept / path.name)
            _force(kept / path.name)
    _force(kept)
    return kept


def _free(folder: Path, name: str) -> Path:
    """Return a place of that name, or with a number after it: two restores can fall into one second."""
    numbered = (folder / (f"{name}-{number}" if number > 1 else name) for number in count(1))
    return next(path for path in numbered if not path.exists() and not path.with_name(f"{path.name}.zip").exists())


def _swap(staged: Path, path: Path) -> None:
    """Put the file in the place of a library that cannot be opened, of which a copy was kept."""
    _force(staged)
    for suffix in ("-wal", "-shm"):  # they belong to the old file, and would be read into the new one
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    _force(path.parent)
    staged.replace(path)
    _force(path.parent)


def _refuse_place(database: Database, file: Path, *, replace: bool) -> None:
    if not file.parent.is_dir():
        raise InvalidInput("There is no folder %(parent)s. Make it first, or choose another.", parent=file.parent)
    if file.is_dir():
        raise InvalidInput(
            "%(file)s is a folder. Name a file in it, such as %(file2)s.", file=file, file2=file / "recto.zip"
        )
    place, own = file.resolve(), {path.resolve() for path in database.store.files}
    if place in own or database.media.folder.resolve() in place.parents:
        raise InvalidInput("%(file)s is part of the library itself. Choose another name for the backup.", file=file)
    if file.exists() and not replace:
        raise Conflict("%(file)s is there already. Choose another name, or say --force to replace it.", file=file)


@contextmanager
def _workplace(parent: Path, prefix: str) -> Iterator[Path]:
    """Give an empty folder that is removed at the end; those that a crash left behind are removed as well."""
    for stale in parent.glob(f"{prefix}.*.part"):
        _remove_unless_used(stale)
    folder = parent / f"{prefix}.{uuid4().hex[:8]}.part"
    folder.mkdir(mode=0o700)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield folder
    finally:
        os.close(descriptor)
        shutil.rmtree(folder, ignore_errors=True)


def _remove_unless_used(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    except BlockingIOError:
        return
    finally:
        os.close(descriptor)


@contextmanager
def _telling(place: Path) -> Iterator[None]:
    """Turn what a disk refuses into a sentence."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Unavailable(
            "%(value)s cannot be used: %(reason)s. Nothing was changed.", value=error.filename or place, reason=reason
        ) from error


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(
            "The folder %(folder)s cannot be made: %(value)s.", folder=folder, value=(error.strerror or "").lower()
        ) from error


def _force(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _counting(report: Progress, what: str, total: int, *, start: float) -> Callable[[int], None]:
    """Return what counts bytes done and reports their share of the total, from `start` on."""
    done = 0

    def took(more: int) -> None:
        nonlocal done
        done += more
        report(start + (1 - start) * min(1.0, done / max(1, total)), what)

    return took


def _silent(_share: float, _what: str) -> None:
    """Report to nobody."""
