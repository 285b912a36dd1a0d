"""What every table shares: names of constraints, and column types that keep values exact."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Annotated, Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Text,
    TypeDecorator,
    Uuid,
    text,
)
from sqlalchemy import Enum as EnumType
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from quizapp.domain.queues import EPOCH

_NAIVE_EPOCH = EPOCH.replace(tzinfo=None)
LENGTH_OF_TIME = len("2026-11-23 12:00:00.000000")
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


Value = TypeVar("Value")
Read = Callable[[Any], Value | None]  # from what the driver has


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, kept in UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = _zoned(value).astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        """Return what writes a time; for SQLite at once, as SQLAlchemy would in two steps."""
        return _written if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Read[datetime] | None:
        """Read SQLite's text in one step: lists and exports read more times than anything else."""
        return _time_of_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _time_of_text(told: str | None) -> datetime | None:
    return None if told is None else datetime.fromisoformat(f"{told}+00:00")


def _zoned(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a time without a zone cannot be stored")
    return value


def _written(value: datetime | None) -> str | None:
    """Return a time as SQLite keeps it, which is that of UTC without its name."""
    if value is None:
        return None
    return _zoned(value).astimezone(UTC).isoformat(" ", "microseconds")[:LENGTH_OF_TIME]


class Microseconds(TypeDecorator[int]):
    """A time to be stored as `UtcDateTime` does, given as whole microseconds since 1970."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else EPOCH + timedelta(0, 0, value)

    def bind_processor(self, dialect: Dialect) -> Callable[[int | None], Any] | None:
        """Return what writes a time, for SQLite in one step."""
        return _written_at if dialect.name == "sqlite" else super().bind_processor(dialect)


def _written_at(microseconds: int | None) -> str | None:
    if microseconds is None:
        return None
    return (_NAIVE_EPOCH + timedelta(0, 0, microseconds)).isoformat(" ", "microseconds")


class milliseconds(FunctionElement[int]):  # noqa: N801 - SQLAlchemy names what stands in statements so
    """A time in whole milliseconds since 1970, for where there are so many that making values of them takes long."""

    type = BigInteger()
    inherit_cache = True


@compiles(milliseconds, "sqlite")
def _milliseconds_of_text(element: milliseconds, compiler: SQLCompiler, **more: Any) -> str:
    told = compiler.process(element.clauses, **more)
    # Apart, since SQLite rounds a fraction of a second up into the next one.
    return f"(strftime('%s', substr({told}, 1, 19)) * 1000 + substr({told}, 21, 3))"


@compiles(milliseconds)
def _milliseconds_of_time(element: milliseconds, compiler: SQLCompiler, **more: Any) -> str:
    return f"CAST(floor(extract(epoch FROM {compiler.process(element.clauses, **more)}) * 1000) AS BIGINT)"


class gathered(FunctionElement[list[Any]]):  # noqa: N801 - as above
    """All that a group has in a column as one list: a row each of a thousand people takes ten times as long to hand over."""

    type = JSON()
    inherit_cache = True


@compiles(gathered, "sqlite")
def _gathered_in_text(element: gathered, compiler: SQLCompiler, **more: Any) -> str:
    return f"json_group_array({compiler.process(element.clauses, **more)})"


@compiles(gathered)
def _gathered(element: gathered, compiler: SQLCompiler, **more: Any) -> str:
    return f"json_agg({compiler.process(element.clauses, **more)})"


class unled(FunctionElement[int]):  # noqa: N801 - as above
    """A number by which SQLite shall not look rows up, where it would take the index that is longer; PostgreSQL knows how many there are."""

    type = Integer()
    inherit_cache = True


@compiles(unled, "sqlite")
def _without_index(element: unled, compiler: SQLCompiler, **more: Any) -> str:
    return f"+{compiler.process(element.clauses, **more)}"


@compiles(unled)
def _as_it_is(element: unled, compiler: SQLCompiler, **more: Any) -> str:
    return compiler.process(element.clauses, **more)


class Duration(TypeDecorator[timedelta]):
    """A stretch of time, kept in whole microseconds, so that nothing is rounded."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:
        return None if value is None else value // timedelta(microseconds=1)

    def process_result_value(self, value: int | None, dialect: Dialect) -> timedelta | None:
        return _stretch(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Read[timedelta] | None:
        """Read it in one step."""
        return _stretch


def _stretch(microseconds: int | None) -> timedelta | None:
    return None if microseconds is None else timedelta(0, 0, microseconds)


class Texts(TypeDecorator[tuple[str, ...]]):
    """A few texts in order, always read and written together."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> list[str] | None:
        return None if value is None else list(value)

    def process_result_value(self, value: list[str] | None, dialect: Dialect) -> tuple[str, ...] | None:
        return None if value is None else tuple(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Read[tuple[str, ...]] | None:
        """Read SQLite's text in one step: a question has four of these, and most of them are empty."""
        return _texts_of_json if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _texts_of_json(told: str | None) -> tuple[str, ...] | None:
    if told is None:
        return None
    return () if told == "[]" else tuple(json.loads(told))


class Numbers(TypeDecorator[tuple[int, ...]]):
    """A few numbers in order, always read and written together."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Sequence[int] | None, dialect: Dialect) -> list[int] | None:
        return None if value is None else list(value)

    def process_result_value(self, value: list[int] | None, dialect: Dialect) -> tuple[int, ...] | None:
        return None if value is None else tuple(value)


class Floats(TypeDecorator[tuple[float, ...]]):
    """A few numbers with all their digits, always read and written together."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Sequence[float] | None, dialect: Dialect) -> list[float] | None:
        return None if value is None else list(value)

    def process_result_value(self, value: list[float] | None, dialect: Dialect) -> tuple[float, ...] | None:
        return None if value is None else tuple(float(one) for one in value)


class Base(DeclarativeBase):
    """The parent of every table."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy declares it without ClassVar
        str: Text,
        float: Double,
        UUID: Uuid,
        date: Date,
        datetime: UtcDateTime,
        timedelta: Duration,
        tuple[str, ...]: Texts,
        tuple[int, ...]: Numbers,
        tuple[float, ...]: Floats,
        Enum: EnumType(Enum, native_enum=False, create_constraint=True, length=16),
    }


def trash_index(table: str) -> Index:
    """Return an index of the rows that are in the trash, and of no others."""
    in_trash = text("deleted_at IS NOT NULL")
    return Index(f"ix_{table}_deleted_at", "deleted_at", sqlite_where=in_trash, postgresql_where=in_trash)


PrimaryKey = Annotated[int, mapped_column(primary_key=True)]
OwnerKey = Annotated[int, mapped_column(ForeignKey("learner.id", ondelete="CASCADE"))]
