from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from quizapp.clock import utcnow
from quizapp.domain.assignments import Goal, Told
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.domain.recurrence import Window
from quizapp.services import assignments
from tests.browser.test_accessibility import EITHER, NARROW, problems
from tests.services.assigning import a_team, assign, take
from tests.services.quizzing import BERTH, GAP, LOCK

pytestmark = pytest.mark.browser

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def team(database):
    with database.writing() as session:
        return a_team(session, BERTH, LOCK, GAP)


@pytest.fixture
def acts(site, team):
    """Return a function that lets somebody act in every request from now on."""

    def act(actor):
        site.extensions["owner"] = actor

    act(team.mina)
    return act


def assigned(database, team, **rules):
    now = utcnow()
    window = Window(now - HOUR, now + DAY, now + 2 * DAY)
    with database.writing() as session:
        return assign(session, team, at=now, **{"window": window, **rules})


def let_time_pass(database, hours):
    """Move what is under way into the past, as if everybody had waited."""
    with database.writing() as session:
        rows = session.execute(text("select id, started, deadline from sitting where finished is null")).all()
        for row in rows:
            session.execute(
                text(
                    "update sitting set started = datetime(started, :by), deadline = datetime(deadline, :by) where id = :id"
                ),
                {"by": f"-{hours * 60} minutes", "id": row.id},
            )


@pytest.mark.usefixtures("acts")
def test_an_attempt_survives_a_reload_and_a_second_tab_and_ends_at_its_deadline(open_page, database, team):
    assigned(database, team, time_limit=HOUR)
    page = open_page("/", viewport=NARROW)
    page.get_by_role("button", name="Begin: Harbour").click()
    page.get_by_label("Your answer").fill("a place where a ship lies")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_text("Question 2 of 3")).to_be_visible()

    page.reload()
    expect(page.get_by_text("Question 2 of 3")).to_be_visible()
    second = page.context.new_page()
    second.goto(page.url.split("/sittings")[0] + "/assignments/1")
    second.get_by_role("button", name="Go on").click()
    expect(second.get_by_text("Question 2 of 3")).to_be_visible()
    assert second.url.split("?")[0] == page.url.split("?")[0]
    second.get_by_label("Your answer").fill("a basin between two heights")
    second.get_by_role("button", name="Save and go on").click()
    expect(second.get_by_text("Question 3 of 3")).to_be_visible()

    let_time_pass(database, 2)
    page.get_by_label("Your answer").fill("a hut")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_text("The time was up before this answer, so it does not count.")).to_be_visible()
    expect(page.get_by_role("heading", name="2 of 3 points")).to_be_visible()
    page.get_by_role("link", name="Back to the assignment").click()
    expect(page.get_by_text("Not passed")).to_be_visible()


def test_the_preview_follows_the_form(open_page, team, acts):
    acts(team.trainer)
    page = open_page(f"/teams/{team.id}/assignments/new")
    seen = page.get_by_role("region", name="What a member will see")
    expect(seen.get_by_text("What is a berth?")).to_be_visible()

    page.get_by_role("radio", name="Master every question").check()
    expect(seen.get_by_text("right 2 times, 16 hours apart")).to_be_visible()
    expect(page.get_by_label("Questions in an attempt")).to_be_hidden()
    page.get_by_label("Due", exact=True).fill("2020-01-01T10:00")
    page.get_by_label("Due", exact=True).blur()

    expect(seen.get_by_text("The due time must be after the opening.")).to_be_visible()


@EITHER
def test_no_page_of_assignments_has_a_violation(open_page, address, database, team, acts, viewport, scheme):
    one = assigned(database, team, time_limit=HOUR)
    mastery = assigned(database, team, goal=Goal.MASTERY, told=Told.AT_ONCE, pass_share=None)
    deck = assigned(database, team, goal=Goal.RECALL)
    with database.writing() as session:
        sitting = take(session, team.mina, one, True, False, at=utcnow())
        assignments.put_link(session, team.trainer, one, "token", now=utcnow())
    stranger = Actor(LearnerId(team.stranger.learner_id))
    pages = {
        "what is owed": (team.mina, "/"),
        "what is mine": (team.mina, f"/teams/{team.id}/assignments"),
        "an assignment to do": (team.mina, f"/assignments/{one}"),
        "one to master": (team.mina, f"/assignments/{mastery}"),
        "a deck with a day": (team.mina, f"/assignments/{deck}"),
        "a result": (team.mina, f"/sittings/{sitting}"),
        "what a team has": (team.trainer, f"/teams/{team.id}/assignments"),
        "a new assignment": (team.trainer, f"/teams/{team.id}/assignments/new"),
        "who did what": (team.trainer, f"/assignments/{one}?person={team.mina.person_id}"),
        "an assignment being edited": (team.trainer, f"/assignments/{one}/edit"),
        "a guest": (stranger, "/a/token"),
        "a link that leads nowhere": (stranger, "/a/other"),
    }

    found = {}
    page = open_page("/", viewport=viewport, color_scheme=scheme)
    for name, (actor, path) in pages.items():
        acts(actor)
        page.goto(address + path)
        found[name] = problems(page)

    assert {name: violations for name, violations in found.items() if violations} == {}
