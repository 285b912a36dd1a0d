import pytest

from quizapp import ingest
from quizapp.services import reading as reading_service
from tests.services import handbook


@pytest.fixture(autouse=True)
def quick_reading(monkeypatch):
    def read(data, filename, **_):
        document = ingest.read(data, filename)
        return reading_service.Reading(document, handbook.drafts(document), (), (), 0.1, document.words)

    monkeypatch.setattr(reading_service, "draft_cards", read)


@pytest.fixture
def add(visitor):
    """Paste a version of the handbook and press the button."""

    def pasted(sections, **typed):
        visitor.visit("/library/new")
        return visitor.press("Make cards", text=handbook.text(sections), **typed)

    return pasted


@pytest.fixture
def changed(visitor, add):
    """A handbook whose ten cards are kept, and its next version."""
    add(handbook.SECTIONS)
    visitor.press("Keep all")
    return add(handbook.changed())


def test_adding_a_changed_document_leads_to_what_changed(changed):
    assert changed.path == "/library/1/changes"
    assert (
        "Updated to version 2: 2 passages new, 1 changed, 2 gone; 9 cards follow, 2 ask you, 1 new card to look at."
        in (changed.text)
    )
    assert "within removed: 10 added: 3 days." in changed.text
    assert "2 to decide on" in changed.text
    assert "1 card to look at" in {link.text for link in changed.links}


def test_an_answer_is_taken_over_and_that_is_undone(visitor, changed):
    assert "Your card 10 days Proposed 3 days" in changed.text

    taken = visitor.press("Take it over")
    assert "Taken over. The card keeps its schedule." in taken.text
    assert "Before 10 days Your card now 3 days" in taken.text
    assert "1 to decide on" in taken.text

    undone = visitor.press("Undo")
    assert "Undone. The card is as it was." in undone.text
    assert "Your card 10 days Proposed 3 days" in undone.text


def test_a_card_is_left_as_it_is(visitor, changed):
    left = visitor.press("Leave it")

    assert "The card stays as it is." in left.text
    assert "Left as it is" in left.text


def test_a_card_whose_passage_is_gone_goes_to_the_trash_and_comes_back(visitor, changed):
    assert "not in the document any more" in changed.text

    gone = visitor.press("To the trash")
    assert "not in the document any more" not in gone.text
    back = visitor.press("Undo")
    assert "The card is back, with its schedule." in back.text
    assert "not in the document any more" in back.text

    kept = visitor.press("Keep the card")
    assert "1 to decide on" in kept.text


def test_a_card_whose_passage_is_gone_says_so_in_its_deck(visitor, changed):
    visitor.visit("/decks")

    assert "not in Handbook any more" in visitor.follow("Handbook").text


def test_the_document_says_that_it_changed_and_that_cards_are_in_doubt(visitor, changed):
    page = visitor.visit("/library/1")

    assert "version 2: what changed" in page.text
    assert "2 cards may not fit this version any more." in page.text


def test_with_nothing_in_doubt_the_page_says_so(visitor, add):
    add(handbook.SECTIONS)

    page = add(handbook.SECTIONS | {"Tides": "The tide rises by 2 metres. Boats wait for it."})

    assert "No card asks you anything." in page.text


def test_a_document_that_has_not_changed_says_what_to_do_when_it_does(visitor, add):
    add(handbook.SECTIONS)

    page = visitor.visit("/library/1/changes")

    assert "Nothing has changed yet" in page.text
    assert "Add it again" in {link.text for link in page.links}


def test_an_earlier_version_is_told(visitor, changed, add):
    page = add(handbook.SECTIONS)

    assert page.path == "/library/1/versions"
    assert "This is version 1 of a document that has a later one." in page.text


def test_it_is_a_document_of_its_own_if_wished(visitor, add):
    add(handbook.SECTIONS)

    page = add(handbook.changed(), new="yes")

    assert page.path == "/drafts/2"


@pytest.mark.parametrize("address", ["/library/9/changes", "/library/x/changes"])
def test_what_is_not_there_is_not_found(visitor, address):
    assert visitor.visit(address).status == 404


@pytest.mark.parametrize("act", ["take", "leave", "undo", "delete", "restore"])
def test_a_change_that_is_not_there_is_not_found(visitor, changed, act):
    form = next(form for form in changed.forms if form.action.endswith("/leave"))

    answer = visitor.client.post(f"/library/1/changes/99/{act}", data=form.fields)

    assert answer.status_code == 404


def test_to_htmx_a_decision_answers_with_the_cards_alone(visitor, changed):
    form = next(form for form in changed.forms if form.action.endswith("/leave"))

    answer = visitor.client.post(
        form.action, data=form.fields, headers={"HX-Request": "true", "HX-Request-Type": "partial"}
    )

    assert '<section class="leaf plain stack" id="cards"' in answer.text
    assert "<html" not in answer.text
    assert 'tabindex="-1" autofocus' in answer.text
