import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from quizapp.db.engine import Database
from quizapp.services import accounts
from tests import make
from tests.faults.keeping import Library
from tests.make import NOW
from tests.serving import Site, back_up_no_more, served

CARDS = 24
COMMAND = (sys.executable, "-m", "quizapp")

Start = Callable[..., subprocess.Popen]
Serve = Callable[..., AbstractContextManager[Site]]


@pytest.fixture(scope="session")
def filled_library(empty_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with a document, a deck and cards never seen, to copy."""
    path = tmp_path_factory.mktemp("filled") / "recto.db"
    shutil.copyfile(empty_library, path)
    database = Database(f"sqlite:///{path}")
    with database.writing() as session:
        owner = accounts.local_owner(session, time_zone="Europe/Berlin", now=NOW)
        make.added(session, owner, *(make.draft(number) for number in range(CARDS)), keep_ready=True)
    database.close()
    return path


@pytest.fixture
def library(filled_library: Path, tmp_path: Path) -> Library:
    """A data folder with 24 cards never seen."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copyfile(filled_library, folder / "recto.db")
    return Library(folder)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """What a person has set: nothing but where the cache is."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("QUIZAPP_")}
    return ours | {"XDG_CACHE_HOME": str(tmp_path / "cache")}


@pytest.fixture
def start(environment: dict[str, str], library: Library, tmp_path: Path) -> Iterator[Start]:
    """Start a command on the library, in a process group of its own, as under a terminal."""
    started: list[subprocess.Popen] = []

    def starting(*arguments: object) -> subprocess.Popen:
        environ = environment | {"QUIZAPP_DATA_DIR": str(library.folder)}
        command = [*COMMAND, *map(str, arguments)]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        process = subprocess.Popen(command, env=environ, cwd=tmp_path, start_new_session=True, **pipes)
        started.append(process)
        return process

    yield starting
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.fixture
def serve(environment: dict[str, str], tmp_path: Path) -> Serve:
    """Serve a data folder on a free port; `before` is put before the command."""

    @contextmanager
    def serving(folder: Path, *, before: Sequence[str] = (), port: int = 0, **more: str) -> Iterator[Site]:
        back_up_no_more(folder)
        logs = Path(tempfile.mkdtemp(prefix="served-", dir=tmp_path))
        command = [*before, *COMMAND, "serve", "--port", str(port)]
        with served(command, environment=environment | {"QUIZAPP_DATA_DIR": str(folder)} | more, folder=logs) as site:
            yield site

    return serving


@pytest.fixture
def refused(environment: dict[str, str], tmp_path: Path) -> Callable[..., str]:
    """Run `quizapp` on a data folder and return the one line of its refusal."""

    def sentence(folder: Path, *arguments: object, before: Sequence[str] = ()) -> str:
        command = [*before, *COMMAND, *map(str, arguments)]
        own = environment | {"QUIZAPP_DATA_DIR": str(folder)}
        done = subprocess.run(command, capture_output=True, env=own, cwd=tmp_path, timeout=60, check=False)
        lines = done.stderr.decode().splitlines()
        assert (done.returncode, done.stdout, len(lines)) == (1, b"", 1), done
        return lines[0].removeprefix("quizapp: ")

    return sentence
