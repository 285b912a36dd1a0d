import re
import shutil
import signal
import socket
import sys
import tempfile
import time

import pytest

from quizapp.cli import demo
from tests.faults.visiting import Visitor
from tests.serving import served

COMMAND = [sys.executable, "-m", "quizapp", "demo", "--port", "0", "--no-browser"]


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """The cache folder of a person who starts the demo again and again."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def start(environment, cache, tmp_path):
    """Start the demo, with its temporary folder where a test can look into it."""
    (tmp_path / "tmp").mkdir()
    theirs = environment | {"TMPDIR": str(tmp_path / "tmp"), "XDG_CACHE_HOME": str(cache)}
    return lambda **settings: served(COMMAND, environment=theirs | settings, folder=tmp_path)


def test_there_are_three_samples_and_one_of_them_is_left_to_decide_on():
    names = [path.stem for path in demo.samples()]

    assert len(names) >= 3
    assert demo.UNDECIDED in names


@pytest.fixture
def short():
    """A temporary folder whose name is short enough for readers to be copies of one that stays."""
    folder = tempfile.mkdtemp(prefix="r")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.slow
def test_a_document_is_read_in_the_demo_that_has_just_read_its_samples(start, cache, short):
    shutil.rmtree(cache / "quizapp", ignore_errors=True)
    with start(TMPDIR=short) as site:
        Visitor(site.url).post("/library", text="The lamp at Skarn weighs 1,900 kilograms.", title="Skarn")
        deadline = time.monotonic() + 60
        while "Under way" in site.get("/library") and time.monotonic() < deadline:
            time.sleep(0.3)

        assert "Recto made a mistake" not in site.get("/library")
        assert "Skarn" in site.get("/library/4")


@pytest.mark.slow
def test_the_demo_is_ready_to_study_keeps_no_backups_and_leaves_nothing_behind(start, tmp_path):
    with start() as site:
        assert "Show answer" in site.get("/study")
        assert "Fetch a page" in site.get("/library/new")
        assert len(list((tmp_path / "tmp").glob("recto-*"))) == 1
        time.sleep(1)  # in which a site has made its first backup
        assert not list((tmp_path / "tmp").rglob("backups"))

        assert site.interrupt() == 0

    assert list((tmp_path / "tmp").iterdir()) == []
    assert not (tmp_path / "data").exists()


@pytest.mark.slow
def test_the_next_start_reads_nothing_again(start, cache):
    with start() as site:
        first = text(site.get("/decks"))
    kept = {path: path.stat().st_mtime_ns for path in (cache / "quizapp").iterdir()}

    with start() as site:
        second = text(site.get("/decks"))

    assert second == first
    assert len(kept) == 1
    assert {path: path.stat().st_mtime_ns for path in (cache / "quizapp").iterdir()} == kept


@pytest.mark.slow
def test_a_port_that_was_asked_for_and_is_taken_is_told(refused):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        assert f"Port {port} is taken" in refused("demo", "--no-browser", "--port", port)


@pytest.mark.slow
@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGHUP], ids=["by another program", "by its terminal"])
def test_the_demo_ends_cleanly_when_it_is_told_to(start, tmp_path, told):
    with start() as site:
        site.process.send_signal(told)

        assert site.process.wait(30) == 0

    assert list((tmp_path / "tmp").iterdir()) == []


def text(page: str) -> str:
    """Return what a page says."""
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


@pytest.mark.slow
def test_no_page_is_offered_to_be_fetched_where_that_is_switched_off(start):
    with start(QUIZAPP_FETCH="off") as site:
        assert "Fetch a page" not in site.get("/library/new")
