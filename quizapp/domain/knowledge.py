"""What a team knows, topic by topic, and what of that may be told. Start from `knowledge_map`.

**Recall** is the mean chance of recalling now, over the cards that a person has answered; **coverage** is the
share of the cards that they have answered at all. A team's figure is the mean over its people, so that who studies
more does not count more.

Private reviews are private: what a trainer is told of a topic rests on `FEWEST_PEOPLE` or more, or on those alone
who let their own figures be shown.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from quizapp.domain.calibration import Bin

FEWEST_PEOPLE = 5
GOAL = 0.85  # from this recall on a topic is held
FEWEST_ANSWERS = 20  # of a bin, before its share says anything


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
