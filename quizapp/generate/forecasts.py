"""When something will happen, and who expects it."""

import re
from collections.abc import Iterator

from quizapp.generate import wording
from quizapp.generate.candidates import Candidate, Reading, from_claim
from quizapp.generate.claims import Claim

TIME = (
    r"(?:(?:[Ww]ithin|[Ii]n|[Bb]y|[Bb]eyond|[Aa]fter|[Oo]ver|[Bb]efore|[Uu]ntil) (?:the )?(?:next |coming |end of |middle of |start of )?(?:about |around |roughly )?"
    r"(?:\d{4}|\d{1,3}(?: ?(?:to|–|-|or) ?\d{1,3})? (?:years?|months?|weeks?|decades?)|(?:two|three|four|five|six|ten|twenty|few) (?:to \w+ )?(?:years?|months?|weeks?|decades?)|decade|century)"
    r"(?: from now)?)"
)
FIRST = re.compile(
    rf"^(?P<time>{TIME}), (?P<x>[^,;:]{{3,70}}?) (?P<aux>will|would|could|may|is expected to|are expected to) (?P<y>[^,;]{{4,120}}?)(?=[.;,]|$)"
)
LAST = re.compile(
    rf"^(?P<x>[^,;:]{{3,70}}?) (?P<aux>will|could|may|is expected to|are expected to) (?P<y>[^,;]{{4,120}}?) (?P<time>{TIME})(?=[.;,]|$)"
)


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield the time for which somebody, or the document, expects something."""
    for claim in reading.claims:
        said = claim.said
        found = FIRST.match(said) or LAST.match(said)
        if found and not wording.PRONOUN.search(found["x"]):
            yield _expected(claim, found, reading)


def _expected(claim: Claim, found: re.Match[str], reading: Reading) -> Candidate:
    x = wording.lowered(found["x"], reading.casing)
    x = wording.lowered(wording.capitalised(x), reading.casing)
    aux = found["aux"]
    if claim.speaker:
        question = f"When does {claim.speaker.name} forecast that {x} {aux} {found['y']}?"
    elif "expected" in aux:
        question = f"When {aux.split()[0]} {x} {aux.split(' ', 1)[1]} {found['y']}?"
    else:
        question = f"When {aux} {x} {found['y']}?"
    return from_claim(claim, question, wording.answer(found["time"]), rule="forecast", sure=0.92)
