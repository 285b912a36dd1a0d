"""Upgrades of a library on a server: the same migrations, in one transaction, without a copy before."""

import shutil
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from benchmarks import postgres
from quizapp.config import beside
from quizapp.db import schema
from quizapp.db.engine import Database
from quizapp.db.upgrade import upgrade
from quizapp.errors import Unavailable
from quizapp.services import accounts, checking
from tests import make
from tests.db.test_upgrade import COMPARED, NEXT, add_migration
from tests.make import NOW

pytestmark = pytest.mark.postgres
FILES = [b"# Cells\n", bytes(range(256)) * 5000, b"", b"# Cells\n"]


@pytest.fixture
def database(postgres_to_alter: Database) -> Database:
    return postgres_to_alter


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    return Path(shutil.copytree(beside("migrations"), tmp_path / "migrations"))


@pytest.fixture
def fresh(postgres_server: postgres.Server, tmp_path: Path):
    """A database with nothing in it."""
    name = postgres_server.create()
    database = Database(postgres_server.url(name), tmp_path)
    yield database
    database.close()
    postgres_server.drop(name)


def columns(database: Database, table: str) -> list[str]:
    with database.reading() as session:
        return [column["name"] for column in inspect(session.connection()).get_columns(table)]


def checks(database: Database) -> set[str]:
    with database.reading() as session:
        found = inspect(session.connection()).get_multi_check_constraints()
    return {str(check["name"]) for some in found.values() for check in some}


def test_migrations_make_the_tables_that_the_program_uses(database):
    with database.altering() as connection:
        context = MigrationContext.configure(connection, opts=COMPARED)
        differences = compare_metadata(context, schema.METADATA)

    assert differences == []


def test_migrations_make_the_checks_that_the_program_relies_on(database, fresh):
    with fresh.altering() as connection:
        schema.METADATA.create_all(connection)

    assert checks(database) == checks(fresh) != set()


def test_a_filled_library_keeps_everything_through_an_upgrade(database, owner, scripts):
    with database.writing() as session:
        make.added(session, owner, keep_ready=True)
    add_migration(scripts, NEXT + '    op.add_column("note", sa.Column("hint", sa.Text))\n')

    assert upgrade(database, scripts=scripts, now=NOW) is None

    with database.reading() as session:
        notes = session.execute(text("select question, flag from note order by id")).all()
        query = "select collation_name from information_schema.columns where column_name = 'hint'"
        order = session.execute(text(query)).scalar_one()
    assert notes == [("What is said in passage 0?", 0), ("What is said in passage 1?", 0)]
    assert order == "C"  # by code point, as in a file


@pytest.mark.parametrize(
    ("more", "refusal"), [("    _ = 1 / 0\n", ZeroDivisionError), ('    op.execute("SELECT 1 / 0")\n', Exception)]
)
def test_a_migration_that_fails_leaves_the_library_as_it_was(database, scripts, more, refusal):
    before = columns(database, "note")
    add_migration(scripts, NEXT + more)

    with pytest.raises(refusal):
        upgrade(database, scripts=scripts, now=NOW)

    assert columns(database, "note") == before


def test_a_library_of_a_newer_program_is_refused(database, scripts):
    add_migration(scripts)
    upgrade(database, scripts=scripts, now=NOW)

    with pytest.raises(Unavailable, match="newer version of Recto"):
        upgrade(database, scripts=beside("migrations"), now=NOW)


def test_a_database_of_another_program_is_refused_and_left_alone(fresh, scripts):
    with fresh.writing() as session:
        session.execute(text("create table recipe (name text)"))

    with pytest.raises(Unavailable, match="is not a Recto library"):
        upgrade(fresh, scripts=scripts, now=NOW)

    with fresh.reading() as session:
        assert inspect(session.connection()).get_table_names() == ["recipe"]


def test_two_that_start_at_once_upgrade_once(fresh, scripts, tmp_path):
    address = fresh.store.reader.url.render_as_string(hide_password=False)
    databases = [Database(address, tmp_path) for _ in range(2)]
    failures: list[Exception] = []

    def start(database: Database) -> None:
        try:
            upgrade(database, scripts=scripts, now=NOW)
        except Exception as fault:  # noqa: BLE001 - told below
            failures.append(fault)

    threads = [threading.Thread(target=start, args=(one,)) for one in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in databases:
        one.close()

    assert failures == []
    with fresh.reading() as session:
        assert session.execute(text("select count(*) from alembic_version")).scalar() == 1


def test_originals_move_out_of_the_database_of_the_first_version(fresh, scripts):
    for later in sorted((scripts / "versions").glob("*_*.py"))[1:]:
        later.unlink()
    upgrade(fresh, scripts=scripts, now=NOW)
    with fresh.writing() as session:
        session.execute(text("insert into learner (name, created) values ('Owner', '2026-11-23')"))
        for number, data in enumerate(FILES, start=1):
            document = {"text": f"text {number}", "hash": f"{number:064}", "number": number, "data": data}
            session.execute(
                text(
                    "insert into document (owner_id, title, filename, language, text, text_hash, words, problems,"
                    " deck_name, added) values (1, 'Cells', 'cells.md', 'en', :text, :hash, 2, '[]', 'Cells', now())"
                ),
                document,
            )
            session.execute(text("insert into original values (:number, 1, :data)"), document)

    upgrade(fresh, scripts=beside("migrations"), now=NOW)

    with fresh.reading() as session:
        names = session.execute(text("select hash from original order by document_id")).scalars().all()
    assert [fresh.media.get(name) for name in names] == FILES
    assert columns(fresh, "original") == ["document_id", "owner_id", "hash", "size"]
    with fresh.writing() as session:
        accounts.local_owner(session, time_zone="UTC", now=NOW)
        assert checking.check(session, now=NOW).faults == ()
