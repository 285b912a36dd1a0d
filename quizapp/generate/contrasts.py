"""How two things differ: "Unlike X, Y ...", "X does this; Y does that", "X ..., not Y", "the difference is that ...".

A question names both and asks for one of them, so that one short answer is right.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from quizapp.domain.documents import Span
from quizapp.generate import antecedents, grammar, referents, wording
from quizapp.generate.candidates import Candidate, Reading, from_claim
from quizapp.generate.claims import Claim
from quizapp.generate.orders import is_order
from quizapp.generate.reporting import SAYS

if TYPE_CHECKING:
    from spacy.tokens import Doc

UNLIKE = re.compile(
    r"^(?:Unlike|In contrast to|Contrary to) (?P<where>(?:in|with|at|on) )?(?P<y>[^,;:.]{2,60}), (?P<rest>.+)$"
)
DIFFERENCE = re.compile(
    r"^(?:The|One|A) (?:\w+ )?difference between (?P<both>[^,;:.]{5,110}?) "
    r"(?:(?:isn[’']t|is not|was not|wasn[’']t) that [^;:]{3,120}[;,] (?:it[’']s|it is|but) |(?:is|was) )that (?P<what>[^;:]{6,160})$"
)
SAME = re.compile(
    r"^(?P<x>[^,;:.]{2,50}?) (?:has|shares|have|share) the same (?P<noun>\w+) (?:as|with) (?P<y>[^,;:.]{2,50}): (?P<what>[^:]{8,160})$"
)
NOT = re.compile(
    r"^(?P<rest>.{8,120}?), (?:and )?(?:not|rather than) (?P<y>(?P<prep>per|by|with|through) )(?P<what>[\w’' -]{2,40})$"
)
DO_NOT = re.compile(
    r"^(?:Don[’']t|Do not|Never) (?P<verb>\w+) (?P<x>[\w’' -]{2,40}?), (?:but )?(?P<again>\w+) (?P<y>[\w’' -]{2,60})$"
)
INSTEAD = re.compile(r"^(?P<verb>\w+) (?P<y>[\w’' -]{2,40}), (?:and )?(?:not|rather than) (?P<x>[\w’' -]{2,40})$")
REPORTED = re.compile(rf"^[A-Z][\w.]*(?: [A-Z]\w+)? {SAYS} that ")
APART = re.compile(r"; (?:but )?|, (?:while|whereas|but) (?=\w+ \w+ \w)")
SPLICED = re.compile(r", (?:and )?(?=(?:an?|the) )")
ELLIPTIC = re.compile(
    r"^(?P<x>(?:An? |The )?[\w’'-]+(?: [\w’'-]+){0,3}?) (?:never )?(?:does|do|did|is|are|was|were|can|could|will|would|has|have|had)(?:n[’']t| not)?$"
)
FIRST = re.compile(r"^(?:The first|The former|One)(?: one)? (?P<is>[a-z].{6,160})$")
SECOND = re.compile(r"^(?:The second|The latter|The other)(?: one)? (?P<is>[a-z].{6,160})$")
ENDS = re.compile(r"(?: –|:|;|, (?:and|but|so|which|while|whereas|because|since)\b(?! (?:as|not)\b)).*$")
SAYING = {"NOUN", "PROPN", "NUM", "ADJ"}
SUBJECT_WORDS = 6
ANSWER_WORDS = range(2, 23)
BOTH_WORDS = 40  # of an answer that says what two things are


@dataclass(frozen=True)
class Half:
    """One of two statements side by side."""

    claim: Claim
    doc: "Doc"
    subject: str
    predicate: str

    @property
    def verb(self) -> str:
        """Return the base form of the main verb."""
        root = grammar.root(self.doc)
        return grammar.base(root) if root is not None else ""

    @property
    def noun(self) -> str:
        """Return the last word of the subject."""
        return self.subject.split()[-1].lower()


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield questions about what differs, each with both sides named."""
    halves = [pair for claim in reading.claims for pair in _halves(claim)]
    reading.parse.prepare(_statement(half) for pair in halves for half in pair)
    for claim in reading.claims:
        yield from _unlike(claim, reading)
        yield from _said_outright(claim, reading)
        yield from _not_so(claim, reading)
        yield from _inside(claim, reading)
    for first, second in pairwise(reading.claims):
        if second.before is not None and second.before.span == first.span:
            yield from _beside(first, second, reading)
    for at in range(2, len(reading.claims)):
        yield from _first_and_second(reading.claims[max(0, at - 3) : at + 1], reading)


def _unlike(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    found = UNLIKE.match(claim.said)
    half = _half(claim, found["rest"], reading) if found else None
    if found and half:
        other = f"{'one ' + found['where'] if found['where'] else ''}{found['y']}"
        yield from _differs(half, other, reading, claim.span, sure=0.9)


def _said_outright(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield "the difference between X and Y is that ..." and "X has the same fault as Y: ..."."""
    if found := DIFFERENCE.match(claim.said):
        question = wording.asked(f"what is the difference between {found['both']}", claim.speaker)
        yield from_claim(
            claim, question, wording.answer(_named(found["what"], found["both"])), rule="difference", sure=0.88
        )
    if (found := SAME.match(claim.said)) and not wording.PRONOUN.search(found["x"] + found["y"]):
        x = wording.lowered(found["x"], reading.casing)
        question = wording.asked(f"which {found['noun']} does {x} share with {found['y']}", claim.speaker)
        yield from_claim(claim, question, wording.answer(found["what"]), rule="shared", sure=0.88)


def _named(what: str, both: str) -> str:
    """Return what makes the difference, said of the first thing instead of "it"."""
    first = re.split(r" and ", both)[0]
    return re.sub(r"^it(?= )", first, what)


def _not_so(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield "Don't sell X, sell Y" and "charges per X, not per Y"."""
    if (found := DO_NOT.match(claim.said)) and found["verb"].lower() == found["again"].lower():
        question = wording.asked(f"what should you {found['verb']}, if not {found['x']}", claim.speaker)
        yield from_claim(claim, question, wording.answer(found["y"]), rule="rather", sure=0.88)
    found = INSTEAD.match(claim.said)
    if found and is_order(claim.said) and not wording.PRONOUN.search(claim.said):
        about = referents.about(claim.above) if claim.above else None
        front = f"with {wording.lowered(about, reading.casing)}, " if about else ""
        question = wording.asked(f"{front}what should you {found['verb'].lower()}, if not {found['x']}", claim.speaker)
        made = from_claim(claim, question, wording.answer(found["y"]), rule="rather", sure=0.86)
        yield replace(made, context=f"{made.context} should")
    found = NOT.match(claim.said)
    half = _half(claim, found["rest"], reading) if found else None
    if found is None or half is None or is_order(claim.said):
        return
    head, mark, tail = half.predicate.rpartition(f" {found['prep']} ")
    verb = grammar.root(half.doc)
    if (
        mark
        and verb is not None
        and verb.tag_ in {"VBZ", "VBP", "VBD"}
        and verb.pos_ == "VERB"
        and head.startswith(verb.text)
    ):
        does = f"{grammar.helper(verb)} {half.subject} {grammar.base(verb)}{head[len(verb.text) :]}"
        question = wording.asked(f"how {does}, if not {found['y']}{found['what']}", claim.speaker)
        yield from_claim(claim, question, wording.answer(f"{found['prep']} {tail}"), rule="rather", sure=0.88)


def _inside(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield what the second of two clauses says, beside the first."""
    for first, second in _halves(claim):
        if (one := _half(claim, first, reading)) and (other := _half(claim, second, reading)):
            yield from _pair(one, other, reading, claim.span)
            return


def _halves(claim: Claim) -> Iterator[tuple[str, str]]:
    said = REPORTED.sub("", claim.said)
    for apart in (APART, SPLICED):
        halves = apart.split(said)
        if len(halves) == 2:
            yield halves[0], halves[1]


def _beside(first: Claim, second: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield what differs between two sentences, also where the second only says "doesn't"."""
    span = Span(first.span.start, second.span.end)
    one = _half(first, first.said, reading)
    found = ELLIPTIC.match(second.said)
    if one and found and not wording.PRONOUN.search(found["x"]):
        same = one.noun == found["x"].split()[-1].lower()
        if same or one.verb not in {"be", "have"}:
            yield from _differs(one, wording.lowered(found["x"], reading.casing), reading, span, sure=0.86)
    elif (
        one
        and (other := _half(second, second.said, reading))
        and one.noun == other.noun
        and one.subject != other.subject
    ):
        yield from _pair(one, other, reading, span)


def _first_and_second(near: Sequence[Claim], reading: Reading) -> Iterator[Candidate]:
    """Yield how two things differ that were named before "The first is ... The second is ..."."""
    first, second = FIRST.match(near[-2].said), SECOND.match(near[-1].said)
    if first is None or second is None or near[-2].block.span != near[-1].block.span:
        return
    two = _two_subjects([one for one in near[:-2] if one.block.span == near[-1].block.span], reading)
    if two is None:
        return
    said = [f"{name} {ENDS.sub('', found['is'])}" for name, found in zip(two, (first, second), strict=True)]
    if len(" ".join(said).split()) <= BOTH_WORDS:
        question = wording.asked(f"how do {two[0]} and {two[1]} differ", near[-1].speaker)
        span = Span(
            near[0].span.start if near[0].block.span == near[-1].block.span else near[1].span.start, near[-1].span.end
        )
        yield from_claim(near[-1], question, wording.answer("; ".join(said)), rule="differs", sure=0.88, span=span)


def _two_subjects(before: Sequence[Claim], reading: Reading) -> tuple[str, str] | None:
    """Return the two things that sentences are about: "A and B" of one, or the subjects of two with the same noun."""
    halves = [half for one in before[-2:] if (half := _half(one, one.said, reading))]
    if len(halves) == 2 and halves[0].noun == halves[1].noun and halves[0].subject != halves[1].subject:
        names = [wording.lowered(half.subject, reading.casing) for half in halves]
        return names[0], names[1][0].lower() + names[1][1:] if names[0][0].islower() else names[1]
    last = before[-1].parse if before else None
    pairs = [(one, other) for one in last or () for other in one.conjuncts if one.pos_ == "NOUN" and one.i < other.i]
    if len(pairs) != 1:
        return None
    one, other = pairs[0]
    return one.doc[one.left_edge.i : one.i + 1].text.lower(), other.doc[other.left_edge.i : other.i + 1].text.lower()


def _pair(one: Half, other: Half, reading: Reading, span: Span) -> Iterator[Candidate]:
    """Yield the question about the second of two things that go together by their noun or their verb."""
    alike = one.noun == other.noun and one.subject.lower() != other.subject.lower()
    verb = grammar.root(other.doc)
    acts = verb is not None and verb.pos_ == "VERB" and not grammar.auxiliaries(other.doc)
    if one.verb == other.verb and one.verb not in {"be", "have"} and acts:
        yield from _while(one, other, reading, span)
    elif alike:
        yield from _differs(other, wording.lowered(one.subject, reading.casing), reading, span, sure=0.84)


def _while(one: Half, other: Half, reading: Reading, span: Span) -> Iterator[Candidate]:
    thing = next((token for token in one.doc if token.dep_ in {"dobj", "dative"}), None)
    whole = one.doc[thing.left_edge.i : thing.i + 1].text if thing is not None else ""
    answer = re.sub(r"\b(?:it|them)\b", whole, other.predicate, count=1) if whole else other.predicate
    first = wording.lowered(one.doc.text.rstrip("."), reading.casing)
    verb = grammar.root(other.doc)
    if verb is None or len(answer.split()) not in ANSWER_WORDS or wording.PRONOUN.search(first):
        return
    who = wording.lowered(other.subject, reading.casing)
    question = wording.asked(f"while {first}, what {grammar.helper(verb)} {who} do", other.claim.speaker)
    yield from_claim(other.claim, question, wording.answer(answer), rule="while", sure=0.86, span=span)


def _differs(half: Half, other: str, reading: Reading, span: Span, *, sure: float) -> Iterator[Candidate]:
    """Yield "How does X differ from Y?" with what is said of X."""
    root = grammar.root(half.doc)
    predicate = half.predicate if len(half.predicate.split()) in ANSWER_WORDS else ENDS.sub("", half.predicate)
    says = any(one.pos_ in SAYING for one in half.doc[root.i + 1 :]) if root is not None else False
    if root is None or not says or len(predicate.split()) not in ANSWER_WORDS or wording.PRONOUN.search(other):
        return
    head = grammar.subject(half.doc)
    many = head is not None and (grammar.plural(head.root) or any(one.dep_ == "conj" for one in head.root.children))
    did = "did" if root.tag_ == "VBD" else "do" if many else "does"
    question = wording.asked(
        f"how {did} {wording.lowered(half.subject, reading.casing)} differ from {other}", half.claim.speaker
    )
    answer = predicate if many else f"it {predicate}"
    yield replace(
        from_claim(half.claim, question, wording.answer(answer), rule="differs", sure=sure, span=span),
        context=f"differ one it {half.claim.label}",
    )


def _half(claim: Claim, text: str, reading: Reading) -> Half | None:
    """Return a statement with its subject and predicate apart; None when its subject names nothing."""
    doc = claim.parse if text == claim.said else reading.parse(_statement(text))
    subject = grammar.subject(doc) if doc is not None else None
    if doc is None or subject is None or subject.start > 0 or len(subject) > SUBJECT_WORDS:
        return None
    if wording.PRONOUN.search(subject.text) or antecedents.VAGUE.match(subject.text):
        return None
    return Half(claim, doc, subject.text, doc[subject.end :].text.strip(" ,"))


def _statement(text: str) -> str:
    return wording.capitalised(text.strip().rstrip("."))
