"""When what is assigned to a person is due, for their own calendar (RFC 5545). Start from `feed`."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from quizapp.db import assignments, notices, teams
from quizapp.db.assignments import AssigneeRow, AssignmentRow
from quizapp.db.engine import Session
from quizapp.domain.recurrence import Window
from quizapp.domain.tokens import LONGEST_TOKEN, hashed
from quizapp.errors import NotFound
from quizapp.services.assigned import occurrence_of
from quizapp.services.reminders import Home
from quizapp.translations import _, speaking

if TYPE_CHECKING:
    from icalendar import Calendar, Event

LISTED = 200
MOST_EVENTS = 1_000
KEPT = timedelta(days=90)  # that something stays which was due
REFRESH = timedelta(hours=6)  # how often a calendar may ask


def feed(session: Session, token: str, home: Home, *, now: datetime) -> bytes:
    """Return the calendar with this token; the same bytes as long as nothing changes."""
    row = None if len(token) > LONGEST_TOKEN else notices.of_calendar(session, hashed(token))
    if row is None:
        raise NotFound("There is no calendar at this address any more. Its person finds the new one in Settings.")
    with speaking(row.language):
        calendar = _empty()
        for one in _due(session, row.learner_id, home, now=now):
            calendar.add_component(one)
    written: bytes = calendar.to_ical()
    return written


def _empty() -> "Calendar":
    calendar: Calendar = import_module("icalendar").Calendar()  # loaded for whoever has a calendar
    calendar.add("prodid", "-//Recto//Assignments//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Recto: what is due"))
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    return calendar


def _due(session: Session, learner_id: int, home: Home, *, now: datetime) -> "Sequence[Event]":
    """Return an event for each time that something is due: those that are over for long left out, the first first."""
    rows = assignments.of_learner(session, learner_id, limit=LISTED)
    persons = assignments.assignees(session, [row.id for row in rows])
    names = {library_id: name for library_id, (_, name) in teams.names_of_learner(session, learner_id).items()}
    found = [
        (window, row, number)
        for row in rows
        for number, window in _windows(row, persons.get((row.id, learner_id)))
        if window.due >= now - KEPT
    ]
    found.sort(key=lambda one: (one[0].due, one[1].id, one[2]))
    return [
        _event(row, number, window, names.get(row.owner_id, ""), home) for window, row, number in found[:MOST_EVENTS]
    ]


def _windows(row: AssignmentRow, person: AssigneeRow | None) -> Iterator[tuple[int, Window]]:
    """Give every occurrence that a person is not excused from, with the window that is theirs."""
    again = assignments.rules(row).recurrence
    for number in range(again.times if again else 1):
        allowance, window = occurrence_of(row, number).of(person)
        if not allowance.is_excused:
            yield number, window


def _event(row: AssignmentRow, number: int, window: Window, team: str, home: Home) -> "Event":
    """Return a moment without length, which keeps nobody from being free; nothing in it rings."""
    event: Event = import_module("icalendar").Event()
    event.add("uid", f"assignment-{row.id}-{number}@{urlsplit(home.url).hostname}")
    event.add("dtstamp", row.created)
    event.add("dtstart", window.due)
    event.add("summary", _("Due: %(title)s", title=row.title))
    event.add("description", "\n".join(part for part in (team, row.note) if part))
    event.add("url", home.page(f"/assignments/{row.id}"))
    event.add("transp", "TRANSPARENT")
    return event
