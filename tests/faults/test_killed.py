"""`kill -9` while people study and while a document is read."""

import fcntl
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from tests.faults.visiting import FOUND, LOST, Visitor
from tests.make import TEXT
from tests.serving import Site, descendants

pytestmark = pytest.mark.slow
needs_proc = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="finds child processes in /proc")

SEED = Path(__file__).parents[2] / "seeds" / "summit-takeaways.txt"
CLIENTS, ENOUGH_REVIEWS = 4, 80
# Long work for the database on every draft, so that a kill falls into the middle of adding a document.
SLOW_DRAFTS = """
create trigger slow after insert on draft begin
    select count(*) from (with recursive number(n) as (select 1 union all select n + 1 from number limit 500000)
                          select n from number);
end
"""


class Burst:
    """Several people who grade card after card until the server is gone."""

    def __init__(self, site: Site, cards: list[int]) -> None:
        self.acknowledged: list[UUID] = []
        self.in_doubt: dict[UUID, tuple[int, int]] = {}  # sent and not answered: the card and the reviews it had
        shares = [cards[number::CLIENTS] for number in range(CLIENTS)]
        self._threads = [threading.Thread(target=self._study, args=(Visitor(site.url), share)) for share in shares]
        for thread in self._threads:
            thread.start()

    def wait_for_end(self) -> None:
        for thread in self._threads:
            thread.join()

    def _study(self, visitor: Visitor, cards: list[int]) -> None:
        for reviews in range(1_000):
            for card in cards:
                review_id = uuid4()
                try:
                    reply = visitor.answer(card, reviews=reviews, review_id=review_id)
                except LOST:
                    self.in_doubt[review_id] = (card, reviews)
                    return
                assert reply.status == FOUND
                self.acknowledged.append(review_id)


def wait_until(is_so: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "this never happened"
        time.sleep(0.02)


def is_gone(process_id: int) -> bool:
    """Say whether a process has ended, if only as a zombie that nobody has buried."""
    with suppress(FileNotFoundError):
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    return True


def is_written(path: Path) -> bool:
    """Say whether somebody holds the turn to write in a library."""
    descriptor = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)


def is_written_for_long(path: Path) -> bool:
    """Say whether somebody holds the turn to write for half a second."""
    for _ in range(25):
        if not is_written(path):
            return False
        time.sleep(0.02)
    return True


def test_every_acknowledged_review_outlives_a_kill_once_and_memories_are_their_replay(library, serve):
    with serve(library.folder) as site:
        burst = Burst(site, library.cards())
        wait_until(lambda: len(burst.acknowledged) >= ENOUGH_REVIEWS)
        site.kill()
        burst.wait_for_end()

    stored = library.reviews()
    assert len(stored) == len(set(stored))
    assert set(burst.acknowledged) <= set(stored) <= {*burst.acknowledged, *burst.in_doubt}
    assert library.problems() == []


def test_answers_that_a_kill_left_in_doubt_count_once_when_they_are_sent_again(library, serve):
    with serve(library.folder) as site:
        burst = Burst(site, library.cards())
        wait_until(lambda: len(burst.acknowledged) >= ENOUGH_REVIEWS)
        site.kill()
        burst.wait_for_end()
    with serve(library.folder) as site:
        visitor = Visitor(site.url)
        replies = [
            visitor.answer(card, reviews=reviews, review_id=review_id).status
            for review_id, (card, reviews) in burst.in_doubt.items()
        ]

    assert replies == [FOUND] * len(burst.in_doubt)
    assert library.reviews() == sorted([*burst.acknowledged, *burst.in_doubt])
    assert library.problems() == []


def test_a_document_whose_reading_is_killed_is_read_at_the_next_start_and_is_there_once(library, serve):
    document = {"title": "Harbour", "text": TEXT.replace("cell", "harbour") * 200}
    with serve(library.folder) as site:
        assert Visitor(site.url).post("/library", **document).status == FOUND
        wait_until(library.is_reading)
        site.kill()

    assert library.titled("Harbour") == 0
    assert library.problems() == []
    with serve(library.folder):
        wait_until(library.is_idle, seconds=60)
    assert library.column("select status from job") == ["DONE"]
    assert library.titled("Harbour") == 1
    assert library.problems() == []


def test_a_document_whose_storing_is_killed_leaves_nothing_of_it_and_is_stored_once_at_the_next_start(library, serve):
    document = {"title": "Harbour", "text": SEED.read_text()}
    library.alter(SLOW_DRAFTS)
    before = library.column("select count(*) from draft")
    with serve(library.folder) as site:
        assert Visitor(site.url).post("/library", **document).status == FOUND
        wait_until(lambda: is_written_for_long(library.path), seconds=60)
        site.kill()

    assert library.column("select status from job") == ["RUNNING"]
    assert library.titled("Harbour") == 0
    assert library.column("select count(*) from draft") == before
    assert library.problems() == []
    library.alter("drop trigger slow")
    with serve(library.folder):
        wait_until(library.is_idle, seconds=60)
    assert library.titled("Harbour") == 1
    assert library.problems() == []


@needs_proc
def test_a_server_whose_first_process_is_killed_ends_whole_and_its_port_is_free_again(library, serve):
    with serve(library.folder) as site:
        (worker,) = site.children()
        os.kill(site.process.pid, signal.SIGKILL)
        try:
            wait_until(lambda: is_gone(worker))
        finally:
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)

    port = int(site.url.rstrip("/").rpartition(":")[2])
    with serve(library.folder, port=port) as again:
        assert again.url == site.url


@needs_proc
def test_a_server_whose_worker_is_killed_ends_whole_with_a_failure(library, serve):
    with serve(library.folder) as site:
        (worker,) = site.children()
        os.kill(worker, signal.SIGKILL)

        assert site.process.wait(60) == 1


@needs_proc
def test_a_reading_ends_with_the_server_that_wanted_it(library, serve):
    with serve(library.folder) as site:
        (worker,) = site.children()
        assert Visitor(site.url).post("/library", text=TEXT * 2_000).status == FOUND
        wait_until(library.is_reading)
        readers = descendants(worker)
        os.kill(worker, signal.SIGKILL)

        assert readers
        wait_until(lambda: all(is_gone(reader) for reader in readers))
