import sqlite3
from contextlib import closing

import pytest

from quizapp.web import health
from tests.web.browsing import Browser

PATHS = ["/healthz", "/readyz"]


@pytest.mark.parametrize("path", PATHS)
def test_health_is_told_without_a_cookie_and_kept_by_nobody(visitor: Browser, path):
    response = visitor.client.get(path)

    assert (response.status_code, response.json) == (200, {"status": "ok"})
    assert response.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in response.headers


def test_without_its_database_the_process_lives_and_is_not_ready(visitor, database):
    database.close()
    database.path.unlink()
    database.path.mkdir()

    assert visitor.client.get("/healthz").status_code == 200
    told = visitor.client.get("/readyz")
    assert (told.status_code, told.json["status"]) == (503, "unavailable")
    assert "cannot be opened" in told.json["sentence"]
    assert told.headers["Content-Security-Policy"]


def test_a_library_at_another_version_is_not_ready(visitor, database):
    with closing(sqlite3.connect(database.path)) as other:
        other.execute("update alembic_version set version_num = '0001'")
        other.commit()

    told = visitor.client.get("/readyz")

    assert told.status_code == 503
    assert "not at the version of this program" in told.json["sentence"]


def test_a_database_that_lets_nobody_in_is_told_of_after_a_short_wait_and_ready_when_it_does(
    visitor, database, monkeypatch
):
    monkeypatch.setattr(health, "PATIENCE_SECONDS", 0.2)
    database.close()
    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("pragma locking_mode=exclusive")
        other.execute("begin exclusive")

        locked = visitor.client.get("/readyz")
        alive = visitor.client.get("/healthz")
        again = visitor.client.get("/readyz")

        other.execute("rollback")
        other.execute("pragma locking_mode=normal")
        other.execute("select count(*) from note").fetchall()
    monkeypatch.setattr(health, "PATIENCE_SECONDS", 30)

    assert [answer.status_code for answer in (locked, alive, again)] == [503, 200, 503]
    assert "does not answer within" in locked.json["sentence"]
    assert visitor.client.get("/readyz").status_code == 200


def test_a_fault_while_looking_is_a_failure_like_any_other(site, visitor, monkeypatch):
    monkeypatch.setattr(health, "beside", lambda _: 1 / 0)
    site.testing = False

    assert visitor.client.get("/readyz").status_code == 500
