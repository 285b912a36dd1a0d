"""The passage that a card shows."""

import pytest

from quizapp.domain.cards import CardKind
from quizapp.domain.documents import Span
from quizapp.generate import quoting
from quizapp.generate.candidates import Candidate
from quizapp.ingest import read

LINE = "two threads both slide over the drum and both lose their tension while the loom goes on"
SOURCE = f"# Weaving\n\n## Faults of the warp\n\n- Creep: {LINE}\n"


def quote(answer: str) -> str:
    document = read(SOURCE.encode(), "a.md")
    start = document.text.index("Creep")
    one = Candidate(CardKind.BASIC, "What?", answer, Span(start, start + len(f"Creep: {LINE}")), "label", 0.9)
    return quoting.quoted(one, document).of(document.text)


def test_a_quote_that_is_hardly_more_than_the_answer_takes_the_lines_above_along():
    assert quote(LINE).startswith("Faults of the warp")
    assert quote(LINE).endswith(LINE)


def test_a_quote_that_says_more_than_the_answer_stays_as_it_is():
    assert quote("over the drum") == f"Creep: {LINE}"


TABLE = "# Lights\n\nLook out.\n\n| Light | Range |\n|---|---|\n| Skarn | 43 m |\n| Pike | 12 m |\n"


@pytest.mark.parametrize(
    ("passage", "named"),
    [
        pytest.param("Skarn | 43 m", ("Light", "Range"), id="a row"),
        pytest.param("Skarn | 43 m\nPike | 12 m", ("Light", "Range"), id="rows"),
        pytest.param("Light | Range\nSkarn | 43 m", ("Light", "Range"), id="a row with the header"),
        pytest.param("Skarn", (), id="a cell"),
        pytest.param("Look out.", (), id="prose"),
        pytest.param("Look out.\nLight | Range\nSkarn | 43 m", (), id="a row with prose"),
    ],
)
def test_quoted_rows_know_their_columns(passage, named):
    document = read(TABLE.encode(), "a.md")
    start = document.text.index(passage)

    assert quoting.columns(Span(start, start + len(passage)), document.blocks) == named
