"""What to do, and why not to: orders with their moment, bans with their reason, what somebody advises."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from quizapp.domain.cards import CardKind
from quizapp.domain.documents import Block, BlockKind, Span
from quizapp.generate import grammar, subjects, wording
from quizapp.generate.candidates import Candidate, Reading, from_claim
from quizapp.generate.claims import Claim, sentences
from quizapp.generate.orders import is_order

TIMED = re.compile(
    r"^(?P<order>[A-Z][^,;:()]{8,110}?),? (?P<when>(?:before|after|once|unless|until) (?:you|the|an?) [^,;:()]{3,70})$"
)
CASE = re.compile(r"^(?:For|In case of|On) (?P<case>[\w’' -]{3,50})[:,] (?P<order>[a-z].{4,140})$")
SPOKEN = re.compile(
    r"^(?P<case>(?!If|When)[A-Z][\w’' -]{5,50}), you (?P<order>(?!can\b|could\b|may\b|might\b|see\b|know\b|get\b|have\b|[’'])[a-z][^,;]{4,70})(?=[,;]|$)"
)
BAN = re.compile(r"^(?:\W{0,3} )?(?P<not>Never|Don[’']t|Do not) (?P<rest>[a-z][^;:]{6,110})$")
ADVICE = re.compile(
    r"\b(?:piece of advice|advice|tip|recommendation) (?:do you have |would you give )?(?P<to>(?:for|to) [^?,]{4,60})\?$"
)
GROUNDLESS = re.compile(
    r"^(?:It|This|That|They|These|Those|He|She|We|I|You|If|When|Unless|Only|Except|Exception|Outside|Instead|For|In|On|At|Ask|Just|But|And|One|Yes|No|Really|Then|See)\b"
)
ANSWER_WORDS = range(2, 26)
VERBAL = {"VBZ", "VBP", "MD"}


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield what should be done when, what never and why, and what a guest advises."""
    for claim in reading.claims:
        yield from _timed(claim, reading)
        yield from _in_case(claim, reading)
    for first, second in pairwise(reading.claims):
        if second.before is not None and second.before.span == first.span:
            yield from _banned(first, second, reading)
    yield from _advised(reading.document.blocks, reading)


def _timed(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield "Take a photo of the leak before you touch it": what to do before that."""
    found = TIMED.match(claim.said)
    if found is None or claim.speaker or not is_order(found["order"]):
        return
    when = re.sub(r"\b(?:it|them)\b", _last_thing(found["order"]), found["when"])
    if wording.PRONOUN.search(re.sub(r"\byou\b", "", when)) or len(found["order"].split()) not in ANSWER_WORDS:
        return
    question = subjects.placed(f"What should you do {when}?", claim.block, reading.document)
    yield _order(claim, question, found["order"], rule="order_when", sure=0.86)


def _last_thing(order: str) -> str:
    """Return the last noun phrase of an order that is no more than three words: "the broken pump"."""
    found = re.findall(r"\b(?:the|an?) (?:[\w’-]+ ){0,2}[\w’-]+", order.split(" of ")[-1])
    return re.sub(r"^an? ", "the ", found[-1]) if found else "it"


def _in_case(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield "For burns: hold ..." and "Pink streaks, you throw it away": what to do then."""
    spoken = SPOKEN.match(claim.said) if claim.speaker else None
    found = CASE.match(claim.said) or spoken
    if found is None or wording.PRONOUN.search(found["case"]) or not (is_order(found["order"]) or spoken):
        return
    parse = reading.parse(found["case"])
    if parse is None or any(one.tag_ in VERBAL or one.tag_ == "POS" for one in parse):
        return
    case = wording.lowered(found["case"], reading.casing) if spoken else found["case"]
    asked = wording.asked(f"what should you do in case of {case}", claim.speaker)
    question = asked if claim.speaker else subjects.placed(asked, claim.block, reading.document)
    if len(found["order"].split()) in ANSWER_WORDS:
        yield _order(claim, question, found["order"], rule="order_case", sure=0.86)


def _order(claim: Claim, question: str, answer: str, *, rule: str, sure: float) -> Candidate:
    made = from_claim(claim, question, wording.answer(answer), rule=rule, sure=sure)
    return replace(made, context=f"{made.context} {question.split(':')[0]} should case")


def _banned(ban: Claim, ground: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield why something must never be done, where the next sentence states how things are."""
    found = BAN.match(ban.said)
    why = ground.said
    if found is None or ban.speaker or wording.PRONOUN.search(found["rest"]) or GROUNDLESS.match(ground.text):
        return
    doc = reading.parse(why)
    verb = grammar.root(doc) if doc is not None else None
    if verb is None or doc is None or is_order(why) or grammar.subject(doc) is None:
        return
    present = verb.tag_ in VERBAL or any(one.tag_ in VERBAL for one in grammar.auxiliaries(doc))
    if present and len(why.split()) in ANSWER_WORDS:
        never = "never" if found["not"] == "Never" else "not"
        span = Span(ban.span.start, ground.span.end)
        question = f"Why should you {never} {found['rest']}?"
        yield from_claim(ground, question, wording.answer(why), rule="ban_reason", sure=0.8, span=span)


def _advised(blocks: Sequence[Block], reading: Reading) -> Iterator[Candidate]:
    """Yield what a guest answers first when asked for advice."""
    text = reading.document.text
    spoken = [block for block in blocks if block.kind is not BlockKind.LABEL]
    for asking, answering in pairwise(spoken):
        asked = ADVICE.search(asking.span.of(text))
        who = answering.speaker
        if asked is None or who is None or asking.speaker in (None, who):
            continue
        said = answering.span.of(text)
        first = next(sentences(said)).of(said).rstrip(".!")
        if len(first.split()) in ANSWER_WORDS and not re.match(r"(?:Well|Oh|Hm|It|That)\b", first):
            question = f"What is {who.name}’s advice {asked['to']}?"
            span = Span(asking.span.start, answering.span.start + len(first) + 1)
            yield Candidate(CardKind.BASIC, question, wording.answer(first), span, "advice", 0.9, speaker=who)
