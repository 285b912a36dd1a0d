"""Workers that are killed, stopped, interrupted, or meet at one queue."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from quizapp.db.engine import Database
from quizapp.services import accounts, jobs
from quizapp.services.tasks import ToExport, ToRead
from tests.faults.keeping import Library
from tests.faults.test_killed import needs_proc, wait_until
from tests.faults.visiting import FOUND, Visitor
from tests.make import NOW, TEXT
from tests.serving import descendants

pytestmark = pytest.mark.slow

LONG = TEXT.replace("cell", "harbour") * 60  # takes some seconds to read
MANY = 8
HELPERS = 2  # that stay with a worker: what it starts readers from, and Python's tracker of resources
# Who ends a job says so here, as often as it happens.
ENDINGS = """
create table ending (job_id integer, status text);
create trigger ended after update of status on job when new.finished is not null begin
    insert into ending values (new.id, new.status);
end;
"""


@pytest.fixture
def watched(library: Library) -> Library:
    """The library, which counts how often a job ends."""
    for statement in ENDINGS.replace(";\nend", "; end").split(";\n"):
        if statement.strip():
            library.alter(statement)
    return library


@contextmanager
def opened(library: Library) -> Iterator[Database]:
    database = Database(f"sqlite:///{library.path}")
    try:
        yield database
    finally:
        database.close()


def ask_to_read(library: Library, *titles: str) -> Sequence[int]:
    with opened(library) as database, database.writing() as session:
        owner = accounts.local_owner(session, time_zone="UTC", now=NOW)
        texts = {title: f"{LONG} It is called {title}.".encode() for title in titles}
        return [
            jobs.ask(session, owner, ToRead("a.txt", title=title).task(data), data=data, now=NOW)
            for title, data in texts.items()
        ]


def endings(library: Library) -> list[str]:
    return library.column("select job_id || ' ' || status from ending order by job_id")


def is_begun(library: Library, attempts: int) -> Callable[[], bool]:
    return lambda: library.column("select attempts from job where doing != ''") == [attempts]


def end(process: subprocess.Popen) -> tuple[int, str, str]:
    """Press Ctrl-C, and return the exit status and what was printed."""
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    return process.returncode, out.decode(), err.decode()


def test_a_job_whose_worker_is_killed_goes_on_in_another_and_is_done_once(watched, start):
    (job_id,) = ask_to_read(watched, "Harbour")
    first = start("worker")
    wait_until(is_begun(watched, 1), seconds=60)
    second = start("worker")
    os.killpg(first.pid, signal.SIGKILL)

    wait_until(watched.is_idle, seconds=90)

    assert endings(watched) == [f"{job_id} DONE"]
    assert watched.column("select attempts from job") == [2]
    assert watched.titled("Harbour") == 1
    assert watched.problems() == []
    assert end(second)[0] == 0


def test_a_worker_that_stood_still_and_comes_back_stores_nothing(watched, start):
    (job_id,) = ask_to_read(watched, "Harbour")
    stale = start("worker")
    wait_until(is_begun(watched, 1), seconds=60)
    os.kill(stale.pid, signal.SIGSTOP)
    other = start("worker")
    wait_until(watched.is_idle, seconds=90)
    os.kill(stale.pid, signal.SIGCONT)
    wait_until(lambda: not Path("/proc").is_dir() or len(descendants(stale.pid)) <= HELPERS)  # its reader is ended

    assert end(stale)[0] == 0
    assert end(other)[0] == 0
    assert endings(watched) == [f"{job_id} DONE"]
    assert watched.titled("Harbour") == 1
    assert watched.problems() == []


def test_two_workers_do_eight_jobs_each_once(watched, start):
    with opened(watched) as database, database.writing() as session:
        owner = accounts.local_owner(session, time_zone="UTC", now=NOW)
        held = [jobs.begin(session, owner, ToExport(1).task("Cells"), data=b"", now=NOW) for _ in range(MANY)]
        for one in held:  # asked for by many people, as it were: the same person is given the job that is there
            jobs.release(session, one, now=NOW)
        asked = [one.job_id for one in held]
    workers = [start("worker", "--count", 1) for _ in range(2)]

    wait_until(watched.is_idle, seconds=120)

    assert endings(watched) == [f"{job_id} DONE" for job_id in asked]
    assert watched.column("select distinct attempts from job") == [1]
    assert [end(worker)[0] for worker in workers] == [0, 0]
    assert watched.problems() == []


@needs_proc
def test_a_worker_that_is_interrupted_gives_its_job_back_and_ends_whole(watched, start):
    ask_to_read(watched, "Harbour")
    worker = start("worker")
    wait_until(is_begun(watched, 1), seconds=60)

    status, out, err = end(worker)

    assert (status, err) == (0, "")
    assert out.startswith("1 worker for the library in")
    assert watched.column("select status from job") == ["QUEUED"]
    assert endings(watched) == []


def test_a_command_that_is_interrupted_leaves_nothing_and_says_nothing(watched, start, tmp_path):
    (tmp_path / "harbour.txt").write_text(LONG)
    before = watched.column("select title from document")
    add = start("add", "harbour.txt")
    wait_until(is_begun(watched, 1), seconds=60)

    assert end(add) == (130, "", "")
    assert watched.column("select title from document") == before
    assert watched.column("select count(*) from job") == [0]
    assert watched.problems() == []


def test_a_command_that_is_killed_is_finished_by_the_site(watched, start, serve, tmp_path):
    (tmp_path / "harbour.txt").write_text(LONG)
    add = start("add", "harbour.txt", "--deck", "Sea")
    wait_until(is_begun(watched, 1), seconds=60)
    os.killpg(add.pid, signal.SIGKILL)

    with serve(watched.folder):
        wait_until(watched.is_idle, seconds=90)

    assert endings(watched) == ["1 DONE"]
    assert watched.column("select deck_name from document where filename = 'harbour.txt'") == ["Sea"]
    assert watched.problems() == []


def test_a_job_goes_on_after_the_server_was_stopped_and_started_again(watched, serve):
    with serve(watched.folder) as site:
        assert Visitor(site.url).post("/library", text=LONG, title="Harbour").status == FOUND
        wait_until(is_begun(watched, 1), seconds=60)
        assert site.interrupt() == 0
    with serve(watched.folder):
        wait_until(watched.is_idle, seconds=90)

    assert endings(watched) == ["1 DONE"]
    assert watched.titled("Harbour") == 1
    assert watched.problems() == []


def test_a_job_cancelled_on_the_page_ends_its_reader_and_stores_nothing(watched, serve):
    with serve(watched.folder) as site:
        visitor = Visitor(site.url)
        visitor.post("/library", text=LONG * 20, title="Harbour")
        wait_until(is_begun(watched, 1), seconds=60)
        assert visitor.post("/jobs/1/cancel").status == FOUND
        wait_until(watched.is_idle)
        assert "Cancelled" in visitor.get("/jobs/1").text

    assert endings(watched) == ["1 CANCELLED"]
    assert watched.titled("Harbour") == 0
    assert watched.problems() == []


def test_no_page_process_loads_the_language_tools(library, serve):
    maps = Path(f"/proc/{os.getpid()}/maps")
    if not maps.exists():
        pytest.skip("what a process has loaded is known on Linux alone")
    with serve(library.folder) as site:
        visitor = Visitor(site.url)
        visitor.post("/library", text=TEXT, title="Harbour", new="yes")
        wait_until(library.is_idle, seconds=60)
        for path in ("/", "/library", "/drafts/2", "/decks", "/study"):
            assert visitor.get(path).status == 200
        (page_process,) = site.children()
        loaded = Path(f"/proc/{page_process}/maps").read_text()

    assert "_sqlite3" in loaded
    assert "spacy" not in loaded
    assert "numpy" not in loaded
