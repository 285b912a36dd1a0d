"""Whether a text that is given is a new version of one that is there, or only like it. Start from `kinship`.

What tells the next edition of a handbook from the minutes of the next month is what it is
called, how much was kept, and whether both say of which day they are. Where that does not
tell, and where the names have nothing in common, a person is asked. The bounds were chosen on pairs of documents: docs/again.md has the figures.
"""

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from pathlib import PurePath

from quizapp.domain.revisions import compare, same_share, size

NEXT_FROM = 0.45  # of the longer text: much more than what documents of one template share
HELD_FROM = 0.9  # of the shorter text, when the other one has all of it and more
PERHAPS_FROM = 0.25
NEARLY_FROM = 0.8  # of two texts of any name, word for word
HEAD_CHARS = 600  # in which a text says of which day it is
COPY = re.compile(r"(?:[ _-]*(?:\(\d+\)|copy|final|new|v(?:ersion)?[ _.-]?\d+(?:\.\d+)*))+$")
MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in MONTHS) + "|sept"
DATE = re.compile(
    r"\b(?P<year>(?:19|20)\d\d)[-./](?P<month>0?[1-9]|1[0-2])(?:[-./](?P<day>\d{1,2}))?\b"
    r"|\b(?P<day2>\d{1,2})[./](?P<month2>0?[1-9]|1[0-2])[./](?P<year2>(?:19|20)\d\d)\b"
    rf"|\b(?:(?P<day3>\d{{1,2}})(?:st|nd|rd|th)? )?(?P<name>{MONTH})\b\.?(?: (?P<day4>\d{{1,2}})(?:st|nd|rd|th)?\b)?"
    r"(?:,? (?P<year3>(?:19|20)\d\d)\b)?"
    r"|\b(?P<unit>week|no|nr|number|meeting|episode|chapter|part|volume|q|kw)\.? ?(?P<count>\d{1,4})\b"
)


class Kinship(IntEnum):
    """What a text is to another."""

    OTHER = 0
    PERHAPS = 1  # a new version, or another document of the same making
    NEXT = 2


@dataclass(frozen=True)
class Named:
    """A text with all that it is known by."""

    title: str
    filename: str
    url: str | None
    text: str

    @cached_property
    def names(self) -> frozenset[str]:
        """Return what it is called, without the marks of a copy or a version."""
        return frozenset(_bare(name) for name in (PurePath(self.filename).stem, self.title)) - {""}

    @cached_property
    def days(self) -> frozenset[str]:
        """Return of which days, weeks or numbers it says it is; in a text the name of a month alone is no day."""
        called = f"{self.filename} {self.title}".casefold().replace("_", " ")
        said = filter(None, (_day(found) for found in DATE.finditer(self.text[:HEAD_CHARS].casefold())))
        return frozenset(filter(None, (_day(found, alone=True) for found in DATE.finditer(called)))) | frozenset(said)


@dataclass(frozen=True, order=True)
class Likeness:
    """How alike two texts are: what follows from it, and how much is shared."""

    kinship: Kinship
    share: float = 0.0  # of the longer


def is_called_the_same(former: Named, given: Named) -> bool:
    """Say whether two have a name or the address in common."""
    return bool(former.names & given.names) or (former.url is not None and former.url == given.url)


def likeness(former: Named, given: Named) -> Likeness:
    """Return what the given text is to the former one."""
    sizes = sorted((size(former.text), size(given.text)))
    share = same_share(former.text, given.text)
    if not is_called_the_same(former, given):
        return Likeness(Kinship.PERHAPS if share > NEARLY_FROM else Kinship.OTHER, share)
    if share > NEARLY_FROM:  # "last changed in May" on a handbook that is otherwise as it was
        return Likeness(Kinship.NEXT, share)
    common = compare(former.text, given.text).common_chars
    share, held = common / max(1, sizes[1]), common / max(1, sizes[0])
    if share >= NEXT_FROM or held >= HELD_FROM:
        return Likeness(_unless_of_another_day(former, given), share)
    return Likeness(Kinship.PERHAPS if share >= PERHAPS_FROM else Kinship.OTHER, share)


def _unless_of_another_day(former: Named, given: Named) -> Kinship:
    """Return that it is the next version, or may be the next of a series: of another day, from another place."""
    same_place = former.url is not None and former.url == given.url
    is_dated_anew = former.days - given.days and given.days - former.days
    return Kinship.PERHAPS if is_dated_anew and not same_place else Kinship.NEXT


def _bare(name: str) -> str:
    return COPY.sub("", name.casefold()).strip()


def _day(found: re.Match[str], *, alone: bool = False) -> str | None:
    """Return a date in one form, however it is written; a month may have to stand `alone`."""
    said = found.groupdict()
    if said["unit"]:
        return f"{said['unit']} {int(said['count'])}"
    day = said["day"] or said["day2"] or said["day3"] or said["day4"]
    year = said["year"] or said["year2"] or said["year3"]
    if not (day or year or alone):
        return None
    month = said["month"] or said["month2"] or 1 + [name[:3] for name in MONTHS].index(said["name"][:3])
    return "-".join(str(int(part)) if part else "" for part in (year, month, day))
