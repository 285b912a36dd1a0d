from datetime import UTC, datetime, timedelta

import pytest

from quizapp.domain.card_progress import CardProgress
from quizapp.domain.scheduling import Memory, Phase

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def memory(phase=Phase.REVIEW):
    return Memory(phase, 0, 5.0, 5.0, NOW + 4 * DAY, NOW - DAY, 5 * DAY, 3, 0)


def test_a_card_never_seen_is_due_at_no_time():
    assert CardProgress(called=NOW).due is None


@pytest.mark.parametrize(
    ("called", "due"),
    [(None, NOW + 4 * DAY), (NOW, NOW), (NOW - 2 * DAY, NOW + 4 * DAY), (NOW + 5 * DAY, NOW + 4 * DAY)],
    ids=["not called", "called since", "called before the last answer", "called when it was due anyway"],
)
def test_a_quiz_calls_a_card_before_its_time_until_it_is_answered(called, due):
    assert CardProgress(memory(), called=called).due == due


def test_a_card_in_steps_comes_at_the_end_of_its_step():
    assert CardProgress(memory(Phase.LEARNING), called=NOW).due == NOW + 4 * DAY
