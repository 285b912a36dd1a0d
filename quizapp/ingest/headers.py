"""Whether the first row of a table calls its columns, where no mark says so. Start from `names_columns`."""

import re
from collections.abc import Sequence
from itertools import zip_longest
from statistics import median

TERM = re.compile(
    r"(?:key )?(?:terms?|words?|concepts?|abbreviations?|acronyms?)|vocabulary|vocab|expressions?|phrases?|jargon|front|item|name",
    re.IGNORECASE,
)
MEANING = re.compile(
    r"definitions?|meanings?|explanations?|explained|back|what it means|what it is|means|in plain (?:words|english)",
    re.IGNORECASE,
)
NUMBER = re.compile(r"[^\w\s]?\s?[\d.,’' ]*\d[\d.,’']*\s?(?:%|[^\w\s]|[A-Za-z°²³/]{1,4})?")
YEAR = re.compile(r"(?:19|20)\d\d")

HEADER_WORDS = 8
LONGEST_NAME = 60  # characters
PHRASE_WORDS = 4


def names_columns(rows: Sequence[Sequence[str]], *, expected: bool) -> bool:
    """Say whether the first row holds short names that do not recur below.

    They are expected where the first row looks different, and in a sheet; elsewhere it takes a column of figures or
    more than two columns.
    """
    first, *below = rows or [()]
    if not below or sum(map(bool, first)) * 2 < len(first):
        return False
    if any(map(TERM.fullmatch, first)) and any(map(MEANING.fullmatch, first)):
        return True
    given = [cell for cell in first if cell]
    if not all(map(_is_name, given)) or len(set(given)) < len(given) or _recurs(first, below):
        return False
    if expected:
        both = len(first) == 2 and len(first[1].split()) >= PHRASE_WORDS
        return not both or median_words(below, 1) < PHRASE_WORDS
    return len(given) == len(first) and (len(first) > 2 or _above_figures(first, below))


def median_words(rows: Sequence[Sequence[str]], at: int) -> float:
    """Return how many words the cells of a column have."""
    return median(len(row[at].split()) if at < len(row) else 0 for row in rows)


def _is_name(cell: str) -> bool:
    return (
        len(cell.split()) <= HEADER_WORDS
        and len(cell) <= LONGEST_NAME
        and cell[-1] not in ".!"
        and bool(YEAR.fullmatch(cell) or not NUMBER.fullmatch(cell))
    )


def _recurs(first: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    return any(cell and cell == other for row in below for cell, other in zip_longest(first, row))


def _above_figures(first: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Say whether a column has words only in its first row."""
    return any(
        not NUMBER.fullmatch(cell) and all(at < len(row) and NUMBER.fullmatch(row[at]) for row in below)
        for at, cell in enumerate(first)
    )
