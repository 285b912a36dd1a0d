"""What people are written to about, and when a letter that did not go out is tried again."""

from datetime import timedelta
from enum import Enum

MOST_ATTEMPTS = 12  # over about two days
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)


class About(Enum):
    """What a letter is about."""

    INVITATION = "invitation"
    PASSWORD = "password"  # noqa: S105 - a kind of letter
    ADDRESS = "address"  # whether it reaches its person
    REMINDER = "reminder"  # a digest of what is due


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts that did not work: four times as long after each."""
    growth: int = 4 ** min(attempts - 1, 6)
    return min(FIRST_PAUSE * growth, LONGEST_PAUSE)
