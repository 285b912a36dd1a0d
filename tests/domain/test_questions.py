from random import Random

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

from quizapp.domain.cards import CardKind
from quizapp.domain.marking import Kind
from quizapp.domain.near_misses import Askable
from quizapp.domain.questions import (
    WAYS,
    Mode,
    Picked,
    Placed,
    Question,
    Typed,
    Way,
    ask,
    given,
    judge,
    mixed_anew,
    ways,
)
from quizapp.errors import InvalidInput

LONG = "an unplanned event that interrupts a service for passengers"
ITEMS = ("red light", "green light", "white light")


def card(kind=CardKind.BASIC, answers=("Ada Lind",), *, number=1, question="Who is the pilot?", choices=()):
    return Askable(number, kind, question, tuple(answers), tuple(answers), tuple(choices))


OTHERS = [card(number=number, answers=(name,), question=f"Who is number {number}?") for number, name in enumerate(
    ["Ben Holm", "Cleo Dahl", "Dan Berg", "Eva Lund"], 2)]  # fmt: skip
COLOURS = card(CardKind.CHOICE, ("red",), question="Which light means stop?", choices=("red", "green", "white", "blue"))


def asked(one, mode=Mode.MIXED, *, seed=1):
    return ask(one, [one, *OTHERS], WAYS[mode], Random(seed))


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (card(), {Way.CHOICE, Way.TYPED, Way.TRUE_FALSE}),
        (card(answers=(LONG,)), {Way.CHOICE, Way.TRUE_FALSE}),
        (card(CardKind.CLOZE), {Way.CLOZE, Way.CHOICE, Way.TRUE_FALSE}),
        (card(CardKind.CLOZE, ("one", "two")), {Way.CLOZE}),
        (card(CardKind.CLOZE, (LONG,)), {Way.CHOICE, Way.TRUE_FALSE}),
        (COLOURS, {Way.CHOICE, Way.TYPED, Way.TRUE_FALSE}),
        (
            card(CardKind.CHOICE, ("red",), question="Which of these is red?", choices=("red", "blue")),
            {Way.CHOICE, Way.TRUE_FALSE},
        ),
        (card(CardKind.TRUE_FALSE, ("True",)), {Way.TRUE_FALSE}),
        (card(CardKind.TRUE_FALSE, ("perhaps",)), set()),
        (card(CardKind.LIST, ITEMS), {Way.LIST}),
        (card(CardKind.LIST, ()), set()),
        (card(CardKind.ORDER, ITEMS), {Way.ORDER}),
        (card(CardKind.ORDER, ITEMS[:1]), set()),
    ],
)
def test_a_card_can_be_asked_in_the_ways_that_suit_it(one, expected):
    assert ways(one) == expected


@pytest.mark.parametrize("seed", range(20))
def test_a_choice_has_four_options_one_of_them_right(seed):
    question = asked(card(), Mode.CHOICE, seed=seed)

    assert len(set(question.options)) == 4
    assert question.right == ("Ada Lind",)
    assert "Ada Lind" in question.options


def test_the_right_answer_is_not_always_in_the_same_place():
    assert len({asked(card(), Mode.CHOICE, seed=seed).options.index("Ada Lind") for seed in range(40)}) == 4


def test_without_wrong_answers_there_is_no_choice_and_no_true_or_false():
    alone = card(answers=(LONG,))

    assert ask(alone, [alone], WAYS[Mode.MIXED], Random(1)) is None


def test_a_card_is_not_asked_in_a_way_that_is_not_wished():
    assert asked(card(CardKind.LIST, ITEMS), Mode.CHOICE) is None


def test_what_was_written_to_be_chosen_from_is_typed_only_when_that_is_wished():
    assert {asked(COLOURS, seed=seed).way for seed in range(30)} == {Way.CHOICE, Way.TRUE_FALSE}
    assert asked(COLOURS, Mode.TYPED).way is Way.TYPED


def test_a_mixed_quiz_asks_the_same_sort_of_card_in_several_ways():
    assert {asked(card(), seed=seed).way for seed in range(30)} == {Way.CHOICE, Way.TYPED, Way.TRUE_FALSE}


@pytest.mark.parametrize("seed", range(12))
def test_true_or_false_knows_which_it_is(seed):
    question = asked(card(), Mode.TRUE_FALSE, seed=seed)

    assert question.right == ("True" if question.claim == "Ada Lind" else "False",)
    assert question.answer == "Ada Lind"


def test_true_or_false_is_sometimes_either():
    assert {asked(card(), Mode.TRUE_FALSE, seed=seed).right for seed in range(20)} == {("True",), ("False",)}


@pytest.mark.parametrize(("said", "right"), [("True", "True"), ("false", "False"), ("Yes", "True"), ("no", "False")])
def test_a_statement_is_asked_as_it_stands(said, right):
    question = asked(card(CardKind.TRUE_FALSE, (said,), question="The lock is closed."))

    assert (question.right, question.claim) == ((right,), "")


@pytest.mark.parametrize("seed", range(12))
def test_an_order_is_never_shown_as_it_should_be(seed):
    question = asked(card(CardKind.ORDER, ITEMS), seed=seed)

    assert question.options != ITEMS
    assert sorted(question.options) == sorted(ITEMS)


def test_options_do_not_give_the_answer_away_by_capitals_or_full_stops():
    one = card(answers=("a place where a ship lies.",), question="What is a berth?")
    others = [
        card(number=2, answers=("The wall where goods go ashore",), question="What is a quay?"),
        card(number=3, answers=("A basin between the levels",), question="What is a lock?"),
    ]

    question = ask(one, others, WAYS[Mode.CHOICE], Random(1))

    assert all(option[0].isupper() and not option.endswith(".") for option in question.options)
    assert question.right[0] in question.options


def question(way, right, options=()):
    return Question(None, way, "?", "; ".join(right), tuple(right), tuple(options), ("",) * len(options))


CHOICE = question(Way.CHOICE, ["red"], ["green", "red"])
GAPS = question(Way.CLOZE, ["mitochondrion", "energy"])
LIST, ORDER = question(Way.LIST, ITEMS), question(Way.ORDER, ITEMS, ("white light", "red light", "green light"))


@pytest.mark.parametrize(
    ("one", "response", "kind", "share", "missed"),
    [
        (CHOICE, Picked(1), Kind.RIGHT, 1, False),
        (CHOICE, Picked(0), Kind.WRONG, 0, True),
        (question(Way.TYPED, ["mitochondrion"]), Typed("Mitochondrion"), Kind.RIGHT, 1, False),
        (question(Way.TYPED, ["mitochondrion"]), Typed("mitocondrion"), Kind.CLOSE, 0.5, False),
        (question(Way.TYPED, ["mitochondrion"]), Typed(""), Kind.WRONG, 0, True),
        (GAPS, Typed("mitochondrion\nenergy"), Kind.RIGHT, 1, False),
        (GAPS, Typed("mitochondrion\n"), Kind.CLOSE, 0.5, True),
        (GAPS, Typed("energy\nmitochondrion"), Kind.WRONG, 0, True),
        (LIST, Typed("white light\nred light\ngreen light"), Kind.RIGHT, 1, False),
        (LIST, Typed("white light"), Kind.WRONG, 1 / 3, True),
        (ORDER, Placed((3, 1, 2)), Kind.RIGHT, 1, False),
        (ORDER, Placed((1, 2, 3)), Kind.CLOSE, 2 / 3, True),
        (question(Way.TRUE_FALSE, ["False"], ["True", "False"]), Picked(1), Kind.RIGHT, 1, False),
    ],
    ids=lambda value: value.way.value if isinstance(value, Question) else None,
)
def test_an_answer_is_worth(one, response, kind, share, missed):
    judged = judge(one, given(one, response))

    assert (judged.kind, judged.share, judged.missed) == (kind, pytest.approx(share), missed)


@pytest.mark.parametrize(
    ("one", "response"),
    [
        (CHOICE, Picked(2)),
        (CHOICE, Picked(-1)),
        (CHOICE, Typed("red")),
        (LIST, Picked(0)),
        (ORDER, Placed((1, 2))),
        (ORDER, Typed("red light")),
        (GAPS, Typed("x" * 501)),
        (LIST, Typed("x" * 2001)),
    ],
)
def test_an_answer_that_does_not_fit_its_question_is_refused(one, response):
    with pytest.raises(InvalidInput):
        given(one, response)


def test_options_change_places_with_their_hints():
    one = Question(None, Way.CHOICE, "?", "a", ("a",), ("a", "b", "c", "d"), ("A", "B", "C", "D"))

    found = mixed_anew(one, Random(3))

    assert found.options != one.options
    assert [hint.lower() for hint in found.hints] == list(found.options)


LINES = st.lists(st.sampled_from([*ITEMS, "red ligth", "blue light", "", "lamp"]), max_size=6)


@given_any(LINES, st.sampled_from([LIST, ORDER, GAPS]))
def test_a_share_lies_between_nothing_and_a_point(lines, one):
    judged = judge(one, "\n".join(lines))

    assert 0 <= judged.share <= 1
    assert (judged.kind is Kind.RIGHT) == (judged.share == 1)


@given_any(st.sets(st.sampled_from(ITEMS)), st.sampled_from(ITEMS), st.sampled_from([LIST, ORDER]))
def test_naming_one_item_more_never_costs_anything(named, more, one):
    fewer = "\n".join(item for item in ITEMS if item in named)
    then = "\n".join(item for item in ITEMS if item in named | {more})

    assert judge(one, then).share >= judge(one, fewer).share
