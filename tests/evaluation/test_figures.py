"""The cards of the development documents are as good as they were, or better."""

import json

import pytest

from evaluation import figures, ratings
from evaluation.documents import HELD_OUT, made, names

TOLERANCE = 0.02
KEPT = json.loads(figures.FILE.read_text("utf-8"))


@pytest.fixture(scope="module")
def lines():
    known = ratings.read()
    measured = [figures.measured(one, known) for one in map(made, names())]
    return {line.name: line for line in [*measured, *figures.groups(measured)]}


def test_every_document_has_facts_and_those_held_out_are_there():
    assert set(HELD_OUT) < set(names())
    assert set(KEPT) > set(names())


@pytest.mark.slow
@pytest.mark.parametrize("group", ["structured", "prose", "all"])
def test_no_figure_has_fallen(lines, group):
    assert lines[group].recall >= KEPT[group]["recall"] - TOLERANCE
    assert lines[group].precision >= KEPT[group]["precision"] - TOLERANCE


@pytest.mark.slow
def test_no_card_puts_words_into_the_wrong_mouth(lines):
    assert {name: line.misattributed for name, line in lines.items() if line.misattributed} == {}


@pytest.mark.slow
def test_few_and_right_at_most_30_ready_cards_per_1000_words(lines):
    assert {name: line.per_1000 for name, line in lines.items() if line.per_1000 > 30} == {}
