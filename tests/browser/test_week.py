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
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.domain.scheduling import Grade
from quizapp.services import accounts, teams
from quizapp.services import reading as reading_service
from tests.browser.test_people import sign_in
from tests.services import people, studying
from tests.services.people import PASSWORD
from tests.web import harbour

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONDAY = datetime(2027, 3, 1, 9, tzinfo=UTC)
THURSDAY, FRIDAY = MONDAY + 3 * DAY, MONDAY + 4 * DAY
QUIZ, DECK = "Harbour quiz", "Harbour by heart"
MEMBERS = ("Ada", "Bo", "Cy", "Di", "Ed")
BERTH = "What is a berth?"
RIGHT = {card.question: card.answer for card in harbour.ALL}


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
def team_mode():
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
        if goal == "Answer a quiz":
            page.get_by_text("More: attempts").click()
            page.get_by_role("radio", name="Typed").check()
        page.get_by_role("button", name="Assign", exact=True).click()
        expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    page.get_by_role("button", name="Make a link").click()
    return page.get_by_label("Whoever has this link gives a name and answers").input_value()


def person(session, name):
    """Return somebody who is there, with the roles that they have."""
    (found,) = [one for one in accounts.everybody(session) if one.name == name]
    return teams.with_roles(session, Actor(LearnerId(found.id)))


def study(site, clock):
    """One answers a card on its page; then everybody has answered every card, Di none well."""
    clock.move_to(MONDAY + 2 * HOUR)
    page = site.go("Ada", "/study")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Good").click()
    expect(page.get_by_text("Good: next in")).to_be_visible()
    with site.database.writing() as session:
        cards = session.scalars(select(CardRow.id).order_by(CardRow.id)).all()
        for name in MEMBERS:
            grade = Grade.AGAIN if name == "Di" else Grade.EASY
            for card in cards:
                studying.answer(session, person(session, name), card, grade, at=MONDAY + 3 * HOUR)


def answer(page, *places, of=5):
    """Answer the questions at these places, that of the berth wrong and the others right."""
    for place in places:
        expect(page.get_by_text(f"Question {place} of {of}")).to_be_visible()
        asked = page.get_by_role("heading", level=1).inner_text()
        if page.get_by_role("radio").count():
            page.get_by_role("radio", name=RIGHT[asked]).check()
        else:
            page.locator("[name=typed]").fill("a place to eat" if asked == BERTH else RIGHT[asked])
        page.get_by_role("button", name="Save and go on").click()


def see_the_result(page):
    page.get_by_role("button", name="See the result").click()
    expect(page.get_by_role("heading", name="4 of 5 points")).to_be_visible()


def take(site, name):
    page = site.go(name, "/")
    page.get_by_role("button", name=f"Begin: {QUIZ}").click()
    answer(page, *range(1, 6))
    see_the_result(page)


def take_in_two_tabs(site):
    """Begin in one tab and go on in another: it is one attempt, and nothing is asked twice."""
    first = site.go("Bo", "/")
    first.get_by_role("button", name=f"Begin: {QUIZ}").click()
    second = first.context.new_page()
    second.goto(f"{site.address}/assignments/2")
    second.get_by_role("button", name="Go on").click()
    answer(second, 1)
    expect(second.get_by_text("Question 2 of 5")).to_be_visible()  # it is stored
    first.reload()
    answer(first, *range(2, 6))
    second.close()
    see_the_result(first)


def take_as_a_guest(site, open_page, link):
    page = open_page(link.removeprefix(site.address))
    page.get_by_label("Your name").fill("Gus")
    page.get_by_role("button", name="Begin").click()
    answer(page, *range(1, 6))
    see_the_result(page)
    assert page.goto(f"{site.address}/teams/1").url.startswith(f"{site.address}/sign-in")


def give_more_time(site, name):
    """Let one person answer until Friday noon."""
    page = site.go("Tara", "/assignments/2")
    page.get_by_role("link", name=f"Exception for {name}").click()
    for label in ("Due", "Ends for good"):
        page.get_by_label(label).fill(f"{FRIDAY:%Y-%m-%d}T12:00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved for this person.")).to_be_visible()


def came_too_late(site, name):
    page = site.go(name, "/assignments/2")
    expect(page.get_by_text("It is over.")).to_be_visible()
    assert page.get_by_role("button", name="Begin").count() == 0


def refused_to_a_stranger(site):
    """Return what somebody of another team is answered for each address of this one."""
    paths = ["/teams/1", "/teams/1/board", "/teams/1/board/topics.csv", "/teams/1/assignments", "/teams/1/invitations"]
    paths += ["/assignments/1", "/assignments/2", "/decks/1", "/library/1", "/quizzes/1/analysis", "/study/1"]
    paths += ["/teams/1/log", "/teams/1/suggestions", "/cards/1", "/sittings/1"]
    return {path: site.pages["Otto"].request.get(site.address + path).status for path in paths}


def states(page):
    """Return who did what, by name, as the table of an assignment says it."""
    rows = page.locator("table.people tbody tr")
    return {
        row.get_by_role("rowheader").inner_text().split("\n")[0]: row.locator("td").first.inner_text()
        for row in rows.all()
    }


def look_at_the_board(site):
    """Let a worker bring the board up to date, and return its page."""
    page = site.go("Tara", "/teams/1")
    page.get_by_role("link", name="What the team knows").click()
    page.get_by_role("button", name="Bring up to date").click()
    expect(page.get_by_text("Up to date", exact=True)).to_be_visible()
    return page


def downloaded(page, name, kind):
    with page.expect_download() as coming:
        page.get_by_role("link", name=f"{name} as {kind}").click()
    return coming.value.path().read_bytes()


def test_a_week_of_a_team(site_of_week, open_page, clock):
    site = site_of_week
    put_a_document_in(site)
    invite(site, open_page)
    link = assign(site)
    study(site, clock)
    clock.move_to(MONDAY + DAY)
    take(site, "Ada")
    take_in_two_tabs(site)
    take_as_a_guest(site, open_page, link)
    take(site, "Cy")
    give_more_time(site, "Ed")
    clock.move_to(THURSDAY + 12 * HOUR)
    came_too_late(site, "Di")
    clock.move_to(FRIDAY + HOUR)
    take(site, "Ed")

    assert set(refused_to_a_stranger(site).values()) == {404}
    clock.move_to(FRIDAY + 10 * HOUR)
    found = states(site.go("Tara", "/assignments/2"))
    assert found == {**dict.fromkeys(("Ada", "Bo", "Cy", "Ed"), "Passed"), "Di": "Missed", "Gus": "Passed"}
    known = states(site.go("Tara", "/assignments/1"))
    assert known["Di"] != known["Ada"]

    board = look_at_the_board(site)
    topics = board.get_by_role("region", name="Knowledge map")
    expect(topics.get_by_role("rowheader", name="Berths")).to_be_visible()
    missed = board.get_by_role("region", name="Missed questions")
    expect(missed.get_by_role("row").nth(1)).to_contain_text(BERTH)
    expect(missed.get_by_role("row").nth(1)).to_contain_text("a place to eat × 5")
    told = list(csv.reader(StringIO(downloaded(board, "Knowledge map", "CSV").decode("utf-8-sig"))))
    assert {row[0]: row[1] for row in told[1:]} == {"Berths": "5", "Signals": "5"}
    book = load_workbook(BytesIO(downloaded(board, "Knowledge map", "Excel"))).worksheets[0]
    assert [[str(cell or "") for cell in row] for row in book.values] == told
    assert [one["Topic"] for one in json.loads(downloaded(board, "Knowledge map", "JSON"))] == [
        row[0] for row in told[1:]
    ]
    missed.get_by_role("link", name=BERTH).click()
    expect(board.get_by_role("row", name=BERTH)).to_contain_text("0%")
