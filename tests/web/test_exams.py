import re
from datetime import timedelta

import pytest

from quizapp.clock import utcnow


@pytest.fixture
def deck(visitor, add):
    """The address of a deck with cards."""
    add(keep_ready=True)
    return re.search(r'href="(/decks/\d+)"', visitor.visit("/decks").html)[1]


def in_days(days):
    return (utcnow() + timedelta(days=days)).date().isoformat()


def test_an_exam_says_what_can_be_reached_and_can_be_taken_back(visitor, deck):
    assert "Is there a day on which you want to know this deck?" in visitor.visit(f"{deck}/options").text

    saved = visitor.press("Save the day", day=in_days(20))

    assert "as planned" in saved.text
    assert "in time" in saved.text
    assert "Is there a day" in visitor.press("Undo").text


def test_suggested_limits_are_taken_and_given_up_again(visitor, deck):
    visitor.visit(f"{deck}/options")
    visitor.press("Save for this deck", new="0")
    visitor.press("Save the day", day=in_days(20))

    taken = visitor.press("Take 1 new card and up to 200 reviews a day until then")

    assert "Until the exam this deck has 1 new card and at most 200 reviews a day for itself." in taken.text
    assert "Until the exam" not in visitor.press("Keep my usual limits").text
    assert "Until the exam" in visitor.press("Undo").text


def test_an_exam_can_be_ended(visitor, deck):
    visitor.visit(f"{deck}/options")
    visitor.press("Save the day", day=in_days(20))

    assert "Is there a day" in visitor.press("No exam").text


@pytest.mark.parametrize(
    ("day", "told"), [("", "Choose the day"), ("soon", "Choose the day"), ("2001-01-01", "from tomorrow on")]
)
def test_a_day_that_cannot_be_is_refused_with_a_sentence(visitor, deck, day, told):
    visitor.visit(f"{deck}/options")

    page = visitor.press("Save the day", day=day)

    assert page.status == 422
    assert told in page.text
