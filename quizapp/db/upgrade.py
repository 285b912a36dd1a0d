"""Bringing a library up to the tables that this program uses, at start. Start from `upgrade`."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from quizapp.db.engine import Database, Session
from quizapp.errors import Unavailable


def upgrade(database: Database, *, scripts: Path, now: datetime, patience: float | None = None) -> Path | None:
    """Run the migrations that a library lacks; return the copy made before, None when there was nothing to copy.

    One process at a time; another waits for `patience` seconds, by default as long as any writer. A library that a newer program has written is refused
    and left as it is, and so is one in which a migration fails. Only a file is
    copied: PostgreSQL alters tables within the transaction, and rewrites none.
    """
    with database.altering(patience=patience) as connection:
        revision = _revision(connection, scripts, database.name)
        if revision == _revisions(scripts)[-1]:
            return None
        backup = _copy(database.path, revision, now) if revision and database.is_file else None
        _migrate(connection, database, scripts)
    return backup


def knows(scripts: Path, revision: str) -> bool:
    """Say whether this program can work with a library at that revision, upgraded if need be."""
    return revision in _revisions(scripts)


def revision_gap(session: Session, *, scripts: Path) -> str:
    """Say in a sentence why the library does not have the tables of this program; nothing when it has them."""
    if _stored(session.connection()) == _revisions(scripts)[-1]:
        return ""
    return "The library is not at the version of this program. Stop Recto and start it again, which upgrades it."


@cache
def _revisions(scripts: Path) -> Sequence[str]:
    """Return the revisions in their order, the names of the scripts, as they were when they were first asked for."""
    return sorted(file.stem.partition("_")[0] for file in (scripts / "versions").glob("*.py"))


def _stored(connection: Connection) -> str | None:
    """Return the revision that the database says it is at, None when it says none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _migrate(connection: Connection, database: Database, scripts: Path) -> None:
    """Run every migration after the library's own."""
    from alembic import command, config  # noqa: PLC0415 - half a second that only an upgrade should pay

    given = config.Config(attributes={"connection": connection, "media": database.media})
    given.set_main_option("script_location", str(scripts).replace("%", "%%"))
    given.set_main_option("path_separator", "os")
    command.upgrade(given, "head")


def _revision(connection: Connection, scripts: Path, name: str) -> str | None:
    """Return the revision that the library is at, None when it is empty."""
    revision = _stored(connection)
    if revision is None:
        if inspect(connection).get_table_names():
            raise Unavailable(
                "What is at %(name)s is not a Recto library. Name another in QUIZAPP_DATABASE_URL.", name=name
            )
        return None
    if revision not in _revisions(scripts):
        raise Unavailable(
            "The library at %(name)s was written by a newer version of Recto. Install that version.", name=name
        )
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
            "The library at %(path)s must be upgraded, but no copy could be made before: %(error)s. Nothing was changed; make room or check the rights of the folder.",
            path=path,
            error=error,
        ) from error
