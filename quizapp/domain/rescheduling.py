"""What becomes of what is remembered when a learner changes how they study. Start from `rescheduled`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum
from uuid import UUID

from quizapp.domain.queues import Days
from quizapp.domain.scheduling import Memory, Phase, Preset, ReviewEvent, replay

LOWEST_RETENTION, HIGHEST_RETENTION = 0.5, 0.99  # that scheduling works with


class Dates(Enum):
    """What happens to the dates of cards that are scheduled already."""

    KEEP = "keep"  # intervals that were given stay
    FOLLOW = "follow"  # every date moves to where the new goal puts it
    AS_GIVEN = "given"  # every interval is again the one that its answer gave


@dataclass(frozen=True)
class Rules:
    """The calendar and the preset that memories are worked out under."""

    days: Days
    preset: Preset


def rescheduled(
    stored: Memory | None,
    events: Sequence[ReviewEvent],
    given: Mapping[UUID, timedelta],
    *,
    before: Rules,
    after: Rules,
    dates: Dates,
) -> Memory | None:
    """Return the memory that takes the place of the one stored under the rules before.

    Stability and difficulty are always those of the replay. `given` holds the intervals
    by the review that gave them: such an interval stays under whatever parameters, when dates are kept.
    None when no review is left.
    """
    match dates:
        case Dates.FOLLOW:
            return replay(events, after.days, after.preset)
        case Dates.KEEP:
            if before.preset.weights != after.preset.weights:
                return _kept_under_parameters(stored, events, given, after)
            return _kept(stored, events, before, after)
        case Dates.AS_GIVEN:
            memory = replay(events, after.days, after.preset)
            interval = given.get(_last(events, memory)) if memory else None
            return memory if memory is None or interval is None else _with_interval(memory, interval, events, after)


def possible_intervals(events: Sequence[ReviewEvent], days: Days, preset: Preset) -> tuple[timedelta, timedelta]:
    """Return the shortest and the longest interval that any retention gives after the events.

    The longest may have been given before the preset had its maximum.
    """
    shortest = replay(events, days, replace(preset, retention=HIGHEST_RETENTION))
    boundless = replace(preset, retention=LOWEST_RETENTION, maximum_interval=Preset().maximum_interval)
    longest = replay(events, days, boundless)
    if shortest is None or longest is None:
        raise ValueError("no review is left, so there is no interval")
    return shortest.interval, longest.interval


def _kept(stored: Memory | None, events: Sequence[ReviewEvent], before: Rules, after: Rules) -> Memory | None:
    """Replay under the new calendar, but let an interval that was given under another retention stay."""
    memory = replay(events, after.days, before.preset)
    if memory is None or stored is None or memory.interval == stored.interval:
        return memory
    was = replay(events, before.days, before.preset)
    if was is None or was.interval == stored.interval:
        return memory
    return _with_interval(memory, stored.interval, events, after)


def _kept_under_parameters(
    stored: Memory | None, events: Sequence[ReviewEvent], given: Mapping[UUID, timedelta], after: Rules
) -> Memory | None:
    """Replay by other parameters, and let the interval stay; one that no answer gave is kept within the possible."""
    memory = replay(events, after.days, after.preset)
    if memory is None or stored is None or memory.phase is not Phase.REVIEW:
        return memory
    if stored.interval in given.values():
        due = after.days.start(after.days.day_of(memory.last_review) + stored.interval)
        return replace(memory, interval=stored.interval, due=due)
    return _with_interval(memory, stored.interval, events, after)


def _with_interval(memory: Memory, interval: timedelta, events: Sequence[ReviewEvent], rules: Rules) -> Memory:
    """Give a card in review that interval, as far as some retention could have given it."""
    if memory.phase is not Phase.REVIEW or memory.interval == interval:
        return memory
    shortest, longest = possible_intervals(events, rules.days, rules.preset)
    interval = min(max(interval, shortest), longest)
    return replace(memory, interval=interval, due=rules.days.start(rules.days.day_of(memory.last_review) + interval))


def _last(events: Sequence[ReviewEvent], memory: Memory) -> UUID:
    """Return the event that the memory ends with."""
    undone = {event.undoes for event in events}
    counted = [
        event for event in events if event.at == memory.last_review and not event.undoes and event.id not in undone
    ]
    return max(counted, key=lambda event: event.id.int).id
