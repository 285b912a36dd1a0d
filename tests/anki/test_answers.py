import pytest

from quizapp.anki.read import _answer
from quizapp.hypertext import card_text

FRONT = "What is it?"


@pytest.mark.parametrize(
    "answer",
    [
        "A cell",
        "A cell &amp; more",
        "1. A cell\n\n2. A wall",
        "# No heading",
        "<b>A cell</b>",
        "<ul><li>A cell</li></ul>",
        "A</div>B",
        "<pre>a\n  b</pre>",
        "\\(x < 1\\)",
        "&nbsp;A",
    ],
)
@pytest.mark.parametrize("rest", ["", "Above ", "<i>Above</i>"])
def test_blanks_of_a_template_around_an_answer_change_nothing(answer: str, rest: str):
    back = f"{FRONT}{rest}\n\n<hr id=answer>\n\n{answer}\n"

    shown = card_text(_answer(FRONT, back))

    assert shown == card_text(f"\n{rest}\n\n<div>\n\n{answer}\n</div>")
