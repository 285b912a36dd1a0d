"""Files that are broken, endless or meant to harm bring a sentence or few notes, and never anything else."""

import io
import json
import random
import zipfile
from contextlib import suppress

import pytest

from quizapp import markup
from quizapp.errors import InvalidInput, QuizappError
from quizapp.exchange import columns, delimited, formats, gift, kahoot, markdown, moodle, recto
from quizapp.exchange.layout import MAX_COLUMNS, Wishes
from quizapp.exchange.spreadsheets import as_workbook
from tests.exchange.leaving import EVERY_KIND, leaving

BOMB = b'<?xml version="1.0"?><!DOCTYPE q [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><quiz><question type="essay"/>&b;</quiz>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE q [<!ENTITY a SYSTEM "file:///etc/passwd">]><quiz>&a;</quiz>'
DEEP = b"<quiz>" + b"<question>" * 5_000 + b"</question>" * 5_000 + b"</quiz>"


def read(data: bytes, filename: str):
    return formats.read(data, filename, Wishes())[1]


def test_a_million_columns_are_read_as_far_as_there_may_be():
    found = read(b",".join([b"x"] * 1_000_000) + b"\na,b\n", "wide.csv")

    assert [note.note.answer for note in found.notes] == ["x", "b"]
    assert found.troubles[0].column == MAX_COLUMNS + 1


def test_rows_beyond_the_most_are_told_of_with_their_line(monkeypatch):
    monkeypatch.setattr(columns, "MAX_ROWS", 10)

    found = read(b"a,b\n" * 15, "long.csv")

    assert (len(found.notes), found.troubles[0].line) == (10, 11)


def test_a_quotation_mark_that_is_never_closed_loses_no_row():
    found = read(b'a,b\nc,"d\ne,f\n', "open.csv")

    assert [note.note.question for note in found.notes] == ["a", "c", "e"]
    assert (found.troubles[0].line, found.troubles[0].column) == (2, 2)


@pytest.mark.parametrize(
    "data", [BOMB, OUTSIDE, DEEP, b"<quiz><question", b"<?xml version='1.0'?><html/>", b"<quiz>\xff\xfe</quiz>"]
)
def test_xml_that_is_no_question_bank_is_refused(data):
    with pytest.raises(InvalidInput):
        read(data, "bank.xml")


@pytest.mark.parametrize(
    "data",
    [
        b'{"format": "recto-deck", "version": 1, "notes": [' + b"[" * 100_000,
        b'{"format": "recto-deck", "version": 3, "notes": []}',
        b'{"format": "recto-deck", "version": "1", "notes": []}',
        b'{"a": 1}',
        b'{"format": "recto-deck", "version": ' + b"9" * 10_000 + b"}",
        b'{"format": "recto-deck", "version": NaN, "notes": []}',
        b'{"format":\n "recto-deck"',
    ],
    ids=["deep", "newer", "text for number", "other", "long number", "NaN", "cut off"],
)
def test_json_that_is_no_deck_is_refused(data):
    with pytest.raises(InvalidInput):
        read(data, "deck.json")


def test_broken_json_is_told_of_with_line_and_column():
    with pytest.raises(InvalidInput, match="line 2, column 3"):
        read(b'{"a":\n  nope', "deck.json")


CARD = {"kind": "basic", "question": "a", "answer": "b"}


@pytest.mark.parametrize(
    "note",
    [
        *(None, 5, [], {}, {"kind": "odd", "question": "a"}, {**CARD, "question": 5}, {**CARD, "source": 3}),
        *({**CARD, "source": {"quote": "x", "start": -1}}, {**CARD, "modified": "yesterday"}, {**CARD, "choices": [1]}),
    ],
    ids=str,
)
def test_a_note_that_is_none_is_left_out_and_the_others_come(note):
    good = {"kind": "basic", "question": "Who?", "answer": "Ada"}
    found = read(json.dumps({"format": "recto-deck", "version": 1, "notes": [note, good]}).encode(), "deck.json")

    assert [one.note.answer for one in found.notes] == ["Ada"]
    assert len(found.troubles) == 1


@pytest.mark.parametrize("filename", [f"empty{suffix}" for suffix in formats.suffixes()])
@pytest.mark.parametrize("data", [b"", b" \n\t\n", b"\xef\xbb\xbf"], ids=["nothing", "blanks", "a mark"])
def test_an_empty_file_is_refused_or_brings_nothing(filename, data):
    with suppress(InvalidInput):
        assert read(data, filename).notes == ()


def workbook(sheet: str) -> bytes:
    made = kahoot.write(leaving(*EVERY_KIND)).data
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, sheet if name.endswith("sheet1.xml") else old.read(name))
    return out.getvalue()


def test_formulas_of_a_spreadsheet_bring_what_they_show():
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    cells = '<c r="A1" t="str"><f>HYPERLINK("http://evil")</f><v>Who?</v></c><c r="B1" t="str"><f>1+1</f><v>Ada</v></c>'
    more = '<c r="A2" t="str"><f>cmd|calc</f></c><c r="B2"><v>3</v></c>'
    sheet = (
        f'<worksheet xmlns="{main}"><sheetData><row r="1">{cells}</row><row r="2">{more}</row></sheetData></worksheet>'
    )
    found = read(workbook(sheet), "deck.xlsx")

    assert [(one.note.question, one.note.answer) for one in found.notes] == [("Who?", "Ada")]
    assert found.troubles[0].line == 2


def test_a_workbook_with_a_document_type_is_refused():
    with pytest.raises(InvalidInput):
        read(workbook('<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'), "deck.xlsx")


def test_an_archive_of_something_else_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "a")
    with pytest.raises(InvalidInput, match=r"\.apkg"):
        read(out.getvalue(), "deck.csv")


@pytest.mark.parametrize("module", [delimited, markdown, gift, moodle, recto, kahoot], ids=lambda one: one.__name__)
def test_bytes_of_any_kind_bring_a_refusal_or_notes_that_can_be_shown(module):
    dice = random.Random(7)
    files = [formats.write(one, leaving(*EVERY_KIND)).data for one in formats.FORMATS]
    for _ in range(60):
        data = bytearray(dice.choice(files))
        for _ in range(dice.randrange(1, 12)):
            at = dice.randrange(len(data))
            data[at : at + dice.randrange(3)] = bytes(dice.randrange(256) for _ in range(dice.randrange(4)))
        with suppress(QuizappError):
            for one in module.read(bytes(data), Wishes()).notes:
                assert markup.to_html(one.note.question)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_words_come_whole_whatever_the_encoding(encoding):
    text = "".join(f"Länge {n};Größe des Flußes “{n}”\n" for n in range(20))
    found = read(text.encode(encoding), "words.csv")

    assert found.notes[3].note.question == "Länge 3"
    assert found.notes[3].note.answer == "Größe des Flußes “3”"


@pytest.mark.parametrize(
    "text",
    ["{" * 20_000, "{\n\n" * 5_000, "::a" * 20_000, "\\" * 50_000, "=~" * 20_000, "a {" + "=x ~y " * 20_000 + "}", "//\n" * 9_000,
     "a {#" + "1" * 9_000 + "}", "%" * 20_000, "[" * 9_000 + "{T}"],
    ids=["braces", "open braces", "names", "backslashes", "marks", "options", "comments", "digits", "percents", "brackets"],
)  # fmt: skip
@pytest.mark.parametrize("module", [gift, markdown, delimited], ids=lambda one: one.__name__)
def test_what_repeats_without_end_comes_to_an_end(module, text):
    with suppress(QuizappError):
        assert len(module.read(text.encode(), Wishes()).notes) <= len(text)


@pytest.mark.parametrize(
    ("before", "again", "behind"),
    [("a {", "=", "}"), ("::", " ", "}"), ("a {#1", " ", "x}"), ("//", "[id:", "\n\na {=b}"), ("", "//\n", "a {=b}")],
    ids=["marks", "a name", "a number", "marks in a comment", "comments"],
)
def test_two_megabytes_of_gift_come_to_an_end(before, again, behind):
    text = before + again * (2_000_000 // len(again)) + behind

    assert len(gift.read(text.encode(), Wishes()).notes) <= 1


def test_broken_xml_is_told_with_its_place():
    with pytest.raises(InvalidInput, match="broken at line 3, column"):
        moodle.read(b"<quiz>\n<question>\n<name><text>x</name>\n</question></quiz>", Wishes())


def test_a_part_of_a_note_that_is_not_as_it_should_be_is_named():
    (told,) = recto.read(
        b'{"format": "recto-deck", "version": 2, "notes": [{"kind": "basic", "question": 5}]}', Wishes()
    ).troubles

    assert told.message.endswith("see what it says as “question”.")


def test_a_kahoot_that_names_no_right_answer_is_told_with_its_cell():
    cells = ("Which?", "a", "b", "", "", 20, "7")
    data = as_workbook({1: kahoot.HEAD, 2: cells}, name="Kahoot")

    (told,) = kahoot.read(data, Wishes()).troubles

    assert (told.line, told.column) == (2, 7)
