"""Tables of plain text: cells between bars, between tabs, or lined up below each other by spaces.

They are written as Markdown tables, which readers know. A table has a line of column names: one with a
rule of dashes below, or one of words above figures. Start from `tabled`.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby

from quizapp.ingest import names

LINES_AT_LEAST = 3  # of which one names the columns
BETWEEN = (re.compile(r"\|"), re.compile(r"\t+"), re.compile(r" {2,}"))
RULE = re.compile(r"[-=+| \t]+")
LISTED = re.compile(r"[ \t]*(?:[-*+•>#]|\d{1,3}[.)])[ \t]")
CELL_CHARACTERS = 60
FENCE = re.compile(r"[ \t]*(?:```|~~~)")
FIGURE = re.compile(r"\d")


def tabled(text: str) -> str:
    """Return the text with its tables written as in Markdown."""
    lines = text.split("\n")
    fences = [bool(FENCE.match(line)) for line in lines]
    inside = [count % 2 == 1 or fence for count, fence in zip(accumulate(fences), fences, strict=True)]
    out: list[str] = []
    for prose, group in groupby(zip(lines, inside, strict=True), key=lambda one: bool(one[0].strip()) and not one[1]):
        run = [line for line, _ in group]
        out += _rewritten(run) if prose else run
    return "\n".join(out)


def _rewritten(run: list[str]) -> list[str]:
    """Return the lines of a paragraph, the longest table within them in other marks."""
    found = max(
        (span for cut in BETWEEN for span in _spans(run, cut)), key=lambda span: span[1] - span[0], default=None
    )
    if found is None:
        return run
    start, end, cut = found
    rows = [_cells(line, cut) for line in run[start:end] if not _rules(line)]
    ruled = [f"|{'---|' * len(rows[0])}"]
    table = [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]
    above = [*run[:start], ""] if start else []
    below = ["", *run[end:]] if run[end:] else []
    return [*above, table[0], *ruled, *table[1:], *below]


def _spans(run: Sequence[str], cut: re.Pattern[str]) -> Iterator[tuple[int, int, re.Pattern[str]]]:
    """Yield where lines with equally many cells make a table."""
    counts = [0 if _rules(line) else len(_cells(line, cut)) for line in run]
    at = 0
    while at < len(run):
        end = at + 1
        while end < len(run) and counts[end] in (0, counts[at]):
            end += 1
        while end - 1 > at and counts[end - 1] == 0 and end < len(run):
            end -= 1  # a rule that parts it from what follows
        if counts[at] > 1 and _is_table(run[at:end], cut):
            yield at, end, cut
        at = end


def _is_table(run: Sequence[str], cut: re.Pattern[str]) -> bool:
    """Say whether lines hold the names of columns, and below them short cells that stand where those stand."""
    rows = [_cells(line, cut) for line in run if not _rules(line)]
    if len(rows) < LINES_AT_LEAST or any(LISTED.match(line) or line.startswith("|") for line in run):
        return False
    if any(not cell or len(cell) > CELL_CHARACTERS for row in rows for cell in row):
        return False
    spaced = cut is BETWEEN[-1]
    if spaced and not _lined_up([line for line in run if not _rules(line)]):
        return False
    ruled = _rules(run[1])
    named = not spaced and len(rows[0]) > 2 and not any(names.WHOLE_NAME.fullmatch(cell) for cell in rows[0])
    return ruled or ((named or _above_figures(rows)) and not FIGURE.search(rows[0][0]))


def _above_figures(rows: Sequence[Sequence[str]]) -> bool:
    """Say whether some column has figures everywhere but in its first line."""
    return any(
        not FIGURE.search(column[0]) and all(FIGURE.search(cell) for cell in column[1:])
        for column in zip(*rows, strict=True)
    )


def _lined_up(run: Sequence[str]) -> bool:
    """Say whether every column starts, or ends, at one place of the line."""
    edges = [[(word.start(), word.end()) for word in re.finditer(r"\S+(?: \S+)*", line)] for line in run]
    return all(
        len({start for start, _ in column}) == 1 or len({end for _, end in column}) == 1
        for column in zip(*edges, strict=True)
    )


def _cells(line: str, cut: re.Pattern[str]) -> list[str]:
    return [cell.strip() for cell in cut.split(line.strip())]


def _rules(line: str) -> bool:
    """Say whether a line is nothing but a rule of dashes below the names of columns."""
    return bool(RULE.fullmatch(line)) and ("---" in line or "===" in line)
