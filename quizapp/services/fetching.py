"""Fetching what stands at an address of the web. Start from `chosen`.

It happens in a child, as reading does: whoever waits can call it off, and what a hostile server
does to it ends with it.
"""

from typing import Protocol

from quizapp import fetch, sandbox
from quizapp.errors import InvalidInput
from quizapp.fetch import Fetched
from quizapp.sandbox import Progress, Wait
from quizapp.translations import marked

LIMITS = sandbox.Limits(seconds=25, memory_bytes=256 << 20, output_bytes=32 << 20)
OFF = marked("Fetching from the web is switched off here. Save the page from your browser and add the file.")


class Fetch(Protocol):
    """Returns what stands at an address, or says in a sentence why not."""

    def __call__(self, url: str, *, on_wait: Wait | None = None) -> Fetched: ...


def chosen(*, may_fetch: bool) -> Fetch:
    """Return the way to fetch that the settings leave."""
    return fetched if may_fetch else refused


def fetched(url: str, *, on_wait: Wait | None = None) -> Fetched:
    """Fetch in a child; what `on_wait` raises, which is called all the while, ends it."""
    return sandbox.run(_fetch, url, limits=LIMITS, on_wait=on_wait)


def refused(url: str, *, on_wait: Wait | None = None) -> Fetched:
    """Refuse, where the settings say that nothing is fetched."""
    raise InvalidInput(OFF)


def _fetch(url: str, report: Progress) -> Fetched:
    return fetch.fetch(url)
