import pytest

from quizapp.domain.cards import CardKind, items
from tests.generate.conftest import ENGLISH, generated


def orders(text):
    drafts = generated(f"{ENGLISH}\n## Tasting cheese\n\n{text}\n").drafts
    return [draft for draft in drafts if draft.kind is CardKind.ORDER]


@pytest.mark.parametrize(
    "text",
    [
        "To judge a cheese, the taster first looks at the rind, then smells the paste, and finally eats a piece.",
        "First, the taster looks at the rind. After that, the taster smells the paste. Finally, the taster eats a piece.",
    ],
    ids=["in a sentence", "in a paragraph"],
)
def test_what_is_told_in_its_order_is_put_in_order(text):
    (draft,) = orders(text)

    assert draft.question == "Put the steps of “Tasting cheese” in order."
    steps = items(draft.answer)
    assert [step.split()[-1] for step in steps] == ["rind", "paste", "piece"]
    assert steps[0] == "The taster looks at the rind"
    assert draft.source.quote == text


@pytest.mark.parametrize(
    "text",
    [
        "First, cheese is cheap. Second, cheese is good. Finally, cheese is old.",
        "First, the taster looks at the rind. Cheese is old. Then the taster smells it. Finally, the taster eats.",
        "At first I hated the cheese, then I tried the cheese, and finally I loved the cheese.",
        "First, the milk is warmed. Then rennet is added. Finally, it is pressed.",
        "First, the taster looks at the rind. Then the taster eats a piece.",
    ],
    ids=["reasons", "a sentence between", "a story", "pointing back", "two"],
)
def test_what_has_no_order_of_its_own_is_not_put_in_order(text):
    assert not orders(text)
