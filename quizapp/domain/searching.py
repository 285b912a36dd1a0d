"""Words as they are searched for, whatever their case and accents. Start from `parse`.

A text is looked through as its words in a row, folded, with a blank between. A character of a
script that puts no blanks between words counts as a word, so that Chinese, Japanese or Thai is
found by any part of it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from unicodedata import normalize

from quizapp.domain.documents import Span

SEARCHED_CHARS = 100_000  # of one passage; what databases can index in one piece is limited
TERMS = 12  # in one search
TERM_CHARS = 100
EXCERPT_CHARS = 320
BEFORE_CHARS = 100  # that an excerpt shows before the first hit

UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
ACCENTS = "\u0300-\u036f\u3099\u309a"
WORD = re.compile(f"[{UNSPACED}][{ACCENTS}]*|(?:[^\\W_{UNSPACED}][{ACCENTS}]*)+")
TERM = re.compile(r'"([^"]+)"|([^\s"]+)')
MARKS = '"“”„‟«»'  # that quote
QUOTATION_MARKS = str.maketrans(dict.fromkeys(MARKS, '"'))
_ACCENT = re.compile(f"[{ACCENTS}]")


@dataclass(frozen=True)
class Term:
    """Words that stand side by side."""

    words: tuple[str, ...]
    is_open: bool  # the last word may go on: "tide" finds "tides"


def parse(asked: str) -> Sequence[Term]:
    """Turn what was typed into terms, all of which a passage must have; what is in quotation marks is meant exactly."""
    terms = []
    for exact, loose in TERM.findall(asked.translate(QUOTATION_MARKS)):
        words = tuple(WORD.findall(folded((exact or loose)[:TERM_CHARS])))
        if words:
            terms.append(Term(words, is_open=not exact))
    return tuple(dict.fromkeys(terms))[:TERMS]


def searchable(passage: str) -> str:
    """Return the words of a passage as databases index them."""
    return " ".join(WORD.findall(folded(passage[:SEARCHED_CHARS])))


def folded(text: str) -> str:
    """Return the text in small letters without accents."""
    if text.isascii():
        return text.lower()
    # Twice, since taking letters apart can give capitals: a mathematical A becomes a plain one.
    return _ACCENT.sub("", normalize("NFKD", normalize("NFKD", text.casefold()).casefold()))


def excerpt(passage: str, terms: Sequence[Term]) -> Sequence[tuple[str, bool]]:
    """Return the passage, or the part of a long one around the first hit, in pieces; True for those that were meant."""
    found = _merged(_hits(passage[:SEARCHED_CHARS], terms))
    window = _window(passage, found[0].start if found else 0)
    edges = [window.start]
    for hit in found:
        if window.holds(hit):
            edges += [hit.start, hit.end]
    edges.append(window.end)
    pieces = [(passage[start:end], number % 2 == 1) for number, (start, end) in enumerate(pairwise(edges))]
    if window.start:
        pieces.insert(0, ("…", False))
    if window.end < len(passage):
        pieces.append(("…", False))
    return tuple(piece for piece in pieces if piece[0])


def _hits(text: str, terms: Sequence[Term]) -> Iterator[Span]:
    """Give every place where a term stands."""
    words, spans = [], []
    for found in WORD.finditer(text):
        for word in WORD.findall(folded(found[0])):  # one, but for the likes of "½"
            words.append(word)
            spans.append(Span(*found.span()))
    for term in terms:
        length = len(term.words)
        for start in range(len(words) - length + 1):
            if _stands(term, words[start : start + length]):
                yield Span(spans[start].start, spans[start + length - 1].end)


def _stands(term: Term, words: Sequence[str]) -> bool:
    if term.is_open:
        return tuple(words[:-1]) == term.words[:-1] and words[-1].startswith(term.words[-1])
    return tuple(words) == term.words


def _merged(spans: Iterator[Span]) -> Sequence[Span]:
    """Return the spans in order, those that overlap as one."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start < merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def _window(text: str, hit: int) -> Span:
    """Choose what to show of a text: all of it if it is short, else some around the hit, cut at blanks."""
    if len(text) <= EXCERPT_CHARS:
        return Span(0, len(text))
    start = max(0, min(hit - BEFORE_CHARS, len(text) - EXCERPT_CHARS))
    if start:
        start = text.find(" ", start, hit) + 1 or start
    end = start + EXCERPT_CHARS
    if end < len(text):
        blank = text.rfind(" ", start + EXCERPT_CHARS // 2, end)
        end = blank if blank > 0 else end
    return Span(start, min(end, len(text)))
