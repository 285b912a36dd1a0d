"""Why something is so, where the text says "because", and what is "the only" one of its kind."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from quizapp.domain.cards import CardKind
from quizapp.domain.documents import BlockKind, Span
from quizapp.generate import grammar, wording
from quizapp.generate.candidates import Candidate, Reading, from_claim
from quizapp.generate.claims import Claim, sentences
from quizapp.ingest import names

if TYPE_CHECKING:
    from spacy.tokens import Doc

# ", so that" after a comma is a result as often as an aim, save where something "can" happen then.
WHY = re.compile(
    r"^(?P<main>[^;:“”\"()]{12,150}?)(?:,? (?=because)|(?<!,) (?=so that)|, (?=so that [^,]{3,60}? (?:can|cannot|can[’']t|may|must|need)\b))(?P<why>(?:because(?: of)?|so that) [^;:()]{8,180})$"
)
SINCE = re.compile(
    r"^(?P<main>[^;:“”\"()]{12,150}?), since (?P<why>(?!then|last|the (?:start|beginning|end)|\d|[A-Z])[^;:()]{12,180})$"
)
PERSONAL = re.compile(r"^(?:I|we|you|he|she|it|they|this|that|these|those|there|one|most|some|many)\b", re.IGNORECASE)
UNNAMED = re.compile(
    r"\bone (?!of\b)(?:most|more|too|as|to|in|for|at|that)\b|\bone$|\b(?:either|neither|both|this|these|those|such)\b",
    re.IGNORECASE,
)
ONLY = re.compile(
    r"^(?P<x>(?:The |An? )?[^,;:.]{2,50}?) (?P<be>is|are|was|were) (?:still )?the only (?P<y>[^;:]{8,120}?)$"
)
ASKED = re.compile(r"^(?:Why|How)\b.{8,160}\?$")
AGAIN = re.compile(r"^(.*\b(\w+)\b.*), \2$")  # "a blue plaster, blue because ..."
ANSWERS = re.compile(r"^(?:Because(?: of)?|By|So that|Since)\b.{8,180}$")
DENIED = re.compile(
    r"^(?P<main>[^,;:]{3,60} (?:is|are|was|were)(?: not|n[’']t| never) [^,;:]{3,60}): (?P<why>[^:;]{12,160})$"
)
SPARED = re.compile(
    r"^(?P<main>[^,;:]{10,110}), so (?:that )?(?P<why>[^,;:]{3,60}? (?:can[’']?t|cannot|can|no longer|never|won[’']t|don[’']t have to|need not)\b [^,;:]{4,90})$"
)
ASIDE_ON = re.compile(r"^.* (?P<what>(?:the|an?) (?:[\w-]+ ){0,3}[\w-]+), which (?P<does>[a-z]+ [^,]+)$")
NOT_BECAUSE = re.compile(r"(?:n[’']t|not) [^,]* because you\b")  # "it does not heal because you rest"
# Below the bullet that it explains.
GROUND = re.compile(
    r"^(?:(?:(?:the )?reason(?:ing)?|why)(?:: | is (?:that )?)|because |"
    r"(?P<so>so (?:that )?)(?=[^,;:]*\b(?:can[’']?t|cannot|can|no longer|never|won[’']t|nobody)\b))(?P<why>[^;:]{12,180})$",
    re.IGNORECASE,
)
MUST = re.compile(
    r"^(?P<main>[^,;:]{3,70} (?:must|has to|have to|should|needs? to|can[’']?t|cannot|must not) [^,;:]{3,70})(?:,|;) (?P<why>(?:otherwise|or else) [^;:]{8,120})$"
)
ANSWER_WORDS = 25
MAIN_WORDS = 18


AS = re.compile(
    r"^(?P<main>[^;:“”\"()]{12,150}?), as (?P<why>(?!an?\b[^,]*$|in|for|if|to|of|with|well|long|soon|much|many|usual|planned|part|shown|it (?:is|was) called)[^;:()]{14,180})$"
)


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield why questions, and which one is the only one."""
    for claim in reading.claims:
        yield from _why(claim, reading)
        yield from _behind_stop(claim, reading)
        yield from _below(claim, reading)
        yield from _only(claim, reading)
    yield from _answered_at_once(reading)


def _why(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    found = WHY.match(claim.said) or SINCE.match(claim.said) or _as_cause(claim, reading)
    if (
        not found
        or len(re.findall(r"\b(?:because|so that)\b", claim.said)) > 1
        or len(found["main"].split()) > MAIN_WORDS
        or (_is_of_another(claim) and not ASIDE_ON.match(found["main"]))
    ):
        return
    if NOT_BECAUSE.search(claim.said):
        return
    main = AGAIN.sub(r"\1", found["main"])
    reason = re.sub(r"^because (?!of\b)", "", found["why"])
    reason = re.split(r", (?:but|and|which|so|whereas|while)\b", reason)[0]
    question = why(main, reading)
    if question is None or not 3 <= len(reason.split()) <= ANSWER_WORDS:
        return
    said_of_self = claim.speaker and names.initials(claim.speaker.name) in found["main"].split()
    ask = wording.asked(question, None if said_of_self else claim.speaker)
    yield from_claim(claim, ask, wording.answer(reason), rule="reason", sure=0.87)


def _as_cause(claim: Claim, reading: Reading) -> re.Match[str] | None:
    """Return "A, as B" where B is a clause of its own: a cause, no comparison."""
    found = AS.match(claim.said)
    doc = reading.parse(wording.capitalised(found["why"])) if found else None
    verb, subject = (grammar.root(doc), grammar.subject(doc)) if doc is not None else (None, None)
    present = verb is not None and verb.tag_ in {"VBZ", "VBP", "MD"} and subject is not None
    return found if present and subject is not None and not PERSONAL.match(subject.text) else None


def _is_of_another(claim: Claim) -> bool:
    """Say whether the reason belongs to a clause inside: "the story of the borehole, which missed it because ..."."""
    marks = (one for one in claim.parse or () if one.dep_ == "mark" and one.lower_ == "because")
    inner = {"relcl", "acl", "ccomp", "pcomp"}
    return any(one.head.head.dep_ in inner and one.head.head.i < one.i for one in marks)


def _behind_stop(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield why something is not so, "X is not Y: ...", and what something is good for, "X does this, so Y can't ..."."""
    found = DENIED.match(claim.said) or SPARED.match(claim.said) or MUST.match(claim.said)
    question = why(found["main"], reading) if found else None
    if found is None or question is None or PERSONAL.match(found["why"]):
        return
    reason = f"so that {found['why']}" if found.re is SPARED else found["why"]
    if len(reason.split()) <= ANSWER_WORDS:
        ask = wording.asked(question, claim.speaker)
        yield from_claim(claim, ask, wording.answer(reason), rule="reason_stop", sure=0.86)


def _below(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield why something is done, where the bullet below it gives the reason."""
    found = GROUND.match(claim.text.rstrip(".")) if claim.above and claim.before is None else None
    if found is None or claim.above is None or len(found["why"].split()) > ANSWER_WORDS:
        return
    main = re.split(r": ", claim.above.said)[-1]
    done = wording.capitalised(re.split(r", (?=\w+ed\b)", main)[0])
    question = why(done, reading) if len(done.split()) <= MAIN_WORDS else None
    if question:
        reason = f"so that {found['why']}" if found["so"] else found["why"]
        span = Span(claim.above.span.start, claim.span.end)
        yield from_claim(
            claim,
            wording.asked(question, claim.speaker),
            wording.answer(reason),
            rule="reason_below",
            sure=0.86,
            span=span,
        )


def why(main: str, reading: Reading) -> str | None:
    """Return "why does X do Y" of "X does Y"; None when the parse is not plain."""
    if found := ASIDE_ON.match(main):
        main = wording.capitalised(f"{found['what']} {found['does']}")  # the reason is that of the nearest verb
    if PERSONAL.match(main) or main.startswith("What ") or UNNAMED.search(main) or wording.dangling(main):
        return None
    doc = reading.parse(main)
    verb, subject = (grammar.root(doc), grammar.subject(doc)) if doc is not None else (None, None)
    if doc is None or verb is None or subject is None or PERSONAL.match(subject.text) or _joined(doc):
        return None
    lead = grammar.lead(doc)
    front = f"{wording.lowered(lead, reading.casing)}, " if lead else ""
    who = wording.lowered(subject.text, reading.casing)
    auxiliaries = grammar.auxiliaries(doc)
    if auxiliaries or verb.pos_ == "AUX":
        first = auxiliaries[0] if auxiliaries else verb
        stop = first.i + 2 if first.i + 1 < len(doc) and doc[first.i + 1].text in {"n't", "n’t"} else first.i + 1
        return f"{front}why {doc[first.i : stop].text} {who} {doc[stop:].text}"
    if verb.tag_ not in {"VBZ", "VBD", "VBP"}:
        return None
    between = doc[subject.end : verb.i].text
    return " ".join(
        f"{front}why {grammar.helper(verb)} {who} {between} {grammar.base(verb)} {doc[verb.i + 1 :].text}".split()
    )


def _joined(doc: "Doc") -> bool:
    """Say whether a sentence has two main clauses, so that the reason may belong to either."""
    return any(
        token.dep_ == "conj"
        and token.head.dep_ == "ROOT"
        and token.pos_ in {"VERB", "AUX"}
        and any(child.dep_ in grammar.SUBJECTS for child in token.children)
        for token in doc
    ) or any(
        token.dep_ in {"ccomp", "parataxis"} and token.head.dep_ == "ROOT" and token.i < token.head.i for token in doc
    )


def _only(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    found = ONLY.match(claim.said)
    if (
        not found
        or wording.dangling(found["x"])
        or PERSONAL.match(found["x"])
        or wording.dangling(f"Something is the only {found['y']}")
    ):
        return
    if len(found["y"].split()) < 4:
        return
    question = f"what {found['be']} the only {found['y']}"
    yield from_claim(claim, wording.asked(question, claim.speaker), wording.answer(found["x"]), rule="only", sure=0.91)


def _answered_at_once(reading: Reading) -> Iterator[Candidate]:
    """Yield a question that the text asks and answers in its next sentence: "Why ...? Because ..."."""
    text = reading.document.text
    for block in reading.document.blocks:
        if block.kind not in (BlockKind.PARAGRAPH, BlockKind.BULLET, BlockKind.QUOTE) or block.speaker:
            continue
        inside = block.span.of(text)
        spans = list(sentences(inside))
        for ask, answer in pairwise(spans):
            question, said = ask.of(inside), answer.of(inside).rstrip(".")
            if not ASKED.match(question) or not ANSWERS.match(said) or len(said.split()) > ANSWER_WORDS:
                continue
            span = Span(block.span.start + ask.start, block.span.start + answer.end)
            reason = wording.answer(re.sub(r"^Because (?!of\b)", "", said))
            yield Candidate(CardKind.BASIC, question, reason, span, "asked_and_answered", 0.92)
