"""Answering a card while it is studied: the grade that an answer suggests, and items that are put in order."""

from collections.abc import Sequence

from quizapp.domain.marking import Kind
from quizapp.domain.scheduling import Grade

SUGGESTED = {Kind.RIGHT: Grade.GOOD, Kind.CLOSE: Grade.HARD, Kind.WRONG: Grade.AGAIN}


def arranged(order: Sequence[int], *, count: int) -> tuple[int, ...]:
    """Return an arrangement of that many items, as they stand where the given one is none."""
    return tuple(order) if sorted(order) == list(range(count)) else tuple(range(count))


def moved(order: Sequence[int], place: int, *, by: int) -> tuple[int, ...]:
    """Return the arrangement with the item at a place moved; it stops at either end."""
    if not 0 <= place < len(order):
        return tuple(order)
    rest = [*order[:place], *order[place + 1 :]]
    rest.insert(min(max(place + by, 0), len(rest)), order[place])
    return tuple(rest)
