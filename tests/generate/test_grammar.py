"""Base forms of verbs, as questions need them."""

import pytest

from quizapp.generate import grammar, language


@pytest.mark.parametrize(
    ("past", "base"),
    [
        ("quoted", "quote"), ("promoted", "promote"), ("excluded", "exclude"), ("escaped", "escape"), ("assumed", "assume"),
        ("invaded", "invade"), ("heated", "heat"), ("avoided", "avoid"), ("repaired", "repair"), ("guaranteed", "guarantee"),
        ("controlled", "control"), ("stopped", "stop"), ("monitored", "monitor"), ("looted", "loot"),
    ],
)  # fmt: skip
def test_a_verb_of_the_past_gets_the_e_that_it_lost_and_no_other(past, base):
    parsed = next(iter(language.parsed([f"The mill {past} the yarn"])))

    assert parsed is not None
    assert grammar.base(parsed[2]) == base
