"""To a provider and back in a real browser, which alone says what the policy of the pages lets through."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from quizapp.clock import utcnow
from quizapp.config import Settings
from quizapp.services import accounts, invitations
from quizapp.web import create_app
from tests import provider as fake
from tests.browser.test_accessibility import EITHER, NARROW, problems
from tests.provider import NAME
from tests.services import people
from tests.services.people import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def provider():
    for provider in fake.served():
        provider.asks = True
        yield provider


@pytest.fixture
def site(database, tmp_path, worker, provider):
    settings = Settings(f"sqlite:///{database.path}", tmp_path, "a secret for tests only", team=True)
    return create_app(replace(settings, oidc=provider.client), database, wake=worker.wake)


@pytest.fixture
def ines(database):
    with database.writing() as session:
        accounts.local_owner(session, time_zone="UTC", now=utcnow())
        first = people.first(session, now=utcnow())
        accounts.confirm(session, first.learner_id, "ines@example.org", now=utcnow())
        return first


@pytest.fixture
def invitation(database, ines):
    with database.writing() as session:
        return invitations.invite(session, ines, email="ben@example.org", now=utcnow())


def test_signing_in_through_the_provider_on_a_phone(open_page, address, ines):
    page = open_page("/settings", viewport=NARROW)

    page.get_by_role("link", name=f"Sign in with {NAME}").click()
    page.get_by_role("heading", name=NAME).wait_for()
    page.get_by_role("link", name="I am Ines").click()

    page.get_by_role("button", name="Sign out").wait_for()
    assert page.url == f"{address}/settings"


def test_joining_takes_the_time_zone_along(open_page, provider, invitation):
    provider.person = {"sub": "ben-1", "email": "ben@example.org", "email_verified": True, "name": "Ben"}
    page = open_page(f"/join/{invitation}", viewport=NARROW, timezone_id="Asia/Tokyo")

    page.get_by_role("link", name=f"Join with {NAME}").click()
    page.get_by_role("link", name="I am Ines").click()
    page.get_by_role("link", name="Settings").click()

    expect(page.get_by_label("Time zone")).to_have_value("Asia/Tokyo")


def test_an_account_there_is_connected_and_disconnected(open_page, address, provider, ines):
    provider.person = {"sub": "private", "email": "private@example.org", "email_verified": True}
    page = open_page("/settings/account", viewport=NARROW)
    page.get_by_label("E-mail").fill("ines@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()

    elsewhere = page.get_by_role("region", name=NAME)
    elsewhere.get_by_label("Your password").fill(PASSWORD)
    elsewhere.get_by_role("button", name=f"Connect {NAME}").click()
    page.get_by_role("link", name=f"Go on to {NAME}").click()
    page.get_by_role("link", name="I am Ines").click()
    expect(elsewhere).to_contain_text("private@example.org")
    elsewhere.get_by_label("Your password").fill(PASSWORD)
    elsewhere.get_by_role("button", name=f"Disconnect {NAME}").click()

    expect(page.get_by_text("no longer signs you in here")).to_be_visible()


@EITHER
def test_no_page_on_the_way_has_a_violation(open_page, address, provider, invitation, viewport, scheme):
    provider.person = {"sub": "ben-1", "email": "ben@example.org", "email_verified": True, "name": "Ben"}
    page = open_page("/sign-in/provider/back", viewport=viewport, color_scheme=scheme)
    found = {"refused": problems(page)}
    page.goto(f"{address}/join/{invitation}")
    found["join"] = problems(page)
    page.get_by_role("link", name=f"Join with {NAME}").click()
    page.get_by_role("link", name="I am Ines").click()
    page.get_by_role("link", name="Settings").wait_for()
    page.goto(f"{address}/settings/account")
    found["without a password"] = problems(page)
    page.get_by_role("button", name="Choose a password").click()
    page.get_by_role("link", name=f"Go on to {NAME}").wait_for()
    found["onward"] = problems(page)
    page.get_by_role("link", name=f"Go on to {NAME}").click()
    page.get_by_role("link", name="I am Ines").click()
    page.get_by_role("button", name="Save the password").wait_for()
    found["proved"] = problems(page)

    assert {name: violations for name, violations in found.items() if violations} == {}
