import threading

import pytest
from playwright.sync_api import expect
from werkzeug.serving import make_server

from quizapp.config import Settings
from quizapp.web import create_app
from tests.web.teaming import COOKIE, Crew

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def crew_at(database, tmp_path):
    """A team on a site that is served, and where."""
    settings = Settings(f"sqlite:///{database.path}", tmp_path, "a secret for tests only", team=True)
    site = create_app(settings, database)
    crew = Crew(site, database).add("Jo")
    server = make_server("127.0.0.1", 0, site, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield crew, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def sign_in(context, crew, name, address):
    """Let somebody use the browser from now on."""
    token = crew.browsers[name].client.get_cookie(COOKIE).value
    context.clear_cookies()
    context.add_cookies([{"name": f"recto_person_{address.rpartition(':')[2]}", "value": token, "url": address}])


def test_on_a_phone_a_card_is_made_in_the_library_of_a_team_and_studied_by_a_member(context, crew_at):
    crew, address = crew_at
    page = context.new_page()
    page.set_viewport_size(PHONE)

    sign_in(context, crew, "Mara", address)
    page.goto(f"{address}/teams")
    page.get_by_role("button", name="Open the team's library").click()
    expect(page.get_by_text("Library of Harbour crew")).to_be_visible()
    page.goto(f"{address}/write")
    page.get_by_label("Question").fill("Who orders a rollback?")
    page.get_by_label("Answer").fill("The commander.")
    page.get_by_label("Deck").fill("Rollback")
    page.get_by_role("button", name="Add the card").click()
    expect(page.get_by_text("Added to Rollback.")).to_be_visible()
    page.get_by_role("button", name="My library").click()
    expect(page.get_by_text("You are back in your own library.")).to_be_visible()
    expect(page.get_by_text("Library of Harbour crew")).to_have_count(0)
    sign_in(context, crew, "Jo", address)
    page.goto(f"{address}/decks")
    page.get_by_role("button", name="Study this deck: Rollback").click()
    expect(page.get_by_text("You study Rollback now.")).to_be_visible()
    page.goto(f"{address}/study")
    expect(page.get_by_role("heading", name="Who orders a rollback?")).to_be_visible()
    expect(page.get_by_role("link", name="Suggest a change")).to_be_visible()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Good").click()
    expect(page.get_by_text("Good: next in")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
