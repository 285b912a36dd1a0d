"""A card made into two: which half asks what. Start from `halves`; a person has the last word."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from quizapp.domain import cloze
from quizapp.domain.cards import CardKind, Note, items

PART = TypeVar("PART")
_PARTS = re.compile(r"\n+|;\s+|(?<=[.!?])\s+(?=\w)")


def halves(note: Note) -> tuple[Note, Note]:
    """Propose two cards in the place of one: the first items, gaps or sentences of the answer, and the others.

    Where there is one of them only, both begin as the whole.
    """
    match note.kind:
        case CardKind.CLOZE:
            first, rest = _parted(cloze.numbers(note.question))
            return _asking(note, without=rest), _asking(note, without=first)
        case CardKind.LIST | CardKind.ORDER:
            first_items, other_items = _parted(items(note.answer))
            return replace(note, answer="\n".join(first_items)), replace(note, answer="\n".join(other_items))
        case CardKind.BASIC:
            parts = [part.strip() for part in _PARTS.split(note.answer) if part.strip()]
            first_parts, other_parts = _parted(parts)
            return replace(note, answer=" ".join(first_parts)), replace(note, answer=" ".join(other_parts))
        case CardKind.CHOICE | CardKind.TRUE_FALSE:
            return note, note


def _parted(parts: Sequence[PART]) -> tuple[Sequence[PART], Sequence[PART]]:
    middle = -(-len(parts) // 2)
    return (parts, parts) if len(parts) < 2 else (parts[:middle], parts[middle:])


def _asking(note: Note, *, without: Sequence[int]) -> Note:
    """Return the sentence with some of its gaps filled, but never with none left."""
    question = note.question
    if set(without) != set(cloze.numbers(question)):
        for number in without:
            question = cloze.without(question, number)
    return replace(note, question=question)
