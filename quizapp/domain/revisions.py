"""A text and its next version: which passages are new, changed or gone, and how much is the same. Start from `compare`.

A passage is a line of the text, as every block stands on lines of its own.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

COMPARED_CHARS = 500
PAIRED_FROM = 60  # of 100: below, a passage is another one rather than a changed one
MOST_PAIRED = 300  # passages of one side that are compared with each of the other
CLOSE_FROM = 85  # of 100: from there on what a changed passage has in common counts as the same
MOST_MARKED_CHARS = 5_000
WORD = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True)
class Comparison:
    """What has become of the passages; each list in the order of its text, pairs in that of the new one."""

    new: tuple[str, ...]
    changed: tuple[tuple[str, str], ...]  # before and after
    gone: tuple[str, ...]
    common_chars: float  # that are in both; those of much the same passages in part


class Piece(Enum):
    """What a stretch of two wordings is."""

    SAME = "same"
    NEW = "new"
    GONE = "gone"


def compare(before: str, after: str) -> Comparison:
    """Tell two texts apart passage by passage; one that only moved is the same."""
    old, new = passages(before), passages(after)
    both = Counter(old) & Counter(new)
    gone, fresh = _beyond(old, both), _beyond(new, both)
    pairs = _pairs(gone, fresh)
    paired = {one for one, _, _ in pairs}, {other for _, other, _ in pairs}
    alike = sum(len(fresh[other]) * score / 100 for _, other, score in pairs if score >= CLOSE_FROM)
    return Comparison(
        new=tuple(line for number, line in enumerate(fresh) if number not in paired[1]),
        changed=tuple((gone[one], fresh[other]) for one, other, _ in sorted(pairs, key=lambda pair: pair[1])),
        gone=tuple(line for number, line in enumerate(gone) if number not in paired[0]),
        common_chars=sum(len(line) * count for line, count in both.items()) + alike,
    )


def passages(text: str) -> Sequence[str]:
    """Return the lines of a text that say something."""
    return [line.strip() for line in text.split("\n") if line.strip()]


def same_share(before: str, after: str) -> float:
    """Return how much of the longer text stands in the other word for word, from 0 to 1."""
    both = Counter(passages(before)) & Counter(passages(after))
    return sum(len(line) * count for line, count in both.items()) / max(1, size(before), size(after))


def size(text: str) -> int:
    """Return how many characters the passages of a text have."""
    return sum(map(len, passages(text)))


def difference(before: str, after: str) -> tuple[tuple[Piece, str], ...]:
    """Return one wording turned into the other word by word, in pieces."""
    if max(len(before), len(after)) > MOST_MARKED_CHARS:
        return (Piece.GONE, before), (Piece.NEW, after)
    old, new = WORD.findall(before), WORD.findall(after)
    pieces: list[tuple[Piece, str]] = []
    for step in Levenshtein.opcodes(old, new):
        told, tells = "".join(old[step.src_start : step.src_end]), "".join(new[step.dest_start : step.dest_end])
        if step.tag == "equal":
            pieces.append((Piece.SAME, tells))
        else:
            changed = (Piece.GONE, told), (Piece.NEW, tells)
            pieces += [piece for piece in changed if piece[1]]
    return tuple(pieces)


def _beyond(lines: Sequence[str], both: Counter[str]) -> list[str]:
    """Return the lines that the other text does not have, or not so often."""
    left, beyond = Counter(both), []
    for line in lines:
        if left[line]:
            left[line] -= 1
        else:
            beyond.append(line)
    return beyond


def _pairs(gone: Sequence[str], fresh: Sequence[str]) -> Sequence[tuple[int, int, float]]:
    """Pair passages that are alike, the most alike first, each once: their numbers and the score."""
    found = sorted(_candidates(gone, fresh), key=lambda pair: (-pair[2], pair[0], pair[1]))
    pairs: list[tuple[int, int, float]] = []
    taken: tuple[set[int], set[int]] = set(), set()
    for one, other, score in found:
        if one not in taken[0] and other not in taken[1]:
            pairs.append((one, other, score))
            taken[0].add(one)
            taken[1].add(other)
    return pairs


def _candidates(gone: Sequence[str], fresh: Sequence[str]) -> Iterator[tuple[int, int, float]]:
    shortened = [line[:COMPARED_CHARS] for line in fresh[:MOST_PAIRED]]
    for one, line in enumerate(gone[:MOST_PAIRED]):
        near = process.extract(line[:COMPARED_CHARS], shortened, scorer=fuzz.ratio, score_cutoff=PAIRED_FROM, limit=5)
        yield from ((one, other, score) for _, score, other in near)
