"""How often something may be tried: a few times at once, then after waits that double.

It is kept in memory: a restart forgives, and nobody can make the library grow or wait by guessing.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from quizapp.errors import TooMany
from quizapp.translations import marked

MOST_KEPT = 10_000  # of those that were tried the longest ago, the count is forgotten
SENTENCE = marked("There were too many tries. Wait %(seconds)s seconds, then try again.")


@dataclass
class _Tried:
    times: int
    last: datetime


class Throttle:
    """Counts tries by what they are aimed at or come from."""

    def __init__(self, *, free: int, longest: timedelta, forgets: timedelta) -> None:
        """Let so many go at once; waits grow to the longest, and without a try for `forgets` all is forgiven."""
        self._free, self._longest, self._forgets = free, longest, forgets
        self._tried: OrderedDict[str, _Tried] = OrderedDict()
        self._mutex = threading.Lock()

    def __len__(self) -> int:
        return len(self._tried)

    def take(self, key: str, *, now: datetime) -> None:
        """Count a try before it is known how it ends, or refuse it; of many at once each counts."""
        with self._mutex:
            known = self._tried.get(key)
            if known is None or now - known.last >= self._forgets:
                known = _Tried(0, now)
            if (wait := self._wait(known) - (now - known.last)) > timedelta(0):
                raise TooMany(SENTENCE, wait=wait)
            known.times, known.last = known.times + 1, now
            self._tried[key] = known
            self._tried.move_to_end(key)
            while len(self._tried) > MOST_KEPT:
                self._tried.popitem(last=False)

    def forgive(self, key: str) -> None:
        """Forget the tries: one went well."""
        with self._mutex:
            self._tried.pop(key, None)

    def take_back(self, key: str) -> None:
        """Forget one try: it went well, and others from there may not have."""
        with self._mutex:
            if known := self._tried.get(key):
                known.times = max(0, known.times - 1)

    def _wait(self, known: _Tried) -> timedelta:
        over = known.times - self._free
        return min(timedelta(seconds=2 ** min(over, 30)), self._longest) if over >= 0 else timedelta(0)
