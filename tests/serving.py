"""A `quizapp` that serves, started and stopped as a person does."""

import os
import re
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from quizapp.clock import utcnow

ADDRESS = re.compile(rb"Recto is open at (https?://[^ ]+/)")
PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Site:
    """A server in a process group of its own, as under a terminal, and where it answers."""

    process: subprocess.Popen[bytes]
    url: str

    def get(self, path: str = "/") -> str:
        with urllib.request.urlopen(self.url + path.removeprefix("/"), timeout=PATIENCE_SECONDS) as reply:
            return reply.read().decode()

    def interrupt(self) -> int:
        """Press Ctrl-C, which reaches the whole group, and return the exit status."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(30)

    def children(self) -> list[int]:
        """Return the processes that the first one has started; known on Linux alone."""
        return children(self.process.pid)

    def kill(self) -> None:
        """End every process of the site at once, as a power cut does."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def children(process_id: int) -> list[int]:
    """Return the processes that any thread of a process has started; known on Linux alone."""
    found = []
    for threads in Path(f"/proc/{process_id}/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
            found += threads.read_text().split()
    return [int(child) for child in found]


def descendants(process_id: int) -> list[int]:
    """Return the processes that a process has started, and those that these have."""
    return [one for child in children(process_id) for one in (child, *descendants(child))]


def back_up_no_more(folder: Path) -> None:
    """Let a site believe that today's backup is there, and tomorrow's: what it takes and gives back is its own affair."""
    (folder / "backups").mkdir(parents=True, exist_ok=True)
    for days in (0, 1):
        (folder / "backups" / f"recto-{utcnow() + timedelta(days):%Y-%m-%d}.zip").touch()


@contextmanager
def served(command: Sequence[str], *, environment: Mapping[str, str], folder: Path) -> Iterator[Site]:
    """Give a site once it has printed its address; it is ended whatever happens."""
    log = folder / "served.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, env=environment, cwd=folder, start_new_session=True
        )
    try:
        yield Site(process, _address(process, log))
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if found := ADDRESS.search(log.read_bytes()):
            return found[1].decode()
        time.sleep(0.05)
    raise AssertionError(f"no address was printed: {log.read_text()}")
