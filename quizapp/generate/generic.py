"""Plain subject questions: right one time in three, so they wait in the tray."""

import re
from collections.abc import Iterator

from quizapp.generate import grammar, wording
from quizapp.generate.candidates import Candidate, Reading, from_claim

LEAD = re.compile(
    r"(?:In|For|With|At|By|On|From|Among|Across|Within|After|Before|Under|Over|During|As|When|Once|Since) \S+"
)


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield "what <predicate>?" for short, clear sentences."""
    for claim in reading.claims:
        if claim.parse is None or not 6 <= claim.words <= 26:
            continue
        subject, verb = grammar.subject(claim.parse), grammar.root(claim.parse)
        if subject is None or verb is None or len(subject) > 9 or wording.PRONOUN.search(subject.text):
            continue
        rest = claim.parse[subject.end :].text.rstrip(" .")
        if wording.dangling(rest) or ":" in rest or (grammar.plural(subject[-1]) and verb.tag_ == "VBP"):
            continue
        lead = grammar.lead(claim.parse)
        if lead and not LEAD.match(lead):
            continue
        front = f"{wording.lowered(lead, reading.casing)}, " if lead else ""
        yield from_claim(
            claim,
            wording.asked(f"{front}what {rest}", claim.speaker),
            wording.answer(subject.text),
            rule="subject",
            sure=0.45,
        )
