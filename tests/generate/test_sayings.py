"""Who said it: one example a place of the name."""

import pytest

from tests.generate.conftest import proposed

SAYINGS = {
    "between": (
        'The historian Cleo Marsh disagrees. "Every mill," Marsh writes, "takes its own noise for silence."',
        "Who wrote: “Every mill takes its own noise for silence”?",
        "Cleo Marsh",
    ),
    "after, by a pronoun": (
        'My neighbour, Ada Byron, runs a mill. "You write about the right to rest," she said. "My people have the duty to weave."',
        "Who said: “You write about the right to rest. My people have the duty to weave”?",
        "Ada Byron",
    ),
    "in front": (
        "The clerk Bo Li rang. Li told me: “You sell to those who own a loom and not to those who wear a coat.”",
        "Who said: “You sell to those who own a loom and not to those who wear a coat”?",
        "Bo Li",
    ),
    "with a lead of its own": (
        'Cleo Marsh wrote that weaving is "the quietest form of saying what you mean."',
        "Who wrote that weaving is “the quietest form of saying what you mean”?",
        "Cleo Marsh",
    ),
}


@pytest.mark.parametrize(("text", "question", "answer"), SAYINGS.values(), ids=SAYINGS)
def test_who_said_it_is_asked_where_the_name_stands_by(text, question, answer):
    assert proposed(f"# Weaving\n\n{text}\n", "saying") == [(question, answer)]


def test_nobody_is_named_where_she_may_be_two_people():
    text = 'Both Ada Byron and Cleo Marsh came. "My people have the duty to weave," she said.'
    assert proposed(f"# Weaving\n\n{text}\n", "saying") == []
