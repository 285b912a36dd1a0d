import re
from html.parser import HTMLParser

import pytest
from sqlalchemy import inspect, text

from quizapp import translations
from quizapp.clock import utcnow
from quizapp.db.engine import Database
from quizapp.services import accounts, incoming_files, teams
from quizapp.web import templating
from tests.browser.test_accessibility import PAGES
from tests.web import harbour

SPOKEN = ("aria-label", "aria-description", "title", "placeholder", "alt", "data-name")
# Names, what is typed, and units and signs that all languages share.
SAME = {"recto", "anki", "markdown", "fsrs", "csv", "ctrl", "cid", "mb", "kb", "utc"}
SAME |= {suffix[1:] for suffix in incoming_files.suffixes()}


class Brackets:
    """A language whose sentences are the English ones in brackets."""

    def gettext(self, message):
        return f"⟦{message}⟧"

    def pgettext(self, _context, message):
        return self.gettext(message)

    def ngettext(self, one, other, number):
        return f"⟦{one if number == 1 else other}⟧"


class Text(HTMLParser):
    """What a page says outside of brackets."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.outside, self.depth, self.silent = [], 0, 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.silent += tag in {"script", "style", "code", "pre", "kbd", "datalist", "math"}
        for name, value in attrs:
            if name in SPOKEN and value:
                self.note(value)

    def handle_endtag(self, tag):
        self.silent -= tag in {"script", "style", "code", "pre", "kbd", "datalist", "math"}

    def handle_data(self, data):
        for piece in re.split(r"([⟦⟧])", data):
            self.depth += (piece == "⟦") - (piece == "⟧")
            if not self.depth and not self.silent:
                self.note(piece)

    def note(self, said):
        while (less := re.sub(r"⟦[^⟦⟧]*⟧", " ", said)) != said:
            said = less
        self.outside += re.findall(r"[^\W\d_]{2,}", said)


@pytest.fixture
def in_brackets(monkeypatch):
    templating.whole.cache_clear()
    monkeypatch.setattr(translations, "_catalogue", lambda _language: Brackets())
    yield
    templating.whole.cache_clear()


def words_of_people(database: Database) -> set[str]:
    """Return every word that stands in a text column of the library."""
    words = set()
    with database.reading() as session:
        for table in inspect(session.get_bind()).get_table_names():
            for row in session.execute(text(f'SELECT * FROM "{table}"')):
                words |= {
                    word.casefold()
                    for value in row
                    if isinstance(value, str)
                    for word in re.findall(r"[^\W\d_]{2,}", value)
                }
    return words | {word.casefold() for word in re.findall(r"[^\W\d_]{2,}", harbour.TEXT)}


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_says_nothing_but_what_is_translated_and_what_people_wrote(path, visitor, add, database, in_brackets):
    add(title="Harbour at night", keep_ready=True)
    add()
    with database.writing() as session:
        teams.create(session, accounts.local_owner(session, time_zone="UTC", now=utcnow()), "Pilots", now=utcnow())
    page = visitor.client.get(path, headers={"Accept-Language": "de"}, follow_redirects=True)

    typed = {word.casefold() for word in re.findall(r"[^\W\d_]{2,}", path)}
    known = words_of_people(database) | typed | SAME | {name.casefold() for name in translations.NAMES.values()}
    assert [word for word in Text(page.get_data(as_text=True)).outside if word.casefold() not in known] == []


def test_the_language_is_the_one_that_the_browser_asks_for(visitor):
    page = visitor.client.get("/decks", headers={"Accept-Language": "fr, de-AT;q=0.8, en;q=0.5"})

    assert '<html lang="de"' in page.get_data(as_text=True)
    assert page.headers["Content-Language"] == "de"
    assert "Accept-Language" in page.headers["Vary"]


def test_the_language_chosen_in_this_browser_wins_until_it_is_given_back(visitor):
    asking = {"headers": {"Accept-Language": "de"}}
    visitor.send("/language", language="zh")
    chosen = visitor.client.get("/", **asking).get_data(as_text=True)
    visitor.send("/language", language="browser")

    assert '<html lang="zh"' in chosen
    assert '<html lang="de"' in visitor.client.get("/", **asking).get_data(as_text=True)


def test_a_language_that_is_not_listed_is_refused(visitor):
    assert visitor.send("/language", language="tlh").status_code == 422


def test_a_page_in_another_language_carries_what_its_scripts_say(visitor):
    visitor.client.set_cookie("language", "de")
    english, german = "Not saved", translations.of_scripts("de")["Not saved"]

    assert f'"{english}": "{german}"' in visitor.visit("/decks").html
