"""Tables as files for a spreadsheet: CSV as RFC 4180 has it, with nothing in it that a program would run."""

import csv
import io
from collections.abc import Iterable, Sequence

CSV = "text/csv; charset=utf-8"
MARK = "\ufeff"  # without it Excel reads UTF-8 as something else
# What a spreadsheet may take for the beginning of a formula: a tab or a line end before one hides it.
BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

# The columns of a deck as a table.
HEAD = (
    *("Question", "Answer", "Choices", "Explanation", "Kind", "Tags", "Deck"),
    *("Quote", "Speaker", "Heading", "Page", "Id"),
)

Value = str | int | float | None


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """Return the table as a file; None is an empty cell, and text that looks like a formula gets a quote before it."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(head)
    writer.writerows([guarded(value) for value in row] for row in rows)
    return (MARK + file.getvalue()).encode()


def guarded(value: Value) -> Value:
    """Return a cell that no spreadsheet runs; `unguarded` gives the text back."""
    return f"'{value}" if isinstance(value, str) and _runs(value) else value


def unguarded(cell: str) -> str:
    """Return the text of a cell that was guarded."""
    return cell[1:] if cell.startswith("'") and _runs(cell[1:]) else cell


def _runs(text: str) -> bool:
    """Say whether a text begins like a formula, or like one that is guarded."""
    return text.lstrip("'").lstrip(" ").startswith(BEGINNINGS)
