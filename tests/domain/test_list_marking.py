from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.list_marking import MOST_LINES, mark_gaps, mark_list, mark_order
from quizapp.domain.marking import MOST_ITEMS, Kind, mark_typed

RIGHT, CLOSE, WRONG = Kind.RIGHT, Kind.CLOSE, Kind.WRONG
STAGES = ["Storytellers", "Inventors of ideas", "Builders of systems", "Those who remake paradigms"]
KIN = st.sampled_from(["cell", "cells", "cello", "cellos", "stories", "story", "storys", "mitochondria"])
ITEMS = st.lists(st.text("abcdefgh", min_size=1, max_size=6), min_size=1, max_size=6, unique=True)


def test_what_is_accepted_for_a_gap_counts_in_that_gap_alone():
    accepted = [["a year and two months"]]

    there = mark_gaps(["a year and two months", "6 months"], gaps=["14 months", "6 months"], accepted=accepted)
    elsewhere = mark_gaps(["14 months", "a year and two months"], gaps=["14 months", "6 months"], accepted=accepted)

    assert there.kind is Kind.RIGHT
    assert elsewhere.missed == ("6 months",)


def test_the_gaps_of_a_cloze_are_marked_each_in_its_place():
    mark = mark_gaps(["mitocondria", "lysosome"], gaps=["mitochondria", "ribosome", "nucleus"])

    assert (mark.kind, mark.share) == (WRONG, 0.5 / 3)
    assert [hit.item for hit in mark.hits] == ["mitochondria"]
    assert (mark.missed, mark.extra) == (("ribosome", "nucleus"), ("lysosome",))


def test_a_list_earns_by_item_in_any_order():
    mark = mark_list("builders of systems\n- the storytellers\nbankers", items=STAGES)

    assert (mark.kind, mark.share) == (CLOSE, 0.5)
    assert [(hit.item, hit.typed) for hit in mark.hits] == [
        ("Storytellers", "the storytellers"),
        ("Builders of systems", "builders of systems"),
    ]
    assert mark.missed == ("Inventors of ideas", "Those who remake paradigms")
    assert mark.extra == ("bankers",)


@pytest.mark.parametrize(
    "typed",
    ["red\ngreen\nblue", "1. blue\n2) red\n• green\n", "red; green;blue", "red, green, blue", "red, green and blue",
     "red, green & blue", "red, red, green, blue"],
    ids=["lines", "numbered", "semicolons", "commas", "and", "ampersand", "said twice"],
)  # fmt: skip
def test_a_list_may_be_typed_in_any_way(typed):
    mark = mark_list(typed, items=["Red", "Green", "Blue"])

    assert (mark.kind, mark.share, mark.extra) == (RIGHT, 1.0, ())


def test_items_with_commas_and_numbers_stay_whole():
    items = ["research and development", "1,000 people", "food, drink and shelter"]

    assert mark_list("\n".join(items), items=items).kind is RIGHT
    assert mark_list("; ".join(items), items=items).kind is RIGHT


def test_naming_everything_earns_little():
    guesses = "\n".join([*STAGES, *(f"guess {letter}" for letter in "bcdefghijklm")])

    mark = mark_list(guesses, items=STAGES)

    assert (mark.kind, mark.share) == (WRONG, 0.25)


def test_a_line_goes_to_the_item_where_all_together_earn_most():
    mark = mark_list("mitochondrias\nmitochondria", items=["mitochondria", "mitochondrias"])

    assert mark.kind is RIGHT


def test_one_line_that_is_near_two_items_counts_for_one():
    mark = mark_list("storyteller", items=["storytellers", "storytelling"])

    assert (len(mark.hits), len(mark.missed)) == (1, 1)


def test_an_order_earns_by_the_longest_run():
    mark = mark_order("rest\nreview\nread\nrecall", items=["read", "recall", "review", "rest"])

    assert (mark.kind, mark.share) == (CLOSE, 0.5)
    assert [hit.item for hit in mark.hits] == ["read", "recall"]
    assert [hit.item for hit in mark.misplaced] == ["review", "rest"]


def test_an_item_left_out_does_not_move_the_others():
    mark = mark_order("read, review, rest", items=["read", "recall", "review", "rest"])

    assert (mark.kind, mark.share, mark.missed) == (CLOSE, 0.75, ("recall",))


def test_an_item_put_in_lowers_the_share_alone():
    mark = mark_order("read, sleep, recall", items=["read", "recall"])

    assert (mark.share, mark.extra, mark.misplaced) == (2 / 3, ("sleep",), ())


@pytest.mark.parametrize("mark_several", [mark_list, mark_order])
def test_nothing_typed_earns_nothing(mark_several):
    assert mark_several(" \n ", items=STAGES).missed == tuple(STAGES)
    assert mark_several("x", items=[]).share == 0
    assert mark_several("", items=[]).kind is WRONG


def test_of_many_lines_only_so_many_are_read():
    mark = mark_list("x\n" * 10**5, items=["x"] * 1000)

    assert len(mark.hits) + len(mark.missed) <= MOST_ITEMS
    assert len(mark.extra) <= MOST_LINES


@given(ITEMS, st.randoms(use_true_random=False))
def test_a_list_is_right_in_any_order(items, dice):
    shuffled = dice.sample(items, len(items))

    assert mark_list("\n".join(shuffled), items=items).kind is RIGHT


@given(ITEMS, st.randoms(use_true_random=False))
def test_an_order_is_right_in_its_order_and_never_better_than_the_list(items, dice):
    shuffled = "\n".join(dice.sample(items, len(items)))

    assert mark_order("\n".join(items), items=items).kind is RIGHT
    assert mark_order(shuffled, items=items).share <= mark_list(shuffled, items=items).share


@given(st.lists(KIN, min_size=1, max_size=4, unique=True), st.lists(KIN, min_size=4, max_size=4, unique=True))
def test_lines_go_to_the_items_where_all_together_earn_most(items, lines):
    def earned(order):
        return sum(mark_typed(line, expected=item).share for item, line in zip(items, order, strict=False))

    most = max(earned(order) for order in permutations(lines))

    assert mark_list("\n".join(lines), items=items).share == most / 4
