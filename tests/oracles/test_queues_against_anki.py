"""A day of study takes cards in the order of the real Anki's default queue, within the same limits."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from quizapp.domain.queues import DoneToday, Kind, Limits, Waiting, left, pick
from tests.oracles.anki_states import Queue, ask

pytestmark = pytest.mark.slow

NOW = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
FRESH = [
    Queue(reviews=3, new=3, new_limit=20, review_limit=200),
    Queue(reviews=10, new=3, new_limit=20, review_limit=200),
    Queue(reviews=3, new=8, new_limit=20, review_limit=200),
    Queue(reviews=30, new=30, new_limit=20, review_limit=200),
    Queue(reviews=30, new=30, new_limit=20, review_limit=35),
    Queue(reviews=30, new=30, new_limit=20, review_limit=25),
    Queue(reviews=5, new=5, new_limit=0, review_limit=200),
    Queue(reviews=5, new=5, new_limit=9, review_limit=0),
]
BEGUN = [
    Queue(reviews=5, new=5, new_limit=20, review_limit=200, new_done=18),
    Queue(reviews=5, new=5, new_limit=20, review_limit=200, new_done=18, reviews_done=176),
    Queue(reviews=5, new=5, new_limit=20, review_limit=200, new_done=5, reviews_done=193),
    Queue(reviews=5, new=5, new_limit=20, review_limit=200, new_done=25, reviews_done=250),
]


def test_new_cards_mix_with_reviews_as_in_anki():
    for queue, theirs in zip(FRESH, ask(queues=FRESH)["queues"], strict=True):
        assert order(queue) == theirs["order"], queue


def test_limits_leave_as_many_cards_as_in_anki():
    for queue, theirs in zip(BEGUN, ask(queues=BEGUN)["queues"], strict=True):
        counts = left(*asked(queue))

        assert (counts.review, counts.new) == (theirs["review"], theirs["new"]), queue


def asked(queue: Queue) -> tuple[Waiting, DoneToday, Limits]:
    return (
        Waiting(reviews=queue.reviews, new=queue.new),
        DoneToday(new=queue.new_done, reviews=queue.reviews_done),
        Limits(new=queue.new_limit, reviews=queue.review_limit),
    )


def order(queue: Queue) -> str:
    waiting, done, limits = asked(queue)
    shown = ""
    while kind := pick(left(waiting, done, limits), None, done, NOW):
        if kind is Kind.NEW:
            waiting, done = replace(waiting, new=waiting.new - 1), replace(done, new=done.new + 1)
        else:
            waiting, done = replace(waiting, reviews=waiting.reviews - 1), replace(done, reviews=done.reviews + 1)
        shown += "N" if kind is Kind.NEW else "R"
    return shown
