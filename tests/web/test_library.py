import re
from dataclasses import replace
from io import BytesIO

import pytest

from quizapp import ingest
from quizapp.clock import utcnow
from quizapp.domain.cards import Source
from quizapp.errors import InvalidInput
from quizapp.fetch import Fetched
from quizapp.services import accounts, library
from quizapp.services import reading as reading_service
from quizapp.services.reading import Reading
from quizapp.web.library import pasted_name
from tests import make
from tests.ingest.building import drawing
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


def test_a_document_shows_how_well_its_passages_are_remembered(visitor, add):
    add(harbour.BERTH, keep_ready=True)
    assert "None of its 1 card was studied yet" in visitor.visit("/library/1?look=remembered").text

    visitor.visit("/study?show=1")
    visitor.press("Easy")
    page = visitor.visit("/library/1?look=remembered")

    assert "100% remembered today" in page.text
    assert page.html.count('data-recall="4"') == 1
    assert "Ahead of time" in visitor.press("Study the weakest passage").text


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


def test_what_was_copied_with_its_make_is_read_as_a_page(visitor, monkeypatch):
    given = []
    monkeypatch.setattr(
        reading_service, "draft_cards", lambda data, name, **_: (given.append((data, name)), harbour.reading())[1]
    )
    visitor.visit("/library/new")

    visitor.press(
        "Make cards", text="The mole A mole keeps waves out.", rich="<h1>The mole</h1><p>A mole keeps waves out.</p>"
    )

    assert given == [(b"<h1>The mole</h1><p>A mole keeps waves out.</p>", "The mole A mole keeps waves out.html")]


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


@pytest.fixture
def quick(monkeypatch):
    """Documents are read in no time, each with a text of its own."""

    def draft_cards(data, filename, **_):
        made = harbour.reading(title=filename)
        text = f"{made.document.text}\n{data.decode('utf-8', 'replace')}"
        return replace(made, document=replace(made.document, text=text))

    monkeypatch.setattr(reading_service, "draft_cards", draft_cards)


@pytest.fixture
def fetched(worker, monkeypatch):
    """The addresses that the site's worker fetches, where each holds a page."""
    addresses = []

    def fetch(url, **_):
        addresses.append(url)
        return Fetched(b"A berth.", "berths.html", "text/html", url)

    monkeypatch.setattr(worker, "_fetch", fetch)
    return addresses


def test_a_page_is_fetched_and_links_back_to_its_site(visitor, quick, fetched):
    visitor.visit("/library/new")

    page = visitor.press("Make cards", url=" https://www.example.org/berths ")

    assert page.path == "/drafts/1"
    assert fetched == ["https://www.example.org/berths"]
    page = visitor.visit("/library/1")
    assert "fetched from example.org" in page.text
    assert 'href="https://www.example.org/berths" rel="noreferrer nofollow"' in page.html


def test_an_address_is_fetched_wherever_it_was_pasted(visitor, quick, fetched):
    visitor.visit("/library/new")

    visitor.press("Make cards", text="https://www.example.org/berths\n")

    assert fetched == ["https://www.example.org/berths"]


def test_a_document_that_was_not_fetched_says_nothing_of_it(visitor, add):
    add()

    assert "fetched from" not in visitor.visit("/library/1").text


@pytest.mark.parametrize(
    "url", ["ftp://example.org/", "http://2130706433/", "http://localhost/", "https://a@b.example/"]
)
def test_an_address_that_cannot_be_one_is_refused_at_once(visitor, fetched, url):
    visitor.visit("/library/new")

    page = visitor.press("Make cards", url=url)

    assert page.status == 422
    assert fetched == []
    assert "Under way" not in visitor.visit("/library").text


def test_what_cannot_be_fetched_is_told_where_the_job_is(visitor, worker, monkeypatch):
    def fetch(_url, **_):
        raise InvalidInput("This page is closed.")

    monkeypatch.setattr(worker, "_fetch", fetch)
    visitor.visit("/library/new")

    page = visitor.press("Make cards", url="https://example.org/berths")

    assert page.path == "/jobs/1"
    assert "This page is closed." in page.text
    assert "https://example.org/berths" in page.text


def test_another_site_or_a_bookmark_fills_the_form_in_and_nothing_is_fetched(visitor, fetched):
    page = visitor.visit("/library/new?url=https://example.org/?a%3Db%26c&title=Berths%20%22here%22")

    (form,) = [form for form in page.forms if form.id == "create"]
    assert (form.fields["url"], form.fields["title"]) == ("https://example.org/?a=b&c", 'Berths "here"')
    assert fetched == []


def test_where_fetching_is_switched_off_it_is_not_offered(site, visitor, fetched):
    site.config["MAY_FETCH"] = False

    assert "Fetch a page" not in visitor.visit("/library/new?url=https://example.org/").text
    assert "switched off" in visitor.press("Make cards", url="https://example.org/").text
    assert fetched == []


def test_several_files_become_a_document_each(visitor, quick):
    visitor.visit("/library/new")

    page = visitor.press(
        "Make cards", file=[(BytesIO(b"one"), "a.md"), (BytesIO(b"two"), "b.md")], title="Mine", deck="Sea", new="yes"
    )

    assert page.path == "/library"
    assert "2 documents are being read." in page.text
    assert {"a.md", "b.md"} <= set(page.text.split())
    assert "Mine" not in page.text


def test_of_several_files_the_one_that_is_refused_is_named_and_none_is_taken(visitor, quick):
    visitor.visit("/library/new")

    page = visitor.press("Make cards", file=[(BytesIO(b"one"), "a.md"), (BytesIO(b"\x89PNG"), "b.png")])

    assert page.status == 422
    assert "“b.png”: This is a picture" in page.text
    assert "No documents yet" in visitor.visit("/library").text


def test_more_files_than_a_person_can_look_at_are_refused(visitor):
    visitor.visit("/library/new")

    page = visitor.press("Make cards", file=[(BytesIO(b"one"), f"{number}.md") for number in range(51)])

    assert page.status == 422
    assert "more than 50 files" in page.text


def test_an_archive_becomes_a_document_for_each_that_is_in_it(visitor, quick):
    packed = make.archive(("a.md", b"one"), ("b.txt", b"two"), ("c.png", b"\x89PNG"))
    visitor.visit("/library/new")

    page = visitor.press("Make cards", file=(BytesIO(packed), "all.zip"), new="yes")

    assert page.path == "/jobs/1"
    assert "2 documents found in it." in page.text
    assert "“c.png”" in page.text
    assert {"a.md", "b.txt"} <= set(visitor.follow("See them in the library").text.split())


def test_an_archive_that_cannot_be_taken_apart_is_told(visitor, quick):
    visitor.visit("/library/new")

    page = visitor.press("Make cards", file=(BytesIO(make.archive(("../a.md", b"one"))), "all.zip"))

    assert "points at places outside itself" in page.text
    assert "No documents yet" in visitor.visit("/library").text


@pytest.fixture
def words():
    return drawing.ALT


@pytest.fixture
def pictured(database, words):
    """A document with a picture, and a card that shows it."""
    document = ingest.read(drawing.in_word(drawing.png(), words), "mole.docx")
    start, now = document.text.index(drawing.CAPTION), utcnow()
    quoted = Source(drawing.CAPTION, start, start + len(drawing.CAPTION))
    draft = replace(harbour.BERTH, source=quoted)
    with database.writing() as session:
        library.add_document(
            session,
            accounts.local_owner(session, time_zone="UTC", now=now),
            reading=Reading(document, (draft,), (), (), seconds=0.1, words=20),
            filename="mole.docx",
            data=b"docx",
            deck_name=None,
            keep_ready=True,
            now=now,
        )


def address_of_picture(page):
    return re.search(r'<img class="illustration" src="([^"]+)" alt="([^"]*)" width="120" height="80"', page.html)


def test_a_picture_is_shown_in_its_place_with_its_words_and_size(visitor, pictured):
    found = address_of_picture(visitor.visit("/library/1"))

    assert found[2] == drawing.ALT
    answer = visitor.client.get(found[1])
    assert answer.data == drawing.png()
    assert answer.mimetype == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("words", ['"><script>alert(1)</script>'])
@pytest.mark.parametrize("path", ["/library/1", "/drafts/1", "/decks/1?edit=1", "/study?card=1&show=1"])
def test_what_is_said_of_a_picture_is_nothing_but_words(visitor, pictured, path):
    page = visitor.visit(path)

    assert 'alt="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in page.html
    assert "<script>alert" not in page.html


@pytest.mark.parametrize("name", ["a" * 64, "1", "..%2F..%2Fetc%2Fpasswd", "%00"])
def test_a_picture_that_is_not_there_is_not_found(visitor, pictured, name):
    assert visitor.client.get(f"/library/pictures/{name}").status_code == 404


def test_a_card_can_be_given_another_picture_or_none(visitor, pictured):
    assert visitor.visit("/decks/1?edit=1").html.count('name="picture"') == 2

    visitor.press("Save", picture="")
    assert not address_of_picture(visitor.visit("/study?card=1&show=1"))

    visitor.visit("/decks/1?edit=1")
    visitor.press("Save", picture="1")
    assert address_of_picture(visitor.visit("/study?card=1&show=1"))
    assert not address_of_picture(visitor.visit("/study?card=1"))


def test_a_question_about_the_picture_shows_it_before_the_answer(visitor, pictured):
    visitor.visit("/decks/1?edit=1")
    visitor.press("Save", question="What does the picture show?")

    assert address_of_picture(visitor.visit("/study?card=1"))
    assert visitor.visit("/study?card=1&show=1").html.count('class="illustration"') == 1
