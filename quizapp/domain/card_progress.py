"""How far a learner is with a card: all that another program needs to go on from there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from quizapp.domain.incoming import PastEvent
from quizapp.domain.queues import EPOCH
from quizapp.domain.scheduling import Memory, Override, Phase

A_MILLISECOND = timedelta(milliseconds=1)


def moment(at: datetime) -> int:
    """Return a time in whole milliseconds since 1970."""
    return (at - EPOCH) // A_MILLISECOND


def time_of(moment: int) -> datetime:
    """Return the time of so many milliseconds since 1970."""
    return EPOCH + moment * A_MILLISECOND


class Logged(NamedTuple):
    """An answer that counts, or what was said of a card without answering it: exactly one of both.

    In whole numbers, since a library holds millions of them.
    """

    at: int  # as `moment` has it
    button: int = 0  # of `Grade`; 0 is none
    reviewed: int = 0  # 1: the card was taken from the queue of reviews
    interval: int = 0  # that the grade gave, in seconds; 0 is unknown
    took: int = 0  # milliseconds; 0 is unknown
    override: Override | None = None


@dataclass(frozen=True, slots=True)
class CardProgress:
    """What is remembered of a card, what was done to it, and where it waits."""

    memory: Memory | None = None  # None is never seen
    log: Sequence[Logged] = ()  # the oldest first, without what was undone
    called: datetime | None = None  # when a quiz last showed that the card is not known
    buried_until: datetime | None = None  # it may have passed
    suspended: bool = False
    flag: int = 0
    events: Sequence[PastEvent] = ()  # the log as it is stored, where that is wanted

    @property
    def due(self) -> datetime | None:
        """Return when the card is due, None while it is new; a quiz that showed it forgotten brings it forward."""
        memory, called = self.memory, self.called
        if memory is None:
            return None
        if called and memory.phase is Phase.REVIEW and memory.last_review < called < memory.due:
            return called
        return memory.due
