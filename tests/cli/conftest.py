import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from multiprocessing import forkserver
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, NoReturn

import pytest

from quizapp.__main__ import main
from tests import children

Run = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The environment of a person whose data and cache folders are empty."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("QUIZAPP_")}
    return ours | {"QUIZAPP_DATA_DIR": str(tmp_path / "data"), "XDG_CACHE_HOME": str(tmp_path / "cache")}


@pytest.fixture
def run(environment: dict[str, str], tmp_path: Path) -> Run:
    """Run `quizapp` with arguments, as a person would, in a process of its own.

    It is a copy of this one, which has imported everything: that takes most of the time of a command.
    The process that its readers are copies of is shared by all commands.
    """
    children.ready()

    def quizapp(*arguments: object, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        command = ["quizapp", *map(str, arguments)]
        with TemporaryFile() as given, TemporaryFile() as out, TemporaryFile() as err:
            given.write(stdin)
            given.seek(0)
            process_id = os.fork()
            if process_id == 0:
                _become(command, environment, tmp_path, (given, out, err))
            _, status = os.waitpid(process_id, 0)
            said = [file.read() for file in (out, err) if file.seek(0) == 0]
        return subprocess.CompletedProcess(command, os.waitstatus_to_exitcode(status), *said)

    return quizapp


def _become(command: list[str], environment: dict[str, str], folder: Path, files: Sequence[IO[bytes]]) -> NoReturn:
    """Be the command from here on, and end with it."""
    status = 70
    try:
        for number, file in enumerate(files):
            os.dup2(file.fileno(), number)
        spoken = environment.get("PYTHONIOENCODING")
        sys.stdin, sys.stdout, sys.stderr = (
            os.fdopen(number, mode, closefd=False, encoding=spoken) for number, mode in enumerate("rww")
        )
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        forkserver._forkserver.ensure_running = lambda: None  # noqa: SLF001 - it runs, and is not a child of this process
        sys.argv = command
        main()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


@pytest.fixture
def refused(run: Run) -> Callable[..., str]:
    """Run `quizapp` and return the one line of its refusal, which leaves no output and no traceback."""

    def sentence(*arguments: object, stdin: bytes = b"") -> str:
        done = run(*arguments, stdin=stdin)
        lines = done.stderr.decode().splitlines()
        assert (done.returncode, done.stdout, len(lines)) == (1, b"", 1), done
        return lines[0].removeprefix("quizapp: ")

    return sentence
