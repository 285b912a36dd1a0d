"""A week of a team: a document on Monday, a quiz due on Thursday, a deck to be known on Friday, and what its trainer sees."""

import csv
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from sqlalchemy import select

from quizapp.db.notes import CardRow
from quizapp.domain.permissions import LearnerId, Role
from quizapp.domain.scheduling import Grade
from quizapp.services import accounts, following, invitations, teams
from quizapp.services import reading as reading_service
from tests.browser.test_people import sign_in
from tests.services import people, quizzing, studying
from tests.services.people import PASSWORD
from tests.web import harbour

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONDAY = datetime(2027, 3, 1, 9, tzinfo=UTC)
THURSDAY, FRIDAY = MONDAY + 3 * DAY, MONDAY + 4 * DAY
QUIZ, DECK = "Harbour quiz", "Harbour by heart"
MEMBERS = ("Ada", "Bo", "Cy", "Di", "Ed")
GIVEN = {
    "What is a berth?": "a place to eat",
    "The pilot comes aboard within […].": "20 minutes",
    "Who explains the three long blasts?": "Ada Lind",
    "Which lights are there?": "red light\ngreen light\nwhite light",
}


@dataclass
class Site:
    """Where everything is, and the pages of those who are there by name."""

    address: str
    database: object
    trainer: Page
    pages: dict[str, Page]

    def go(self, name: str, path: str) -> Page:
        """Let somebody open a page, and return it."""
        page = self.trainer if name == "Tara" else self.pages[name]
        page.goto(self.address + path)
        return page


@pytest.fixture
def team():
    return True


@pytest.fixture
def monday(clock):
    """The week begins, before anything is served."""
    clock.move_to(MONDAY)


@pytest.fixture
def site_of_week(monday, monkeypatch, database, address, open_page):
    """A trainer who has signed in and whose team is empty; a stranger has a team of their own."""
    monkeypatch.setattr(reading_service, "draft_cards", lambda *_, **__: harbour.reading())
    with database.writing() as session:
        tara = people.first(session, name="Tara", email="tara@example.org", now=MONDAY)
        teams.create(session, tara, "Harbour crew", now=MONDAY)
        otto = people.another(session, tara, name="Otto", email="otto@example.org", now=MONDAY)
        teams.create(session, otto, "Lock crew", now=MONDAY)
    trainer, stranger = open_page("/sign-in"), open_page("/sign-in")
    sign_in(trainer, "tara@example.org")
    sign_in(stranger, "otto@example.org")
    return Site(address, database, trainer, {"Otto": stranger})


def put_a_document_in(site):
    page = site.go("Tara", "/teams/1")
    page.get_by_role("button", name="Open the team's library").click()
    expect(page.get_by_text("Library of Harbour crew")).to_be_visible()
    page = site.go("Tara", "/library/new")
    page.get_by_label("Paste a text").fill(harbour.TEXT)
    page.get_by_role("button", name="Make cards").click()
    page.get_by_role("button", name="Keep all 6 ready").click()
    expect(page.get_by_text("6 kept, 0 rejected")).to_be_visible()


def invite(site, open_page):
    """Let five people come by links that the trainer makes; each takes the team's deck to study."""
    page = site.go("Tara", "/teams/1")
    page.get_by_role("link", name="Invite somebody").click()
    for name in MEMBERS:
        page.get_by_label("Their e-mail").fill(f"{name.lower()}@example.org")
        page.get_by_role("button", name="Make a link").click()
        link = page.get_by_label(f"The invitation for {name.lower()}@example.org").input_value()
        site.pages[name] = member = open_page(link.removeprefix(site.address))
        member.get_by_label("Your name").fill(name)
        member.get_by_label("Choose a password").fill(PASSWORD)
        member.get_by_role("button", name="Make your account").click()
        member.get_by_role("link", name="Settings").wait_for()
        member.goto(f"{site.address}/decks")
        member.get_by_role("button", name="Study this deck: Harbour handbook").click()
        expect(member.get_by_text("You study Harbour handbook now.")).to_be_visible()


def assign(site):
    """Assign the quiz until Thursday evening, open to guests, and the deck to be known on Friday; return the guests' link."""
    page = site.go("Tara", "/teams/1")
    page.get_by_role("link", name="Assignments").click()
    page.get_by_role("link", name="Assign something").click()
    for title, goal, day in ((DECK, "Know a deck on a day", FRIDAY), (QUIZ, "Answer a quiz", THURSDAY)):
        page = site.go("Tara", "/teams/1/assignments/new")
        page.get_by_role("radio", name=goal).check()
        page.get_by_label("Made from").select_option(label="Harbour handbook")
        page.get_by_label("Title").fill(title)
        page.get_by_label("Due", exact=True).fill(f"{day:%Y-%m-%d}T18:00")
        page.get_by_label("Ends for good").fill(f"{day:%Y-%m-%d}T18:00")
        page.get_by_role("button", name="Assign", exact=True).click()
        expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    page.get_by_role("button", name="Make a link").click()
    return page.get_by_label("Whoever has this link gives a name and answers").input_value()


def test_a_week_of_a_team(site_of_week, open_page, clock):
    site = site_of_week
    put_a_document_in(site)
    invite(site, open_page)
    link = assign(site)
