import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from uuid import uuid4
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from quizapp.anki.notetypes import FIELDS
from quizapp.anki.progress import EPOCH
from quizapp.db import leaving, notes, reviews
from quizapp.db.notes import CardRow
from quizapp.domain.card_progress import moment
from quizapp.domain.cards import CardKind
from quizapp.domain.options import NewOrder, Options
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.domain.queues import Limits
from quizapp.domain.rescheduling import Dates
from quizapp.domain.scheduling import Grade
from quizapp.errors import NotFound
from quizapp.generate.pipeline import generate
from quizapp.ingest import read
from quizapp.services import answering, card_actions, decks, drafts, library, options, settings, study, transfer
from quizapp.services.card_actions import Press
from quizapp.services.reading import Reading
from quizapp.services.transfer import Contents
from tests import make
from tests.make import NOW
from tests.services.studying import answer

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


# With progress


@pytest.fixture
def collection(tmp_path):
    """Return what a query finds in a package."""

    def query(exported, sql):
        with ZipFile(BytesIO(exported.data)) as package:
            package.extract("collection.anki2", tmp_path)
        with closing(sqlite3.connect(tmp_path / "collection.anki2")) as opened:
            return opened.execute(sql).fetchall()

    return query


WITH_PROGRESS = Contents(progress=True)
WITHOUT_SOURCE = Contents(source=False)
DAY = timedelta(days=1)


def press(card_id):
    return Press(uuid4(), card_id)


def card_ids(session):
    return session.scalars(select(CardRow.id).order_by(CardRow.id)).all()


@pytest.fixture
def deck_id(session, owner):
    return make.added(session, owner, *(make.draft(n, tags=("cells",)) for n in range(4)), keep_ready=True).deck_id


def test_answers_that_count_go_along_and_those_undone_do_not(session, owner, deck_id, collection):
    first, second, *_ = card_ids(session)
    for at in (NOW, NOW + DAY, NOW + 2 * DAY):
        answer(session, owner, first, at=at)
    answer(session, owner, second, Grade.AGAIN, at=NOW + 3 * DAY)
    study.undo(session, owner, undo_id=uuid4(), now=NOW + 3 * DAY)

    exported = transfer.export_deck(session, owner, deck_id, contents=WITH_PROGRESS, now=NOW + 3 * DAY)

    rows = collection(
        exported, "select r.ease, r.type, r.time, c.due from revlog r join cards c on c.id = cid order by r.id"
    )
    due = reviews.memory(session, card_id=first, learner_id=owner.learner_id).due
    number = (due.date() - EPOCH).days  # the day turns at night
    assert rows == [(3, 0, 6000, number), (3, 0, 6000, number), (3, 1, 6000, number)]
    assert collection(exported, "select type, queue, due from cards order by id")[1:] == [(0, 0, n) for n in (1, 2, 3)]


@pytest.mark.parametrize("fraction", [0, 1, 999, 499_999, 500_000, 999_499, 999_500, 999_999])
def test_an_answer_has_its_time_to_the_millisecond(session, owner, deck_id, collection, fraction):
    at = NOW.replace(second=59, microsecond=fraction)
    answer(session, owner, card_ids(session)[0], at=at)

    exported = transfer.export_deck(session, owner, deck_id, contents=WITH_PROGRESS, now=NOW + DAY)

    assert collection(exported, "select id from revlog") == [(moment(at),)]


def test_what_was_said_of_a_card_goes_along_too(session, owner, deck_id, collection):
    known, again, set_aside, waiting = card_ids(session)
    card_actions.mark_known(session, owner, press(known), NOW)
    answer(session, owner, again, at=NOW)
    card_actions.reset(session, owner, press(again), NOW + DAY)
    answer(session, owner, again, Grade.EASY, at=NOW + 2 * DAY)
    card_actions.suspend_card(session, owner, press(set_aside), NOW)
    card_actions.put_flag(session, owner, press(set_aside), 3, NOW)
    card_actions.bury_card(session, owner, press(waiting), NOW + 2 * DAY)

    exported = transfer.export_deck(session, owner, deck_id, contents=WITH_PROGRESS, now=NOW + 2 * DAY)

    assert collection(exported, "select type, queue, flags from cards order by id") == [
        (2, 2, 0),
        (2, 2, 0),
        (0, -1, 3),
        (0, -3, 0),
    ]
    rows = collection(exported, "select cid, ease, type from revlog order by id")
    held = [one for (one,) in collection(exported, "select id from cards order by id")]
    assert [(held.index(card), ease, kind) for card, ease, kind in rows] == [(0, 4, 1), (1, 3, 0), (1, 0, 4), (1, 4, 0)]


def test_without_progress_nothing_of_it_leaves(session, owner, deck_id, collection):
    first, second, *_ = card_ids(session)
    for at in (NOW, NOW + DAY, NOW + 2 * DAY):
        answer(session, owner, first, at=at)
    card_actions.put_flag(session, owner, press(second), 3, NOW)
    notes.tag(session, owner.learner_id, [1], "leech")

    exported = transfer.export_deck(session, owner, deck_id, now=NOW + 3 * DAY)

    assert collection(exported, "select distinct type, queue, ivl, reps, flags, data from cards") == [
        (0, 0, 0, 0, 0, "")
    ]
    assert collection(exported, "select count(*) from revlog") == [(0,)]
    assert collection(exported, "select distinct tags from notes") == [(" cells ",)]
    assert set(json.loads(collection(exported, "select dconf from col")[0][0])) == {"1"}
    tagged = transfer.export_deck(session, owner, deck_id, contents=WITH_PROGRESS, now=NOW + 3 * DAY)
    assert collection(tagged, "select tags from notes order by id")[0] == (" cells leech ",)


def test_each_deck_has_the_options_that_count_for_it(session, owner, collection):
    for number, name in enumerate(("A", "A::B", "A::C")):
        make.note_in(session, owner, make.draft(number), deck_name=name)
    by_name = {deck.name: deck.id for deck in decks.decks(session, owner, now=NOW)}
    options.choose(session, owner, by_name["A::B"], Options(limits=Limits(new=3)))

    exported = transfer.export_deck(session, owner, by_name["A"], contents=WITH_PROGRESS, now=NOW)

    presets, held = (json.loads(one) for one in collection(exported, "select dconf, decks from col")[0])
    limits = {deck["name"]: presets[str(deck["conf"])]["new"]["perDay"] for deck in held.values()}
    assert limits == {"Default": 20, "A": 20, "A::B": 3, "A::C": 20}
    assert presets[str(next(deck["conf"] for deck in held.values() if deck["name"] == "A::B"))]["name"].startswith(
        "Recto A::B"
    )


def test_new_cards_leave_in_the_order_that_their_deck_wishes(session, owner, collection):
    late, early = (make.draft(n, source=make.Source(make.QUOTES[n], 90 - n, 95 - n)) for n in (0, 1))
    deck_id = make.added(session, owner, late, early, keep_ready=True).deck_id
    options.choose(session, owner, deck_id, Options(new_order=NewOrder.POSITION))

    exported = transfer.export_deck(session, owner, deck_id, contents=WITH_PROGRESS, now=NOW)

    asked = collection(exported, "select flds from notes join cards on nid = notes.id order by due")
    assert [fields.partition("\x1f")[0] for (fields,) in asked] == [early.question, late.question]


def test_a_deck_says_whom_it_quotes(session, owner, collection):
    deck_id = make.added(
        session, owner, make.draft(0), title="Cells <1>", url="https://example.org/cells?a=1&b=2", keep_ready=True
    ).deck_id

    exported = transfer.export_deck(session, owner, deck_id, now=NOW)

    told = next(
        deck["desc"]
        for deck in json.loads(collection(exported, "select decks from col")[0][0]).values()
        if deck["desc"]
    )
    assert "Cells &lt;1&gt;" in told
    assert 'href="https://example.org/cells?a=1&amp;b=2"' in told
    assert "Lin Wei" in told
    assert "https://example.org/cells?a=1&amp;b=2" in collection(exported, "select flds from notes")[0][0]


def test_without_source_text_the_document_is_named_and_not_quoted(session, owner, collection):
    draft = make.draft(0, answer="The powerhouse")
    deck_id = make.added(session, owner, draft, title="On cells", keep_ready=True).deck_id

    exported = transfer.export_deck(session, owner, deck_id, contents=WITHOUT_SOURCE, now=NOW)

    ((held,),) = collection(exported, "select flds from notes")
    assert draft.source.quote not in held
    assert "On cells" in held
    assert "Lin Wei" in held
    assert "without the quotes" in collection(exported, "select decks from col")[0][0]


def test_answers_that_are_typed_here_are_typed_there(session, owner, collection):
    shown, typed = (make.note_in(session, owner, make.draft(n)) for n in (0, 1))
    gap = make.note_in(session, owner, make.cloze_draft())
    deck_id = decks.note(session, owner, shown).deck_id
    answering.type_deck(session, owner, deck_id, typed=True, now=NOW)
    answering.type_card(session, owner, shown, typed=False, now=NOW)

    exported = transfer.export_deck(session, owner, deck_id, now=NOW)

    held = [flds.split("\x1f") for (flds,) in collection(exported, "select flds from notes order by id")]
    assert [one[2] for one in held[:2]] == ["", "yes"]
    assert held[2][FIELDS["cloze"].index("Spare2")] == "yes"
    assert (typed, gap) == (shown + 1, shown + 2)


def test_the_outlook_names_the_turn_of_the_day_only_where_ankis_is_another(session, owner, deck_id):
    usual = transfer.outlook(session, owner, deck_id)
    chosen = settings.chosen(session, owner)
    settings.change(
        session, owner, settings.prepare(session, owner, replace(chosen, turn_hour=6), dates=Dates.KEEP, now=NOW)
    )

    assert not any("06:00" in one for one in usual.needed)
    assert any("06:00" in one for one in transfer.outlook(session, owner, deck_id).needed)
