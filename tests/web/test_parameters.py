import pytest

from quizapp.clock import utcnow
from quizapp.domain.parameters import Fitted, Measured
from quizapp.domain.scheduling import DEFAULT_WEIGHTS
from quizapp.services import accounts, parameters
from tests.services.studying import answer_much

OWN = Fitted((0.1, *DEFAULT_WEIGHTS[1:]), 500, Measured(100, 0.3, 0.03), Measured(100, 0.4, 0.05))


@pytest.fixture
def fitted(database, visitor, add):
    """A library with a fit that nobody has looked at."""
    add(keep_ready=True)
    with database.writing() as session:
        owner = accounts.local_owner(session, time_zone="UTC", now=utcnow())
        return parameters.store(session, owner, OWN, now=utcnow())


def test_before_there_are_enough_answers_the_page_says_how_many_are_missing(visitor, add):
    add(keep_ready=True)

    page = visitor.visit("/settings/parameters")

    assert "400 answers still are missing" in page.text
    assert "The defaults." in page.text


def test_asking_without_enough_answers_is_refused_with_a_sentence(visitor, add):
    add(keep_ready=True)
    visitor.visit("/settings/parameters")

    refused = visitor.send("/settings/parameters")

    assert refused.status_code == 422
    assert "Study 400 more" in refused.get_data(as_text=True)


def test_a_fit_shows_what_both_foretold_and_is_used_and_given_up_again(visitor, fitted):
    page = visitor.visit("/settings/parameters")
    for figure in ("0.3000", "0.4000", "0.0300", "0.0500", "100 later answers"):
        assert figure in page.text

    taken = visitor.press("Use my own")

    assert "Recto schedules by your own parameters now." in taken.text
    assert "parameters of your own" in visitor.visit("/settings").text
    visitor.visit("/settings/parameters")
    given_up = visitor.press("Go back to the defaults")
    assert "Recto schedules by the defaults now." in given_up.text
    assert "Your own, fitted on" in visitor.press("Undo").text


def test_asking_leads_to_a_fit(database, visitor, add):
    add(keep_ready=True)
    with database.writing() as session:
        answer_much(session, accounts.local_owner(session, time_zone="UTC", now=utcnow()))
    visitor.visit("/settings/parameters")

    page = visitor.press("Fit to my reviews")

    assert "Fitted on" in page.text
    assert "80 later answers" in page.text


def test_a_fit_under_way_is_shown_and_can_be_cancelled(database, visitor, add):
    add(keep_ready=True)
    with database.writing() as session:
        owner = accounts.local_owner(session, time_zone="UTC", now=utcnow())
        answer_much(session, owner)
        job_id = parameters.ask(session, owner, now=utcnow())

    assert "To your parameters" in visitor.visit(f"/jobs/{job_id}").text
    assert "Waits for its turn." in visitor.visit("/settings/parameters").text
    assert "Cancelled. Nothing was stored." in visitor.press("Cancel").text


def test_a_fit_can_be_left_aside_and_offered_again(visitor, fitted):
    visitor.visit("/settings/parameters")

    left = visitor.press("Leave them aside")

    assert "Left aside." in left.text
    assert "Use my own" not in left.text
    assert "Use my own" in visitor.press("Undo").text
