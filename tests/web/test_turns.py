"""What a request reads, it reads in one session, which never hides what the request itself has written."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import Connection, event, select, update

from quizapp import turns
from quizapp.db.engine import Database, Session
from quizapp.db.learners import LearnerRow
from quizapp.domain.permissions import Actor

Site = Callable[[Callable[[], str]], str]


@pytest.fixture
def asked(database: Database, owner: Actor) -> Site:
    """Return what answers a request by a view."""

    def ask(view: Callable[[], str]) -> str:
        app = Flask("site")
        app.testing = True
        turns.init_app(app, database, wake=lambda: None)
        app.add_url_rule("/", view_func=view, endpoint="view")
        return app.test_client().get("/").text

    return ask


@pytest.fixture
def begun(database: Database) -> Iterator[list[Connection]]:
    """Return the transactions that were begun to read, all of which must have ended."""
    found: list[Connection] = []
    event.listen(database.store.reader, "begin", found.append)
    yield found
    assert all(connection.closed for connection in found)


def _name(session: Session) -> str:
    return session.scalars(select(LearnerRow.name)).one()


def _rename(name: str) -> None:
    with turns.writing() as session:
        session.execute(update(LearnerRow).values(name=name))


def _read() -> str:
    with turns.reading() as session:
        return _name(session)


def test_what_a_request_reads_it_reads_in_one_session(asked, begun):
    asked(lambda: _read() + _read() + _read())
    assert len(begun) == 1


def test_each_request_sees_what_is_there_when_it_begins(asked, begun):
    assert asked(lambda: [_rename("Ada"), _read()][-1]) == "Ada"
    assert asked(_read) == "Ada"
    assert len(begun) == 2


def test_a_request_that_has_read_sees_what_it_writes_then(asked, begun):
    assert asked(lambda: f"{_rename('Ada')}{_read()} {_rename('Chiara')}{_read()}") == "NoneAda NoneChiara"


def test_a_request_that_reads_while_it_writes_sees_afterwards_what_it_wrote(asked, begun):
    def view() -> str:
        _rename("Ada")
        with turns.writing() as session:
            session.execute(update(LearnerRow).values(name="Chiara"))
            session.flush()
            before = _read()
        return f"{before} {_read()}"

    assert asked(view) == "Ada Chiara"


def test_a_request_sees_one_moment_although_somebody_else_writes(asked, begun, database):
    def view() -> str:
        before = _read()
        with database.writing() as session:
            session.execute(update(LearnerRow).values(name="Elif"))
        return "same" if _read() == before else "other"

    assert asked(view) == "same"


def test_after_a_failure_a_request_reads_anew(asked, begun):
    def view() -> str:
        with pytest.raises(ZeroDivisionError), turns.reading():
            raise ZeroDivisionError
        return _read()

    assert asked(view)
    assert len(begun) == 2
