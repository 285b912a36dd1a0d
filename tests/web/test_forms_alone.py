"""The whole path as a person walks it whose browser runs no script: links, forms and buttons only."""

import io
import sqlite3
import zipfile

import pytest

from quizapp.services import reading as reading_service
from tests.web import harbour


@pytest.fixture(autouse=True)
def quick_reading(monkeypatch):
    # The real one loads language tools in a child for seconds; it has tests of its own.
    monkeypatch.setattr(reading_service, "draft_cards", lambda data, filename, **_: harbour.reading())


def test_from_a_pasted_text_to_a_card_remembered_and_a_deck_in_anki(visitor):
    visitor.visit("/")
    visitor.follow("Add your first document")
    bench = visitor.press("Make cards", text=harbour.TEXT, deck="Harbour")
    assert "0 of 7 decided" in bench.text

    visitor.press("Keep A")
    visitor.press("Reject X")
    assert "2 of 7 decided" in visitor.page.text
    visitor.press("Undo")
    assert "1 of 7 decided" in visitor.page.text
    visitor.press("Keep all")
    assert "6 of 7 decided" in visitor.page.text

    visitor.visit("/")
    assert "6 cards are due today." in visitor.page.text
    asked = visitor.follow("Start review")
    assert "What is a berth?" in asked.text
    assert "the place where a ship lies" not in asked.text
    shown = visitor.press("Show answer")
    assert "the place where a ship lies" in shown.text
    after = visitor.press("Good")
    assert "Good: next in 10 minutes." in after.text
    assert "What is a berth?" not in after.text

    undone = visitor.press("Undo")
    assert "Good is taken back." in undone.text
    assert "What is a berth?" in undone.text
    assert "the place where a ship lies" in undone.text  # as it was when it was graded

    visitor.visit("/decks")
    visitor.follow("Harbour")
    assert "What is a berth?" in visitor.page.text
    assert "With quotes" in visitor.follow("Export to Anki").text
    package = visitor.client.get("/decks/1/export.apkg?progress=no&source=yes")
    assert package.headers["Content-Disposition"] == "attachment; filename=Harbour.apkg"
    assert notes_in(package.data) == 6


def test_a_file_goes_in_as_a_pasted_text_does(visitor):
    visitor.visit("/library/new")

    bench = visitor.press("Make cards", file=(io.BytesIO(harbour.TEXT.encode()), "harbour.md"))

    assert "7 proposed cards" in bench.text


def test_the_same_text_again_leads_to_the_document_that_is_there(visitor):
    for _ in range(2):
        visitor.visit("/library/new")
        visitor.press("Make cards", text=harbour.TEXT)

    assert "You have this document already." in visitor.page.text
    assert visitor.visit("/library").text.count("harbour") <= 1


def test_an_edited_draft_is_kept_as_it_was_edited(visitor, add):
    added = add()
    visitor.visit(f"/drafts/{added.document_id}")

    visitor.follow("Edit")
    visitor.press("Save", question="What do sailors call a berth?")
    visitor.press("Keep A")

    assert "What do sailors call a berth?" in visitor.visit("/decks/1").text


def test_a_card_is_edited_and_reported_while_it_is_studied(visitor, add):
    add(harbour.BERTH, keep_ready=True)
    visitor.visit("/study")
    visitor.press("Show answer")

    visitor.follow("Edit")
    saved = visitor.press("Save", answer="where a ship lies")
    assert "where a ship lies" in saved.text
    assert "Good" in saved.text

    visitor.follow("Report")
    visitor.press("Report", reason="wrong", text="It is a bed, too.")
    today = visitor.visit("/")
    assert "You reported a card" in today.text
    assert "It is a bed, too." in today.text
    assert "It is a bed, too." not in visitor.press("Done").text


def test_a_deck_goes_to_the_trash_and_comes_back(visitor, add):
    add(keep_ready=True)
    visitor.visit("/decks/1")

    visitor.press("Delete")
    assert "Harbour handbook is in the trash" in visitor.page.text
    assert visitor.client.get("/decks/1").status_code == 404
    visitor.press("Undo")

    assert "Harbour handbook is back" in visitor.page.text
    assert "What is a berth?" in visitor.page.text


def test_a_quiz_from_making_it_to_the_misses(visitor, add):
    add(harbour.BERTH, harbour.LIGHTS, harbour.LOCK, keep_ready=True)
    visitor.visit("/quizzes")
    visitor.follow("Make a quiz")
    visitor.press("Make the quiz", of="deck-1", mode="typed", count="all", order="as_made")
    assert "3 questions" in visitor.page.text

    visitor.press("Start")
    visitor.press("Check", typed="the place where a ship lies")
    assert "Correct" in visitor.page.text
    visitor.follow("Next question")
    visitor.press("Check", typed="Ada Lind")
    visitor.visit("/quizzes")
    visitor.press("Go on")
    assert "Question 3 of 3" in visitor.page.text
    visitor.press("I don’t know")
    result = visitor.press("See the result")
    assert "2 of 3 points" in result.text
    visitor.press("Again with the misses")

    assert "Which lights are there?" in visitor.page.text


def notes_in(package: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        name = next(name for name in archive.namelist() if name.startswith("collection.anki2"))
        connection = sqlite3.connect(":memory:")
        connection.deserialize(archive.read(name))
    try:
        return connection.execute("select count(*) from notes").fetchone()[0]
    finally:
        connection.close()
