"""Which of the nearby days a card comes back on: away from busy days and from those kept easy, without dice.

Start from `spreads`. A spread is stored with the review, so that a replay gives the same day.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from quizapp.domain.scheduling import Grade, Memory, Phase, Preset, nearby_days
from quizapp.errors import InvalidInput

FEWEST_DUE = 10  # cards on the nearby days together; among fewer there is nothing to even out
WHOLE = 100  # percent of a usual day
USUAL_WEEK = (WHOLE,) * 7
_WORD = 2**32


@dataclass(frozen=True)
class Day:
    """What is known of a day to come."""

    due: int = 0  # cards that are due on it so far
    share: int = WHOLE  # of a usual day that the learner wants to study, in percent


Calendar = Callable[[int], Day]  # by the days from today


def spreads(
    memory: Memory | None,
    outcomes: Mapping[Grade, Memory],
    preset: Preset,
    calendar: Calendar,
    *,
    card_id: int,
) -> dict[Grade, float | None]:
    """Return where each button's interval falls among its nearby days; None is the very day that FSRS gives.

    A better grade is never due sooner. The same card with as many reviews on the same calendar gives the same.
    """
    lot = _lot(card_id, memory.reviews if memory else 0)
    found: dict[Grade, float | None] = {}
    before = 0
    for grade, outcome in outcomes.items():
        if outcome.phase is not Phase.REVIEW:
            found[grade] = None
            continue
        near = nearby_days(memory, outcome, preset)
        day = _chosen(near, outcome.interval.days, max(near.start, min(before + 1, near[-1])), calendar, lot)
        found[grade] = None if day == outcome.interval.days else (day - near.start + 0.5) / len(near)
        before = day
    return found


def check_week(shares: tuple[int, ...]) -> tuple[int, ...]:
    """Return a week of shares in percent from Monday on, or refuse one without a day to study."""
    if len(shares) != 7 or not all(0 <= share <= WHOLE for share in shares) or not any(shares):
        raise InvalidInput("Leave at least one day of the week to study on.")
    return shares


def _chosen(near: range, exact: int, first: int, calendar: Calendar, lot: float) -> int:
    """Return the day that the lot falls on, each weighed as Anki does: less for cards due, less for being later."""
    days = {day: calendar(day) for day in range(first, near.stop)}
    is_usual = all(day.share == WHOLE for day in days.values())
    if exact in days and is_usual and sum(day.due for day in days.values()) < FEWEST_DUE:
        return exact
    weights = {
        number: day.share / WHOLE * (1 + day.due) ** -2.15 * (exact / number) ** 3 for number, day in days.items()
    }
    rest = lot * sum(weights.values())
    for number, weight in weights.items():
        rest -= weight
        if rest < 0:
            return number
    return exact if exact in days else first


def _lot(card_id: int, reviews: int) -> float:
    """Return a number from 0 up to 1 that looks drawn by chance (Murmur's last step)."""
    mixed = (card_id * 2_654_435_761 + (reviews + 1) * 0x9E3779B1) % _WORD
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        mixed = (mixed ^ (mixed >> shift)) * factor % _WORD
    return (mixed ^ (mixed >> 16)) / _WORD
