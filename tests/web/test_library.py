import re
from dataclasses import replace

import pytest

from quizapp.errors import InvalidInput
from quizapp.services import reading as reading_service
from quizapp.web.library import pasted_name
from tests.web import harbour


def test_an_empty_library_invites(visitor):
    page = visitor.visit("/library")

    assert "No documents yet" in page.text
    assert "/library/new" in {link.href for link in page.links}


def test_a_document_is_listed_with_what_became_of_its_cards(visitor, add):
    add(keep_ready=True)

    page = visitor.visit("/library")

    assert "Harbour handbook" in page.text
    assert "60 words" in page.text
    assert "added today" in page.text
    assert "6 kept" in page.text
    assert "1 in the tray" in page.text


def test_a_document_is_shown_as_it_was_read(visitor, add):
    add()

    page = visitor.visit("/library/1")

    assert re.search(r"<h2[^>]*>Berths</h2>", page.html)
    assert re.search(r"<ul>\s*<li[^>]*>.*red light", page.html)
    assert '<th scope="col">Meaning</th>' in page.html
    assert "<td>stop</td>" in page.html


def test_the_title_is_not_said_twice_unless_the_document_was_named_otherwise(visitor, add):
    add()
    add(title="My harbour")

    assert visitor.visit("/library/1").text.count("Harbour handbook") == 1
    assert "My harbour" in visitor.visit("/library/2").text
    assert "Harbour handbook" in visitor.page.text


def test_each_quote_can_be_jumped_to_and_leads_to_its_card(visitor, add):
    add()

    page = visitor.visit("/library/1")

    for draft in harbour.ALL:
        assert page.ids.count(f"q{draft.source.start}") == 1
    for number in range(1, 8):
        link = next(link for link in page.links if link.text == str(number))
        assert visitor.visit(link.href).status == 200


def test_what_could_not_be_read_is_told(visitor, add, monkeypatch):
    whole = replace(harbour.reading(), problems=("Page 3 has no text.",))
    monkeypatch.setattr(reading_service, "draft_cards", lambda *_, **__: whole)
    visitor.visit("/library/new")

    visitor.press("Make cards", text="anything")

    assert "Page 3 has no text." in visitor.visit("/library/1").text


def test_the_title_and_the_deck_can_be_named(visitor, monkeypatch):
    monkeypatch.setattr(reading_service, "draft_cards", lambda *_, **__: harbour.reading())
    visitor.visit("/library/new")

    visitor.press("Make cards", text="anything", title="My harbour", deck="Sea::Harbour")
    visitor.press("Keep A")

    assert "My harbour" in visitor.visit("/library").text
    assert "Sea::Harbour" in visitor.visit("/decks").text


def test_known_decks_are_offered(visitor, add):
    add(keep_ready=True)

    assert '<option value="Harbour handbook">' in visitor.visit("/library/new").html


def test_a_refused_document_is_told_in_its_words_and_nothing_is_stored(visitor, monkeypatch):
    def refuse(*_, **__):
        raise InvalidInput("This is no text.")

    monkeypatch.setattr(reading_service, "draft_cards", refuse)
    visitor.visit("/library/new")

    page = visitor.press("Make cards", text="anything")

    assert page.path == "/jobs/1"
    assert "This is no text." in page.text
    assert "No documents yet" in visitor.visit("/library").text


@pytest.mark.parametrize("text", ["", "   \n "])
def test_nothing_is_refused_with_advice(visitor, text):
    visitor.visit("/library/new")

    page = visitor.press("Make cards", text=text)

    assert page.status == 422
    assert "Choose a file or paste a text first." in page.text


def test_htmx_is_sent_to_the_bench(visitor, monkeypatch):
    monkeypatch.setattr(reading_service, "draft_cards", lambda *_, **__: harbour.reading())

    response = visitor.send_with_htmx("/library", text="anything")

    assert response.headers["HX-Redirect"] == "/drafts/1"


@pytest.mark.parametrize(
    ("pasted", "title", "name"),
    [
        ("Berths\n\nA berth is a place.", "", "Berths.txt"),
        ("Berths", "My harbour", "My harbour.txt"),
        ("# Berths\n\nA berth is a place.", "", "Berths.md"),
        ("Berths\n\n## Signals\n", "", "Berths.md"),
        ("---\ntitle: Berths\n---\nA berth.", "", "Pasted text.md"),
        ("**Ada:** Hello.", "", "Ada: Hello.md"),
        ("See [this](http://x.example).", "", "See this.md"),
        ("1 < 2 and a_b_c", "", "1 < 2 and a_b_c.txt"),
        ("A berth is the place where a ship lies while it is in the harbour.", "",
         "A berth is the place where a ship lies while it is in the….txt"),
    ],
    ids=str,
)  # fmt: skip
def test_a_pasted_text_is_named_and_read_as_what_it_looks_like(pasted, title, name):
    assert pasted_name(pasted, title=title) == name


@pytest.mark.slow
def test_a_pasted_text_is_really_read(visitor):
    visitor.visit("/library/new")

    page = visitor.press("Make cards", text="A berth is the place where a ship lies.\n\nMooring means tying up a ship.")

    assert page.status == 200
    assert "berth" in page.text
