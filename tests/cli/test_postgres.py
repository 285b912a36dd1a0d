"""The commands on a library that is on a PostgreSQL server, as a person runs them."""

import sys
import time
from uuid import uuid4

import pytest

from quizapp.config import beside
from tests.faults.visiting import FOUND, Visitor
from tests.serving import served

pytestmark = [pytest.mark.slow, pytest.mark.postgres]

SAMPLE = beside("seeds") / "summit-takeaways.txt"


@pytest.fixture
def in_postgres(environment, postgres_server):
    """Set the address of a database with nothing in it, as a person would."""
    name = postgres_server.create()
    environment["QUIZAPP_DATABASE_URL"] = postgres_server.url(name)
    yield environment
    postgres_server.drop(name)


def test_a_library_is_filled_studied_backed_up_and_moved_into_a_file(run, refused, in_postgres, tmp_path):
    added = run("add", SAMPLE, "--deck", "Summit")
    command = [sys.executable, "-m", "quizapp", "serve", "--port", "0"]
    with served(command, environment=in_postgres, folder=tmp_path) as site:
        visitor = Visitor(site.url)
        assert visitor.answer(1).status == FOUND
        assert visitor.answer(2).status == FOUND
        assert visitor.post("/study/undo", undo=uuid4()).status == FOUND
        assert "Stop quizapp serve" in refused("restore", SAMPLE)
        wait_for(lambda: list((tmp_path / "data" / "backups").glob("recto-*.zip")))
        assert site.interrupt() == 0
    exported = run("export", "Summit", "summit.apkg")
    backed_up = run("backup", "recto.zip")
    there = run("decks", "--json").stdout
    checked = run("check")
    replaced = run("restore", "recto.zip")
    del in_postgres["QUIZAPP_DATABASE_URL"]
    restored = run("restore", "recto.zip")
    checked_again = run("check")

    done = [added, exported, backed_up, checked, replaced, restored, checked_again]
    assert [(one.returncode, one.stderr) for one in done] == [(0, b"")] * len(done)
    assert b", 3 reviews and 1 file" in backed_up.stdout  # an undo is one
    assert b", 3 reviews and 1 file" in restored.stdout
    assert checked.stdout == checked_again.stdout
    assert b"Your library is whole: " in checked.stdout
    assert run("decks", "--json").stdout == there
    assert (tmp_path / "data" / "recto.db").exists()


def wait_for(is_so):
    deadline = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline, "this never happened"
        time.sleep(0.05)


@pytest.mark.parametrize("command", ["decks", "check", "serve"])
def test_a_server_that_is_not_there_is_told_in_one_line(refused, environment, tmp_path, command):
    environment["QUIZAPP_DATABASE_URL"] = f"postgresql://ines:secret@/recto?host={tmp_path}"

    told = refused(command)

    assert told.startswith(f"The library at postgresql://{tmp_path}/recto cannot be opened: ")
    assert "secret" not in told


def test_another_kind_of_database_is_refused_in_one_line(refused, environment):
    environment["QUIZAPP_DATABASE_URL"] = "mysql://localhost/recto"

    assert "an SQLite file or in PostgreSQL" in refused("decks")
