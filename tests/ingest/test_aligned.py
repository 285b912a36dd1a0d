"""Tables of plain text become rows with columns; prose and lists stay what they are."""

import pytest

from quizapp.domain.documents import BlockKind
from quizapp.ingest.markdown import read_plain

BARS = "Dye | Bath | Time\nMadder | 60 °C | 45 min\nWeld | 80 °C | 30 min"
TABS = BARS.replace(" | ", "\t")
RULED = "Dye     Origin\n------  -------\nMadder  a root\nWeld    a leaf"
UNDERLINED = "Dye  | Origin\n-----+-------\nMadder | a root\nWeld | a leaf"


@pytest.mark.parametrize("table", [BARS, TABS])
def test_cells_between_bars_or_tabs_have_columns(table: str) -> None:
    read = read_plain(f"Dyes of the mill\n\nPick a bath:\n{table}\n\nRinse the yarn twice before it dries.")
    rows = [piece for piece in read.pieces if piece.kind is BlockKind.ROW]
    assert [row.text for row in rows] == ["Dye | Bath | Time", "Madder | 60 °C | 45 min", "Weld | 80 °C | 30 min"]
    assert rows[1].columns == ("Dye", "Bath", "Time")
    assert read.pieces[-1].text == "Rinse the yarn twice before it dries."


@pytest.mark.parametrize(("table", "first"), [(RULED, "Dye | Origin"), (UNDERLINED, "Dye | Origin")])
def test_a_rule_of_dashes_shows_the_names_of_columns(table: str, first: str) -> None:
    rows = [piece for piece in read_plain(f"Where dyes come from\n\n{table}").pieces if piece.kind is BlockKind.ROW]
    assert [row.text for row in rows] == [first, "Madder | a root", "Weld | a leaf"]


def test_columns_that_spaces_line_up_are_read_where_figures_stand_below_words() -> None:
    table = "Dye     Bath   Time\nMadder  60 °C  45 min\nWeld    80 °C  30 min"
    rows = [piece for piece in read_plain(f"Dyes of the mill\n\n{table}").pieces if piece.kind is BlockKind.ROW]
    assert rows[2].columns == ("Dye", "Bath", "Time")


@pytest.mark.parametrize(
    "lines",
    [
        "The bath is hot.  Wear gloves.\nIt cools slowly.  Wait an hour.\nThe yarn is 3 m.  Dry it.",
        "Ada Byron | Mill owner | Hilltop\nBo Li | Dyer | Hilltop\nCleo Marsh | Weaver | Fenside",
        "Madder | Weld\nWoad | Indigo",
        "```\nDye | Bath | Time\nMadder | 60 °C | 45 min\nWeld | 80 °C | 30 min\n```",
        "- Madder | 60 °C\n- Weld | 80 °C\n- Woad | 50 °C",
    ],
)
def test_what_has_no_names_of_columns_is_no_table(lines: str) -> None:
    assert not any(piece.kind is BlockKind.ROW for piece in read_plain(f"Notes\n\n{lines}").pieces)
