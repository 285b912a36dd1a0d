import gc
import logging
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import settings
from sqlalchemy import Pool

from benchmarks import postgres
from quizapp import sandbox
from quizapp.config import beside
from quizapp.db.engine import Database, Session
from quizapp.db.upgrade import upgrade
from quizapp.domain.permissions import Actor
from quizapp.log import LOGGER
from quizapp.services import accounts, passwords
from tests import children, engines, recalled, sites
from tests.make import NOW


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write tests/golden/*.json anew, to be reviewed like code"
    )
    parser.addoption("--on", choices=("sqlite", "postgres"), default="sqlite", help="where tests keep their library")


def pytest_configure(config: pytest.Config) -> None:
    """Let Ctrl-C reach what tests start, where a shell has switched it off too; set what laws have in common.

    A law is tried on the same examples each time, so that a failure is of the change at hand; profile "search" looks for new ones.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    settings.register_profile("recto", deadline=None, derandomize=True)  # tests never assert on time
    settings.register_profile("search", deadline=None, max_examples=2_000)
    settings.load_profile(config.getoption("--hypothesis-profile") or "recto")


@pytest.hookimpl(tryfirst=True)
def pytest_collection() -> None:
    """Look for no garbage while thousands of tests are gathered, of which none is."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Look for garbage among what tests make, never again among the tests themselves."""
    gc.enable()
    gc.freeze()


@pytest.fixture(scope="session")
def of_all_processes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what one process makes and all that run these tests may use."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    """What a test logs goes nowhere unless it says where, and no later test's lines with it."""
    yield
    for handler in [*LOGGER.handlers]:
        LOGGER.removeHandler(handler)
        handler.close()
    LOGGER.setLevel(logging.NOTSET)
    LOGGER.propagate = True


@pytest.fixture(scope="session", autouse=True)
def cheap_sites(of_all_processes: Path) -> Iterator[None]:
    """The sites of tests share what can be shared, with those of the other processes of this run."""
    folder = of_all_processes / "templates"
    folder.mkdir(exist_ok=True)
    with sites.made_cheap(folder):
        yield


@pytest.fixture(scope="session", autouse=True)
def cheap_children() -> Iterator[None]:
    """The children that tests start share what they import."""
    with children.made_cheap():
        yield


@pytest.fixture
def real_children(monkeypatch: pytest.MonkeyPatch) -> None:
    """The children of a test start as they do outside tests."""
    monkeypatch.setattr(sandbox, "_context", children.as_started)


@pytest.fixture(scope="session", autouse=True)
def cheap_libraries() -> Iterator[None]:
    """The libraries of tests share what can be shared."""
    with engines.made_cheap(), recalled.made_cheap():
        yield


@pytest.fixture(autouse=True)
def recalls(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test builds may be recalled, unless it changes the program."""
    with recalled.allowed(is_allowed="monkeypatch" not in request.fixturenames):
        yield


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Passwords of tests are kept by the same hash, at a thousandth of its cost."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="session")
def empty_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An up-to-date library with nothing in it, to copy."""
    path = tmp_path_factory.mktemp("library") / "empty.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database, scripts=beside("migrations"), now=NOW)
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A PostgreSQL server, one for each process that runs tests."""
    try:
        with postgres.running(postgres.SMALL) as server:
            yield server
    except postgres.NoServerError as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def postgres_template(postgres_server: postgres.Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of an up-to-date library on the server, to copy; nobody may be connected to it."""
    name = postgres_server.create()
    database = Database(postgres_server.url(name), tmp_path_factory.mktemp("postgres"))
    upgrade(database, scripts=beside("migrations"), now=NOW)
    database.close()
    return name


@pytest.fixture(scope="session")
def empty_postgres(postgres_server: postgres.Server, postgres_template: str) -> str:
    """The name of a library on the server which tests empty when they are done."""
    return postgres_server.create(template=postgres_template)


@pytest.fixture
def sqlite_database(empty_library: Path, tmp_path: Path) -> Iterator[Database]:
    """A library in a file."""
    path = tmp_path / "recto.db"
    shutil.copyfile(empty_library, path)
    database = Database(f"sqlite:///{path}")
    recalled.begins(database)
    yield database
    database.close()


@pytest.fixture(scope="session")
def postgres_pool(
    postgres_server: postgres.Server, empty_postgres: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pool]:
    """Connections to that library, which have learned its tables and statements: half of what a test would take."""
    database = Database(postgres_server.url(empty_postgres), tmp_path_factory.mktemp("pool"))
    yield engines.pool_of(database)
    database.close()


@pytest.fixture
def postgres_database(
    postgres_server: postgres.Server, empty_postgres: str, postgres_pool: Pool, tmp_path: Path
) -> Iterator[Database]:
    """A library on a server; emptied rather than made anew, which takes a hundredth of the time."""
    database = Database(postgres_server.url(empty_postgres), tmp_path)
    recalled.begins(database)
    with engines.connected_by(postgres_pool, database):
        yield database
    database.close()
    postgres_server.empty(empty_postgres)


@pytest.fixture
def postgres_to_alter(postgres_server: postgres.Server, postgres_template: str, tmp_path: Path) -> Iterator[Database]:
    """A library on a server that a test may give other tables, and other ways."""
    name = postgres_server.create(template=postgres_template)
    database = Database(postgres_server.url(name), tmp_path)
    yield database
    database.close()
    postgres_server.drop(name)


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Database:
    """A real library: in a file, or on a server for those that `tests.stores` marks."""
    return request.getfixturevalue(f"{getattr(request, 'param', request.config.option.on)}_database")


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
