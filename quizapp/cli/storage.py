"""Libraries, opened for one command and brought up to date first."""

from collections.abc import Iterator
from contextlib import contextmanager

from quizapp.clock import utcnow
from quizapp.config import Settings, beside, local_time_zone
from quizapp.db.engine import Database, Session
from quizapp.db.upgrade import upgrade
from quizapp.domain.permissions import Actor
from quizapp.services import accounts


@contextmanager
def own_library() -> Iterator[tuple[Database, Actor]]:
    """Give the person's own library and its owner."""
    with up_to_date(Settings.from_environment()) as database:
        with database.writing() as session:
            owner = accounts.local_owner(session, time_zone=local_time_zone(), now=utcnow())
        yield database, owner


@contextmanager
def own_library_to_read() -> Iterator[tuple[Session, Actor]]:
    """Give a session that reads in the person's own library, so that nobody waits for it, and its owner."""
    with own_library() as (database, owner), database.reading() as session:
        yield session, owner


@contextmanager
def library(settings: Settings) -> Iterator[tuple[Session, Actor]]:
    """Give a session that writes in the library of the settings, and its owner."""
    with up_to_date(settings) as database, database.writing() as session:
        yield session, accounts.local_owner(session, time_zone=local_time_zone(), now=utcnow())


@contextmanager
def up_to_date(settings: Settings, *, patience: float | None = None) -> Iterator[Database]:
    """Give the database of the settings with the tables that this program uses.

    While another program alters them this waits for `patience` seconds, by default as long as any writer.
    """
    database = Database(settings.database_url, settings.data_dir)
    try:
        upgrade(database, scripts=beside("migrations"), now=utcnow(), patience=patience)
        yield database
    finally:
        database.close()
