import pytest

from quizapp import ingest
from quizapp.services import reading as reading_service
from tests.services import handbook
from tests.services.test_recognising import next_month


@pytest.fixture(autouse=True)
def quick_reading(monkeypatch):
    def read(data, filename, **_):
        document = ingest.read(data, filename)
        return reading_service.Reading(document, handbook.drafts(document), (), (), 0.1, document.words)

    monkeypatch.setattr(reading_service, "draft_cards", read)


@pytest.fixture
def add(visitor):
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


def test_an_earlier_text_is_read_and_made_current_again_and_that_is_undone(visitor, changed):
    visitor.visit("/library/1")
    versions = visitor.follow("Versions")
    assert "Version 2 Current" in versions.text

    earlier = visitor.visit("/library/1/versions/1")
    assert "This is version 1. The document is at version 2 now." in earlier.text
    assert "within 10 days" in earlier.text

    back = visitor.press("Make it current again")
    assert "Version 1 is current again, as version 3." in back.text
    assert "the text of version 1" in back.text
    assert "within 10 days" in visitor.visit("/library/1").text

    visitor.visit("/library/1/versions")
    visitor.press("Make it current again")
    undone = visitor.press("Undo")
    assert "Undone. Version 3 is current, and everything is as it was." in undone.text


def test_both_are_kept_with_one_button_and_that_is_undone(visitor, changed):
    visitor.visit("/library/1/changes")

    kept = visitor.press("Keep both")

    assert kept.path == "/library/2"
    assert "is a document of its own, with 10 drafts to decide on." in kept.text
    assert "within 10 days" in visitor.client.get("/library/1").text
    visitor.page = kept
    assert visitor.press("Undo").path == "/library/1/changes"
    assert visitor.visit("/library/2").status == 404


def test_a_button_pressed_twice_is_told(visitor, changed):
    visitor.visit("/library/1/versions")
    form, _ = visitor.page.form_with("Keep both")

    first, second = (visitor.client.post(form.action, data=form.fields) for _ in range(2))

    assert (first.status_code, second.status_code) == (303, 409)


def test_what_may_be_a_new_version_asks_and_either_answer_is_undone(visitor, add):
    add(handbook.SECTIONS)
    visitor.press("Keep all")

    asked = add(next_month())
    assert asked.path == "/library/2"
    assert "Looks like a new version of “Handbook”" in asked.text

    kept = visitor.press("Keep both")
    assert "Looks like" not in kept.text
    assert "Looks like" in visitor.press("Undo").text

    taken = visitor.press("Take it as a new version")
    assert taken.path == "/library/1/changes"
    assert "Updated to version 2" in taken.text
    assert visitor.press("Undo").path.startswith("/library/")


def test_with_one_version_the_page_says_what_to_do(visitor, add):
    add(handbook.SECTIONS)

    assert "When this document changes, add it again" in visitor.visit("/library/1/versions").text


@pytest.mark.parametrize("address", ["/library/9/versions", "/library/1/versions/7", "/library/9/versions/1"])
def test_what_is_not_there_is_not_found(visitor, add, address):
    add(handbook.SECTIONS)

    assert visitor.visit(address).status == 404


@pytest.mark.parametrize("act", ["versions/1/current", "versions/1/keep-both", "rejoin", "take-as-version", "settle"])
def test_a_document_that_is_not_there_is_not_found(visitor, act):
    assert visitor.send(f"/library/9/{act}").status_code == 404
