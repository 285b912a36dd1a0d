"""What to do, when, and why not to."""

import pytest

from tests.generate.conftest import proposed

RULES = ("order_when", "order_case", "ban_reason")

ORDERS = {
    "before": (
        "Take a photo of the broken drum before you touch it.",
        "What should you do before you touch the broken drum?",
        "Take a photo of the broken drum",
    ),
    "in a case": (
        "For burns: hold the hand under cold water.",
        "What should you do in case of burns?",
        "Hold the hand under cold water",
    ),
    "a ban with its reason": (
        "Never use the brake on a full drum. After a brake the warp hangs loose and the cloth has to be cut.",
        "Why should you never use the brake on a full drum?",
        "After a brake the warp hangs loose and the cloth has to be cut",
    ),
}


@pytest.mark.parametrize(("text", "question", "answer"), ORDERS.values(), ids=ORDERS)
def test_an_order_is_asked_for_with_its_case(text, question, answer):
    asked = [(ask.removeprefix("Drums: "), said) for ask, said in proposed(f"# Drums\n\n- {text}\n", *RULES)]
    assert (question, answer) in asked


def test_a_sentence_after_a_ban_that_gives_an_exception_is_no_reason():
    text = "Never use the brake on a full drum. Outside the shift the foreman may use it."
    assert proposed(f"# Drums\n\n{text}\n", "ban_reason") == []


def test_the_answer_to_a_call_for_advice_is_the_guest_s():
    source = "# A talk\n\n**Ada Byron:** Any advice for a young weaver?\n\n**Bo Li:** Find out who wears the coat. Then sleep.\n\n**Ada Byron:** Thanks?\n"
    assert proposed(source, "advice") == [("What is Bo Li’s advice for a young weaver?", "Find out who wears the coat")]
