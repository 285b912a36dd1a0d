"""Comma-separated values, and those parted by semicolons, tabs or pipes, to pieces. Start from `read`."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Literal

from quizapp.ingest import sheets
from quizapp.ingest.pieces import MAX_CHARACTERS, Pieces, within_limits

DELIMITERS = "\t;|,"  # where two fit equally well, the first: commas also stand in numbers and sentences
SAMPLE_ROWS = 200
DECLARED = re.compile(r"\A(?:sep=(?P<sign>.)|#separator:(?P<name>\w+))[ \t]*\n", re.IGNORECASE)
NAMED = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
SETTING = re.compile(r"#\w+(?: \w+)?:")  # "#html:true", "#tags column:3"
MOST_BREAKS = 100  # in a cell; more show a quotation mark that is never closed

Quoting = Literal[0, 3]

csv.field_size_limit(MAX_CHARACTERS)


def read(text: str) -> Pieces:
    """Return the pieces of a file of delimited values."""
    declared = DECLARED.match(text)
    body = text[declared.end() :] if declared else text
    delimiter = (declared["sign"] or NAMED.get(declared["name"].lower(), "")) if declared else ""
    delimiter = delimiter or delimiter_of(body)
    quoting: Quoting = csv.QUOTE_MINIMAL if _closed(body, delimiter) else csv.QUOTE_NONE
    every = list(islice(_rows(body, delimiter, quoting), sheets.MAX_ROWS + 1))
    problems = sheets.cut(every)
    rows = [row[: sheets.MAX_COLUMNS] for row in _uncommented(every[: sheets.MAX_ROWS])]
    return Pieces(within_limits(sheets.pieces(rows, level=2)), problems=tuple(problems), headed=True)


def delimiter_of(text: str) -> str:
    """Return the sign that parts most rows into the same number of cells."""
    return max(DELIMITERS, key=lambda sign: _fit(text, sign))


def _fit(text: str, sign: str) -> float:
    widths = Counter(len(row) for row in islice(_rows(text, sign), SAMPLE_ROWS) if any(row))
    parted = {width: times for width, times in widths.items() if width > 1}
    return max(parted.values(), default=0) / max(1, widths.total())


def _closed(text: str, delimiter: str) -> bool:
    """Say whether every quotation mark that opens a cell is closed again."""
    cells = (cell for row in csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True) for cell in row)
    return all(cell.count("\n") <= MOST_BREAKS for cell in cells)


def _rows(text: str, delimiter: str, quoting: Quoting = csv.QUOTE_MINIMAL) -> Iterator[list[str]]:
    for row in csv.reader(io.StringIO(text), delimiter=delimiter, quoting=quoting, skipinitialspace=True):
        yield [" ".join(cell.split()) for cell in row]


def _uncommented(rows: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """Return the rows without comments: lines behind a "#" that have not as many cells as the others."""
    widths = Counter(len(row) for row in rows if any(row))
    width = max(widths, key=lambda one: (widths[one], one), default=0)
    return [
        row for row in rows if not (row and row[0].startswith("#") and (len(row) != width or SETTING.match(row[0])))
    ]
