"""The person's own library, opened for one command."""

from collections.abc import Iterator
from contextlib import contextmanager

from quizapp.clock import utcnow
from quizapp.config import Settings, local_time_zone
from quizapp.db.engine import Database, Session
from quizapp.domain.permissions import Actor
from quizapp.services import accounts


@contextmanager
def own_library() -> Iterator[tuple[Session, Actor]]:
    """Give a session that writes and the owner; what is done in it is stored whole or not at all."""
    with library(Settings.from_environment()) as opened:
        yield opened


@contextmanager
def library(settings: Settings) -> Iterator[tuple[Session, Actor]]:
    """Give a session on the library of the settings, brought up to date first, and its owner."""
    database = Database(settings.database_url)
    try:
        database.migrate()
        with database.writing() as session:
            yield session, accounts.local_owner(session, time_zone=local_time_zone(), now=utcnow())
    finally:
        database.dispose()
