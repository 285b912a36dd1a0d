import shutil
import sqlite3
import threading
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect

from quizapp.config import beside
from quizapp.db import schema
from quizapp.db.engine import Database
from quizapp.db.schema import FOLLOWING
from quizapp.db.upgrade import revision_gap, upgrade
from quizapp.errors import Unavailable
from quizapp.services import checking, searching
from tests import make
from tests.make import NOW

HEAD = ScriptDirectory(str(beside("migrations"))).get_current_head()
BEFORE_SEARCH = "0009"
COMPARED = {
    "compare_type": True,
    "compare_server_default": True,
    "include_name": lambda name, _kind, _parents: name not in FOLLOWING,
}
NEXT = f"""
import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{HEAD}"


def upgrade() -> None:
    with op.batch_alter_table("note") as table:
        table.add_column(sa.Column("flag", sa.Integer, nullable=False, server_default="0"))
        table.alter_column("question", nullable=True)
"""


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """The migrations, to which a test can add one."""
    return Path(shutil.copytree(beside("migrations"), tmp_path / "migrations"))


def add_migration(scripts: Path, body: str = NEXT) -> None:
    (scripts / "versions" / "next.py").write_text(f'"""One more."""\n{body}')


def dump(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    try:
        return list(connection.iterdump())
    finally:
        connection.close()


def all_checks(path: str) -> dict[str, list[tuple[str, str]]]:
    inspector = inspect(create_engine(path))
    return {
        table: sorted((check["name"], check["sqltext"]) for check in inspector.get_check_constraints(table))
        for table in inspector.get_table_names()
    }


def test_migrations_make_the_tables_that_the_program_uses(database):
    with database.altering() as connection:
        context = MigrationContext.configure(connection, opts=COMPARED)
        differences = compare_metadata(context, schema.METADATA)

    assert differences == []


def test_migrations_make_the_checks_that_the_program_relies_on(database, tmp_path):
    wanted = create_engine(f"sqlite:///{tmp_path / 'wanted.db'}")
    schema.METADATA.create_all(wanted)
    migrated = all_checks(f"sqlite:///{database.path}")
    del migrated["alembic_version"]

    assert migrated == all_checks(str(wanted.url))


def test_a_new_library_needs_no_copy(tmp_path, scripts):
    database = Database(f"sqlite:///{tmp_path / 'recto.db'}")

    copy = upgrade(database, scripts=scripts, now=NOW)

    assert copy is None
    with database.reading():
        pass
    database.close()


def test_an_up_to_date_library_is_left_as_it_is(database, owner, scripts):
    before = dump(database.path)

    assert upgrade(database, scripts=scripts, now=NOW) is None
    assert dump(database.path) == before


def test_a_filled_library_keeps_everything_through_an_upgrade(database, owner, scripts):
    with database.writing() as session:
        make.added(session, owner, keep_ready=True)
    before = dump(database.path)
    add_migration(scripts)

    copy = upgrade(database, scripts=scripts, now=NOW)

    assert copy is not None
    assert dump(copy) == before
    with database.reading() as session:
        notes = session.connection().exec_driver_sql("select question, flag from note order by id").all()
        cards = session.connection().exec_driver_sql("select count(*) from card").scalar()
    assert notes == [("What is said in passage 0?", 0), ("What is said in passage 1?", 0)]
    assert cards == 2


def test_references_are_kept_again_after_an_upgrade(database, owner, scripts):
    add_migration(scripts)

    upgrade(database, scripts=scripts, now=NOW)

    with database.writing() as session:
        assert session.connection().exec_driver_sql("pragma foreign_keys").scalar() == 1


def test_the_copy_can_be_read_by_its_owner_alone(database, owner, scripts):
    add_migration(scripts)

    copy = upgrade(database, scripts=scripts, now=NOW)

    assert copy is not None
    assert copy.stat().st_mode & 0o077 == 0
    assert list(copy.parent.glob("*.part")) == []


def test_without_room_for_the_copy_nothing_is_upgraded(database, owner, scripts):
    before = dump(database.path)
    (database.path.parent / f"recto.db.{NOW:%Y%m%dT%H%M%SZ}-before-upgrade-from-{HEAD}").mkdir()
    add_migration(scripts)

    with pytest.raises(Unavailable, match="no copy could be made"):
        upgrade(database, scripts=scripts, now=NOW)

    assert dump(database.path) == before
    assert list(database.path.parent.glob("*.part")) == []


def test_a_migration_that_fails_leaves_the_library_as_it_was(database, owner, scripts):
    before = dump(database.path)
    add_migration(scripts, NEXT + "    _ = 1 / 0\n")

    with pytest.raises(ZeroDivisionError):
        upgrade(database, scripts=scripts, now=NOW)

    assert dump(database.path) == before


def test_a_migration_that_breaks_references_is_refused(database, owner, scripts):
    with database.writing() as session:
        make.added(session, owner, keep_ready=True)
    before = dump(database.path)
    add_migration(scripts, NEXT + '    op.execute("DELETE FROM note")\n')

    with pytest.raises(Unavailable, match="would break"):
        upgrade(database, scripts=scripts, now=NOW)

    assert dump(database.path) == before


def test_documents_from_before_there_was_a_search_are_found(database, owner, scripts):
    with database.writing() as session:
        make.added(session, owner, text="Häfen\n\nDie Schleuse am Fluß.\n\n数据库。")
    config = Config(attributes={"media": database.media})
    config.set_main_option("script_location", str(scripts))
    config.set_main_option("path_separator", "os")
    with database.altering() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, BEFORE_SEARCH)

    upgrade(database, scripts=scripts, now=NOW)

    with database.reading() as session:
        found = [searching.search(session, owner, word).passages for word in ("hafen", "schleuse fluss", "据库", "sea")]
        assert found == [1, 1, 1, 0]
        assert checking.check(session, now=NOW).faults == ()


def test_scripts_are_named_after_their_revisions_in_the_order_in_which_they_run():
    directory = ScriptDirectory(str(beside("migrations")))

    in_order = [script.revision for script in reversed([*directory.walk_revisions()])]

    names = sorted(path.stem for path in (beside("migrations") / "versions").glob("*.py"))
    assert [name.partition("_")[0] for name in names] == in_order


def test_a_library_of_a_newer_program_is_refused_and_left_alone(database, owner, scripts):
    add_migration(scripts)
    upgrade(database, scripts=scripts, now=NOW)
    before = dump(database.path)

    with pytest.raises(Unavailable, match="newer version of Recto"):
        upgrade(database, scripts=beside("migrations"), now=NOW)

    assert dump(database.path) == before


def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path, scripts):
    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute("create table recipe (name text)")
    other.close()
    before = dump(path)

    with pytest.raises(Unavailable, match="is not a Recto library"):
        upgrade(Database(f"sqlite:///{path}"), scripts=scripts, now=NOW)

    assert dump(path) == before


def test_two_that_start_at_once_upgrade_once(database, owner, scripts):
    add_migration(scripts)
    copies: list[Path | None] = []
    databases = [Database(f"sqlite:///{database.path}") for _ in range(2)]
    threads = [
        threading.Thread(target=lambda one=one: copies.append(upgrade(one, scripts=scripts, now=NOW)))
        for one in databases
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(copy is None for copy in copies) == [False, True]
    for one in databases:
        one.close()


def test_who_starts_while_another_upgrades_waits_for_as_long_as_it_is_told_to(tmp_path, scripts, monkeypatch):
    one, other = (Database(f"sqlite:///{tmp_path / 'library.db'}") for _ in range(2))
    monkeypatch.setattr(other.store, "patience", 0.01)
    begun, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        with one.altering():
            begun.set()
            may_end.wait()

    holder = threading.Thread(target=hold)
    holder.start()
    begun.wait()
    with pytest.raises(Unavailable, match="busy with another write"):
        upgrade(other, scripts=scripts, now=NOW)
    threading.Timer(0.1, may_end.set).start()
    upgrade(other, scripts=scripts, now=NOW, patience=60)
    holder.join()

    with other.reading() as session:
        assert revision_gap(session, scripts=scripts) == ""
    for database in (one, other):
        database.close()
