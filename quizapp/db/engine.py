"""The database: one `Database` object, which gives sessions to read and to write.

Only ways in (pages, commands) open `reading()` and `writing()`. What differs between
an SQLite file and a PostgreSQL database is in `sqlite` and `postgres`; the reasons
for the discipline, with figures, are in docs/storage.md.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session, sessionmaker

from quizapp.db.postgres import PostgresLibrary
from quizapp.db.sqlite import BUSY, SqliteFile
from quizapp.errors import InvalidInput, Unavailable
from quizapp.media import Media

__all__ = ["Database", "Session"]

FORMS = "Write it as sqlite:///path/to/recto.db or postgresql://user@host/recto."


class Database:
    """A library, from which sessions come: any number that read, one at a time that writes.

    What an SQLite library has beside its file, one on PostgreSQL has in `folder`.
    """

    def __init__(self, url: str, folder: Path | None = None) -> None:
        self.address = url, folder  # by which another process opens the same library
        self.store = _store(url, folder)
        self.name = self.store.name  # where it is, for people
        self.media = Media(self.store.media_folder)
        self._mutex = threading.Lock()
        self._read_session = sessionmaker(self.store.reader, autoflush=False, info={"media": self.media, "reads": True})
        self._write_session = sessionmaker(self.store.writer, info={"media": self.media})

    @property
    def is_file(self) -> bool:
        """Say whether the library is an SQLite file."""
        return isinstance(self.store, SqliteFile)

    @property
    def path(self) -> Path:
        """Return the file of a library on SQLite."""
        if isinstance(self.store, SqliteFile):
            return self.store.path
        raise TypeError("a library on PostgreSQL is no file")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that sees one moment of the library; a write in it fails at once.

        It commits at the end, what it made being nothing: the driver of PostgreSQL forgets every statement that it
        has prepared when a transaction is rolled back.
        """
        with self._read_session() as session:
            with self.told():
                connection = session.connection()
            with self.told(reading=True):
                yield session
                if not connection.invalidated:
                    connection.commit()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give the one session that writes now; it commits at the end, or nothing of it is kept.

        Turns do not nest: the thread that holds one must not ask for another.
        """
        with self.told(), self.turn(), self._write_session.begin() as session:
            session.connection()  # begins now, so that a turn that cannot be had fails before any work
            yield session

    @contextmanager
    def altering(self, *, patience: float | None = None) -> Iterator[Connection]:
        """Give a connection that may change tables, the only writer until it ends.

        Patience is in seconds, as in `turn`.
        """
        patience = self.store.patience if patience is None else patience
        with self.told(), self.turn(patience=patience), self.store.altering(patience) as connection:
            yield connection

    @contextmanager
    def turn(self, *, patience: float | None = None) -> Iterator[None]:
        """Hold the right to write: a mutex among threads, and what the store has among processes.

        Who has not got it after `patience` seconds, by default those of the store, is refused.
        """
        patience = self.store.patience if patience is None else patience
        if not self._mutex.acquire(timeout=patience):
            raise Unavailable(BUSY)
        try:
            with self.store.turn(patience):
                yield
        finally:
            self._mutex.release()

    def close(self) -> None:
        """Close every idle connection."""
        self.store.close()

    @contextmanager
    def told(self, *, reading: bool = False) -> Iterator[None]:
        """Turn failures of the database into sentences for the person."""
        try:
            yield
        except PoolTimeoutError as error:
            raise Unavailable(BUSY) from error
        except (DBAPIError, sqlite3.Error) as error:
            refusal = self.store.refusal(error, reading=reading)
            if refusal is None:
                raise
            raise refusal from error


def media_of(session: Session) -> Media:
    """Return the files that the rows of this session's library name."""
    media: Media = session.info["media"]
    return media


def reads(session: Session) -> bool:
    """Say whether a session reads alone, so that what it finds is stored and will not be taken back."""
    return bool(session.info.get("reads"))


def _store(url: str, folder: Path | None) -> SqliteFile | PostgresLibrary:
    try:
        parts = make_url(url)
    except ArgumentError:
        raise InvalidInput("QUIZAPP_DATABASE_URL is no database URL. %(forms)s", forms=FORMS) from None
    match parts.get_backend_name():
        case "sqlite" if parts.database not in (None, "", ":memory:"):
            return SqliteFile(Path(str(parts.database)).absolute())
        case "postgresql" | "postgres" if folder is not None:
            return PostgresLibrary(parts, folder)
        case "postgresql" | "postgres":
            raise ValueError("a library on PostgreSQL needs a folder for its files")
        case _:
            raise InvalidInput("Recto keeps its library in an SQLite file or in PostgreSQL. %(forms)s", forms=FORMS)
