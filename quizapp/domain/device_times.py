"""When answers were given that a device sends later, though its clock may be wrong. Start from `counted_times`."""

from collections.abc import Sequence
from datetime import datetime, timedelta

TOLERANCE = timedelta(minutes=2)  # a clock that is less wrong is right enough
OLDEST = timedelta(days=366)  # who keeps an answer for longer had another year on the clock
A_MOMENT = timedelta(milliseconds=1)


def clock_error(sent: datetime, now: datetime) -> timedelta:
    """Return how far ahead a device's clock is that says `sent` now; zero when it is right enough."""
    error = sent - now
    return error if abs(error) > TOLERANCE else timedelta(0)


def counted_times(told: Sequence[datetime], *, sent: datetime, now: datetime) -> list[datetime]:
    """Return the time that counts for each answer, given what the device's clock said when it sent them.

    None is later than now, and their order stays. A right clock is believed.
    """
    error = clock_error(sent, now)
    counted = [now] * len(told)
    latest = now
    for place in sorted(range(len(told)), key=lambda one: (told[one], one), reverse=True):
        at = told[place] - error
        if at > latest or at < now - OLDEST:
            at = latest - A_MOMENT
        counted[place] = latest = at
    return counted
