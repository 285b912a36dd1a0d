from datetime import timedelta

import pytest

from quizapp.errors import TooMany
from quizapp.services import throttling
from quizapp.services.throttling import Throttle
from tests.make import NOW


@pytest.fixture
def throttle():
    return Throttle(free=3, longest=timedelta(minutes=1), forgets=timedelta(hours=1))


def at(seconds):
    return NOW + timedelta(seconds=seconds)


def wait(throttle, key, seconds):
    """Return how long one has to wait who tries now, or 0 when the try was taken."""
    try:
        throttle.take(key, now=at(seconds))
    except TooMany as refused:
        return refused.seconds
    return 0


def test_a_few_tries_are_free_then_each_wait_is_twice_the_one_before_up_to_the_longest(throttle):
    waits, seconds = [], 0
    for _ in range(12):
        refused = wait(throttle, "ines", seconds)
        waits.append(refused)
        seconds += refused
        if refused:
            assert wait(throttle, "ines", seconds) == 0

    assert waits == [0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_refused_try_does_not_make_the_wait_longer(throttle):
    for _ in range(4):
        wait(throttle, "ines", 0)

    assert [wait(throttle, "ines", 0.2) for _ in range(3)] == [1, 1, 1]
    assert wait(throttle, "ines", 1) == 0


def test_one_who_is_held_back_does_not_hold_others_back(throttle):
    for _ in range(4):
        wait(throttle, "ines", 0)

    assert wait(throttle, "ben", 0) == 0


def test_what_went_well_is_forgiven_at_once_and_the_rest_after_a_while(throttle):
    for _ in range(3):
        wait(throttle, "ines", 0)
        wait(throttle, "ben", 0)

    throttle.forgive("ines")

    assert [wait(throttle, "ines", 0) for _ in range(3)] == [0, 0, 0]
    assert wait(throttle, "ben", 0) == 1
    assert [wait(throttle, "ben", 3600 + n / 10) for n in range(3)] == [0, 0, 0]


def test_one_try_can_be_taken_back(throttle):
    for _ in range(3):
        wait(throttle, "office", 0)

    throttle.take_back("office")
    throttle.take_back("nobody")

    assert [wait(throttle, "office", 0) for _ in range(2)] == [0, 1]


def test_what_is_kept_is_bounded(throttle, monkeypatch):
    monkeypatch.setattr(throttling, "MOST_KEPT", 100)

    for number in range(1000):
        wait(throttle, f"guess {number}", 0)

    assert len(throttle) == 100
