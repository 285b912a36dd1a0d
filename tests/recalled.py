"""What tests build again and again is worked out once: the same call on the same library writes the same.

Start from `builds`. A library that a fixture gives knows what has been written into it, so that "the same library" is
one with the same past, to the letter; what a builder wrote into such a one is then written again without asking
services anew, and it returns what it returned. A test that changes the program (`monkeypatch`) builds by itself.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import pytest
from sqlalchemy import Connection, Engine, event

from quizapp.clock import utcnow
from quizapp.db import prepared
from quizapp.db.engine import Database, Session, media_of
from quizapp.media import Media
from quizapp.translations import spoken

Built = TypeVar("Built")
Written = tuple[str, Any, bool]  # a statement, what goes with it, and whether it is run with each of that

ASKS = ("SELECT", "PRAGMA", "EXPLAIN")  # statements that write nothing
MOST = 2_000  # calls whose writing is kept
LONGEST = 2_000  # statements of one


@dataclass
class _Past:
    """What has been written into a library since it was empty."""

    sum: int = 0
    known: bool = True
    listening: list[list[Written | bytes]] = field(default_factory=list)  # builders under way, the outermost first

    def note(self, statement: str, given: Any, *, with_each: bool) -> None:
        self.sum = hash((self.sum, statement, repr(given)))
        for heard in self.listening:
            heard.append((statement, given, with_each))

    def note_file(self, data: bytes) -> None:
        for heard in self.listening:
            heard.append(data)


@dataclass(frozen=True)
class _Memory:
    """What a builder wrote, and what it returned."""

    written: list[Written | bytes]
    result: Any
    sum: int  # of the past when it was done


_pasts: WeakKeyDictionary[Engine, _Past] = WeakKeyDictionary()
_by_media: WeakKeyDictionary[Media, _Past] = WeakKeyDictionary()
_memories: dict[object, _Memory] = {}
_allowed = True
_moment = utcnow() - timedelta(minutes=1)


@contextmanager
def made_cheap() -> Iterator[None]:
    """Listen to what is written into libraries, while tests run."""
    run, put = prepared._run, Media.put  # noqa: SLF001 - statements that no listener of SQLAlchemy's hears

    def running(session, statement, names, given, act, **how):
        past = _pasts.get(session.get_bind())
        if past is None or act not in (prepared._change, prepared._change_all):  # noqa: SLF001
            return run(session, statement, names, given, act, **how)

        def acting(cursor, ready, values):
            values = list(values)
            every = act is prepared._change_all  # noqa: SLF001
            past.note(ready.sql, values if every else values[0], with_each=every)
            return act(cursor, ready, values)

        return run(session, statement, names, given, acting, **how)

    def putting(media, data):
        if past := _by_media.get(media):
            past.note_file(data)
        return put(media, data)

    def hear(connection: Connection, _cursor: object, statement: str, given: Any, _context: object, each: bool) -> None:
        past = _pasts.get(connection.engine)
        if past is not None and not statement.lstrip().upper().startswith(ASKS):
            past.note(statement, given, with_each=each and isinstance(given, list))  # else a batch is one statement

    def undo(connection: Connection) -> None:
        if past := _pasts.get(connection.engine):
            past.sum = hash((past.sum, "rollback"))

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(prepared, "_run", running)
        patched.setattr(Media, "put", putting)
        event.listen(Engine, "before_cursor_execute", hear)
        event.listen(Engine, "rollback", undo)
        yield
        event.remove(Engine, "before_cursor_execute", hear)
        event.remove(Engine, "rollback", undo)


def begins(database: Database) -> None:
    """Say that a library is empty, and that only this object writes into it."""
    _pasts[database.store.writer] = _by_media[database.media] = _Past()


@contextmanager
def allowed(*, is_allowed: bool) -> Iterator[None]:
    """Say whether what is built may be recalled: not where a test changes what builds it."""
    global _allowed
    before, _allowed = _allowed, is_allowed
    yield
    _allowed = before


def lately() -> datetime:
    """Return a moment of today's last half hour, the same again and again, so that what is built at it is recalled."""
    global _moment
    now = utcnow()
    if not timedelta(0) < now - _moment < timedelta(minutes=30) or now.date() != _moment.date():
        _moment = now - timedelta(minutes=1)
    return _moment


def builds(builder: Callable[..., Built]) -> Callable[..., Built]:
    """Have a function that writes by a session, and else depends on what it is given alone, recalled."""

    @wraps(builder)
    def build(session: Session, *given: object, **named: object) -> Built:
        past = _pasts.get(session.get_bind()) if _allowed else None
        if past is None:
            return builder(session, *given, **named)
        session.flush()
        key = builder, session.bind.dialect.name, past.sum, spoken(), repr((given, sorted(named.items())))
        if (memory := _memories.get(key)) is not None:
            _write(session, past, memory)
            return memory.result
        heard: list[Written | bytes] = []
        past.listening.append(heard)
        try:
            result = builder(session, *given, **named)
            session.flush()
        finally:
            past.listening.pop()
        if len(_memories) < MOST and len(heard) < LONGEST:
            _memories[key] = _Memory(heard, result, past.sum)
        return result

    return build


def _write(session: Session, past: _Past, memory: _Memory) -> None:
    """Write what was written before."""
    cursor = session.connection().connection.cursor()
    for one in memory.written:
        if isinstance(one, bytes):
            media_of(session).put(one)
            continue
        statement, given, with_each = one
        past.note(statement, given, with_each=with_each)
        (cursor.executemany if with_each else cursor.execute)(statement, given)
    cursor.close()
    assert past.sum == memory.sum
    session.expire_all()
