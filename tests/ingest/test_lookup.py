import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.ingest import speech
from quizapp.ingest.lookup import Text

WORDS = st.sampled_from(
    ["Ada", "Byron", "Bo", "Li", "Li-Wen", "O’Li", "said", "says", "the", "engineer", "of", "and", "told", "us", "“It", "rose,”",
     "fell.”", "kept", "short:", "“So", "it", "goes.”", "According", "to", ",", "She", "(AB)", "nodded."]
)  # fmt: skip
NAMES = ["Ada Byron", "Byron", "Li", "Bo Li", "Bo"]


@given(st.lists(WORDS, max_size=30).map(" ".join), st.sampled_from(NAMES))
def test_a_name_is_found_to_speak_where_a_search_of_the_whole_text_finds_it(text, name):
    assert Text([text]).speaks(name) == speech.speaks(text, re.escape(name))


@given(st.lists(WORDS, max_size=30).map(" ".join), st.sampled_from(NAMES))
def test_a_quotation_belongs_to_the_name_that_a_search_of_the_whole_text_finds_behind_it(text, name):
    found = re.search(rf"” {speech.SAYS} {speech.PHRASE}{re.escape(name)}", text)

    assert Text([text]).attributes(name) == (found is not None)


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("Then Byron left.", True),
        ("Then Ada Byron left.", False),
        ("Then Byrons left.", False),
        ("So Nada Byron left.", True),
    ],
    ids=["alone", "with the name", "another word", "with another name"],
)
def test_a_surname_stands_alone_where_the_name_before_it_is_missing(text, stands):
    assert Text([text]).calls("Byron", without="Ada") is stands


def test_a_word_behind_a_hyphen_is_part_of_another():
    assert [Text(["A half-open gate."]).writes("open"), Text(["A half-open gate."]).holds("open")] == [False, True]


def test_who_leads_to_a_quotation_reports():
    assert Text(["Byron kept it short: “It rose.”", "Then Li left."]).reports("Byron")
    assert not Text(["Byron kept it short: “It rose.”", "Then Li left."]).reports("Li")
