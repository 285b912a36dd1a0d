from datetime import timedelta

import pytest

from quizapp.domain.jobs import LONGEST_PAUSE, JobStatus, pause_after


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 2), (2, 8), (3, 32), (4, 128), (5, 300), (1_000, 300)])
def test_each_pause_is_four_times_the_one_before_up_to_five_minutes(attempts, seconds):
    assert pause_after(attempts) == timedelta(seconds=seconds) <= LONGEST_PAUSE


def test_a_job_is_over_unless_it_waits_or_runs():
    assert {status for status in JobStatus if not status.is_over} == {JobStatus.QUEUED, JobStatus.RUNNING}
