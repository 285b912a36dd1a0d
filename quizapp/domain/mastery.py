"""Mastery: a question is mastered when it was answered right several times, with time in between. Start from `mastered`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Recall:
    """One answer to a question."""

    at: datetime
    is_right: bool


@dataclass(frozen=True)
class Mastering:
    """How far somebody is with a question."""

    times: int = 0  # that it was recalled in a row, spaced; as many as are wanted when it is mastered
    last: datetime | None = None  # of those recalls
    is_mastered: bool = False

    def ready_at(self, spacing: timedelta) -> datetime | None:
        """Return from when on another recall counts, None for from the beginning on."""
        return self.last + spacing if self.last is not None and self.times else None


def mastered(recalls: Iterable[Recall], *, times: int, spacing: timedelta) -> Mastering:
    """Return where the answers to a question, the oldest first, have led.

    A right answer counts when enough time has passed since the one that counted before; a wrong one
    begins anew. What is mastered stays so.
    """
    state = Mastering()
    for recall in recalls:
        if state.is_mastered:
            break
        ready = state.ready_at(spacing)
        if not recall.is_right:
            state = Mastering()
        elif ready is None or recall.at >= ready:
            state = Mastering(state.times + 1, recall.at, state.times + 1 >= times)
    return state
