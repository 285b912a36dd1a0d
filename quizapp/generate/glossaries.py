"""Terms that a document sets apart and explains: "**Bond**: a loan that ...", "Bond — a loan ...".

A bold label alone is no definition: what follows it must be a phrase that says
what the term is, not an order or a sentence about something else.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from quizapp.domain.cards import CardKind
from quizapp.domain.documents import Block, BlockKind, Span
from quizapp.generate import grammar, subjects, wording
from quizapp.generate.candidates import Candidate, Reading, from_claim
from quizapp.generate.claims import sentences

ENTRY = re.compile(r"^(?P<term>[^\s:—–][^:—–.!?|]{1,50}?)(?P<mark>:| ?[—–]| -)\s+(?P<what>\S.+)$")
EQUALS = re.compile(r"^(?P<short>[A-Z]{2,6}) = (?P<long>[a-z][a-z -]{4,60})(?=[,;.]|$)")
FIRST_AND_SECOND = re.compile(r"^the (?:first|former) .+[,;] (?:and |but |while )?the (?:second|latter) ")
EXPANDED = re.compile(r"^(?P<term>[^()]{2,40}?) \((?P<long>[^()]{3,60})\)$")
IN_A_ROW = 3
ANSWER_WORDS = 25
TERM_WORDS = 5
QUOTE_CHARACTERS = 400
DEFINES = re.compile(
    r"^(?:an?|the|any|one|something|someone|somebody|a person|how|what|whether|when|where|not [a-z]+ing|[a-z]+ing|money|roughly|all|everything|every|each|"
    r"the same|short for|process of|ability|amount|number|measure|type|kind|part|form|state|set|group|collection)\b",
    re.IGNORECASE,
)
OTHER = re.compile(
    r"^(?:you|we|it|they|he|she|I|this|that|these|there|if|see|yes|no|please|never|always|do|don[’']t|use|in|on|at|for|from|to|by|with|as|only|both|due|because|after|before|done)\b",
    re.IGNORECASE,
)
LABELS = re.compile(
    r"(?:notes?|warning|caution|important|tip|hint|example|owner|date|place|chair|status|tier|version|author|speakers?|moderator|contact|deadline|scope|summary|"
    r"decision|action|question|answer|update|source|thanks|ps|nb|next|goal|aim|purpose|cost|price|location|time|when|where|who|why|how|what|pros?|cons?|result)s?(?: .*)?",
    re.IGNORECASE,
)
AFTER_NOUN = r"[.,;:)]|$| (?:of|that|which|in|on|for|is|are|was|can|may|at|with|to|from|and|or|by|where|as|has|means|will|than)\b"
GLOSSARY = re.compile(
    r"\b(?:glossary|terms?|words|definitions?|vocabulary|terminology|concepts|abbreviations|acronyms|jargon)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Entry:
    """A term with its explanation."""

    term: str
    long: str  # what its letters stand for, where the entry says so
    what: str
    block: Block
    start: int  # of the explanation, in the document's text


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield what each term means, and what its letters stand for."""
    if subjects.is_meeting(reading.document):
        return
    found = list(_entries(reading))
    taken = [entry for entry in found if _explains(entry, reading)]
    yield from _equal(reading)
    yield from _both(found, reading)
    sections = Counter(entry.block.path for entry in taken)
    for entry in taken:
        if sections[entry.block.path] >= IN_A_ROW or _in_glossary(entry.block, reading):
            yield from _asked(entry, reading)


def _equal(reading: Reading) -> Iterator[Candidate]:
    """Yield "AU = astronomical unit"."""
    for claim in reading.claims:
        if (found := EQUALS.match(claim.text)) and _stands_for(found["short"], found["long"]):
            answer = wording.capitalised(found["long"])
            yield from_claim(claim, f"What does {found['short']} stand for?", answer, rule="abbreviation", sure=0.9)


def _both(found: Sequence[Entry], reading: Reading) -> Iterator[Candidate]:
    """Yield how two terms of one entry differ: "X and Y: the first is ..., the second ..."."""
    for entry in found:
        first = next(sentences(entry.what)).of(entry.what).rstrip(".")
        if " and " in entry.term and FIRST_AND_SECOND.match(first) and len(first.split()) <= ANSWER_WORDS:
            about = subjects.area(entry.block, reading.document)
            question = subjects.framed(f"How do {entry.term[:1].lower()}{entry.term[1:]} differ?", about)
            span = Span(entry.block.span.start, entry.start + len(first))
            context = f"{entry.term} {about or ''} differ"
            answer = wording.answer(first)
            yield Candidate(CardKind.BASIC, question, answer, span, "differs", 0.9, context=context)


def _entries(reading: Reading) -> Iterator[Entry]:
    """Yield the blocks that open with a term: a bold one, or several in a row with the same mark."""
    text = reading.document.text
    listed = (BlockKind.PARAGRAPH, BlockKind.BULLET)
    blocks = [block for block in reading.document.blocks if block.kind in listed and block.speaker is None]
    for block in blocks:
        if block.lead and (entry := _bold(block, text)):
            yield entry
    for _, run in groupby(reading.document.blocks, key=lambda block: (block.kind, bool(_plain(block, text)))):
        plain = [entry for block in run if (entry := _plain(block, text))]
        if len(plain) >= IN_A_ROW:
            yield from plain


def _bold(block: Block, text: str) -> Entry | None:
    inside = block.span.of(text)
    rest = re.match(r"\s*(?P<long>\([^()]{3,60}\))?\s*(?P<mark>[:.—–-])?\s*", inside[len(block.lead) :])
    if rest is None or not (rest["mark"] or block.lead[-1] in ":."):
        return None
    start = len(block.lead) + rest.end()
    head = block.lead.rstrip(":. ") + (f" {rest['long']}" if rest["long"] else "")
    return _entry(head, inside[start:], block, block.span.start + start)


def _plain(block: Block, text: str) -> Entry | None:
    if block.kind not in (BlockKind.PARAGRAPH, BlockKind.BULLET) or block.lead or block.speaker:
        return None
    found = ENTRY.match(block.span.of(text))
    return _entry(found["term"], found["what"], block, block.span.start + found.start("what")) if found else None


def _entry(head: str, what: str, block: Block, start: int) -> Entry | None:
    expanded = EXPANDED.match(head)
    term = expanded["term"] if expanded else head
    if (
        not what
        or len(term.split()) > TERM_WORDS
        or "/" in term.replace("P/E", "")
        or LABELS.fullmatch(term)
        or not term[:1].isalnum()
        or term[-1] in "?!"
    ):
        return None
    return Entry(term.strip(), expanded["long"] if expanded else "", what, block, start)


def _in_glossary(block: Block, reading: Reading) -> bool:
    return bool(GLOSSARY.search(" ".join((reading.document.title, *block.path[-1:]))))


def _explains(entry: Entry, reading: Reading) -> bool:
    """Say whether what follows a term says what it is."""
    first = next(sentences(entry.what)).of(entry.what)
    plain = _in_glossary(entry.block, reading) and re.match(r"(?:you|when|if) ", first, re.IGNORECASE)
    if (OTHER.match(first) and not plain) or first.rstrip().endswith(("?", "!", ":")) or not first[0].isalpha():
        return False
    if re.search(r"\b(?:decided|agreed|said|says|reported)\b", first):
        return False
    doc = reading.parse(first)
    verb = grammar.root(doc) if doc is not None else None
    phrase = verb is None or verb.tag_ in {"VBG", "VBN"} or (grammar.subject(doc) is None if doc is not None else True)
    opens = bool(DEFINES.match(first))
    order = doc is not None and len(doc) > 0 and doc[0].tag_ == "VB"
    if plain or re.match(r"(?:how|what|whether)\b", first, re.IGNORECASE):
        return True
    return not order and phrase and (opens or _in_glossary(entry.block, reading))


def _asked(entry: Entry, reading: Reading) -> Iterator[Candidate]:
    about = subjects.area(entry.block, reading.document)
    context = f"{entry.term} {entry.long} {about or ''} {reading.document.title}"
    answer, end = _answer(entry)
    if answer and not _circular(entry.term, answer):
        whole = entry.block.span.end - entry.block.span.start <= QUOTE_CHARACTERS
        span = entry.block.span if whole else Span(entry.block.span.start, entry.start + end)
        question = subjects.framed(_question(entry, reading), about)
        yield Candidate(CardKind.BASIC, question, wording.answer(answer), span, "glossary", 0.94, context=context)
    if entry.long and _stands_for(entry.term, entry.long):
        span = Span(entry.block.span.start, entry.start + next(sentences(entry.what)).end)
        question = f"What does {entry.term} stand for?"
        yield Candidate(
            CardKind.BASIC, question, wording.capitalised(entry.long), span, "abbreviation", 0.9, context=context
        )


def _question(entry: Entry, reading: Reading) -> str:
    """Return "What is a bond?" where the text shows the article, else a question that needs none."""
    term, text = entry.term, reading.document.text
    low = term if re.search(r"[A-Z\d]", term[1:]) or term.isupper() else term[:1].lower() + term[1:]
    article = re.search(rf"\b(an?) {re.escape(low)}(?={AFTER_NOUN})", text)
    if article:
        return f"What is {article[1]} {low}?"
    if term.isupper():
        return f"What is {term}?"
    return f"What does “{low}” mean?"


def _answer(entry: Entry) -> tuple[str, int]:
    """Return the first sentence of an explanation, or its first clause, and where the sentence ends."""
    first = next(sentences(entry.what))
    text = first.of(entry.what).rstrip(".")
    if len(text.split()) > ANSWER_WORDS:
        text = re.split(r"; |, (?:but|while|whereas|although|so|such as|for (?:instance|example))\b| \(", text)[0]
    text = re.sub(r" ?\((?:e\.g\.|for example|for instance|see|as of)[^()]*\)", "", text)
    return (text if 2 <= len(text.split()) <= ANSWER_WORDS else ""), first.end


def _circular(term: str, answer: str) -> bool:
    words = re.findall(r"\w{3,}", answer.lower())
    return bool(words) and sum(word.rstrip("s") in term.lower() for word in words) > 0.5 * len(words)


def _stands_for(term: str, long: str) -> bool:
    letters = "".join(
        word[0]
        for word in re.findall(r"[A-Za-z]+", long)
        if word.lower() not in {"of", "the", "and", "for", "to", "in"}
    )
    every = "".join(word[0] for word in re.findall(r"[A-Za-z]+", long))
    return term.isupper() and len(term) > 1 and term.lower() in {letters.lower(), every.lower()}
