import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain import cloze

WORDS = st.text(st.sampled_from("ab :{}[]…-"), min_size=1, max_size=12)


def test_a_gap_is_filled_with_what_it_hides():
    marked = cloze.mark("Lobster ran for […] straight.", "72 hours")

    assert marked == "Lobster ran for {{c1::72 hours}} straight."
    assert cloze.whole(marked) == "Lobster ran for 72 hours straight."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no gap", ()),
        ("{{c2::b}} and {{c1::a}}", (1, 2)),
        ("{{c1::a}} and {{c1::b}}", (1,)),
        ("{{c0::zero}} {{c3:: }} {{c1,2::both}}", ()),
    ],
    ids=["none", "in order", "once each", "nothing hidden"],
)
def test_the_numbers_of_a_text_are_those_that_hide_something(text, expected):
    assert cloze.numbers(text) == expected


def test_one_gap_is_asked_while_the_others_stand_open():
    text = "{{c1::Ada}} met {{c2::Bo::a director}} and {{c1::Cleo}}."

    assert cloze.blanked(text, 1) == "[…] met Bo and […]."
    assert cloze.blanked(text, 2) == "Ada met [a director] and Cleo."
    assert cloze.hidden(text, 1) == ("Ada", "Cleo")


def test_two_gaps_that_are_asked_at_once_get_a_part_of_the_answer_each():
    assert cloze.mark("From […] to […].", "280 euros; 89 euros") == "From {{c1::280 euros}} to {{c1::89 euros}}."
    assert cloze.mark("From […] on.", "1; 2", 3) == "From {{c3::1; 2}} on."


def test_texts_that_say_the_same_are_joined_with_the_marks_of_both():
    assert cloze.joined("{{c1::Ada}} met Bo.", "Ada met {{c2::Bo}}.") == "{{c1::Ada}} met {{c2::Bo}}."
    assert cloze.joined("Ada met {{c1::Bo}}.", "{{c2::Ada}} met Bo.") == "{{c2::Ada}} met {{c1::Bo}}."


@pytest.mark.parametrize(
    "other", ["Ada met {{c2::Cy}}.", "Ada {{c2::met Bo}}."], ids=["another text", "one in another"]
)
def test_texts_that_cannot_be_asked_together_are_not_joined(other):
    assert cloze.joined("Ada met {{c1::Bo}}.", other) is None


def test_a_text_without_one_of_its_clozes_still_hides_the_others():
    assert cloze.without("{{c1::Ada}} met {{c2::Bo::a director}}.", 2) == "{{c1::Ada}} met Bo."


@given(WORDS, WORDS, WORDS)
def test_what_is_marked_can_be_asked_whatever_it_holds(before, hidden, after):
    marked = cloze.mark(f"{before.replace('[…]', '')} […] {after.replace('[…]', '')}", hidden.strip() or "x")

    assert cloze.numbers(marked)[:1] == (1,)
