"""A candidate as a person sees it: the text that features are measured on."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from quizapp.domain.cards import CardKind
from quizapp.domain.cloze import GAP
from quizapp.domain.documents import Block
from quizapp.generate import checks, grammar, subjects, wording
from quizapp.generate.candidates import Candidate, Reading

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

OPENING = 12  # characters that show where the sentence starts inside a question


@dataclass(frozen=True)
class Seen:
    """A candidate with its question as shown, and what the document tells of it."""

    candidate: Candidate
    reading: Reading
    rivals: int  # other candidates on the same sentence

    @property
    def question(self) -> str:
        return self.candidate.shown

    @property
    def answer(self) -> str:
        return self.candidate.answer

    @property
    def gap(self) -> bool:
        return self.candidate.kind is CardKind.CLOZE

    @cached_property
    def quote(self) -> str:
        return self.candidate.span.of(self.reading.document.text)

    @cached_property
    def sentence(self) -> str:
        """Return the sentence that the card asks for as it is understood, or the quote where it is none."""
        return self.candidate.claim.said if self.candidate.claim else self.quote

    @cached_property
    def alone(self) -> bool:
        """Say whether the quote starts with the sentence, so that none before it is shown."""
        claim = self.candidate.claim
        return claim is None or self.candidate.span.start >= claim.span.start

    @cached_property
    def core(self) -> str:
        """Return the question without its frame and who says it, and a gap's sentence without those before it."""
        bare = self.candidate.question
        if not self.gap:
            return re.sub(r", according to [^?]+\?$", "?", bare)
        opening = self.sentence.split(self.answer)[0][:OPENING] or GAP
        return bare[max(0, bare.find(opening)) :]

    @cached_property
    def own(self) -> tuple[str, ...]:
        """Return the telling words of the question that the quote has, too."""
        there = set(telling(self.quote))
        return tuple(word for word in telling(self.question) if word in there)

    @cached_property
    def framing(self) -> tuple[str, ...]:
        """Return the telling words that the question takes from elsewhere: a heading, a title, a name."""
        there = set(telling(self.quote))
        return tuple(word for word in telling(self.question) if word not in there)

    @cached_property
    def block(self) -> Block | None:
        return self.reading.block(self.candidate)

    @cached_property
    def paragraph(self) -> str:
        return self.block.span.of(self.reading.document.text) if self.block else self.quote

    @cached_property
    def topic(self) -> frozenset[str]:
        """Return the telling words of the document's title and of the heading above."""
        heading = self.block.path[-1] if self.block and self.block.path else ""
        return frozenset((*telling(self.reading.document.title), *telling(subjects.bare(heading))))

    @property
    def parse(self) -> "Doc | None":
        return self.candidate.claim.parse if self.candidate.claim else None

    @cached_property
    def verb(self) -> "Token | None":
        """Return the main verb of the sentence."""
        return grammar.root(self.parse) if self.parse is not None else None

    @cached_property
    def subject(self) -> "Span | None":
        """Return the subject of the sentence."""
        return grammar.subject(self.parse) if self.parse is not None else None

    def often(self, word: str) -> int:
        """Return how often the document says a word."""
        return self.reading.counts[word]


def telling(text: str) -> tuple[str, ...]:
    """Return the words of a text that carry meaning, small."""
    return tuple(
        word
        for word in re.findall(r"[^\W_]+", text.lower())
        if word not in wording.FUNCTION_WORDS and word not in checks.ASKING and (len(word) > 1 or word.isdigit())
    )
