"""Days in words, as sentences of every language have them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from quizapp.translations import _, marked

WEEKDAYS = (
    *(marked("Monday"), marked("Tuesday"), marked("Wednesday"), marked("Thursday")),
    *(marked("Friday"), marked("Saturday"), marked("Sunday")),
)
MONTHS = (
    *(marked("January"), marked("February"), marked("March"), marked("April"), marked("May"), marked("June")),
    *(marked("July"), marked("August"), marked("September"), marked("October"), marked("November")),
    marked("December"),
)


def day(on: date) -> str:
    """Say a day in full: "Monday 23 November"."""
    weekday, name = _(WEEKDAYS[on.weekday()]), _(MONTHS[on.month - 1])
    return _("%(weekday)s %(day)s %(month)s", weekday=weekday, day=on.day, month=name)


def moment(at: datetime, zone: ZoneInfo) -> str:
    """Say a day and a time by the clocks of a place: "Friday 27 November, 17:00"."""
    there = at.astimezone(zone)
    return _("%(day)s, %(time)s", day=day(there.date()), time=f"{there:%H:%M}")
