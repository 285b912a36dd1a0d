"""Long lists, a page at a time. Start from `part_of`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request

from quizapp.web.forms import small

LINES = 100  # of a page

Line = TypeVar("Line")


@dataclass(frozen=True)
class Part(Generic[Line]):
    """The lines that a page shows, with its number of so many."""

    shown: Sequence[Line]
    number: int
    pages: int


def part_of(lines: Sequence[Line]) -> Part[Line]:
    """Return the lines of the page that the address asks for, counted from 1; past the end it is the last."""
    pages = max(1, -(-len(lines) // LINES))
    number = min(max(1, request.args.get("page", 1, type=small)), pages)
    return Part(lines[(number - 1) * LINES : number * LINES], number, pages)
