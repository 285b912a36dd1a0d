import pytest

from quizapp.domain.questions import Question, Way
from quizapp.web.paper import asked_on_paper, told_on_paper

WAYS = {
    "choice": (Question(None, Way.CHOICE, "Which?", "b", ("b",), ("a", "b")), "B. <span", "<b>B.</b> b"),
    "true or false": (
        Question(None, Way.TRUE_FALSE, "Which?", "c", ("False",), ("True", "False"), claim="a <b"),
        "Is this the answer? a &lt;b",
        "<b>False</b>: c",
    ),
    "order": (
        Question(None, Way.ORDER, "Which?", "", ("a", "<i>"), ("<i>", "a")),
        "</span> &lt;i&gt;</li>",
        "a → &lt;i&gt;",
    ),
    "list": (Question(None, Way.LIST, "Which?", "", ("a", "&")), "line-to-write", "a · &amp;"),
    "typed": (Question(None, Way.TYPED, "Which?", "*a*", ("a",)), "line-to-write", "<em>a</em>"),
}


@pytest.mark.parametrize("way", WAYS)
def test_each_way_of_asking_has_its_place_on_paper_with_what_others_wrote_escaped(way):
    question, asked, told = WAYS[way]

    assert asked in asked_on_paper([question], None)
    assert told in told_on_paper([question], None)


def test_every_gap_has_a_line_to_write_on():
    question = Question(None, Way.CLOZE, "[…] and […]", "a · b", ("a", "b"))

    assert asked_on_paper([question], None).count("line-to-write") == 2
