import pytest

from quizapp.domain.documents import Block, BlockKind, Span
from quizapp.domain.remembering import Recalled, Remembered, by_passage, together, weakest

HEADING, FIRST, SECOND = (
    Block(BlockKind.HEADING, Span(0, 5)),
    Block(BlockKind.PARAGRAPH, Span(7, 20)),
    Block(BlockKind.PARAGRAPH, Span(22, 40)),
)


def test_a_passage_is_remembered_as_the_mean_of_the_cards_that_quote_it():
    cards = [Recalled(1, 7, 12, 0.9), Recalled(2, 14, 20, 0.5), Recalled(3, 15, 30, 0.7), Recalled(4, 0, 5, 0.1)]

    found = by_passage([HEADING, FIRST, SECOND], cards)

    assert found == {1: Remembered(3, pytest.approx(0.7), (1, 2, 3)), 2: Remembered(1, 0.7, (3,))}


def test_cards_never_answered_are_counted_and_weigh_nothing():
    assert together([Recalled(1, 0, 5, None), Recalled(2, 0, 5, 0.8)]) == Remembered(2, 0.8, (2,))
    assert together([Recalled(1, 0, 5, None)]) == Remembered(1, None, ())


def test_the_weakest_passage_has_a_card_to_study():
    passages = {
        1: together([Recalled(1, 0, 5, 0.2, is_asked=False)]),
        2: together([Recalled(2, 0, 5, 0.6)]),
        3: together([Recalled(3, 0, 5, None)]),
        4: together([Recalled(4, 0, 5, 0.9)]),
    }

    assert weakest(passages) == 2
    assert weakest({}) is None


@pytest.mark.parametrize(("recall", "level"), [(None, 0), (0.59, 1), (0.6, 2), (0.8, 3), (0.9, 4)])
def test_a_level_says_how_well_a_passage_is_known(recall, level):
    assert Remembered(1, recall).level == level
