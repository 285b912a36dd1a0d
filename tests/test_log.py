import logging
import subprocess
import sys

import pytest

from quizapp import log
from quizapp.log import LOGGER, MOST_BYTES, OLD_ONES, keep, kinds

SECRET = "Napoleon was born on Corsica"
WRITER = """
import sys
from pathlib import Path
from quizapp import log
log.MOST_BYTES = 20_000
log.OLD_ONES = 100
log.PAUSE_SECONDS = 0
log.keep(Path(sys.argv[1]))
for number in range(2_000):
    log.LOGGER.info("%s line %d of many", sys.argv[2], number)
"""


def fail() -> None:
    try:
        int(SECRET)
    except ValueError as error:
        raise KeyError(SECRET) from error


def test_a_line_tells_when_and_what(tmp_path):
    keep(tmp_path / "quizapp.log")

    LOGGER.info("%s came", "somebody")

    (line,) = (tmp_path / "quizapp.log").read_text().splitlines()
    time, level, *message = line.split()
    assert time.endswith("+00:00")
    assert (level, message) == ("INFO", ["somebody", "came"])


def test_only_its_owner_can_read_it(tmp_path):
    keep(tmp_path / "quizapp.log")
    LOGGER.info("a line")

    assert (tmp_path / "quizapp.log").stat().st_mode & 0o077 == 0


def test_of_a_fault_the_way_and_the_kinds_are_told_and_not_what_it_says(tmp_path):
    keep(tmp_path / "quizapp.log")
    try:
        fail()
    except KeyError:
        LOGGER.exception("a fault")

    told = (tmp_path / "quizapp.log").read_text()
    assert SECRET not in told
    assert "in fail" in told
    assert told.index("ValueError") < told.index("which led to") < told.rindex("KeyError")


def test_kinds_tell_the_code_that_the_system_gave():
    error = RuntimeError(SECRET)
    error.__cause__ = FileNotFoundError(2, "No such file or directory", SECRET)

    assert kinds(error) == "RuntimeError < FileNotFoundError (No such file or directory)"


def test_a_log_that_has_grown_is_set_aside_and_a_few_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(log, "MOST_BYTES", 1_000)
    monkeypatch.setattr(log, "PAUSE_SECONDS", 0)
    keep(tmp_path / "quizapp.log")

    for number in range(1_000):
        LOGGER.info("line %d", number)

    kept = sorted(tmp_path.iterdir())
    assert len(kept) == OLD_ONES + 1
    assert all(file.stat().st_size <= 1_100 for file in kept)
    assert "line 999" in (tmp_path / "quizapp.log").read_text()
    assert MOST_BYTES * (OLD_ONES + 1) <= 25_000_000


@pytest.mark.slow
def test_of_several_processes_none_loses_a_line(tmp_path):
    place = tmp_path / "quizapp.log"
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, place, name]) for name in ("one", "two", "three")]
    assert [writer.wait(120) for writer in writers] == [0, 0, 0]

    lines = [line.split(maxsplit=2)[2] for file in tmp_path.iterdir() for line in file.read_text().splitlines()]
    assert sorted(lines) == sorted(f"{name} line {n} of many" for name in ("one", "two", "three") for n in range(2_000))


def test_a_log_that_was_moved_away_begins_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(log, "PAUSE_SECONDS", 0)
    place = tmp_path / "quizapp.log"
    keep(place)
    LOGGER.info("first")
    place.rename(tmp_path / "moved")

    LOGGER.info("second")

    assert "second" in place.read_text()
    assert "second" not in (tmp_path / "moved").read_text()


@pytest.mark.parametrize("place", ["file/quizapp.log", "folder"])
def test_a_log_that_cannot_be_written_stops_nobody(tmp_path, capsys, place):
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    keep(tmp_path / place)

    LOGGER.info("a line")

    assert capsys.readouterr() == ("", "")


def test_the_log_can_go_to_stderr(capsys):
    assert keep(None) is None

    LOGGER.info("a line")

    assert "INFO a line" in capsys.readouterr().err


def test_the_first_to_say_where_decides(tmp_path):
    first = keep(tmp_path / "first.log")
    second = keep(tmp_path / "second.log")

    LOGGER.info("a line")

    assert first == second == tmp_path / "first.log"
    assert [file.name for file in tmp_path.iterdir()] == ["first.log"]
    assert len(logging.getLogger("quizapp").handlers) == 1
