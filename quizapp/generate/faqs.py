"""Questions that a document asks and answers itself: a heading, a bold line or "Q:" with the answer below."""

import re
from collections.abc import Iterator, Sequence

from quizapp.domain.cards import CardKind
from quizapp.domain.documents import Block, BlockKind, Span
from quizapp.generate import structure, subjects, wording
from quizapp.generate.candidates import Candidate, Reading
from quizapp.generate.claims import sentences

ENOUGH = 3  # questions that make a document one of questions and answers
ANSWER_WORDS = 25
BELOW = 8  # blocks of an answer that are looked at
MARKED = re.compile(r"^(?:Q(?:uestion)?\s*\d*\s*[:.)]\s*)(?P<ask>.+\?)$")
ANSWERED = re.compile(r"^A(?:nswer)?\s*\d*\s*[:.)]\s*")
EMPTY = re.compile(
    r"^(?:yes|no|sure|of course|certainly|absolutely|it depends|not (?:yet|really|at all)|we know|sorry|good question|that depends|two ways|there aren[’']t any)(?:,? (?:you can|you may|we do|it is|it does|there is|they are|they do|of course|please|it depends))?[.!?]?$",
    re.IGNORECASE,
)
PERSONAL = re.compile(
    r"\b(?:interview|conversation|podcast|talk|panel|keynote|fireside|in person|portrait)\b", re.IGNORECASE
)
OF_QUESTIONS = re.compile(r"\b(?:faqs?|questions|q ?& ?a)\b", re.IGNORECASE)
ALONE_WORDS = 16
ASKS = re.compile(
    r"^(?:who|whom|whose|what|when|where|which|why|how|can|may|do|does|is|are|am|will|should|must|has|have|could|did|was|were|at|for|in|to|by|until)\b",
    re.IGNORECASE,
)
YES_NO = re.compile(r"^(?:can|may|do|does|is|are|will|should|must|has|have|could|did|was|were)\b", re.IGNORECASE)
TO_READER = (
    (r"\b[Aa]m I\b", "are you"), (r"\bI[’']m\b", "you’re"), (r"\bI[’']ve\b", "you’ve"), (r"\bI[’']d\b", "you’d"), (r"\bI[’']ll\b", "you’ll"),
    (r"\bI am\b", "you are"), (r"\bI was\b", "you were"), (r"\bI\b", "you"), (r"\b[Mm]y\b", "your"), (r"\b[Mm]yself\b", "yourself"), (r"\bme\b", "you"), (r"\bmine\b", "yours"),
)  # fmt: skip
POINTS = re.compile(
    r"\b(?:it|that|this|they|them|its|these|those|there)\b(?! (?:is|are|was|were)? ?an?\b)", re.IGNORECASE
)
BARE = re.compile(r"^what(?:[’']s| is| are) (?:it|that|this|they|these|those)\?$", re.IGNORECASE)
INSTITUTION = re.compile(r"\b(?:you|your|we|us|our)\b", re.IGNORECASE)
READER = re.compile(r"\b(?:I|my|me|mine|myself)\b")


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield the document's own questions with the first sentences that answer them."""
    found = list(_asked(reading))
    if len(found) < ENOUGH or _spoken(reading):
        return
    whom = subjects.subject(reading.document)
    for at, (ask, head, below) in enumerate(found):
        first = at == 0 or found[at - 1][1].path != head.path
        if question := _question(ask, head, whom, first=first):
            yield from _answers(question, ask, head, below, reading)


def _spoken(reading: Reading) -> bool:
    """Say whether somebody answers in person: then answers are views, not the document's."""
    opening = [block.span.of(reading.document.text) for block in reading.document.blocks[:12]]
    if PERSONAL.search(reading.document.title):
        return True
    return bool(reading.speakers) or any(structure.SPEAKER_LINE.fullmatch(line) for line in opening)


def _asked(reading: Reading) -> Iterator[tuple[str, Block, Sequence[Block]]]:
    """Yield every question that opens an answer: its words, its block, and the blocks of the answer."""
    text, blocks = reading.document.text, reading.document.blocks
    for at, block in enumerate(blocks):
        inside = block.span.of(text)
        below = blocks[at + 1 : at + 1 + BELOW]
        if block.kind is BlockKind.HEADING and inside.endswith("?"):
            yield inside, block, _until(below, (BlockKind.HEADING,))
        elif block.lead.endswith("?") and not block.lead.startswith("Q:") and len(inside) > len(block.lead):
            yield block.lead, block, [block]
        elif _alone(block, inside, reading):
            yield inside, block, _until_question(below, reading)
        elif (found := MARKED.match(inside)) and below and ANSWERED.match(below[0].span.of(text)):
            yield found["ask"], block, below[:1]


def _alone(block: Block, inside: str, reading: Reading) -> bool:
    """Say whether a paragraph is nothing but a question: bold, or in a text of questions and answers."""
    if block.kind is not BlockKind.PARAGRAPH or not inside.endswith("?") or len(inside.split()) > ALONE_WORDS:
        return False
    return block.lead == inside or bool(OF_QUESTIONS.search(reading.document.title))


def _until_question(below: Sequence[Block], reading: Reading) -> list[Block]:
    text = reading.document.text
    end = next((at for at, block in enumerate(below) if block.span.of(text).endswith("?")), len(below))
    return _until(below[:end], (BlockKind.HEADING,))


def _until(blocks: Sequence[Block], kinds: Sequence[BlockKind]) -> list[Block]:
    out: list[Block] = []
    for block in blocks:
        if block.kind in kinds or block.speaker:
            break
        out.append(block)
    return out


def _question(ask: str, head: Block, whom: str | None, *, first: bool) -> str | None:
    """Return the question as it makes sense without the page; None where it does not."""
    sentences_in = [span.of(ask) for span in sentences(ask)]
    asks = [one for one in sentences_in if one.endswith("?")]
    if len(asks) != 1 or (len(asks[0].split()) < 3 and not BARE.match(asks[0])):
        return None
    question = asks[0]
    if not ASKS.match(question):
        return None
    above = subjects.bare(head.path[-1]) if head.path else ""
    if BARE.match(question):
        return (
            f"What is the {re.sub(r'^[Tt]he ', '', above)}?"
            if first and above and not subjects.EMPTY.match(above)
            else None
        )
    if POINTS.search(question) and sentences_in[0] == question:
        return None
    if sentences_in[0] != question:
        if POINTS.search(sentences_in[0]) or not sentences_in[0].endswith("."):
            return None
        question = " ".join(sentences_in)
    needs = INSTITUTION.search(question) and not READER.search(question)
    if needs and whom is None:
        return None
    for mine, yours in TO_READER:
        question = re.sub(mine, yours, question)
    question = wording.capitalised(question)
    context = whom if whom and whom.lower() not in question.lower() else None
    area = above if above and not subjects.EMPTY.match(above) and not head.lead else None
    said = area and all(word.lower()[:5] in question.lower() for word in re.findall(r"\w{4,}", area))
    about = ", ".join(part for part in (context, None if said else area and _lower(area, context)) if part)
    return f"{about}: {question}" if about else question


def _lower(area: str, context: str | None) -> str:
    return (
        area[:1].lower() + area[1:] if context and area[1:2].islower() and not re.search(r"[A-Z]", area[1:]) else area
    )


def _answers(question: str, ask: str, head: Block, below: Sequence[Block], reading: Reading) -> Iterator[Candidate]:
    """Yield the question with a short answer: a list, or the first sentences that say something."""
    text = reading.document.text
    if not below:
        return
    context = f"{question} {reading.document.title}"
    block = below[0]
    if listed := _list(below, reading):
        items, end = listed
        span = Span(head.span.start, end)
        yield Candidate(CardKind.LIST, question, items, span, "faq_list", 0.88, context=context)
        return
    if block.kind not in (BlockKind.PARAGRAPH, BlockKind.BULLET, BlockKind.QUOTE):
        return
    inside = block.span.of(text)
    skip = len(block.lead) if block is head else (found.end() if (found := ANSWERED.match(inside)) else 0)
    answer, end = _first(inside[skip:], asks_yes=bool(YES_NO.match(ask)))
    if answer:
        span = Span(head.span.start, block.span.start + skip + end)
        sure = 0.6 if READER.search(answer) or _partial(ask, answer) else 0.9
        yield Candidate(
            CardKind.BASIC, question, wording.answer(answer), span, "faq", sure, context=context, voiced=True
        )


def _partial(ask: str, answer: str) -> bool:
    """Say whether an answer leaves open part of what is asked: yes or no, or the second of two questions."""
    if YES_NO.match(ask):
        return not re.match(r"(?:Yes|No|Only|Not|Never|Always|None)\b", answer)
    both = re.search(r"\band (?:for )?(?:how|what|when|where|who|which|why)\b", ask)
    return bool(both) and len(list(sentences(answer))) < 2


def _list(below: Sequence[Block], reading: Reading) -> tuple[str, int] | None:
    """Return the items of an answer that is nothing but a list, after at most a line that opens it."""
    text = reading.document.text
    start = 1 if below[0].span.of(text).endswith(":") else 0
    items = []
    for block in below[start:]:
        if block.kind not in (BlockKind.BULLET, BlockKind.STEP) or block.level != 1:
            break
        items.append(block)
    words = [block.span.of(text).rstrip(".;,") for block in items]
    if not 2 <= len(items) <= 7 or any(len(item.split()) > 10 for item in words):
        return None
    return "\n".join(wording.answer(item) for item in words), items[-1].span.end


def _first(text: str, *, asks_yes: bool) -> tuple[str, int]:
    """Return the sentences that answer, 25 words at most, and where they end."""
    spans = list(sentences(text.strip()))
    offset = len(text) - len(text.lstrip())
    taken: list[str] = []
    end = 0
    for span in spans:
        sentence = span.of(text.strip())
        if sentence.endswith("?") or sentence.startswith("("):
            break
        if not taken and len(sentence.split()) > ANSWER_WORDS:
            sentence = re.split(r": |; | [–—] ", sentence)[0]
        if len(" ".join([*taken, sentence]).split()) > ANSWER_WORDS:
            break
        end = span.end
        taken.append(sentence)
        if not EMPTY.match(sentence) and not (asks_yes and re.fullmatch(r"(?:Yes|No)\.", sentence)):
            break
    said = [one for one in taken if not (EMPTY.match(one) and not asks_yes)]
    if not said or all(EMPTY.match(one) for one in said):
        return "", 0
    return " ".join(said), end + offset
