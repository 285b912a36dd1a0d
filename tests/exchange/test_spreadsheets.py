import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.exchange.spreadsheets import BEGINNINGS, NUMBER, as_csv

CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"))


def read(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@given(st.lists(st.tuples(CELLS, CELLS)))
def test_what_is_written_is_read_back_but_for_the_quote_before_a_formula(rows):
    found = read(as_csv(["One", "Two"], rows))

    assert found[1:] == [
        [
            f"'{cell}" if cell.lstrip(" ").startswith(BEGINNINGS) and not NUMBER.fullmatch(cell.lstrip(" ")) else cell
            for cell in row
        ]
        for row in rows
    ]


@pytest.mark.parametrize("cell", ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1"])
def test_no_cell_is_taken_for_a_formula(cell):
    assert read(as_csv(["A"], [[cell]]))[1] == [f"'{cell}"]


def test_figures_stay_figures_and_nothing_stays_empty():
    assert as_csv(["A", "B", "C"], [[-1, 2.5, None]]).decode("utf-8-sig") == "A,B,C\r\n-1,2.5,\r\n"
