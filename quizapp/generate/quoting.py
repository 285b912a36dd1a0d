"""Which passage a card shows as its quote: with the lines above it where it would only repeat the answer."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import takewhile

from quizapp.domain.documents import Block, BlockKind, Document, Span
from quizapp.generate.candidates import Candidate

REPEATS = 0.8  # share of the quote's words that the answer may have
SHORT = 12  # words of a quote that may be all answer
LINES = 3  # above
CHARACTERS = 400


def quoted(one: Candidate, document: Document) -> Span:
    """Return the quote of a candidate, so long that it says more than the answer."""
    span = one.span
    above = [block for block in document.blocks if block.span.end <= span.start]
    for block in reversed(above[-LINES:]):
        longer = Span(block.span.start, span.end)
        if not _repeats(one.answer, span.of(document.text)) or longer.end - longer.start > CHARACTERS:
            break
        span = longer
    return span


def columns(quote: Span, blocks: Sequence[Block]) -> tuple[str, ...]:
    """Return what the cells of the table rows that a quote consists of are called; nothing of any other quote."""
    first = bisect_left(blocks, quote.start, key=lambda block: block.span.start)
    inside = [*takewhile(lambda block: quote.holds(block.span), (blocks[at] for at in range(first, len(blocks))))]
    whole = inside and (inside[0].span.start, inside[-1].span.end) == (quote.start, quote.end)
    if not whole or any(block.kind is not BlockKind.ROW for block in inside):
        return ()
    named = {block.columns for block in inside if block.columns}
    return named.pop() if len(named) == 1 else ()


def _repeats(answer: str, quote: str) -> bool:
    """Say whether a quote is hardly more than the answer."""
    words = _count(quote)
    return words > SHORT and _count(answer) > REPEATS * words


def _count(text: str) -> int:
    return len(re.findall(r"[^\W_]+", text))
