"""A file of another program is looked at, its columns changed, and then stored."""

import io

import pytest
from sqlalchemy import select

from quizapp.db.notes import NoteRow
from quizapp.exchange import formats
from quizapp.services import receiving
from quizapp.services.receiving import Look

TABLE = "Term;Meaning;Remark\nSkarn;a light with two flashes;north\nUlver;28 m;\nHolm;;never lit\n"


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch):
    """A child takes most of a second to start, and tests/services has one."""

    def look(data, filename, wishes, **_):
        return Look(*formats.read(data, filename, wishes))

    monkeypatch.setattr(receiving, "look", look)


def choose(visitor, text=TABLE, filename="lights.csv", **typed):
    visitor.visit("/decks/import")
    return visitor.press("Import", file=(io.BytesIO(text.encode()), filename), **typed)


def test_a_table_is_shown_as_cards_before_anything_is_stored(visitor):
    shown = choose(visitor).text

    assert "2 cards, 1 place left out" in shown
    assert "a light with two flashes" in shown
    assert "Line 4" in shown
    assert "No decks yet" in visitor.visit("/decks").text


def test_what_is_looked_at_is_stored_into_the_deck_that_is_named_and_can_be_undone(visitor):
    choose(visitor)

    report = visitor.press("Import 2 cards", deck="Sea::Lights").text
    assert "2 notes" in report
    assert "Sea::Lights" in visitor.visit("/decks/1").text
    choose(visitor)
    assert "Nothing new" in visitor.press("Import 2 cards", deck="Sea::Lights").text


def test_a_column_is_what_the_person_says(visitor):
    choose(visitor)

    shown = visitor.press("Look again", **{"column-0": "answer", "column-1": "question", "column-2": "tags"}).text

    assert "line 3 28 m Ulver" in shown
    visitor.press("Import 2 cards", deck="Lights")
    assert "28 m" in visitor.visit("/decks/1").text


def test_parted_otherwise_the_columns_are_guessed_anew(visitor):
    choose(visitor)

    assert "Say above which columns" in visitor.press("Look again", separator="tab").text


@pytest.mark.parametrize(
    ("text", "filename", "expected"),
    [
        ("Q: Who?\nA: Ada", "notes.md", "1 card"),
        ("Is it lit? {T}\n\nWho? {=Ada ~Li}", "quiz.txt", "2 cards"),
        ("<quiz><question type='truefalse'><questiontext><text>Lit</text></questiontext><answer fraction='100'>"
         "<text>true</text></answer></question></quiz>", "bank.xml", "1 card"),
        ("Just words.", "notes.md", "No card was found"),
    ],
    ids=["Markdown", "GIFT", "Moodle XML", "nothing"],
)  # fmt: skip
def test_every_kind_of_file_is_looked_at(visitor, text, filename, expected):
    assert expected in choose(visitor, text, filename).text


def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(visitor):
    assert "declares a document type" in choose(visitor, "<!DOCTYPE x><quiz/>", "bank.xml").text


@pytest.mark.parametrize("address", ["/decks/import/preview", "/decks/import/preview?held=made-up"])
def test_without_a_file_that_waits_there_is_nothing_to_look_at(visitor, address):
    assert visitor.visit(address).status == 422


def test_a_deck_leaves_in_every_format_and_its_losses_are_told_first(visitor):
    choose(visitor)
    visitor.press("Import 2 cards", deck="Lights")

    shown = visitor.visit("/decks/1/export").text

    for one in formats.FORMATS:
        assert one.name in shown
    assert "Skarn\ta light with two flashes" in visitor.visit("/decks/1/export/tsv").html
    assert visitor.visit("/decks/1/export/xlsx").status == 422
    assert visitor.visit("/decks/1/export/odd").status == 404
    assert visitor.visit("/decks/9/export/csv").status == 404


def test_a_large_table_is_stored_by_a_worker_as_it_was_looked_at(visitor, database):
    rows = "".join(f"Light {number};{number} m\n" for number in range(receiving.AT_ONCE + 1))
    choose(visitor, rows)
    visitor.press("Look again", **{"column-0": "answer", "column-1": "question"})

    page = visitor.press("Import 1,001 cards", deck="Sea::Lights")

    assert page.path == "/decks/imports/1"
    assert "1,001 notes" in page.text
    with database.reading() as session:
        first = session.scalars(select(NoteRow).order_by(NoteRow.id)).first()
    assert (first.question, first.answer) == ("0 m", "Light 0")


@pytest.mark.parametrize("encoding", ["idna", "punycode", "hex", "undefined", "nonsense"])
def test_an_encoding_that_not_every_file_can_be_read_in_is_none_to_choose(visitor, encoding):
    page = choose(visitor, "Blåskär;a light\n")

    shown = visitor.press("Look again", encoding=encoding)

    assert (page.status, shown.status) == (200, 200)
    assert "Blåskär" in shown.text
