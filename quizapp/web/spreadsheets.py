"""Tables as files for a spreadsheet: CSV as RFC 4180 has it, with nothing in it that a program would run."""

import csv
import io
from collections.abc import Iterable, Sequence

CSV = "text/csv; charset=utf-8"
MARK = "\ufeff"  # without it Excel reads UTF-8 as something else
# What a spreadsheet may take for the beginning of a formula: a tab or a line end before one hides it.
BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Value = str | int | float | None


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """Return the table as a file; None is an empty cell, and text that looks like a formula gets a quote before it."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return (MARK + file.getvalue()).encode()


def _cell(value: Value) -> Value:
    if isinstance(value, str) and value.lstrip(" ").startswith(BEGINNINGS):
        return f"'{value}"
    return value
