"""Cloze text in Anki's notation: `{{c1::hidden}}` or `{{c1::hidden::hint}}`.

Gaps do not nest here: Anki allows it, genanki loses such cards.
"""

import re

GAP = "[…]"
MARK = re.compile(r"\{\{c(\d{1,3})::(.*?)(?:::(.*?))?\}\}", re.DOTALL | re.ASCII)


def mark(question: str, answer: str) -> str:
    """Put the answer back into the gap as the first cloze; a zero-width space breaks marks inside it."""
    safe = re.sub(r"(?<=:)(?=:)|(?<=})(?=}|$)", "\u200b", answer)
    return question.replace(GAP, "{{c1::" + safe + "}}", 1)


def numbers(text: str) -> tuple[int, ...]:
    """Return the cloze numbers that a text uses and that hide something, in order."""
    return tuple(sorted({int(number) for number, told, _ in MARK.findall(text) if told.strip() and int(number)}))


def hidden(text: str, number: int) -> tuple[str, ...]:
    """Return what the given cloze hides, in reading order."""
    return tuple(told for its_number, told, _ in MARK.findall(text) if int(its_number) == number)


def blanked(text: str, number: int) -> str:
    """Return the text with one cloze as a gap and the others in the open."""

    def show(found: re.Match[str]) -> str:
        if int(found[1]) != number:
            return found[2]
        return f"[{found[3]}]" if found[3] else GAP

    return MARK.sub(show, text)


def whole(text: str) -> str:
    """Return the text with every gap filled."""
    return MARK.sub(lambda found: found[2], text)
