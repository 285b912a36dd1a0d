"""How much of a document has cards: which of its passages a kept card quotes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from quizapp.domain.documents import Block, BlockKind

# A title, a heading or a label says what comes; the cards come from what is said.
SAYING = frozenset(BlockKind) - {BlockKind.TITLE, BlockKind.HEADING, BlockKind.LABEL}


@dataclass(frozen=True)
class Coverage:
    """The passages of a document that have a card, of those that say something."""

    blocks: int = 0  # all of the document, headings and all
    passages: int = 0  # those that say something
    covered: tuple[int, ...] = ()  # the numbers, among all blocks, of passages with a card

    @property
    def percent(self) -> int:
        """Return the share of passages with a card; 0 and 100 mean none and all."""
        if not self.passages:
            return 0
        share = round(100 * len(self.covered) / self.passages)
        if 0 < len(self.covered) < self.passages:
            return min(max(share, 1), 99)
        return share

    @property
    def runs(self) -> Iterator[tuple[int, int]]:
        """Give the covered passages as ranges of numbers, half open, in order."""
        for _, run in groupby(enumerate(self.covered), key=lambda placed: placed[1] - placed[0]):
            numbers = [number for _, number in run]
            yield numbers[0], numbers[-1] + 1


def saying(blocks: Sequence[Block]) -> Sequence[int]:
    """Return the numbers of the passages that say something."""
    return [number for number, block in enumerate(blocks) if block.kind in SAYING]


def bare(blocks: Sequence[Block], coverage: Coverage) -> Sequence[int]:
    """Return the numbers of the passages that say something and have no card."""
    covered = set(coverage.covered)
    return [number for number in saying(blocks) if number not in covered]
