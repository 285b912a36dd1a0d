"""A paragraph as its format tells it, in runs of bold, italic and plain words, to pieces.

Pages, books and office files all hold their text like this. Start from `paragraphs`, `item` and `heading`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile, groupby, takewhile

from quizapp.domain.documents import BlockKind
from quizapp.ingest import lines, text
from quizapp.ingest.pieces import Piece

BOLD_HEADING = 3  # the level of a bold line that stands alone, as in Markdown
LONGEST_HEADING = 200  # characters: what is longer has a heading's style by mistake
LISTED = (BlockKind.BULLET, BlockKind.STEP)
# Bullets that were typed, or that a symbol font draws from private characters.
TYPED_BULLET = re.compile(rf"\s*(?:[{lines.BULLETS}\uf000-\uf0ff][ \t]*|[-–+*][ \t]+|o\t)(?=[^\s*])")
TYPED_NUMBER = re.compile(r"\s*\d{1,2}[.)][ \t]+(?=\S)")
SUPERSCRIPTS = str.maketrans("0123456789+-−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ")
ORNAMENT = re.compile(r"[\s*·•–—_=~.†‡§¶#^-]*")  # a row of stars, a sign beside a note
RAISED = re.compile(r"\s*(?:[\d+−-]{1,6}|n)\s*")  # an exponent; a mark of another kind stays as it is
MONOSPACED = re.compile(
    r"(?:courier|consolas|menlo|monaco|lucida console|lucida sans typewriter|andale mono|ocr|.*\bmono\b|.*monospace"
    r"|source code|fira code|inconsolata|cascadia|letter gothic|.*typewriter).*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Run:
    """Some words of a paragraph; a line break in it is a line break."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True)
class Look:
    """How words look, as far as it means something."""

    bold: bool = False
    italic: bool = False
    hidden: bool = False
    monospaced: bool = False
    raised: bool = False

    def of(self, words: str) -> Run:
        """Return words that look like this."""
        return Run(raised(words) if self.raised else words, self.bold, self.italic)


ORDINARY = Look()


def raised(words: str) -> str:
    """Return words that stand above the line; an exponent keeps its meaning: "10⁶"."""
    return words.translate(SUPERSCRIPTS) if RAISED.fullmatch(words) else words


def plain(runs: Iterable[Run]) -> str:
    """Return the words on one line."""
    return text.one_line(text.clean("".join(run.text for run in runs)))


def verbatim(runs: Iterable[Run]) -> str:
    """Return the words with their spaces and line breaks, as code has them."""
    return text.clean("".join(run.text for run in runs)).strip("\n")


def without(runs: Iterable[Run], count: int) -> list[Run]:
    """Return the runs without their first characters."""
    out = []
    for run in runs:
        out.append(replace(run, text=run.text[count:]))
        count = max(0, count - len(run.text))
    return out


def heading(runs: Iterable[Run], level: int) -> Iterator[Piece]:
    """Yield a heading, unless it is empty; what is too long for one is a paragraph."""
    words = plain(runs)
    if len(words) > LONGEST_HEADING:
        yield Piece(BlockKind.PARAGRAPH, words)
    elif words:
        yield Piece(BlockKind.HEADING, words, level)


def item(kind: BlockKind, runs: Iterable[Run], depth: int) -> Iterator[Piece]:
    """Yield an item of a list, or a quotation, with the bold words that it opens with."""
    for part in _parts(runs):
        said = _behind(lines.TICK_BOX, part) if kind in LISTED else part
        if words := _said(said):
            yield Piece(kind, words, depth, lead=_lead(said))


def paragraphs(runs: Iterable[Run]) -> Iterator[Piece]:
    """Yield what a paragraph without a style holds: prose, or a heading or a list that was made by hand."""
    for part in _parts(runs):
        yield from _paragraph(part)


def prose(runs: Iterable[Run]) -> Iterator[Piece]:
    """Yield the same of a paragraph that is known to be no heading: a caption, a note, a subtitle."""
    for piece in paragraphs(runs):
        yield replace(piece, kind=BlockKind.PARAGRAPH, level=0) if piece.kind is BlockKind.HEADING else piece


def code(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield the pieces with lines of code that follow each other as one."""
    for kind, together in groupby(pieces, lambda piece: piece.kind):
        if kind is BlockKind.CODE:
            yield Piece(kind, "\n".join(piece.text for piece in together))
        else:
            yield from together


def _paragraph(runs: Sequence[Run]) -> Iterator[Piece]:
    words = _said(runs)
    if not words:
        return
    if _all(runs, bold=True) and lines.like_heading(words) and not TYPED_BULLET.match(words):
        yield Piece(BlockKind.HEADING, words, BOLD_HEADING)
    elif (kind := _typed(runs)) is not None:
        sign = TYPED_BULLET if kind is BlockKind.BULLET else TYPED_NUMBER
        yield from item(kind, _behind(sign, runs), 1)
    else:
        marked = _all(runs, bold=True) or _all(runs, italic=True)
        yield Piece(BlockKind.PARAGRAPH, words, lead=_lead(runs), marked=marked)


def _said(runs: Iterable[Run]) -> str:
    """Return the words on one line; nothing of a row of stars, or of a sign beside a note."""
    words = plain(runs)
    return "" if ORNAMENT.fullmatch(words) else words


def _typed(runs: Iterable[Run]) -> BlockKind | None:
    """Return the kind of list item whose bullet or number was typed."""
    raw = "".join(run.text for run in runs)
    if TYPED_BULLET.match(raw):
        return BlockKind.BULLET
    return BlockKind.STEP if TYPED_NUMBER.match(raw) else None


def _behind(mark: re.Pattern[str], runs: Sequence[Run]) -> list[Run]:
    """Return the runs without the mark that they open with."""
    found = mark.match("".join(run.text for run in runs))
    return without(runs, found.end() if found else 0)


def _lead(runs: Iterable[Run]) -> str:
    """Return the bold words that a text opens with; nothing where all of it is bold, unless it is a question."""
    held = list(dropwhile(lambda run: not run.text.strip(), runs))
    if held and not held[0].bold and lines.CLAUSE.fullmatch(held[0].text.lstrip()):
        held = held[1:]
    opening = plain(takewhile(lambda run: run.bold or not run.text.strip(), held))
    whole = plain(held)
    if opening == whole:
        return opening if opening.endswith("?") else ""
    behind = whole.removeprefix(opening)
    return "" if behind == whole or behind[0].isalnum() else opening  # a capital letter in bold is no lead


def _all(runs: Sequence[Run], *, bold: bool = False, italic: bool = False) -> bool:
    return all((run.bold or not bold) and (run.italic or not italic) for run in runs if run.text.strip())


def _parts(runs: Iterable[Run]) -> Iterator[list[Run]]:
    """Yield what an empty line parts, each on one line, and the lines that stand for themselves."""
    for empty, together in groupby(_lines(runs), lambda line: not plain(line)):
        block = list(together)
        if not empty:
            yield from block if _stand_apart(block) else [_on_one_line(block)]


def _stand_apart(block: Sequence[Sequence[Run]]) -> bool:
    """Say whether each line is one of its own: all tell something by name, or several have a lead or a typed bullet."""
    return len(block) > 1 and (
        all(lines.TOLD.match(plain(line)) for line in block)
        or sum(bool(_lead(line)) for line in block) > 1
        or sum(_typed(line) is not None for line in block) > 1
    )


def _lines(runs: Iterable[Run]) -> list[list[Run]]:
    out: list[list[Run]] = [[]]
    for run in _joined(runs):
        first, *others = text.clean(run.text).split("\n")
        out[-1].append(replace(run, text=first))
        out += [[replace(run, text=other)] for other in others]
    return out


def _joined(runs: Iterable[Run]) -> Iterator[Run]:
    """Yield runs that look alike as one: programs part them at every correction."""
    for look, alike in groupby(runs, lambda run: (run.bold, run.italic)):
        yield Run("".join(run.text for run in alike), *look)


def _on_one_line(block: Sequence[Sequence[Run]]) -> list[Run]:
    out = list(block[0])
    for line in block[1:]:
        out += [Run(" ", bold=line[0].bold, italic=line[0].italic), *line]
    return out
