import pytest

from tests.web import harbour


def test_an_empty_trash_says_what_it_is_for(visitor):
    page = visitor.visit("/trash")

    assert "Nothing was deleted" in page.text
    assert "30 days" in page.text


@pytest.mark.parametrize("path", ["/library", "/decks"])
@pytest.mark.parametrize("filled", [False, True], ids=["empty", "filled"])
def test_the_trash_is_a_link_away(visitor, add, path, filled):
    if filled:
        add(keep_ready=True)
    visitor.visit(path)

    assert visitor.follow("trash").path == "/trash"


def test_a_document_deleted_from_the_library_is_taken_back_at_once(visitor, add):
    add(keep_ready=True)
    visitor.visit("/library")

    page = visitor.send("/library/1/delete")
    assert page.headers["Location"] == "/library"
    visitor.visit("/library")
    assert "No documents yet" in visitor.page.text
    assert "Harbour handbook is in the trash for 30 days. Its 6 cards stay in their decks" in visitor.page.text
    visitor.press("Undo")

    assert visitor.page.path == "/library/1"
    assert "Harbour handbook is back." in visitor.page.text


def test_a_document_with_cards_asks_what_becomes_of_them(visitor, add):
    add(keep_ready=True)
    visitor.visit("/library/1")

    visitor.press("Delete its cards, too")
    assert "Harbour handbook and 6 cards are in the trash for 30 days." in visitor.page.text
    assert "0 cards" in visitor.visit("/decks").text
    visitor.visit("/trash")
    assert "Document with 6 cards · deleted today · 30 days left" in visitor.page.text
    visitor.press("Restore")

    assert visitor.page.path == "/trash"
    assert "Harbour handbook is back, with 6 cards." in visitor.page.text
    assert "Nothing was deleted" in visitor.page.text
    assert "6 cards" in visitor.visit("/decks").text


def test_a_document_without_cards_just_goes(visitor, add):
    add()
    visitor.visit("/library/1")

    visitor.press("Delete")

    assert "Harbour handbook is in the trash for 30 days." in visitor.page.text
    assert "Its card" not in visitor.page.text


def test_decks_and_cards_come_back_from_the_trash(visitor, add):
    add(harbour.BERTH, harbour.LOCK, keep_ready=True)
    visitor.send("/decks/1/notes/1/delete")
    visitor.send("/decks/1/delete")

    page = visitor.visit("/trash")
    assert "What is a berth?" in page.text
    assert "Restore its deck first" in page.text
    visitor.press("Restore")
    assert "Harbour handbook is back, with every card and its schedule." in visitor.page.text
    visitor.press("Restore")

    assert "The card is back in its deck" in visitor.page.text
    assert visitor.visit("/decks/1").text.count("Question ·") == 2


def test_a_quiz_comes_back_from_the_trash_with_its_results(visitor, add):
    add(harbour.BERTH, harbour.LOCK, keep_ready=True)
    quiz = visitor.send("/quizzes", of="deck-1", mode="typed", count="all").headers["Location"]
    visitor.visit(quiz)
    visitor.press("Start")
    visitor.visit(quiz)
    visitor.press("Finish now")
    visitor.send(f"{quiz}/delete")

    page = visitor.visit("/trash")
    assert "Quiz with 2 questions · deleted today · 30 days left" in page.text
    visitor.press("Restore")

    assert visitor.page.path == "/trash"
    assert "Harbour handbook is back, with every result." in visitor.page.text
    assert "Nothing was deleted" in visitor.page.text
    assert "0 of 2, today" in visitor.visit("/quizzes").text


def test_a_card_whose_document_is_in_the_trash_shows_its_quote_and_no_dead_link(visitor, add):
    add(harbour.BERTH, keep_ready=True)
    visitor.send("/library/1/delete")

    for path in ("/study?card=1&show=1", "/decks/1"):
        page = visitor.visit(path)
        assert "Berths" in page.text
        assert not [link.href for link in page.links if "/library/1" in link.href]
    assert harbour.DEFINITION in visitor.visit("/study?card=1&show=1").text.replace(" ,", ",").replace(" .", ".")


def test_pages_of_a_deleted_document_are_not_there(visitor, add):
    add()
    visitor.send("/library/1/delete")

    for path in ("/library/1", "/drafts/1"):
        assert visitor.visit(path).status == 404
    assert visitor.send("/drafts/1/1/keep").status_code == 404
    assert visitor.send("/library/1/delete").status_code == 404


@pytest.mark.parametrize("path", ["/trash/document/9/restore", "/trash/deck/9/restore", "/trash/card/9/restore",
                                  "/trash/quiz/9/restore", "/trash/nonsense/1/restore", "/library/9/delete", "/library/9/restore"])  # fmt: skip
def test_what_is_not_there_cannot_be_moved(visitor, path):
    assert visitor.send(path).status_code == 404


def test_htmx_gets_the_list_that_is_left(visitor, add):
    add()
    visitor.send("/library/1/delete")

    answer = visitor.send_with_htmx("/trash/document/1/restore").get_data(as_text=True)

    assert "Nothing was deleted" in answer
    assert "Harbour handbook is back." in answer
    assert "<html" not in answer


def test_the_same_text_again_comes_back_from_the_trash(visitor, add, monkeypatch):
    monkeypatch.setattr("quizapp.services.reading.draft_cards", lambda *_, **__: harbour.reading())
    add()
    visitor.send("/library/1/delete")
    visitor.visit("/library/new")

    page = visitor.press("Make cards", text="anything")

    assert page.path == "/drafts/1"
    assert "This document was in the trash. It is back, with its drafts as they were." in page.text
