import pytest

from quizapp.db import decks as deck_rows
from quizapp.domain.cards import CardKind, Note
from quizapp.domain.marking import MOST_ACCEPTED, Kind
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.domain.questions import Placed, Typed, Way
from quizapp.domain.scheduling import Grade
from quizapp.errors import InvalidInput, NotFound
from quizapp.services import answering, decks, notes, study
from tests import make
from tests.make import NOW

STRANGER = Actor(LearnerId(999))
GAPS = Note(CardKind.CLOZE, "Rates fell from {{c1::14 months}} to {{c1::6 months}}.")
PHASES = Note(CardKind.ORDER, "Put the phases in order.", "Prophase\n*Metaphase*\nAnaphase\nTelophase")


@pytest.fixture
def asked(session, owner):
    """Return a function that puts a note into a deck and gives its card as it is studied."""

    def ask(note):
        deck_id = decks.create(session, owner, note.question[:20], now=NOW)
        notes.make(session, deck_rows.get(session, deck_id), note, anchor=None, now=NOW)
        return study.next_card(session, owner, deck_id=deck_id, now=NOW)

    return ask


def typed(session, owner, card, text):
    return answering.answered(session, owner, card, answering.question(card), Typed(text))


@pytest.mark.parametrize(
    ("text", "kind", "grade"),
    [
        pytest.param("Chloroplast", Kind.RIGHT, Grade.GOOD, id="right"),
        pytest.param("chloroplats", Kind.CLOSE, Grade.HARD, id="close"),
        pytest.param("mitochondrion", Kind.WRONG, Grade.AGAIN, id="wrong"),
    ],
)
def test_a_typed_answer_suggests_a_grade_and_stores_none(session, owner, asked, text, kind, grade):
    card = asked(Note(CardKind.BASIC, "What makes sugar from light?", "The *chloroplast*"))

    answer = typed(session, owner, card, text)

    assert (answer.kind, answer.suggested) == (kind, grade)
    assert study.card(session, owner, card.card_id, now=NOW).reviews == 0


def test_what_is_taught_is_right_from_then_on_and_only_for_that_card(session, owner, asked):
    card = asked(Note(CardKind.BASIC, "What heats water fastest?", "a kettle"))
    other = asked(Note(CardKind.BASIC, "What whistles on the stove?", "a kettle"))

    ids = answering.accept(session, owner, card.card_id, "an electric boiler", now=NOW)

    assert typed(session, owner, card, "Electric boiler").kind is Kind.RIGHT
    assert typed(session, owner, other, "electric boiler").kind is Kind.WRONG
    answering.forget(session, owner, card.card_id, ids)
    assert typed(session, owner, card, "electric boiler").kind is Kind.WRONG


def test_teaching_twice_teaches_once(session, owner, asked):
    card = asked(Note(CardKind.BASIC, "What heats water fastest?", "a kettle"))

    answering.accept(session, owner, card.card_id, "a boiler", now=NOW)

    assert answering.accept(session, owner, card.card_id, "a boiler", now=NOW) == []


def test_each_gap_is_taught_by_itself(session, owner, asked):
    card = asked(GAPS)
    before = typed(session, owner, card, "a year and a bit\n6 months")

    answering.accept(session, owner, card.card_id, "a year and a bit\n6 months", now=NOW)

    assert [mark.kind for mark in before.marks] == [Kind.WRONG, Kind.RIGHT]
    assert typed(session, owner, card, "a year and a bit\n6 months").kind is Kind.RIGHT
    assert [mark.kind for mark in typed(session, owner, card, "14 months\na year and a bit").marks] == [
        Kind.RIGHT,
        Kind.WRONG,
    ]


def test_a_card_takes_so_many_other_wordings_and_says_so(session, owner, asked):
    card = asked(Note(CardKind.BASIC, "What heats water fastest?", "a kettle"))
    for number in range(MOST_ACCEPTED):
        answering.accept(session, owner, card.card_id, f"wording {number * 1111}", now=NOW)

    with pytest.raises(InvalidInput, match="accepted here already"):
        answering.accept(session, owner, card.card_id, "something else", now=NOW)


def test_items_are_put_in_order_and_stay_where_they_were_shown_until_the_card_is_graded(session, owner, asked):
    card = asked(PHASES)
    question = answering.question(card)
    right = tuple(question.right.index(item) for item in question.options)

    answer = answering.answered(session, owner, card, question, Placed(right))

    assert question.way is Way.ORDER
    assert question.options != question.right
    assert answering.question(study.card(session, owner, card.card_id, now=NOW)).options == question.options
    assert answer.text.split("\n") == ["Prophase", "Metaphase", "Anaphase", "Telophase"]
    assert answer.suggested is Grade.GOOD


def test_a_choice_is_neither_typed_nor_put_in_order(asked):
    assert answering.question(asked(Note(CardKind.CHOICE, "2 + 2?", "4", ("3", "4")))) is None
    assert answering.question(asked(Note(CardKind.TRUE_FALSE, "2 + 2 is 4", "True"))) is None


def test_a_card_has_its_own_wish_and_else_that_of_its_deck(session, owner, asked):
    card = asked(Note(CardKind.BASIC, "What heats water fastest?", "a kettle"))

    assert answering.type_deck(session, owner, card.deck_id, typed=True, now=NOW) is False
    assert answering.type_card(session, owner, card.note_id, typed=False, now=NOW) is None

    now = study.card(session, owner, card.card_id, now=NOW)
    assert (now.typed_note, now.typed_deck) == (False, True)


def test_a_stranger_can_neither_teach_nor_wish(session, owner, asked):
    card = asked(Note(CardKind.BASIC, "What heats water fastest?", "a kettle"))
    ids = answering.accept(session, owner, card.card_id, "a boiler", now=NOW)

    with pytest.raises(NotFound):
        answering.accept(session, STRANGER, card.card_id, "a pan", now=NOW)
    with pytest.raises(NotFound):
        answering.type_card(session, STRANGER, card.note_id, typed=True, now=NOW)
    with pytest.raises(NotFound):
        answering.type_deck(session, STRANGER, card.deck_id, typed=True, now=NOW)
    with pytest.raises(NotFound):
        answering.forget(session, STRANGER, card.card_id, ids)
    assert typed(session, owner, card, "a boiler").kind is Kind.RIGHT


def test_what_was_taught_goes_with_its_card_for_good_only(session, owner):
    note_id = make.note_in(session, owner, make.draft(0))
    card = study.next_card(session, owner, deck_id=None, now=NOW)
    answering.accept(session, owner, card.card_id, "something else", now=NOW)

    decks.delete_note(session, owner, note_id, now=NOW)
    decks.restore_note(session, owner, note_id, now=NOW)

    assert typed(session, owner, card, "something else").kind is Kind.RIGHT
