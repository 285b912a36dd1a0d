import json

import pytest

from quizapp.cli.printing import as_json, counted


@pytest.mark.parametrize("text", ["智能体", "🦞 … “ ”", "half a pair: \ud83e", "\x00\u2028"], ids=ascii)
def test_any_text_comes_back_from_json(text):
    assert json.loads(as_json([text]).decode()) == [text]


@pytest.mark.parametrize(("number", "told"), [(0, "0 cards"), (1, "1 card"), (1024, "1,024 cards")])
def test_things_are_counted_in_words(number, told):
    assert counted(number, "card") == told
