"""An import that is killed, cancelled, or in the way of who studies meanwhile."""

import json
import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from quizapp.db.engine import Database
from quizapp.services import accounts, importing, jobs
from quizapp.services.tasks import ToImport
from tests.anki.test_package import collection, packed
from tests.faults.test_killed import wait_until
from tests.faults.visiting import FOUND, Visitor
from tests.make import NOW

pytestmark = pytest.mark.slow

NOTES = 3_000  # in four parts
COMING = "select count(*) from note where guid like 'many-%'"
# Long work for the database on every note, so that what is done to an import falls into the middle of it.
SLOWER = """
create trigger slow after insert on imported begin
    select count(*) from (with recursive number(n) as (select 1 union all select n + 1 from number limit {})
                          select n from number);
end
"""
SLOW, VERY_SLOW = SLOWER.format(1_000), SLOWER.format(10_000)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package of many notes, each answered once."""
    folder = tmp_path_factory.mktemp("many")
    made = folder / "made"
    collection(made)
    with closing(sqlite3.connect(made)) as open_one, open_one:
        numbers = range(2, NOTES + 1)
        notes = [(n, f"many-{n}", f"What is {n}?\x1fNumber {n}.") for n in numbers]
        open_one.executemany("insert into notes values (?, ?, 1, 1700000000, '', ?)", notes)
        cards = [(n, n, json.dumps({"s": 3.5, "d": 5.0})) for n in numbers]
        open_one.executemany("insert into cards values (?, ?, 1, 0, 2, 2, 900, 4, 2500, 1, 0, 0, 0, 0, 0, ?)", cards)
        grades = [(1_760_000_000_000 + n, n) for n in numbers]
        open_one.executemany("insert into revlog values (?, ?, 3, 4, 2500, 4000, 0)", grades)
    return packed(folder / "many.apkg", {"collection.anki2": made.read_bytes(), "media": "{}"})


def ask_to_import(library, package):
    database = Database(f"sqlite:///{library.path}")
    with database.writing() as session:
        owner = accounts.local_owner(session, time_zone="UTC", now=NOW)
        jobs.ask(session, owner, ToImport("many.apkg").task(), data=package.read_bytes(), now=NOW)
    database.close()


def parts(library):
    """How many parts of the import that is under way are in; nothing before and after."""
    return library.column("select parts from import_run where parts is not null")


def is_in_the_middle(library):
    return lambda: parts(library) in ([1], [2])


def test_an_import_whose_worker_is_killed_goes_on_in_another_and_is_one_run(library, package, start):
    before = library.column("select count(*) from note")
    ask_to_import(library, package)
    library.alter(VERY_SLOW)
    first = start("worker")
    wait_until(is_in_the_middle(library), seconds=120)
    os.killpg(first.pid, signal.SIGKILL)
    stored = library.column(COMING)
    library.alter("drop trigger slow")

    assert 0 < stored[0] < NOTES - 1
    start("worker")
    wait_until(library.is_idle, seconds=120)

    assert library.column("select status from job") == ["DONE"]
    assert library.column("select count(*) from note") == [before[0] + NOTES]
    assert library.column("select count(*) from deck where name = 'Default'") == [1]
    assert (len(library.reviews()), len(set(library.reviews()))) == (NOTES - 1, NOTES - 1)
    (report,) = library.column("select report from import_run where parts is null and job_id is null")
    told = json.loads(report)
    assert (told["added"], told.get("unchanged", 0), told["reviews"]) == (NOTES, 0, NOTES - 1)
    assert library.problems() == []
    _taken_back_whole(library, before[0])


def _taken_back_whole(library, before):
    database = Database(f"sqlite:///{library.path}")
    with database.writing() as session:
        owner = accounts.local_owner(session, time_zone="UTC", now=NOW)
        (run,) = importing.runs(session, owner)
        importing.undo(session, owner, run.run_id, now=NOW)
    database.close()
    living = "select count(*) from note join deck on deck.id = deck_id where note.deleted_at is null and deck.deleted_at is null"
    assert library.column(living) == [before]


def test_who_studies_while_an_import_is_stored_is_never_refused(library, package, serve):
    library.alter(SLOW)
    with serve(library.folder) as site:
        visitor = Visitor(site.url)
        assert visitor.upload("/decks/import", "many.apkg", package.read_bytes()).status == FOUND
        wait_until(is_in_the_middle(library), seconds=120)
        given = [uuid4() for _ in range(6)]
        seen, replies = [], []
        for review_id, card in zip(given, library.cards(), strict=False):
            replies.append(visitor.answer(card, review_id=review_id).status)
            seen += parts(library)
        wait_until(library.is_idle, seconds=120)

    assert replies == [FOUND] * len(given)
    assert seen  # the import was under way when the answers came
    assert set(given) <= set(library.reviews())
    assert library.column("select status from job") == ["DONE"]
    assert library.column(COMING) == [NOTES - 1]
    assert library.problems() == []


LIVING = "select count(*) from plan where queue != 'GONE'"


def test_an_import_cancelled_in_the_middle_leaves_no_card_and_can_be_done_after_all(library, package, serve):
    before = library.column(LIVING)
    library.alter(SLOW)
    with serve(library.folder) as site:
        visitor = Visitor(site.url)
        visitor.upload("/decks/import", "many.apkg", package.read_bytes())
        wait_until(is_in_the_middle(library), seconds=120)
        refusal = visitor.post("/decks/imports/1/undo").sentence
        assert visitor.post("/jobs/1/cancel").status == FOUND
        wait_until(library.is_idle, seconds=120)
        assert "still coming in" in refusal
        assert library.column(LIVING) == before
        assert library.column("select status from job") == ["CANCELLED"]
        visitor.post("/jobs/1/again")
        wait_until(library.is_idle, seconds=120)

    assert library.column(COMING) == [NOTES - 1]
    assert library.column(LIVING) == [before[0] + NOTES]
    assert library.problems() == []
