import pytest

from quizapp.domain.documents import BlockKind
from quizapp.ingest import runs
from quizapp.ingest.runs import Look, Run


@pytest.mark.parametrize(
    ("said", "lead"),
    [
        ([Run("Ebb: ", bold=True), Run("it falls.")], "Ebb:"),
        ([Run("  "), Run("Ebb", bold=True), Run(" "), Run("tide", bold=True), Run(" falls.")], "Ebb tide"),
        ([Run("2.1 "), Run("Ebb.", bold=True), Run(" It falls.")], "Ebb."),
        ([Run("It falls at "), Run("ebb", bold=True)], ""),
        ([Run("E", bold=True), Run("bb falls.")], ""),
        ([Run("Why does it fall?", bold=True)], "Why does it fall?"),
        ([Run("It falls, and then it rises.", bold=True)], ""),
    ],
    ids=["opening", "in pieces", "behind a number", "inside", "a capital", "a question", "all"],
)
def test_the_lead_is_the_bold_words_that_a_text_opens_with(said, lead):
    assert next(runs.item(BlockKind.BULLET, said, 1)).lead == lead


def test_lines_that_name_what_they_tell_stand_apart():
    found = runs.paragraphs([Run("Speaker: Ada Byron\nDate: 3 May")])

    assert [piece.text for piece in found] == ["Speaker: Ada Byron", "Date: 3 May"]


def test_what_is_all_in_bold_or_italics_is_marked():
    assert [next(runs.paragraphs([run])).marked for run in (Run("So it is.", italic=True), Run("So it is."))] == [
        True,
        False,
    ]


def test_the_box_of_a_task_is_no_text():
    assert next(runs.item(BlockKind.BULLET, [Run("☐ Look.")], 1)).text == "Look."


def test_a_heading_of_the_length_of_a_paragraph_is_one():
    assert next(runs.heading([Run("It falls. " * 30)], 2)).kind is BlockKind.PARAGRAPH


def test_an_exponent_keeps_its_meaning_and_a_raised_word_stays():
    raised = Look(raised=True)

    assert runs.plain([Run("10"), raised.of("-6"), Run(" m, the 2"), raised.of("nd")]) == "10⁻⁶ m, the 2nd"


@pytest.mark.parametrize(
    ("said", "texts"),
    [
        ([Run("Bring:\n• a lamp\n• a rope")], ["Bring:", "a lamp", "a rope"]),
        ([Run("The tide waits\n– for nobody")], ["The tide waits – for nobody"]),
        (
            [Run("Mole:", bold=True), Run(" a wall\n"), Run("Quay:", bold=True), Run(" a bank")],
            ["Mole: a wall", "Quay: a bank"],
        ),
        ([Run("It rose.\n\nIt fell.")], ["It rose.", "It fell."]),
        ([Run("* * *")], []),
    ],
    ids=["typed list", "one dash", "leads", "empty line", "stars"],
)
def test_lines_of_a_paragraph_stand_for_themselves_where_several_open_alike(said, texts):
    assert [piece.text for piece in runs.paragraphs(said)] == texts
