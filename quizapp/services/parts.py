"""Long lists, a page at a time. Start from `part`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Line = TypeVar("Line")
Other = TypeVar("Other")


@dataclass(frozen=True)
class Part(Generic[Line]):
    """The lines that a page shows, with its number of so many."""

    shown: Sequence[Line]
    number: int
    pages: int
    total: int  # lines on all pages

    def of(self, shown: Sequence[Other]) -> "Part[Other]":
        """Return the same page with what its lines stand for."""
        return Part(shown, self.number, self.pages, self.total)


def part(lines: Sequence[Line], page: int, *, size: int) -> Part[Line]:
    """Return the lines of a page, counted from 1; past the end it is the last."""
    pages = max(1, -(-len(lines) // size))
    number = min(max(1, page), pages)
    return Part(lines[(number - 1) * size : number * size], number, pages, len(lines))
