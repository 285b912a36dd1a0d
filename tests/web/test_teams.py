import pytest

from quizapp.domain.permissions import Role
from tests.web.teaming import Crew


@pytest.fixture
def crew(team_site, database):
    return Crew(team_site, database)


def test_in_local_mode_the_page_says_how_team_mode_is_started(visitor):
    page = visitor.visit("/teams")

    assert "You are alone here" in page.text
    assert "quizapp serve --team" in page.text
    assert not any(link.href == "/teams" for link in visitor.visit("/").links)


def test_a_team_is_made_and_opened(crew):
    with crew.as_one("Mara") as browser:
        browser.visit("/teams")
        page = browser.press("Make the team", name="Pilots")

    assert page.path == "/teams/2"
    assert "1 person · Owner" in page.text


def test_which_library_is_open_is_said_on_every_page_with_the_way_back(crew):
    with crew.as_one("Mara") as browser:
        browser.visit("/teams/1")
        page = browser.press("Open the team's library")
        assert page.path == "/library"
        for path in ("/library", "/decks", "/", "/progress", "/library/new"):
            assert "Library of Harbour crew" in browser.visit(path).text
        page = browser.press("My library")

        assert "Library of Harbour crew" not in page.text


def test_what_is_made_in_the_library_of_a_team_is_not_in_ones_own(crew):
    with crew.as_one("Mara") as browser:
        browser.visit("/teams/1")
        browser.press("Open the team's library")
        browser.visit("/decks")
        browser.press("Create", name="Rollback")
        assert "Rollback" in browser.visit("/decks").text
        browser.press("My library")
        own = browser.visit("/decks")

    assert not any(form.action == "/decks/1/delete" for form in own.forms)


def test_a_role_is_changed_and_the_change_taken_back(crew):
    crew.add("Li")
    with crew.as_one("Mara") as browser:
        browser.visit("/teams/1")
        page = browser.send("/teams/1/people/3/role", role="trainer")
        assert page.status_code == 303
        page = browser.visit("/teams/1")
        assert "Li is now: Trainer." in page.text
        page = browser.press("Undo")

    assert "Li is now: Member." in page.text


def test_who_leaves_can_take_it_back(crew):
    crew.add("Li")
    with crew.as_one("Li") as browser:
        browser.visit("/teams/1")
        page = browser.press("Leave the team")
        assert page.path == "/teams"
        page = browser.press("Undo")

    assert "You belong to Harbour crew again." in page.text


def test_a_deleted_team_comes_back(crew):
    with crew.as_one("Mara") as browser:
        browser.visit("/teams/1")
        page = browser.press("Delete")
        assert "In the trash" in page.text
        page = browser.press("Restore")

    assert page.path == "/teams/1"


def test_a_member_sees_neither_the_log_nor_what_only_owners_do(crew):
    crew.add("Li")
    with crew.as_one("Li") as browser:
        page = browser.visit("/teams/1")
        assert not {"Rename", "Delete", "Log", "Open the team's library"} & {
            button.text for form in page.forms for button in form.buttons
        }
        assert browser.visit("/teams/1/log").status == 404


def test_the_log_tells_who_did_what_and_comes_as_a_table(crew):
    crew.add("=Li", Role.TRAINER)
    with crew.as_one("Mara") as browser:
        browser.send("/teams/1/people/3/role", role="member")
        page = browser.visit("/teams/1/log")
        table = browser.client.get("/teams/1/log.csv")

    assert "Mara changed a role" in page.text.replace("Owner changed", "Mara changed")
    assert "'=Li: member" in table.get_data(as_text=True)
    assert table.mimetype == "text/csv"


@pytest.mark.parametrize("name", ["＝Li", "+Li", "-Li"])
def test_no_spreadsheet_takes_a_name_in_the_log_for_a_formula(crew, name):
    crew.add(name, Role.TRAINER)
    with crew.as_one("Mara") as browser:
        browser.send("/teams/1/people/3/role", role="member")
        table = browser.client.get("/teams/1/log.csv").get_data(as_text=True)

    assert f",'{name}: member" in table


def in_library(browser):
    browser.visit("/teams/1")
    return browser.press("Open the team's library")


def with_deck(crew):
    """Let Mara make a deck with a card in the library of the team."""
    with crew.as_one("Mara") as browser:
        in_library(browser)
        fields = {"kind": "basic", "question": "Who orders a rollback?", "answer": "The manager."}
        assert browser.send("/write", deck_name="Rollback", **fields).status_code == 303


def test_a_member_studies_a_deck_of_the_team_and_suggests_a_change_that_is_accepted(crew):
    crew.add("Jo")
    with_deck(crew)
    with crew.as_one("Jo") as browser:
        page = browser.visit("/decks")
        assert "Harbour crew" in page.text
        page = browser.press("Study this deck")
        assert "You study Rollback now." in page.text
        assert not {"Delete", "Rename", "Write a card"} & {one.text for form in page.forms for one in form.buttons}
        assert "Who orders a rollback?" in browser.visit("/study").text
        browser.visit("/decks/1/notes/1/suggest")
        page = browser.press("Hand in", answer="The incident commander.", reason="It changed.")
        assert page.path == "/decks/1"
    with crew.as_one("Mara") as browser:
        page = browser.visit("/teams/1")
        assert "1 suggestion" in page.text
        page = browser.follow("1 suggestion")
        assert "Jo suggested this" in page.text
        page = browser.press("Accept", word="Thanks")
        assert "The card says that now." in page.text
    with crew.as_one("Jo") as browser:
        assert "“Thanks” Accepted" in browser.visit("/teams/1/suggestions").text
        assert "The incident commander." in browser.visit("/decks/1").text
        page = browser.visit("/decks/1/notes/1/history")
        assert "changed it" in page.text
        assert not any(button.text == "Say it again as before" for form in page.forms for button in form.buttons)


def test_who_stops_studying_a_deck_of_the_team_can_take_that_back(crew):
    crew.add("Jo")
    with_deck(crew)
    with crew.as_one("Jo") as browser:
        browser.visit("/decks")
        browser.press("Study this deck")
        page = browser.press("Study it no more")
        assert "You study Rollback no more." in page.text
        page = browser.press("Undo")

        assert "You study Rollback now." in page.text
