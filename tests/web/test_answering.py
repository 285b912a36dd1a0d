import re
from datetime import timedelta

import pytest

from quizapp.clock import utcnow
from quizapp.db import decks as deck_rows
from quizapp.domain.cards import CardKind, Note
from quizapp.services import accounts, notes, study

KETTLE = Note(CardKind.BASIC, "What heats water fastest?", "a kettle")
GAPS = Note(CardKind.CLOZE, "Rates fell from {{c1::14 months}} to {{c1::6 months}}.")
PHASES = Note(CardKind.ORDER, "Put the phases in order.", "Prophase\n*Metaphase*\nAnaphase\nTelophase")
GASES = Note(CardKind.LIST, "Which gases make up the air?", "Nitrogen\nOxygen\nArgon")


@pytest.fixture
def card(database):
    """Return a function that makes a note the only one to study."""

    def only(note):
        now = utcnow() - timedelta(minutes=1)
        with database.writing() as session:
            actor = accounts.local_owner(session, time_zone="UTC", now=now)
            deck = deck_rows.add(session, actor.learner_id, "Kitchen", now=now)
            notes.make(session, deck, note, anchor=None, now=now)
        with database.reading() as session:
            return study.next_card(session, actor, deck_id=None, now=utcnow())

    return only


def undone(visitor):
    """Take back what the page has just told, which stands at its end."""
    visitor.page.forms.reverse()
    return visitor.press("Undo")


def usual(page):
    """Return the grade that the space bar gives."""
    return re.search(r'value="(\d)" aria-keyshortcuts="\d Space"', page.html)[1]


def test_a_card_can_be_typed_and_the_difference_is_told_in_words(visitor, card):
    card(KETTLE)
    visitor.visit("/study")
    visitor.follow("Type it")

    shown = visitor.press("Check", typed="a kettel")

    assert "Close" in shown.text
    assert "Check the spelling" in shown.text
    assert "missing:" in shown.text
    assert "Hard fits" in shown.text
    assert usual(shown) == "2"


def test_what_was_right_after_all_is_right_from_then_on_and_can_be_taken_back(visitor, card):
    card(KETTLE)
    visitor.visit("/study?type=1")
    assert "Not it" in visitor.press("Check", typed="an immersion heater").text

    taught = visitor.press("I was right")

    assert "Good fits" in taught.text
    assert "an immersion heater" in taught.text
    assert "Not it" in undone(visitor).text


def test_nothing_typed_shows_the_answer_and_suggests_nothing(visitor, card):
    card(KETTLE)
    visitor.visit("/study?type=1")

    shown = visitor.press("Check", typed=" ")

    assert "a kettle" in shown.text
    assert "fits" not in shown.text


def test_every_gap_has_a_field_and_is_told_by_itself(visitor, card):
    card(GAPS)
    asked = visitor.visit("/study?type=1")
    assert "Gap 1" in asked.text

    shown = visitor.visit_with("/study", {"card": 1, "show": 1, "typed": ["14 months", "16 months"]})

    assert "Gap 1 14 months Right" in shown.text
    assert "Gap 2 16 months Not it Right 6 months" in shown.text


def test_a_list_can_be_typed(visitor, card):
    card(GASES)
    visitor.visit("/study?type=1")

    shown = visitor.press("Check", typed="oxygen\nnitrogen\ngold")

    assert "2 of 3 right." in shown.text
    assert "Argon Missed" in shown.text


def test_items_are_put_in_order_without_scripts(visitor, card):
    card(PHASES)
    asked = visitor.visit("/study")
    first = re.findall(r'class="what" dir="auto">([^<]+)<', asked.html)

    form, _ = asked.form_with("Check")
    ask = {**form.fields, "item": [0, 1, 2, 3], "move": "2 up"}
    moved = visitor.visit_with("/study", ask)

    now = re.findall(r'class="what" dir="auto">([^<]+)<', moved.html)
    assert now == [first[0], first[2], first[1], first[3]]
    assert re.search(r'value="1 up"[^>]* autofocus', moved.html)


def test_the_right_order_says_what_was_misplaced(visitor, card):
    asked_card = card(PHASES)
    asked = visitor.visit("/study")
    first = re.findall(r'class="what" dir="auto">([^<]+)<', asked.html)
    right = [first.index(item) for item in ("Prophase", "Metaphase", "Anaphase", "Telophase")]
    last_first = [right[3], *right[:3]]

    shown = visitor.visit_with("/study", {"card": asked_card.card_id, "show": 1, "item": last_first})

    assert "3 of 4 in order." in shown.text
    assert "Telophase You had it at 1" in shown.text
    assert "<em>Metaphase</em>" in shown.html
    every = visitor.visit_with("/study", {"card": asked_card.card_id, "show": 1, "item": right})
    assert "All in order." in every.text


@pytest.mark.parametrize("item", [["9", "9"], ["x"], [str(10**30)], ["-1", "0", "1", "2"]])
def test_an_order_that_is_none_is_harmless(visitor, card, item):
    card(PHASES)

    assert visitor.visit_with("/study", {"show": 1, "item": item, "move": "99 up"}).status == 200


def test_a_card_or_a_whole_deck_is_always_typed_until_that_is_undone(visitor, card):
    card(KETTLE)
    visitor.visit("/study?type=1")

    visitor.press("Always type in this deck")

    assert "Your answer" in visitor.visit("/study").text
    off = visitor.press("Show the answer of this card")
    assert "Your answer" not in off.text
    assert "Your answer" in undone(visitor).text


def test_editing_keeps_what_was_typed(visitor, card):
    card(KETTLE)
    visitor.visit("/study?type=1")
    visitor.press("Check", typed="an immersion heater")
    visitor.follow("Edit")

    shown = visitor.press("Save", answer="an immersion heater")

    assert "Good fits" in shown.text


def test_a_wish_that_makes_no_sense_is_refused(visitor, card):
    asked = card(KETTLE)

    assert visitor.send(f"/study/cards/{asked.card_id}/typing", wish="perhaps", note=asked.note_id).status_code == 422
    assert visitor.send(f"/study/cards/{asked.card_id}/typing", wish="yes").status_code == 422
