import pytest

from quizapp.clock import utcnow
from quizapp.services import following
from tests import make
from tests.services.studying import answer
from tests.services.teaming import at_home, opened
from tests.web.teaming import Crew

NAMES = ("Ada", "Bo", "Cy", "Di")


@pytest.fixture
def crew(team_site, database):
    """Four people of a team, of whom Ada has studied."""
    crew = Crew(team_site, database)
    for name in NAMES:
        crew.add(name)
    with database.writing() as session:
        make.added(session, opened(session, crew.people["Mara"], crew.team_id), deck_name="Harbour", keep_ready=True)
        actor = at_home(session, crew.people["Ada"])
        following.follow(session, actor, 1, now=utcnow())
        answer(session, actor, 1, at=utcnow())
    return crew


def board(crew, name, query=""):
    return crew.browsers[name].visit(f"/teams/{crew.team_id}/leaderboard{query}")


def test_the_page_of_a_team_leads_to_a_leaderboard_that_names_nobody(crew):
    browser = crew.browsers["Bo"]
    browser.visit(f"/teams/{crew.team_id}")

    page = browser.follow("Leaderboard")

    assert "0 people take part." in page.text
    assert "Your name stands on no leaderboard unless you wish." in page.text
    assert "Ada" not in page.text


def test_who_takes_part_is_named_to_all_and_is_not_as_soon_as_they_take_the_name_off(crew):
    board(crew, "Ada")
    crew.browsers["Ada"].press("Take part")

    assert "1 Ada 1 day" in board(crew, "Bo").text

    board(crew, "Ada")
    crew.browsers["Ada"].press("Take my name off")
    assert "Ada" not in board(crew, "Bo").text


def test_what_one_has_is_told_to_oneself_alone(crew):
    mine, others = board(crew, "Ada").text, board(crew, "Bo").text

    assert "1 day Only you see this." in mine
    assert "0 days Only you see this." in others


@pytest.mark.parametrize("query", ["?by=lasting&span=all", "?by=attempts&span=month", "?by=nonsense&span=%00"])
def test_every_way_of_counting_has_a_page_and_an_unknown_one_shows_the_usual(crew, query):
    assert "Leaderboard" in board(crew, "Mara", query).text
