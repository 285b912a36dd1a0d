"""Files beside the database, each named by the SHA-256 of what it holds. Start from `Media`.

A file is written whole and forced to the disk before any row names it, and removed only
when no row does. So a crash leaves a file too many at worst, never one too few.
"""

import fcntl
import os
import re
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from hashlib import file_digest, sha256
from pathlib import Path
from uuid import uuid4

from quizapp.errors import NotFound, Unavailable

NAME = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class MediaFile:
    """A file that lies in the store, named or not."""

    path: Path
    size: int
    written: datetime

    @property
    def name(self) -> str:
        """Return the hash that the file claims to have; a leftover has none and gives its file name."""
        return self.path.name


@dataclass(frozen=True)
class Media:
    """A folder of files by content."""

    folder: Path

    def path(self, name: str) -> Path:
        """Return where the file of that name lies, or would."""
        return self.folder / name[:2] / name

    def put(self, data: bytes) -> str:
        """Keep the bytes, once, and return their name; a damaged file of that name is replaced."""
        name = sha256(data).hexdigest()
        path = self.path(name)
        try:
            if path.is_file() and path.read_bytes() == data:
                os.utime(path)  # it waits anew for a row to name it
                return name
            self._publish(path, partial(_write, data))
        except OSError as error:
            raise self._full(error) from error
        return name

    def put_file(self, file: Path) -> str:
        """Keep a copy of a file that may be larger than memory, and return its name."""
        try:
            with file.open("rb") as source:
                name = file_digest(source, "sha256").hexdigest()
            path = self.path(name)
            if self.fault(name) is None:
                os.utime(path)  # it waits anew for a row to name it
                return name
            self._publish(path, partial(_copy, file))
        except OSError as error:
            raise self._full(error) from error
        return name

    def _full(self, error: OSError) -> Unavailable:
        return Unavailable(
            "The file cannot be kept in %(folder)s: %(error)s. Nothing was stored; make room and try again.",
            folder=self.folder,
            error=_reason(error),
        )

    def take_in(self, file: Path, name: str) -> None:
        """Move a file on the same disk, which is known to have that name, into the store."""
        path = self.path(name)
        self._make_folder(path.parent)
        _publish(file, path)

    def get(self, name: str) -> bytes:
        """Return the bytes of that name."""
        try:
            return self.path(name).read_bytes()
        except OSError as error:
            raise NotFound("The file that was kept is missing. Run quizapp check, or restore a backup.") from error

    def exists(self, name: str) -> bool:
        """Say whether a file of that name is there."""
        return self.path(name).is_file()

    def fault(self, name: str) -> str | None:
        """Return what is wrong with the file of that name, as the end of a sentence, or None."""
        try:
            with self.path(name).open("rb") as file:
                return None if file_digest(file, "sha256").hexdigest() == name else "is damaged"
        except FileNotFoundError:
            return "is missing"
        except OSError as error:
            return f"cannot be read: {_reason(error)}"

    def files(self) -> Iterator[MediaFile]:
        """Give every file in the store by name, leftovers of interrupted writes among them."""
        for path in sorted(self.folder.glob("*/*")):
            if path.is_file():
                told = path.stat()
                yield MediaFile(path, told.st_size, datetime.fromtimestamp(told.st_mtime, UTC))

    def collect(self, named: Collection[str], *, before: datetime) -> int:
        """Remove the files that have none of these names and were written before that; return how many.

        Hold the turn to write meanwhile, so that nobody is about to name one. Nothing is
        removed while a backup reads the files.
        """
        unnamed = [file for file in self.files() if file.name not in named and file.written < before]
        descriptor = self._descriptor()
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for file in unnamed:
                file.path.unlink(missing_ok=True)
        except BlockingIOError:
            return 0
        finally:
            os.close(descriptor)
        return len(unnamed)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep every file where it is until the end of the block."""
        descriptor = self._descriptor()
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            yield
        finally:
            os.close(descriptor)

    def _descriptor(self) -> int:
        try:
            self._make_folder(self.folder)
            return os.open(self.folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise Unavailable(
                "The folder %(folder)s cannot be used: %(error)s.", folder=self.folder, error=_reason(error)
            ) from error

    def _publish(self, path: Path, fill: Callable[[Path], None]) -> None:
        """Let a file be written beside its place, and take its place whole."""
        self._make_folder(path.parent)
        draft = path.with_name(f".{path.name}.{uuid4().hex[:8]}")
        try:
            fill(draft)
            _publish(draft, path)
        finally:
            draft.unlink(missing_ok=True)

    def _make_folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
        for made in (self.folder, folder):
            made.mkdir(mode=0o700, exist_ok=True)
        for above in (folder.parent, self.folder.parent):
            _force(above)


def _write(data: bytes, path: Path) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)


def _copy(source: Path, path: Path) -> None:
    shutil.copyfile(source, path)
    path.chmod(0o600)


def _publish(draft: Path, path: Path) -> None:
    """Give a written file its name, so that both outlast a power cut."""
    _force(draft)
    draft.replace(path)
    _force(path.parent)


def _force(path: Path) -> None:
    """Force what was written to the disk: the bytes of a file, the names in a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
