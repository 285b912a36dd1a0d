import pytest

from tests.web import harbour


@pytest.fixture
def deck(visitor):
    """An empty deck, by number."""
    visitor.visit("/decks")
    page = visitor.press("Create", name="Kitchen")
    return int(page.path.rsplit("/", 1)[1])


def test_a_card_is_written_for_a_deck_and_the_form_waits_for_the_next(visitor, deck):
    visitor.visit(f"/decks/{deck}")
    visitor.follow("Write a card")

    after = visitor.press("Add the card", question="What heats water fastest?", answer="a kettle", tags="tea, pots")

    assert "Added to Kitchen." in after.text
    form, _ = after.form_with("Add the card")
    assert (form.fields["question"], form.fields["deck_name"], form.fields["tags"]) == ("", "Kitchen", "tea, pots")
    assert "What heats water fastest?" in visitor.visit(f"/decks/{deck}").text


def test_a_card_that_was_written_is_taken_back(visitor, deck):
    visitor.visit(f"/write?deck={deck}")
    visitor.press("Add the card", question="What heats water fastest?", answer="a kettle")

    visitor.press("Undo")

    assert "No cards here" in visitor.visit(f"/decks/{deck}").text


def test_another_kind_keeps_what_was_typed(visitor, deck):
    visitor.visit(f"/write?deck={deck}")

    page = visitor.send("/write/look", kind="basic", to="choice", question="2 + 2?", answer="4", deck_name="Kitchen")

    text = page.get_data(as_text=True)
    assert "Choices, one a line" in text
    assert ">2 + 2?</textarea>" in text


def test_the_answer_of_a_choice_is_one_of_its_choices_without_being_typed_twice(visitor, deck):
    answer = visitor.send("/write", kind="choice", question="2 + 2?", answer="4", choices="3\n5", deck_name="Kitchen")

    assert answer.status_code == 303
    assert "3 5 4 Right" in visitor.visit(f"/decks/{deck}").text


def test_a_look_shows_each_gap_and_stores_nothing(visitor, deck):
    text = "Boil {{c1::water}} at {{c2::$100$ degrees}}."
    seen = visitor.send_with_htmx("/write/look", kind="cloze", question=text, deck_name="Kitchen")

    shown = seen.get_data(as_text=True)
    assert "Gap 2 of 2" in shown
    assert "<math" in shown
    assert "<form" not in shown
    assert "No cards here" in visitor.visit(f"/decks/{deck}").text


def test_a_look_says_what_is_missing_and_what_is_there_already(visitor, deck):
    visitor.send("/write", kind="basic", question="What heats water fastest?", answer="a kettle", deck_name="Kitchen")

    seen = visitor.send("/write/look", kind="basic", question="What heats the water fastest?", deck_name="Kitchen")

    assert seen.status_code == 200
    assert "The answer is empty." in seen.get_data(as_text=True)
    assert '/cards?q=nid:1"' in seen.get_data(as_text=True)


def test_a_card_that_cannot_be_asked_is_refused_with_the_reason(visitor):
    answer = visitor.send("/write", kind="cloze", question="No gap", deck_name="Kitchen")

    assert answer.status_code == 422
    assert "This text has no gap." in answer.get_data(as_text=True)
    assert "Kitchen" not in visitor.visit("/decks").text


@pytest.mark.parametrize(
    "path", ["/write?kind=poem", "/write?document=1&passage=99", "/write?document=1&start=9&end=2"]
)
def test_an_address_that_leads_nowhere_is_explained(visitor, add, path):
    add(harbour.LOCK)

    assert visitor.visit(path).status == 422


def test_a_passage_of_a_document_becomes_a_card_with_its_quote_without_scripts(visitor, add):
    add(harbour.LOCK)
    visitor.visit("/library/1")
    page = visitor.follow("Write cards")
    link = next(link for link in page.links if "/write?" in link.href and "passage=" in link.href)
    visitor.visit(link.href)

    visitor.press("Add the card", question="What does it say?", answer="That")

    shown = visitor.visit("/decks/1")
    assert "What does it say?" in shown.text
    assert any("/library/1#q" in link.href for link in shown.links)


def test_a_gap_card_begins_with_the_passage(visitor, add):
    add(harbour.LOCK)

    form, _ = visitor.visit("/write?document=1&passage=3&kind=cloze").form_with("Add the card")

    assert form.fields["question"] == form.fields["quote"]


def test_a_document_that_is_gone_is_not_found(visitor):
    assert visitor.visit("/write?document=7&passage=0").status == 404
