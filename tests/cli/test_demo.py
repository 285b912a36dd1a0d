import signal
import sys
from pathlib import Path

import pytest

from quizapp.cli import demo
from tests.serving import served

pytestmark = pytest.mark.slow


@pytest.fixture
def command():
    return [sys.executable, "-m", "quizapp", "demo", "--port", "0", "--no-browser"]


@pytest.fixture
def environment(environment, tmp_path):
    (tmp_path / "tmp").mkdir()
    return environment | {"TMPDIR": str(tmp_path / "tmp")}


def test_the_demo_is_ready_to_study_and_leaves_nothing_behind(command, environment, tmp_path):
    with served(command, environment=environment, folder=tmp_path) as site:
        assert "Show answer" in site.get("/study")
        assert all(path.stem for path in demo.samples())
        assert len(list((tmp_path / "tmp").iterdir())) == 1

        assert site.interrupt() == 0

    assert list((tmp_path / "tmp").iterdir()) == []
    assert not (tmp_path / "data").exists()


def test_the_second_start_reads_nothing_again(command, environment, tmp_path):
    with served(command, environment=environment, folder=tmp_path) as site:
        first = site.get("/library")
        site.interrupt()
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "cache" / "quizapp").iterdir()}

    with served(command, environment=environment, folder=tmp_path) as site:
        second = site.get("/library")
        site.interrupt()

    assert len(kept) == 1
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert titles(first) == titles(second)
    assert b"Reading the sample" not in (tmp_path / "served.log").read_bytes()


def test_the_demo_ends_cleanly_when_it_is_told_to(command, environment, tmp_path):
    with served(command, environment=environment, folder=tmp_path) as site:
        site.process.send_signal(signal.SIGTERM)

        assert site.process.wait(30) == 0

    assert list((tmp_path / "tmp").iterdir()) == []


def test_the_demo_ends_with_its_terminal(command, environment, tmp_path):
    with served(command, environment=environment, folder=tmp_path) as site:
        site.process.send_signal(signal.SIGHUP)

        assert site.process.wait(30) == 0


def test_three_samples_at_least():
    assert len(demo.samples()) >= 3
    assert demo.UNDECIDED in {Path(path).stem for path in demo.samples()}


def titles(page: str) -> list[str]:
    return [path.stem for path in demo.samples() if path.stem in page]
