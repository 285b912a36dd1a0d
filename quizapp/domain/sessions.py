"""Sessions with an end: what comes next in one, how far it is, and when it is over. Start from `following`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from quizapp.domain.scheduling import Grade

COMES_BACK_AFTER = 3  # other cards, as long as there are any


class Mode(Enum):
    """What a session is for."""

    DUE = "due"  # what is due, up to so many cards or so much time
    AHEAD = "ahead"  # cards whose day has not come yet
    PRACTICE = "practice"  # any cards, and the schedule stays as it is


@dataclass(frozen=True)
class Given:
    """One grade that was given in a session."""

    card_id: int
    grade: Grade
    duration: timedelta


@dataclass(frozen=True)
class Tally:
    """What a session came to so far."""

    answers: int
    time: timedelta
    cards: int  # different ones
    open: tuple[int, ...]  # cards whose last grade was Again, the longest ago first
    missed: tuple[int, ...]  # cards that were graded Again at least once, the first miss first

    @property
    def finished(self) -> int:
        """Return how many cards were passed in the end."""
        return self.cards - len(self.open)


def tally(given: Sequence[Given]) -> Tally:
    """Add up the grades of a session, the oldest first."""
    last: dict[int, Grade] = {}
    for one in given:
        last.pop(one.card_id, None)
        last[one.card_id] = one.grade
    return Tally(
        answers=len(given),
        time=sum((one.duration for one in given), timedelta(0)),
        cards=len(last),
        open=tuple(card for card, grade in last.items() if grade is Grade.AGAIN),
        missed=tuple(dict.fromkeys(one.card_id for one in given if one.grade is Grade.AGAIN)),
    )


def following(cards: Sequence[int], given: Sequence[Given], at_hand: Collection[int]) -> int | None:
    """Return the card to ask next of those chosen for a session, or None when all were passed.

    A card that was missed comes back after some others; it is counted in answers and not in
    minutes, so that no clock can hold it up. Only what is at hand is asked.
    """
    seen = {one.card_id for one in given}
    recent = {one.card_id for one in given[-COMES_BACK_AFTER:]}
    open_ones = [card for card in tally(given).open if card in at_hand]
    ripe = [card for card in open_ones if card not in recent]
    fresh = (card for card in cards if card in at_hand and card not in seen)
    return next(iter(ripe), None) or next(fresh, None) or next(iter(open_ones), None)
