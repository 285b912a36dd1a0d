import sqlite3
from contextlib import closing
from io import BytesIO
from zipfile import ZipFile

import pytest

from quizapp.db import leaving
from quizapp.domain.cards import CardKind
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.errors import NotFound
from quizapp.generate.pipeline import generate
from quizapp.ingest import read
from quizapp.services import decks, drafts, library, transfer
from quizapp.services.reading import Reading
from tests import make
from tests.make import NOW

LAUNDRY = b"""# Harbour Laundry

Stained sheets are never sent back without a note from the office. The people in the laundry
know what they do, and they have been there for as long as the harbour has had ships to wait for.

## Fabrics

| Fabric | Programme |
|---|---|
| Linen | Boil wash |
| Cotton | Boil wash |
| Silk | Hand wash |
| Wool | Hand wash |
| Viscose | Easy care |
"""


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


def fields(data, tmp_path):
    """Return everything that the notes of a package say."""
    with ZipFile(BytesIO(data)) as package:
        collection = next(name for name in package.namelist() if name.startswith("collection."))
        package.extract(collection, tmp_path)
    with closing(sqlite3.connect(tmp_path / collection)) as opened:
        return "\n".join(row[0] for row in opened.execute("select flds from notes order by id"))


def test_a_deck_leaves_with_its_subdecks_and_their_tags(session, owner, guids):
    make.note_in(session, owner, make.draft(0), deck_name="Biology")
    make.note_in(session, owner, make.draft(1), deck_name="Biology::Cells")
    make.note_in(session, owner, make.draft(2), deck_name="Other")
    deck_id = next(deck.id for deck in decks.decks(session, owner, now=NOW) if deck.name == "Biology")

    exported = transfer.export_deck(session, owner, deck_id, now=NOW)

    assert (exported.filename, exported.notes, exported.problems) == ("Biology.apkg", 2, ())
    assert all("cells" in tags for tags in guids(exported.data).values())


def test_many_notes_leave_in_their_order_each_with_its_own_tags(session, owner, guids, monkeypatch):
    monkeypatch.setattr(leaving, "BATCH_NOTES", 2)
    proposed = [make.draft(number, tags=(f"t{number}", "all")) for number in range(5)]
    kept = [make.note_in(session, owner, draft, deck_name="Biology") for draft in proposed]
    deck_id = decks.note(session, owner, kept[0]).deck_id
    told = []

    exported = transfer.export_deck(session, owner, deck_id, now=NOW, on_progress=lambda *step: told.append(step))

    assert list(guids(exported.data).values()) == [f" all t{number} " for number in range(5)]
    assert told[-1] == (1.0, "Compressing")


def test_options_and_statements_that_were_generated_leave_as_they_were_kept(session, owner, tmp_path):
    document = read(LAUNDRY, "laundry.md")
    made = Reading(document, generate(document).drafts, (), (), seconds=0.1, words=40)
    there = library.add_document(
        session, owner, reading=made, filename="laundry.md", data=LAUNDRY, deck_name=None, keep_ready=False, now=NOW
    )
    views = drafts.bench(session, owner, there.document_id).drafts
    choice = next(view for view in views if view.draft.kind is CardKind.CHOICE and "Silk" in view.question)
    statement = next(view for view in views if view.draft.kind is CardKind.TRUE_FALSE)
    options = [one.replace("Easy care", "Dry cleaning") for one in choice.draft.choices]

    drafts.edit(session, owner, choice.id, question=choice.question, answer=choice.answer, choices=options, now=NOW)
    kept = [decks.note(session, owner, drafts.keep(session, owner, view.id, now=NOW)) for view in (choice, statement)]
    exported = transfer.export_deck(session, owner, kept[0].deck_id, now=NOW)

    held = fields(exported.data, tmp_path)
    assert exported.problems == ()
    assert '<li class="right">Hand wash</li>' in held
    assert "<li>Boil wash</li>" in held
    assert "<li>Dry cleaning</li>" in held
    assert '<ol class="choices fixed"><li' in held
    assert "True or false: Stained sheets are" in held


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
