import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.revisions import Piece, compare, difference, is_nearly, is_next_of

MINUTES = "Weekly minutes\nPresent: Ann, Bob, Cyd\nDecisions\n"


def test_passages_are_new_changed_or_gone_and_one_that_moved_is_none_of_them():
    before = "Berths\nA spill is reported within 10 days.\nThe crane is red.\nDrills are on Mondays."
    after = "The crane is red.\nBerths\nA spill is reported within 3 days.\nDrones fly below 50 metres."

    found = compare(before, after)

    assert found.new == ("Drones fly below 50 metres.",)
    assert found.changed == (("A spill is reported within 10 days.", "A spill is reported within 3 days."),)
    assert found.gone == ("Drills are on Mondays.",)


def test_a_line_that_is_there_twice_and_then_once_is_gone_once():
    assert compare("a\na\nb", "a\nb").gone == ("a",)


@given(st.text("ab c\n"), st.text("ab c\n"))
def test_every_passage_of_the_new_text_is_new_changed_or_was_there(before, after):
    found = compare(before, after)

    old, new = (sum(bool(line.strip()) for line in text.split("\n")) for text in (before, after))
    assert new - len(found.new) - len(found.changed) == old - len(found.gone) - len(found.changed)


@given(st.text("ab1 .", max_size=40), st.text("ab1 .", max_size=40))
def test_a_difference_holds_both_wordings(before, after):
    pieces = difference(before, after)

    assert "".join(text for kind, text in pieces if kind is not Piece.NEW) == before
    assert "".join(text for kind, text in pieces if kind is not Piece.GONE) == after


def test_a_number_is_replaced_whole():
    assert (Piece.GONE, "10") in difference("within 10 days", "within 12 days")


@pytest.mark.parametrize(
    ("before", "after", "is_next"),
    [
        ("One two three.\nFour five six.\nSeven eight.", "One two three.\nFour five six.\nNine ten eleven.", True),
        ("One two three.", "One two three.\n" + "\n".join(f"Line {n} says {n * 7}." for n in range(50)), True),
        (
            MINUTES + "The budget of the harbour was agreed after a long debate about cranes.",
            MINUTES + "Nobody may fish from the pier, since two anglers fell into the water on Sunday.\n"
            "The festival takes place in June with music, boats and a market on the old quay, if it is dry.",
            False,
        ),
    ],
    ids=["a third is other", "it has grown", "minutes of another week"],
)
def test_of_one_name_a_text_is_the_next_when_enough_is_kept(before, after, is_next):
    assert is_next_of(before, after) is is_next


def test_of_another_name_nearly_all_must_be_the_same():
    text = "\n".join(f"Line {number} of this text." for number in range(20))

    assert is_nearly(text, text + "\nOne more line here.")
    assert not is_nearly(text, text.replace("of this", "of that"))
