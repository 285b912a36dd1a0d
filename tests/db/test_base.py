from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine

from quizapp.db import schema
from quizapp.db.base import Duration, Texts, UtcDateTime

SQLITE = create_engine("sqlite://").dialect


def there_and_back(column, value):
    kind = column.dialect_impl(SQLITE)
    return kind.result_processor(SQLITE, None)(kind.bind_processor(SQLITE)(value))


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_time_comes_back_as_it_was(moment):
    assert there_and_back(UtcDateTime(), moment) == moment
    assert there_and_back(UtcDateTime(), moment).tzinfo is UTC


def test_a_time_of_another_zone_is_the_same_moment_in_utc():
    moment = datetime(2026, 11, 23, 13, 0, tzinfo=timezone(timedelta(hours=1)))

    back = there_and_back(UtcDateTime(), moment)

    assert back == moment
    assert back.tzinfo is UTC


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="without a zone"):
        UtcDateTime().process_bind_param(datetime(2026, 11, 23), SQLITE)  # noqa: DTZ001 - what is refused


@given(st.timedeltas(min_value=timedelta(days=-40_000), max_value=timedelta(days=40_000)))
def test_a_stretch_of_time_is_kept_to_the_microsecond(stretch):
    assert there_and_back(Duration(), stretch) == stretch


def test_texts_come_back_in_their_order():
    assert there_and_back(Texts(), ("b", "a", "")) == ("b", "a", "")


def test_every_constraint_has_a_name():
    nameless = [
        f"{table.name}: {constraint}"
        for table in schema.METADATA.tables.values()
        for constraint in table.constraints
        if constraint.name is None
    ]

    assert nameless == []


def test_everything_belongs_to_a_learner():
    ownerless = [
        table.name
        for table in schema.METADATA.tables.values()
        if table.name != "learner"
        and not any(
            key.column.table.name in {"learner", "account"} for column in table.c for key in column.foreign_keys
        )
    ]

    assert ownerless == []
