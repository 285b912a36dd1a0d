"""One's own account, the browsers that one is signed in with, the people on the server."""

import json
import re
from urllib.parse import quote

import pytest

from quizapp.clock import utcnow
from quizapp.db import learners
from quizapp.services import accounts, departures
from tests.services import people
from tests.services.people import PASSWORD
from tests.web.browsing import Browser


@pytest.fixture
def ines(database):
    with database.writing() as session:
        return people.first(session, now=utcnow())


@pytest.fixture
def ben(database, ines):
    with database.writing() as session:
        return people.another(session, ines, now=utcnow())


@pytest.fixture
def enter(team_site):
    """Return a function that signs somebody in, in a browser of their own."""

    def enter_as(
        email, password=PASSWORD, agent="Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    ):
        browser = Browser(team_site.test_client())
        browser.client.environ_base["HTTP_USER_AGENT"] = agent
        browser.visit("/sign-in")
        browser.press("Sign in", email=email, password=password)
        return browser

    return enter_as


@pytest.fixture
def visitor(ines, enter):
    return enter("ines@example.org")


# One's own account


def test_a_name_is_changed(visitor):
    visitor.visit("/settings/account")

    page = visitor.press("Save the name", name="Ines Moreau")

    assert 'value="Ines Moreau"' in page.html
    assert "Ines Moreau" in visitor.visit("/settings").text


def test_an_address_is_changed_by_who_knows_the_password(visitor, enter):
    visitor.visit("/settings/account")
    refused = visitor.press("Save the e-mail", email="ines@example.net", password="wrong")
    visitor.visit("/settings/account")

    visitor.press("Save the e-mail", email="ines@example.net", password=PASSWORD)

    assert refused.status == 422
    assert enter("ines@example.org").page.status == 422
    assert enter("ines@example.net").page.path == "/"


def test_an_address_of_somebody_else_is_refused(visitor, ben):
    visitor.visit("/settings/account")

    page = visitor.press("Save the e-mail", email="BEN@example.org", password=PASSWORD)

    assert page.status == 409


def test_the_own_address_can_be_spelled_otherwise(visitor):
    visitor.visit("/settings/account")

    page = visitor.press("Save the e-mail", email="Ines@Example.org", password=PASSWORD)

    assert 'value="Ines@Example.org"' in page.html


def test_a_new_password_signs_out_everywhere_else(visitor, enter):
    other = enter("ines@example.org")
    visitor.visit("/settings/account")

    page = visitor.press("Save the password", password=PASSWORD, new="nine white egrets")

    assert "You are signed out everywhere else." in page.text
    assert other.visit("/decks").path.startswith("/sign-in")
    assert enter("ines@example.org", "nine white egrets").page.path == "/"
    assert enter("ines@example.org").page.status == 422


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("wrong", "nine white egrets", "not your password"),
        (PASSWORD, "short", "10 characters"),
        (PASSWORD, "ines@example.org", "your name or your e-mail"),
    ],
)
def test_a_password_that_cannot_be_taken_changes_nothing(visitor, enter, old, new, said):
    visitor.visit("/settings/account")

    page = visitor.press("Save the password", password=old, new=new)

    assert page.status == 422
    assert said in page.text
    assert enter("ines@example.org").page.path == "/"


def test_guesses_at_the_password_of_an_open_browser_are_held_back(visitor):
    statuses = []
    for _ in range(6):
        visitor.visit("/settings/account")
        statuses.append(visitor.press("Save the e-mail", email="eve@example.org", password="wrong").status)

    assert statuses == [422] * 5 + [429]


# Devices


def test_devices_are_told_apart_and_signed_out(visitor, enter):
    phone = enter(
        "ines@example.org",
        agent="Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile/15E148 Safari/604.1",
    )
    page = visitor.visit("/settings/devices")

    visitor.press("Sign out there")

    assert "Firefox, Linux this one" in page.text
    assert "Safari, iPhone" in page.text
    assert "Safari, iPhone" not in visitor.page.text
    assert phone.visit("/").path.startswith("/sign-in")
    assert visitor.visit("/").path == "/"


def test_one_button_signs_out_everywhere_else(visitor, enter):
    others = [enter("ines@example.org") for _ in range(2)]
    visitor.visit("/settings/devices")

    page = visitor.press("Sign out everywhere else")

    assert "Signed out in 2 other browsers." in page.text
    assert "You are signed in nowhere else." in page.text
    assert [one.visit("/").path.startswith("/sign-in") for one in others] == [True, True]


def test_a_device_of_somebody_else_is_not_there(visitor, enter, ben):
    enter("ben@example.org")
    token = visitor.token()

    assert visitor.client.post("/settings/devices/2/sign-out", data={"csrf_token": token}).status_code == 404


def test_answers_that_wait_in_a_browser_are_not_taken_from_somebody_else(visitor, enter, ben):
    pack = visitor.client.get("/study/pack", headers={"Sec-Fetch-Site": "same-origin"}).json
    told = json.dumps({"sent": 1_800_000_000_000, "answers": []})

    of_ines = visitor.send("/study/reviews", person=pack["person"], reviews=told)
    of_ben = enter("ben@example.org").send("/study/reviews", person=pack["person"], reviews=told)

    assert (of_ines.status_code, of_ben.status_code) == (200, 409)


# People


def test_an_invitation_is_made_shown_once_used_and_withdrawn(visitor, enter, team_site):
    visitor.visit("/settings/people")
    page = visitor.press("Make a link", email="cleo@example.org")
    link = re.search(r'value="https://recto\.example(/join/[^"]+)"', page.html)[1]

    again = visitor.visit("/settings/people")
    gone = visitor.press("Withdraw")
    undo = next(form for form in gone.forms if form.action.endswith("put-back"))
    refused = Browser(team_site.test_client()).visit(link).status
    visitor.client.post(undo.action, data=undo.fields)
    cleo = Browser(team_site.test_client())
    cleo.visit(link)
    cleo.press("Make your account", name="Cleo", password=PASSWORD)

    assert "The invitation for cleo@example.org" in page.text
    assert link not in again.html
    assert "cleo@example.org" in again.text
    assert refused == 404
    assert cleo.page.path == "/"
    assert "Cleo" in visitor.visit("/settings/people").text


@pytest.fixture
def many(database):
    """Forty people with accounts, besides those who are there."""
    with database.writing() as session:
        for number in range(1, 41):
            learner_id = learners.add(session, name=f"Sailor {number:02}", time_zone="UTC", now=utcnow())
            email = f"crew{number:02}@harbour.example"
            accounts.add(session, learner_id, email=email, password_hash=None, now=utcnow())


def test_people_stand_by_name_a_page_at_a_time(visitor, many, ben):
    first, last = visitor.visit("/settings/people"), visitor.visit("/settings/people?page=2")

    names = re.compile(r"<b>([^<]+)</b>")
    assert names.findall(first.html) == ["Ben", "Ines", *(f"Sailor {number:02}" for number in range(1, 24))]
    assert names.findall(last.html) == [f"Sailor {number:02}" for number in range(24, 41)]
    assert "Page 2 of 2" in last.text


@pytest.mark.parametrize(
    ("sought", "found"), [("sailor 3", 10), ("CREW07@", 1), ("harbour.example", 25), ("nobody", 0)]
)
def test_people_are_found_by_a_part_of_a_name_or_an_e_mail(visitor, many, sought, found):
    page = visitor.visit(f"/settings/people?q={quote(sought)}")

    assert len(re.findall(r"<b>(Sailor \d\d)</b>", page.html)) == found
    assert ("Nobody has such a name or e-mail." in page.text) == (not found)


def test_whoever_closes_an_account_comes_back_to_the_people_they_looked_at(visitor, many):
    visitor.visit("/settings/people?q=sailor&page=2")

    closed = visitor.press("Close the account")
    opened = visitor.press("Let them sign in again")

    assert closed.path == opened.path == "/settings/people?q=sailor&page=2"
    assert closed.html.count("<b>Sailor") == opened.html.count("<b>Sailor") == 15


def test_a_page_with_a_link_is_kept_by_no_cache(visitor):
    response = visitor.send("/settings/people/invite", email="")

    assert response.headers["Cache-Control"] == "no-store"


def test_people_are_for_those_who_administer(visitor, enter, ben):
    other = enter("ben@example.org")
    token = other.token()

    paths = ["invite", "1/close", "1/reopen", "1/administer", "invitations/1/withdraw", "invitations/1/put-back"]
    statuses = {other.client.post(f"/settings/people/{path}", data={"csrf_token": token}).status_code for path in paths}

    assert other.visit("/settings/people").status == 404
    assert statuses == {404}
    assert "People" not in other.visit("/settings").text


def test_an_account_is_closed_and_opened_again_without_loss(visitor, enter, ben):
    other = enter("ben@example.org")
    other.send("/decks", name="Tides")
    visitor.visit("/settings/people")

    closed = visitor.press("Close the account")
    out = other.visit("/decks").path, enter("ben@example.org").page.status
    visitor.press("Let them sign in again")

    assert "Ben cannot sign in any more. Nothing of theirs was deleted." in closed.text
    assert out == ("/sign-in?next=/decks", 422)
    assert "Tides" in enter("ben@example.org").visit("/decks").text


def test_nobody_closes_the_own_account(visitor, ines):
    response = visitor.send(f"/settings/people/{ines.learner_id}/close")

    assert response.status_code == 409


def test_somebody_always_administers(visitor, enter, ines, ben):
    visitor.visit("/settings/people")
    alone = visitor.press("Administers no more")
    visitor.send(f"/settings/people/{ben.learner_id}/administer")

    handed_over = visitor.send(f"/settings/people/{ines.learner_id}/administer", do="end")

    assert alone.status == 409
    assert handed_over.headers["Location"] == "/settings"
    assert enter("ben@example.org").visit("/settings/people").status == 200


def test_in_local_mode_there_are_no_such_pages(site):
    browser = Browser(site.test_client())

    for path in ("/settings/account", "/settings/devices", "/settings/people"):
        assert browser.visit(path).status == 404


def test_whose_account_it_is_is_never_asked_of_the_form(visitor, ben, database):
    visitor.send("/settings/account/name", name="Eve", person_id=ben.learner_id, learner_id=ben.learner_id)

    with database.reading() as session:
        assert accounts.profile(session, ben).name == "Ben"


def test_who_administers_sees_which_accounts_wait_to_be_removed(visitor, database, ben):
    with database.writing() as session:
        departures.ask(session, ben, now=utcnow())

    page = visitor.visit("/settings/people")

    assert re.search(r"goes on \w+ \d+|goes on \d+ \w+", page.text)
    assert "They deleted their account." in page.text
