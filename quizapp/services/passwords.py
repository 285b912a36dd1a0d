"""Passwords as they are kept: argon2id, a few at a time. Start from `digest` and `matches`.

Both take a tenth of a second and 64 MiB, so they are called outside of any
database turn; whoever comes when too many wait already is told so.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from quizapp.domain.accounts import spelled
from quizapp.errors import Unavailable
from quizapp.translations import marked

AT_ONCE = 2
WAITING = 30  # threads of the site; the other hundreds show pages
HASHER = PasswordHasher()  # RFC 9106, second recommended: 3 passes over 64 MiB in 4 lanes
BUSY = marked("Too many people sign in at this moment. Wait a few seconds, then try again.")

WORK = threading.BoundedSemaphore(AT_ONCE)
QUEUE = threading.BoundedSemaphore(AT_ONCE + WAITING)


def digest(password: str) -> str:
    """Return what is kept of a password."""
    with _turn():
        return HASHER.hash(spelled(password))


def matches(kept: str | None, password: str) -> bool:
    """Say whether that was kept of this password; None matches none, and takes as long as any other."""
    with _turn():
        try:
            HASHER.verify(kept or _decoy(HASHER), spelled(password))
        except (VerifyMismatchError, InvalidHashError):
            return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Say whether it should be kept anew, with what is asked of passwords now."""
    return HASHER.check_needs_rehash(kept)


@cache
def _decoy(hasher: PasswordHasher) -> str:
    return hasher.hash("nobody's")


@contextmanager
def _turn() -> Iterator[None]:
    if not QUEUE.acquire(blocking=False):
        raise Unavailable(BUSY)
    try:
        with WORK:
            yield
    finally:
        QUEUE.release()
