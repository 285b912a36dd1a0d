"""A library in an SQLite file: how its transactions begin, who may write, and what its failures mean."""

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from quizapp.errors import QuizappError, Unavailable
from quizapp.translations import marked

# The cache holds eight megabytes: what one person remembers lies among that of all others, a page for each card.
PRAGMAS = ("busy_timeout=10000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-8000")

BUSY = "The library is busy with another write. Try again in a moment."
SENTENCES: dict[int, str] = {
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_PERM: marked("The library at %(path)s may not be opened. Check who owns the file and its folder."),
    sqlite3.SQLITE_AUTH: marked("The library at %(path)s may not be opened. Check who owns the file and its folder."),
    sqlite3.SQLITE_READONLY: marked(
        "The library at %(path)s cannot be written. Check the rights of the file and its folder."
    ),
    sqlite3.SQLITE_CANTOPEN: marked(
        "The library at %(path)s cannot be opened. Check that its folder exists and can be written."
    ),
    sqlite3.SQLITE_IOERR: marked(
        "The disk failed while reading or writing %(path)s. Nothing was stored; check the disk."
    ),
    sqlite3.SQLITE_FULL: marked("The disk with %(path)s is full. Nothing was stored; make room and try again."),
    sqlite3.SQLITE_CORRUPT: marked("The library at %(path)s is damaged. Restore it from a backup."),
    sqlite3.SQLITE_NOTADB: marked(
        "The file %(path)s is not a Recto library. Move it away or set QUIZAPP_DATABASE_URL."
    ),
    sqlite3.SQLITE_NOMEM: marked("There is not enough memory to work with the library. Close something and try again."),
}


class SqliteFile:
    """The file, the lock that its writers share, and an engine for each side.

    A connection that changed sides would have every statement prepared anew.
    """

    patience = 10.0  # seconds that a writer waits for its turn before it gives up

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = str(path)
        self.folder = path.parent
        self.media_folder = Path(f"{path}.media")
        self.site_lock = Path(f"{path}.site")
        self.files = tuple(Path(f"{path}{suffix}") for suffix in ("", "-wal", "-shm", ".lock", ".site"))
        self.reader = _engine(path, "BEGIN", "query_only=ON")
        self.writer = _engine(path, "BEGIN IMMEDIATE")
        self._file: os.stat_result | None = None  # the file as it was at the first turn

    @contextmanager
    def turn(self, patience: float) -> Iterator[None]:
        """Hold the lock file among processes."""
        descriptor = self._lock_file()
        try:
            _lock(descriptor, patience)
            self._recognise_file()
            yield
        finally:
            os.close(descriptor)

    @contextmanager
    def altering(self, _patience: float) -> Iterator[Connection]:
        """Give a connection that may rebuild tables; the turn has been waited for.

        Foreign keys are off, since rebuilding a table drops it first and a drop
        would cascade; every reference is checked before the commit.
        """
        with self.writer.connect() as connection:
            driver = cast(sqlite3.Connection, connection.connection.driver_connection)
            driver.execute("PRAGMA foreign_keys=OFF")  # has an effect outside a transaction only
            try:
                with connection.begin():
                    yield connection
                    if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
                        raise Unavailable(
                            "Changing the tables of %(path)s would break %(count)s references. Nothing was changed; go back to the version that you had and report this.",
                            path=self.path,
                            count=len(broken),
                        )
            finally:
                driver.execute("PRAGMA foreign_keys=ON")

    def close(self) -> None:
        """Close every idle connection."""
        self.reader.dispose()
        self.writer.dispose()

    def refusal(self, error: Exception, *, reading: bool) -> QuizappError | None:
        """Return what to tell the person of a failure; None for a fault of the program."""
        code = result_code(error)
        if code not in SENTENCES or (reading and code == sqlite3.SQLITE_READONLY):
            return None
        return Unavailable(SENTENCES[code], path=self.path)

    def _recognise_file(self) -> None:
        """Refuse to write into a file that nobody can find any more: what it takes would be lost."""
        if self._file is None:
            self._file = self._file_or_new_one()
            return
        try:
            same = os.path.samestat(self._file, self.path.stat())
        except FileNotFoundError:
            same = False
        if not same:
            raise Unavailable(
                "The library at %(path)s was moved or replaced while Recto had it open. Nothing was stored; put it back, or stop Recto and start it again.",
                path=self.path,
            )

    def _file_or_new_one(self) -> os.stat_result:
        """Return what the system knows of the file; a new one is made for its owner alone to read, unlike SQLite's.

        A file that is there must never be opened but by SQLite: closing it drops every lock that SQLite
        holds on it in this process, and the next program to look in takes the write-ahead log away.
        """
        try:
            os.close(os.open(self.path.resolve(), os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        except FileExistsError:
            pass
        except OSError as error:
            raise Unavailable(SENTENCES[sqlite3.SQLITE_CANTOPEN], path=self.path) from error
        return self.path.stat()

    def _lock_file(self) -> int:
        """Open the lock file; anew for every turn, since an inherited descriptor would exclude nobody."""
        try:
            return os.open(f"{self.path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise Unavailable(SENTENCES[sqlite3.SQLITE_CANTOPEN], path=self.path) from error


def _engine(path: Path, begin: str, *pragmas: str) -> Engine:
    """Return an engine whose transactions begin as we say: writers at once, readers deferred and unable to write."""
    engine = create_engine(URL.create("sqlite", database=str(path)), pool_size=20, max_overflow=0, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself
        for pragma in (*PRAGMAS, *pragmas):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Connection) -> None:
        driver = cast(sqlite3.Connection, connection.connection.driver_connection)  # a tenth of the time
        driver.execute(begin)

    return engine


def _lock(descriptor: int, patience: float) -> None:
    """Lock the file, waiting for other processes with growing patience."""
    deadline = time.monotonic() + patience
    pause = 0.001
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise Unavailable(BUSY) from None
            time.sleep(pause)
            pause = min(2 * pause, 0.016)
        else:
            return


def result_code(error: Exception) -> int | None:
    """Return SQLite's primary result code, without what it says in detail."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF
