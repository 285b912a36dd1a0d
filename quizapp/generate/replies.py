"""What somebody answered to a question: the question itself, with a name for its "you", and the answer's first words.

Only answers that answer at once are asked for: no sentence of their own ("Around 12 per cent."), what "I" do where
"you" were asked what you do, and "It's the place ..." where a term was asked. Start from `find`.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from quizapp.domain.documents import Block, BlockKind, Span
from quizapp.generate import referents, wording
from quizapp.generate.candidates import Candidate, Reading, from_claim
from quizapp.generate.claims import Claim
from quizapp.generate.faqs import ASKS, POINTS, YES_NO

ANSWER_WORDS = 25
TO_YOU = re.compile(r"\b(?P<be>do|did|have|had|would|could|can|will|should|are|were|might) you\b(?!['’])")
OF_YOU = {"do": "does", "have": "has", "are": "is", "were": "was"}
NO_LONGER_CLEAR = re.compile(r"\b(?:yours|yourself|I|me|my|mine|we|us|our|ours|here|today|next)\b")
BARE = re.compile(r"\bthe (?:trick|rest|catch|answer|point|idea|secret|job|thing|difference|plan|alternative)\b")
EMPTY_NOUNS = {
    "thing",
    "things",
    "one",
    "way",
    "ways",
    "kind",
    "sort",
    "part",
    "point",
    "people",
    "bit",
    "trick",
    "catch",
}
AMOUNT = re.compile(r"how (?:many|much|long|often|old|far|big|large|fast|high|deep)\b", re.IGNORECASE)
I_DO = re.compile(r"^(?:I|We) (?=[a-z])")
OURS = re.compile(r"\b(?:I|me|my|mine|we|us|our|ours|you|your)\b", re.IGNORECASE)
IT_IS = re.compile(
    r"^(?:It|That|They|Those)(?:[’'](?:s|re)| is| are) (?:just |simply |basically )?(?P<what>(?:the|an?|any|what|when|where) [^;]{12,150})$"
)
IN_MARKS = re.compile(r"[\"“](?P<term>[^\"“”?!.,]{3,50})[\"”]")
WHAT_IS = re.compile(r"[Ww]hat(?:[’']s| is| are) (?P<term>(?:an?|the) [a-z][\w’ -]{2,40})\?")
OPEN_END = re.compile(
    r"(?:n[’']t|\b(?:do|does|did|is|are|was|were|have|has|can|will|would|it|that|this|them|one|ones|you|me))$"
)


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield what was asked and is answered at once."""
    for claim in reading.claims:
        if claim.speaker and claim.before is None and claim.parse is not None:
            yield from _answered(claim, reading)
            yield from _explained(claim, reading)


def _answered(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield the question that a first sentence answers, if both are clear away from the talk."""
    asked, who = claim.asked, claim.speaker
    if who is None or not asked or YES_NO.match(asked) or not ASKS.match(asked) or not _is_answer(claim):
        return
    turned, own = _named(asked, who.name), bool(TO_YOU.search(asked))
    if turned is None or not _says_enough(asked, reading):
        return
    if referents.fragment(claim):
        rule, said = "replied_self" if own else "replied", claim.said
    elif (own or re.search(r"\bdo\b", asked)) and (found := I_DO.match(claim.said)) and _does(claim):
        rule, said = "replied_does", claim.said[found.end() :]
    else:
        return
    made = from_claim(
        claim, wording.asked(turned, who), wording.answer(said), rule=rule, sure=0.88 if rule == "replied" else 0.86
    )
    yield _with_question(made, claim, reading)


def _explained(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield what a term means that stands in the question, or is set in quotation marks there: "It's the place where ..."."""
    found = IT_IS.match(claim.said)
    above = _question_above(claim, reading) if found else None
    if found is None or above is None or len(found["what"].split()) > ANSWER_WORDS:
        return
    asking = above.span.of(reading.document.text)
    terms = {one["term"] for one in IN_MARKS.finditer(asking)} or {one["term"] for one in WHAT_IS.finditer(asking)}
    term = terms.pop() if len(terms) == 1 else ""
    if not term or POINTS.search(term) or re.search(rf"\b{re.escape(term)}\b", found["what"]):
        return
    marked = f"the “{term}”" if re.search(rf"[\"“]{re.escape(term)}", asking) else term
    made = from_claim(
        claim,
        wording.asked(f"what is {marked}", claim.speaker),
        wording.answer(found["what"]),
        rule="replied_term",
        sure=0.88,
    )
    yield _with_question(made, claim, reading)


def _named(asked: str, name: str) -> str | None:
    """Return a question with a name for its "you"; None where it stays unclear."""
    bare = re.sub(r"(?:,? (?:now|then|today|actually|exactly))?\?$", "", asked)
    if NO_LONGER_CLEAR.search(bare) or POINTS.search(bare) or BARE.search(bare) or len(TO_YOU.findall(bare)) > 1:
        return None
    turned = TO_YOU.sub(lambda found: f"{OF_YOU.get(found['be'], found['be'])} {name}", bare)
    turned = re.sub(r"\byour\b", "their" if turned != bare else f"{name}’s", turned, count=1)
    return None if re.search(r"\byou(?:r|rs)?\b", turned, re.IGNORECASE) else turned


def _says_enough(asked: str, reading: Reading) -> bool:
    """Say whether a question names what it asks about."""
    words = [one for one in reading.parse(asked) or () if one.pos_ in {"NOUN", "PROPN", "VERB", "AUX", "ADJ"}]
    nouns = [one for one in words if one.pos_ in {"NOUN", "PROPN"} and one.lower_ not in EMPTY_NOUNS]
    return len(words) > 1 and bool(nouns) and any(one.pos_ in {"VERB", "AUX"} for one in words)


def _is_answer(claim: Claim) -> bool:
    """Say whether a first sentence says something, of the kind that was asked."""
    words = claim.parse or ()
    amount = AMOUNT.match(claim.asked)
    says = sum(one.pos_ in {"NOUN", "PROPN", "NUM"} for one in words) > (0 if amount or I_DO.match(claim.said) else 1)
    fits = not amount or any(one.pos_ == "NUM" for one in words)
    return says and fits and len(claim.said.split()) <= ANSWER_WORDS and not OPEN_END.search(claim.said)


def _does(claim: Claim) -> bool:
    """Say whether "I move an aircraft ..." says what somebody does, and nothing of what was said before."""
    words = [one for one in claim.parse or () if not one.is_space]
    rest = I_DO.sub("", claim.said)
    pointing = wording.PRONOUN.search(claim.said, 2)
    thing = next((one.idx for one in words if one.pos_ in {"NOUN", "PROPN"}), len(claim.said))
    clear = not OURS.search(rest) and (pointing is None or thing < pointing.start())
    return len(words) > 3 and words[1].tag_ == "VBP" and words[1].dep_ == "ROOT" and clear


def _question_above(claim: Claim, reading: Reading) -> Block | None:
    """Return the turn of somebody else right before the one that a sentence opens."""
    spoken = [one for one in reading.document.blocks if one.speaker and one.kind is BlockKind.PARAGRAPH]
    before = next((one for one, after in pairwise(spoken) if after == claim.block), None)
    return before if before and before.speaker != claim.speaker else None


def _with_question(made: Candidate, claim: Claim, reading: Reading) -> Candidate:
    """Return a card whose quote holds the question too, where that is what stands before the answer."""
    above = _question_above(claim, reading)
    start = above.span.start if above else claim.span.start
    return replace(made, span=Span(start, claim.span.end), context=f"{made.context} {claim.asked}")
