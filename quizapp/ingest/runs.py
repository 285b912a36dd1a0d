"""A paragraph as its format tells it, in stretches of bold, italic and plain words, to pieces. Start from `block`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from quizapp.domain.documents import BlockKind
from quizapp.ingest import lines, markdown, text
from quizapp.ingest.pieces import Piece

TICK_BOX = re.compile(r"(?:\[[ xX]\]|[☐☑☒✅]) +")
BULLET_SIGN = re.compile(r"[•‣▪●◦·–] +(?=\S)")
LISTED = (BlockKind.BULLET, BlockKind.STEP)


@dataclass(frozen=True)
class Run:
    """Words of one make; a line break among them is one that the author put there."""

    words: str
    strong: bool = False
    slanted: bool = False


def block(kind: BlockKind, runs: Sequence[Run], level: int = 0) -> Iterator[Piece]:
    """Yield the pieces that a paragraph, item or heading makes: one, or one a line where each line stands for itself."""
    for line in _parted([Run(text.clean(run.words), run.strong, run.slanted) for run in runs]):
        words = " ".join(plain(line).split())
        if kind in LISTED:
            words = TICK_BOX.sub("", words, count=1)
        if not any(char.isalnum() for char in words):  # a row of stars, a sign beside a note
            continue
        if kind is BlockKind.HEADING:
            yield Piece(kind, words, level)
        elif kind is not BlockKind.PARAGRAPH:
            yield Piece(kind, words, level, lead=_lead(line))
        elif sign := BULLET_SIGN.match(words):
            yield Piece(BlockKind.BULLET, words[sign.end() :], 1, lead=_lead(_behind(line)))
        elif _all(line, "strong") and lines.like_heading(words):
            yield Piece(BlockKind.HEADING, words, 3)
        else:
            marked = _all(line, "strong") or _all(line, "slanted")
            yield Piece(kind, words, level, lead=_lead(line), marked=marked)


def plain(runs: Sequence[Run]) -> str:
    """Return the words alone."""
    return "".join(run.words for run in runs)


def _parted(runs: Sequence[Run]) -> list[list[Run]]:
    """Return the lines of a paragraph, where each is one of its own; else the whole between empty lines."""
    parted: list[list[Run]] = [[]]
    for run in runs:
        first, *others = run.words.split("\n")
        parted[-1].append(Run(first, run.strong, run.slanted))
        parted += [[Run(line, run.strong, run.slanted)] for line in others]
    filled = [line for line in parted if plain(line).strip()]
    own = len(filled) > 1 and (
        all(markdown.FIELD.match(plain(line)) for line in filled)
        or sum(bool(_lead(line)) for line in filled) > 1
        or all(BULLET_SIGN.match(plain(line).strip()) for line in filled[1:])
    )
    return filled if own else _joined(parted)


def _joined(parted: Sequence[list[Run]]) -> list[list[Run]]:
    joined: list[list[Run]] = [[]]
    for line in parted:
        if plain(line).strip():
            joined[-1] += [Run(" "), *line] if joined[-1] else line
        elif joined[-1]:
            joined.append([])
    return joined


def _behind(line: Sequence[Run]) -> list[Run]:
    """Return a line without the sign of a list that it opens with."""
    filled = [run for run in line if run.words.strip()]
    return [Run(BULLET_SIGN.sub("", f"{filled[0].words.strip()} ", count=1), filled[0].strong), *filled[1:]]


def _lead(line: Sequence[Run]) -> str:
    """Return the bold words that a line opens with, behind its number; of a line that is all bold only a question."""
    filled = [run for run in line if run.words.strip()]
    if filled and not filled[0].strong and markdown.NUMBER.fullmatch(filled[0].words.lstrip()):
        filled = filled[1:]
    words = " ".join(plain(list(takewhile(lambda run: run.strong, filled))).split())
    return "" if all(run.strong for run in filled) and not words.endswith("?") else words


def _all(line: Sequence[Run], mark: str) -> bool:
    return all(getattr(run, mark) for run in line if run.words.strip())
