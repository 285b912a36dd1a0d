"""A bar on the terminal for work that takes a while; nothing where nobody watches."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from quizapp.sandbox import Progress

WIDTH = 24


@contextmanager
def shown(*, after_seconds: float = 0.0) -> Iterator[Progress | None]:
    """Give a progress callback that draws on stderr, or None when stderr is no terminal.

    What is done before `after_seconds` needs no bar.
    """
    if not sys.stderr.isatty():
        yield None
        return
    start = time.monotonic() + after_seconds
    try:
        yield lambda share, what: _draw(share, what) if time.monotonic() >= start else None
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def _draw(share: float, what: str) -> None:
    filled = round(max(0.0, min(share, 1.0)) * WIDTH)
    sys.stderr.write(f"\r\x1b[K{'█' * filled}{'░' * (WIDTH - filled)} {what[:40]}")
    sys.stderr.flush()
