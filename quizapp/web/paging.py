"""Which page of a long list an address asks for. Start from `part_of`."""

from collections.abc import Sequence
from typing import TypeVar

from flask import request

from quizapp.services.parts import Part, part
from quizapp.web.forms import small

LINES = 100  # of a page

Line = TypeVar("Line")


def part_of(lines: Sequence[Line]) -> Part[Line]:
    """Return the lines of the page that the address asks for."""
    return part(lines, request.args.get("page", 1, type=small), size=LINES)
