import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.cards import CardKind
from quizapp.domain.marking import Kind, mark_typed
from quizapp.domain.near_misses import Askable, near_misses, normalised


def card(number, question, answer, *, kind=CardKind.BASIC, choices=()):
    return Askable(number, kind, question, (answer,), (answer,), choices)


def gap(number, question, answer):
    return card(number, question, answer, kind=CardKind.CLOZE)


def wrong(asked, *others, seed=1, count=3):
    return {miss.text for miss in near_misses(asked, [asked, *others], Random(seed), count=count)}


ROLES = [
    card(1, "What is Ada’s role?", "Master of the harbour"),
    card(2, "What is Ben’s role?", "Pilot of the northern channel"),
    card(3, "What is Cleo’s role?", "Keeper of the lock"),
    card(4, "What is Dan’s role?", "Clerk of the quay"),
]


def test_the_answers_to_other_questions_of_the_same_sort_mislead():
    others = [*ROLES[1:], card(5, "What happens at high tide?", "The lock is closed")]

    assert wrong(ROLES[0], *others) == {card.right[0] for card in ROLES[1:]}


def test_what_a_question_is_about_does_not_decide_how_it_asks():
    asked = card(1, "Locks, closing time: Who opens the gate?", "Only the keeper")
    when = card(2, "Locks, closing time: When does the pilot come?", "After the tide")
    who = [card(3, "Berths: Who calls the tug?", "The clerk"), card(4, "Who counts the ships?", "Every pilot")]

    assert wrong(asked, when, *who) == {"The clerk", "Every pilot"}


def test_a_question_behind_a_quotation_is_the_one_that_is_asked():
    why = [
        card(number, f"Ada: “{said}.” Why?", answer)
        for number, said, answer in (
            (1, "The lock is shut", "The tide is too low"),
            (2, "Nobody swims here", "The current is too strong"),
            (3, "We ring twice", "The fog hides the quay"),
        )
    ]
    follows = card(4, "Ada: “The gate fails.” What follows from that?", "The ships wait outside")

    assert wrong(why[0], follows, *why[1:]) == {"The current is too strong", "The fog hides the quay"}


def test_a_gap_is_filled_by_what_begins_and_counts_alike():
    asked = gap(1, "They […] by night.", "load the ships")
    others = (
        gap(2, "It opens […].", "in 2 to 3 hours"),
        gap(3, "[…] calls.", "Every pilot"),
        gap(4, "It […].", "shuts itself"),
    )

    assert wrong(asked, *others) == {"shuts itself"}


def test_a_near_miss_says_which_question_it_answers():
    (miss,) = near_misses(ROLES[0], ROLES[:2], Random(1), count=3)

    assert miss.belongs_to == "What is Ben’s role?"


def test_the_choices_that_were_written_for_a_card_come_first():
    asked = card(
        9, "What is a berth?", "A place", kind=CardKind.CHOICE, choices=("A place", "A bed", "A ship", "A sea")
    )

    assert wrong(asked, *ROLES) == {"A bed", "A ship", "A sea"}


@pytest.mark.parametrize(
    ("answer", "other"),
    [
        ("Keeper of the lock", "keeper of the Lock"),
        ("Keeper of the lock", "Keeper of the lock and quay"),
        ("Keeper of the lock and quay", "Keeper of the lock"),
        ("Keeper of the lock", "The keeper of the locks"),
        ("Colour of the buoy at sea", "Color of the buoy at sea"),
    ],
)
def test_what_would_be_marked_right_or_close_is_no_wrong_answer(answer, other):
    assert wrong(card(1, "What is Ada’s role?", answer), card(2, "What is Ben’s role?", other)) == set()


def test_the_answer_to_the_same_question_is_right_too():
    assert wrong(card(1, "Who is a pilot?", "Ada Lind"), card(2, "Who is a pilot?", "Ben Holm")) == set()


def test_what_the_question_names_is_no_wrong_answer():
    asked = card(1, "Who follows Ben Holm?", "Ada Lind")

    assert wrong(asked, card(2, "Who leads?", "Ben Holm"), card(3, "Who rests?", "Cleo Dahl")) == {"Cleo Dahl"}


@pytest.mark.parametrize(
    "other",
    [
        card(2, "Who spoke last?", "the one who had waited longest of all"),
        card(2, "What is a berth?", "Cleo Dahl"),
        card(2, "Who spoke last?", "Cleo Dahl (harbour master)"),
        card(2, "Who spoke last?", "20 minutes"),
        card(2, "Who spoke last?", "Cleo Dahl", kind=CardKind.TRUE_FALSE),
    ],
    ids=["no name", "another sort of question", "in brackets", "a number", "another kind"],
)
def test_what_stands_out_is_no_wrong_answer(other):
    assert wrong(card(1, "Who spoke first?", "Ada Lind"), other) == set()


def test_a_far_longer_answer_stands_out():
    long = "the long stone wall beside which the ships of the line once lay while they were loaded"

    assert wrong(card(1, "What is a berth?", "a place"), card(2, "What is a quay?", long)) == set()


@pytest.mark.parametrize(
    ("answer", "shape"),
    [
        ("within three minutes", r"within (\w+) minutes"),
        ("over 70%", r"over (\d\d)%"),
        ("6,400 kilometres", r"[\d,]+ kilometres"),
        ("47.5 Hz", r"[\d.]+ Hz"),
        ("1969", r"19[5-9]\d"),
        ("38", r"\d+"),
        ("more than 15 million", r"more than \d+ million"),
    ],
)
def test_a_number_gets_other_numbers_in_its_own_words(answer, shape):
    found = wrong(gap(1, "It took […].", answer))

    assert len(found) == 3
    assert all(re.fullmatch(shape, text) for text in found), found


def test_numbers_of_other_cards_with_the_same_unit_mislead_first():
    others = [gap(2, "It took […].", "about 45 minutes"), gap(3, "It took […].", "9 minutes"), gap(4, "[…]", "50 kg")]

    assert {"within 45 minutes", "within 9 minutes"} < wrong(gap(1, "It starts […].", "within 20 minutes"), *others)


def test_a_number_of_another_size_would_stand_out():
    others = [gap(number, "It makes […].", f"{number},000 watts") for number in (2, 3, 4)]

    assert all(len(text) < len("1,000 watts") for text in wrong(gap(1, "It makes […].", "10 watts"), *others))


def test_chance_comes_from_the_seed_alone():
    cards = [
        card(number, f"What is X{number}’s role?", f"Office of the {number}th ward{number}") for number in range(9)
    ]

    assert wrong(ROLES[0], *cards, seed=3) == wrong(ROLES[0], *cards, seed=3)


WORDS = st.sampled_from(
    [
        "the",
        "a",
        "red",
        "green",
        "ships",
        "ship",
        "lock",
        "Lock",
        "keeper",
        "20",
        "twenty",
        "minutes",
        "70%",
        "about",
        "Ada",
        "Lind",
        "(x)",
        "not",
    ]
)
ANSWERS = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)


@given(
    st.lists(ANSWERS, min_size=2, max_size=12), st.sampled_from([CardKind.BASIC, CardKind.CLOZE]), st.integers(0, 99)
)
def test_no_wrong_answer_is_also_right_and_none_is_another(answers, kind, seed):
    cards = [card(number, f"Who is {number}?", answer, kind=kind) for number, answer in enumerate(answers)]

    found = [miss.text for miss in near_misses(cards[0], cards, Random(seed), count=3)]

    right = answers[0]
    for text in found:
        assert mark_typed(text, expected=right).kind is Kind.WRONG
        assert mark_typed(right, expected=text).kind is Kind.WRONG
        others = [right, *(other for other in found if other is not text)]
        assert not any(normalised(text) in normalised(other) for other in others)
