import json
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest

from quizapp.anki import collection, export
from quizapp.anki.export import AnkiDeck, AnkiNote, write
from quizapp.anki.progress import Study, Way
from quizapp.domain.card_progress import CardProgress, Logged, moment
from quizapp.domain.cards import CardKind, Note
from quizapp.domain.options import Options
from quizapp.domain.queues import Days
from quizapp.domain.scheduling import Override, Preset

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def note(
    guid="G1",
    *,
    question="Which layer?",
    deck="Biology",
    modified=NOW - timedelta(days=3),
    tags=(),
    created=None,
    **more,
):
    held = Note(CardKind.BASIC, question, "The skin", tags=tags)
    return AnkiNote(guid, replace(held, **more), deck, modified, "Skin and hair", created=created)


def written(*notes, name="Biology", now=NOW):
    return write(AnkiDeck(name, notes, len(notes)), now=now)


@pytest.fixture
def rows(tmp_path):
    """Return what a query finds in a package's collection."""

    def query(package, sql):
        collection = tmp_path / "collection.anki2"
        collection.write_bytes(ZipFile(BytesIO(package.data)).read("collection.anki2"))
        with closing(sqlite3.connect(collection)) as connection:
            return connection.execute(sql).fetchall()

    return query


def test_a_note_carries_its_own_id_and_the_time_of_its_own_change(rows):
    package = written(note("G1", modified=NOW - timedelta(days=3)), note("G2", modified=NOW - timedelta(days=1)))

    changed = [int((NOW - timedelta(days=days)).timestamp()) for days in (3, 1)]
    assert rows(package, "select guid, mod from notes order by id") == [("G1", changed[0]), ("G2", changed[1])]


def test_no_time_lies_in_the_future_and_no_id_further_than_there_are_notes(rows):
    # Anki refuses whatever has an id over a day ahead.
    package = written(*(note(f"G{n}", modified=NOW + timedelta(days=9)) for n in range(50)))

    newest = int(NOW.timestamp())
    assert rows(package, "select max(mod) from notes") == [(newest,)]
    assert rows(package, "select max(n.id), max(c.id) from notes n, cards c") == [(newest * 1000 + 49,) * 2]


def test_notes_and_cards_have_the_same_ids_in_every_export(rows):
    made = [note(f"G{n}", created=NOW - timedelta(days=9 - n)) for n in range(3)]
    ids = "select n.id, c.id from cards c join notes n on n.id = nid order by 1"

    later = [replace(one, modified=NOW) for one in made]

    assert rows(written(*made), ids) == rows(written(*later, now=NOW + timedelta(days=1)), ids)
    assert rows(written(*made), ids)[2] == (int((NOW - timedelta(days=7)).timestamp() * 1000),) * 2


def test_cards_come_in_the_order_of_the_notes(rows):
    package = written(note("G1"), note("G2"), note("G3"))

    assert rows(package, "select guid, due from cards join notes on notes.id = nid order by due") == [
        ("G1", 0),
        ("G2", 1),
        ("G3", 2),
    ]


def test_the_same_deck_gives_the_same_file():
    deck = [note(f"G{n}", tags=("b", "a")) for n in range(5)]

    assert written(*deck).data == written(*deck).data


def test_notes_are_taken_one_after_the_other_and_told_of(monkeypatch):
    monkeypatch.setattr(export, "REPORTED_NOTES", 2)
    taken, told = [], []

    def notes():
        for number in range(4):
            taken.append(number)
            yield note(f"G{number}")

    package = write(
        AnkiDeck("Biology", notes(), 4), now=NOW, on_progress=lambda *step: told.append((len(taken), *step))
    )

    assert package.notes == 4
    assert told == [(2, 0.45, "Writing notes"), (4, 0.9, "Writing notes"), (4, 1.0, "Compressing")]


def test_an_export_that_is_given_up_leaves_no_file_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(export, "REPORTED_NOTES", 1)

    def give_up(_share, _what):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(AnkiDeck("Biology", (note(),), 1), now=NOW, on_progress=give_up)

    assert not list(tmp_path.iterdir())


def test_a_deck_has_the_same_id_every_time_and_however_it_is_written(rows):
    ids = [
        {deck["id"] for deck in json.loads(rows(package, "select decks from col")[0][0]).values()} - {1}
        for package in (written(note()), written(note(), now=NOW + timedelta(days=400)), written(note(deck="BIOLOGY")))
    ]

    assert ids[0] == ids[1] == ids[2]
    assert len(ids[0]) == 1


@pytest.mark.parametrize(
    ("deck", "name"),
    [
        pytest.param("A::B", "A::B", id="nested"),
        pytest.param(" A :: B ::", "A::B", id="blanks and an empty part"),
        pytest.param("A:::B", "A::B", id="one colon too many"),
        pytest.param("a\nb\x1fc\ud800", "a b c", id="control characters"),
        pytest.param('He said "no"', 'He said "no"', id="quotation marks"),
        pytest.param("🦞::漢字", "🦞::漢字", id="other scripts"),
        pytest.param("::", "Recto", id="nothing"),
        pytest.param("<b>&", "‹b›&", id="a tag"),
        pytest.param("Default", "Default", id="Anki's own"),
    ],
)
def test_deck_names_are_written_as_anki_writes_them(rows, deck, name):
    decks = json.loads(rows(written(note(deck=deck)), "select decks from col")[0][0])

    assert {deck["name"] for deck in decks.values()} == {"Default", name}


def test_decks_that_differ_by_case_alone_are_one(rows):
    package = written(note("G1", deck="AI"), note("G2", deck="ai"))

    assert rows(package, "select count(distinct did) from cards") == [(1,)]


def test_tags_have_no_spaces(rows):
    package = written(note(tags=("key point", 'a"b', "\u3000", "AI::agents", "AI::agents")))

    assert rows(package, "select tags from notes") == [(" AI::agents a_b key_point ",)]


def test_a_note_that_cannot_go_along_is_named_with_the_reason():
    package = written(
        note("G1"),
        note("G2", question="A lobster " + "is red " * 30, kind=CardKind.CLOZE),
        note("G1", question="Again"),
        note("", question="Nameless"),
        note("G5", question=" "),
    )

    assert package.notes == 1
    assert package.problems == (
        f"Note 2, “A lobster{' is red' * 10}…”, is not in the file. It has no gap. Mark what to hide as {{{{c1::…}}}}.",
        "Note 3, “Again”, is not in the file. Another note has the same id, so Anki could not tell them apart.",
        "Note 4, “Nameless”, is not in the file. Another note has the same id, so Anki could not tell them apart.",
        "Note 5 is not in the file. It has no question.",
    )


def test_a_deck_without_notes_is_a_file_all_the_same(rows):
    package = written(name="Empty")

    assert (package.notes, package.problems) == (0, ())
    assert rows(package, "select count(*) from notes") == [(0,)]


def test_every_kind_of_note_gives_its_cards(rows):
    package = written(
        note("basic"),
        note("cloze", kind=CardKind.CLOZE, question="{{c1::a}} {{c2::b}} {{c1::c}}"),
        note("choice", kind=CardKind.CHOICE, answer="a", choices=("a", "b")),
        note("true", kind=CardKind.TRUE_FALSE, answer="True"),
        note("list", kind=CardKind.LIST, answer="a\nb"),
        note("order", kind=CardKind.ORDER, answer="a\nb"),
    )

    assert package.problems == ()
    assert rows(package, "select guid, count(*) from cards join notes on notes.id = nid group by nid") == [
        ("basic", 1),
        ("cloze", 2),
        ("choice", 1),
        ("true", 1),
        ("list", 1),
        ("order", 1),
    ]


def test_the_note_types_of_several_decks_are_there_once(rows):
    package = written(
        note("G1", deck="A"),
        note("G2", deck="B"),
        note("G3", deck="B", kind=CardKind.CLOZE, question="{{c1::a}}"),
    )

    models = json.loads(rows(package, "select models from col")[0][0], object_pairs_hook=list)
    assert sorted(dict(model)["name"] for _, model in models) == ["Recto Basic", "Recto Cloze"]
    decks = json.loads(rows(package, "select decks from col")[0][0])
    placed = rows(package, "select guid, did from cards join notes on notes.id = nid order by guid")
    assert [(guid, decks[str(did)]["name"]) for guid, did in placed] == [("G1", "A"), ("G2", "B"), ("G3", "B")]


def test_a_line_end_in_the_title_of_a_link_is_no_reason_to_warn():
    assert written(note(answer='[a](https://example.org "b\nc")')).notes == 1


def answered(guid, *logged):
    return replace(note(guid), cards={0: CardProgress(log=[Logged(*one) for one in logged])})


def written_with_progress(*notes):
    study = Study(Days(ZoneInfo("UTC")), {"Biology": Way(Options(), Preset())})
    return write(AnkiDeck("Biology", notes, len(notes), study=study), now=NOW)


@pytest.mark.parametrize("at_once", [1, 2, 1_000])
def test_answers_of_the_same_time_are_all_there(rows, monkeypatch, at_once):
    monkeypatch.setattr(collection, "ROWS_AT_ONCE", at_once)
    at = moment(NOW) - 9_000

    package = written_with_progress(
        answered("G1", (at, 3), (at + 1, 1)), answered("G2", (at, 4), (at, 2)), answered("G3", (at + 7, 3))
    )

    found = rows(package, "select r.id, guid, ease from revlog r join cards c on c.id = cid join notes n on n.id = nid")
    assert found == [
        (at, "G1", 3),
        (at + 1, "G1", 1),
        (at + 2, "G2", 4),
        (at + 3, "G2", 2),
        (at + 7, "G3", 3),
    ]


def test_a_memory_that_was_taken_over_is_no_answer(rows):
    at = moment(NOW) - 9_000
    taken_over = Logged(at, override=Override.GIVEN)

    package = written_with_progress(answered("G1", taken_over, (at + 1, 3)))

    assert rows(package, "select id, ease from revlog") == [(at + 1, 3)]


def test_a_package_has_no_indexes(rows):
    assert rows(written(note()), "select name from sqlite_master where type = 'index'") == []
