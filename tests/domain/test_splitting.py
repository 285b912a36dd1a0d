import pytest

from quizapp.domain.cards import CardKind, Note
from quizapp.domain.splitting import halves


@pytest.mark.parametrize(
    ("note", "first", "second"),
    [
        pytest.param(Note(CardKind.LIST, "Q", "a\nb\nc"), ("Q", "a\nb"), ("Q", "c"), id="items"),
        pytest.param(
            Note(CardKind.BASIC, "Q", "It is red. It burns."), ("Q", "It is red."), ("Q", "It burns."), id="text"
        ),
        pytest.param(Note(CardKind.BASIC, "Q", "red; hot"), ("Q", "red"), ("Q", "hot"), id="semicolons"),
        pytest.param(Note(CardKind.BASIC, "Q", "red"), ("Q", "red"), ("Q", "red"), id="one part"),
        pytest.param(Note(CardKind.TRUE_FALSE, "Q", "True"), ("Q", "True"), ("Q", "True"), id="true or false"),
        pytest.param(
            Note(CardKind.CLOZE, "{{c1::a}} b {{c2::c}} {{c4::d}}"),
            ("{{c1::a}} b {{c2::c}} d", ""),
            ("a b c {{c4::d}}", ""),
            id="gaps",
        ),
        pytest.param(Note(CardKind.CLOZE, "{{c1::a}} b"), ("{{c1::a}} b", ""), ("{{c1::a}} b", ""), id="one gap"),
    ],
)
def test_halves(note, first, second):
    assert [(half.question, half.answer) for half in halves(note)] == [first, second]
