import pytest

from tests.web import harbour


def test_without_decks_the_page_says_where_they_come_from(visitor):
    page = visitor.visit("/decks")

    assert "No decks yet" in page.text
    assert "/library/new" in {link.href for link in page.links}


def test_a_deck_is_shown_with_its_numbers(visitor, add):
    add(keep_ready=True)

    page = visitor.visit("/decks")

    assert "Harbour handbook" in page.text
    assert "6 cards" in page.text
    assert "0% learned" in page.text


def test_a_deck_lists_its_cards_as_people_read_them(visitor, add):
    add(keep_ready=True)

    page = visitor.visit("/decks/1")

    assert "What is a berth?" in page.text
    assert "The pilot comes aboard within […] ." in page.text
    assert "{{c1::" not in page.text
    assert "<li>green light</li>" in page.html
    assert "The lock is closed Right" in page.text
    assert f"/library/1#q{harbour.BERTH.source.start}" in {link.href for link in page.links}


def test_an_empty_deck_is_made_and_renamed(visitor):
    visitor.visit("/decks")

    page = visitor.press("Create", name="Sea")
    assert "No cards here" in page.text
    visitor.press("Rename", name="Ocean::Sea")

    assert "Ocean::Sea" in visitor.page.text
    assert "Renamed." in visitor.page.text


def test_a_name_that_is_taken_is_a_conflict(visitor):
    visitor.send("/decks", name="Sea")

    assert visitor.send("/decks", name="Sea").status_code == 409


def test_editing_a_card_opens_it_in_place_and_stores_it(visitor, add):
    add(harbour.GAP, keep_ready=True)
    page = visitor.visit("/decks/1")

    edit = next(link.href for link in page.links if "edit=" in link.href)
    form, _ = visitor.visit(edit).form_with("Save")
    assert form.fields["question"] == "The pilot comes aboard within {{c1::20 minutes}}."
    visitor.press("Save", question="The pilot is aboard within {{c1::half an hour}}.")

    assert "The pilot is aboard within […] . half an hour" in visitor.page.text


def test_two_edits_of_one_card_are_a_conflict(visitor, add):
    add(harbour.BERTH, keep_ready=True)
    edit = next(link.href for link in visitor.visit("/decks/1").links if "edit=" in link.href)
    form, _ = visitor.visit(edit).form_with("Save")
    visitor.press("Save", answer="first")

    late = visitor.send(form.action, **{**form.fields, "answer": "second", "csrf_token": visitor.token()})

    assert late.status_code == 409
    assert "first" in visitor.visit("/decks/1").text


def test_a_deleted_card_can_be_taken_back(visitor, add):
    add(harbour.BERTH, harbour.LOCK, keep_ready=True)
    delete = next(form.action for form in visitor.visit("/decks/1").forms if form.action.endswith("/delete?page=1"))

    visitor.send(delete)
    assert visitor.visit("/decks/1").text.count("Question ·") == 1
    visitor.press("Undo")

    assert visitor.page.text.count("Question ·") == 2


@pytest.mark.parametrize("page", [1, 2])
def test_a_long_deck_comes_a_page_at_a_time(visitor, add, page):
    add(*(harbour.draft(f"Question {n}?", f"answer {n}", harbour.PILOT) for n in range(120)), keep_ready=True)

    text = visitor.visit(f"/decks/1?page={page}").text

    assert f"Page {page} of " in text
    assert ("Question 0?" in text) == (page == 1)


@pytest.mark.parametrize("page", ["0", "-1", "999", "x", "99999999999999999999"])
def test_a_page_that_is_not_there_is_no_fault(visitor, add, page):
    add(keep_ready=True)

    assert visitor.visit(f"/decks/1?page={page}").status in {200, 404, 422}


def test_a_deck_goes_to_anki_under_its_name(visitor, add):
    add(keep_ready=True)

    response = visitor.client.get("/decks/1/export.apkg")

    assert response.status_code == 200
    assert response.data.startswith(b"PK")
    assert response.headers["Content-Disposition"] == "attachment; filename=Harbour-handbook.apkg"


def test_what_goes_along_to_anki_is_chosen_and_what_cannot_is_said(visitor, add):
    add(keep_ready=True)

    visitor.visit("/decks/1")
    page = visitor.follow("Export to Anki")

    assert "Cards that Anki has already keep the schedule that they have there." in page.text
    assert "Other wordings that you accept" in page.text
    sizes = [len(visitor.client.get(f"/decks/1/export.apkg{wish}").data) for wish in ("", "?source=no")]
    assert sizes[1] < sizes[0]


def test_the_way_out_of_a_deck_that_is_not_there_is_not_there(visitor):
    assert visitor.visit("/decks/9/export").status == 404
    assert visitor.send("/decks/9/export", progress="yes").status_code == 404


def test_renaming_keeps_what_was_typed_safe(visitor, add):
    add(keep_ready=True)

    visitor.send("/decks/1/rename", name="<b>Bold</b> & co")

    assert "<b>Bold</b>" not in visitor.visit("/decks").html
    assert "<b>Bold</b> & co" in visitor.page.text


def test_a_deck_moves_into_another_and_back(visitor):
    for name in ("Cells", "Biology"):
        visitor.visit("/decks")
        visitor.press("Create", name=name)
    visitor.visit("/decks/1")

    moved = visitor.press("Move", into=2)

    assert "Biology::Cells" in moved.text
    assert "Cells 0 cards" in visitor.visit("/decks").text
    visitor.visit("/decks/1")
    visitor.press("Move", into="")
    assert "Biology::Cells" not in visitor.visit("/decks").text


def test_a_card_moves_to_another_deck_by_its_form_and_back(visitor, add):
    add(harbour.LOCK, title="Harbour", keep_ready=True)
    visitor.visit("/decks")
    visitor.press("Create", name="Biology")
    visitor.visit("/decks/1?edit=1")

    moved = visitor.press("Save", into="Biology")

    assert "Moved to Biology, with its schedule." in moved.text
    assert harbour.LOCK.question in visitor.visit("/decks/2").text
    visitor.send("/decks/1/notes/1/move?into=Harbour")
    assert harbour.LOCK.question in visitor.visit("/decks/1").text


def test_a_card_is_split_in_two_and_made_one_again(visitor, add):
    add(harbour.LOCK, title="Harbour", keep_ready=True)
    visitor.visit("/decks/1?edit=1")
    visitor.follow("Split in two")

    two = visitor.press("Split", **{"second-question": "What is closed?", "second-answer": "the lock"})

    assert "There are two cards now." in two.text
    assert "What is closed?" in two.text
    assert "What is closed?" not in visitor.press("Undo").text
