"""What is likened to what: the images that people remember from a talk."""

import re
from collections.abc import Iterator

from quizapp.generate import wording
from quizapp.generate.candidates import Candidate, Reading, from_claim
from quizapp.generate.claims import Claim

LIKE = re.compile(
    r"^(?P<x>[^,;:.]{2,70}?) (?:is|are|was|were|works|acts|behaves|feels|looks) (?:much |rather |a bit |a little |almost |just |exactly )?"
    r"like (?P<y>(?:a |an |the )?[^,;:.]{2,110}?)(?=[,;:.]|$| (?:because|since) )"
)
COMPARES = re.compile(
    r"^(?P<who>[^,;:.]{1,60}?) (?:compares?|compared|likens?|likened) (?P<x>[^,;:.]{2,70}?) (?:to|with) (?P<y>[^,;:.]{2,110}?)(?=[,;:.]|$| because )"
)
COMPARED = re.compile(
    r"^If (?P<x>[^,;:.]{2,60}?) (?:is|are|were|can be) (?:compared|likened) (?:to|with) (?P<y>[^,;:.]{2,60}?)(?=[,;:.])"
)
CALLS = re.compile(
    r"^(?P<who>[^,;:.]{1,60}?) (?:calls?|called) (?P<x>[^,;:]{2,70}?) (?P<y>(?:a|an|the|“|\"|[\w]+(?: \w+)?[’']s)\b ?[^,;:]{2,90}?)(?=[,;:.]|$)"
)
SEES_AS = re.compile(
    r"^(?P<who>[^,;:.]{1,60}?) (?:describes?|described|regards?|regarded|counts?|counted|sees?|saw|views?|viewed) "
    r"(?P<x>[^,;:]{2,70}?) as (?P<y>[^,;:]{2,90}?)(?=[,;:.]|$)"
)
METAPHOR = re.compile(
    r"^(?P<x>[^,;:.]{2,50}?) (?:is|are) (?:already |now |really |truly |essentially |becoming )?(?P<y>(?:the|a|an) (?P<image>“[^”]{3,60}”|\"[^\"]{3,60}\"|[\w-]+(?: [\w-]+){0,3}) "
    r"(?:of|for) [^,;:.]{3,60})(?:[;:]|$|, (?:but|and|while)\b)"
)
ERA = re.compile(r" (?:of|for|in) (?:the|our|this) [\w’' -]{0,30}?(?:era|age|world|times)$")


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield who compared what to what, or, with few voices, what something was compared to."""
    for claim in reading.claims:
        yield from _likened(claim, reading)
        yield from _reported(claim, reading)
        yield from _metaphor(claim, reading)


def _likened(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    found = LIKE.match(claim.said) or COMPARED.match(claim.said)
    if not found or not _thing(found["x"]):
        return
    x = wording.lowered(found["x"], reading.casing)
    y = wording.lowered(found["y"].strip(), reading.casing)
    yield _compared(claim, x, y, reading)


def _compared(claim: Claim, x: str, y: str, reading: Reading) -> Candidate:
    near = ERA.sub("", re.split(r" (?:who|that|which|where|when|with) ", y)[0])
    if claim.speaker and reading.many_voices:
        return from_claim(
            claim, f"Which speaker compared {x} to {near}?", claim.speaker.full, rule="comparison_speaker", sure=0.97
        )
    if claim.speaker:
        return from_claim(
            claim, f"What does {claim.speaker.name} compare {x} to?", wording.answer(y), rule="comparison", sure=0.9
        )
    return from_claim(claim, f"What is {x} compared to?", wording.answer(y), rule="comparison", sure=0.82)


def _reported(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield "Yi calls X Y" and "I compare X to Y" where the subject is the speaker."""
    found = COMPARES.match(claim.said)
    if found and claim.speaker and _is_speaker(found["who"], claim) and _thing(found["x"]):
        yield _compared(claim, wording.lowered(found["x"], reading.casing), found["y"], reading)
    for verb, pattern in (("called {x} {y}", CALLS), ("described {x} as {y}", SEES_AS)):
        found = pattern.match(claim.said)
        if found and reading.many_voices and claim.speaker and _is_speaker(found["who"], claim) and _thing(found["x"]):
            question = f"Which speaker {verb.format(x=found['x'], y=found['y'])}?"
            yield from_claim(claim, question, claim.speaker.full, rule="called_speaker", sure=0.93)


def _metaphor(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    found = METAPHOR.match(claim.said)
    if (
        not found
        or not claim.speaker
        or not reading.many_voices
        or not _thing(found["x"])
        or len(found[0].split()) > 16
    ):
        return
    verb = "called" if found["image"][0] in '“"' else "described"
    x = wording.lowered(found["x"], reading.casing)
    joined = found["y"] if verb == "called" else f"as {found['y']}"
    sure = 0.95 if verb == "called" else 0.88
    yield from_claim(
        claim, f"Which speaker {verb} {x} {joined}?", claim.speaker.full, rule="metaphor_speaker", sure=sure
    )


def _is_speaker(subject: str, claim: Claim) -> bool:
    name = claim.speaker.name if claim.speaker else ""
    return subject in {"I", name, *name.split()}


def _thing(phrase: str) -> bool:
    """Say whether a phrase names something by itself."""
    return len(phrase.split()) <= 8 and not wording.PRONOUN.search(phrase) and not wording.dangling(phrase + " is")
