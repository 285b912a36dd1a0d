"""Whole libraries: a consistent copy of one while others write, and one put in the place of another.

A copy is an SQLite library whatever it was made from, so it goes back into either kind.
"""

import errno
import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from sqlalchemy import func, inspect, select, table, update
from sqlalchemy.exc import DBAPIError

from quizapp.db import files, integrity, portable
from quizapp.db.api_tokens import ApiTokenRow
from quizapp.db.engine import Database, Session
from quizapp.db.letters import LetterRow
from quizapp.db.notices import NoticeRow
from quizapp.db.one_time_links import OneTimeLinkRow
from quizapp.db.schema import FOLLOWING
from quizapp.db.sign_ins import SignInRow
from quizapp.db.sqlite import SENTENCES, result_code
from quizapp.errors import Conflict, Unavailable
from quizapp.translations import _

PAGES_AT_ONCE = 2_000  # 8 MB between two reports

Share = Callable[[float], None]
Put = Callable[[Path], None]


@dataclass(frozen=True)
class Contents:
    """What a library holds: its revision, the rows of each table, and the titles of its files by their names."""

    revision: str
    counts: Mapping[str, int]
    originals: Mapping[str, str]


def copy(database: Database, target: Path, *, on_share: Share) -> None:
    """Copy one moment of the library into a new file; writers go on meanwhile."""
    os.close(os.open(target, os.O_CREAT | os.O_EXCL, 0o600))
    if database.is_file:
        _copy_pages(database.path, target, on_share)
    else:
        with database.reading() as session, _told(target, writes=target):
            portable.unload(session.connection(), target, on_share=on_share)


def end_access(database: Database, *, now: datetime) -> None:
    """Sign everybody out of a copy, and end links, tokens and calendars: what was ended since it was made would work again.

    Letters that waited then went out meanwhile, or lead to what is ended: they are not sent.
    """
    with database.writing() as session:
        for row in (SignInRow, ApiTokenRow):
            session.execute(update(row).where(row.revoked_at.is_(None)).values(revoked_at=now))
        waiting = OneTimeLinkRow.used_at.is_(None), OneTimeLinkRow.withdrawn_at.is_(None)
        session.execute(update(OneTimeLinkRow).where(*waiting).values(withdrawn_at=now))
        followed = NoticeRow.calendar_hash.is_not(None), NoticeRow.calendar_ended.is_(None)
        session.execute(update(NoticeRow).where(*followed).values(calendar_ended=now))
        session.execute(update(LetterRow).where(LetterRow.available.is_not(None)).values(available=None, text=""))


def exists(database: Database) -> bool:
    """Say whether there is a library, or what may have been one."""
    if database.is_file:
        return database.path.exists() and database.path.stat().st_size > 0
    with database.reading() as session:
        return bool(inspect(session.connection()).get_table_names())


@contextmanager
def replacing(database: Database) -> Iterator[Put]:
    """Hold the turn to write, and give what puts a library from a file in the place of this one.

    That is done in one transaction. Whoever reads goes on with what was there, and
    killed on the way, the library is as it was.
    """
    if database.is_file:
        with database.turn():
            yield lambda source: _replace_pages(database.path, source)
    else:
        with database.writing() as session:
            yield lambda source: _load(session, source)


def contents(path: Path) -> Contents:
    """Say what is in a copy of a library that nobody else uses; a damaged one is refused."""
    database = Database(f"sqlite:///{path}")
    try:
        with database.reading() as session:
            connection = session.connection()
            if integrity.broken_pages(session) or integrity.broken_references(session):
                raise Unavailable(SENTENCES[sqlite3.SQLITE_CORRUPT], path=_("from which this copy was made"))
            tables = sorted(set(inspect(connection).get_table_names()) - {"alembic_version"} - FOLLOWING)
            counts = {
                name: connection.execute(select(func.count()).select_from(table(name))).scalar_one() for name in tables
            }
            revision = MigrationContext.configure(connection).get_current_revision() or ""
            return Contents(revision, counts, files.named(session))
    finally:
        database.close()


def occupy(database: Database) -> int:
    """Say that a site has the library open, until this process ends or the descriptor is closed."""
    descriptor = _site_lock(database)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise Unavailable("A backup is being restored into this library. Try again when that is done.") from None
    return descriptor


@contextmanager
def unoccupied(database: Database) -> Iterator[None]:
    """Keep sites from opening the library until the end of the block; refuse when one has it open."""
    descriptor = _site_lock(database)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise Conflict(
            "The site is open on this library. Stop quizapp serve and quizapp worker with Ctrl-C, then restore; "
            "nothing was changed."
        ) from None
    finally:
        os.close(descriptor)


def _site_lock(database: Database) -> int:
    try:
        return os.open(database.store.site_lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Unavailable(SENTENCES[sqlite3.SQLITE_CANTOPEN], path=database.name) from error


def _copy_pages(path: Path, target: Path, on_share: Share) -> None:
    with (
        _told(path, writes=target),
        closing(_connected(path)) as source,
        closing(_connected(target)) as copied,
    ):
        # A snapshot held from here on; else every write of others would start the copy anew.
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        source.backup(
            copied, pages=PAGES_AT_ONCE, progress=lambda _status, left, pages: on_share(1 - left / max(1, pages))
        )


def _replace_pages(path: Path, source: Path) -> None:
    with _told(path), closing(_connected(source)) as new, closing(_connected(path)) as old:
        old.execute("PRAGMA journal_mode=WAL")
        old.execute("PRAGMA synchronous=FULL")
        new.backup(old)


def _load(session: Session, source: Path) -> None:
    with _told(source):
        portable.load(session.connection(), source)


def _connected(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=10, isolation_level=None)


@contextmanager
def _told(path: Path, *, writes: Path | None = None) -> Iterator[None]:
    """Turn what SQLite reports into sentences; a full disk is that of the file that it writes."""
    try:
        yield
    except (sqlite3.Error, DBAPIError) as error:
        code = result_code(error)
        if writes and code == sqlite3.SQLITE_FULL:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(writes)) from error
        if code not in SENTENCES:
            raise
        raise Unavailable(SENTENCES[code], path=path) from error
