import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The environment of a person whose data and cache folders are empty."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("QUIZAPP_")}
    return ours | {"QUIZAPP_DATA_DIR": str(tmp_path / "data"), "XDG_CACHE_HOME": str(tmp_path / "cache")}


@pytest.fixture
def run(environment: dict[str, str], tmp_path: Path) -> Run:
    """Run `quizapp` with arguments, as a person would."""

    def quizapp(*arguments: object, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "quizapp", *map(str, arguments)]
        return subprocess.run(
            command, input=stdin, capture_output=True, env=environment, cwd=tmp_path, timeout=120, check=False
        )

    return quizapp


@pytest.fixture
def refused(run: Run) -> Callable[..., str]:
    """Run `quizapp` and return the one line of its refusal, which leaves no output and no traceback."""

    def sentence(*arguments: object, stdin: bytes = b"") -> str:
        done = run(*arguments, stdin=stdin)
        lines = done.stderr.decode().splitlines()
        assert (done.returncode, done.stdout, len(lines)) == (1, b"", 1), done
        return lines[0].removeprefix("quizapp: ")

    return sentence
