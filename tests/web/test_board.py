import io
import json

import openpyxl
import pytest

from quizapp.clock import utcnow
from quizapp.domain.permissions import Role
from quizapp.domain.questions import Mode
from quizapp.services import following, sittings
from tests import make
from tests.services import quizzing
from tests.services.studying import answer
from tests.services.teaming import at_home, opened
from tests.web.teaming import Crew

NAMES = ("Ada", "Bo", "Cy", "Di", "Ed")


@pytest.fixture
def crew(team_site, database):
    return Crew(team_site, database)


@pytest.fixture
def studied(crew, database):
    """Five people of the team have answered a card of its deck."""
    for name in NAMES:
        crew.add(name)
    with database.writing() as session:
        make.added(session, opened(session, crew.people["Mara"], crew.team_id), deck_name="Harbour", keep_ready=True)
        for name in NAMES:
            actor = at_home(session, crew.people[name])
            following.follow(session, actor, 1, now=utcnow())
            answer(session, actor, 1, at=utcnow())
    return crew


def test_before_anybody_studies_the_board_says_what_to_do(crew):
    page = crew.browsers["Mara"].visit(f"/teams/{crew.team_id}/board")

    assert "Nobody studies a deck of this team yet" in page.text


def test_a_trainer_brings_the_board_up_to_date_and_sees_topics_without_names(studied, worker):
    browser = studied.browsers["Mara"]
    browser.visit(f"/teams/{studied.team_id}/board")
    browser.press("Bring up to date")
    worker.work_off()

    page = browser.visit(f"/teams/{studied.team_id}/board")

    assert "Cells 100%" in page.text
    assert "5 people count for the team alone" in page.text
    assert not any(name in page.text for name in NAMES)


def test_who_lets_it_be_seen_stands_there_by_name(studied, worker):
    for name in NAMES:
        studied.browsers[name].send(f"/teams/{studied.team_id}/seen", shows_recall="yes")
    browser = studied.browsers["Mara"]
    browser.visit(f"/teams/{studied.team_id}/board")
    browser.press("Bring up to date")
    worker.work_off()

    page = browser.visit(f"/teams/{studied.team_id}/board")

    assert all(name in page.text for name in NAMES)


@pytest.mark.parametrize("table", ["topics", "people", "trend", "missed", "assignments"])
def test_every_table_comes_as_csv_workbook_and_json(studied, worker, table):
    browser = studied.browsers["Mara"]
    browser.visit(f"/teams/{studied.team_id}/board")
    browser.press("Bring up to date")
    worker.work_off()
    address = f"/teams/{studied.team_id}/board/{table}"

    lines = browser.client.get(f"{address}.csv").text.splitlines()
    sheet = openpyxl.load_workbook(io.BytesIO(browser.client.get(f"{address}.xlsx").data)).active
    rows = json.loads(browser.client.get(f"{address}.json").data)

    assert len(lines) - 1 == sheet.max_row - 1 == len(rows)
    assert browser.client.get(f"{address}.pdf").status_code == 404


def test_a_day_that_is_none_is_told(studied):
    page = studied.browsers["Mara"].visit(f"/teams/{studied.team_id}/board?on=friday")

    assert page.status == 422
    assert "“friday” is no day" in page.text


def test_members_find_no_board(crew):
    crew.add("Jo", Role.MEMBER)

    assert crew.browsers["Jo"].visit(f"/teams/{crew.team_id}/board").status == 404


def test_the_analysis_of_a_quiz_is_shown_and_sent(crew, database):
    with database.writing() as session:
        library = opened(session, crew.people["Mara"], crew.team_id)
        quiz_id = quizzing.quiz(session, library, quizzing.deck(session, library), mode=Mode.CHOICE)
    browser = crew.browsers["Mara"]
    assert "Nobody has finished this quiz yet" in browser.visit(f"/quizzes/{quiz_id}/analysis").text

    with database.writing() as session:
        mara = at_home(session, crew.people["Mara"])
        sittings.finish(session, mara, sittings.start(session, mara, quiz_id, seed=1, now=utcnow()), now=utcnow())
    page = browser.visit(f"/quizzes/{quiz_id}/analysis")
    lines = browser.client.get(f"/quizzes/{quiz_id}/analysis.csv").text.splitlines()

    assert "First attempts 1" in page.text
    assert len(lines) > 1
    assert browser.client.get(f"/quizzes/{quiz_id}/analysis.pdf").status_code == 404
