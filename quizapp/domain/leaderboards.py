"""Leaderboards of a team: what stands on them, in which order, and who is named. Start from `board`.

What is measured takes time or is marked by the machine, so that neither many answers nor one button win it:

- **days** on which any of the team's material was studied: one a day at most,
- cards **remembered for long**: recalled though they had not been seen for three weeks,
- **first attempts** at what was assigned to everybody: their points out of 100 each.

Whoever reads a long list from below is ashamed or gives up, so nobody is named for standing low: the upper half is, ten
at most, and each person sees their own place with those just before them. Equal scores share a place.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from quizapp.domain.queues import Kind
from quizapp.domain.scheduling import Grade

LONG = timedelta(days=21)  # from here on programs of this kind call a card mature
NAMED = 10
BEFORE_ONE = 2  # people who are named just before oneself


class Measure(Enum):
    """What a leaderboard counts."""

    DAYS = "days"
    LASTING = "lasting"
    ATTEMPTS = "attempts"


class Span(Enum):
    """Since when a leaderboard counts; a week and a month begin anew for everybody."""

    WEEK = "week"
    MONTH = "month"
    ALL = "all"


@dataclass(frozen=True)
class Scored:
    """A person who takes part, with what they have."""

    person_id: int
    name: str
    score: int


@dataclass(frozen=True)
class Place:
    """A line of a leaderboard."""

    rank: int
    person_id: int
    name: str
    score: int


@dataclass(frozen=True)
class Board:
    """A leaderboard as one person sees it."""

    top: Sequence[Place]
    unnamed: int  # who share the last place of the top beside those who are named
    near: Sequence[Place]  # oneself with those just before, if one is not in the top
    scored: int  # people who have anything


def since(span: Span, today: date) -> date | None:
    """Return the day from which on a leaderboard counts, None for all time."""
    match span:
        case Span.WEEK:
            return today - timedelta(days=today.weekday())
        case Span.MONTH:
            return today.replace(day=1)
        case Span.ALL:
            return None


def lasted(before: date | None, day: date, was: Kind | None, grade: Grade | None) -> bool:
    """Say whether a grade shows that a card was remembered for long, given the day of the one before."""
    is_recalled = was is Kind.REVIEW and grade not in (None, Grade.AGAIN)
    return is_recalled and before is not None and day - before >= LONG


def board(people: Iterable[Scored], *, me: int) -> Board:
    """Return the leaderboard that a person sees; who has nothing yet stands nowhere."""
    having = sorted((one for one in people if one.score > 0), key=lambda one: (-one.score, one.name.casefold()))
    scores = [-one.score for one in having]
    places = [Place(bisect_left(scores, -one.score) + 1, one.person_id, one.name, one.score) for one in having]
    named = min(NAMED, (len(places) + 1) // 2)
    top = _own_first(places[:named], places, me)
    unnamed = sum(one.rank == top[-1].rank for one in places[named:]) if top else 0
    return Board(top, unnamed, _near(places, top, me), len(places))


def _own_first(top: Sequence[Place], places: Sequence[Place], me: int) -> Sequence[Place]:
    """Name oneself rather than another of the same score, where not all of them are named."""
    mine = next((one for one in places if one.person_id == me), None)
    if mine is None or not top or mine in top or mine.rank != top[-1].rank:
        return top
    return [*top[:-1], mine]


def _near(places: Sequence[Place], top: Sequence[Place], me: int) -> Sequence[Place]:
    at = next((number for number, one in enumerate(places) if one.person_id == me), None)
    if at is None or places[at] in top:
        return ()
    named = {one.person_id for one in top}
    return [one for one in places[max(0, at - BEFORE_ONE) : at + 1] if one.person_id not in named]
