from io import BytesIO

import pytest

from quizapp.services import importing, jobs
from quizapp.services.arriving import NOTHING_BESIDES
from quizapp.services.tasks import ToImport
from tests.anki.test_package import collection
from tests.make import NOW, archive


@pytest.fixture
def package(tmp_path):
    """A package with one note, as a browser sends it."""

    def make(**given):
        (tmp_path / "made").unlink(missing_ok=True)
        data = archive(("collection.anki2", collection(tmp_path / "made", **given)), ("media", "{}"))
        return BytesIO(data), "Biology.apkg"

    return make


def test_a_deck_from_anki_is_imported_reported_and_taken_back(visitor, package):
    visitor.visit("/decks")
    visitor.follow("Import from Anki")

    page = visitor.press("Import", file=package())

    assert page.path == "/decks/imports/1"
    assert "Added 1 note" in page.text
    assert "Open Default" in {link.text for link in page.links}
    assert "Biology.apkg" in visitor.visit("/decks/import").text
    visitor.visit("/decks/imports/1")
    assert "Undone." in visitor.press("Undo this import").text
    assert "Default" not in visitor.visit("/decks").text
    visitor.visit("/decks/imports/1")
    assert "It is back" in visitor.press("Bring it back").text
    assert "Default" in visitor.visit("/decks").text


def test_what_was_left_out_is_told(visitor, package):
    visitor.visit("/decks/import")

    page = visitor.press("Import", file=package(fields=("Only a question", "")))

    assert "1 note left out" in page.text
    assert "Its answer is empty." in page.text


def test_a_file_that_cannot_be_read_stores_nothing_and_says_why(visitor):
    visitor.visit("/decks/import")

    page = visitor.press("Import", file=(BytesIO(b"Nothing at all."), "x.apkg"))

    assert "This is no package of Anki" in page.text
    assert "Import" in page.text


@pytest.mark.parametrize(
    ("name", "sentence"), [("x.exe", "of no kind that can be imported"), ("", "Choose a file first")]
)
def test_a_form_without_a_file_of_use_is_refused(visitor, name, sentence):
    reply = visitor.send("/decks/import", file=(BytesIO(b""), name))

    assert (reply.status_code, sentence in reply.text) == (422, True)


def test_a_package_among_documents_is_sent_where_it_belongs(visitor, package):
    visitor.visit("/library/new")

    page = visitor.press("Make cards", file=package())

    assert "Decks, Import" in page.text


def test_an_import_that_is_not_whole_says_so_and_leads_to_its_job(visitor, database, owner):
    with database.writing() as session:
        held = jobs.begin(session, owner, ToImport("Biology.apkg").task(), data=b"", now=NOW)
        given = {"source": "Biology.apkg", "into": "Biology", "besides": NOTHING_BESIDES}
        importing.begin(session, owner, **given, job_id=held.job_id, now=NOW)

    assert "still coming in" in visitor.visit("/decks/import").text
    page = visitor.visit("/decks/imports/1")

    assert "Not all of it is in yet." in page.text
    assert "Undo this import" not in page.text
    assert visitor.follow("See how far it is").path == "/jobs/1"
