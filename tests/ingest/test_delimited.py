"""Tables, glossaries and questions in delimited files."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.documents import BlockKind
from quizapp.ingest import read
from quizapp.ingest.delimited import read as pieces_of
from quizapp.ingest.sheets import MAX_COLUMNS, MAX_ROWS

LIGHTS = [("Light", "Height", "Flashes"), ("Skarn", "43 m", "2 every 15 s"), ("Ulver", "28 m", "1 every 10 s")]


def blocks(text: str) -> list[tuple[BlockKind, str]]:
    return [(piece.kind, piece.text) for piece in pieces_of(text).pieces]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"], ids=["comma", "semicolon", "tab", "pipe"])
def test_rows_are_parted_at_whatever_sign_parts_them(sign):
    found = pieces_of("\n".join(sign.join(row) for row in LIGHTS)).pieces

    assert [piece.text for piece in found] == [" | ".join(row) for row in LIGHTS]
    assert [piece.columns for piece in found] == [(), LIGHTS[0], LIGHTS[0]]


def test_decimal_commas_do_not_part_the_cells_of_a_file_with_semicolons():
    assert blocks("Light;Share\nSkarn;1,5\nUlver;2,5")[1] == (BlockKind.ROW, "Skarn | 1,5")


def test_quoted_cells_keep_their_commas_and_lose_their_line_breaks():
    found = blocks('Light,Keeper,Note\nSkarn,"Byron, Ada","Two\nflashes"\nUlver,Li,One')

    assert found[1] == (BlockKind.ROW, "Skarn | Byron, Ada | Two flashes")


def test_a_quotation_mark_that_is_never_closed_hides_no_rows():
    lines = ["Light,Size", *(f'L{at},"{at} inch' if at == 2 else f"L{at},{at}" for at in range(300))]

    assert blocks("\n".join(lines))[-1] == (BlockKind.ROW, "L299 | 299")


def test_terms_with_definitions_are_the_items_of_a_list():
    found = pieces_of("Term,Definition\nEclipse,the time between two flashes").pieces

    assert [(piece.kind, piece.text, piece.lead) for piece in found] == [
        (BlockKind.HEADING, "Terms", ""),
        (BlockKind.BULLET, "Eclipse: the time between two flashes", "Eclipse"),
    ]


def test_two_columns_without_a_header_are_a_glossary_where_the_second_explains():
    found = blocks("Eclipse,the time between two flashes\nCharacter,the rhythm by which sailors know a light")

    assert found[0] == (BlockKind.BULLET, "Eclipse: the time between two flashes")


def test_questions_lead_their_answers_and_tags_are_left_out():
    found = pieces_of("Question,Answer,Tags\nWhen was it built?,It was built in 1871.,history").pieces

    assert [(piece.text, piece.lead) for piece in found] == [
        ("When was it built? It was built in 1871.", "When was it built?")
    ]


def test_the_line_above_the_header_is_the_title_and_the_one_below_the_rows_a_paragraph():
    text = "Lights of the coast,,\n" + "\n".join(map(",".join, LIGHTS)) + "\nSource: harbour office,,"

    found = read(text.encode(), "lights.csv")

    assert found.title == "Lights of the coast"
    assert found.blocks[-1].kind is BlockKind.PARAGRAPH


def test_empty_rows_part_tables_with_headers_of_their_own():
    found = pieces_of("Light,Height\nSkarn,43 m\n,\nKeeper,Since\nAda,in May\nBo,in June").pieces

    assert [piece.columns for piece in found] == [(), ("Light", "Height"), (), ("Keeper", "Since"), ("Keeper", "Since")]


def test_an_empty_row_within_a_table_does_not_end_it():
    found = pieces_of("Light,Height,Lit\nSkarn,43,1971\nUlver,28,1980\n,,\nTange,35,1990\nOrn,20,1991").pieces

    assert {piece.columns for piece in found[1:]} == {("Light", "Height", "Lit")}


def test_comments_and_settings_are_no_rows():
    found = blocks("#separator:tab\n#html:true\n# of 2021\nLight\tHeight\nSkarn\t43 m")

    assert [text for _, text in found] == ["Light | Height", "Skarn | 43 m"]


def test_a_byte_order_mark_and_an_old_encoding_are_read():
    assert "Größe" in read("Licht;Größe\nSkarn;43".encode("utf-16"), "a.csv").text
    assert "Größe" in read("\ufeffLicht;Größe\nSkarn;43".encode(), "a.csv").text


def test_what_is_too_wide_or_too_long_is_cut_with_a_sentence():
    wide = pieces_of(",".join(f"c{at}" for at in range(100_000)))
    long = pieces_of("a,b\n" * (MAX_ROWS + 10))

    assert len(wide.pieces[0].text.split(" | ")) == MAX_COLUMNS
    assert wide.problems == ("This table is wider than 200 columns; only those were read.",)
    assert len(long.pieces) == MAX_ROWS
    assert long.problems == ("This table is longer than 10,000 rows; only those were read.",)


def test_a_formula_is_only_text():
    assert blocks("Light,Note,Kind\nSkarn,=1+1,@SUM(A1)")[1] == (BlockKind.ROW, "Skarn | =1+1 | @SUM(A1)")


WORD = st.text(st.characters(codec="ascii", categories=["L"]), min_size=1, max_size=8)


@given(st.lists(st.tuples(WORD, WORD, WORD), min_size=2, max_size=8))
def test_every_cell_is_found_again_word_for_word(rows):
    out = io.StringIO()
    csv.writer(out).writerows(rows)

    found = " | ".join(piece.text for piece in pieces_of(out.getvalue()).pieces)

    assert all(cell in found for row in rows for cell in row)
