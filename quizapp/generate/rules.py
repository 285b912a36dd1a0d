"""Handbooks and policies: what to do in a case that has a bold label, and lists under a line that opens them."""

import re
from collections.abc import Iterator, Sequence

from quizapp.domain.cards import CardKind
from quizapp.domain.documents import Block, BlockKind, Span
from quizapp.generate import grammar, subjects, wording
from quizapp.generate.candidates import Candidate, Reading
from quizapp.generate.claims import sentences
from quizapp.generate.orders import is_order

TROUBLE = re.compile(
    r"\b(?:wrong|emergenc\w+|incidents?|accidents?|fail\w*|troubleshooting|problems?|first aid|alarms?|faults?|errors?|if something|in case of|outages?|injur\w+|breakdowns?)\b",
    re.IGNORECASE,
)
OPENS_LIST = (
    (re.compile(r"^(?P<x>(?:An?|The|Every|Each|All)? ?[^,;:]{3,60}?) (?P<does>needs|requires|includes|consists of|contains|comprises|covers)(?: the following| these(?: \w+)?)?:$"), "does"),
    (re.compile(r"^(?P<x>[^,;:]{3,60}?) (?P<does>need|require|include|consist of|contain|comprise|cover)(?: the following| these(?: \w+)?)?:$"), "do"),
)  # fmt: skip
YOU_NEED = re.compile(
    r"^(?:You(?:[’']ll| will)? need|What you need|Requirements|Prerequisites|Ingredients|You must have|Bring)(?: the following)?:$",
    re.IGNORECASE,
)
DO = re.compile(r"^(?P<not>Don[’']?t|Do not|Never|Avoid)?(?:Do|Dos|Always)?:$", re.IGNORECASE)
LIST = range(2, 8)
ITEM_WORDS = 12
LIST_WORDS = 45
ANSWER_WORDS = 25
SENTENCES = 3  # of a case, among which the first order stands


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield what to do when something goes wrong, and what a thing needs or holds."""
    if subjects.is_meeting(reading.document):
        return
    for at, block in enumerate(reading.document.blocks):
        if block.lead:
            yield from _case(block, reading)
        if block.kind in (BlockKind.LABEL, BlockKind.PARAGRAPH) and block.speaker is None:
            yield from _list(block, reading.document.blocks[at + 1 :], reading)


def _case(block: Block, reading: Reading) -> Iterator[Candidate]:
    """Yield "Spill. Warn the others ..." under a heading about trouble."""
    heading = block.path[-1] if block.path else ""
    text = block.span.of(reading.document.text)
    rest = text[len(block.lead) :].lstrip(" :.–—-")
    lead = block.lead.strip(" :.")
    if (
        not rest
        or not TROUBLE.search(heading)
        or len(lead.split()) > 6
        or re.search(r"\b(?:is|are|was|were|don[’']t|isn[’']t)\b", lead)
    ):
        return
    said = [span.of(rest) for span in sentences(rest)][:SENTENCES]
    first = next((sentence for sentence in said if is_order(sentence)), said[0])
    if not is_order(first) or len(first.split()) > ANSWER_WORDS:
        return
    about = subjects.subject(reading.document)
    ask = subjects.framed(f"What should you do in this case: {lead[:1].lower()}{lead[1:]}?", about)
    context = f"{about or ''} case should"
    yield Candidate(CardKind.BASIC, ask, wording.answer(first), block.span, "case", 0.9, context=context)


def _list(block: Block, below: Sequence[Block], reading: Reading) -> Iterator[Candidate]:
    """Yield the short items below a line that says what they are."""
    text = reading.document.text
    stem = block.span.of(text)
    items = _items(below, reading)
    words = [_short(one.span.of(text)) for one in items]
    fits = len(items) in LIST and all(1 <= len(word.split()) <= ITEM_WORDS for word in words)
    if not fits or sum(len(word.split()) for word in words) > LIST_WORDS:
        return
    about = subjects.area(block, reading.document)
    question = _question(stem, about, reading)
    if question is None:
        return
    span = Span(block.span.start, items[-1].span.end)
    context = f"{about or ''} {reading.document.title} should need"
    yield Candidate(CardKind.LIST, question, "\n".join(words), span, "list", 0.88, context=context)


def _question(stem: str, about: str | None, reading: Reading) -> str | None:
    if YOU_NEED.match(stem):
        return f"What do you need for “{_purpose(about, reading)}”?"
    if (found := DO.match(stem)) and about:
        return f"{wording.capitalised(about)}: what should you {'not ' if found['not'] else ''}do?"
    for pattern, helper in OPENS_LIST:
        if (found := pattern.match(stem)) and not wording.dangling(found["x"]):
            verb, *rest = found["does"].split()
            base = grammar.base_of(verb) if helper == "does" else verb
            return subjects.framed(
                " ".join(("What", helper, wording.lowered(found["x"].strip(), reading.casing), base, *rest)) + "?",
                about,
            )
    return None


def _purpose(about: str | None, reading: Reading) -> str:
    """Return what things are needed for: "Before you begin" says nothing, the title does."""
    subject = subjects.subject(reading.document) or reading.document.title
    return subject if not about or re.match(r"(?:before|what you|you)\b", about, re.IGNORECASE) else about


def _items(below: Sequence[Block], reading: Reading) -> list[Block]:
    out: list[Block] = []
    for block in below:
        if block.kind is not BlockKind.BULLET or (out and block.level != out[0].level):
            break
        out.append(block)
    return out


def _short(item: str) -> str:
    first = next(sentences(item)).of(item).rstrip(".;,")
    return wording.answer(re.split(r"; |, (?:so|because|since)\b| \(|: ", first)[0])
