"""What a team knows, topic by topic, and what of that may be told. Start from `tell`.

**Recall** is the mean chance of recalling now, over the cards that a person has answered; **coverage** is the
share of the cards that they have answered at all. A team's figure is the mean over its people, so that who studies
more does not count more.

What one person knows is kept as a **curve**: the sum of their chances of recall today, and on some days from now on
if they do not study. Any day between is read off it, so that nobody's memories are looked at again until they study.
Reading off is linear, so the curves of all whose curve begins on the same day are read off at once, from their
**sums**: what the team knows is told without looking at each of its people.

Private reviews are private: what a trainer is told of a topic rests on `FEWEST_PEOPLE` or more, or on those alone
who let their own figures be shown.
"""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from itertools import compress
from math import fsum

from quizapp.domain.calibration import EDGES, Bin
from quizapp.domain.queues import Days
from quizapp.domain.scheduling import Preset, recall_after

FEWEST_PEOPLE = 5
GOAL = 0.85  # from this recall on a topic is held
FEWEST_ANSWERS = 20  # of a bin, before its share says anything
# Days from the one on which a curve was drawn; close together at first, where memory fades fastest.
OFFSETS = (0, 1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 90, 120, 180, 270, 365)
EVERYTHING = ""  # all topics together; no topic is called so
# Sums are of whole numbers, so that whoever is taken out of them leaves nothing behind.
UNIT = 2**40
NEED_UNIT = 1_000

Curve = tuple[float, ...]


class By(Enum):
    """What a topic is."""

    HEADING = "heading"  # of the source; a card without one counts under its deck
    SPEAKER = "speaker"
    DECK = "deck"


@dataclass(frozen=True)
class Grasp:
    """What one person knows of one topic."""

    cards: int  # of the topic
    answered: int  # of these, once at least
    curve: Curve  # of the chances of recalling those

    @property
    def coverage(self) -> float:
        """Return the share of the cards that were answered, 0 to 1."""
        return self.answered / self.cards if self.cards else 0.0

    def recall(self, days: int) -> float | None:
        """Return the mean chance of recall so many days after the curve was drawn; None before the first answer."""
        return read_off(self.curve, days) / self.answered if self.answered else None


@dataclass(frozen=True)
class Topic:
    """What a team knows of a topic, as far as it may be told."""

    name: str
    people: int  # who answered any of its cards
    recall: float | None  # None while too few did
    later: float | None
    coverage: float | None  # over all people of the team; None while they are too few


@dataclass(frozen=True)
class Told:
    """What a team knows, as far as it may be told."""

    topics: Sequence[Topic]  # the least recalled first and the untold last
    whole: Topic  # all topics together
    people: int  # who are known of
    by_need: Sequence[int]  # those who let their figures be seen, who need it most first
    bins: Sequence[Bin]  # how what was foretold came true; none while it may not be told


@dataclass(eq=False)
class Sums:
    """What those know whose curves begin on one day, added up; sets of people are bits by their place in `people`."""

    people: list[int] = field(default_factory=list)  # in their order
    tested: int = 0  # those of whom something was foretold
    bins: list[int] = field(default_factory=lambda: [0] * (3 * len(EDGES) - 3))
    needs: list[list[int]] = field(default_factory=lambda: [[] for _ in OFFSETS])  # by offset, then by person
    topics: list[str] = field(default_factory=list)
    there: list[int] = field(default_factory=list)  # who has any of its cards, by topic
    answered: list[int] = field(default_factory=list)  # who has answered any
    coverage: list[int] = field(default_factory=list)
    curves: list[list[int]] = field(default_factory=lambda: [[] for _ in OFFSETS])  # by offset, then by topic

    def copy(self) -> "Sums":
        """Return the same sums, to be changed apart from these."""
        return Sums(
            people=list(self.people),
            tested=self.tested,
            bins=list(self.bins),
            needs=[list(column) for column in self.needs],
            topics=list(self.topics),
            there=list(self.there),
            answered=list(self.answered),
            coverage=list(self.coverage),
            curves=[list(column) for column in self.curves],
        )

    def add(self, person_id: int, grasps: Mapping[str, Grasp], bins: Sequence[float]) -> None:
        """Add a person who is not there."""
        insort(self.people, person_id)
        at = self.people.index(person_id)
        self.tested = _with_room(self.tested, at) | (any(bins) << at)
        for sets in (self.there, self.answered):
            sets[:] = [_with_room(one, at) for one in sets]
        for needs, need in zip(self.needs, _needs(grasps), strict=True):
            needs.insert(at, need)
        places = {name: place for place, name in enumerate(self.topics)}
        for name, grasp in grasps.items():
            place = places.get(name, len(self.topics))
            if place == len(self.topics):
                self._begin(name)
            self.there[place] |= 1 << at
            self.answered[place] |= (grasp.answered > 0) << at
        self._count(grasps, bins, 1)

    def take_out(self, person_id: int, grasps: Mapping[str, Grasp], bins: Sequence[float]) -> None:
        """Take out a person as they were added."""
        self._count(grasps, bins, -1)
        at = self.people.index(person_id)
        del self.people[at]
        self.tested = _without(self.tested, at)
        for sets in (self.there, self.answered):
            sets[:] = [_without(one, at) for one in sets]
        for needs in self.needs:
            del needs[at]

    def _begin(self, name: str) -> None:
        self.topics.append(name)
        for column in (self.there, self.answered, self.coverage, *self.curves):
            column.append(0)

    def _count(self, grasps: Mapping[str, Grasp], bins: Sequence[float], sign: int) -> None:
        for at, figure in enumerate(bins):
            self.bins[at] += sign * round(UNIT * figure)
        places = {name: place for place, name in enumerate(self.topics)}
        for name, grasp in grasps.items():
            place = places[name]
            self.coverage[place] += sign * round(UNIT * grasp.coverage)
            if grasp.answered:
                for sums, chances in zip(self.curves, grasp.curve, strict=True):
                    sums[place] += sign * round(UNIT * chances / grasp.answered)


def curve(traces: Sequence[tuple[datetime, float]], now: datetime, days: Days, preset: Preset) -> Curve:
    """Return the sum of the chances of recalling these cards today and after each of `OFFSETS`.

    Each card is given by its last review and its stability in days.
    """
    today = days.day_of(now)
    held = [(max(0, (today - days.day_of(last_review)).days), stability) for last_review, stability in traces]
    return tuple(fsum(recall_after(after + ago, stability, preset) for ago, stability in held) for after in OFFSETS)


def read_off(drawn: Sequence[float], days: int) -> float:
    """Return what a curve has so many days after it was drawn; before it its beginning, after it its end."""
    before, after, part = between(days)
    return drawn[before] + (drawn[after] - drawn[before]) * part


def grasped(parts: Iterable[tuple[str, Grasp]]) -> Mapping[str, Grasp]:
    """Return what a person knows of each topic, and of everything, from parts under the names of their topics."""
    found: dict[str, list[Grasp]] = defaultdict(list)
    for name, part in parts:
        found[name].append(part)
        found[EVERYTHING].append(part)
    return {name: _together(each) for name, each in found.items()}


def tell(groups: Mapping[date, Sums], today: date, on: date, *, shown: frozenset[int]) -> Told:
    """Return what may be told of sums by the day on which their curves begin: today, and on another day.

    `shown` are the people who let their figures be seen under their names.
    """
    topics: dict[str, _Topic] = defaultdict(_Topic)
    tested, bins = _Count(), [0] * (3 * len(EDGES) - 3)
    needs: list[tuple[float, int]] = []
    for day, sums in groups.items():
        is_shown = [one in shown for one in sums.people]
        hidden = _bits(["0" if one else "1" for one in is_shown])
        tested.add(sums.tested, hidden)
        bins = [one + more for one, more in zip(bins, sums.bins, strict=True)]
        now, later = (_column(sums.curves, (one - day).days) for one in (today, on))
        for place, name in enumerate(sums.topics):
            topic = topics[name]
            topic.there.add(sums.there[place], hidden)
            topic.answered.add(sums.answered[place], hidden)
            topic.recall += now[place]
            topic.later += later[place]
            topic.coverage += sums.coverage[place]
        need = _column(sums.needs, (today - day).days)
        needs += compress(zip(need, sums.people, strict=True), is_shown)
    whole = topics.pop(EVERYTHING, _Topic())
    told = [one.told(name) for name, one in topics.items() if one.there.people]
    return Told(
        topics=sorted(told, key=lambda topic: (topic.recall is None, topic.recall or 0.0, topic.name)),
        whole=whole.told(EVERYTHING),
        people=sum(len(sums.people) for sums in groups.values()),
        by_need=[person for _, person in sorted(needs)],
        bins=_as_bins(bins) if tested.may_tell else [],
    )


def may_tell(people: int, *, hidden: int) -> bool:
    """Say whether a figure may be told over so many people, of whom some do not let theirs be seen.

    Those who are shown by name can be taken out of it by whoever reads it, so that the rest must be nobody, or
    enough by themselves.
    """
    return bool(people) and (hidden == 0 or hidden >= FEWEST_PEOPLE)


def trusted(bins: Iterable[Bin]) -> float | None:
    """Return how far foretold recall is from what people showed at their first tries, 0 to 1.

    The mean distance over all bins with enough answers, each by its answers; None where no bin has enough.
    """
    enough = [one for one in bins if one.tests >= FEWEST_ANSWERS]
    tests = sum(one.tests for one in enough)
    return sum(abs(one.chances - one.passed) for one in enough) / tests if tests else None


@dataclass
class _Count:
    """How many people a figure is over, and how many of them are hidden."""

    people: int = 0
    hidden: int = 0

    def add(self, who: int, hidden: int) -> None:
        self.people += who.bit_count()
        self.hidden += (who & hidden).bit_count()

    @property
    def may_tell(self) -> bool:
        return may_tell(self.people, hidden=self.hidden)


@dataclass
class _Topic:
    """A topic while it is added up over groups."""

    there: _Count = field(default_factory=_Count)
    answered: _Count = field(default_factory=_Count)
    recall: float = 0.0
    later: float = 0.0
    coverage: int = 0

    def told(self, name: str) -> Topic:
        recall = later = coverage = None
        if self.answered.may_tell:
            recall, later = (one / UNIT / self.answered.people for one in (self.recall, self.later))
        if self.there.may_tell:
            coverage = self.coverage / UNIT / self.there.people
        return Topic(name, self.answered.people, recall, later, coverage)


def between(days: int) -> tuple[int, int, float]:
    """Return between which offsets that many days lie, by their places, and how far from the first to the second."""
    at = bisect_right(OFFSETS, days)
    before = max(0, at - 1)
    if at in {0, len(OFFSETS)} or days == OFFSETS[before]:
        return before, before, 0.0
    return before, at, (days - OFFSETS[before]) / (OFFSETS[at] - OFFSETS[before])


def _column(columns: Sequence[Sequence[int]], days: int) -> Sequence[float]:
    """Read every curve off that has its figures at one place of these columns."""
    before, after, part = between(days)
    if before == after:
        return columns[before]
    return [high + (low - high) * part for high, low in zip(columns[before], columns[after], strict=True)]


def _together(parts: Sequence[Grasp]) -> Grasp:
    sums = tuple(map(sum, zip(*(one.curve for one in parts), strict=True)))
    return Grasp(sum(one.cards for one in parts), sum(one.answered for one in parts), sums)


def _needs(grasps: Mapping[str, Grasp]) -> Sequence[int]:
    """Return the lowest recall of any topic after each of `OFFSETS`, so that people can be sorted by need."""
    answered = [one for name, one in grasps.items() if name != EVERYTHING and one.answered]
    lowest = [min((one.curve[at] / one.answered for one in answered), default=1.0) for at in range(len(OFFSETS))]
    return [round(NEED_UNIT * one) for one in lowest]


def _with_room(bits: int, at: int) -> int:
    """Return a set of people with a place more, for one who is not in it."""
    low = bits & ((1 << at) - 1)
    return (bits >> at << (at + 1)) | low


def _without(bits: int, at: int) -> int:
    """Return a set of people with a place less."""
    low = bits & ((1 << at) - 1)
    return (bits >> (at + 1) << at) | low


def _bits(each: Sequence[str]) -> int:
    """Return a set of those places that are given as 1."""
    return int("".join(each)[::-1] or "0", 2)


def _as_bins(sums: Sequence[int]) -> Sequence[Bin]:
    return [
        Bin(low, high, sums[at] // UNIT, sums[at + 1] // UNIT, sums[at + 2] / UNIT)
        for low, high, at in zip(EDGES, EDGES[1:], range(0, len(sums), 3), strict=False)
    ]
