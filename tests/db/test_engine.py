import os
import sqlite3
import stat
import subprocess
import sys
import threading
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from quizapp.db import sqlite
from quizapp.db.engine import Database
from quizapp.db.learners import LearnerRow
from quizapp.errors import InvalidInput, Unavailable
from tests.engines import IN_USE
from tests.make import NOW
from tests.stores import on_both


def learner(name: str) -> LearnerRow:
    return LearnerRow(name=name, created=NOW)


def names(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.execute(text("select name from learner order by id")).scalars())


def opened_again(database: Database) -> Database:
    """Open the same library as another process would."""
    return Database(address(database), database.store.folder)


def address(database: Database) -> str:
    return database.store.reader.url.render_as_string(hide_password=False)


def write_many(url: str, folder: Path, who: str, count: int) -> None:
    database = Database(url, folder)
    for number in range(count):
        with database.writing() as session:
            session.add(learner(f"{who} {number}"))
    database.close()


@on_both
def test_what_is_written_is_kept_when_the_turn_ends(database):
    with database.writing() as session:
        session.add(learner("Ines"))

    assert names(database) == ["Ines"]


@on_both
def test_nothing_is_kept_of_a_turn_that_fails(database):
    def fail() -> None:
        with database.writing() as session:
            session.add(learner("Ines"))
            session.flush()
            raise ValueError("something else went wrong")

    with pytest.raises(ValueError, match="something else"):
        fail()

    assert names(database) == []


@on_both
def test_a_failed_turn_frees_the_next(database):
    with pytest.raises(ValueError, match="something"), database.writing():
        raise ValueError("something else went wrong")

    with database.writing() as session:
        session.add(learner("Ines"))

    assert names(database) == ["Ines"]


@on_both
def test_a_write_while_reading_fails_at_once_and_loudly(database):
    with pytest.raises(DBAPIError, match=r"readonly|read-only"), database.reading() as session:
        session.execute(text("insert into learner (name, created) values ('Ines', '2026-01-01')"))


@on_both
def test_a_reader_sees_one_moment_while_others_write(database):
    with database.reading() as session:
        before = session.execute(text("select count(*) from learner")).scalar()
        with database.writing() as writer:
            writer.add(learner("Ines"))
        after = session.execute(text("select count(*) from learner")).scalar()

    assert (before, after) == (0, 0)
    assert names(database) == ["Ines"]


def test_every_connection_is_safe_against_power_loss_and_keeps_references(database, monkeypatch):
    monkeypatch.setattr(sqlite, "PRAGMAS", IN_USE)

    with database.writing() as session:
        asked = [
            session.execute(text(f"pragma {name}")).scalar() for name in ("journal_mode", "synchronous", "foreign_keys")
        ]

    assert asked == ["wal", 2, 1]


@on_both
def test_a_broken_reference_is_refused_by_the_database_itself(database):
    with pytest.raises(Exception, match=r"FOREIGN KEY|foreign key"), database.writing() as session:
        session.execute(text("insert into tag (owner_id, name) values (99, 'cells')"))


@on_both
def test_threads_that_write_at_once_lose_nothing(database):
    threads = [
        threading.Thread(target=write_many, args=(address(database), database.store.folder, who, 20)) for who in "ab"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(names(database)) == sorted(f"{who} {number}" for who in "ab" for number in range(20))


@pytest.mark.slow
@on_both
def test_processes_that_write_at_once_lose_nothing(database):
    context = get_context("spawn")
    processes = [
        context.Process(target=write_many, args=(address(database), database.store.folder, who, 20)) for who in "ab"
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)

    assert sorted(names(database)) == sorted(f"{who} {number}" for who in "ab" for number in range(20))


@on_both
def test_who_waits_too_long_for_the_turn_is_told_to_try_again(database, monkeypatch):
    monkeypatch.setattr(database.store, "patience", 0.05)

    with database.writing(), pytest.raises(Unavailable, match="busy"), database.writing():
        pass


@on_both
def test_a_writer_waits_for_another_process_only_so_long(database, monkeypatch):
    monkeypatch.setattr(database.store, "patience", 0.05)
    other = opened_again(database)

    with other.writing(), pytest.raises(Unavailable, match="busy"), database.writing():
        pass
    other.close()


def test_the_lock_of_another_program_is_told_in_a_sentence(database, monkeypatch):
    monkeypatch.setattr(sqlite, "PRAGMAS", ("busy_timeout=10", *sqlite.PRAGMAS[1:]))
    other = sqlite3.connect(database.path, isolation_level=None)
    other.execute("begin immediate")

    with pytest.raises(Unavailable, match="busy"), database.writing():
        pass
    other.close()


def test_a_file_that_is_no_database_is_told_in_a_sentence(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("These are my notes, not a library. " * 100)
    database = Database(f"sqlite:///{path}")

    with pytest.raises(Unavailable, match="is not a Recto library"), database.reading():
        pass


def test_a_missing_folder_is_told_in_a_sentence(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'gone' / 'recto.db'}")

    with pytest.raises(Unavailable, match="cannot be opened"), database.reading():
        pass
    with pytest.raises(Unavailable, match="cannot be opened"), database.writing():
        pass


def test_a_full_disk_is_told_in_a_sentence_and_nothing_is_stored(database):
    def fill() -> None:
        with database.writing() as session:
            session.execute(text("pragma max_page_count=1"))
            session.add(learner("Ines" * 100_000))

    with pytest.raises(Unavailable, match="is full"):
        fill()
    database.close()

    assert names(database) == []


def test_a_library_that_cannot_be_written_is_told_in_a_sentence(database):
    def write() -> None:
        with database.writing() as session:
            session.execute(text("pragma query_only=1"))
            session.add(learner("Ines"))

    with pytest.raises(Unavailable, match="cannot be written"):
        write()


def test_a_damaged_library_is_told_in_a_sentence(database):
    with database.writing() as session:
        session.add_all([learner("Ines" * 1000) for _ in range(20)])
    database.close()
    with database.path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(200_000))

    with pytest.raises(Unavailable, match="damaged"), database.reading() as session:
        session.execute(text("select sum(length(name)) from learner")).all()


@pytest.mark.parametrize(
    "url",
    ["nonsense", "sqlite://", "sqlite:///:memory:", "mysql://localhost/recto", ""],
    ids=["no URL", "no path", "memory", "another database", "empty"],
)
def test_only_a_file_and_postgresql_are_accepted(url, tmp_path):
    with pytest.raises(InvalidInput, match=r"sqlite:///.* or postgresql://"):
        Database(url, tmp_path)


def test_a_folder_may_be_named_as_its_owner_likes(tmp_path):
    folder = tmp_path / "50% of my #notes & more"
    folder.mkdir()
    database = Database(f"sqlite:///{folder / 'recto.db'}")

    with database.reading():
        pass

    assert (folder / "recto.db").exists()
    database.close()


@pytest.mark.parametrize("replaced", [False, True], ids=["deleted", "replaced"])
def test_nothing_is_written_into_a_library_that_nobody_can_find_any_more(database, replaced):
    with database.writing() as session:
        session.add(learner("first"))
    database.path.rename(f"{database.path}.moved")
    if replaced:
        database.path.touch()

    with pytest.raises(Unavailable, match="moved or replaced"), database.writing() as session:
        session.add(learner("second"))


def test_a_library_is_for_its_owner_alone(tmp_path):
    fresh = Database(f"sqlite:///{tmp_path / 'recto.db'}")

    with fresh.turn():
        pass

    assert stat.S_IMODE(fresh.path.stat().st_mode) == 0o600
    fresh.close()


LOOK = "import sqlite3, sys; connection = sqlite3.connect(sys.argv[1]); connection.execute('select * from learner').close()"


def test_a_program_that_looks_in_does_not_take_the_write_ahead_log_away(database):
    assert names(database) == []  # SQLite has the file open before the first turn to write
    for name in ("Ines", "Jan"):
        with database.writing() as session:
            session.add(learner(name))
        subprocess.run([sys.executable, "-c", f"{LOOK}; connection.close()", database.path], check=True)

        assert database.path.with_name(f"{database.path.name}-wal").exists()
