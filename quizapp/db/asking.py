"""Questions to PostgreSQL that are asked again and again, straight through libpq.

A cursor of the driver does much besides for whoever asks anything at all: the same question through one takes the
processor three times as long. Values go and come as the driver turns them into text and back.
"""

from collections.abc import Sequence
from itertools import count
from typing import Any

import psycopg
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ExecStatus, Format
from psycopg.pq.abc import PGresult

from quizapp.db.postgres import columns

MOST_PREPARED = 1_000  # statements of a connection, of which pages have some 400


class Asker:
    """What a connection uses in the place of a cursor for statements with numbered parameters; one answer at a time."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._libpq = connection.pgconn
        self._values = Transformer(connection)
        self._prepared: dict[tuple[str, Sequence[int] | None], bytes] = {}  # by what is asked, with types of values
        self._numbers = count()
        self._answer: PGresult | None = None

    @property
    def description(self) -> Sequence[tuple[Any, ...]] | None:
        """Return name and type of the columns of the answer, None without one."""
        return None if self._answer is None else columns(self._answer)

    def execute(self, sql: str, values: Sequence[object]) -> None:
        """Ask; what the server refuses is the driver's own error."""
        sent = self._values.dump_sequence(values, [PyFormat.TEXT] * len(values))
        types = self._values.types
        if name := self._prepared.get((sql, types)) or self._prepare(sql, types):
            answer = self._libpq.exec_prepared(name, sent, None, Format.TEXT)  # type: ignore[arg-type]  # NULL is None
        else:
            answer = self._libpq.exec_params(sql.encode(), sent, types, None, Format.TEXT)
        self._answer = self._checked(answer)

    def forget(self) -> None:
        """Prepare everything anew: the driver lets the server forget all after a rollback, and when tables change."""
        self._prepared.clear()

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Return all rows of the answer, and let go of it."""
        found, self._answer = self._answer, None
        if found is None:
            return []
        self._values.set_pgresult(found)
        return self._values.load_rows(0, found.ntuples, tuple)

    def close(self) -> None:
        """Let go of the answer, if there is one."""
        self._answer = None
        self._values.set_pgresult(None)

    def _prepare(self, sql: str, types: Sequence[int] | None) -> bytes | None:
        if len(self._prepared) >= MOST_PREPARED:
            return None
        name = b"recto_%d" % next(self._numbers)
        self._checked(self._libpq.prepare(name, sql.encode(), types))
        self._prepared[sql, types] = name
        return name

    def _checked(self, answer: PGresult) -> PGresult:
        if answer.status not in {ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK}:
            raise psycopg.errors.error_from_result(answer)
        return answer
