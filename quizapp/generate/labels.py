"""What stands behind a label of its own: "Split brain: two nodes both ...", "RPO = how much ...", "I call it the canary rule: ...".

Unlike the entries of a glossary these come one at a time, so that the label must be a noun and
what follows must say what it is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from quizapp.domain.documents import Span
from quizapp.generate import glossaries, grammar, shorthand, subjects, wording
from quizapp.generate.candidates import Candidate, Reading, from_claim
from quizapp.generate.claims import Claim
from quizapp.generate.orders import is_order

if TYPE_CHECKING:
    from spacy.tokens import Doc

LABELLED = re.compile(
    r"^(?P<term>(?:(?:an?|the) )?[\w][\w’'/&-]*(?: [\w’'/&-]+){0,4})(?: \((?P<short>[A-Z][\w-]{1,9})\))?"
    r"(?P<mark>:| [=≈–—]) (?P<what>[^:=]{6,220})$",
    re.IGNORECASE,
)
EXCEPTION = re.compile(r"^(?:the |one |an |only )*exception$", re.IGNORECASE)
LAW = re.compile(
    r"(?<!\bside )\b(?:rule|law|principle|theorem|effect|paradox|hypothesis|criterion|axiom)$", re.IGNORECASE
)
OPINION = re.compile(
    r"^(?:(?:her|his|their|my|our|the|.{3,40}[’']s?) )?(?P<what>(?:main |first |last |central )?(?:rule of thumb|thesis|advice|forecast|prediction|motto|recommendation|"
    r"conclusion|warning|lesson|verdict|proposal|definition))$",
    re.IGNORECASE,
)
FORMULA = re.compile(r"[÷×^*−]|(?<=[ \d])/|^\S+/\S+$| - |\d \+|\+ \d")
MEANS = re.compile(r"^(?:the|an?|how|what|when|where|whether|any|\w+ of)\b", re.IGNORECASE)
UNFIT = re.compile(
    r"\b(?:is|are|was|were|this|that|these|those|it|vs\.?|story|reason|trick|cure|fix|answer|exceptions?|examples?|remember|beware)\b|^(?:\d|\w+ing\b|at|on|in|for|from|with|by|after|before|good|bad|nice|different|other|another|same|so|consider|imagine|suppose|think|say)\b",
    re.IGNORECASE,
)
CALLED = re.compile(
    r"^(?:I|[Ww]e|[Tt]hey|[A-Z]\w+(?: [A-Z]\w+)?) (?:like to )?(?:calls?|called|named?) (?P<this>it|this|that) "
    r"(?P<term>(?:the|an?) [“\"]?[\w’'-]+(?: [\w’'-]+){0,3}[”\"]?)(?:: (?P<what>[^:]{12,200}))?$"
)
VERSUS = re.compile(r"^(?P<x>[\w-]+(?: [\w-]+)?) (?:vs\.?|versus) (?P<y>[\w-]+(?: [\w-]+)?)$", re.IGNORECASE)
VERSUS_OF = re.compile(r"^(?P<x>[\w-]+) (?:vs\.?|versus) [\w-]+(?: (?P<noun>\w+))?$", re.IGNORECASE)
BOTH = re.compile(
    r"^(?P<x>[\w-]+(?: [\w-]+){0,2})(?P<one>:| =) [^;:=]{6,90}; (?P<y>[\w-]+(?: [\w-]+){0,2})(?P<other>:| =) [^;:=]{6,90}$"
)
TARGETS = re.compile(r"^[A-Z][\w ]{3,40}: (?P<all>[A-Z]{2,6} \d[\w.]* \w+(?:(?:, | and )[A-Z]{2,6} \d[\w.]* \w+)+)$")
SPECIAL = re.compile(r"(?:the|we|they|it|he|she|you|I|this|that|these|those|nothing|nobody|\d.*)\b", re.IGNORECASE)
NOUNS = {"NOUN", "PROPN"}
ANSWER_WORDS = range(3, 26)


@dataclass(frozen=True)
class Labelled:
    """A label with what stands behind it."""

    term: str
    what: str
    equal: bool
    dash: bool = False


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield what laws say, what formulas are, what a labelled term means and what a speaker calls something."""
    if subjects.is_meeting(reading.document):
        return
    yield from _versus(reading)
    for claim in reading.claims:
        yield from _called(claim)
        yield from _side_by_side(claim, reading)
        yield from _targets(claim, reading)
        if (found := _labelled(claim)) and (asked := _asked(found, claim, reading)):
            question, rule, sure = asked
            made = from_claim(claim, question, wording.answer(found.what), rule=rule, sure=sure)
            yield replace(made, context=f"{made.context} formula say mean do")


def _labelled(claim: Claim) -> Labelled | None:
    found = LABELLED.match(claim.said.rstrip("."))
    if found is None or "http" in claim.text or claim.block.lead.endswith("?"):
        return None
    what = re.split(rf"; |\. (?=[A-Z])|{wording.ARROW.pattern}", found["what"])[0].strip()
    mark = found["mark"].strip()
    return Labelled(found["term"], what, mark in "=≈", mark in "–—") if len(what.split()) in ANSWER_WORDS else None


def _asked(found: Labelled, claim: Claim, reading: Reading) -> tuple[str, str, float] | None:
    """Return the question about a label, its rule and how sure it is; None where the label is no term."""
    if (opinion := OPINION.match(found.term)) and claim.speaker:
        what = opinion["what"][0].lower() + opinion["what"][1:]
        return _on_heading(f"What is {claim.speaker.name}’s {what}?", claim, reading), "label_opinion", 0.88
    if EXCEPTION.match(found.term) and subjects.heading(claim.block, reading.document):
        return (
            _on_heading(wording.asked("what is the exception", claim.speaker), claim, reading),
            "label_exception",
            0.86,
        )
    if found.dash and found.term != claim.block.lead:
        return None
    if UNFIT.search(found.term) or glossaries.LABELS.fullmatch(found.term):
        return None
    term = wording.lowered(found.term, reading.casing)
    if found.equal and FORMULA.search(found.what):
        return wording.asked(f"what is the formula for {term}", claim.speaker), "label_formula", 0.9
    if LAW.search(found.term):
        article = "" if re.match(r"(?:an?|the) |.*[’']s? ", term, re.IGNORECASE) else "the "
        return wording.asked(f"what does {article}{term} say", claim.speaker), "label_law", 0.9
    if found.equal:
        meant = MEANS.match(found.what) and not _is_letters(found)
        return (wording.asked(_what_is(term), claim.speaker), "label", 0.9) if meant else None
    if claim.above is not None and shorthand.names_entries(claim.above) and not _is_versus(claim):
        return None  # "Shapes" with "platy: ..." below it: an entry, not a term
    return _defined(found, term, claim, reading)


def _on_heading(question: str, claim: Claim, reading: Reading) -> str:
    """Return a question behind the heading that tells what it is about, as a definition or an exception needs."""
    return subjects.framed(question, subjects.heading(claim.block, reading.document))


def _versus(reading: Reading) -> Iterator[Candidate]:
    """Yield how two things differ that a line "X vs Y" announces and the two lines below it explain."""
    for first, second in pairwise(reading.claims):
        one, other = _labelled(first), _labelled(second)
        if first.above and first.above == second.above and one and other and _announces(first.above, one, other):
            between = " is " if one.equal else ": "
            answer = f"{one.term}{between}{one.what}; {other.term}{between}{other.what}"
            yield from _two(first, second, one.term, other.term, answer, reading)


def _announces(above: Claim, one: Labelled, other: Labelled) -> bool:
    """Say whether a line announces two things that the lines below explain: "X vs Y", "People confuse X and Y"."""
    pair = VERSUS.match(above.said)
    both = re.compile(rf"\b{re.escape(one.term)}\b.* and .*\b{re.escape(other.term)}\b", re.IGNORECASE)
    return one.term[:3].lower() == pair["x"][:3].lower() if pair else bool(both.search(above.said))


def _two(first: Claim, second: Claim, one: str, other: str, answer: str, reading: Reading) -> Iterator[Candidate]:
    """Yield how two things differ, unless the answer is too long."""
    if first.above and len(answer.split()) < ANSWER_WORDS.stop:
        terms = [wording.lowered(term, reading.casing) for term in (one, other)]
        question = wording.asked(f"how do {' and '.join(terms)} differ", first.speaker)
        span = Span(first.above.span.start, second.span.end)
        yield from_claim(second, question, answer, rule="differs", sure=0.9, span=span)


def _side_by_side(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield how two things differ that one line sets against each other: "X = this; Y = that"."""
    found = BOTH.match(claim.said)
    noun = VERSUS_OF.match(claim.above.said) if claim.above else None
    if found is None or noun is None or noun["x"].lower() != found["x"].lower() or found["one"] != found["other"]:
        return
    what = f" {noun['noun']}" if noun["noun"] else ""
    if len(found[0].split()) < ANSWER_WORDS.stop:
        question = wording.asked(
            f"how do {wording.lowered(found['x'], reading.casing)} and {found['y']}{what} differ", claim.speaker
        )
        answer = wording.answer(found[0].replace(" = ", ": "))
        yield from_claim(claim, question, answer, rule="differs", sure=0.88)


def _is_versus(claim: Claim) -> bool:
    return claim.above is not None and VERSUS.match(claim.above.said) is not None


def _defined(found: Labelled, term: str, claim: Claim, reading: Reading) -> tuple[str, str, float] | None:
    """Return the question about "Term: it does this", where the rest is a sentence about things in general."""
    doc, head = reading.parse(wording.capitalised(found.what)), reading.parse(term)
    if (
        doc is None
        or head is None
        or not len(doc)
        or not (_is_noun(head) or _is_versus(claim))
        or is_order(found.what)
        or is_order(found.term)
    ):
        return None
    verb, subject = grammar.root(doc), grammar.subject(doc)
    if _does(found.what, reading):
        return wording.asked(f"what does {_countable(term, reading)} do", claim.speaker), "label", 0.86
    general = subject is not None and (_is_versus(claim) or not SPECIAL.match(subject.text))
    if verb is None or verb.tag_ == "VBD" or not general:
        return None
    return wording.asked(f"what does “{term}” mean", claim.speaker), "label", 0.84


def _does(what: str, reading: Reading) -> bool:
    """Say whether a text says what a thing does: "runs at night whether or not you look"."""
    doc = reading.parse(f"It {what}") if re.match(r"[a-z]+s (?!of\b)", what) else None
    return doc is not None and doc[1].tag_ == "VBZ" and grammar.root(doc) == doc[1]


def _countable(term: str, reading: Reading) -> str:
    """Return a term with the article that the document gives it, in quotation marks where it never says."""
    found = re.search(rf"\b(?:(an?|the) |\w+ ){re.escape(term)}\b", reading.document.text.lower())
    if re.match(r"(?:an?|the) ", term, re.IGNORECASE):
        return term[:1].lower() + term[1:]
    if found is None:
        return f"“{term}”"
    return f"{found[1]} {term}" if found[1] else term


def _is_noun(head: "Doc") -> bool:
    """Say whether a label is a noun with what belongs to it."""
    last = head[-1]
    verbs = any(one.tag_ in {"VBZ", "VBP", "VBD", "MD"} for one in head)
    return (last.pos_ in NOUNS or last.text.endswith("ing")) and not verbs


def _what_is(term: str) -> str:
    article = re.match(r"(?:an?|the) ", term)
    return f"what is {term}" if article else f"what does {term} mean" if term.isupper() else f"what does “{term}” mean"


def _is_letters(found: Labelled) -> bool:
    return found.term.isupper() and found.what[0].lower() == found.term[0].lower() and not MEANS.match(found.what)


def _called(claim: Claim) -> Iterator[Candidate]:
    """Yield what somebody calls by a name: behind the colon, or in the sentence that follows."""
    found = CALLED.match(claim.said)
    if found is None:
        return
    told = claim.after[0].rstrip(".") if claim.after and found["this"] == "it" else ""  # "that" was explained before
    what = found["what"] or told
    clear = len(what.split()) in ANSWER_WORDS and not re.match(r"(?:It|That|This|They|And|But|There)\b", what)
    if clear and not what.endswith("?"):
        question = wording.asked(f"what is {found['term']}", claim.speaker)
        span = claim.span if found["what"] else replace(claim.span, end=claim.span.end + 1 + len(claim.after[0]))
        yield from_claim(claim, question, wording.answer(what), rule="called", sure=0.9, span=span)


def _targets(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield the values of "Targets: RPO 15 minutes, RTO 4 hours"."""
    if found := TARGETS.match(claim.said):
        for pair in re.split(r", | and ", found["all"]):
            name, value = pair.split(" ", 1)
            question = subjects.placed(f"What is the {name}?", claim.block, reading.document)
            made = from_claim(claim, question, value, rule="target", sure=0.88)
            yield replace(made, context=f"{made.context} {question}")
