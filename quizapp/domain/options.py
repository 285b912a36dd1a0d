"""How the cards of a deck are studied, and which deck's wishes count. Start from `in_force`.

A deck without options of its own has those of the nearest deck that it is in ("A" for "A::B"), and
without any, what the learner wishes for all decks.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import Enum
from typing import TypeVar

from quizapp.domain import deck_names
from quizapp.domain.queues import Limits, NewPlace
from quizapp.domain.scheduling import Preset, Steps
from quizapp.errors import InvalidInput
from quizapp.translations import figure

LOWEST_PERCENT, HIGHEST_PERCENT = 70, 97
MOST_A_DAY = 9_999  # as in Anki
MOST_STEPS = 10
MOST_LAPSES = 99
LONGEST_STEP = timedelta(days=30)
LONGEST_INTERVAL = timedelta(days=36_500)
_UNITS = {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_STEP = re.compile(r"(\d{1,7})\s*([smhd]?)(?:[\s,;]+|$)", re.ASCII)

Chosen = TypeVar("Chosen")


class NewOrder(Enum):
    """Which card never seen comes first."""

    ADDED = "added"
    POSITION = "position"  # where its document says it
    RANDOM = "random"


class ReviewOrder(Enum):
    """Which review that is due comes first."""

    DUE = "due"  # the one that has been due longest
    AT_RISK = "risk"  # the one most likely to be forgotten
    SHORTEST = "shortest"  # the one with the shortest interval
    RANDOM = "random"


@dataclass(frozen=True)
class Options:
    """How the cards of a deck are studied."""

    retention: float = 0.9
    limits: Limits = field(default_factory=Limits)
    steps: Steps = field(default_factory=Steps)
    maximum_interval: timedelta = LONGEST_INTERVAL
    new_order: NewOrder = NewOrder.ADDED
    new_place: NewPlace = NewPlace.MIXED
    review_order: ReviewOrder = ReviewOrder.DUE
    apart: bool = False  # once a card of a note was answered, its others wait until tomorrow
    leech_after: int = 8  # lapses that make a card a leech; 0 for never
    leech_suspends: bool = False  # such a card is not asked until its learner has looked at it

    def __post_init__(self) -> None:
        """Refuse what nobody can study by."""
        if not LOWEST_PERCENT <= round(self.retention * 100, 6) <= HIGHEST_PERCENT:
            raise InvalidInput(
                "Choose a goal from %(lowest_percent)s to %(highest_percent)s percent.",
                lowest_percent=LOWEST_PERCENT,
                highest_percent=HIGHEST_PERCENT,
            )
        if not all(0 <= limit <= MOST_A_DAY for limit in (self.limits.new, self.limits.reviews)):
            raise InvalidInput("A daily limit is a number from 0 to %(most_a_day)s.", most_a_day=figure(MOST_A_DAY))
        if not timedelta(days=1) <= self.maximum_interval <= LONGEST_INTERVAL:
            raise InvalidInput("The longest interval is from 1 to %(days)s days.", days=figure(LONGEST_INTERVAL.days))
        if not 0 <= self.leech_after <= MOST_LAPSES:
            raise InvalidInput(
                "A card counts as hard after 1 to %(most_lapses)s lapses, or with 0 never.", most_lapses=MOST_LAPSES
            )
        for steps in self.steps:
            if len(steps) > MOST_STEPS or any(not timedelta(0) < step <= LONGEST_STEP for step in steps):
                raise InvalidInput(
                    "Choose at most %(most_steps)s steps, each from one second to 30 days.", most_steps=MOST_STEPS
                )

    def preset(self, base: Preset) -> Preset:
        """Return how these cards are scheduled, by the parameters of the base."""
        goal = replace(base, retention=self.retention, maximum_interval=self.maximum_interval)
        return goal.with_steps(self.steps)


def in_force(name_key: str, chosen: Mapping[str, Chosen]) -> Chosen | None:
    """Return the choice that counts for the deck of that key; None when neither it nor one it is in has any."""
    return next((chosen[key] for key in reversed(deck_names.lineage(name_key)) if key in chosen), None)


def read_steps(text: str) -> tuple[timedelta, ...]:
    """Read steps as people write them: "1m 10m 1d"; a bare number is minutes, nothing is no step."""
    rest, steps = text.strip().casefold(), []
    while rest:
        found = _STEP.match(rest)
        if found is None:
            raise InvalidInput("Write steps like “1m 10m 1d”: each a number with s, m, h or d.")
        steps.append(int(found[1]) * _UNITS[found[2] or "m"])
        rest = rest[found.end() :]
    return tuple(steps)


def write_steps(steps: tuple[timedelta, ...]) -> str:
    """Write steps as `read_steps` reads them, each in the largest unit that it is a whole number of."""
    return " ".join(_step(step) for step in steps)


def _step(step: timedelta) -> str:
    return next(f"{step // unit}{name}" for name, unit in reversed(_UNITS.items()) if step % unit == timedelta(0))
