from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain import sampling
from quizapp.domain.sampling import Quota, draw
from quizapp.errors import InvalidInput

TOPICS = ["Declare"] * 12 + ["Rollback"] * 10 + ["Backups"] * 8
POOLS = st.lists(st.sampled_from("abcdef"), min_size=1, max_size=40)
QUOTAS = st.builds(Quota, st.none() | st.integers(1, 40), st.none() | st.integers(1, 8))


def test_eight_of_thirty_two_from_each_of_four_topics():
    topics = [*TOPICS, *["Escalate"] * 3]

    chosen = draw(topics, Quota(8, 2), Random(1))

    assert Counter(topics[number - 1] for number in chosen) == dict.fromkeys(
        ("Declare", "Rollback", "Backups", "Escalate"), 2
    )


@given(POOLS, QUOTAS, st.integers())
def test_exactly_the_quota_is_drawn_or_there_is_a_problem(topics, wanted, seed):
    try:
        chosen = draw(topics, wanted, Random(seed))
    except InvalidInput:
        rich = [one for one, there in Counter(topics).items() if there >= (wanted.per_topic or 1)]
        needed = len(set(topics)) if wanted.count is None else wanted.count / (wanted.per_topic or 1)
        assert (wanted.count or 0) > len(topics) or needed > len(rich) or needed % 1
        return

    counts = Counter(topics[number - 1] for number in chosen)
    assert list(chosen) == sorted(set(chosen))
    assert wanted.count in {None, len(chosen)}
    assert wanted.per_topic is None or set(counts.values()) == {wanted.per_topic}
    assert wanted != sampling.EVERY or len(chosen) == len(topics)


@given(POOLS, QUOTAS, st.integers())
def test_the_same_seed_draws_the_same_questions(topics, wanted, seed):
    try:
        first = draw(topics, wanted, Random(seed))
    except InvalidInput:
        return

    assert draw(topics, wanted, Random(seed)) == first


def test_every_question_of_a_pool_is_drawn_at_some_time():
    drawn = {number for seed in range(200) for number in draw(TOPICS, Quota(3, 1), Random(seed))}

    assert drawn == set(range(1, 31))


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Quota(31), "30 questions, fewer than the 31"),
        (Quota(0), "at least one question"),
        (Quota(8, 3), "multiple of 3"),
        (Quota(8, 2), "take 4 topics with that many; there are 3"),
        (Quota(None, 9), "Not every topic has 9"),
    ],
)
def test_a_quota_that_a_pool_cannot_give_is_told(wanted, words):
    with pytest.raises(InvalidInput, match=words):
        draw(TOPICS, wanted, Random(1))
