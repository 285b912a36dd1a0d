"""Cards that are forgotten again and again: when a card counts as one of these leeches, and what makes it hard.

Start from `is_leech` and `trouble`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from statistics import median

from quizapp.domain.cards import CardKind, Note, items
from quizapp.domain.scheduling import Grade, Memory, ReviewEvent

TAG = "leech"
LONG_ANSWER = 20  # words
MANY_ITEMS = 5
VERY_DIFFICULT = 9.0  # of 10
SHORT_DAYS = 7


class Trouble(Enum):
    """What makes a card hard, as far as it can be told."""

    LONG = "long"  # its answer has many words
    ITEMS = "items"  # it asks for many things at once
    UNSOURCED = "unsourced"  # nothing to remember it by
    NEVER_HELD = "never held"  # forgotten within days each time
    FADES = "fades"  # well known for weeks, then forgotten
    DIFFICULT = "difficult"  # FSRS takes it for about as difficult as cards get


@dataclass(frozen=True)
class Finding:
    """One thing that makes a card hard, with the figure behind it."""

    trouble: Trouble
    amount: int = 0


def is_leech(lapses: int, after: int) -> bool:
    """Say whether this very lapse makes a leech: that number, and then every half of it, as in Anki; 0 is never."""
    return 0 < after <= lapses and (lapses - after) % max(1, (after + 1) // 2) == 0


def trouble(note: Note, memory: Memory, history: Sequence[tuple[ReviewEvent, Memory]]) -> Sequence[Finding]:
    """Return what makes a card hard; the history is each grade with the memory after it, the oldest first."""
    return [*_of_wording(note), *_of_memory(memory, history)]


def _of_wording(note: Note) -> Iterator[Finding]:
    if note.kind in {CardKind.LIST, CardKind.ORDER}:
        if (count := len(items(note.answer))) >= MANY_ITEMS:
            yield Finding(Trouble.ITEMS, count)
    elif (words := len(note.answer.split())) > LONG_ANSWER and note.kind is not CardKind.CLOZE:
        yield Finding(Trouble.LONG, words)
    if note.source is None and not note.explanation:
        yield Finding(Trouble.UNSOURCED)


def _of_memory(memory: Memory, history: Sequence[tuple[ReviewEvent, Memory]]) -> Iterator[Finding]:
    gone = [
        (event.at - before.last_review).days
        for (_, before), (event, after) in pairwise(history)
        if event.grade is Grade.AGAIN and after.lapses > before.lapses
    ]
    if gone:
        days = round(median(gone))
        yield Finding(Trouble.NEVER_HELD if days <= SHORT_DAYS else Trouble.FADES, max(1, days))
    if memory.difficulty >= VERY_DIFFICULT:
        yield Finding(Trouble.DIFFICULT, round(memory.difficulty))
