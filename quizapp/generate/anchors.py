"""A card finds its quote again in a changed document. Start from `find`.

First word for word, told from its likes by the characters around it; then the sentences
under the same heading that are most alike; then, if that heading is gone, those of the
whole text, with more asked of them. What is found is always verbatim.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from rapidfuzz import fuzz, process

from quizapp.domain.cards import Source
from quizapp.domain.documents import WIDE_CHARACTER, Block, BlockKind, Span
from quizapp.generate import quoting
from quizapp.generate.claims import sentences

COMPARED_CHARS = 500
ALIKE_FROM = 65  # of 100, under the same heading
ALIKE_ANYWHERE_FROM = 85
MOST_PLACES = 1_000  # of one quote, word for word
SHORT_CHARS = 24  # a shorter quote is found in many a place where it means something else
KNOWN_CONTEXT_CHARS = 6
LIST_SENTENCES = 3  # of a quote that may be a list, which can have grown or lost an item
SPACES = re.compile(r"\s+")


class Fate(Enum):
    """What has become of a quote."""

    SAME = "same"
    MOVED = "moved"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True)
class Quoted:
    """A quote in the text before, with the characters around it."""

    quote: str
    start: int
    heading: str | None
    before: str
    after: str


@dataclass(frozen=True)
class Found:
    """Where a quote is now; None when it is gone."""

    fate: Fate
    span: Span | None


@dataclass(frozen=True)
class Text:
    """A text and its blocks, to look things up in."""

    text: str
    blocks: tuple[Block, ...]

    @cached_property
    def sentences(self) -> Sequence[tuple[Span, str | None]]:
        """Return every sentence, a heading or label among them, with the heading above it."""
        return [(span, heading_of(block)) for block in self.blocks for span in _sentences(self.text, block)]

    @cached_property
    def wordings(self) -> frozenset[str]:
        """Return what the sentences say."""
        return frozenset(span.of(self.text) for span, _ in self.sentences)

    @cached_property
    def under(self) -> Mapping[str | None, Sequence[int]]:
        """Return the numbers of the sentences under each heading."""
        found: dict[str | None, list[int]] = {}
        for number, (_, heading) in enumerate(self.sentences):
            found.setdefault(heading, []).append(number)
        return found

    @cached_property
    def squeezed(self) -> str:
        """Return the text with one space wherever there is any."""
        return _squeezed(self.text)

    @cached_property
    def starts(self) -> Sequence[int]:
        """Return where the blocks begin."""
        return [block.span.start for block in self.blocks]

    def ending(self, span: Span) -> Block | None:
        """Return the block in which a span ends."""
        number = bisect_right(self.starts, span.end - 1) - 1
        return self.blocks[number] if number >= 0 and span.end <= self.blocks[number].span.end else None


@dataclass(frozen=True)
class Revision:
    """A text that has become another."""

    old: Text
    new: Text

    @cached_property
    def fresh(self) -> Sequence[int]:
        """Return the numbers of the new text's sentences that the old one does not have."""
        wordings = self.old.wordings
        return [number for number, (span, _) in enumerate(self.new.sentences) if span.of(self.new.text) not in wordings]


def heading_of(block: Block) -> str | None:
    """Return the innermost heading above a block."""
    return block.path[-1] if block.path else None


def find(quoted: Quoted, revision: Revision) -> Found:
    """Find a quote of the old text in the new one."""
    if span := _word_for_word(quoted, revision.new):
        return Found(Fate.SAME if span.start == quoted.start else Fate.MOVED, span)
    span = _most_alike(quoted, revision)
    return Found(Fate.CHANGED if span else Fate.GONE, span)


def source_at(span: Span, former: Source, revision: Revision) -> Source:
    """Return a card's source when its quote is at that place.

    Who is named is whoever says that passage now, if the passage before was theirs;
    somebody whom it only reports stays.
    """
    was, now = revision.old.ending(Span(former.start, former.end)), revision.new.ending(span)
    speaker = former.speaker
    if was and was.speaker and was.speaker.name == speaker:
        speaker = now.speaker.name if now and now.speaker else None
    heading, page = (heading_of(now), now.page) if now else (former.heading, former.page)
    columns = quoting.columns(span, revision.new.blocks)
    return Source(span.of(revision.new.text), span.start, span.end, speaker, heading, page, columns)


def _word_for_word(quoted: Quoted, new: Text) -> Span | None:
    """Return the place whose surroundings agree most, of several the nearest."""
    length = len(quoted.quote)
    cut = _cuts(quoted.before[-1:], quoted.quote[:1]), _cuts(quoted.quote[-1:], quoted.after[:1])
    places = []
    for start in _places(new.text, quoted.quote):
        span = Span(start, start + length)
        before = new.text[max(0, start - len(quoted.before)) : start]
        after = new.text[span.end : span.end + len(quoted.after)]
        newly_cut = _cuts(before[-1:], quoted.quote[:1]), _cuts(quoted.quote[-1:], after[:1])
        agreement = _common(quoted.before[::-1], before[::-1]) + _common(quoted.after, after)
        if newly_cut == cut and (
            length >= SHORT_CHARS or agreement >= KNOWN_CONTEXT_CHARS or _at_home(quoted, span, new)
        ):
            places.append((-agreement, abs(start - quoted.start), span))
    return min(places)[2] if places else None


def _at_home(quoted: Quoted, span: Span, new: Text) -> bool:
    """Say whether a place is where the quote was, or under the same heading."""
    block = new.ending(span)
    return span.start == quoted.start or (block is not None and heading_of(block) == quoted.heading)


def _places(text: str, quote: str) -> Iterator[int]:
    start = text.find(quote) if quote else -1
    for _ in range(MOST_PLACES):
        if start < 0:
            return
        yield start
        start = text.find(quote, start + 1)


def _cuts(left: str, right: str) -> bool:
    """Say whether a word or a number goes on from one character to the next: 10 is not in 110."""
    both = left + right
    return len(both) == 2 and both.isalnum() and not WIDE_CHARACTER.search(both)


def _common(one: str, other: str) -> int:
    """Return how many characters two texts have in common from their beginnings."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((number for number, (a, b) in pairs if a != b), min(len(one), len(other)))


def _most_alike(quoted: Quoted, revision: Revision) -> Span | None:
    """Return the sentences that are most like those of the quote; below the bar None."""
    old, new = revision.old, revision.new
    told = _whole_sentences(quoted, old)
    wording = Span(told[0].start, told[-1].end).of(old.text) if told else quoted.quote
    count = max(1, len(told))
    sizes = (count, count + 1, count - 1) if count >= LIST_SENTENCES else (count,)
    if here := new.under.get(quoted.heading):
        runs = (run for size in sizes for run in _runs(here, size, new))
        changed = [run for run in runs if _squeezed(run.of(new.text)) not in old.squeezed]
        return _best(wording, changed, new, least=ALIKE_FROM)
    return _best(wording, list(_runs(revision.fresh, count, new)), new, least=ALIKE_ANYWHERE_FROM)


def _whole_sentences(quoted: Quoted, old: Text) -> Sequence[Span]:
    """Return the sentences of the old text that the quote is in, or spans."""
    end = quoted.start + len(quoted.quote)
    if old.text[quoted.start : end] != quoted.quote:
        return []
    return [span for span, _ in old.sentences if span.start < end and quoted.start < span.end]


def _runs(numbers: Sequence[int], size: int, new: Text) -> Iterator[Span]:
    """Give every run of so many of these sentences that follow each other; what is shorter than that, whole."""
    size = min(size, len(numbers))
    for first, last in zip(numbers, numbers[size - 1 :], strict=False):
        if last - first == size - 1:
            yield Span(new.sentences[first][0].start, new.sentences[last][0].end)


def _best(wording: str, runs: Sequence[Span], new: Text, *, least: int) -> Span | None:
    told = [_squeezed(run.of(new.text))[:COMPARED_CHARS] for run in runs]
    wanted = _squeezed(wording)[:COMPARED_CHARS]
    best = process.extractOne(wanted, told, scorer=fuzz.ratio, processor=str.casefold, score_cutoff=least)
    return runs[best[2]] if best else None


def _squeezed(text: str) -> str:
    return SPACES.sub(" ", text)


def _sentences(text: str, block: Block) -> Iterator[Span]:
    """Give the sentences of a block; a title, a row or a line of code is one."""
    said = block.span.of(text)
    if block.kind in (BlockKind.PARAGRAPH, BlockKind.BULLET, BlockKind.STEP, BlockKind.QUOTE):
        for span in sentences(said):
            yield Span(block.span.start + span.start, block.span.start + span.end)
    elif said.strip():
        yield block.span
