"""What people get by mail, and the pages that it leads to and from."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from quizapp.cli import daily
from quizapp.clock import utcnow
from quizapp.config import Settings
from quizapp.domain.reminders import Reminders
from quizapp.services import accounts, addresses, mailing, notices, reminders
from quizapp.services.throttling import Throttle
from quizapp.web import create_app, proving
from quizapp.worker.post import deliver
from tests import make
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


def test_nobody_is_invited_by_many_letters(another, ines, post, monkeypatch):
    moment = [utcnow()]
    monkeypatch.setattr(proving, "utcnow", lambda: moment[0])
    inviting = signed_in(another())

    statuses = [inviting.send("/settings/people/invite", email="cleo@example.org").status_code for _ in range(5)]
    other = inviting.send("/settings/people/invite", email="dora@example.org").status_code
    moment[0] += timedelta(days=1)
    later = inviting.send("/settings/people/invite", email="cleo@example.org").status_code

    assert statuses == [200, 200, 200, 429, 429]
    assert (other, later) == (200, 200)
    assert [letter["To"] for letter in post()] == ["cleo@example.org"] * 3 + ["dora@example.org", "cleo@example.org"]


def test_nobody_invites_without_end_by_letter(another, ines, post, monkeypatch):
    moment = utcnow()
    monkeypatch.setattr(proving, "utcnow", lambda: moment)
    inviting = signed_in(another())
    few = Throttle(free=2, longest=timedelta(hours=1), forgets=timedelta(days=1))
    inviting.client.application.extensions["throttles"] = proving.Throttles(inviting=few)

    sent = [f"cleo{number}@example.org" for number in range(3)]
    statuses = [inviting.send("/settings/people/invite", email=email).status_code for email in sent]

    assert statuses == [200, 200, 429]
    assert [letter["To"] for letter in post()] == sent[:2]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("http://evil.example/sign-in", "http: //evil. example/sign-in"),
        ("your bank www.evil.example", "your bank www. evil. example"),
        ("evil\u3002example", "evil\u3002 example"),
        ("J. R. Moreau 2.0", "J. R. Moreau 2.0"),
    ],
)
def test_no_name_becomes_a_link_in_a_letter_to_somebody_else(another, ines, post, name, written):
    browser = signed_in(another())
    browser.send("/settings/account/name", name=name)

    browser.send("/settings/people/invite", email="cleo@example.org")
    browser.send("/settings/account/email", email="ines@example.net", password=PASSWORD)

    letters = post()
    assert f"{written} invites you" in letter_to(letters, "cleo@example.org").get_content()
    assert letter_to(letters, "cleo@example.org")["Subject"] == f"{written} invites you to Recto"
    assert f"Hello {written}," in letter_to(letters, "ines@example.net").get_content()


def test_a_link_for_anybody_goes_to_nobody(another, ines, post):
    inviting = another()
    inviting.visit("/sign-in")
    inviting.press("Sign in", email="ines@example.org", password=PASSWORD)

    inviting.send("/settings/people/invite", email="")

    assert post() == []


# Reminders


@pytest.fixture
def way_out(mailing_site, ines):
    """The path in a letter to Ines that ends reminders."""
    return f"/letters/{notices.token_to_end(mailing_site.config['SECRET_KEY'], ines.person_id)}"


def chosen(database, person):
    with database.reading() as session:
        return notices.notice(session, person)


def signed_in(browser):
    browser.visit("/sign-in")
    browser.press("Sign in", email="ines@example.org", password=PASSWORD)
    return browser


def test_what_one_is_reminded_of_is_chosen_and_taken_back(another, ines, database):
    browser = signed_in(another())
    browser.visit("/settings")
    browser.follow("Reminders")

    page = browser.press("Save", reminders="cards")
    after = chosen(database, ines).reminders
    browser.press("Undo")

    assert "ines@example.org" in page.text
    assert after is Reminders.CARDS
    assert chosen(database, ines).reminders is Reminders.ASSIGNMENTS
    assert browser.send("/settings/reminders", reminders="daily").status_code == 422


def test_letters_speak_as_the_browser_in_which_one_signed_in_or_chose_a_language(another, ines, database):
    browser = another()
    browser.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "zh"
    browser.visit("/sign-in")
    browser.send("/sign-in", email="ines@example.org", password=PASSWORD)
    first = chosen(database, ines).language

    browser.send("/language", language="de")

    assert (first, chosen(database, ines).language) == ("zh", "de")


def test_looking_at_the_link_in_a_letter_changes_nothing_and_its_button_ends_them(another, way_out, ines, database):
    reader = another()

    reader.visit(way_out)
    looked = chosen(database, ines).reminders
    page = reader.press("Send me no more reminders")
    ended = chosen(database, ines).reminders
    reader.press("Undo")

    assert (looked, ended) == (Reminders.ASSIGNMENTS, Reminders.OFF)
    assert "You get no reminders" in page.text
    assert chosen(database, ines).reminders is Reminders.ASSIGNMENTS


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
    ],
    ids=str,
)
def test_a_mail_program_ends_letters_by_one_request(mailing_site, way_out, ines, database, headers):
    told = {"List-Unsubscribe": "One-Click"}

    response = mailing_site.test_client().post(way_out, data=told, headers=headers)

    assert response.status_code == 200
    assert chosen(database, ines).reminders is Reminders.OFF


def test_nothing_else_is_taken_without_a_form_of_ours(mailing_site, way_out, ines, database):
    client = mailing_site.test_client()
    wrong = way_out[:-1] + ("1" if way_out.endswith("0") else "0")

    again = client.post(f"{way_out}/again", data={"reminders": "cards"}).status_code
    forged = client.post(wrong, data={"List-Unsubscribe": "One-Click"}).status_code

    assert (again, forged, client.get(wrong).status_code) == (403, 404, 404)
    assert chosen(database, ines).reminders is Reminders.ASSIGNMENTS


def test_a_reminder_goes_the_whole_way_and_ends_itself(another, ines, database, post):
    with database.writing() as session:
        account = accounts.profile(session, ines)
        accounts.confirm(session, ines.person_id, account.email, now=utcnow())
        session.execute(text("UPDATE account SET created = '2020-01-01'"))
        make.added(session, ines, keep_ready=True)
        notices.choose(session, ines.person_id, Reminders.CARDS)
    home = reminders.Home(HOME, "a secret for tests only")
    daily.remind(database, home, now=(utcnow() - timedelta(days=1)).replace(hour=9))

    (letter,) = post()
    path = letter["List-Unsubscribe"].strip("<>").removeprefix(HOME)
    another().client.post(path, data={"List-Unsubscribe": "One-Click"})

    assert letter["To"] == account.email
    assert letter["Subject"] == "2 cards are due today"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert HOME + path in letter.get_content()
    assert chosen(database, ines).reminders is Reminders.OFF


def test_where_nobody_signs_in_there_is_no_page_of_reminders(visitor):
    assert visitor.visit("/settings/reminders").status == 404


# Calendars


def test_a_calendar_is_made_followed_renewed_ended_and_put_back(another, ines, database):
    browser, program = signed_in(another()), another().client
    browser.visit("/settings/reminders")

    first = link_of_calendar(browser.press("Make an address"))
    there = program.get(first)
    second = link_of_calendar(browser.press("Make a new address"))
    statuses = [program.get(path).status_code for path in (first, second)]
    page = browser.press("End the calendar")
    statuses.append(program.get(second).status_code)
    browser.press("Undo")
    statuses.append(program.get(second).status_code)

    assert (there.status_code, there.mimetype) == (200, "text/calendar")
    assert b"BEGIN:VCALENDAR" in there.data
    assert statuses == [404, 200, 404, 200]
    assert second not in page.html


def test_a_calendar_that_has_not_changed_is_not_sent_again(another, ines, database):
    with database.writing() as session:
        path = f"/calendar/{notices.make_calendar(session, ines)}.ics"
    program = another().client

    first = program.get(path)
    again = program.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert first.headers["Cache-Control"] == "private, no-cache"


def test_a_page_with_the_address_of_a_calendar_is_kept_by_no_cache(another, ines):
    browser = signed_in(another())

    response = browser.send("/settings/calendar")

    assert response.headers["Cache-Control"] == "no-store"
    assert "webcal://recto.example/calendar/" in response.text


def link_of_calendar(page):
    return re.search(rf'value="{HOME}(/calendar/[^"]+\.ics)"', page.html)[1]


# An e-mail is confirmed


def ask_for_another(browser, email="ines@example.net"):
    browser.visit("/settings/account")
    return browser.press("Save the e-mail", email=email, password=PASSWORD)


def letter_to(letters, address):
    return next(one for one in letters if one["To"] == address)


def is_confirmed(database, person):
    with database.reading() as session:
        return addresses.address(session, person, now=utcnow()).is_confirmed


def test_another_address_waits_until_its_link_is_opened_and_the_old_one_is_told(another, ines, post, database):
    browser = signed_in(another())

    page = ask_for_another(browser)
    letters = post()

    assert "ines@example.net waits to be confirmed" in page.text
    assert "ines@example.net" in letter_to(letters, "ines@example.org").get_content()
    assert HOME + "/confirm/" not in letter_to(letters, "ines@example.org").get_content()
    confirming = another()
    confirming.visit(link_in(letter_to(letters, "ines@example.net")))
    assert not is_confirmed(database, ines)
    confirming.press("Confirm the e-mail")
    assert is_confirmed(database, ines)
    assert another().send("/sign-in", email="ines@example.net", password=PASSWORD).status_code == 303
    assert another().send("/sign-in", email="ines@example.org", password=PASSWORD).status_code == 422


def test_a_link_confirms_the_address_once_and_not_after_it_was_sent_again(another, ines, post, database):
    browser = signed_in(another())
    browser.visit("/settings/account")
    browser.press("Send me a link")
    (first,) = post()
    browser.visit("/settings/account")
    browser.press("Send the link again")
    first, second = post()

    assert another().visit(link_in(first)).status == 404
    confirming = another()
    confirming.visit(link_in(second))
    confirming.press("Confirm the e-mail")

    assert is_confirmed(database, ines)
    assert another().visit(link_in(second)).status == 404


def test_one_can_stay_with_the_old_address(another, ines, post):
    browser = signed_in(another())
    ask_for_another(browser)
    link = link_in(letter_to(post(), "ines@example.net"))

    page = browser.press("Keep the old one")

    assert "waits to be confirmed" not in page.text
    assert another().visit(link).status == 404


def test_another_password_ends_a_link_to_another_address(another, ines, post):
    browser = signed_in(another())
    ask_for_another(browser)
    link = link_in(letter_to(post(), "ines@example.net"))

    browser.visit("/settings/account")
    browser.press("Save the password", password=PASSWORD, new="nine white egrets")

    assert another().visit(link).status == 404


def test_another_address_ends_a_link_for_another_password_that_went_to_the_old_one(another, ines, post):
    another().send("/forgotten", email="ines@example.org")
    link = link_in(post()[0])
    ask_for_another(signed_in(another()))
    confirming = another()
    confirming.visit(link_in(letter_to(post(), "ines@example.net")))
    before = another().visit(link).status

    confirming.press("Confirm the e-mail")

    assert (before, another().visit(link).status) == (200, 404)


def test_another_address_takes_the_password(another, ines, post):
    browser = signed_in(another())

    assert browser.send("/settings/account/email", email="ines@example.net", password="wrong").status_code == 422
    assert post() == []


def test_an_address_that_somebody_took_meanwhile_is_refused(another, ines, post, database):
    browser = signed_in(another())
    ask_for_another(browser)
    link = link_in(letter_to(post(), "ines@example.net"))
    with database.writing() as session:
        people.another(session, ines, name="Eve", email="ines@example.net", now=utcnow())

    confirming = another()
    confirming.visit(link)

    assert confirming.press("Confirm the e-mail").status == 409


def test_an_invitation_and_a_reset_that_came_by_mail_confirm_the_address(another, ines, post, database):
    another().send("/forgotten", email="ines@example.org")
    choosing = another()
    choosing.visit(link_in(post()[0]))
    choosing.press("Save and sign in", password="nine white egrets")
    choosing.visit("/settings/people")
    choosing.press("Make a link", email="cleo@example.org")
    joining = another()
    joining.visit(link_in(post()[1]))
    joining.press("Make your account", name="Cleo", password="eight brown wrens")

    with database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM account WHERE confirmed_at IS NOT NULL")) == 2


def test_no_reminder_goes_to_an_address_that_is_not_confirmed(another, ines, database, post):
    with database.writing() as session:
        session.execute(text("UPDATE account SET created = '2020-01-01'"))
        make.added(session, ines, keep_ready=True)
        notices.choose(session, ines.person_id, Reminders.CARDS)

    daily.remind(database, reminders.Home(HOME, "a secret for tests only"), now=utcnow().replace(hour=9))

    assert post() == []
    assert "no reminders go there" in signed_in(another()).visit("/settings/reminders").text
