"""The page about privacy, taking all of one's own out, and deleting one's account, as a person does it."""

import zipfile
from datetime import timedelta
from io import BytesIO

import pytest

from quizapp.clock import utcnow
from quizapp.services import accounts, departures, teams
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
    def enter_as(email):
        browser = Browser(team_site.test_client())
        browser.visit("/sign-in")
        browser.press("Sign in", email=email, password=PASSWORD)
        return browser

    return enter_as


def test_anybody_reads_what_is_stored_before_they_sign_in(guest, ines):
    guest.visit("/sign-in")

    page = guest.follow("Privacy")

    assert page.path == "/privacy"
    assert "once 5 people or more" in page.text
    assert "Sign in to take it out" in page.text


def test_alone_on_a_machine_one_takes_everything_out_and_has_no_account_to_delete(visitor, add):
    add(keep_ready=True)
    page = visitor.visit("/settings/data")
    assert "Delete my account" not in page.text

    made = visitor.press("Make the file")
    answer = visitor.client.get(next(link.href for link in made.links if link.text == "Download"))

    assert answer.status_code == 200
    assert "README.txt" in zipfile.ZipFile(BytesIO(answer.data)).namelist()
    assert visitor.send("/settings/data/delete").status_code == 404


def test_who_deletes_their_account_is_signed_out_and_comes_back_by_signing_in(enter, ben):
    browser, other = enter("ben@example.org"), enter("ben@example.org")
    browser.visit("/settings/data")

    gone = browser.press("Delete my account", password=PASSWORD)
    elsewhere = other.visit("/decks")
    back = browser.press("Sign in", email="ben@example.org", password=PASSWORD)

    assert gone.path == "/sign-in"
    assert "you get everything back by signing in" in gone.text
    assert elsewhere.path.startswith("/sign-in")
    assert "Welcome back." in back.text


def test_after_two_weeks_nobody_signs_in_with_it(enter, ben, database):
    browser = enter("ben@example.org")
    browser.visit("/settings/data")
    browser.press("Delete my account", password=PASSWORD)
    with database.writing() as session:
        departures.remove_due(session, now=utcnow() + departures.KEPT + timedelta(seconds=1))

    assert enter("ben@example.org").page.status == 422


def test_a_wrong_password_deletes_nothing(enter, ben):
    browser = enter("ben@example.org")
    browser.visit("/settings/data")

    page = browser.press("Delete my account", password="wrong")

    assert page.status == 422
    assert browser.visit("/decks").path == "/decks"


@pytest.mark.parametrize(("minutes", "status"), [(0, 200), (11, 422)])
def test_without_a_password_a_fresh_sign_in_is_asked_for(enter, ben, database, monkeypatch, minutes, status):
    browser = enter("ben@example.org")
    with database.writing() as session:
        session.connection().exec_driver_sql(
            f"update account set password_hash = null where learner_id = {ben.person_id}"
        )
    browser.visit("/settings/data")
    monkeypatch.setattr("quizapp.web.privacy.utcnow", lambda: utcnow() + timedelta(minutes=minutes))

    assert browser.press("Delete my account").status == status


def test_who_owns_a_team_alone_is_told_what_to_do_first(enter, ines, ben, database):
    with database.writing() as session:
        accounts.let_administer(session, ines, ben.person_id)
        teams.create(session, ines, "Harbour crew", now=utcnow())
    browser = enter("ines@example.org")

    page = browser.visit("/settings/data")

    assert "You are the last owner of Harbour crew." in page.text
    assert all(button.text != "Delete my account" for form in page.forms for button in form.buttons)
    assert browser.send("/settings/data/delete", password=PASSWORD).status_code == 409
