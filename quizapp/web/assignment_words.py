"""What assignments say in words: where somebody stands, what counts, when. Filters for templates."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask

from quizapp.domain.assignments import Gate, Goal, Grading, Late, Progress, Standing, Status, Told
from quizapp.domain.recurrence import Recurrence, Unit
from quizapp.services.assignments import Sort
from quizapp.services.standings import Counts
from quizapp.translations import _, dates, forms, many, marked
from quizapp.web import assignment_forms
from quizapp.web.acting import current_days

STATUSES = {
    Status.EXCUSED: marked("Excused"),
    Status.NOT_OPEN: marked("Not open yet"),
    Status.OPEN: marked("Open"),
    Status.IN_PROGRESS: marked("In progress"),
    Status.LATE: marked("Overdue"),
    Status.DONE: marked("Done"),
    Status.PASSED: marked("Passed"),
    Status.FAILED: marked("Not passed"),
    Status.MISSED: marked("Missed"),
}
PROGRESSES = {
    Progress.NOT_BEGUN: marked("Not begun"),
    Progress.UNDER_WAY: marked("Under way"),
    Progress.DONE: marked("Done"),
    Progress.LATE: marked("Overdue"),
}
SORTS = {Sort.NAME: marked("Name"), Sort.STATE: marked("State")}
LOOKS = {  # of the chips that say so
    Status.DONE: "good",
    Status.PASSED: "good",
    Status.IN_PROGRESS: "info",
    Status.LATE: "again",
    Status.FAILED: "hard",
    Status.MISSED: "again",
}
GOALS = {
    Goal.QUIZ: marked("Answer a quiz"),
    Goal.MASTERY: marked("Master every question"),
    Goal.RECALL: marked("Know a deck on a day"),
}
GRADINGS = {
    Grading.BEST: marked("The best"),
    Grading.LAST: marked("The last"),
    Grading.FIRST: marked("The first"),
    Grading.AVERAGE: marked("The average"),
}
TOLD = {
    Told.AT_ONCE: marked("After each answer"),
    Told.AFTER_ATTEMPT: marked("After each attempt"),
    Told.AFTER_DUE: marked("When it is over for everybody"),
    Told.NEVER: marked("Never"),
}
LATE = {
    Late.REFUSE: marked("Does not count"),
    Late.KEEP: marked("Counts, marked as late"),
}
UNITS = {Unit.DAY: marked("days"), Unit.WEEK: marked("weeks"), Unit.MONTH: marked("months")}
EVERY = {
    Unit.DAY: forms("every day", "every %(num)s days"),
    Unit.WEEK: forms("every week", "every %(num)s weeks"),
    Unit.MONTH: forms("every month", "every %(num)s months"),
}
GATES = {
    Gate.NONE_LEFT: marked("No attempt is left."),
    Gate.OVER: marked("It is over."),
    Gate.EXCUSED: marked("You are excused."),
}


def init_app(app: Flask) -> None:
    """Give templates these words."""
    app.jinja_env.filters.update(
        status=status,
        status_look=status_look,
        goal=lambda of: _(GOALS[of]),
        grading=lambda of: _(GRADINGS[of]),
        telling=lambda of: _(TOLD[of]),
        late_rule=lambda of: _(LATE[of]),
        unit=lambda of: _(UNITS[of]),
        gate=lambda of: _(GATES[of]),
        people_sorted=lambda of: _(SORTS[of]),
        numbers=numbers,
        without=without,
        again=again,
        moment=moment,
        zone=zone,
        is_elsewhere=is_elsewhere,
        percents=percents,
        written=assignment_forms.written,
    )


def numbers(of: Counts) -> Sequence[tuple[Progress, str, int]]:
    """Return how many people are how far, in words, as the filters of a list name them."""
    return [(one, _(name), getattr(of, one.value)) for one, name in PROGRESSES.items()]


def without(asked: Mapping[str, str], *names: str) -> Mapping[str, str]:
    """Return what an address asks for but for these fields."""
    return {name: value for name, value in asked.items() if name not in names}


def status(standing: Standing) -> str:
    """Say where somebody stands."""
    if standing.is_late and standing.status in {Status.DONE, Status.PASSED, Status.FAILED}:
        return _("%(status)s, late", status=_(STATUSES[standing.status]))
    return _(STATUSES[standing.status])


def status_look(of: Status) -> str:
    """Return how the chip looks that says so."""
    return LOOKS.get(of, "")


def again(of: Recurrence) -> str:
    """Say how often something comes again: "every 2 weeks, 6 times"."""
    every = many(*EVERY[of.unit], of.every)
    return _("%(every)s, %(times)s times", every=every, times=of.times)


def moment(at: datetime, zone: str | None = None) -> str:
    """Say a day and a time by the clocks of a zone, else of whoever reads: "Friday 27 November, 17:00"."""
    return dates.moment(at, current_days().zone if zone is None else ZoneInfo(zone))


def zone(at: datetime, name: str | None = None) -> str:
    """Say a time zone, else that of whoever reads, with what its clocks are off at that time: "Europe/Berlin (UTC+01:00)"."""
    there = current_days().zone if name is None else ZoneInfo(name)
    offset = at.astimezone(there).strftime("%z")
    return f"{there.key} (UTC{offset[:3]}:{offset[3:5]})"


def is_elsewhere(at: datetime, name: str) -> bool:
    """Say whether the clocks of a zone show another time then than those of whoever reads."""
    return at.astimezone(ZoneInfo(name)).utcoffset() != at.astimezone(current_days().zone).utcoffset()


def percents(share: float | None) -> str:
    """Say a share in whole percents, none of it rounded up to all."""
    if share is None:
        return "–"
    return f"{min(round(100 * share), 99 if share < 1 else 100)}%"
