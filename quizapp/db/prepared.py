"""Statements that run at every card: SQLAlchemy writes each once, the driver runs it from then on.

Start from `rows`. The way through a session takes a dozen times as long as such a
statement itself, see docs/decisions/speed.md. What is asked and what comes back is the
same, types and failures too; whoever listens to an engine's statements hears nothing.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from types import MappingProxyType
from typing import Any, TypeVar

from sqlalchemy import (
    BindParameter,
    Connection,
    Date,
    Delete,
    Dialect,
    Enum,
    Insert,
    Select,
    Update,
    bindparam,
    literal_column,
)
from sqlalchemy.engine import result_tuple
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql import visitors
from sqlalchemy.types import TypeEngine

from quizapp.db.base import Duration, Floats, Numbers
from quizapp.db.engine import reads

Question = Select[*tuple[Any, ...]]
Statement = Question | Insert | Update | Delete
Parameters = Mapping[str, object]
Change = Callable[[Any], Any]
Outcome = TypeVar("Outcome")
FEW, LISTS = (Date, Duration, Enum), (Numbers, Floats)
MOST_ROOM = 16_384
MOST_KEPT = 200  # answers that a session keeps which reads alone, and
MOST_ROWS = 100  # rows of one of them


def rows(session: Session, statement: Question, parameters: Parameters) -> Sequence[Any]:
    """Return the rows.

    The statement must be one that is made once. Where a parameter of it expands, a list or tuple is given. A session
    that reads alone sees one moment, so what it was told once it is not asked again.
    """
    if not reads(session):
        return _asked(session, statement, parameters, _read)
    kept = _kept(session)
    given = (tuple(value) if isinstance(value, list) else value for value in parameters.values())
    question = (statement, *parameters, *given)
    found = kept.get(question)
    if found is None:
        found = _asked(session, statement, parameters, _read)
        if len(found) <= MOST_ROWS and len(kept) < MOST_KEPT:
            kept[question] = found
    return found


def plain(session: Session, statement: Question, parameters: Parameters) -> Sequence[tuple[Any, ...]]:
    """Return the rows without names of their columns, for hundreds of them; their values are as their types have them."""
    return _asked(session, statement, parameters, _values)


def raw(session: Session, statement: Question, parameters: Parameters) -> Sequence[tuple[Any, ...]]:
    """Return the rows as the driver reads them, for many that are plain numbers and texts; an enum is its member's name."""
    return _asked(session, statement, parameters, _fetch)


def first(session: Session, statement: Question, parameters: Parameters) -> Any | None:
    """Return the first row, or None."""
    found = rows(session, statement, parameters)
    return found[0] if found else None


def scalar(session: Session, statement: Question, parameters: Parameters) -> Any | None:
    """Return the first column of the first row, or None without one."""
    found = rows(session, statement, parameters)
    return found[0][0] if found else None


def do(session: Session, statement: Insert | Update | Delete, parameters: Parameters) -> int:
    """Change what the statement changes, and return how many rows those were.

    Parameters that the statement does not name are new values of columns; defaults that are not the database's own are not filled in.
    """
    return _run(session, statement, tuple(parameters), lambda ready: [ready.parameters(parameters)], _change)


def do_all(session: Session, statement: Insert | Update | Delete, each: Sequence[Parameters]) -> None:
    """Change what the statement changes with each of these parameters, which all have the same names."""
    if each:
        do_columns(session, statement, {name: [one[name] for one in each] for name in each[0]})


def do_columns(
    session: Session,
    statement: Insert | Update | Delete,
    columns: Mapping[str, Sequence[object]],
    same: Parameters = MappingProxyType({}),
) -> None:
    """Change what the statement changes with each row of these columns, and what is the same in all of them."""
    if count := len(next(iter(columns.values()))):
        _run(session, statement, (*columns, *same), lambda ready: ready.rows(columns, same, count), _change_all)


@dataclass(frozen=True, eq=False)
class _Ready:
    """A statement as the driver takes it, and how its rows are read."""

    sql: str
    fixed: Mapping[str, object]  # what the statement says itself, ready to be sent
    order: Sequence[str] | None  # of its parameters; None when the driver takes them by name
    sent: Mapping[str, Change]  # by parameter whose type changes what is sent
    few: Collection[str]  # parameters whose type has few values
    dialect: Dialect
    types: Sequence[TypeEngine[Any]]  # of the columns
    row: Change  # from a list of values to a row

    def parameters(self, given: Parameters) -> Any:
        """Return what is given as the driver takes it."""
        values = {**self.fixed, **given}
        for name, change in self.sent.items():
            values[name] = change(values[name])
        return values if self.order is None else [values[name] for name in self.order]

    def rows(self, columns: Mapping[str, Sequence[object]], same: Parameters, count: int) -> Sequence[Any]:
        """Return columns that are given, with what is the same in all rows, as rows that the driver takes."""
        held: dict[str, Iterable[object]] = {
            name: repeat(self.sent[name](value) if name in self.sent else value, count) for name, value in same.items()
        }
        held |= {name: repeat(value, count) for name, value in self.fixed.items()}
        held |= {name: self._changed(name, values) for name, values in columns.items()}
        if self.order is None:
            return [dict(zip(held, row, strict=True)) for row in zip(*held.values(), strict=True)]
        return list(zip(*(held[name] for name in self.order), strict=True))

    def _changed(self, name: str, values: Sequence[object]) -> Iterable[object]:
        """Return a column as it is sent; of days, kinds and lengths a few come again and again."""
        change = self.sent.get(name)
        if change is None:
            return values
        if name not in self.few:
            return map(change, values)
        known = {value: change(value) for value in set(values)}
        return [known[value] for value in values]


def _kept(session: Session) -> dict[tuple[object, ...], Sequence[Any]]:
    """Return what the session was told in its transaction."""
    of, kept = session.info.get("kept", (None, {}))
    if of is not (now := session.get_transaction()):
        kept = {}
        session.info["kept"] = (now, kept)
    found: dict[tuple[object, ...], Sequence[Any]] = kept
    return found


def _asked(
    session: Session,
    statement: Question,
    parameters: Parameters,
    act: Callable[[DBAPICursor, "_Ready", Sequence[Any]], Sequence[Any]],
) -> Sequence[Any]:
    if lists := {name: value for name, value in parameters.items() if isinstance(value, list | tuple)}:
        statement = _with_room(statement, tuple((name, _room(len(value))) for name, value in lists.items()))
        parameters = {name: value for name, value in parameters.items() if name not in lists}
        parameters |= {f"{name}_{number}": one for name, value in lists.items() for number, one in _filled(value)}
    return _run(session, statement, tuple(parameters), lambda ready: [ready.parameters(parameters)], act, asks=True)


def _room(count: int) -> int:
    """Return the power of two that so many fit in: lists need but a few statements.

    A list so long that there might be more parameters than SQLite takes has room for itself alone.
    """
    return 1 << max(0, count - 1).bit_length() if count <= MOST_ROOM else count


def _filled(values: Sequence[object]) -> Iterable[tuple[int, object]]:
    """Return the values numbered, the last one again until there is no room; none at all is NULL, which nothing equals."""
    last = values[-1] if values else None
    return enumerate([*values, *repeat(last, _room(len(values)) - len(values))])


@lru_cache(maxsize=512)
def _with_room(statement: Question, rooms: tuple[tuple[str, int], ...]) -> Question:
    """Return the statement with parameters of their own for what stands in each list."""
    sizes = dict(rooms)

    def spread(part: Any, **_: Any) -> Any:
        if not isinstance(part, BindParameter) or not part.expanding:
            return None
        if part.key in sizes:
            each = [bindparam(f"{part.key}_{number}", type_=part.type) for number in range(sizes[part.key])]
        else:  # what the statement says itself
            each = [bindparam(None, one, type_=part.type, unique=True) for one in part.effective_value or ()]
        return literal_column("listed").in_(each).right

    changed: Question = visitors.replacement_traverse(statement, {}, spread)  # type: ignore[call-overload]  # a statement can be traversed
    return changed


def _run(
    session: Session,
    statement: Statement,
    names: tuple[str, ...],
    given: Callable[["_Ready"], Sequence[Any]],
    act: Callable[[DBAPICursor, _Ready, Sequence[Any]], Outcome],
    *,
    asks: bool = False,
) -> Outcome:
    if session.autoflush:
        session.flush()
    connection = _connection(session)
    dialect = connection.dialect
    asker = connection.info.get("asker") if asks else None
    ready = _ready(statement, _numbered(dialect) if asker else dialect, names)
    values = given(ready)
    cursor = asker or connection.connection.cursor()
    try:
        return act(cursor, ready, values)
    except dialect.loaded_dbapi.Error as error:
        if is_lost := dialect.is_disconnect(error, connection.connection.dbapi_connection, cursor):
            connection.invalidate(error)
        raise DBAPIError.instance(
            ready.sql,
            values[0],
            error,
            dialect.loaded_dbapi.Error,
            hide_parameters=True,
            connection_invalidated=is_lost,
            dialect=dialect,
        ) from error
    finally:
        cursor.close()


def _change(cursor: DBAPICursor, ready: _Ready, values: Sequence[Any]) -> int:
    cursor.execute(ready.sql, values[0])
    return cursor.rowcount


def _change_all(cursor: DBAPICursor, ready: _Ready, values: Sequence[Any]) -> None:
    cursor.executemany(ready.sql, values)


def _read(cursor: DBAPICursor, ready: _Ready, asked: Sequence[Any]) -> Sequence[Any]:
    """Return what is asked for as rows, its values as their types have them."""
    return list(map(ready.row, _values(cursor, ready, asked)))


def _values(cursor: DBAPICursor, ready: _Ready, asked: Sequence[Any]) -> Sequence[tuple[Any, ...]]:
    cursor.execute(ready.sql, asked[0])
    reading = _reading(ready, tuple(column[1] for column in cursor.description or ()))
    found: Sequence[tuple[Any, ...]] = cursor.fetchall()
    if not found or not reading:
        return found
    columns = list(zip(*found, strict=True))
    for place, change, has_few in reading:
        values = columns[place]
        known = {value: change(value) for value in set(values)} if has_few else {}
        columns[place] = tuple([known[value] for value in values] if has_few else map(change, values))
    return list(zip(*columns, strict=True))


def _fetch(cursor: DBAPICursor, ready: _Ready, asked: Sequence[Any]) -> Sequence[tuple[Any, ...]]:
    cursor.execute(ready.sql, asked[0])
    found: Sequence[tuple[Any, ...]] = cursor.fetchall()
    return found


def _connection(session: Session) -> Connection:
    """Return what the session's transaction runs on: asked once, since each time takes as long as a statement.

    A savepoint begins when its session is asked for the connection.
    """
    known: Connection | None = session.info.get("connection")
    if known is None or known.closed or session.in_nested_transaction():
        known = session.info["connection"] = session.connection()
    return known


@lru_cache(maxsize=8)
def _numbered(dialect: Dialect) -> Dialect:
    """Return the dialect with parameters that have numbers, as the server itself has them."""
    numbered = copy(dialect)
    numbered.paramstyle, numbered.positional = "numeric_dollar", True
    numbered.identifier_preparer = numbered.preparer(numbered)  # which writes signs of per cent as they are
    return numbered


@lru_cache(maxsize=512)
def _ready(statement: Statement, dialect: Dialect, names: tuple[str, ...]) -> _Ready:
    columns = list(statement.selected_columns) if isinstance(statement, Select) else []
    compiled = statement.compile(dialect=dialect, column_keys=None if columns else names)
    sent = {
        name: change
        for bind, name in compiled.bind_names.items()
        if (change := _sending(bind.type, dialect)) is not None
    }
    # Refuses a statement whose parameter is not among the names.
    fixed = {
        name: value for name, value in compiled.construct_params(dict.fromkeys(names)).items() if name not in names
    }
    return _Ready(
        sql=str(compiled),
        fixed={name: sent.pop(name)(value) if name in sent else value for name, value in fixed.items()},
        order=compiled.positiontup if compiled.positional else None,
        sent=sent,
        few={name for bind, name in compiled.bind_names.items() if isinstance(bind.type, FEW)},
        dialect=dialect,
        types=[column.type for column in columns],
        row=result_tuple([str(column.key) for column in columns]),
    )


def _sending(kind: TypeEngine[Any], dialect: Dialect) -> Change | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


@lru_cache(maxsize=512)
def _reading(ready: _Ready, codes: tuple[object, ...]) -> Sequence[tuple[int, Change, bool]]:
    """Return the columns whose values must be changed when read, and whether these are few; `codes` are what the driver calls their types."""
    few = (*FEW, *LISTS) if ready.dialect.name == "sqlite" else FEW  # where lists are text, as they are stored
    changes = (
        kind.dialect_impl(ready.dialect).result_processor(ready.dialect, code)
        for kind, code in zip(ready.types, codes, strict=True)
    )
    return [
        (place, change, isinstance(ready.types[place], few))
        for place, change in enumerate(changes)
        if change is not None
    ]
