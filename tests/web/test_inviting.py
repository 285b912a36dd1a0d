import re

import pytest

from quizapp.clock import utcnow
from quizapp.db import teams
from quizapp.domain.permissions import Role
from quizapp.services import audit
from tests.services import people
from tests.services.people import PASSWORD
from tests.web.browsing import Browser


@pytest.fixture
def crew(database):
    """A team of which Ines is an owner, Ben a trainer and Cleo a member: its number and its library."""
    with database.writing() as session:
        ines = people.first(session, now=utcnow())
        ben = people.another(session, ines, now=utcnow())
        cleo = people.another(session, ines, name="Cleo", email="cleo@example.org", now=utcnow())
        return people.team(session, (ines, Role.OWNER), (ben, Role.TRAINER), (cleo, Role.MEMBER), now=utcnow())


@pytest.fixture
def enter(team_site):
    def enter_as(email):
        browser = Browser(team_site.test_client())
        browser.visit("/sign-in")
        browser.press("Sign in", email=email, password=PASSWORD)
        return browser

    return enter_as


def link_in(page):
    return re.search(r'value="https://recto\.example(/join/[^"]+)"', page.html)[1]


def test_a_trainer_invites_from_the_page_of_the_team_and_the_invited_lands_on_its_page(
    crew, enter, team_site, database
):
    team, library = crew
    ben = enter("ben@example.org")
    ben.visit(f"/teams/{team}")
    ben.follow("Invite somebody")
    link = link_in(ben.press("Make a link", role="trainer", email="dora@example.org"))
    dora = Browser(team_site.test_client())
    offered = dora.visit(link)

    there = dora.press("Make your account", name="Dora", password=PASSWORD)

    assert "Join the team Crew Ben invites you. You will be a trainer" in offered.text
    assert there.path == f"/teams/{team}"
    assert "Crew" in there.text
    assert re.search(r"Your teams Crew .* Decks to study", dora.visit("/").text)
    with database.reading() as session:
        ines = people.as_of(people.Actor(1), **{str(library): "owner"})
        log = [(one.person, one.action, one.detail) for one in audit.log(session, ines, team)]
    assert log == [("Dora", "joined", "trainer"), ("Ben", "invited", "trainer: dora@example.org")]


def test_an_invitation_into_a_team_is_listed_withdrawn_and_put_back(crew, enter, team_site):
    team, _ = crew
    ines = enter("ines@example.org")
    ines.visit(f"/teams/{team}/invitations")
    page = ines.press("Make a link", role="owner")

    gone = ines.press("Withdraw")
    refused = Browser(team_site.test_client()).visit(link_in(page)).status
    back = ines.press("Undo")

    assert "Whoever has the link Owner by Ines, today" in page.text
    assert "Nobody is invited" in gone.text
    assert refused == 404
    assert "Whoever has the link Owner" in back.text
    assert Browser(team_site.test_client()).visit(link_in(page)).status == 200


def test_a_trainer_is_not_offered_to_invite_an_owner_and_cannot(crew, enter, database):
    team, _ = crew
    ben = enter("ben@example.org")
    page = ben.visit(f"/teams/{team}/invitations")

    response = ben.send(f"/teams/{team}/invitations", role="owner")

    assert "Owner: manages" not in page.text
    assert response.status_code == 404


def test_members_and_strangers_invite_nobody(crew, enter, database):
    team, _ = crew
    cleo = enter("cleo@example.org")
    token = cleo.token()

    posts = [f"/teams/{team}/invitations", f"/teams/{team}/invitations/1/withdraw", "/teams/99/invitations"]
    statuses = {cleo.client.post(path, data={"csrf_token": token, "role": "member"}).status_code for path in posts}

    assert "Invite somebody" not in cleo.visit(f"/teams/{team}").text
    assert cleo.visit(f"/teams/{team}/invitations").status == 404
    assert statuses == {404}


def test_who_is_in_the_team_already_keeps_the_role_and_is_not_noted_as_joining_again(crew, enter, database):
    team, library = crew
    ines = enter("ines@example.org")
    ines.visit(f"/teams/{team}/invitations")
    link = link_in(ines.press("Make a link", role="member"))
    ben = enter("ben@example.org")
    ben.visit(link)

    ben.press("Join the team")

    with database.reading() as session:
        assert teams.membership(session, team, 2).role is Role.TRAINER
        owner = people.as_of(people.Actor(1), **{str(library): "owner"})
        assert [one.action for one in audit.log(session, owner, team)] == ["invited"]
