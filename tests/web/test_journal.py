import re

import pytest

from quizapp.errors import Unavailable
from quizapp.log import keep
from tests.web import harbour

LINE = re.compile(r"\S+ INFO ([0-9a-f]{6}) (\w+|\?) (\S+) (\d{3}) \d+\.\d+ms (\d+|-)B")
PRIVATE = ("Harbour", "harbour", "berth", "Berth", "Napoleon", "a secret for tests only", "csrf", "Cookie", "recto_")


@pytest.fixture
def log(tmp_path):
    """Return a function that reads the log."""
    place = tmp_path / "quizapp.log"
    keep(place)
    return place.read_text


@pytest.fixture
def failing(site, monkeypatch):
    """Return a function that makes the list of decks raise something; nothing is passed on to the test."""
    site.testing = False

    def fails(error):
        def fail():
            note = harbour.DEFINITION  # what a traceback must not show
            raise error from ValueError(note)

        monkeypatch.setitem(site.view_functions, "decks.index", fail)

    return fails


def test_each_request_is_a_line_with_its_pattern_and_without_its_values(visitor, add, log):
    add(keep_ready=True)

    answer = visitor.client.get("/decks/1?page=1&q=Napoleon")

    number, method, pattern, status, size = LINE.fullmatch(log().splitlines()[-1]).groups()
    assert (method, pattern, status) == ("GET", "/decks/<int:deck_id>", "200")
    assert answer.headers["X-Request-Id"] == number
    assert int(size) == len(answer.data)


@pytest.mark.parametrize(
    ("method", "path", "line"),
    [
        ("GET", "/Napoleon", "GET - 404"),
        ("GET", "/study/answer", "GET - 405"),
        ("POST", "/decks", "POST /decks 403"),
        ("NAPOLEON", "/decks", "? - 4"),
        ("HEAD", "/healthz", "HEAD /healthz 200"),
        ("GET", "/static/recto.css", "GET /static/<path:name> 200"),
    ],
)
def test_whatever_comes_of_it_a_request_is_one_line(visitor, log, method, path, line):
    visitor.client.open(path, method=method)

    (told,) = log().splitlines()
    assert LINE.fullmatch(told)
    assert line in told


def test_a_request_under_a_foreign_name_is_a_line_too(visitor, log):
    answer = visitor.client.get("/", headers={"Host": "napoleon.example"})

    assert "GET / 400" in log()
    assert answer.headers["X-Request-Id"] in log()
    assert "napoleon" not in log()


@pytest.mark.parametrize("path", ["/nowhere", "/decks/99"])
def test_the_page_of_a_failure_names_its_request(visitor, log, path):
    response = visitor.client.get(path)

    assert f"<code>{response.headers['X-Request-Id']}</code>" in response.get_data(as_text=True)


def test_a_fault_is_in_the_log_under_the_number_that_its_page_shows(visitor, failing, log):
    failing(KeyError("Napoleon"))

    response = visitor.client.get("/decks?q=Napoleon")

    number = response.headers["X-Request-Id"]
    assert response.status_code == 500
    assert f"name the request <code>{number}</code>" in response.get_data(as_text=True)
    fault, *rest = log().split(" ERROR ")[1].splitlines()
    assert fault == f"{number} fault in /decks"
    assert any("in fail" in line for line in rest)
    assert "KeyError" in log()
    assert "Napoleon" not in log()


def test_htmx_is_told_the_number_of_a_fault_as_well(visitor, failing):
    failing(KeyError("Napoleon"))

    response = visitor.client.get("/decks", headers={"HX-Request": "true", "HX-Request-Type": "partial"})

    assert response.headers["X-Request-Id"] in response.get_data(as_text=True)


def test_what_cannot_be_done_now_is_noted_with_its_causes(visitor, failing, log):
    failing(Unavailable("The library is busy with Napoleon."))

    visitor.client.get("/decks")

    assert " < ValueError in /decks" in log()
    assert "Napoleon" not in log()


def test_nothing_of_the_library_its_owner_or_the_visit_is_in_the_log(visitor, add, failing, log, monkeypatch):
    add(harbour.BERTH, harbour.LOCK, title="Harbour at night", keep_ready=True)
    monkeypatch.setattr("quizapp.services.reading.draft_cards", lambda *_, **__: harbour.reading())
    visitor.visit("/library/new")
    visitor.press("Make cards", text="Napoleon", title="Harbour")
    for path in ("/", "/library", "/library/1", "/drafts/1", "/decks", "/decks/1", "/study", "/study?card=1&show=1",
                 "/trash", "/keys", "/Napoleon?Napoleon=1"):  # fmt: skip
        visitor.visit(path)
    visitor.client.get("/decks/1/export.apkg")
    visitor.send("/decks", name="Harbour at night")  # refused: the name is taken
    visitor.send("/decks/1/notes/1", question="Napoleon?", answer="", version="1")  # refused: no answer
    visitor.send("/decks/1/rename", name="Napoleon")
    visitor.send("/library/1/delete")
    failing(RuntimeError(f"{harbour.DEFINITION} a secret for tests only"))
    visitor.client.get("/decks", headers={"Cookie": "recto=Napoleon"})

    told = log()

    assert [word for word in PRIVATE if word in told] == []
    assert {" 200 ", " 303 ", " 404 ", " 409 ", " 422 ", " 500 "} <= set(re.findall(r" \d{3} ", told))


def test_a_statement_that_fails_tells_no_values(visitor, database, site, log):
    site.testing = False
    with database.writing() as session:
        session.connection().exec_driver_sql("alter table deck rename to gone")

    visitor.send("/decks", name="Napoleon")

    assert "OperationalError (SQLITE_ERROR)" in log()
    assert "Napoleon" not in log()
    assert "INSERT" not in log()
