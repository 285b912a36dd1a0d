"""What SQLite's own checks say of a library."""

from collections.abc import Sequence

from quizapp.db.engine import Session

MOST = 100  # a broken file can have faults without end; these tell


def broken_pages(session: Session) -> Sequence[str]:
    """Return what is wrong with the file: pages, rows, indexes and rules that they break."""
    if not _in_a_file(session):
        return ()
    rows = session.connection().exec_driver_sql(f"PRAGMA integrity_check({MOST})").scalars().all()
    return [" ".join(row.split()) for row in rows if row != "ok"]


def broken_references(session: Session) -> Sequence[str]:
    """Return the rows that point at one that is not there."""
    if not _in_a_file(session):
        return ()
    rows = session.connection().exec_driver_sql("PRAGMA foreign_key_check").fetchmany(MOST)
    return [f"row {row} of {table} points at a row of {parent} that is missing" for table, row, parent, _ in rows]


def _in_a_file(session: Session) -> bool:
    """Say whether this is SQLite's file, which any program can write; PostgreSQL looks after its own by itself."""
    return session.connection().dialect.name == "sqlite"
