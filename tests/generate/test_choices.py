"""Cards that offer options: which, and what their wrong options are like."""

import pytest

from quizapp.domain.cards import CardKind
from tests.generate.conftest import ENGLISH, generated, panel

FABRICS = """# Harbour Laundry

## Fabrics

| Fabric | Programme | Detergent |
|---|---|---|
| Linen | Boil wash | Powder |
| Cotton | Boil wash | Flakes |
| Silk | Hand wash | Soap |
| Wool | Hand wash | Shampoo |
| Viscose | Easy care | Gel |
"""
SPEECHES = {
    "ada": "She compared an engine without steam to a mill without a river.",
    "bo": "Steam is over.",
    "cleo": "Looms are loud.",
}


def choices(source: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return answer and options by question."""
    drafts = generated(f"{source}{ENGLISH}").drafts
    return {one.question: (one.answer, one.choices) for one in drafts if one.kind is CardKind.CHOICE}


def options(source: str, words: str) -> set[str] | None:
    """Return the options of the one card that asks with some words; None where it offers none."""
    (found,) = (one for one in generated(f"{source}{ENGLISH}").drafts if words in one.question)
    return set(found.choices) or None


def test_a_cell_is_chosen_from_the_few_that_its_column_has():
    assert options(FABRICS, "programme of the fabric “Viscose”") == {"Boil wash", "Hand wash", "Easy care"}


def test_a_column_in_which_each_row_has_its_own_is_asked_without_options():
    asked = [one for one in generated(FABRICS + ENGLISH).drafts if "detergent" in one.question]

    assert asked
    assert all(one.kind is CardKind.BASIC for one in asked)


def test_two_things_are_too_few_to_choose_from():
    two = FABRICS.replace("Easy care", "Boil wash")

    assert not choices(two)


def test_an_option_of_another_form_is_none():
    odd = FABRICS.replace("| Wool | Hand wash |", "| Wool | Hand wash (30 °C) |")

    assert options(odd, "programme of the fabric “Viscose”") is None


def test_who_said_it_is_chosen_from_those_who_speak():
    asked = options(panel(**SPEECHES), "Which speaker compared")

    assert asked == {
        "Ada Byron (Chair of Engines at Babbage Ltd)",
        "Bo Li (Director, Research Division, Acme)",
        "Cleo Marsh (CEO of Thread and Co)",
    }


def test_somebody_who_says_the_same_is_no_wrong_option():
    echo = SPEECHES | {"cleo": "An engine without steam is a mill without a river."}

    assert options(panel(**echo), "Which speaker compared") is None


def test_a_role_with_a_word_of_the_question_in_it_offers_no_options():
    engines = SPEECHES | {"ada": "She compared engines without steam to mills without a river."}

    assert options(panel(**engines), "Which speaker compared") is None


def test_the_right_option_is_one_of_them_and_not_always_in_the_same_place():
    found = choices(FABRICS).values()

    assert all(answer in offered for answer, offered in found)
    assert len({offered.index(answer) for answer, offered in found}) > 1


def test_the_same_text_gives_the_same_options_in_the_same_order():
    assert choices(FABRICS) == choices(FABRICS)


@pytest.mark.parametrize("degree", ["highest", "lowest"])
def test_the_greatest_of_a_column_is_chosen_among_its_runners_up(degree):
    prices = "# Market\n\n## Fish\n\n| Fish | Price (€) |\n|---|---|\n| Cod | 18 |\n| Eel | 31 |\n| Carp | 9 |\n| Pike | 22 |\n| Perch | 26 |\n"

    near = {"highest": {"Eel", "Perch", "Pike", "Cod"}, "lowest": {"Carp", "Cod", "Pike", "Perch"}}
    assert options(prices, degree) == near[degree]
