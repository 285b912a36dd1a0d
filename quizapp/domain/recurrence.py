"""What comes again: the same window of time, some days, weeks or months later by the clock on the wall. Start from `window_of`."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from quizapp.errors import InvalidInput

MOST_TIMES, MOST_EVERY = 400, 365
MONTHS = 12
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)  # far from where calendars end


class Unit(Enum):
    """What lies between two occurrences."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Recurrence:
    """How often something comes again, the first time among them."""

    every: int
    unit: Unit
    times: int


@dataclass(frozen=True)
class Window:
    """When something can be done: from `opens` on, in time until `due`, and at all until `cutoff`, None for ever."""

    opens: datetime
    due: datetime
    cutoff: datetime | None = None


def check_moments(*moments: datetime | None) -> None:
    """Refuse moments that nobody means, some of which the clocks of other zones could not show."""
    if not all(EARLIEST <= at < LATEST for at in moments if at is not None):
        raise InvalidInput("Choose days from the year 2000 on and before the year 2200.")


def check(window: Window, again: Recurrence | None, zone: ZoneInfo) -> None:
    """Refuse a window that is turned round or out of all time, and one that would not be over when it comes again."""
    check_moments(window.opens, window.due, window.cutoff)
    if window.due <= window.opens:
        raise InvalidInput("The due time must be after the opening. Choose a later one.")
    if window.cutoff is not None and window.cutoff < window.due:
        raise InvalidInput("The cut-off cannot be before the due time. Choose a later one, or leave it empty.")
    if again is None:
        return
    if not (1 <= again.every <= MOST_EVERY and 2 <= again.times <= MOST_TIMES):
        raise InvalidInput(
            "What comes again does so 2 to %(times)s times, every 1 to %(every)s days, weeks or months.",
            times=MOST_TIMES,
            every=MOST_EVERY,
        )
    end = window.cutoff or window.due
    for number in range(again.times - 1):
        shifted = _shifted(end, window, again, zone, number)
        check_moments(shifted)
        if shifted > _opening(window, again, zone, number + 1):
            raise InvalidInput(
                "It would open again before it is over. Choose an earlier end, or let it come less often."
            )


def window_of(window: Window, again: Recurrence | None, zone: ZoneInfo, number: int) -> Window:
    """Return the window of an occurrence, 0 for the first; one without a cut-off ends when the next opens.

    It opens, is due and ends at the same time of day as the first, whatever the clocks were set to meanwhile.
    A day that its month does not have is the last of the month.
    """
    if again is None:
        return window
    opens = _opening(window, again, zone, number)
    due = _shifted(window.due, window, again, zone, number)
    following = _opening(window, again, zone, number + 1)
    cutoff = _shifted(window.cutoff, window, again, zone, number) if window.cutoff else following
    # Where the clocks skip an hour, what is short could end before it begins.
    due = due if due > opens else opens + (window.due - window.opens)
    return Window(opens, due, max(cutoff, due))


def current(window: Window, again: Recurrence | None, zone: ZoneInfo, now: datetime) -> int:
    """Return the number of the occurrence that opened last; the first before any has."""
    if again is None or now < window.opens:
        return 0
    low, high = 0, again.times - 1
    while low < high:
        middle = (low + high + 1) // 2
        if _opening(window, again, zone, middle) <= now:
            low = middle
        else:
            high = middle - 1
    return low


def windows(window: Window, again: Recurrence | None, zone: ZoneInfo) -> Iterator[Window]:
    """Give every window, one after another."""
    for number in range(again.times if again else 1):
        yield window_of(window, again, zone, number)


def _opening(window: Window, again: Recurrence, zone: ZoneInfo, number: int) -> datetime:
    return _on(_day(window.opens.astimezone(zone).date(), again, number), window.opens, zone)


def _shifted(at: datetime, window: Window, again: Recurrence, zone: ZoneInfo, number: int) -> datetime:
    """Return a moment of the first window as it is in another: as many days after the opening, at the same time of day."""
    first = window.opens.astimezone(zone).date()
    return _on(_day(first, again, number) + (at.astimezone(zone).date() - first), at, zone)


def _on(day: date, at: datetime, zone: ZoneInfo) -> datetime:
    wall = at.astimezone(zone)
    return datetime.combine(day, wall.time(), tzinfo=zone).astimezone(UTC)


def _day(first: date, again: Recurrence, number: int) -> date:
    step = again.every * number
    match again.unit:
        case Unit.DAY:
            return first + timedelta(days=step)
        case Unit.WEEK:
            return first + timedelta(weeks=step)
        case Unit.MONTH:
            years, month = divmod(first.month - 1 + step, MONTHS)
            last = monthrange(first.year + years, month + 1)[1]
            return date(first.year + years, month + 1, min(first.day, last))
