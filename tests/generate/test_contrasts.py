"""How two things differ: one example a shape."""

import pytest

from tests.generate.conftest import proposed

RULES = ("differs", "difference", "shared", "rather", "while")

CONTRASTS = {
    "unlike": (
        "Unlike in Leeds, a weaver belongs to one mill and not to the whole town.",
        "How does a weaver differ from one in Leeds?",
        "It belongs to one mill and not to the whole town",
    ),
    "two clauses on things of a kind": (
        "A hand loom is driven by the weaver; a power loom is driven by a belt and must be watched by two people.",
        "How does a power loom differ from a hand loom?",
        "It is driven by a belt and must be watched by two people",
    ),
    "two clauses that do the same": (
        "A fixed wage puts the risk on the owner, while a piece wage puts it on the weaver.",
        "While a fixed wage puts the risk on the owner, what does a piece wage do?",
        "Puts the risk on the weaver",
    ),
    "the first and the second of two things": (
        "Early waste is thread that breaks on the loom. Late waste is cloth that no shop buys. "
        "The first can be spun again in a week. The second is lost on the day of the sale.",
        "How do early waste and late waste differ?",
        "Early waste can be spun again in a week; late waste is lost on the day of the sale",
    ),
    "the second only denies": (
        "A wet thread holds for an hour. A dry thread doesn't.",
        "How does a wet thread differ from a dry thread?",
        "It holds for an hour",
    ),
    "the difference said outright": (
        "The difference between the drum and every earlier wheel isn't that it turns faster; it is that it never stops.",
        "What is the difference between the drum and every earlier wheel?",
        "The drum never stops",
    ),
    "a fault in common": (
        "A strike has the same fault as a fire: it ends the work of the innocent too.",
        "Which fault does a strike share with a fire?",
        "It ends the work of the innocent too",
    ),
    "one and not the other": (
        "Don't sell cloth, sell coats.",
        "What should you sell, if not cloth?",
        "Coats",
    ),
}


@pytest.mark.parametrize(("text", "question", "answer"), CONTRASTS.values(), ids=CONTRASTS)
def test_what_differs_is_asked_for(text, question, answer):
    assert (question, answer) in proposed(f"# Weaving\n\n{text}\n", *RULES)


@pytest.mark.parametrize(
    "text",
    [
        "The ground floor is open to all. The second floor isn't and isn't meant to be.",
        "It holds for an hour. A dry thread doesn't.",
        "The jar may be old. The thread isn't.",
    ],
)
def test_nothing_is_asked_where_one_side_says_nothing(text):
    assert proposed(f"# Weaving\n\n{text}\n", *RULES) == []
