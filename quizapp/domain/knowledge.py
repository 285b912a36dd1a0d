"""What a team knows, topic by topic, and what of that may be told. Start from `knowledge_map`.

**Recall** is the mean chance of recalling now, over the cards that a person has answered; **coverage** is the
share of the cards that they have answered at all. A team's figure is the mean over its people, so that who studies
more does not count more.

What one person knows is kept as a **curve**: the sum of their chances of recall today, and on some days from now on
if they do not study. Any day between is read off it, so that nobody's memories are looked at again until they study.

Private reviews are private: what a trainer is told of a topic rests on `FEWEST_PEOPLE` or more, or on those alone
who let their own figures be shown.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import fsum
from statistics import fmean

from quizapp.domain.calibration import Bin
from quizapp.domain.queues import Days
from quizapp.domain.scheduling import Preset, recall_after

FEWEST_PEOPLE = 5
GOAL = 0.85  # from this recall on a topic is held
FEWEST_ANSWERS = 20  # of a bin, before its share says anything
# Days from the one on which a curve was drawn; close together at first, where memory fades fastest.
OFFSETS = (0, 1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 90, 120, 180, 270, 365)

Curve = tuple[float, ...]


@dataclass(frozen=True)
class Held:
    """What one person knows of one topic."""

    person_id: int
    topic: str
    cards: int  # of the topic
    answered: int  # of these, once at least
    chances: float  # the sum of the chances of recalling those
    later: float  # the same sum on another day, if nobody studies

    @property
    def recall(self) -> float | None:
        """Return the mean chance of recall, 0 to 1; None before the first answer."""
        return self.chances / self.answered if self.answered else None

    @property
    def coverage(self) -> float:
        """Return the share of the cards that were answered, 0 to 1."""
        return self.answered / self.cards if self.cards else 0.0


@dataclass(frozen=True)
class Topic:
    """What a team knows of a topic, as far as it may be told."""

    name: str
    people: int  # who answered any of its cards
    recall: float | None  # None while too few did
    later: float | None
    coverage: float | None  # over all people of the team; None while they are too few


@dataclass(frozen=True)
class Person:
    """What one person lets be seen: recall by topic."""

    person_id: int
    recall: Mapping[str, float | None]  # by topic; None before the first answer

    @property
    def weakest(self) -> float:
        """Return the lowest recall, 1 when there is none, so that people can be sorted by need."""
        return min((chance for chance in self.recall.values() if chance is not None), default=1.0)


def curve(traces: Sequence[tuple[datetime, float]], now: datetime, days: Days, preset: Preset) -> Curve:
    """Return the sum of the chances of recalling these cards today and after each of `OFFSETS`.

    Each card is given by its last review and its stability in days.
    """
    today = days.day_of(now)
    held = [(max(0, (today - days.day_of(last_review)).days), stability) for last_review, stability in traces]
    return tuple(fsum(recall_after(after + ago, stability, preset) for ago, stability in held) for after in OFFSETS)


def read_off(drawn: Curve, days: int) -> float:
    """Return what a curve has so many days after it was drawn; before it its beginning, after it its end."""
    at = bisect_right(OFFSETS, days)
    if at == 0:
        return drawn[0]
    if at == len(OFFSETS):
        return drawn[-1]
    (before, after), (high, low) = OFFSETS[at - 1 : at + 1], drawn[at - 1 : at + 1]
    return high + (low - high) * (days - before) / (after - before)


def knowledge_map(held: Iterable[Held], *, shown: frozenset[int]) -> Sequence[Topic]:
    """Return every topic with what may be told of it, the least recalled first and the untold last.

    `shown` are the people who let their figures be seen under their names.
    """
    topics: dict[str, list[Held]] = defaultdict(list)
    for one in held:
        topics[one.topic].append(one)
    told = [_topic(name, each, shown) for name, each in topics.items()]
    return sorted(told, key=lambda topic: (topic.recall is None, topic.recall or 0.0, topic.name))


def by_person(held: Iterable[Held], *, shown: frozenset[int]) -> Sequence[Person]:
    """Return the people who let their figures be seen, who need it most first."""
    people: dict[int, dict[str, float | None]] = defaultdict(dict)
    for one in held:
        if one.person_id in shown:
            people[one.person_id][one.topic] = one.recall
    return sorted((Person(*one) for one in people.items()), key=lambda person: (person.weakest, person.person_id))


def may_tell(people: Iterable[int], *, shown: frozenset[int]) -> bool:
    """Say whether a figure over these people may be told.

    Those who are shown by name can be taken out of it by whoever reads it, so that the rest must be nobody, or
    enough by themselves.
    """
    each = set(people)
    hidden = len(each - shown)
    return bool(each) and (hidden == 0 or hidden >= FEWEST_PEOPLE)


def trusted(bins: Iterable[Bin]) -> float | None:
    """Return how far foretold recall is from what people showed at their first tries, 0 to 1.

    The mean distance over all bins with enough answers, each by its answers; None where no bin has enough.
    """
    enough = [one for one in bins if one.tests >= FEWEST_ANSWERS]
    tests = sum(one.tests for one in enough)
    return sum(abs(one.chances - one.passed) for one in enough) / tests if tests else None


def _topic(name: str, each: Sequence[Held], shown: frozenset[int]) -> Topic:
    answered = [one for one in each if one.answered]
    recall = later = coverage = None
    if may_tell((one.person_id for one in answered), shown=shown):
        recall = fmean(one.chances / one.answered for one in answered)
        later = fmean(one.later / one.answered for one in answered)
    if may_tell((one.person_id for one in each), shown=shown):
        coverage = fmean(one.coverage for one in each)
    return Topic(name, len(answered), recall, later, coverage)
