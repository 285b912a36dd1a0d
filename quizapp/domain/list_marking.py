"""Marking of several items: the gaps of a cloze, a list in any order, a list in its own.

Start from `mark_list`. Every item is marked by `marking`, and lines go to the items for which all together earn most.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from quizapp.domain.marking import (
    ALL_LIMIT_CHARS,
    LIMIT_CHARS,
    MOST_ITEMS,
    Accepted,
    Kind,
    Mark,
    each_gap,
    earned,
    mark_typed,
    squeezed,
)
from quizapp.domain.pairing import best_pairs, longest_run

MOST_LINES = 40
_BULLET = re.compile(r"^\s*(?:[-*•–·]|\(?\d{1,2}[.)])\s+")
_COMMA, _COMMA_OR_AND = re.compile(r",(?!\d{3})"), re.compile(r",(?!\d{3})|\band\b|&")
_PASSED = 0.5  # share from which several items are close


@dataclass(frozen=True)
class Hit:
    """An item that was named, right or close."""

    item: str
    typed: str
    mark: Mark


@dataclass(frozen=True)
class ListMark:
    """What an answer of several items is worth; `misplaced` are named, but not in their order."""

    kind: Kind
    share: float  # of a point, 0 to 1
    hits: tuple[Hit, ...]
    missed: tuple[str, ...]
    extra: tuple[str, ...]
    misplaced: tuple[Hit, ...] = ()


_Marker = Callable[[list[str], list[str]], ListMark]


def mark_gaps(typed: Sequence[str], *, gaps: Sequence[str], accepted: Accepted = ()) -> ListMark:
    """Mark the gaps of a cloze, each by its own place; a gap that was left out counts as empty."""
    wanted = gaps[:MOST_ITEMS]
    answers = [*typed[: len(wanted)], *[""] * (len(wanted) - len(typed))]
    marks = each_gap(answers, gaps=wanted, accepted=accepted)
    hits = [Hit(gap, answer, mark) for gap, answer, mark in zip(wanted, answers, marks, strict=True) if mark.share]
    missed = [gap for gap, mark in zip(wanted, marks, strict=True) if not mark.share]
    extra = [answer for answer, mark in zip(answers, marks, strict=True) if not mark.share and answer.strip()]
    return _counted(hits, missed, extra, out_of=len(wanted))


def mark_list(typed: str, *, items: Sequence[str]) -> ListMark:
    """Mark items in any order, one a line, or in one line between semicolons or commas.

    Each line counts for one item. Lines too many lower the share: naming everything earns little.
    """
    return _best_split(typed, items[:MOST_ITEMS], _unordered)


def mark_order(typed: str, *, items: Sequence[str]) -> ListMark:
    """Mark items in their order; the longest run of items in order counts, gaps allowed."""
    return _best_split(typed, items[:MOST_ITEMS], _ordered)


def _best_split(typed: str, items: Sequence[str], marker: _Marker) -> ListMark:
    """Return the best mark over the ways to part what was typed into lines."""
    wanted = [squeezed(item, LIMIT_CHARS) for item in items]
    marks = [marker(_lines(parts), wanted) for parts in _ways_to_part(typed[:ALL_LIMIT_CHARS].strip())]
    return max(marks, key=lambda mark: mark.share)


def _ways_to_part(typed: str) -> list[list[str]]:
    for separator in ("\n", ";"):
        if separator in typed:
            return [typed.split(separator)]
    return [[typed], _COMMA.split(typed), _COMMA_OR_AND.split(typed)]


def _lines(parts: list[str]) -> list[str]:
    lines = (squeezed(_BULLET.sub("", part), LIMIT_CHARS) for part in parts)
    return [line for line in lines if line][:MOST_LINES]


def _unordered(lines: list[str], items: list[str]) -> ListMark:
    if len(set(items)) == len(items):
        lines = list(dict.fromkeys(lines))  # said twice counts once
    pairs = best_pairs(_worth(lines, items))
    hits = [_hit(items[item], lines[line]) for item, line in sorted(pairs.items())]
    missed = [text for item, text in enumerate(items) if item not in pairs]
    extra = [text for line, text in enumerate(lines) if line not in pairs.values()]
    return _counted(hits, missed, extra, out_of=max(len(items), len(lines)))


def _ordered(lines: list[str], items: list[str]) -> ListMark:
    worth = _worth(lines, items)
    placed = longest_run(worth)
    free = [
        [0.0 if item in placed or line in placed.values() else value for line, value in enumerate(row)]
        for item, row in enumerate(worth)
    ]
    elsewhere = best_pairs(free)
    hits, misplaced = (
        [_hit(items[item], lines[line]) for item, line in sorted(pairs.items())] for pairs in (placed, elsewhere)
    )
    named, used = {*placed, *elsewhere}, {*placed.values(), *elsewhere.values()}
    missed = [text for item, text in enumerate(items) if item not in named]
    extra = [text for line, text in enumerate(lines) if line not in used]
    return _counted(hits, missed, extra, out_of=max(len(items), len(lines)), misplaced=misplaced)


def _counted(
    hits: list[Hit], missed: list[str], extra: list[str], *, out_of: int, misplaced: Sequence[Hit] = ()
) -> ListMark:
    share = sum(hit.mark.share for hit in hits) / out_of if out_of else 0.0
    kind = Kind.RIGHT if share == 1 else Kind.CLOSE if share >= _PASSED else Kind.WRONG
    return ListMark(kind, share, tuple(hits), tuple(missed), tuple(extra), tuple(misplaced))


def _hit(item: str, line: str) -> Hit:
    return Hit(item, line, mark_typed(line, expected=item))


def _worth(lines: list[str], items: list[str]) -> list[list[float]]:
    """Return for each item what each line would earn as it, by as much of both as the limits allow."""
    most = min(LIMIT_CHARS, ALL_LIMIT_CHARS // len(items)) if items else 0
    return [[earned(line[:most], item[:most]) for line in lines] for item in items]
