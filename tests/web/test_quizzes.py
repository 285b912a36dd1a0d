import re
from uuid import uuid4

import pytest

from quizapp.clock import utcnow
from quizapp.services import accounts, quizzes
from tests.web import harbour


@pytest.fixture
def deck(add):
    """A deck with a card of every kind; its id is 1."""
    add(keep_ready=True)


@pytest.fixture
def made(visitor, deck):
    """Return a function that makes a quiz on the deck and gives its address."""

    def make(**wish):
        given = {"of": "deck-1", "mode": "mixed", "count": "all", "order": "as_made", "feedback": "at_once", **wish}
        response = visitor.send("/quizzes", **given)
        assert response.status_code == 303, response.get_data(as_text=True)
        return response.headers["Location"]

    return make


def test_without_quizzes_the_page_says_what_to_do(visitor):
    page = visitor.visit("/quizzes")

    assert "No quizzes yet" in page.text
    assert "/quizzes/new" in {link.href for link in page.links}
    assert "There is nothing to ask yet" in visitor.visit("/quizzes/new").text


@pytest.mark.parametrize(("path", "of"), [("/decks/1", "deck-1"), ("/library/1", "document-1")])
def test_a_deck_and_a_document_lead_to_a_quiz_on_them(visitor, deck, path, of):
    link = next(link for link in visitor.visit(path).links if link.text == "Quiz")

    assert f'value="{of}" selected' in visitor.visit(link.href).html


def test_the_end_of_study_leads_to_a_quiz(visitor, add):
    add(harbour.BERTH, keep_ready=True)
    visitor.send("/study/1/answer", review=uuid4(), card=1, reviews=0, grade=4, since=0)
    visitor.visit("/study/1")

    assert 'value="deck-1" selected' in visitor.follow("Take a quiz").html


def test_a_quiz_is_listed_with_its_size_and_last_result(visitor, made):
    quiz = made()
    assert "6 questions" in visitor.visit("/quizzes").text
    assert "Not taken yet" in visitor.page.text
    visitor.visit(quiz)
    visitor.press("Start")
    assert "0 of 6 answered" in visitor.visit("/quizzes").text

    visitor.visit(quiz)
    visitor.press("Finish now")

    assert "0 of 6, today" in visitor.visit("/quizzes").text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("of", "", "Choose what to make the quiz from"),
        ("of", "ship-1", "Choose what to make the quiz from"),
        ("of", "deck-x", "Choose what to make the quiz from"),
        ("of", "missed", "You have missed nothing yet"),
        ("of", "sitting-1", "Again with the misses"),
        ("mode", "essay", "cannot be used"),
        ("count", "many", "cannot be used"),
        ("count", "0", "between 1 and 200"),
        ("order", "up", "cannot be used"),
        ("minutes", "soon", "whole minutes"),
        ("minutes", "²", "whole minutes"),
        ("minutes", "9" * 40, "whole minutes"),
        ("minutes", "1441", "between 1 minute and 24 hours"),
        ("minutes", "0", "between 1 minute and 24 hours"),
    ],
)
def test_a_form_that_cannot_be_used_is_refused_with_a_sentence(visitor, deck, field, value, words):
    given = {"of": "deck-1", "mode": "mixed", "count": "10", field: value}

    response = visitor.send("/quizzes", **given)

    assert response.status_code == 422
    assert words in response.get_data(as_text=True).replace("&#34;", '"')
    assert "No quizzes yet" in visitor.visit("/quizzes").text


def test_what_is_not_there_is_not_found(visitor, deck):
    assert visitor.send("/quizzes", of="deck-99").status_code == 404
    for path in ("/quizzes/9", "/quizzes/9/sheet", "/sittings/9", f"/quizzes/{2**70}"):
        assert visitor.client.get(path).status_code == 404
    for path in ("/quizzes/9/start", "/quizzes/9/delete", "/quizzes/9/restore", "/sittings/9/finish"):
        assert visitor.send(path).status_code == 404
    assert visitor.send("/sittings/9/answer", answer=uuid4(), number=1, option=0, since=0).status_code == 404


def test_a_quiz_of_somebody_else_is_not_found(visitor, made, database):
    quiz, now = made(), utcnow()
    with database.writing() as session:
        session.connection().exec_driver_sql("insert into learner (id, name, created) values (2, 'Eve', '2026-01-01')")
        session.connection().exec_driver_sql("update quiz set owner_id = 2")
        owner = accounts.local_owner(session, time_zone="UTC", now=now)
        assert quizzes.listed(session, owner).shown == []

    assert visitor.client.get(quiz).status_code == 404
    assert visitor.client.get(f"{quiz}/sheet").status_code == 404
    assert visitor.send(f"{quiz}/start").status_code == 404


def test_a_quiz_goes_to_the_trash_and_comes_back(visitor, made):
    visitor.visit(made())

    gone = visitor.press("Delete")
    assert "is in the trash for 30 days" in gone.text
    assert "No quizzes yet" in gone.text
    back = visitor.press("Undo")

    assert "is back, with every result" in back.text


def test_the_sheet_has_questions_and_a_key_of_its_own_unless_it_is_left_out(visitor, made):
    quiz = made(mode="list")

    with_key = visitor.visit(f"{quiz}/sheet")
    without = visitor.visit(f"{quiz}/sheet?key=no")

    assert "Which lights are there?" in without.text
    assert "green light" not in without.text
    assert without.html.count('class="line-to-write"') == 3
    assert "red light · green light · white light" in with_key.text
    assert "With key" in {link.text for link in without.links}


def test_the_key_names_the_letter_of_the_right_option(visitor, made):
    quiz = made(mode="choice")

    page = visitor.visit(f"{quiz}/sheet")

    letter = re.search(r"([A-D])\. The lock is closed", page.text)[1]
    assert f"{letter}. The lock is closed" in page.text.split("Answers:")[1]


def test_questions_are_listed_with_their_facility_only_once_somebody_has_finished(visitor, made):
    quiz = made(mode="list")
    assert "Which lights are there?" not in visitor.visit(quiz).text
    visitor.press("Start")
    visitor.press("Check", typed="red light\ngreen light\nblue light\n")
    visitor.press("See the result")

    page = visitor.visit(quiz)

    assert "Which lights are there?" in page.text
    assert "67% of 1 answer" in page.text
    assert "0.7 of 1" in page.text
