"""If, when, to, the more: what depends on what."""

import re
from collections.abc import Iterator

from quizapp.generate import grammar, wording
from quizapp.generate.candidates import Candidate, Reading, from_claim
from quizapp.generate.claims import Claim
from quizapp.generate.orders import is_order

IF = re.compile(
    r"^(?P<cond>(?:If|Once|Unless|When|Whenever|Where(?! (?:should|do|does|did|is|are|can|will)\b)|Should) [^;:]{8,140}?), (?:then )?(?P<main>[^;]{8,200}?)(?:;|$)"
)
THE_MORE = re.compile(
    r"^[Tt]he (?P<deg>more|less|[a-z]+er) (?P<cond>[^,;]{3,80}), the (?:more|less|[a-z]+er) (?P<x>[^,;]{2,60}?) (?P<verb>becomes?|gets?|grows?|is|are) (?P<y>[^,;.]{3,90})"
)
UNDER_IF = re.compile(
    r"^(?P<first>[^;:]{12,120}); (?:but )?(?P<cond>(?:if|unless|should|where) [^;:,]{5,90}), (?P<main>[^;:]{6,120})$"
)
EXCEPT = re.compile(
    r"^(?:[^:;]{3,90}: )?(?P<main>[^:;]{12,140}?),? (?P<but>except|(?:but|though|although) not) (?P<when>(?:when|where|if|for|in|on|at|during|after|before|by|with|to)\b [^;:]{6,120})$"
)
PURPOSE = re.compile(
    r"^To (?P<aim>(?!me\b|us\b|be sure|sum|put)[^,;:]{6,110}), (?P<main>[^;]{8,160}?\b(?:must|needs? to|have to|has to|should|is (?:a |the )?(?:crucial|essential|"
    r"necessary|needed|required|critical|key)|are (?:crucial|essential|necessary|needed|required|critical))\b[^;]{0,160}?)(?:;|$)"
)
GOAL = re.compile(
    r"^(?P<np>the (?:goal|aim|target|objective|best [\w-]+|answer|rule|priority)) (?P<aux>should|must|is|would) (?:be )?(?P<y>(?:to|a|an|the) .+)$"
)
WILL_BE = re.compile(r"^(?:that|this|it) (?P<aux>will|would) be (?P<y>(?:the|a|an) .+)$")
IT_IS = re.compile(
    r"^(?:it|they) (?P<be>is|are) (?P<y>(?:easier|harder|better|worse|safer|cheaper|faster|more [a-z]+|less [a-z]+|likely|possible|impossible)\b.*)$"
)
_IMPERATIVE_TEXT = """
    add apply ask assign avoid back call choose close contact declare escalate file follow freeze give hand
    inform keep leave lower notify open page phone pick post raise read record report reset restart return roll
    rotate run send set start stop switch tell turn update use wait write
"""
IMPERATIVE = frozenset(_IMPERATIVE_TEXT.split())


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield what follows from a condition, and what a purpose needs."""
    for claim in reading.claims:
        said = claim.said
        if found := IF.match(said):
            yield from _conditional(claim, found["cond"], found["main"], reading)
        if (found := EXCEPT.match(said)) and not wording.dangling(found["main"]):
            question = f"{wording.capitalised(found['main'])} – with which exception?"
            yield from_claim(claim, question, wording.answer(found["when"]), rule="exception", sure=0.86)
        if found := UNDER_IF.match(said):
            yield from _after_rule(claim, found, reading)
        if found := THE_MORE.match(said):
            question = f"what {found['verb']} {found['y']} the {found['deg']} {found['cond']}"
            yield from_claim(
                claim, wording.asked(question, claim.speaker), wording.answer(found["x"]), rule="the_more", sure=0.9
            )
        if found := PURPOSE.match(said):
            yield from _purpose(claim, found["aim"], found["main"])


def _conditional(claim: Claim, cond: str, main: str, reading: Reading) -> Iterator[Candidate]:
    said = grammar.base_of(re.findall(r"[\w’'-]+", cond)[-1].lower())
    if (
        wording.dangling(cond)
        or said in {"say", "ask", "think", "tell"}
        or re.match(r"(?:compared|you want|you are interested|you’re)", cond.split(" ", 1)[1])
    ):
        return
    first = main.split(" ", 1)[0].lower()
    if "is compared" in cond or "?" in main or re.match(r"(?:and|or|but)\b", main):
        return
    if found := GOAL.match(main):
        ask = f"{cond}, what {found['aux']} {found['np']}" + (" be" if found["aux"] != "is" else "")
        yield from_claim(
            claim, wording.asked(ask, claim.speaker), wording.answer(found["y"]), rule="condition_goal", sure=0.9
        )
    elif found := WILL_BE.match(main):
        ask = f"what {found['aux']} be {found['y']}"
        yield from_claim(
            claim, wording.asked(ask, claim.speaker), wording.answer(cond), rule="condition_when", sure=0.88
        )
    elif found := IT_IS.match(main):
        yield from _when_is(claim, cond, found, main)
    elif first in IMPERATIVE or is_order(main):
        ask = f"what should you do {_inner(cond, reading)}"
        yield from_claim(
            claim, wording.asked(ask, claim.speaker), wording.answer(main), rule="condition_duty", sure=0.88
        )
    elif len(main.split()) <= 22 and not _loose(main):
        ask = f"what happens {_inner(cond, reading)}"
        generic = re.search(r"\b(?:you|your)\b", cond)
        short = not cond.startswith(("If", "Once", "Unless")) and len(cond.split()) < 6
        sure = (
            0.8
            if not generic
            and not short
            and (claim.speaker or re.search(r"\b(?:will|must|may|can|falls?|rises?|becomes?)\b", main))
            else 0.68
        )
        yield from_claim(claim, wording.asked(ask, claim.speaker), wording.answer(main), rule="condition", sure=sure)


def _after_rule(claim: Claim, found: re.Match[str], reading: Reading) -> Iterator[Candidate]:
    """Yield what happens if a rule is not kept that the same sentence gives first: "X must answer; if not, ..."."""
    if wording.dangling(found["first"]) or _loose(found["main"]):
        return
    question = f"{wording.capitalised(found['first'])}; what happens {found['cond']}?"
    yield from_claim(claim, question, wording.answer(found["main"]), rule="condition", sure=0.82)


def _when_is(claim: Claim, cond: str, found: re.Match[str], main: str) -> Iterator[Candidate]:
    """Ask for the condition when the main clause only says "it is easier": name the thing instead."""
    subject = _subject_of(cond, claim)
    if subject is None:
        return
    ask = f"under which conditions {found['be']} {subject} {found['y']}"
    rest = cond.split(" ", 1)[1].removeprefix(subject).strip()
    yield from_claim(
        claim, wording.asked(ask, claim.speaker), wording.answer(f"If it {rest}"), rule="condition_of", sure=0.9
    )


def _subject_of(cond: str, claim: Claim) -> str | None:
    """Return the subject of "If X does ...", as the text has it."""
    if claim.parse is None:
        return None
    for token in claim.parse:
        if token.dep_ == "advcl" and (
            subjects := [child for child in token.children if child.dep_ in grammar.SUBJECTS]
        ):
            tree = list(subjects[0].subtree)
            text = claim.parse[tree[0].i : tree[-1].i + 1].text
            return text if cond.split(" ", 1)[1].startswith(text) else None
    return None


def _inner(cond: str, reading: Reading) -> str:
    return wording.lowered(cond, reading.casing)


def _loose(main: str) -> bool:
    """Say whether the main clause alone would be an answer that nobody understands."""
    return (
        bool(re.match(r"(?:this|that|these|those|there|here|we|I|the two)\b", main, re.IGNORECASE))
        or len(main.split()) < 3
    )


def _purpose(claim: Claim, aim: str, main: str) -> Iterator[Candidate]:
    if wording.dangling(aim) or len(main.split()) > 24:
        return
    main = re.sub(
        r"^(?P<x>.+?) is (?:a |the )?(?:crucial|key|critical|essential|necessary) (?:step|condition|ingredient)$",
        r"\g<x>",
        main,
    )
    main = re.sub(r"^(?:we|you|one|they) (?:must|need to|have to|should) ", "", main)
    yield from_claim(
        claim, wording.asked(f"what is needed to {aim}", claim.speaker), wording.answer(main), rule="purpose", sure=0.88
    )
