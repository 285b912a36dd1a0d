"""Bringing a library up to the tables that this program uses, at start. Start from `upgrade`."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from quizapp.db.engine import Database, Session
from quizapp.errors import Unavailable


def upgrade(database: Database, *, scripts: Path, now: datetime) -> Path | None:
    """Run the migrations that a library lacks; return the copy made before, None when there was nothing to copy.

    One process at a time. A library that a newer program has written is refused
    and left as it is, and so is one in which a migration fails. Only a file is
    copied: PostgreSQL alters tables within the transaction, and rewrites none.
    """
    config = _config(scripts)
    directory = ScriptDirectory.from_config(config)
    with database.turn(), database.altering() as connection:
        revision = _revision(connection, directory, database.name)
        if revision == directory.get_current_head():
            return None
        backup = _copy(database.path, revision, now) if revision and database.is_file else None
        config.attributes.update(connection=connection, media=database.media)
        command.upgrade(config, "head")
    return backup


def knows(scripts: Path, revision: str) -> bool:
    """Say whether this program can work with a library at that revision, upgraded if need be."""
    return revision in _known(ScriptDirectory.from_config(_config(scripts)))


def revision_gap(session: Session, *, scripts: Path) -> str:
    """Say in a sentence why the library does not have the tables of this program; nothing when it has them."""
    if MigrationContext.configure(session.connection()).get_current_revision() == _head(scripts):
        return ""
    return "The library is not at the version of this program. Stop Recto and start it again, which upgrades it."


@cache
def _head(scripts: Path) -> str | None:
    """Return the revision that this program works with, as the scripts were when it was first asked."""
    return ScriptDirectory.from_config(_config(scripts)).get_current_head()


def _config(scripts: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _known(directory: ScriptDirectory) -> set[str]:
    return {script.revision for script in directory.walk_revisions()}


def _revision(connection: Connection, directory: ScriptDirectory, name: str) -> str | None:
    """Return the revision that the library is at, None when it is empty."""
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None:
        if inspect(connection).get_table_names():
            raise Unavailable(f"What is at {name} is not a Recto library. Name another in QUIZAPP_DATABASE_URL.")
        return None
    if revision not in _known(directory):
        raise Unavailable(f"The library at {name} was written by a newer version of Recto. Install that version.")
    return revision


def _copy(path: Path, revision: str, now: datetime) -> Path:
    """Copy the library beside itself; a half-written copy never has the final name."""
    copy = path.with_name(f"{path.name}.{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-before-upgrade-from-{revision}")
    draft = copy.with_name(f"{copy.name}.part")
    try:
        draft.touch(mode=0o600)
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(draft)) as target:
            source.backup(target)
        return draft.replace(copy)
    except (OSError, sqlite3.Error) as error:
        draft.unlink(missing_ok=True)
        raise Unavailable(
            f"The library at {path} must be upgraded, but no copy could be made before: {error}. "
            "Nothing was changed; make room or check the rights of the folder."
        ) from error
