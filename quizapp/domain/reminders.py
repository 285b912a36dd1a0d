"""What a person is reminded of, once a day in their morning. Start from `is_time` and `reasons`.

Between two looks each thing becomes known once: that it opens a day before it does, or as soon as it is made;
that it was missed when its time is over. Only what is due soon is said again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from quizapp.domain.assignments import Goal, Status
from quizapp.domain.recurrence import Window

MORNING, EVENING = 8, 20  # hours of the person's day from and until which it is looked for them
AHEAD = timedelta(days=1)  # that an opening is told before it
SOON = timedelta(hours=48)
OWED = frozenset({Status.NOT_OPEN, Status.OPEN, Status.IN_PROGRESS, Status.LATE, Status.FAILED})


class Reminders(Enum):
    """What a person wants to be reminded of by mail."""

    OFF = "off"
    ASSIGNMENTS = "assignments"
    CARDS = "cards"  # assignments, and how many cards are due


class Reason(Enum):
    """Why an assignment is in a letter."""

    MISSED = "missed"
    LATE = "late"  # it was due, and can still be handed in
    DUE = "due"
    OPENS = "opens"


@dataclass(frozen=True)
class Task:
    """An occurrence of an assignment as it stands for one person."""

    goal: Goal
    window: Window  # theirs
    created: datetime
    status: Status
    can_go_on: bool  # an attempt can begin or go on, now or later


def is_time(now: datetime, zone: ZoneInfo, looked_at: datetime | None) -> bool:
    """Say whether it is to be looked for a person now: it is their day, and on this day of theirs it was not yet."""
    there = now.astimezone(zone)
    return MORNING <= there.hour < EVENING and (looked_at is None or looked_at.astimezone(zone).date() < there.date())


def reason(task: Task, *, since: datetime, now: datetime) -> Reason | None:
    """Return why an assignment is to be named in a letter at this time, the last look being at `since`, or None."""
    end = task.window.due if task.goal is Goal.RECALL else task.window.cutoff
    if end is not None and end <= now:
        is_missed = task.status is Status.MISSED or (task.goal is not Goal.QUIZ and task.status is Status.FAILED)
        return Reason.MISSED if is_missed and since < end else None
    if task.status not in OWED or not task.can_go_on:
        return None
    if task.window.due <= now:
        return Reason.LATE if since < task.window.due else None
    if task.window.opens <= now and task.window.due <= now + SOON:
        return Reason.DUE
    known = max(task.created, task.window.opens - AHEAD)
    return Reason.OPENS if since < known <= now else None
