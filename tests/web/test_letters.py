"""What people get by mail, and the pages that it leads to and from."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from quizapp.clock import utcnow
from quizapp.config import Settings
from quizapp.services import accounts, mailing
from quizapp.web import create_app, proving
from quizapp.worker.post import deliver
from tests.mailbox import mailbox
from tests.services import people
from tests.services.people import PASSWORD
from tests.web.browsing import Browser

HOME = "https://recto.example"


@pytest.fixture
def box():
    with mailbox() as opened:
        yield opened


@pytest.fixture
def mailing_site(database, tmp_path, worker, box):
    """The site for people who sign in, with a mail server."""
    settings = Settings(
        str(database.store.reader.url),
        tmp_path,
        "a secret for tests only",
        public_url=HOME,
        team=True,
        smtp_url=box.url,
        mail_from="Recto <recto@recto.example>",
    )
    site = create_app(settings, database, time_zone="Europe/Berlin", wake=worker.work_off)
    site.testing = True
    return site


@pytest.fixture
def another(mailing_site):
    """Return a function that opens another browser."""
    return lambda: Browser(mailing_site.test_client())


@pytest.fixture
def post(database, box):
    """Return a function that sends what waits, and gives all that arrived until then."""

    def delivered():
        deliver(database, mailing.chosen(box.url, "Recto <recto@recto.example>"))
        return box.letters

    return delivered


@pytest.fixture
def ines(database):
    with database.writing() as session:
        return people.first(session, now=utcnow())


def link_in(letter):
    return re.search(rf"{HOME}(/\S+)", letter.get_content())[1]


def rows(database, table):
    with database.reading() as session:
        return session.scalar(text(f"SELECT count(*) FROM {table}"))


# Passwords


def test_who_has_forgotten_their_password_chooses_another_by_a_link_in_a_letter(another, ines, post):
    asking, elsewhere = another(), another()
    asking.visit("/sign-in")
    asking.follow("Forgotten your password?")

    page = asking.press("Send me a link", email=" INES@example.org")
    (letter,) = post()
    elsewhere.visit(link_in(letter))
    there = elsewhere.press("Save and sign in", password="nine white egrets")

    assert "Look into your mail" in page.text
    assert (letter["To"], letter["Subject"]) == ("ines@example.org", "Choose another password for Recto")
    assert there.path == "/"
    assert elsewhere.visit(link_in(letter)).status == 404


def test_a_link_in_a_letter_lasts_an_hour(another, ines, post, database):
    another().send("/forgotten", email="ines@example.org")
    (letter,) = post()

    with database.writing() as session:
        session.execute(text("UPDATE one_time_link SET expires = created"))

    assert another().visit(link_in(letter)).status == 404


def test_the_answer_and_the_work_are_the_same_whoever_it_is(another, ines, post, database):
    with database.writing() as session:
        ben = people.another(session, ines, now=utcnow())
        accounts.close(session, ines, ben.person_id, now=utcnow())
    said, stored = [], []

    for email in ("ines@example.org", "eve@example.org", "ben@example.org"):
        before = [rows(database, table) for table in ("letter", "one_time_link")]
        page = another().send("/forgotten", email=email)
        said.append((page.status_code, re.sub(r'csrf_token" value="[^"]+', "", page.text.replace(email, ""))))
        stored.append([rows(database, table) for table in ("letter", "one_time_link")] != before)

    assert said[0] == said[1] == said[2]
    assert stored == [True, True, True]
    assert [letter["To"] for letter in post()] == ["ines@example.org"]


def test_nobody_is_written_to_many_times(another, ines, post, monkeypatch):
    moment = [utcnow()]
    monkeypatch.setattr(proving, "utcnow", lambda: moment[0])

    statuses = [another().send("/forgotten", email="ines@example.org").status_code for _ in range(5)]
    unknown = [another().send("/forgotten", email="eve@example.org").status_code for _ in range(5)]
    moment[0] += timedelta(days=1)
    later = another().send("/forgotten", email="ines@example.org").status_code

    assert statuses == unknown == [200, 200, 200, 429, 429]
    assert later == 200
    assert len(post()) == 4


def test_asking_again_does_not_spoil_the_link_that_somebody_has(another, ines, post):
    another().send("/forgotten", email="ines@example.org")
    another().send("/forgotten", email="ines@example.org")
    first, second = (link_in(letter) for letter in post())

    assert another().visit(first).status == 200
    reader = another()
    reader.visit(second)
    reader.press("Save and sign in", password="nine white egrets")
    assert another().visit(first).status == 404


def test_a_letter_speaks_the_language_of_who_asked(another, ines, post):
    asking = another()
    asking.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "de"

    asking.send("/forgotten", email="ines@example.org")

    assert post()[0]["Subject"] == "Wähle ein anderes Passwort für Recto"


def test_without_a_mail_server_the_page_says_whom_to_ask(guest, ines, database):
    page = guest.visit("/forgotten")

    assert "Ask who administers it" in page.text
    assert guest.send("/forgotten", email="ines@example.org").status_code == 422
    assert rows(database, "letter") == 0


# Invitations


def test_who_is_invited_by_their_address_gets_the_link_by_mail(another, ines, post):
    inviting, cleo = another(), another()
    inviting.visit("/sign-in")
    inviting.press("Sign in", email="ines@example.org", password=PASSWORD)
    inviting.visit("/settings/people")

    page = inviting.press("Make a link", email="cleo@example.org")
    (letter,) = post()
    cleo.visit(link_in(letter))
    there = cleo.press("Make your account", name="Cleo", password=PASSWORD)

    assert (letter["To"], letter["Subject"]) == ("cleo@example.org", "Ines invites you to Recto")
    assert HOME + link_in(letter) in page.html
    assert there.path == "/"


def test_a_link_for_anybody_goes_to_nobody(another, ines, post):
    inviting = another()
    inviting.visit("/sign-in")
    inviting.press("Sign in", email="ines@example.org", password=PASSWORD)

    inviting.send("/settings/people/invite", email="")

    assert post() == []
