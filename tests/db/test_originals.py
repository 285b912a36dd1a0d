"""The upgrade that moves originals out of the database, on a library as the first version filled it."""

import shutil
import sqlite3
from contextlib import closing

import pytest
from alembic import command
from alembic.config import Config

from quizapp.config import beside
from quizapp.db.engine import Database
from quizapp.db.upgrade import upgrade
from quizapp.errors import Unavailable
from quizapp.media import Media
from tests.make import NOW

FILES = [b"# Cells\n", bytes(range(256)) * 5000, b"", b"# Cells\n"]


@pytest.fixture
def old(tmp_path):
    """A library of the first version with four documents, two of them of one file."""
    scripts = shutil.copytree(beside("migrations"), tmp_path / "first")
    for later in sorted((scripts / "versions").glob("*_*.py"))[1:]:
        later.unlink()
    database = Database(f"sqlite:///{tmp_path / 'recto.db'}")
    upgrade(database, scripts=scripts, now=NOW)
    database.close()
    with closing(sqlite3.connect(tmp_path / "recto.db")) as connection, connection:
        connection.execute("insert into learner values (1, 'Owner', '2026-11-23')")
        for number, data in enumerate(FILES, start=1):
            values = (number, f"Text {number}", "en", f"text {number}", f"{number:064}", 2, "[]", "Cells", "2026-11-23")
            connection.execute(
                "insert into document (id, owner_id, title, filename, language, text, text_hash, words, problems,"
                " deck_name, added) values (?1, 1, ?2, 'cells.md', ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                values,
            )
            connection.execute("insert into original values (?, 1, ?)", (number, data))
    return tmp_path / "recto.db"


def kept_files(path):
    media = Media(path.with_name("recto.db.media"))
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("select hash, size from original order by document_id").fetchall()
    assert [size for _, size in rows] == [len(media.get(name)) for name, _ in rows]
    return [media.get(name) for name, _ in rows]


def dump(path):
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def upgraded(path):
    database = Database(f"sqlite:///{path}")
    try:
        return upgrade(database, scripts=beside("migrations"), now=NOW)
    finally:
        database.close()


def test_every_byte_is_kept(old):
    before = dump(old)

    copy = upgraded(old)

    assert kept_files(old) == FILES
    assert dump(copy) == before


def test_an_upgrade_that_was_interrupted_is_done_again(old, monkeypatch):
    before, put = dump(old), Media.put

    def interrupted(media, data):
        if not data:
            raise Unavailable("no room")
        return put(media, data)

    monkeypatch.setattr(Media, "put", interrupted)
    with pytest.raises(Unavailable, match="no room"):
        upgraded(old)
    assert dump(old) == before

    monkeypatch.undo()
    upgraded(old)
    assert kept_files(old) == FILES


def test_the_way_back_is_whole_as_well(old):
    before = dump(old)
    upgraded(old)
    database = Database(f"sqlite:///{old}")

    config = Config()
    config.set_main_option("script_location", str(beside("migrations")))
    config.set_main_option("path_separator", "os")
    with database.altering() as connection:
        config.attributes.update(connection=connection, media=database.media)
        command.downgrade(config, "0001")
    database.close()

    assert [row for row in dump(old) if "INTO" in row and "original" in row] == [
        row for row in before if "INTO" in row and "original" in row
    ]
