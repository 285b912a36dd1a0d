"""Definitions turned round."""

from tests.generate.conftest import proposed


def test_the_term_of_a_definition_is_asked_for():
    text = "A snag is a thread that has come loose from the weave."
    asked = ("Which term means “a thread that has come loose from the weave”?", "Snag")
    assert asked in proposed(f"# Weaving\n\n{text}\n", "term")


def test_a_meaning_that_is_a_sentence_is_what_happens():
    source = "# Weaving\n\n- Warp creep: two threads both slide and both lose grip\n"
    assert proposed(source, "term") == [
        ("What is it called when two threads both slide and both lose grip?", "Warp creep")
    ]


def test_a_meaning_that_holds_the_term_is_not_turned_round():
    assert proposed("# Weaving\n\nA drum brake is a brake that stops the drum of a loom.\n", "term") == []
