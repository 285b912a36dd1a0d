"""The database: one `Database` object, which gives sessions to read and to write.

Only ways in (pages, commands) open `reading()` and `writing()`. The reasons for
the discipline, with figures, are in docs/storage.md.
"""

import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from quizapp.errors import InvalidInput, Unavailable
from quizapp.media import Media

__all__ = ["Database", "Session"]

PATIENCE_SECONDS = 10.0  # how long a writer waits for its turn before it gives up
PRAGMAS = ("busy_timeout=10000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")

SENTENCES: dict[int, str] = {
    sqlite3.SQLITE_BUSY: "The library is busy with another write. Try again in a moment.",
    sqlite3.SQLITE_LOCKED: "The library is busy with another write. Try again in a moment.",
    sqlite3.SQLITE_PERM: "The library at {path} may not be opened. Check who owns the file and its folder.",
    sqlite3.SQLITE_AUTH: "The library at {path} may not be opened. Check who owns the file and its folder.",
    sqlite3.SQLITE_READONLY: "The library at {path} cannot be written. Check the rights of the file and its folder.",
    sqlite3.SQLITE_CANTOPEN: "The library at {path} cannot be opened. Check that its folder exists and can be written.",
    sqlite3.SQLITE_IOERR: "The disk failed while reading or writing {path}. Nothing was stored; check the disk.",
    sqlite3.SQLITE_FULL: "The disk with {path} is full. Nothing was stored; make room and try again.",
    sqlite3.SQLITE_CORRUPT: "The library at {path} is damaged. Restore it from a backup.",
    sqlite3.SQLITE_NOTADB: "The file {path} is not a Recto library. Move it away or set QUIZAPP_DATABASE_URL.",
    sqlite3.SQLITE_NOMEM: "There is not enough memory to work with the library. Close something and try again.",
}


class Database:
    """A library on disk, from which sessions come: any number that read, one at a time that writes."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.path = _sqlite_path(url)
        self.media = Media(Path(f"{self.path}.media"))
        self._mutex = threading.Lock()
        self._file: os.stat_result | None = None  # the file as it was at the first turn
        self._engine = create_engine(
            URL.create("sqlite", database=str(self.path)), pool_size=20, max_overflow=0, hide_parameters=True
        )
        _keep_discipline(self._engine)
        self._writer = self._engine.execution_options(writes=True)
        self._read_session = sessionmaker(self._engine, autoflush=False, info={"media": self.media})
        self._write_session = sessionmaker(self._writer, info={"media": self.media})

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that sees one moment of the library; a write in it fails at once."""
        with self._read_session() as session:
            with self._told():
                session.connection()
            with self._told(but=sqlite3.SQLITE_READONLY):
                yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give the one session that writes now; it commits at the end, or nothing of it is kept.

        Turns do not nest: the thread that holds one must not ask for another.
        """
        with self._told(), self.turn(), self._write_session.begin() as session:
            session.connection()  # begins now, so that a turn that cannot be had fails before any work
            yield session

    @contextmanager
    def altering(self) -> Iterator[Connection]:
        """Give a connection that may rebuild tables, within a turn that the caller holds.

        Foreign keys are off, since rebuilding a table drops it first and a drop
        would cascade; every reference is checked before the commit.
        """
        with self._told(), self._writer.connect() as connection:
            driver = cast(sqlite3.Connection, connection.connection.driver_connection)
            driver.execute("PRAGMA foreign_keys=OFF")  # has an effect outside a transaction only
            try:
                with connection.begin():
                    yield connection
                    if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
                        raise Unavailable(
                            f"Changing the tables of {self.path} would break {len(broken)} references. "
                            "Nothing was changed; go back to the version that you had and report this."
                        )
            finally:
                driver.execute("PRAGMA foreign_keys=ON")

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the right to write: a mutex among threads, a file lock among processes."""
        if not self._mutex.acquire(timeout=PATIENCE_SECONDS):
            raise Unavailable(SENTENCES[sqlite3.SQLITE_BUSY])
        try:
            descriptor = self._lock_file()
            try:
                _lock(descriptor)
                self._recognise_file()
                yield
            finally:
                os.close(descriptor)
        finally:
            self._mutex.release()

    def ping(self) -> None:
        """Pass when the library can be read."""
        with self.reading() as session:
            session.connection().exec_driver_sql("SELECT count(*) FROM sqlite_master")

    def close(self) -> None:
        """Close every idle connection."""
        self._engine.dispose()

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
                f"The library at {self.path} was moved or replaced while Recto had it open. "
                "Nothing was stored; put it back, or stop Recto and start it again."
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
            raise Unavailable(SENTENCES[sqlite3.SQLITE_CANTOPEN].format(path=self.path)) from error
        return self.path.stat()

    def _lock_file(self) -> int:
        """Open the lock file; anew for every turn, since an inherited descriptor would exclude nobody."""
        try:
            return os.open(f"{self.path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise Unavailable(SENTENCES[sqlite3.SQLITE_CANTOPEN].format(path=self.path)) from error

    @contextmanager
    def _told(self, *, but: int | None = None) -> Iterator[None]:
        """Turn failures of the database, save the given one, into sentences for the person."""
        try:
            yield
        except PoolTimeoutError as error:
            raise Unavailable(SENTENCES[sqlite3.SQLITE_BUSY]) from error
        except (DBAPIError, sqlite3.Error) as error:
            code = _result_code(error)
            if code == but or code not in SENTENCES:
                raise
            raise Unavailable(SENTENCES[code].format(path=self.path)) from error


def media_of(session: Session) -> Media:
    """Return the files that the rows of this session's library name."""
    media: Media = session.info["media"]
    return media


def _sqlite_path(url: str) -> Path:
    try:
        parts = make_url(url)
    except ArgumentError:
        raise InvalidInput("QUIZAPP_DATABASE_URL is no database URL. Write it as sqlite:///path/to/recto.db.") from None
    if parts.get_backend_name() != "sqlite" or parts.database in (None, "", ":memory:"):
        raise InvalidInput("Recto keeps its library in an SQLite file. Write QUIZAPP_DATABASE_URL as sqlite:///path.")
    return Path(str(parts.database)).absolute()


def _keep_discipline(engine: Engine) -> None:
    """Begin transactions ourselves: writers at once, readers deferred and unable to write."""

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        driver = cast(sqlite3.Connection, connection.connection.driver_connection)  # a tenth of the time
        driver.execute(f"PRAGMA query_only={int(not writes)}")
        driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN")


def _lock(descriptor: int) -> None:
    """Lock the file, waiting for other processes with growing patience."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    pause = 0.001
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise Unavailable(SENTENCES[sqlite3.SQLITE_BUSY]) from None
            time.sleep(pause)
            pause = min(2 * pause, 0.016)
        else:
            return


def _result_code(error: Exception) -> int | None:
    """Return SQLite's primary result code, without what it says in detail."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF
