"""A passage that a person points at, found in the text of its document."""

import re
from collections.abc import Sequence

from quizapp.domain.cards import Source
from quizapp.domain.documents import Block, Span

LIMIT_CHARS = 2_000  # of a quote
_WINDOW = 20_000  # characters from a passage on, in which a quote that begins there surely ends
_RUN = re.compile(r"[^\s|]+")  # a bar stands between the cells of a row, where pages draw a line


def located(text: str, said: str, *, near: int = 0) -> Span | None:
    """Find what somebody copied from a page, whatever blanks the page shows otherwise; first where it should begin."""
    sought = _solid(said)
    if not sought:
        return None
    return _found(text, sought, near, near + _WINDOW) or _found(text, sought, 0, len(text))


def _found(text: str, sought: str, start: int, end: int) -> Span | None:
    at = _solid(text[start:end]).find(sought)
    if at < 0:
        return None
    return Span(_place(text, start, at), _place(text, start, at + len(sought) - 1) + 1)


def _place(text: str, start: int, number: int) -> int:
    """Return where the character of that number stands, counted from 0 and from `start`, without what lies between."""
    for run in _RUN.finditer(text, start):
        if number < len(run[0]):
            return run.start() + number
        number -= len(run[0])
    raise IndexError(number)


def _solid(text: str) -> str:
    return "".join(_RUN.findall(text))


def source(text: str, blocks: Sequence[Block], span: Span) -> Source:
    """Return the passage as the source of a card, with the heading, the speaker and the page of where it begins."""
    block = next((block for block in blocks if block.span.start <= span.start < block.span.end), None)
    return Source(
        quote=span.of(text),
        start=span.start,
        end=span.end,
        speaker=block.speaker.name if block and block.speaker else None,
        heading=block.path[-1] if block and block.path else None,
        page=block.page if block else None,
    )
