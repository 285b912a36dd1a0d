import sqlite3
from contextlib import closing
from io import BytesIO
from zipfile import ZipFile

import pytest

from quizapp.db import notes
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.errors import NotFound
from quizapp.services import decks, transfer
from tests import make
from tests.make import NOW


@pytest.fixture
def guids(tmp_path):
    """The GUIDs and tags of the notes in a package."""

    def read(data):
        with ZipFile(BytesIO(data)) as package:
            collection = next(name for name in package.namelist() if name.startswith("collection."))
            package.extract(collection, tmp_path)
        with closing(sqlite3.connect(tmp_path / collection)) as opened:
            return dict(opened.execute("select guid, tags from notes").fetchall())

    return read


def test_a_deck_leaves_with_its_subdecks_and_their_tags(session, owner, guids):
    make.note_in(session, owner, make.draft(0), deck_name="Biology")
    make.note_in(session, owner, make.draft(1), deck_name="Biology::Cells")
    make.note_in(session, owner, make.draft(2), deck_name="Other")
    deck_id = next(deck.id for deck in decks.decks(session, owner, now=NOW) if deck.name == "Biology")

    exported = transfer.export_deck(session, owner, deck_id, now=NOW)

    assert (exported.filename, exported.notes, exported.problems) == ("Biology.apkg", 2, ())
    assert all("cells" in tags for tags in guids(exported.data).values())


def test_many_notes_leave_in_their_order_each_with_its_own_tags(session, owner, guids, monkeypatch):
    monkeypatch.setattr(notes, "BATCH_NOTES", 2)
    proposed = [make.draft(number, tags=(f"t{number}", "all")) for number in range(5)]
    kept = [make.note_in(session, owner, draft, deck_name="Biology") for draft in proposed]
    deck_id = decks.note(session, owner, kept[0]).deck_id
    told = []

    exported = transfer.export_deck(session, owner, deck_id, now=NOW, on_progress=lambda *step: told.append(step))

    assert list(guids(exported.data).values()) == [f" all t{number} " for number in range(5)]
    assert told[-1] == (1.0, "Compressing")


def test_a_note_is_known_in_anki_by_the_same_name_after_an_edit(session, owner, guids):
    note_id = make.note_in(session, owner, make.draft(0))
    deck_id = decks.note(session, owner, note_id).deck_id
    before = transfer.export_deck(session, owner, deck_id, now=NOW)

    decks.edit_note(session, owner, note_id, question="Why?", answer="Because.", now=NOW)

    after = transfer.export_deck(session, owner, deck_id, now=NOW)
    assert guids(before.data).keys() == guids(after.data).keys()


@pytest.mark.parametrize(
    ("name", "filename"),
    [("A::B c", "A-B-c.apkg"), ("Größe/../x", "Größe-..-x.apkg"), ("???", "deck.apkg"), ("..", "deck.apkg")],
)
def test_the_file_is_named_after_the_deck_so_that_any_system_can_store_it(session, owner, name, filename):
    deck_id = decks.create(session, owner, name, now=NOW)
    make.note_in(session, owner, make.draft(0), deck_name=name)

    assert transfer.export_deck(session, owner, deck_id, now=NOW).filename == filename


def test_another_persons_deck_is_as_good_as_missing(session, owner):
    deck_id = decks.create(session, owner, "A", now=NOW)

    with pytest.raises(NotFound):
        transfer.export_deck(session, Actor(LearnerId(999)), deck_id, now=NOW)
