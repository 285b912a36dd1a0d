"""Runs a function on untrusted bytes in a child process, within limits.

Reading and generating happen here: a hostile file can cost a child, never a
page, and heavy imports (spaCy) stay out of the server. Start from `run`.
"""

import math
import multiprocessing
import os
import resource
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from quizapp.errors import InvalidInput, QuizappError, Unavailable

Result = TypeVar("Result")
Progress = Callable[[float, str], None]  # share done (0 to 1), what is going on


@dataclass(frozen=True)
class Limits:
    """What one run may use up."""

    seconds: float = 60.0
    memory_bytes: int = 3 << 30  # address space: spaCy maps far more than it touches


def run(
    function: Callable[..., Result], *args: object, limits: Limits | None = None, on_progress: Progress | None = None
) -> Result:
    """Return `function(*args, report)` from a child; `report` is a `Progress` to call.

    Function, arguments and result must pickle. A `QuizappError` raised by the
    function is raised here. Over the limits or dead, the child is ended and
    `InvalidInput` says so.
    """
    limits = limits or Limits()
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_work, args=(theirs, limits, function, args), daemon=True)
    child.start()
    theirs.close()
    try:
        result: Result = _outcome(ours, time.monotonic() + limits.seconds, on_progress)
        return result
    finally:
        child.kill()
        child.join()
        ours.close()


def end_with_parent() -> None:
    """Let this process end as soon as the one that started it has, even by `kill -9`."""
    if (parent := multiprocessing.parent_process()) is not None:
        threading.Thread(target=_end_after, args=(parent.join,), daemon=True).start()


def _end_after(wait: Callable[[], None]) -> None:
    wait()
    os._exit(1)


def _outcome(pipe: Connection, deadline: float, on_progress: Progress | None) -> Any:
    while pipe.poll(max(0.0, deadline - time.monotonic())):
        try:
            kind, value = pipe.recv()
        except EOFError:
            raise InvalidInput(
                "This document could not be read within the memory allowed. Try a smaller part of it."
            ) from None
        match kind:
            case "progress":
                if on_progress:
                    on_progress(*value)
            case "result":
                return value
            case "refused":
                raise value
            case _:
                raise Unavailable(f"Reading stopped on a fault of our own ({value}). Nothing was stored.")
    raise InvalidInput("This document took too long to read. Try a smaller part of it.")


def _work(pipe: Connection, limits: Limits, function: Callable[..., object], args: tuple[object, ...]) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # A child whose parent is gone hears nothing of it while it is stuck in C: it has every core for the time allowed.
    processor = math.ceil(limits.seconds) * (os.cpu_count() or 1)
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor))
    end_with_parent()
    with suppress(BrokenPipeError):  # the parent is gone, and nobody waits for an answer
        _answer(pipe, function, args)


def _answer(pipe: Connection, function: Callable[..., object], args: tuple[object, ...]) -> None:
    try:
        pipe.send(("result", function(*args, lambda share, what: pipe.send(("progress", (share, what))))))
    except BrokenPipeError:
        raise
    except QuizappError as refusal:
        pipe.send(("refused", refusal))
    except (MemoryError, RecursionError):
        pipe.send(("refused", InvalidInput("This document is too large or too deeply nested to read.")))
    except Exception as fault:  # noqa: BLE001 - the child's outermost loop: the parent reports it
        pipe.send(("fault", f"{type(fault).__name__}: {fault}"))
