from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.cards import CardKind, Draft, DraftStatus, Face, Illustration, Note, Source, answering, faces, items

SOURCE = Source("Lobster ran for 72 hours straight.", 10, 44, "Ada Byron")


def draft(
    kind: CardKind = CardKind.BASIC, question: str = "How long did Lobster run?", answer: str = "72 hours"
) -> Draft:
    return Draft(kind, question, answer, SOURCE, "test", 0.9, DraftStatus.READY)


def test_the_id_of_a_draft_depends_on_its_content_alone():
    moved = replace(draft(), source=replace(SOURCE, start=99, end=133), score=0.1, status=DraftStatus.REVIEW)

    assert moved.id == draft().id
    assert draft(answer="73 hours").id != draft().id
    assert len(draft().id) == 16


def test_keeping_a_gap_makes_a_cloze_note_that_asks_the_same():
    note = draft(CardKind.CLOZE, "Lobster ran for […] straight.").as_note()

    assert note.question == "Lobster ran for {{c1::72 hours}} straight."
    assert faces(note) == (Face(1, "Lobster ran for […] straight.", "72 hours"),)


def test_a_plain_note_asks_one_question():
    assert faces(Note(CardKind.BASIC, "Q", "A")) == (Face(0, "Q", "A"),)


def test_a_cloze_note_asks_one_question_a_number():
    asked = faces(Note(CardKind.CLOZE, "{{c1::Ada}} met {{c2::Bo}}."))

    assert [(face.ordinal, face.question, face.answer) for face in asked] == [
        (1, "[…] met Bo.", "Ada"),
        (2, "Ada met […].", "Bo"),
    ]


def test_items_stand_one_a_line():
    assert items("- one\n\n two \nthree") == ("one", "two", "three")


def test_a_quoted_row_has_a_cell_for_each_column():
    quoted = Source("Skarn | 43 m\nPike | 12 m | often", 0, 0, columns=("Boat", "Length", "Seen"))

    assert quoted.rows == (("Skarn", "43 m", ""), ("Pike", "12 m", "often"))


def test_the_header_of_quoted_rows_is_none_of_them():
    assert Source("Boat | Length\nPike | 12 m", 0, 0, columns=("Boat", "Length")).rows == (("Pike", "12 m"),)


def test_prose_with_bars_is_no_table():
    assert Source("red | green", 0, 0).rows == ()


@pytest.mark.parametrize(
    ("answers", "cells"),
    [
        pytest.param(["12 M"], {(1, 1)}, id="whatever the case"),
        pytest.param(["4"], {(0, 2)}, id="the cell that is it rather than one that holds it"),
        pytest.param(["every 4 s"], {(1, 2)}, id="a part of a cell"),
        pytest.param(["Skarn", "Pike"], {(0, 0), (1, 0)}, id="each item"),
        pytest.param(["very", "", "True"], set(), id="no part of a word"),
    ],
)
def test_the_cell_that_says_an_answer_is_found(answers, cells):
    rows = (("Skarn", "4 m", "4"), ("Pike", "12 m", "2 every 4 s"))

    assert answering(rows, answers) == cells


@given(*[st.integers(1, 20_000)] * 2, *[st.integers(1, 1_000)] * 2)
def test_a_picture_is_never_larger_than_its_room_and_keeps_its_height_when_it_arrives(width, height, wide, high):
    size = Illustration(1, "a" * 64, "A pier", width, height, "image/png", 0).within(wide, high)

    assert size[0] <= min(width, wide)
    assert size[0] == 1 or size[1] <= min(height, high) + max(1, height / width)
    assert size[1] == 1 or abs(size[1] - size[0] * height / width) <= 0.5
