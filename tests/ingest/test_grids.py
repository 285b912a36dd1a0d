import pytest

from quizapp.domain.documents import BlockKind, Picture
from quizapp.ingest import grids
from quizapp.ingest.grids import Cell
from quizapp.ingest.pieces import Piece


def outline(*rows: str, heads: int = 0, strong: bool = False) -> list[tuple[BlockKind, str, tuple[str, ...]]]:
    """Return what becomes of rows; only the first of them may be bold."""
    cells = ([Cell(words, strong=strong and at == 0) for words in row.split("|")] for at, row in enumerate(rows))
    made = grids.rows(grids.laid_out(cells, heads=heads))
    return [(piece.kind, piece.text, piece.columns) for piece in made]


def columns(*rows: str, heads: int = 0, strong: bool = False) -> tuple[str, ...]:
    return outline(*rows, heads=heads, strong=strong)[-1][2]


def test_a_row_that_the_file_calls_a_header_names_the_columns_of_the_others():
    assert outline("Capital|Paris", "Language|French", heads=1) == [
        (BlockKind.ROW, "Capital | Paris", ()),
        (BlockKind.ROW, "Language | French", ("Capital", "Paris")),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        ("Port|Range", "Helm|4 m", "Brae|3 m"),
        ("Country|2019|2020", "Norway|12|14"),
        ("Light|Owner|Keeper", "Skarn|the crown|Ada"),
        ("Term|Meaning", "Eclipse|the time between two flashes of a light"),
    ],
)
def test_without_a_mark_a_first_row_of_names_above_other_things_is_a_header(rows):
    assert columns(*rows) == tuple(rows[0].split("|"))


@pytest.mark.parametrize(
    "rows",
    [
        ("Capital|Paris", "Language|French"),  # facts about one thing
        ("Founded|1990", "Staff|40"),
        ("Norway|12|14", "Sweden|13|15"),
        ("Opened.|It rained all day.|Nobody came.", "Closed.|The sun came out.|All came."),
        ("Skarn|light|north", "Ulver|light|south"),  # a word that recurs below is no name
    ],
)
def test_a_first_row_that_is_like_the_others_is_none(rows):
    assert columns(*rows) == ()


def test_a_first_row_in_bold_names_two_columns_of_words_unless_all_rows_are_bold():
    assert columns("Country|Capital", "France|Paris", strong=True) == ("Country", "Capital")
    bold = [[Cell(words, strong=True) for words in row] for row in (("Country", "Capital"), ("France", "Paris"))]
    assert list(grids.rows(grids.laid_out(bold)))[-1].columns == ()


def test_a_header_of_two_rows_gives_both_names():
    assert columns("Light|Height|", "|tide|land", "Skarn|4 m|5 m", heads=2) == ("Light", "Height tide", "land")


def test_a_row_of_one_cell_calls_what_comes_below_and_an_empty_row_is_none():
    found = outline("Tides in May|", "|", "Port|Range", "North|", "Helm|4 m")

    assert [(kind, text) for kind, text, _ in found] == [
        (BlockKind.PARAGRAPH, "Tides in May"),
        (BlockKind.ROW, "Port | Range"),
        (BlockKind.PARAGRAPH, "North"),
        (BlockKind.ROW, "Helm | 4 m"),
    ]


def test_a_row_wider_than_the_header_has_no_columns():
    assert columns("Port|Range", "Helm|4 m|in May", heads=1) == ()


def test_no_row_is_wider_than_the_limit():
    row = next(grids.rows(grids.laid_out([[Cell(str(at)) for at in range(100_000)]])))

    assert row.text.count(" | ") == grids.MAX_COLUMNS - 1
    assert grids.span("9" * 9) == grids.MAX_COLUMNS
    assert [grids.span(given) for given in (None, "", "x", "-3", "0", "3")] == [1, 1, 1, 1, 1, 3]


def test_the_pictures_in_its_cells_stand_below_a_table():
    shown = [Piece(BlockKind.PARAGRAPH, "", picture=Picture(b"", "image/png", 9, 9, alt)) for alt in ("Skarn", "Pike")]
    rows = [[Cell("Light"), Cell.of(shown[:1])], [Cell.of(shown[1:])], [Cell("Skarn"), Cell("43 m")]]

    made = list(grids.rows(grids.laid_out(rows)))

    assert [piece.text for piece in made] == ["Light", "Skarn | 43 m", "", ""]
    assert made[2:] == shown
