import re

import pytest

from quizapp.services import accounts, decks
from tests import make
from tests.make import NOW


@pytest.fixture
def deck(visitor, add):
    """The address of a deck with cards."""
    add(keep_ready=True)
    return re.search(r'href="(/decks/\d+)"', visitor.visit("/decks").html)[1]


def test_a_deck_shows_whose_options_it_follows_and_what_goals_cost(visitor, deck):
    page = visitor.visit(f"{deck}/options")

    form, _ = page.form_with("Save for this deck")
    assert (form.fields["goal"], form.fields["new"], form.fields["learning"]) == ("90", "20", "1m 10m")
    assert "This deck follows your settings" in page.text
    assert "as if you had learned all cards today" in page.text


def test_saved_options_are_the_decks_own_and_can_be_undone(visitor, deck):
    visitor.visit(f"{deck}/options")

    saved = visitor.press("Save for this deck", goal="85", learning="5m", review_order="risk", apart="yes")
    assert "options of its own" in saved.text
    form, _ = saved.form_with("Save for this deck")
    assert (form.fields["goal"], form.fields["learning"], form.fields["apart"]) == ("85", "5m", "yes")
    undone = visitor.press("Undo")

    assert "This deck follows your settings" in undone.text
    assert undone.form_with("Save for this deck")[0].fields["goal"] == "90"


def test_giving_options_up_can_be_undone(visitor, deck):
    visitor.visit(f"{deck}/options")
    visitor.press("Save for this deck", goal="85")

    assert "follows your settings" in visitor.press("Have no options of its own").text
    assert visitor.press("Undo").form_with("Save for this deck")[0].fields["goal"] == "85"


def test_asking_what_it_would_cost_stores_nothing(visitor, deck):
    visitor.visit(f"{deck}/options")

    tried = visitor.press("What would it cost?", goal="80")

    assert "Nothing is stored yet." in tried.text
    assert tried.form_with("Save for this deck")[0].fields["goal"] == "80"
    assert visitor.visit(f"{deck}/options").form_with("Save for this deck")[0].fields["goal"] == "90"


def test_options_of_a_deck_can_become_those_of_all_decks_and_that_is_undone(visitor, deck):
    visitor.visit(f"{deck}/options")
    visitor.press("Save for this deck", goal="85", apart="yes")

    used = visitor.press("Use these for all decks", goal="80", longest="400")

    assert "All decks follow these options." in used.text
    fields = visitor.visit("/settings").form_with("Save")[0].fields
    assert (fields["goal"], fields["longest"], fields["apart"]) == ("80", "400", "yes")
    assert "This deck follows your settings" in visitor.visit(f"{deck}/options").text
    visitor.send(undo_of(used))
    assert visitor.visit("/settings").form_with("Save")[0].fields["goal"] == "90"
    assert visitor.visit(f"{deck}/options").form_with("Save for this deck")[0].fields["goal"] == "85"


def test_decks_inside_can_follow_too_and_have_their_options_back(visitor, deck, database):
    with database.writing() as session:
        owner = accounts.local_owner(session, time_zone="UTC", now=NOW)
        make.note_in(session, owner, make.draft(1), deck_name="Harbour handbook::Cells")
        ids = {one.name: one.id for one in decks.decks(session, owner, now=NOW)}
    visitor.visit(f"/decks/{ids['Harbour handbook::Cells']}/options")
    visitor.press("Save for this deck", goal="85")

    visitor.visit(f"/decks/{ids['Harbour handbook']}/options")
    saved = visitor.press("Save for this deck", goal="95", all="yes")
    inside = visitor.visit(f"/decks/{ids['Harbour handbook::Cells']}/options")
    assert "Also for" not in saved.text
    assert (
        inside.form_with("Save for this deck")[0].fields["goal"],
        "the options of Harbour handbook" in inside.text,
    ) == (
        "95",
        True,
    )
    visitor.visit(f"/decks/{ids['Harbour handbook']}/options")
    assert visitor.send(undo_of(saved)).status_code == 303

    inside = visitor.visit(f"/decks/{ids['Harbour handbook::Cells']}/options")
    assert inside.form_with("Save for this deck")[0].fields["goal"] == "85"
    assert "Also for 1 deck inside that has options of its own: Harbour handbook::Cells" in (
        visitor.visit(f"/decks/{ids['Harbour handbook']}/options").text
    )


def undo_of(page):
    return page.form_with("Undo")[0].action


def test_an_undo_that_cannot_be_read_changes_nothing(visitor, deck):
    assert visitor.send(f"{deck}/options/undo?back_from=yesterday").status_code == 422


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"goal": "99"}, "Choose a goal from 70 to 97 percent."),
        ({"goal": "nan"}, "Choose a goal"),
        ({"new": "many"}, "as a number"),
        ({"learning": "soon"}, "Write steps like"),
        ({"longest": "0"}, "The longest interval is from 1"),
        ({"review_order": "alphabet"}, "Choose an order from the list."),
    ],
)
def test_options_that_make_no_sense_are_refused_with_a_sentence(visitor, deck, fields, told):
    visitor.visit(f"{deck}/options")

    page = visitor.press("Save for this deck", **fields)

    assert page.status == 422
    assert told in page.text
