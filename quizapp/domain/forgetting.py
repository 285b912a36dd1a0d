"""How the chance of recalling a card rose and fell over its reviews, and how it falls from now on. Start from `curve`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from quizapp.domain.queues import ONE_DAY, Days
from quizapp.domain.scheduling import Memory, Preset, ReviewEvent, retrievability

AT_LEAST_AHEAD = timedelta(days=30)
POINTS = 40  # of one fall from review to review


@dataclass(frozen=True)
class Fall:
    """The chance of recall between one review and the next, or the end."""

    points: tuple[tuple[datetime, float], ...]
    is_future: bool = False


def horizon(traced: Sequence[tuple[ReviewEvent, Memory | None]], now: datetime) -> datetime:
    """Return up to when a curve tells something: the day on which the card is due, unless that is far ahead."""
    first, last = traced[0][0].at, traced[-1][1]
    ahead = max(now - first, AT_LEAST_AHEAD)
    return min(max(last.due, now + ONE_DAY), now + ahead) if last else now + ONE_DAY


def curve(
    traced: Sequence[tuple[ReviewEvent, Memory | None]], now: datetime, days: Days, preset: Preset
) -> Sequence[Fall]:
    """Return the falls between the events that count, as `retrace` gives them; the last one goes on past now."""
    if not traced:
        return ()
    falls = []
    ends = [*(event.at for event, _ in traced[1:]), now]
    for (event, memory), end in zip(traced, ends, strict=True):
        if memory is not None:
            falls.append(Fall(tuple(_fall(memory, event.at, max(end, event.at), days, preset))))
    last = traced[-1][1]
    if last is not None:
        falls.append(Fall(tuple(_fall(last, now, horizon(traced, now), days, preset)), is_future=True))
    return falls


def _fall(
    memory: Memory, start: datetime, end: datetime, days: Days, preset: Preset
) -> Iterator[tuple[datetime, float]]:
    step = max((end - start) / POINTS, ONE_DAY)  # within a day nothing falls
    at = start
    while at < end:
        yield at, retrievability(memory, at, days, preset)
        at += step
    yield end, retrievability(memory, end, days, preset)
