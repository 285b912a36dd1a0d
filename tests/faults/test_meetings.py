"""A library that others use at the same time: another program that locks it, another server."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from alembic.script import ScriptDirectory

from quizapp.config import beside
from tests.faults.conftest import Serve
from tests.faults.keeping import Library
from tests.faults.test_killed import wait_until
from tests.faults.visiting import CONFLICT, FOUND, UNAVAILABLE, Reply, Visitor
from tests.serving import Site

pytestmark = pytest.mark.slow

PACKAGE = Path(__file__).parents[2] / "quizapp"
# Each tells that it holds the lock, and gives it up when its input ends.
HOLDERS = {
    "another program": """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("begin immediate")
print("held", flush=True)
sys.stdin.read()
connection.execute("commit")
""",
    "another Recto": """
import sys
from quizapp.db.engine import Database
with Database("sqlite:///" + sys.argv[1]).writing():
    print("held", flush=True)
    sys.stdin.read()
""",
}
HEAD = ScriptDirectory(str(beside("migrations"))).get_current_head()
NEXT = f'''"""One more."""

import time

import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{HEAD}"


def upgrade() -> None:
    with op.batch_alter_table("note") as table:
        table.add_column(sa.Column("flag", sa.Integer, nullable=False, server_default="0"))
    time.sleep(1)  # so that the other server comes while this is going on
'''


@contextmanager
def held(library: Library, who: str) -> Iterator[Callable[[], object]]:
    """Let another process hold the right to write, until what is given is called."""
    command = [sys.executable, "-c", HOLDERS[who], str(library.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=PACKAGE.parent) as process:
        assert process.stdout.readline() == b"held\n"
        try:
            yield process.communicate
        finally:
            process.kill()


def answer_all(visitors: Sequence[Visitor], cards: Sequence[int]) -> Callable[[], list[Reply]]:
    """Let each visitor grade a card of their own at once; what is given waits for the replies."""
    pool = ThreadPoolExecutor(len(visitors))
    sent = [pool.submit(visitor.answer, card) for visitor, card in zip(visitors, cards, strict=False)]

    def replies() -> list[Reply]:
        pool.shutdown()
        return [one.result() for one in sent]

    return replies


@pytest.mark.parametrize(("who", "seconds"), [("another program", 5), ("another Recto", 1)])
def test_writers_wait_out_a_lock_while_pages_are_shown(library, serve, who, seconds):
    with serve(library.folder) as site:
        visitors = [Visitor(site.url) for _ in range(4)]
        with held(library, who) as let_go:
            replies = answer_all(visitors, library.cards())
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                assert Visitor(site.url).get("/study").status == 200
                time.sleep(0.2)
            assert library.reviews() == []
            let_go()
            statuses = [reply.status for reply in replies()]

    assert statuses == [FOUND] * 4
    assert len(library.reviews()) == 4
    assert library.problems() == []


def test_who_waits_out_the_patience_is_told_and_can_answer_when_the_lock_is_gone(library, serve):
    with serve(library.folder) as site:
        visitors = [Visitor(site.url) for _ in range(3)]
        with held(library, "another program") as let_go:
            refused = answer_all(visitors, library.cards())()
            let_go()
        accepted = answer_all(visitors, library.cards())()

    assert [reply.status for reply in refused] == [UNAVAILABLE] * 3
    assert all("busy" in reply.sentence for reply in refused)
    assert [reply.status for reply in accepted] == [FOUND] * 3
    assert len(library.reviews()) == 3
    assert library.problems() == []


def test_no_review_is_lost_when_another_program_looks_into_the_library_meanwhile(library, serve):
    acknowledged = []
    with serve(library.folder) as site:
        visitor = Visitor(site.url)
        for card in library.cards():  # opens the file and closes it, in this process
            review_id = uuid4()
            assert visitor.answer(card, review_id=review_id).status == FOUND
            acknowledged.append(review_id)
            assert library.reviews() == sorted(acknowledged)

    assert library.reviews() == sorted(acknowledged)
    assert library.problems() == []


def test_two_servers_started_at_once_on_an_empty_folder_make_one_library(tmp_path, serve):
    made = Library(tmp_path / "data")
    with two(serve, made.folder) as (one, other):
        assert one.url != other.url
        for site, text in ((one, "A harbour is where ships rest at night."), (other, "Bees dance to tell of flowers.")):
            assert Visitor(site.url).post("/library", title=site.url, text=text).status == FOUND
        wait_until(made.is_idle, seconds=60)

    assert made.column("select count(*) from learner") == [1]
    assert made.column("select count(*) from document") == [2]
    assert made.problems() == []


def test_two_servers_started_at_once_on_one_library_upgrade_it_once_and_lose_no_review(library, serve, tmp_path):
    newer = newer_program(tmp_path / "newer")
    with two(serve, library.folder, PYTHONPATH=str(newer)) as (one, other):
        cards, sites = library.cards(), [Visitor(site.url) for site in (one, other)] * 2
        acknowledged = []

        def study(visitor: Visitor, share: list[int]) -> None:
            for reviews in range(5):
                for card in share:
                    review_id = uuid4()
                    assert visitor.answer(card, reviews=reviews, review_id=review_id).status == FOUND
                    acknowledged.append(review_id)

        with ThreadPoolExecutor(len(sites)) as pool:
            list(pool.map(study, sites, [cards[number :: len(sites)] for number in range(len(sites))]))

    assert library.column("select version_num from alembic_version") == ["next"]
    assert len(list(library.folder.glob(f"*before-upgrade-from-{HEAD}"))) == 1
    assert library.reviews() == sorted(acknowledged)
    assert library.problems() == []


def test_a_card_graded_on_two_servers_at_once_counts_once_and_one_is_told(library, serve):
    with two(serve, library.folder) as (one, other):
        visitors = [Visitor(one.url), Visitor(other.url)]
        for card in library.cards():
            replies = answer_all(visitors, [card, card])()
            assert sorted(reply.status for reply in replies) == [FOUND, CONFLICT]

    assert len(library.reviews()) == len(library.cards())
    assert library.problems() == []


@contextmanager
def two(serve: Serve, folder: Path, **more: str) -> Iterator[Sequence[Site]]:
    """Start two servers on a folder at the same moment."""
    with ExitStack() as ends, ThreadPoolExecutor(2) as pool:
        yield list(pool.map(ends.enter_context, [serve(folder, **more) for _ in range(2)]))


def newer_program(folder: Path) -> Path:
    """Make a program that differs in one more migration, and return the folder to import it from."""
    folder.mkdir()
    (folder / "quizapp").symlink_to(PACKAGE)
    shutil.copytree(beside("migrations"), folder / "migrations")
    (folder / "migrations" / "versions" / "next.py").write_text(NEXT)
    return folder
