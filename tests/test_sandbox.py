import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from quizapp import sandbox
from quizapp.errors import InvalidInput, Unavailable
from quizapp.sandbox import Limits, Progress

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("real_children")]


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


def chatter(report: Progress) -> None:
    while True:
        report(0.5, "word " * 10_000)


def pour(report: Progress) -> bytes:
    return bytes(2 << 20)


def stop_half_way(report: Progress) -> None:
    """Announce a long message, and never send the rest of it."""
    pipe = report.__closure__[0].cell_contents
    os.write(pipe.fileno(), (1_000_000).to_bytes(4, "big") + b"begun")
    time.sleep(60)


def write(path: str, report: Progress) -> None:
    Path(path).write_bytes(bytes(2 << 20))


def obey(number: int, report: Progress) -> None:
    os.kill(os.getpid(), number)
    time.sleep(60)


def survive(report: Progress) -> str:
    os.kill(os.getpid(), signal.SIGINT)
    return "still here"


def parent(report: Progress) -> int:
    return os.getppid()


def stick(report: Progress) -> None:
    """Stay in C, where no other thread of the process gets a turn."""
    report(0, str(os.getpid()))
    re.match("(a+)+$", "a" * 60 + "b")


STUCK = """
from quizapp import sandbox
from tests.test_sandbox import stick
sandbox.run(stick, limits=sandbox.Limits(seconds=2), on_progress=lambda _, pid: print(pid, flush=True))
"""


def test_a_result_and_its_progress_come_back():
    seen: list[tuple[float, str]] = []

    assert sandbox.run(double, 21, on_progress=lambda share, what: seen.append((share, what))) == 42
    assert seen == [(0.5, "half way")]


def test_a_refusal_is_raised_here():
    with pytest.raises(InvalidInput, match=r"No such luck\."):
        sandbox.run(refuse)


def test_a_fault_of_ours_is_told_as_one():
    with pytest.raises(sandbox.Fault, match="fault of our own"):
        sandbox.run(fail)


@pytest.mark.parametrize(
    ("function", "limits", "says"),
    [
        (sleep, Limits(seconds=0.5), "took too long"),
        (hoard, Limits(memory_bytes=1 << 30), "too large"),
        (die, Limits(), "within the memory allowed"),
        (pour, Limits(output_bytes=1 << 20), "Too much"),
        (chatter, Limits(output_bytes=1 << 20), "Too much"),
        (stop_half_way, Limits(seconds=1), "took too long"),
        (stick, Limits(processor_seconds=1), "took too long"),
    ],
    ids=["time", "memory", "death", "a long answer", "many messages", "half a message", "processor time"],
)
def test_what_goes_over_its_limits_is_ended_with_a_sentence(function, limits, says):
    with pytest.raises(InvalidInput, match=says):
        sandbox.run(function, limits=limits)


def test_a_child_writes_no_file_over_its_limit(tmp_path):
    with pytest.raises(sandbox.Fault, match="File too large"):
        sandbox.run(write, str(tmp_path / "large"), limits=Limits(output_bytes=1 << 20))

    assert (tmp_path / "large").stat().st_size <= 1 << 20


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_child_that_the_system_ends_may_be_tried_again(number):
    with pytest.raises(Unavailable, match="The system ended the work") as told:
        sandbox.run(obey, number)

    assert not isinstance(told.value, sandbox.Fault)


def test_an_interrupt_from_the_terminal_does_not_reach_the_child():
    assert sandbox.run(survive) == "still here"


def test_what_is_raised_while_waiting_ends_the_child():
    seen: list[str] = []

    def wait() -> None:
        if seen:
            raise LookupError

    with pytest.raises(LookupError):
        sandbox.run(stick, on_progress=lambda _, pid: seen.append(pid), on_wait=wait)

    with pytest.raises(ProcessLookupError):
        os.kill(int(seen[0]), 0)


@pytest.mark.skipif(sys.platform != "linux", reason="children are copied on Linux alone")
def test_warm_children_are_copies_of_one_process_that_stays():
    first, second = (sandbox.run(parent, warm="tests.make") for _ in range(2))

    assert first == second != os.getpid()
    with pytest.raises(InvalidInput, match="too large"):
        sandbox.run(hoard, warm="tests.make", limits=Limits(memory_bytes=1 << 30))


def test_where_temporary_files_have_long_names_every_child_starts_by_itself(monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", f"/{'long' * 30}")

    assert sandbox.run(parent, warm="tests.make") == os.getpid()


def test_a_child_that_is_stuck_in_c_does_not_outlive_a_parent_that_was_killed():
    parent = subprocess.Popen([sys.executable, "-c", STUCK], stdout=subprocess.PIPE, text=True)
    child = parent.stdout.readline()
    time.sleep(0.3)  # until it is stuck indeed
    parent.kill()
    parent.wait()

    assert child
    assert parent.stdout.read() == ""  # the pipe ends when nobody holds it any more
    parent.stdout.close()
