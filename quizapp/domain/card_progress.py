"""How far a learner is with a card: all that another program needs to go on from there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from quizapp.domain.queues import Kind
from quizapp.domain.scheduling import Grade, Memory, Override, Phase, ReviewEvent


class Logged(NamedTuple):
    """An answer that counts, or what was said of a card without answering it: exactly one of both."""

    at: datetime
    grade: Grade | None = None
    override: Override | None = None
    was: Kind | None = None  # the queue that the card was taken from
    interval: timedelta | None = None  # that the grade gave
    duration: timedelta | None = None
    event: ReviewEvent | None = None  # as it is stored


@dataclass(frozen=True, slots=True)
class CardProgress:
    """What is remembered of a card, what was done to it, and where it waits."""

    memory: Memory | None = None  # None is never seen
    log: Sequence[Logged] = ()  # the oldest first, without what was undone
    called: datetime | None = None  # when a quiz last showed that the card is not known
    buried_until: datetime | None = None  # it may have passed
    suspended: bool = False
    flag: int = 0

    @property
    def due(self) -> datetime | None:
        """Return when the card is due, None while it is new; a quiz that showed it forgotten brings it forward."""
        memory, called = self.memory, self.called
        if memory is None:
            return None
        if called and memory.phase is Phase.REVIEW and memory.last_review < called < memory.due:
            return called
        return memory.due
