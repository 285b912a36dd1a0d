import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from quizapp.config import beside
from quizapp.db.engine import Database, Session
from quizapp.db.upgrade import upgrade
from quizapp.domain.permissions import Actor
from quizapp.log import LOGGER
from quizapp.services import accounts
from tests.make import NOW


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write tests/golden/*.json anew, to be reviewed like code"
    )


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    """What a test logs goes nowhere unless it says where, and no later test's lines with it."""
    yield
    for handler in [*LOGGER.handlers]:
        LOGGER.removeHandler(handler)
        handler.close()
    LOGGER.setLevel(logging.NOTSET)
    LOGGER.propagate = True


@pytest.fixture(scope="session")
def empty_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An up-to-date library with nothing in it, to copy."""
    path = tmp_path_factory.mktemp("library") / "empty.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database, scripts=beside("migrations"), now=NOW)
    database.close()
    return path


@pytest.fixture
def database(empty_library: Path, tmp_path: Path) -> Iterator[Database]:
    """A real library on disk."""
    path = tmp_path / "recto.db"
    shutil.copyfile(empty_library, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture
def owner(database: Database) -> Actor:
    """The one owner of the library, who lives in Berlin."""
    with database.writing() as session:
        return accounts.local_owner(session, time_zone="Europe/Berlin", now=NOW)


@pytest.fixture
def session(database: Database, owner: Actor) -> Iterator[Session]:
    """A session that holds the turn to write for the whole test."""
    with database.writing() as session:
        yield session
