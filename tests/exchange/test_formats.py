"""Which format a file is, what each one loses, and our own schema."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from quizapp import markup
from quizapp.domain.card_progress import CardProgress
from quizapp.domain.cards import CardKind, Note
from quizapp.domain.incoming import PastEvent
from quizapp.domain.options import Options
from quizapp.domain.queues import Kind
from quizapp.domain.scheduling import Grade, Memory, Override, Phase, ReviewEvent, Steps
from quizapp.errors import InvalidInput
from quizapp.exchange import formats, kahoot, recto
from quizapp.exchange.layout import Wishes
from tests.exchange.leaving import EVERY_KIND, leaving
from tests.make import NOW

SCHEMA = Path(__file__).parents[2] / "docs" / "exchange.schema.json"


@pytest.mark.parametrize(
    ("text", "filename", "expected"),
    [
        ("a\tb", "deck.txt", "csv"),
        ("#separator:tab\na\tb", "deck.txt", "csv"),
        ("Q: a\nA: b", "deck.txt", "md"),
        ("Skarn :: a light", "deck.txt", "md"),
        ("Who? {=Ada ~Li}", "quiz.txt", "gift"),
        ("::one:: Lit? {T}", "quiz.txt", "gift"),
        ("<?xml version='1.0'?><quiz/>", "bank.txt", "xml"),
        ('{"format": "recto-deck"}', "deck.txt", "json"),
        ("a,b", "deck.csv", "csv"),
        ("a :: b", "deck.md", "md"),
        ("a\tb", "deck", "csv"),
    ],
)
def test_a_file_is_what_it_shows_or_what_its_name_says(text, filename, expected):
    assert formats.format_of(text.encode(), filename, Wishes()).key == expected


def test_a_person_says_what_a_file_is():
    assert formats.format_of(b"Q: a", "deck.csv", Wishes(kind="md")) is formats.MARKDOWN


@pytest.mark.parametrize("chosen", formats.FORMATS, ids=lambda one: one.key)
def test_what_a_format_loses_of_a_deck_with_everything_is_told_in_sentences(chosen):
    told = formats.losses(chosen, formats.alike(leaving(*EVERY_KIND)))

    assert all(sentence.endswith(".") for sentence in told)
    assert bool(told) is (chosen not in {formats.TABLE, formats.OWN})


@pytest.mark.parametrize(
    "chosen", [formats.TABLE, formats.MARKDOWN, formats.OWN, formats.MOODLE], ids=lambda one: one.key
)
def test_nothing_is_lost_of_a_plain_card(chosen):
    assert formats.losses(chosen, formats.alike(leaving(Note(CardKind.BASIC, "Who?", "Ada")))) == []


@pytest.mark.parametrize(
    ("note", "why"),
    [
        (Note(CardKind.CHOICE, "x" * 121, "a", ("a", "b")), "121 characters; 120 is the most"),
        (Note(CardKind.CHOICE, "x", "a" * 76, ("a" * 76, "b")), "76 characters; 75 is the most"),
        (Note(CardKind.BASIC, "x", "a"), "choices alone"),
    ],
    ids=["question", "answer", "kind"],
)
def test_what_does_not_fit_a_kahoot_is_said_before_and_named(note, why):
    fits = Note(CardKind.CHOICE, "y", "e", ("a", "b", "c", "d", "e"))

    written = kahoot.write(leaving(note, fits))

    assert (written.notes, len(written.problems)) == (1, 1)
    assert why in written.problems[0]
    assert "Left out, 1 of 2" in kahoot.losses(formats.alike(leaving(note, fits)))[0]
    assert kahoot.read(written.data, Wishes()).notes[0].note.choices == ("a", "b", "c", "e")
    with pytest.raises(InvalidInput, match="No card of this deck"):
        kahoot.write(leaving(note))


def test_the_schema_names_what_our_own_file_holds():
    schema = json.loads(SCHEMA.read_text())
    note = schema["$defs"]["note"]["properties"]
    memory = Memory(Phase.REVIEW, 0, 3.0, 5.0, NOW, NOW, timedelta(days=3), 1, 0)
    answer = ReviewEvent(uuid4(), NOW, Grade.GOOD, steps=Steps(), spread=0.5)
    given = ReviewEvent(uuid4(), NOW, None, override=Override.GIVEN, given=memory)
    events = (PastEvent(answer, Kind.NEW), PastEvent(given))
    sent = [replace(one, cards={0: CardProgress(memory, events=events)}) for one in leaving(*EVERY_KIND)]
    body = json.loads(recto.write(sent, {"Lights": Options()}).data)
    card = body["notes"][0]["cards"][0]

    assert set(body) == set(schema["properties"])
    assert all(set(one) == set(note) for one in body["notes"])
    for name, told in {
        "card": card,
        "memory": card["memory"],
        "answer": card["events"][0],
        "override": card["events"][1],
        "options": body["decks"][0]["options"],
    }.items():
        assert set(told) == set(schema["$defs"][name]["properties"])
        assert set(schema["$defs"][name]["required"]) <= set(told)
    assert recto.read(json.dumps(body).encode(), Wishes()).adapted == ()
    assert set(next(one["source"] for one in body["notes"] if one["source"])) == set(note["source"]["properties"])
    assert note["kind"]["enum"] == [kind.value for kind in CardKind]
    assert schema["properties"]["version"]["maximum"] == recto.VERSION


def test_no_cell_of_a_table_is_taken_for_a_formula():
    note = Note(CardKind.BASIC, "=HYPERLINK(1)", "+A1", explanation="@x")

    table = formats.write(formats.TABLE, leaving(note)).data.decode("utf-8-sig")

    assert "'=HYPERLINK(1),'+A1,,'@x" in table


@pytest.mark.parametrize("chosen", [formats.TABLE, formats.PAIRS], ids=["csv", "tsv"])
@pytest.mark.parametrize("text", ["-5", "+1", "-1,5 %", "−5", "+1e-5", "'-5"])
def test_a_number_stays_a_number(chosen, text):
    data = formats.write(chosen, leaving(Note(CardKind.BASIC, "How cold is it?", text))).data

    assert text in data.decode().replace('"', "").replace("\t", ",").split("\n")[-2].replace("\r", "").split(",", 1)[1]
    assert "''" not in data.decode()
    assert formats.read(data, f"deck{chosen.suffixes[0]}", Wishes())[1].notes[0].note.answer == text


@pytest.mark.parametrize("chosen", [formats.TABLE, formats.PAIRS], ids=["csv", "tsv"])
@pytest.mark.parametrize("text", ["=1+1", "-5+3", "+49 (30) 1", "@home", "'=1", "'it", "- one", "=", "＝1"])
def test_what_looks_like_a_formula_comes_back_as_it_was(chosen, text):
    data = formats.write(chosen, leaving(Note(CardKind.BASIC, f"{text}?", text))).data

    found = formats.read(data, f"deck{chosen.suffixes[0]}", Wishes())[1].notes[0].note

    assert [markup.plain(one) for one in (found.question, found.answer)] == [
        markup.plain(one) for one in (f"{text}?", text)
    ]
