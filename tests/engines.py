"""What makes the many libraries of tests cheap to open and to write. Start from `made_cheap`."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import URL, Dialect, Engine, Pool, event

from quizapp.db import postgres, sqlite
from quizapp.db.engine import Database

IN_USE = sqlite.PRAGMAS  # what connections are told outside tests


@contextmanager
def made_cheap() -> Iterator[None]:
    """Have statements written once for all libraries of this process, and nothing wait for the disk.

    Nothing here outlasts the tests: whoever is killed loses nothing that was written, only a power cut would take it.
    """
    in_haste = tuple("synchronous=OFF" if pragma == "synchronous=FULL" else pragma for pragma in IN_USE)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sqlite, "PRAGMAS", in_haste)
        patched.setattr(os, "fsync", lambda _descriptor: None)
        for store in (sqlite, postgres):
            patched.setattr(store, "create_engine", _alike(store.create_engine))
        yield


def pool_of(database: Database) -> Pool:
    """Return what holds the connections of a library on a server."""
    return database.store.reader.pool


@contextmanager
def connected_by(pool: Pool, database: Database) -> Iterator[None]:
    """Have a library use the connections of another one of the same address; closing it leaves them open."""
    engine = database.store.reader
    own, engine.pool = engine.pool, pool
    yield
    if engine.pool is pool:  # else it was closed meanwhile
        engine.pool = own


def _alike(create: Callable[..., Engine]) -> Callable[..., Engine]:
    """Return what makes engines that know the statements which SQLAlchemy has written for any: a quarter of most tests."""
    statements: dict = {}
    dialects: list[Dialect] = []

    def engine(url: URL, **given: object) -> Engine:
        made = create(url, **given)
        made.update_execution_options(compiled_cache=statements)
        if dialects:
            made.dialect = dialects[0]  # statements are known by it
        else:
            # By then it has asked the database what it can.
            event.listen(made, "connect", lambda *_: dialects.append(made.dialect))
        return made

    return engine
