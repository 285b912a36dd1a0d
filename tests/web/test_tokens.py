import re

from quizapp.clock import utcnow
from quizapp.domain.permissions import Actor
from quizapp.services import api_tokens
from tests.services import people
from tests.web.browsing import Browser


def made(page):
    return re.search(r'value="(recto_[^"]+)"', page.html)[1]


def test_a_token_is_made_shown_once_revoked_and_put_back(visitor, database):
    visitor.visit("/settings/tokens")
    page = visitor.press("Make a token", name="Backup script", days="365", scope="write")
    token = made(page)

    again = visitor.visit("/settings/tokens")
    gone = visitor.press("Revoke")
    with database.reading() as session:
        works = api_tokens.recognise(session, token, now=utcnow())
    visitor.press("Undo")

    assert "Backup script reads and writes not used yet" in again.text
    assert token not in again.html
    assert "“Backup script” has no access any more." in gone.text
    assert works is None
    with database.reading() as session:
        assert api_tokens.recognise(session, token, now=utcnow()).writes


def test_a_page_with_a_token_is_kept_by_no_cache(visitor):
    response = visitor.send("/settings/tokens", name="x", days=30)

    assert response.headers["Cache-Control"] == "no-store"


def test_a_token_needs_a_name_and_a_day_on_which_it_ends(visitor):
    assert visitor.send("/settings/tokens", name=" ", days=30).status_code == 422
    assert visitor.send("/settings/tokens", name="x", days=9999).status_code == 422
    assert visitor.send("/settings/tokens", name="x").status_code == 422


def test_a_token_of_somebody_else_is_not_there(guest, database):
    with database.writing() as session:
        ines = people.first(session, now=utcnow())
        people.another(session, ines, now=utcnow())
        api_tokens.make(session, ines, name="x", writes=False, days=30, now=utcnow())
    guest.visit("/sign-in")
    guest.press("Sign in", email="ben@example.org", password=people.PASSWORD)

    statuses = [guest.send(f"/settings/tokens/1/{do}").status_code for do in ("revoke", "put-back")]

    assert statuses == [404, 404]
    assert "No tokens yet" in guest.visit("/settings/tokens").text


def test_the_owner_of_a_local_library_has_tokens_too(site, database):
    browser = Browser(site.test_client())
    browser.visit("/settings")
    browser.follow("API tokens")
    token = made(browser.press("Make a token", name="x"))

    with database.reading() as session:
        assert api_tokens.recognise(session, token, now=utcnow()).actor == Actor(1)
