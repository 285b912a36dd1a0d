from quizapp.domain.documents import BlockKind
from quizapp.ingest import grids
from quizapp.ingest.grids import Cell


def outline(*rows: str) -> list[tuple[BlockKind, str, tuple[str, ...]]]:
    made = grids.rows([Cell(words) for words in row.split("|")] for row in rows)
    return [(piece.kind, piece.text, piece.columns) for piece in made]


def test_the_first_row_names_the_columns_of_the_others():
    assert outline("Port|Range", "Helm|4 m") == [
        (BlockKind.ROW, "Port | Range", ()),
        (BlockKind.ROW, "Helm | 4 m", ("Port", "Range")),
    ]


def test_a_first_row_of_one_cell_is_what_the_table_is_called_and_an_empty_row_is_none():
    assert outline("Tides in May|", "|", "Port|Range", "Helm|4 m")[:2] == [
        (BlockKind.PARAGRAPH, "Tides in May", ()),
        (BlockKind.ROW, "Port | Range", ()),
    ]


def test_no_row_is_wider_than_the_limit():
    row = next(grids.rows([[Cell(str(at)) for at in range(100_000)]]))

    assert row.text.count(" | ") == grids.MAX_COLUMNS - 1
    assert grids.span("9" * 9) == grids.MAX_COLUMNS
    assert [grids.span(given) for given in (None, "", "x", "-3", "0", "3")] == [1, 1, 1, 1, 1, 3]
