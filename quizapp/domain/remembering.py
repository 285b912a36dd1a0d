"""How well each passage of a document is remembered: what is known of the cards that quote it. Start from `by_passage`."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from quizapp.domain.coverage import SAYING
from quizapp.domain.documents import Block

KNOWN, MOSTLY, FADING = 0.9, 0.8, 0.6  # the chances of recall from which a passage is said to be so


@dataclass(frozen=True)
class Recalled:
    """A card with the place of its quote, and the chance of recalling it now."""

    card_id: int
    start: int
    end: int
    chance: float | None  # None before the first answer
    is_asked: bool = True  # not suspended


@dataclass(frozen=True)
class Remembered:
    """How well a passage is remembered."""

    cards: int
    recall: float | None  # the mean chance of recalling its cards; None while none was answered
    to_study: tuple[int, ...] = ()  # its cards that were answered and are asked

    @property
    def level(self) -> int:
        """Return 4 for a passage that is known, down to 1 for a weak one, and 0 for one that was not studied yet."""
        return 0 if self.recall is None else 1 + sum(self.recall >= least for least in (FADING, MOSTLY, KNOWN))


def by_passage(blocks: Sequence[Block], cards: Iterable[Recalled]) -> Mapping[int, Remembered]:
    """Return, by number, how those passages are remembered that say something and that a card quotes."""
    starts = [block.span.start for block in blocks]
    quoting: dict[int, list[Recalled]] = defaultdict(list)
    for card in cards:
        for number in _touched(blocks, starts, card):
            quoting[number].append(card)
    return {number: together(quoting[number]) for number in sorted(quoting)}


def together(cards: Iterable[Recalled]) -> Remembered:
    """Return how well cards are remembered together, each counted once."""
    found = {card.card_id: card for card in cards}.values()
    answered = [card for card in found if card.chance is not None]
    recall = fmean(card.chance for card in answered if card.chance is not None) if answered else None
    return Remembered(len(found), recall, tuple(card.card_id for card in answered if card.is_asked))


def weakest(passages: Mapping[int, Remembered]) -> int | None:
    """Return the number of the passage that is remembered worst of those with a card to study, or None."""
    found = [(one.recall, number) for number, one in passages.items() if one.recall is not None and one.to_study]
    return min(found)[1] if found else None


def _touched(blocks: Sequence[Block], starts: Sequence[int], card: Recalled) -> Iterator[int]:
    for number in range(max(0, bisect_right(starts, card.start) - 1), len(blocks)):
        block = blocks[number]
        if block.span.start >= card.end:
            return
        if block.span.end > card.start and block.kind in SAYING:
            yield number
