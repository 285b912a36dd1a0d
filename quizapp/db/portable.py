"""A library carried between PostgreSQL and an SQLite file, row by row, through the tables that both know.

Values pass through the types of `base`, so that each side stores them in its own way.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import (
    URL,
    Column,
    Connection,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    create_engine,
    delete,
    func,
    insert,
    inspect,
    select,
    text,
)

from quizapp.db.schema import METADATA
from quizapp.errors import Unavailable

ROWS_AT_ONCE = 200  # of documents, some may be long
VERSION = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)


def unload(connection: Connection, target: Path, *, on_share: Callable[[float], None]) -> None:
    """Write every row that the connection sees into an empty SQLite file."""
    _refuse_other_tables(connection)
    tables = (*METADATA.sorted_tables, VERSION)
    total = sum(connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables)
    done = 0
    with _file(target) as file:
        METADATA.create_all(file)
        VERSION.create(file)
        for table in tables:
            for rows in _rows(connection, table):
                file.execute(insert(table), rows)
                done += len(rows)
                on_share(done / total)


def load(connection: Connection, source: Path) -> None:
    """Put the rows of an SQLite file of this version in the place of all that are there."""
    # DELETE, not TRUNCATE: whoever reads at this time goes on to see what was there.
    for table in reversed(METADATA.sorted_tables):
        connection.execute(delete(table))
    with _file(source) as file:
        for table in METADATA.sorted_tables:
            for rows in _rows(file, table):
                connection.execute(insert(table), [_storable(row) for row in rows])
            if table.autoincrement_column is not None:
                _count_on(connection, table)
            connection.exec_driver_sql(f"ANALYZE {table.name}")  # or the first queries would be planned for no rows


def _count_on(connection: Connection, table: Table) -> None:
    """Let new rows get numbers that none has; never lower ones than before, which a rollback would not take back."""
    sequence = connection.execute(text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": table.name}).scalar_one()
    free = func.greatest(func.coalesce(func.max(table.c.id), 0) + 1, func.nextval(sequence))
    connection.execute(select(func.setval(sequence, free, False)))  # noqa: FBT003 - an argument of SQL


def _rows(connection: Connection, table: Table) -> Iterator[list[dict[str, object]]]:
    """Give the rows in the order of their keys, some at a time."""
    found = connection.execute(
        select(table).order_by(*table.primary_key), execution_options={"yield_per": ROWS_AT_ONCE}
    )
    for rows in found.mappings().partitions():
        yield [dict(row) for row in rows]


def _storable(row: dict[str, object]) -> dict[str, object]:
    """Return the row without the one character that SQLite keeps and PostgreSQL does not."""
    return {
        name: value.replace("\0", "\ufffd") if isinstance(value, str) and "\0" in value else value
        for name, value in row.items()
    }


def _refuse_other_tables(connection: Connection) -> None:
    """Refuse to copy what this program does not know: a newer one has changed the tables since it started."""
    found = inspect(connection).get_multi_columns()
    there = {name: {column["name"] for column in columns} for (_, name), columns in found.items()}
    known = {table.name: set(table.columns.keys()) for table in (*METADATA.sorted_tables, VERSION)}
    if there != known:
        raise Unavailable("The library has the tables of another version of Recto. Stop Recto and start it again.")


@contextmanager
def _file(path: Path) -> Iterator[Connection]:
    """Give a connection to an SQLite file that nobody else uses."""
    engine = create_engine(URL.create("sqlite", database=str(path)))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()
