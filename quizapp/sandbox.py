"""Runs a function on untrusted bytes in a child process, within limits.

Reading and generating happen here: a hostile file can cost a child, never a
page, and heavy imports (spaCy) stay out of the server. Start from `run`.
"""

import math
import multiprocessing
import os
import pickle
import resource
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, TypeVar

from quizapp.errors import InvalidInput, QuizappError, Unavailable
from quizapp.translations import speak, spoken

Result = TypeVar("Result")
Progress = Callable[[float, str], None]  # share done (0 to 1), what is going on
Wait = Callable[[], None]  # called several times a second; what it raises ends the run

PULSE_SECONDS = 0.2  # the longest time between two calls of `on_wait`
GRACE_SECONDS = 5  # of processor time between the signal of that limit and the end
LONGEST_FOLDER = 70  # bytes: the socket of the process to copy stands in it, and no socket's path may be over 107
ENDED_FROM_OUTSIDE = {-signal.SIGKILL, -signal.SIGTERM}


@dataclass(frozen=True)
class Limits:
    """What one run may use up."""

    seconds: float = 60.0  # on the clock, however busy the machine is
    processor_seconds: float | None = None  # of work; None: all that fits into `seconds`
    memory_bytes: int = 3 << 30  # address space beyond what the child starts with: spaCy maps far more than it touches
    output_bytes: int = 256 << 20  # of all that is sent back, and of any file that is written


class Fault(Unavailable):
    """A fault of our own in the child: the same bytes will lead to it again."""


def run(
    function: Callable[..., Result],
    *args: object,
    warm: str = "",
    limits: Limits | None = None,
    on_progress: Progress | None = None,
    on_wait: Wait | None = None,
) -> Result:
    """Return `function(*args, report)` from a child; `report` is a `Progress` to call.

    With the name of a module in `warm`, the child is a copy of a process that has imported it
    and that stays for the next run: what takes long to load is loaded once.

    Function, arguments and result must pickle. A `QuizappError` raised by the
    function is raised here. Over the limits or dead, the child is ended and
    `InvalidInput` says so; ended from outside, it may pass another time, and
    `Unavailable` says that. `on_wait` is called several times a second; what it
    raises ends the child and is raised here.
    """
    limits = limits or Limits()
    context = _context(warm)
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_work, args=(theirs, limits, spoken(), function, args), daemon=True)
    with _without_interrupts():
        child.start()
    theirs.close()
    watchdog = threading.Timer(limits.seconds, child.kill)  # for a child that stops in the middle of a message
    watchdog.daemon = True
    watchdog.start()
    try:
        result: Result = _outcome(child, ours, limits, on_progress, on_wait)
        return result
    finally:
        watchdog.cancel()
        child.kill()
        child.join()
        ours.close()


def _context(warm: str) -> SpawnContext | ForkServerContext:
    """Return how a child is started; only Linux copies a process that has loaded numerical libraries."""
    room = len(os.fsencode(tempfile.gettempdir())) <= LONGEST_FOLDER
    if not warm or not room or sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([warm])
    return context


def end_with_parent() -> None:
    """Let this process end as soon as the one that started it has, even by `kill -9`."""
    if (parent := multiprocessing.parent_process()) is not None:
        threading.Thread(target=_end_after, args=(parent.join,), daemon=True).start()


def _end_after(wait: Callable[[], None]) -> None:
    wait()
    os._exit(1)


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Start a child that Ctrl-C does not reach: its parent decides when it ends, and nobody reads its traceback."""
    resource_tracker.ensure_running()  # or it would be started now, and let interrupts through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _outcome(
    child: BaseProcess,
    pipe: Connection,
    limits: Limits,
    on_progress: Progress | None,
    on_wait: Wait | None,
) -> Any:
    deadline, left = time.monotonic() + limits.seconds, limits.output_bytes
    while (now := time.monotonic()) < deadline:
        if on_wait:
            on_wait()
        if not pipe.poll(min(PULSE_SECONDS, deadline - now)):
            continue
        message = _received(child, pipe, deadline, at_most=left)
        left -= len(message)
        kind, value = pickle.loads(message)  # noqa: S301 - what our own child has sent
        match kind:
            case "progress":
                if on_progress:
                    on_progress(*value)
            case "result":
                return value
            case "refused":
                raise value
            case _:
                raise Fault("The work stopped on a fault of our own (%(value)s). Nothing was stored.", value=value)
    raise _too_slow()


def _received(child: BaseProcess, pipe: Connection, deadline: float, *, at_most: int) -> bytes:
    """Return the next message; one that is too long is refused before it is taken in."""
    try:
        return pipe.recv_bytes(at_most)
    except (EOFError, OSError):
        if pipe.closed:  # which is how it refuses a length
            raise InvalidInput("Too much came out of this. Try a smaller part of it.") from None
    child.join(1)
    if time.monotonic() >= deadline or child.exitcode == -signal.SIGXCPU:
        raise _too_slow()
    if child.exitcode in ENDED_FROM_OUTSIDE:
        raise Unavailable("The system ended the work, perhaps for want of memory. Close something and try again.")
    raise InvalidInput("This could not be done within the memory allowed. Try a smaller part of it.")


def _too_slow() -> InvalidInput:
    return InvalidInput("This took too long and was stopped. Try a smaller part of it.")


def _work(
    pipe: Connection, limits: Limits, language: str, function: Callable[..., object], args: tuple[object, ...]
) -> None:
    speak(language)
    os.putenv("OPENBLAS_NUM_THREADS", "1")  # or numpy, once imported, maps memory for a thread on every core
    _limit(resource.RLIMIT_AS, _mapped() + limits.memory_bytes)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, limits.output_bytes)
    # A child whose parent is gone hears nothing of it while it is stuck in C, but its processor time still ends.
    allowed = limits.processor_seconds or limits.seconds * (os.cpu_count() or 1)
    _limit(resource.RLIMIT_CPU, math.ceil(time.process_time() + allowed), grace=GRACE_SECONDS)
    end_with_parent()
    with suppress(BrokenPipeError):  # the parent is gone, and nobody waits for an answer
        _answer(pipe, function, args)


def _mapped() -> int:
    """Return the address space that this process has, in bytes; 0 where the system does not tell."""
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[0]) * resource.getpagesize() if statm.exists() else 0


def _limit(what: int, most: int, *, grace: int = 0) -> None:
    """Set a limit that this process cannot lift, or leave it at the lower one that it was born with.

    With some grace the signal of the limit comes before the end that cannot be told from any other.
    """
    _, hard = resource.getrlimit(what)
    last = most + grace if hard == resource.RLIM_INFINITY else min(most + grace, hard)
    resource.setrlimit(what, (min(most, last), last))


def _answer(pipe: Connection, function: Callable[..., object], args: tuple[object, ...]) -> None:
    try:
        pipe.send(("result", function(*args, lambda share, what: pipe.send(("progress", (share, what))))))
    except BrokenPipeError:
        raise
    except QuizappError as refusal:
        pipe.send(("refused", refusal))
    except (MemoryError, RecursionError):
        pipe.send(("refused", InvalidInput("This is too large or too deeply nested. Try a smaller part of it.")))
    except Exception as fault:  # noqa: BLE001 - the child's outermost loop: the parent reports it
        pipe.send(("fault", f"{type(fault).__name__}: {fault}"))
