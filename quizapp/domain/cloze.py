"""Cloze text in Anki's notation: `{{c1::hidden}}` or `{{c1::hidden::hint}}`.

Gaps do not nest here: Anki allows it, genanki loses such cards.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from quizapp.domain import occlusion

GAP = "[…]"
BETWEEN = "; "  # the answers of two gaps that are asked at once
MARK = re.compile(r"\{\{c(\d{1,3})::(.*?)(?:::(.*?))?\}\}", re.DOTALL | re.ASCII)


@lru_cache(maxsize=64)  # who makes something of a note asks several times, one after the other
def found(text: str) -> tuple[tuple[str, str, str], ...]:
    """Return the number, what is hidden and the hint of each gap, in reading order."""
    return tuple(MARK.findall(text))


def mark(question: str, answer: str, number: int = 1) -> str:
    """Put the answer back into the gap as a cloze; a zero-width space breaks marks inside it.

    Two gaps that are asked at once ("[…], down from […]") share a number, and the answer is "11%; 15%".
    """
    parts = answer.split(BETWEEN)
    for told in parts if len(parts) == question.count(GAP) else [answer]:
        safe = re.sub(r"(?<=:)(?=:)|(?<=})(?=}|$)", "\u200b", told)
        question = question.replace(GAP, f"{{{{c{number}::{safe}}}}}", 1)
    return question


def joined(text: str, other: str) -> str | None:
    """Return a text with the marks of both; None when the two say different things, or a gap lies in another."""
    if whole(text) != whole(other):
        return None
    marks = sorted((*_marks(text), *_marks(other)))
    if any(later[0] < earlier[1] for earlier, later in pairwise(marks)):
        return None
    plain, out, at = whole(text), "", 0
    for start, end, marked in marks:
        out += plain[at:start] + marked
        at = end
    return out + plain[at:]


def without(text: str, number: int) -> str:
    """Return the text with one cloze filled for good; a cover of a picture is taken off."""
    return MARK.sub(lambda found: _open(found) if int(found[1]) == number else found[0], text)


def numbers(text: str) -> tuple[int, ...]:
    """Return the cloze numbers that a text uses and that hide something, in order."""
    return tuple(sorted({int(number) for number, told, _ in found(text) if told.strip() and int(number)}))


def hidden(text: str, number: int) -> tuple[str, ...]:
    """Return what the given cloze hides, in reading order; of a picture with a part of it covered, that part uncovered."""
    if occlusion.is_in(text):
        return (occlusion.telling(text, number),)
    return tuple(told for its_number, told, _ in found(text) if int(its_number) == number)


def blanked(text: str, number: int) -> str:
    """Return the text with one cloze as a gap and the others in the open."""

    def show(found: re.Match[str]) -> str:
        if int(found[1]) != number:
            return found[2]
        return f"[{found[3]}]" if found[3] else GAP

    return occlusion.asking(text, number) if occlusion.is_in(text) else MARK.sub(show, text)


def whole(text: str) -> str:
    """Return the text with every gap filled, and no picture covered."""
    return MARK.sub(_open, text)


def gapped(text: str) -> str:
    """Return the text with a gap in the place of each cloze; a picture with all of its covers."""
    return text if occlusion.is_in(text) else MARK.sub(GAP, text)


def _open(found: re.Match[str]) -> str:
    return "" if found[2].startswith(occlusion.NOTATION) else found[2]


def _marks(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where in the filled text each mark stands, and the mark."""
    longer = 0
    for found in MARK.finditer(text):
        start = found.start() - longer
        yield start, start + len(found[2]), found[0]
        longer += len(found[0]) - len(found[2])
