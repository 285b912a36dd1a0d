from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.revisions import Piece, compare, difference


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
