"""What strategies produce and what they may look at."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from quizapp.domain.cards import CardKind
from quizapp.domain.documents import Block, Document, Span, Speaker
from quizapp.generate import houses, language, subjects
from quizapp.generate.claims import Claim
from quizapp.generate.wording import Casing


@dataclass(frozen=True)
class Candidate:
    """A card that a strategy proposes, before it is placed (see `context`) and checked."""

    kind: CardKind
    question: str
    answer: str
    span: Span  # of the quote
    rule: str
    sure: float  # how often its rule claims to be right, 0 to 1
    claim: Claim | None = None
    speaker: Speaker | None = None  # who says the quote
    context: str = ""  # text outside the quote that the question may draw on
    explanation: str = ""
    tail: str = ""  # what is asked of a statement that stands in the question word for word: "Why?"
    others: tuple[
        str, ...
    ] = ()  # what else it could be, of the few things that the document gives; the likeliest first
    choices: tuple[str, ...] = ()  # the options of a choice, the right one among them
    frame: str = ""  # what stands in front of the question: the section, the speaker, the meeting
    asked: str = ""  # the document's question without which the sentence is unclear
    voiced: bool = False  # the question names whose "we" it is
    ambiguous: bool = False  # another passage answers the question otherwise
    faults: tuple[str, ...] = ()  # what the checks found, as sentences for the person
    held: bool = False  # in the tray for one of them
    shown: str = ""  # the question with what its kind of document leaves to the page
    traits: Mapping[str, float] = field(default_factory=dict)  # its features by name
    chance: float = 0.0  # that a person keeps it

    @property
    def verbatim(self) -> bool:
        """Say whether the question is the document's own words: a gap, or a statement of which something is asked."""
        return self.kind is CardKind.CLOZE or bool(self.tail)


@dataclass(frozen=True)
class Reading:
    """A document with what several strategies need to know of it."""

    document: Document
    claims: tuple[Claim, ...]
    speakers: tuple[Speaker, ...]  # in order of first appearance
    event: str | None  # "the 4th China AIGC Industry Summit"
    casing: Casing
    parse: language.Parses = field(default_factory=language.Parses, compare=False)  # of what rules put in other words

    @cached_property
    def topic(self) -> str | None:
        """Return a short name of what the document is about."""
        return subjects.topic(self.document) or self.event

    @cached_property
    def author(self) -> str | None:
        """Return whose "I" the document is written in."""
        return subjects.author(self.document)

    @cached_property
    def _starts(self) -> list[int]:
        return [block.span.start for block in self.document.blocks]

    def block(self, one: Candidate) -> Block | None:
        """Return the block of a candidate's sentence, else the one in which its quote begins."""
        if one.claim:
            return one.claim.block
        at = bisect_right(self._starts, one.span.start) - 1
        return self.document.blocks[at] if at >= 0 else None

    @cached_property
    def house(self) -> str | None:
        """Return whose "we" the document is written in."""
        return houses.of_document(self.document)

    @property
    def many_voices(self) -> bool:
        """Say whether "which speaker" is a real question here."""
        return len(self.speakers) >= 3

    @cached_property
    def counts(self) -> Counter[str]:
        """Return how often the document says each word."""
        return Counter(re.findall(r"[^\W_]+", self.document.text.lower()))


Strategy = Callable[[Reading], Iterator[Candidate]]


def from_claim(
    claim: Claim,
    question: str,
    answer: str,
    *,
    rule: str,
    sure: float,
    kind: CardKind = CardKind.BASIC,
    span: Span | None = None,
) -> Candidate:
    """Return a candidate whose quote is the claim's sentence, from the one that names its subject."""
    before = " ".join(one.text for one in (claim.above, claim.before) if one) + f" {claim.label}"
    return Candidate(
        kind, question, answer, span or claim.evidence or claim.span, rule, sure, claim, claim.speaker, context=before
    )
