"""Words in quotation marks and who said them, in prose that reports them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quizapp.domain.cards import CardKind
from quizapp.domain.documents import Block, BlockKind, Span
from quizapp.generate import subjects, wording
from quizapp.generate.candidates import Candidate, Reading

VERB = (
    r"(?:(?:once |also |famously |later )?(?:says?|said|writes?|wrote|argues?|argued|told|tells|asks?|asked|replied|warned|warns|noted|notes|added|adds|put it|"
    r"remarked|insisted|recalled|remembered|explained|answered))"
)
WHO = r"(?P<who>[A-Z][\w’-]+(?: (?:de |van |von )?[A-Z][\w’-]+){0,2}|[Ss]he|[Hh]e)"
SPLIT = re.compile(
    rf"[\"“](?P<a>[^\"“”]{{3,120}}?),?[\"”],? {WHO} (?P<verb>{VERB})(?: \w+ \w+)?, [\"“](?P<b>[a-z][^\"“”]{{5,160}})[\"”]"
)
AFTER = re.compile(
    rf"[\"“](?P<a>[^\"“”]{{15,180}}?)[,?!.]?[\"”],? {WHO} (?P<verb>{VERB})(?: to me| me| us)?(?:[.] [\"“](?P<b>[A-Z][^\"“”]{{5,120}})[\"”])?"
)
BEFORE = re.compile(
    rf"{WHO} (?P<verb>{VERB})(?: to me| me| us| the \w+)?(?: that)?[:,]? [\"“](?P<a>[^\"“”]{{15,180}})[\"”]"
)
THAT = re.compile(
    rf"{WHO} (?P<verb>{VERB}) that (?P<lead>[a-z][^.\"“”:]{{3,60}}) [\"“](?P<a>[a-z][^\"“”]{{10,120}})[\"”]"
)
GAVE = re.compile(
    rf"(?:^|(?<=[.!?] ))(?:The \w+ )?{WHO} (?P<verb>\w+) [^.\"“”:]{{10,160}}: [\"“](?P<a>[a-z][^\"“”]{{15,160}})[\"”]"
)
WORDS = range(5, 25)
PROSE = (BlockKind.PARAGRAPH, BlockKind.BULLET, BlockKind.QUOTE)


@dataclass(frozen=True)
class Saying:
    """Somebody's words with the name that stands beside them."""

    who: str
    verb: str
    words: str
    lead: str  # what the text says in its own words before them
    span: Span  # inside the block


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield who said or wrote what, where the text gives the words and the name."""
    if subjects.is_meeting(reading.document):
        return
    for block in reading.document.blocks:
        if block.kind in PROSE:
            text = block.span.of(reading.document.text)
            for one in _sayings(text):
                yield from _asked(one, block, text, reading)


def _sayings(text: str) -> Iterator[Saying]:
    taken: list[Span] = []
    for pattern in (SPLIT, BEFORE, AFTER, THAT, GAVE):
        for found in pattern.finditer(text):
            span = Span(found.start(), found.end())
            if any(span.start < other.end and other.start < span.end for other in taken):
                continue
            parts = found.groupdict()
            joint = " " if not parts.get("b") or parts["b"][0].islower() else ". "
            words = joint.join(part.strip(" ,.") for part in (parts["a"], parts.get("b")) if part)
            taken.append(span)
            yield Saying(found["who"], found["verb"], words, parts.get("lead") or "", span)


def _asked(one: Saying, block: Block, text: str, reading: Reading) -> Iterator[Candidate]:
    who = _full(one.who, text[: one.span.start + len(one.who)], reading)
    speaks = block.speaker is not None and who in block.speaker.name
    if (
        not who
        or speaks
        or len(one.words.split()) not in WORDS
        or re.match(r"(?:It|This|That|They|He|She)\b", one.words)
    ):
        return
    verb = "wrote" if re.search("writ|wrote", one.verb) else "said"
    words = re.sub(r"[“”\"]", "", one.words if one.lead else wording.capitalised(one.words))
    start = _sentence_start(text, one.span.start)
    span = Span(block.span.start + start, block.span.start + one.span.end)
    question = f"Who {verb} that {one.lead} “{words}”?" if one.lead else f"Who {verb}: “{words}”?"
    yield Candidate(CardKind.BASIC, question, who, span, "saying", 0.88, context=f"{who} wrote said")


def _full(who: str, before: str, reading: Reading) -> str:
    """Return somebody's full name: the one in the text that ends or begins so, or the only one named before "she"."""
    whole = reading.document.text
    if who.lower() in {"he", "she"}:
        named = set(re.findall(r"(?<![.!?] )\b[A-Z][a-z]+ [A-Z][a-z]+\b", before))
        return named.pop() if len(named) == 1 else ""
    if " " in who:
        return who
    longer = set(re.findall(rf"\b(?:[A-Z][a-z]+ {re.escape(who)}|{re.escape(who)} [A-Z][a-z]+)\b", whole))
    return longer.pop() if len(longer) == 1 else ""


def _sentence_start(text: str, at: int) -> int:
    """Return where the sentence begins in which a saying stands."""
    ends = [found.end() for found in re.finditer(r"[.!?][\"”]? ", text[:at])]
    return ends[-1] if ends else 0
