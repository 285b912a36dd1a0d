"""A library in a PostgreSQL database: how its transactions begin, who may write, and what its failures mean.

SQLAlchemy imports the driver, psycopg, with the first library of this kind.
"""

import select
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from quizapp.db.sqlite import BUSY
from quizapp.errors import InvalidInput, NotFound, QuizappError, Unavailable
from quizapp.translations import marked

if TYPE_CHECKING:
    import psycopg

POOL_SIZE = 20
PREPARED = 400  # statements that a connection keeps prepared, which those of all pages are together
TURN_TO_WRITE = 0x526563746F  # "Recto": the number of the lock, which counts within one database
# Not REPEATABLE READ for writers: its one moment would be that before the turn came, without the last writer's work.
BEGIN_TO_WRITE = (
    "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT set_config('lock_timeout', '{patience:.0f}ms', true),"
    f" pg_advisory_xact_lock({TURN_TO_WRITE})"
)
BEGIN_TO_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
# Times come in UTC. No query of ours runs for as long as it takes to compile it. What is asked for often is in memory, so an
# index is worth going by for twenty of a thousand rows. A machine that died is noticed within a
# minute, so that its lock does not stay for hours.
SESSION = "SET TimeZone = 'UTC'; SET jit = off; SET random_page_cost = 1.1; SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3"
TEXTS_OF_ANOTHER_ORDER = """
    SELECT attribute.attrelid::regclass::text, quote_ident(attribute.attname)
    FROM pg_attribute AS attribute JOIN pg_class AS class ON class.oid = attribute.attrelid
    WHERE class.relkind = 'r' AND class.relnamespace = current_schema()::regnamespace
        AND attribute.atttypid = 'text'::regtype AND attribute.attcollation <> '"C"'::regcollation
        AND attribute.attnum > 0 AND NOT attribute.attisdropped
    ORDER BY attribute.attrelid, attribute.attnum
"""

UNWRITABLE = marked(
    "The library at %(name)s cannot be written. Check the rights of its user, and that it is no standby."
)
DAMAGED = marked("The library at %(name)s is damaged. Restore it from a backup.")
# By SQLSTATE or the class of it, its first two characters.
SENTENCES: dict[str, str] = {
    "55P03": BUSY,
    "40": BUSY,  # a deadlock
    "57014": BUSY,  # a time-out that the server sets
    "25006": UNWRITABLE,
    "42501": UNWRITABLE,
    "53100": marked("The disk of the server with %(name)s is full. Nothing was stored; make room and try again."),
    "53": marked("The server with %(name)s has no memory or connection left. Try again in a moment."),
    "58": marked("The disk of the server with %(name)s failed. Nothing was stored; check the disk."),
    "XX001": DAMAGED,
    "XX002": DAMAGED,
}
NOT_TOLD = (None,) * 5  # of a column: what is after its name and type
LOST = marked("The connection to %(name)s was lost. Try again in a moment; what is sent twice counts once.")
UNREACHABLE = marked(
    "The library at %(name)s cannot be opened: %(reason)s. Check QUIZAPP_DATABASE_URL and that the server runs."
)


class PostgresLibrary:
    """The database, its engine, and the folder for the files that its rows name."""

    patience = 10.0  # seconds that a writer waits for its turn before it gives up

    def __init__(self, url: URL, folder: Path) -> None:
        self.name = _name(url)
        self.folder = folder
        beside = folder / quote(url.database or url.username or "recto", safe=" ")
        self.media_folder = Path(f"{beside}.media")
        self.site_lock = Path(f"{beside}.site")
        self.files = (self.site_lock,)
        self.reader: Engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_size=POOL_SIZE,
            max_overflow=0,
            pool_use_lifo=True,  # the connection that was used last has the most statements prepared
            pool_timeout=self.patience,
            hide_parameters=True,
            connect_args={"connect_timeout": 10},
        )
        self.writer = self.reader.execution_options(writes=True)
        self._keep_discipline()

    def turn(self, _patience: float) -> AbstractContextManager[None]:
        """Hold nothing: the lock among processes belongs to the transaction that writes, and ends with it."""
        return nullcontext()

    @contextmanager
    def altering(self, patience: float) -> Iterator[Connection]:
        """Give a connection that may change tables; their texts are then ordered as SQLite orders them."""
        with self.writer.execution_options(patience=patience).begin() as connection:
            yield connection
            for table, column in connection.exec_driver_sql(TEXTS_OF_ANOTHER_ORDER).all():
                connection.exec_driver_sql(f'ALTER TABLE {table} ALTER COLUMN {column} TYPE text COLLATE "C"')
            connection.info["asker"].forget()

    def close(self) -> None:
        """Close every idle connection."""
        self.reader.dispose()

    def refusal(self, error: Exception, *, reading: bool) -> QuizappError | None:
        """Return what to tell the person of a failure; None for a fault of the program."""
        state = getattr(getattr(error, "orig", None), "sqlstate", None) or ""
        if isinstance(error, DBAPIError) and (error.connection_invalidated or state.startswith(("08", "57P"))):
            return Unavailable(LOST, name=self.name)
        if state == "22003":
            return NotFound("There is nothing of that number.")  # one that no row can have
        if "NUL (0x00)" in str(getattr(error, "orig", "")):
            return InvalidInput("This text holds a character that is none (NUL). Remove it and try again.")
        if isinstance(error, OperationalError) and not state:
            return Unavailable(UNREACHABLE, name=self.name, reason=_last_words(error))
        told = SENTENCES.get(state) or SENTENCES.get(state[:2])
        if told is None or (reading and state == "25006"):
            return None
        return Unavailable(told, name=self.name)

    def _keep_discipline(self) -> None:
        """Begin transactions ourselves: whoever writes waits for the turn first of all, in one message."""

        @event.listens_for(self.reader, "connect")
        def prepare(connection: "psycopg.Connection", entry: ConnectionPoolEntry) -> None:
            encoding = connection.info.parameter_status("server_encoding")
            if encoding != "UTF8":
                raise Unavailable(
                    "The database at %(name)s keeps texts in %(encoding)s, which lacks most letters. Make one in UTF8: createdb --encoding=UTF8 --template=template0 NAME.",
                    name=self.name,
                    encoding=encoding,
                )
            connection.autocommit = True  # the driver begins nothing by itself
            connection.prepared_max = PREPARED
            connection.cursor_factory = type("Cursor", (_Brief, connection.cursor_factory), {"__slots__": ()})
            connection.execute(SESSION)
            entry.info["asker"] = import_module("quizapp.db.asking").Asker(connection)

        @event.listens_for(self.reader, "checkout")
        def replace_closed(connection: "psycopg.Connection", *_: object) -> None:
            if _has_word(connection.fileno()):
                raise DisconnectionError

        @event.listens_for(self.reader, "rollback")
        @event.listens_for(self.reader, "rollback_savepoint")
        def forget(connection: Connection, *_: object) -> None:
            if not connection.invalidated:
                connection.info["asker"].forget()

        @event.listens_for(self.reader, "reset")
        def forget_unended(connection: "psycopg.Connection", entry: ConnectionPoolEntry, _state: object) -> None:
            if connection.info.transaction_status and (asker := entry.info.get("asker")):
                asker.forget()

        @event.listens_for(self.reader, "begin")
        def begin(connection: Connection) -> None:
            options = connection.get_execution_options()
            patience = 1000 * options.get("patience", self.patience)
            connection.exec_driver_sql(
                BEGIN_TO_WRITE.format(patience=patience) if options.get("writes") else BEGIN_TO_READ
            )


class _Brief:
    """Of a cursor, what it tells of columns: name and type. The driver makes an object of all there is to know of each."""

    __slots__ = ()
    pgresult: "psycopg.pq.abc.PGresult | None"

    @property
    def description(self) -> list[tuple[Any, ...]] | None:
        """Return the columns of the result, None without one."""
        found = self.pgresult
        return None if found is None or not found.nfields else columns(found)


def columns(found: "psycopg.pq.abc.PGresult") -> list[tuple[Any, ...]]:
    """Return the columns of a result, of each its name and type."""
    return [((found.fname(n) or b"").decode(), found.ftype(n), *NOT_TOLD) for n in range(found.nfields)]


def _has_word(descriptor: int) -> bool:
    """Say whether the server has said something unasked, which is that it closes the connection; no time is lost."""
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    return bool(waiting.poll(0))


def _name(url: URL) -> str:
    """Return the address of a database without user and password."""
    host = url.host or url.query.get("host") or "localhost"
    port = f":{url.port}" if url.port else ""
    return f"postgresql://{host}{port}/{url.database or ''}"


def _last_words(error: OperationalError) -> str:
    """Return what the server, or the way to it, said at last."""
    lines = [line.strip() for line in str(error.orig).splitlines() if line.strip()]
    words = next(
        (line for line in lines if "failed" in line or "FATAL" in line), lines[0] if lines else "no reason given"
    )
    return words.rpartition("FATAL:")[2].strip().rstrip(".")
