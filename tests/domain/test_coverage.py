import pytest

from quizapp.domain.coverage import Coverage, bare, saying
from tests import make


@pytest.mark.parametrize(
    ("passages", "covered", "percent"),
    [(0, (), 0), (3, (), 0), (3, (1,), 33), (1000, (1,), 1), (3, (1, 2, 3), 100), (1000, tuple(range(999)), 99)],
    ids=["none to cover", "none", "a third", "very few", "all", "all but one"],
)
def test_the_share_says_none_and_all_only_when_it_is_so(passages, covered, percent):
    assert Coverage(passages + 1, passages, covered).percent == percent


def test_passages_in_a_row_are_one_run():
    assert list(Coverage(9, 8, (1, 2, 3, 5, 8)).runs) == [(1, 4), (5, 6), (8, 9)]


def test_a_title_needs_no_card():
    blocks = make.document().blocks

    assert saying(blocks) == [1, 2, 3]
    assert bare(blocks, Coverage(4, 3, (2,))) == [1, 3]
