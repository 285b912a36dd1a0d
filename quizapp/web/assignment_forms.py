"""The form of an assignment: what it begins with, and what it says. Start from `wanted`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import Enum
from typing import TypeVar
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from quizapp.db.quizzes import MadeFrom
from quizapp.db.teams import Named
from quizapp.domain.assignments import Allowance, Goal, Grading, Late, Rules, Told
from quizapp.domain.questions import Mode
from quizapp.domain.recurrence import Recurrence, Unit, Window
from quizapp.domain.sampling import Quota
from quizapp.errors import InvalidInput
from quizapp.services.assignments import Wanted
from quizapp.services.quizzes import Wish
from quizapp.services.settings import time_zone_named
from quizapp.translations import marked
from quizapp.web.forms import small

LONGEST_NUMBER = 6  # digits
FRIDAY = 4
END_OF_WORK = time(17)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
AT = "%Y-%m-%dT%H:%M"  # as a browser writes a moment without its zone
UNUSABLE = marked("Something in this form cannot be used. Load the page again and choose once more.")
Choice = TypeVar("Choice", bound=Enum)
Fields = MultiDict[str, str]


@dataclass(frozen=True)
class Sheet:
    """An assignment as its form has it: each field as text, and who is chosen."""

    fields: Mapping[str, str]
    chosen: frozenset[int]

    def said(self, name: str) -> str:
        """Return what stands in a field."""
        return self.fields.get(name, "")

    def boxes(self, people: Sequence[Named]) -> Sequence[tuple[int, str, str]]:
        """Return the number of each of these people, what their box has if they are chosen, and their name."""
        return [(one, " checked" if one in self.chosen else "", name) for one, name, _role in people]


def fresh(now: datetime, zone: str, *, of: str = "") -> Sheet:
    """Return the form as it begins: from now until the end of the next Friday that is two days ahead."""
    here = now.astimezone(ZoneInfo(zone)).replace(second=0, microsecond=0)
    ahead = (FRIDAY - here.weekday()) % 7
    friday = here.date() + timedelta(days=ahead if ahead >= 2 else ahead + 7)
    rules = Rules(Goal.QUIZ, Window(here, datetime.combine(friday, END_OF_WORK, tzinfo=here.tzinfo)), attempts=2)
    return Sheet({**_said(rules, zone), "of": of, "mode": "mixed", "who": "all", "pass": "80"}, frozenset())


def of_rules(title: str, note: str, rules: Rules, zone: str, chosen: frozenset[int], *, for_all: bool) -> Sheet:
    """Return the form as an assignment fills it."""
    said = _said(rules, zone)
    return Sheet({**said, "title": title, "note": note, "who": "all" if for_all else "some"}, chosen)


def sent(fields: Fields) -> Sheet:
    """Return the form as it was sent."""
    return Sheet(fields, frozenset(_people(fields)))


def wanted(fields: Fields, goal: Goal | None = None) -> Wanted:
    """Read the form; `goal` is given where it cannot be chosen any more."""
    zone = time_zone_named(_text(fields, "zone") or "UTC")
    opens, due, cutoff = (_moment(fields, name, zone) for name in ("opens", "due", "cutoff"))
    if opens is None or due is None:
        raise InvalidInput("Choose when it opens and when it is due.")
    chosen_goal = goal or _one_of(fields, Goal, "goal")
    rules = Rules(
        goal=chosen_goal,
        window=Window(opens, due, cutoff),
        time_limit=_times(_number(fields, "minutes"), MINUTE),
        attempts=None if _text(fields, "attempts") == "any" else _number(fields, "attempts") or 1,
        delay=(_number(fields, "delay") or 0) * HOUR,
        grading=_one_of(fields, Grading, "grading"),
        pass_share=_share(fields, "pass") if chosen_goal is Goal.QUIZ else None,
        told=_one_of(fields, Told, "told"),
        late=_one_of(fields, Late, "late"),
        quota=Quota(_number(fields, "asked"), _number(fields, "per_topic")) if chosen_goal is Goal.QUIZ else Quota(),
        is_shuffled="shuffled" in fields,
        recurrence=_recurrence(fields),
        recalls=_number(fields, "recalls") or 2,
        spacing=(_number(fields, "spacing") or 0) * HOUR,
        recall=_share(fields, "recall") or 0.9,
    )
    chosen = frozenset(_people(fields)) if _text(fields, "who") == "some" else None
    return Wanted(_text(fields, "title"), _text(fields, "note"), rules, zone.key, chosen)


def material(fields: Fields) -> Wish | int:
    """Read what it is made from: "deck-3", "document-1", "tag-7", "search", or "quiz-2" for a pool that is there."""
    name, _dash, number = _text(fields, "of").partition("-")
    try:
        if name == "quiz":
            return small(number)
        return Wish(
            MadeFrom(name),
            small(number) if number else None,
            mode=Mode(_text(fields, "mode") or "mixed"),
            search=_text(fields, "search"),
        )
    except ValueError:
        raise InvalidInput("Choose what to assign.") from None


def allowance(fields: Fields) -> Allowance:
    """Read what one person is to have besides the rules."""
    zone = time_zone_named(_text(fields, "zone") or "UTC")
    return Allowance(
        opens=_moment(fields, "opens", zone),
        due=_moment(fields, "due", zone),
        cutoff=_moment(fields, "cutoff", zone),
        more_time=(_number(fields, "more_minutes") or 0) * MINUTE,
        more_attempts=_number(fields, "more_attempts") or 0,
        is_strict="strict" in fields,
        is_excused="excused" in fields,
    )


def allowance_fields(given: Allowance, zone: str) -> dict[str, str]:
    """Return what one person has as the form says it."""
    flags = {"strict": given.is_strict, "excused": given.is_excused}
    return {
        "zone": zone,
        **{
            name: written(at, zone)
            for name, at in (("opens", given.opens), ("due", given.due), ("cutoff", given.cutoff))
        },
        "more_minutes": str(given.more_time // MINUTE),
        "more_attempts": str(given.more_attempts),
        **{name: "1" for name, is_on in flags.items() if is_on},
    }


def _said(rules: Rules, zone: str) -> dict[str, str]:
    again, window = rules.recurrence, rules.window
    found: dict[str, object] = {
        "zone": zone,
        "goal": rules.goal.value,
        "opens": written(window.opens, zone),
        "due": written(window.due, zone),
        "cutoff": written(window.cutoff, zone),
        "minutes": rules.time_limit // MINUTE if rules.time_limit else "",
        "attempts": rules.attempts or "any",
        "delay": rules.delay // HOUR or "",
        "grading": rules.grading.value,
        "pass": round(rules.pass_share * 100) if rules.pass_share else "",
        "told": rules.told.value,
        "late": rules.late.value,
        "asked": rules.quota.count or "",
        "per_topic": rules.quota.per_topic or "",
        "shuffled": "1" if rules.is_shuffled else "",
        "every": again.every if again else "",
        "unit": again.unit.value if again else "week",
        "times": again.times if again else "",
        "recalls": rules.recalls,
        "spacing": rules.spacing // HOUR,
        "recall": round(rules.recall * 100),
    }
    return {name: str(value) for name, value in found.items()}


def _recurrence(fields: Fields) -> Recurrence | None:
    every, times = _number(fields, "every"), _number(fields, "times")
    if not every and not times:
        return None
    return Recurrence(every or 1, _one_of(fields, Unit, "unit"), times or 2)


def _one_of(fields: Fields, kinds: type[Choice], name: str) -> Choice:
    try:
        return kinds(_text(fields, name))
    except ValueError:
        raise InvalidInput(UNUSABLE) from None


def _moment(fields: Fields, name: str, zone: ZoneInfo) -> datetime | None:
    """Return a moment that was written by the clocks of the zone, in UTC."""
    if not _text(fields, name):
        return None
    try:
        return datetime.fromisoformat(_text(fields, name)).replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInput("A day and a time are needed, such as 2026-11-27 17:00.") from None


def written(at: datetime | None, zone: str) -> str:
    """Return a moment as a field of a form has it, by the clocks of the zone."""
    return at.astimezone(ZoneInfo(zone)).strftime(AT) if at else ""


def _number(fields: Fields, name: str) -> int | None:
    written = _text(fields, name)
    if not written:
        return None
    if not written.isascii() or not written.isdecimal() or len(written) > LONGEST_NUMBER:
        raise InvalidInput("A whole number is needed here, not “%(written)s”.", written=written[:20])
    return int(written)


def _times(number: int | None, unit: timedelta) -> timedelta | None:
    return None if number is None else number * unit


def _share(fields: Fields, name: str) -> float | None:
    number = _number(fields, name)
    return None if number is None else number / 100


def _people(fields: Fields) -> list[int]:
    return fields.getlist("person", type=small)


def _text(fields: Fields, name: str) -> str:
    return fields.get(name, "").replace("\r\n", "\n").strip()
