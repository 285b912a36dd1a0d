"""What makes the many children of tests cheap to start. Start from `made_cheap`."""

from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext, SpawnContext

import pytest

from quizapp import sandbox
from quizapp.services.reading import LOADED

# What children import first, and the program that runs the tests, which each of them would look at anew.
BEFOREHAND = [LOADED, "quizapp.worker", "quizapp.fetch", "pytest"]


@contextmanager
def made_cheap() -> Iterator[None]:
    """Have each child be a copy of a process that has imported what it needs, where it would start from nothing.

    It is as much a process of its own, within the same limits: what it takes to import is left out alone.
    """
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sandbox, "_context", _copied)
        yield


def ready() -> None:
    """Start that process, for programs that are copies of this one: they could not tell it from their own."""
    forkserver.set_forkserver_preload(BEFOREHAND)
    forkserver.ensure_running()


as_started = sandbox._context  # noqa: SLF001 - for tests of how children start


def _copied(_warm: str) -> ForkServerContext | SpawnContext:
    context = as_started(LOADED)
    if isinstance(context, ForkServerContext):
        context.set_forkserver_preload(BEFOREHAND)
    return context
