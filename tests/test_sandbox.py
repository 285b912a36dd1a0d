import os
import re
import subprocess
import sys
import time

import pytest

from quizapp import sandbox
from quizapp.errors import InvalidInput, Unavailable
from quizapp.sandbox import Limits, Progress

pytestmark = pytest.mark.slow


def double(number: int, report: Progress) -> int:
    report(0.5, "half way")
    return 2 * number


def refuse(report: Progress) -> None:
    raise InvalidInput("No such luck.")


def fail(report: Progress) -> None:
    raise KeyError("inner")


def sleep(report: Progress) -> None:
    time.sleep(60)


def hoard(report: Progress) -> int:
    return len(bytearray(2 << 30))


def die(report: Progress) -> None:
    os._exit(9)


def stick(report: Progress) -> None:
    """Stay in C, where no other thread of the process gets a turn."""
    report(0, str(os.getpid()))
    re.match("(a+)+$", "a" * 60 + "b")


STUCK = """
from quizapp import sandbox
from tests.test_sandbox import stick
sandbox.run(stick, limits=sandbox.Limits(seconds=1), on_progress=lambda _, pid: print(pid, flush=True))
"""


def test_a_result_and_its_progress_come_back():
    seen: list[tuple[float, str]] = []

    assert sandbox.run(double, 21, on_progress=lambda share, what: seen.append((share, what))) == 42
    assert seen == [(0.5, "half way")]


def test_a_refusal_is_raised_here():
    with pytest.raises(InvalidInput, match=r"No such luck\."):
        sandbox.run(refuse)


def test_a_fault_of_ours_is_told_as_one():
    with pytest.raises(Unavailable, match="fault of our own"):
        sandbox.run(fail)


@pytest.mark.parametrize(
    ("function", "limits", "says"),
    [
        (sleep, Limits(seconds=0.5), "took too long"),
        (hoard, Limits(memory_bytes=1 << 30), "too large"),
        (die, Limits(), "could not be read"),
    ],
    ids=["time", "memory", "death"],
)
def test_what_goes_over_its_limits_is_ended_with_a_sentence(function, limits, says):
    with pytest.raises(InvalidInput, match=says):
        sandbox.run(function, limits=limits)


def test_a_child_that_is_stuck_in_c_does_not_outlive_a_parent_that_was_killed():
    parent = subprocess.Popen([sys.executable, "-c", STUCK], stdout=subprocess.PIPE, text=True)
    child = parent.stdout.readline()
    time.sleep(0.3)  # until it is stuck indeed
    parent.kill()
    parent.wait()

    assert child
    assert parent.stdout.read() == ""  # the pipe ends when nobody holds it any more
    parent.stdout.close()
