"""The rows of a sheet to pieces: tables, glossaries, questions with answers, and the lines around them.

A sheet says nowhere what it is. Empty rows and columns part what stands on it; of each part the header,
or the length of its cells, tells whether it is a glossary, a deck of questions or a table. Start from `pieces`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from quizapp.domain.documents import BlockKind
from quizapp.ingest import lines
from quizapp.ingest.headers import MEANING, PHRASE_WORDS, TERM, median_words, names_columns
from quizapp.ingest.pieces import Piece
from quizapp.translations import _, figure

MAX_ROWS, MAX_COLUMNS = 10_000, 200  # of a sheet that are read

Row = Sequence[str]

OF_GLOSSARY = re.compile(r"(?:key )?(?:term|word|concept|abbreviation|acronym)s?", re.IGNORECASE)
LONG_FORM = re.compile(r"(?:full|long) (?:form|name)|stands for|expansion|spelled out|in full", re.IGNORECASE)
QUESTION = re.compile(r"(?:the )?questions?|q\.?|front|prompts?|asked", re.IGNORECASE)
ANSWER = re.compile(r"(?:(?:correct|right|the) )?answers?|a\.?|back|responses?|repl(?:y|ies)", re.IGNORECASE)
NUMBERED = re.compile(r"(?:no|nr|id|number)?\.?|#|n", re.IGNORECASE)
FIELD = re.compile(r"[^\W\d_][\w-]*(?: \w+)?: \S")  # "Source: ..." is no heading

SENTENCE_WORDS = 6  # the same below a header that says something else
TERM_WORDS = 5


@dataclass(frozen=True)
class _Part:
    """A stretch of a sheet without an empty row or column, and where it starts."""

    left: int
    rows: tuple[Row, ...]

    @property
    def width(self) -> int:
        """Return the number of columns."""
        return len(self.rows[0])


def pieces(rows: Sequence[Row], *, level: int) -> Iterator[Piece]:
    """Yield what stands on a sheet; the captions of its parts are headings of that level.

    The line that stands above all else is the title, if the level is 2: then the sheet is the whole document.
    """
    above: tuple[int, Row] | None = None  # where the table above starts, and its columns
    parts = list(_parts(rows))
    for at, part in enumerate(parts):
        first = BlockKind.TITLE if at == 0 and level == 2 else BlockKind.HEADING
        head, body, tail = _framed(part, followed=at + 1 < len(parts))
        yield from _captions(head, first, level)
        if body:
            goes_on = (
                above
                and above[0] == part.left
                and len(above[1]) == part.width
                and not names_columns(body, expected=True)
            )
            columns = above[1] if above and goes_on else None
            yield from _body(body, columns, level)
            above = (
                (part.left, columns or body[0])
                if columns or names_columns(body, expected=True) or len(body) == 1
                else None
            )
        yield from (Piece(BlockKind.PARAGRAPH, text) for text in tail)


def cut(rows: Sequence[Row], where: str = "") -> list[str]:
    """Return what is to be told of rows that are more, or longer, than are read."""
    told, where = [], where or _("This table")
    if len(rows) > MAX_ROWS:
        told.append(
            _("%(table)s is longer than %(rows)s rows; only those were read.", table=where, rows=figure(MAX_ROWS))
        )
    if any(any(row[MAX_COLUMNS:]) for row in rows):
        told.append(
            _("%(table)s is wider than %(columns)s columns; only those were read.", table=where, columns=MAX_COLUMNS)
        )
    return told


def _parts(rows: Sequence[Row]) -> Iterator[_Part]:
    """Yield the parts of a sheet, from top to bottom and from left to right."""
    for filled, run in groupby(rows, key=any):
        if not filled:
            continue
        block = list(run)
        width = max(len(row) for row in block)
        whole = [(*row, *[""] * (width - len(row))) for row in block]
        used = [any(row[at] for row in whole) for at in range(width)]
        for start, stop in _apart(used):
            inside = tuple(row[start:stop] for row in whole)
            yield _Part(start, tuple(row for row in inside if any(row)))


def _apart(used: Sequence[bool]) -> list[tuple[int, int]]:
    """Return where the columns of each table start and stop: an empty column parts two that have two columns each."""
    runs = [[at for at, _ in run] for filled, run in groupby(enumerate(used), key=lambda one: one[1]) if filled]
    if all(len(run) > 1 for run in runs):
        return [(run[0], run[-1] + 1) for run in runs]
    return [(runs[0][0], runs[-1][-1] + 1)]


def _framed(part: _Part, *, followed: bool) -> tuple[list[tuple[str, bool]], list[Row], list[str]]:
    """Return the lines above a table and whether each is a heading, its rows, and the lines below it."""
    rows = list(part.rows)
    alone = [sum(map(bool, row)) == 1 for row in rows] if part.width > 1 else [True] * len(rows)
    head = next((at for at, one in enumerate(alone) if not one), len(rows))
    tail = next((at for at in range(len(rows), head, -1) if not (alone[at - 1] and rows[at - 1][0])), head)
    texts = [next(filter(None, row)) for row in rows]
    opens = head < len(rows) or (followed and head == 1)
    captions = [(text, opens and lines.like_heading(text) and not FIELD.match(text)) for text in texts[:head]]
    return captions, rows[head:tail], texts[tail:]


def _captions(captions: Sequence[tuple[str, bool]], first: BlockKind, level: int) -> Iterator[Piece]:
    for at, (text, heading) in enumerate(captions):
        if not heading or captions[at - 1 : at] == [(captions[at - 1][0], True)]:
            yield Piece(BlockKind.PARAGRAPH, text)
        elif at == 0 and first is BlockKind.TITLE:
            yield Piece(BlockKind.TITLE, text, 1)
        else:
            yield Piece(BlockKind.HEADING, text, level)


def _body(rows: Sequence[Row], columns: Row | None, level: int) -> Iterator[Piece]:
    """Yield the rows of a part as what they are."""
    header = columns or (rows[0] if names_columns(rows, expected=True) else ())
    below = rows if columns or not header else rows[1:]
    if (found := _asking(header, below)) or (found := _explaining(header, below)):
        if header and not columns and OF_GLOSSARY.fullmatch(header[found[0]]):
            yield Piece(BlockKind.HEADING, _plural(header[found[0]]), level)
        yield from (piece for row in below for piece in _entry(row, found, _long_form(header)))
        return
    if header and not columns:
        yield Piece(BlockKind.ROW, " | ".join(header))
    yield from (Piece(BlockKind.ROW, " | ".join(row), columns=tuple(header)) for row in below)


def _asking(header: Row, rows: Sequence[Row]) -> tuple[int, int] | None:
    """Return the columns of questions and of their answers."""
    asks, answers = _column(header, QUESTION), _column(header, ANSWER)
    if asks is not None and answers is not None:
        return asks, answers
    if header and len(header) != 2:
        return None
    asked = sum(row[0].endswith("?") and bool(row[1]) for row in rows) if rows and len(rows[0]) == 2 else 0
    return (0, 1) if asked > len(rows) / 2 else None


def _explaining(header: Row, rows: Sequence[Row]) -> tuple[int, int] | None:
    """Return the columns of terms and of what is said of them."""
    terms, meanings = _column(header, TERM), _column(header, MEANING)
    if terms is not None and meanings is not None:
        return terms, meanings
    shown = [at for at in range(len(rows[0])) if not (header and NUMBERED.fullmatch(header[at]))] if rows else []
    if len(shown) != 2 or len(rows) < 2:
        return None
    term, what = shown
    at_least = SENTENCE_WORDS if header else PHRASE_WORDS
    return (term, what) if median_words(rows, term) <= TERM_WORDS and median_words(rows, what) >= at_least else None


def _long_form(header: Row) -> int | None:
    return _column(header, LONG_FORM)


def _column(header: Row, pattern: re.Pattern[str]) -> int | None:
    return next((at for at, cell in enumerate(header) if pattern.fullmatch(cell)), None)


def _plural(column: str) -> str:
    return column if column.endswith("s") else f"{column}s"


def _entry(row: Row, found: tuple[int, int], long_form: int | None) -> Iterator[Piece]:
    """Yield a term with what is said of it, as the item of a list does, and the phrases of its other columns below it."""
    term, what = row[found[0]], row[found[1]]
    head = f"{term} ({row[long_form]})" if long_form is not None and row[long_form] else term
    if term and what:
        joint = " " if term[-1] in "?!.:" else ": "
        yield Piece(BlockKind.BULLET, f"{head}{joint}{what}", 1, lead=term)
    else:
        yield Piece(BlockKind.PARAGRAPH, term or what)
    for at, cell in enumerate(row):
        if at not in (*found, long_form) and len(cell.split()) >= PHRASE_WORDS:
            yield Piece(BlockKind.BULLET, cell, 2)
