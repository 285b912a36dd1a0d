"""Leaderboards of a team: what stands on them, in which order, and who is named. Start from `board`.

What is measured takes time or is marked by the machine, so that neither many answers nor one button win it:

- **days** on which any of the team's material was studied: one a day at most,
- cards **remembered for long**: recalled though they had not been seen for three weeks,
- **first attempts** at what was assigned to everybody: their points out of 100 each.

Whoever reads a long list from below is ashamed or gives up, so nobody is named for standing low: the upper half is, ten
at most, and each person sees their own place with those just before them. Equal scores share a place.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from quizapp.domain.queues import Kind
from quizapp.domain.scheduling import Grade

LONG = timedelta(days=21)  # from here on programs of this kind call a card mature
BEGINNING = date(1970, 1, 1)  # of all time
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


Ranked = tuple[int, int]  # a person and what they have


@dataclass(frozen=True)
class Place:
    """A line of a leaderboard."""

    rank: int
    person_id: int
    score: int


@dataclass(frozen=True)
class Board:
    """A leaderboard as one person sees it."""

    top: Sequence[Place]
    unnamed: int  # who share the last place of the top beside those who are named
    near: Sequence[Place]  # oneself with those just before, if one is not in the top


def since(span: Span, today: date) -> date:
    """Return the day from which on a leaderboard of that day counts."""
    match span:
        case Span.WEEK:
            return today - timedelta(days=today.weekday())
        case Span.MONTH:
            return today.replace(day=1)
        case Span.ALL:
            return BEGINNING


def lasted(before: date | None, day: date, was: Kind | None, grade: Grade | None) -> bool:
    """Say whether a grade shows that a card was remembered for long, given the day of the one before."""
    is_recalled = was is Kind.REVIEW and grade not in (None, Grade.AGAIN)
    return is_recalled and before is not None and day - before >= LONG


def board(ranking: Sequence[Ranked], *, me: int) -> Board:
    """Return the leaderboard that a person sees of those who have anything, who are given with the most first."""
    losses = [-score for _, score in ranking]  # in rising order
    named = min(NAMED, (len(ranking) + 1) // 2)
    at = next((number for number, (person_id, _) in enumerate(ranking) if person_id == me), None)
    shown = list(range(named))
    unnamed = bisect_right(losses, losses[named - 1]) - named if named else 0
    if at is not None and at >= named and losses[at] == losses[named - 1]:
        shown[-1] = at  # oneself rather than another of the same score
    near = range(max(named, at - BEFORE_ONE), at + 1) if at is not None and at not in shown else ()

    def place(number: int) -> Place:
        return Place(bisect_left(losses, losses[number]) + 1, *ranking[number])

    return Board([place(one) for one in shown], unnamed, [place(one) for one in near])
