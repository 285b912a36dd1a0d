"""Sentences with their evidence: what the document says, where, and who says it.

A claim's `text` is verbatim. Its `said` is what questions are made of: the same
without asides that only name the speaker ("..., Deng argues, ...").
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from quizapp.domain.documents import Block, BlockKind, Document, Span, Speaker
from quizapp.generate import wording
from quizapp.ingest import names

if TYPE_CHECKING:
    from spacy.tokens import Doc

SAYS = (
    r"(?:says|said|argues|argued|believes|thinks|notes|noted|explains|explained|adds|added|warns|warned|predicts|predicted|"
    r"claims|claimed|points out|pointed out|observes|observed|suggests|suggested|stresses|stressed|recalls|recalled)"
)
NOTED_WORDS = 6  # of a note that opens with a small letter
TIMED = re.compile(r"\[?\(?\d{1,2}:\d\d")  # an entry of a table of contents
PROSE = (BlockKind.PARAGRAPH, BlockKind.BULLET, BlockKind.STEP, BlockKind.QUOTE)

SHORTENED = re.compile(
    r"(?:\b(?:Dr|Mr|Mrs|Ms|Prof|St|Sr|Jr|vs|etc|approx|Inc|Ltd|Corp|Co|Fig|Vol|Art|Sec|Ch|pp|cf|al|e\.g|i\.e|a\.m|p\.m|U\.S|U\.K|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)|\b[A-Z]|^\d{1,3})$"
)
NUMBERED = re.compile(r"\b[Nn]o$")  # "No. 2"
LABELLED = re.compile(r"^[A-Z][\w’'-]*(?: [\w’'-]+){0,4}: (?=[A-Z])")  # the heading of a bullet
END = re.compile(r"([.!?…]+)([\"”’')\]]*)\s+(?=[\"“‘'(\[]?[^\W_a-z])|[。！？](?=[^”」』])")


@dataclass(frozen=True)
class Claim:
    """One sentence of the document."""

    text: str
    said: str  # opens without "But" or "First", ends without a full stop
    span: Span
    block: Block
    speaker: Speaker | None
    before: "Claim | None" = None  # the sentence before it in the same block
    after: tuple[str, ...] = ()  # the sentences that follow it in the same block
    parse: "Doc | None" = None

    @property
    def heading(self) -> str | None:
        """Return the innermost heading above the claim."""
        return self.block.path[-1] if self.block.path else None

    @cached_property
    def words(self) -> int:
        """Return how many words the sentence has."""
        return len(self.text.split())


def sentences(text: str) -> Iterator[Span]:
    """Return where each sentence of a paragraph is, without the space around it."""
    start = 0
    for found in END.finditer(text):
        stop = found.end(2) if found[1] else found.end()
        if found[1] == "." and _shortened(text[start : found.start()], text[found.end() :]):
            continue
        if stop > start:
            yield Span(start, stop)
        start = found.end()
    if text[start:].strip():
        yield Span(start, start + len(text[start:].rstrip()))


def _shortened(before: str, after: str) -> bool:
    """Say whether a full stop only ends an abbreviation."""
    return bool(SHORTENED.search(before)) or (bool(NUMBERED.search(before)) and after[:1].isdigit())


def claims(document: Document) -> list[Claim]:
    """Return the statements of a document in reading order, unparsed; questions are left out."""
    people = tuple(
        {who.name: who for who in (*(b.speaker for b in document.blocks if b.speaker), *document.people)}.values()
    )
    asking = _interviewers(document)
    out: list[Claim] = []
    for block in document.blocks:
        told = block.speaker is None or block.speaker.name not in asking
        if block.kind in PROSE and told and not TIMED.match(block.span.of(document.text)):
            out.extend(_of_block(document, block, people))
    return out


def _interviewers(document: Document) -> set[str]:
    """Return who mostly asks: what they say in passing is not what the document teaches."""
    asked: Counter[str] = Counter()
    spoken: Counter[str] = Counter()
    for block in document.blocks:
        if block.speaker and block.kind is BlockKind.PARAGRAPH:
            text = block.span.of(document.text)
            ends = [span.of(text)[-1] for span in sentences(text)]
            spoken[block.speaker.name] += len(ends)
            asked[block.speaker.name] += ends.count("?")
    return {name for name in spoken if asked[name] >= 0.4 * spoken[name]}


def _of_block(document: Document, block: Block, people: Sequence[Speaker]) -> Iterator[Claim]:
    text = block.span.of(document.text)
    spans = list(sentences(text))
    before: Claim | None = None
    for at, span in enumerate(spans):
        sentence = span.of(text)
        bare, speaker = without_asides(sentence, block.speaker, people)
        told = text[: span.end]
        speaker = speaker or _reported(sentence, told, people)
        said = wording.opened(LABELLED.sub("", bare) if at == 0 and block.kind is BlockKind.BULLET else bare).rstrip(
            "."
        )
        after = tuple(later.of(text) for later in spans[at + 1 :])
        where = Span(block.span.start + span.start, block.span.start + span.end)
        claim = Claim(sentence, said, where, block, speaker, before, after)
        before = replace(claim, after=())
        noted = block.kind is BlockKind.BULLET and claim.words >= NOTED_WORDS
        if (noted or not sentence[0].islower()) and not sentence.rstrip("”\"')").endswith("?"):
            yield claim


def without_asides(sentence: str, speaker: Speaker | None, people: Sequence[Speaker]) -> tuple[str, Speaker | None]:
    """Return the sentence without "..., Deng says, ..." and whose view it is."""
    for person in people if speaker is None else [speaker]:
        called = _called(person)
        aside = re.compile(
            rf",? (?:according to|in the view of|in the words of) {called}(?=[,.:;])|"
            rf",? in {called}[’']s? (?:view|opinion|words|eyes)(?=[,.:;])|"
            rf", {called} {SAYS}(?=[,.:;])|"
            rf"^(?:According to|In the view of|For) {called}, |^{called} {SAYS} that |^As {called} {SAYS}, "
        )
        if aside.search(sentence):
            return _tidied(aside.sub(lambda found: _joint(sentence, found), sentence, count=1)), person
    return sentence, speaker


def _reported(sentence: str, told: str, people: Sequence[Speaker]) -> Speaker | None:
    """Return whose words or views a sentence of prose reports: "Mendes compared ...", "..., she said"."""
    subject = re.match(
        rf"(?P<who>{names.NAME}|[^\W\d_a-z][\w.-]*)(?:,[^,]{{3,80}},)?(?: also| then| first)? {names.PERSON_VERB}\b",
        sentence,
    )
    after = re.search(
        rf"[,.?!]?[”\"],? (?P<who>he|she|{names.NAME}|[A-Z][\w-]*) {SAYS}\b|, (?P<late>he|she|{names.NAME}|[A-Z][\w-]*) {SAYS}[.]?$",
        sentence,
    )
    who = subject["who"] if subject else (after["who"] or after["late"]) if after else None
    if who is None:
        return None
    there = [person for person in people if re.search(rf"\b{_called(person)}\b", told)]
    if who.lower() in {"he", "she"}:
        return there[0] if len(there) == 1 else None
    meant = [person for person in there if re.fullmatch(_called(person), who)]
    return meant[0] if len(meant) == 1 else None


def _called(person: Speaker) -> str:
    parts = person.name.split()
    forms = {person.name, parts[0], parts[-1], names.initials(person.name)}
    return "(?:" + "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True)) + ")"


def _joint(sentence: str, found: re.Match[str]) -> str:
    """Keep the comma that an aside between two commas also served as."""
    between = found.start() > 0 and sentence[found.end() : found.end() + 1] == ","
    inner = sentence[found.end() + 1 : found.end() + 2] == " "
    return "" if not (between and inner) else "\x00"


def _tidied(text: str) -> str:
    text = re.sub("\x00, ", " ", text)
    return text[:1].upper() + text[1:]
