"""The log: a line for each request, and the way to each fault; never what is in the library.

Call `keep` once in each process that has something to note. Texts of cards, names, secrets and
whatever else a message could carry stay out: of an exception only its kind and its place are noted.
"""

import fcntl
import logging
import os
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

LOGGER = logging.getLogger("quizapp")
MOST_BYTES, OLD_ONES = 5_000_000, 4
PAUSE_SECONDS = 1.0  # between two looks at how large the file is, and whether it is still there
MOST_CAUSES = 10


def keep(place: Path | None) -> Path | None:
    """Write what this process notes to that file, or to stderr when there is none.

    The first call decides; each returns where it goes.
    """
    if LOGGER.handlers:
        return next((Path(one.baseFilename) for one in LOGGER.handlers if isinstance(one, _File)), None)
    handler = _Stderr() if place is None else _File(place)
    handler.setFormatter(_Lines())
    LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.INFO)
    LOGGER.propagate = False
    return place


def kinds(fault: BaseException) -> str:
    """Return the kinds of an exception and of its causes, without what their messages say."""
    return " < ".join(_kind(one) for one in _with_causes(fault))


class _Lines(logging.Formatter):
    """Writes a time in UTC, a level and a message; of an exception where it was, and its kind."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def formatException(self, ei: object) -> str:
        fault = ei[1] if isinstance(ei, tuple) else None
        told = [
            f"Traceback (most recent call last):\n{''.join(traceback.format_tb(one.__traceback__))}{_kind(one)}"
            for one in _with_causes(fault)
        ]
        return "\nwhich led to\n".join(reversed(told))


class _Stderr(logging.StreamHandler[TextIO]):
    """Writes to stderr; one that is closed or full stops nobody's work."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Let the line go."""


class _File(RotatingFileHandler):
    """Appends to a file for its owner alone, which any number of processes may write to.

    A file that has grown is renamed and a new one begun; who still has the old one open notices it
    with the next line. A disk that is full stops nobody's work.
    """

    def __init__(self, place: Path) -> None:
        super().__init__(place, maxBytes=MOST_BYTES, backupCount=OLD_ONES, encoding="utf-8", delay=True)
        self._place = place
        self._looked = 0.0

    def shouldRollover(self, record: logging.LogRecord) -> bool:
        if 0 <= record.created - self._looked < PAUSE_SECONDS and self.stream is not None:
            return False
        self._looked = record.created
        if self.stream is None or not _is_named(self.stream.fileno(), self._place):
            if self.stream is not None:
                self.stream.close()
            self.stream = self._open()
        return os.fstat(self.stream.fileno()).st_size >= self.maxBytes

    def doRollover(self) -> None:
        with self._open() as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            ours = self.stream is not None and os.path.sameopenfile(held.fileno(), self.stream.fileno())
            if ours and _is_named(held.fileno(), self._place):  # else another process was first
                super().doRollover()

    def handleError(self, record: logging.LogRecord) -> None:
        """Let the line go."""

    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, "a", encoding="utf-8", opener=_for_its_owner)


def _is_named(descriptor: int, place: Path) -> bool:
    """Say whether an open file is still the one of that name."""
    try:
        return os.path.samestat(place.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _with_causes(fault: BaseException | None) -> Iterator[BaseException]:
    """Give the exception, then what it came from."""
    for _ in range(MOST_CAUSES):
        if fault is None:
            return
        yield fault
        fault = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)


def _kind(fault: BaseException) -> str:
    """Name an exception by its class and by the code that the system or SQLite gave, which says nothing of anybody."""
    original = getattr(fault, "orig", None) or fault
    code = getattr(original, "sqlite_errorname", None) or getattr(original, "sqlstate", None)
    if isinstance(fault, OSError) and fault.errno is not None:
        code = os.strerror(fault.errno)
    return type(fault).__name__ + (f" ({code})" if code else "")
