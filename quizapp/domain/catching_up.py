"""A backlog spread over some days, the cards most at risk first, and what that costs. Start from `choices`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from quizapp.domain.cards import CardId
from quizapp.domain.scheduling import Preset, recall_after

CHOICES = (2, 3, 5, 7, 14)  # days to catch up in
OFFERED_FROM = 2  # days' limits of reviews that wait
MOST_DAYS = 60


class Overdue(NamedTuple):
    """A card that waits: the days since its last review, its stability, and how it is scheduled."""

    card_id: CardId
    elapsed: int
    stability: float
    preset: Preset

    def recall_in(self, days: int) -> float:
        """Return the chance of recall after so many days more."""
        return recall_after(self.elapsed + days, self.stability, self.preset)


@dataclass(frozen=True)
class Choice:
    """What catching up in so many days comes to."""

    days: int
    a_day: int  # cards of the backlog, at most
    forgotten: float  # cards that will be forgotten by their turn, beyond those that are already


def is_backlog(waiting: int, limit: int) -> bool:
    """Say whether more waits than a few days' limits."""
    return waiting > OFFERED_FROM * limit


def choices(cards: Sequence[Overdue]) -> Sequence[Choice]:
    """Return what catching up comes to in a few days or in many."""
    at_once = sum(card.recall_in(0) for card in cards)
    in_line = _in_line(cards)
    found = []
    for days in CHOICES:
        a_day = -(-len(cards) // days)
        recalled = sum(card.recall_in(place // a_day) for place, card in enumerate(in_line))
        found.append(Choice(days, a_day, at_once - recalled))
    return found


def spread(cards: Sequence[Overdue], days: int) -> Mapping[CardId, int]:
    """Return how many days each card waits from today on: as many on each, those furthest below their goal first."""
    a_day = -(-len(cards) // days)
    return {card.card_id: place // a_day for place, card in enumerate(_in_line(cards))}


def _in_line(cards: Sequence[Overdue]) -> Sequence[Overdue]:
    return sorted(cards, key=lambda card: (card.recall_in(0) / card.preset.retention, card.card_id))
