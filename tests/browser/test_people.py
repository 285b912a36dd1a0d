import pytest
from playwright.sync_api import expect

from quizapp.clock import utcnow
from quizapp.domain.permissions import Role
from quizapp.services import accounts, invitations, notices, resets
from tests.browser.test_accessibility import EITHER, NARROW, problems
from tests.services import people
from tests.services.people import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def team_mode():
    return True


@pytest.fixture
def ines(database):
    with database.writing() as session:
        accounts.local_owner(session, time_zone="UTC", now=utcnow())
        return people.first(session, now=utcnow())


def sign_in(page, email="ines@example.org"):
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Settings").wait_for()


def test_from_the_first_link_to_the_second_person_on_a_phone(open_page, address, database):
    with database.writing() as session:
        accounts.local_owner(session, time_zone="UTC", now=utcnow())
        first = invitations.first_link(session, now=utcnow())
    ines = open_page(f"/join/{first}", viewport=NARROW, timezone_id="Asia/Tokyo")
    ines.get_by_label("Your name").fill("Ines")
    ines.get_by_label("E-mail").fill("ines@example.org")
    ines.get_by_label("Choose a password").fill(PASSWORD)
    ines.get_by_role("button", name="Make your account").click()
    ines.get_by_role("link", name="Settings").click()
    ines.get_by_role("button", name="Sign out").click()
    expect(ines.get_by_text("You are signed out.")).to_be_visible()
    sign_in(ines)
    ines.get_by_role("link", name="Settings").click()
    ines.get_by_role("link", name="People").click()
    ines.get_by_label("Their e-mail").fill("ben@example.org")
    ines.get_by_role("button", name="Make a link").click()
    link = ines.get_by_label("The invitation for ben@example.org").input_value()
    focused = ines.evaluate("document.activeElement.id")
    ines.get_by_role("button", name="Withdraw").first.wait_for()

    ben = open_page(link.removeprefix(address), viewport=NARROW, timezone_id="Asia/Tokyo")
    ben.get_by_label("Your name").fill("Ben")
    ben.get_by_label("Choose a password").fill(PASSWORD)
    ben.get_by_role("button", name="Make your account").click()
    ben.get_by_role("link", name="Settings").click()

    assert focused == "made"
    assert ben.get_by_label("Time zone").input_value() == "Asia/Tokyo"
    assert ben.get_by_role("link", name="People").count() == 0
    ines.reload()
    expect(ines.get_by_text("ben@example.org · last here today")).to_be_visible()


def test_who_was_signed_out_meanwhile_is_led_to_the_door_and_back(open_page, address, ines):
    here, there = (open_page("/settings") for _ in range(2))
    for page in (here, there):
        sign_in(page)
    there.goto(f"{address}/settings/devices")
    there.get_by_role("button", name="Sign out everywhere else").click()
    there.get_by_text("You are signed in nowhere else.").wait_for()

    here.get_by_role("button", name="Save", exact=True).click()
    here.get_by_role("heading", name="Sign in").wait_for()
    sign_in(here)

    assert here.url == f"{address}/settings"


@EITHER
def test_no_page_about_people_has_a_violation(open_page, address, database, ines, viewport, scheme):
    with database.writing() as session:
        ben = people.another(session, ines, name="Benedikt von und zu Donaudampfschifffahrt", now=utcnow())
        accounts.close(session, ines, ben.learner_id, now=utcnow())
        invitation = invitations.invite(session, ines, email="cleo@example.org", now=utcnow())
        team, _ = people.team(session, (ines, Role.OWNER), now=utcnow())
        reset = resets.link_for(session, "ines@example.org", now=utcnow())
    page = open_page("/sign-in", viewport=viewport, color_scheme=scheme)
    found = {"sign in": problems(page)}
    page.get_by_label("E-mail").fill("ines@example.org")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("alert").wait_for()
    found["a wrong password"] = problems(page)
    way_out = f"/letters/{notices.token_to_end('a secret for tests only', ines.person_id)}"
    for path in ("/join", f"/join/{invitation}", f"/reset/{reset}", "/forgotten", way_out, "/nowhere"):
        page.goto(address + path)
        found[path] = problems(page)
    page.goto(f"{address}/sign-in")
    sign_in(page)
    for path in (
        "/settings",
        "/settings/account",
        "/settings/data",
        "/privacy",
        "/settings/devices",
        "/settings/reminders",
        "/settings/tokens",
        "/settings/people",
        f"/join/{invitation}",
    ):
        page.goto(address + path)
        found[f"{path}, signed in"] = problems(page)
    page.goto(f"{address}/teams/{team}")
    page.get_by_role("link", name="Invite somebody").click()
    page.get_by_label("Trainer").check()
    page.get_by_role("button", name="Make a link").click()
    page.get_by_label("The invitation", exact=True).wait_for()
    found["an invitation into a team"] = problems(page)
    page.goto(f"{address}/settings/people")
    page.get_by_role("button", name="Make a link").click()
    page.get_by_label("The invitation", exact=True).wait_for()
    page.get_by_label("More for Ines").click()
    found["an invitation and a menu"] = problems(page)

    assert {name: violations for name, violations in found.items() if violations} == {}
