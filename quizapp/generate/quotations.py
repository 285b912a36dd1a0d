"""Who made a point: for documents in which several people speak."""

import re
from collections.abc import Iterator

from quizapp.domain.documents import BlockKind
from quizapp.generate import grammar, wording
from quizapp.generate.candidates import Candidate, Reading, from_claim
from quizapp.generate.claims import Claim

STANCE = re.compile(
    r"\b(?:not|never|no longer|rather than|must|should|will|cannot|can’t|only|more important|most important|the real|the key|the true|"
    r"instead|unlike|better than|worse than|always|belongs to|calls for)\b"
)
QUOTED = re.compile(r"[“\"](?P<words>[^”\"]{15,180})[”\"],? (?:[\w’-]+ \w+, [“\"](?P<rest>[a-z][^”\"]{5,180})[”\"])?")
WORDS = 5  # of a quotation that somebody is remembered for
PER_SPEAKER = 1


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield direct quotations, and the sharpest points, at most one a speaker."""
    yield from _quoted(reading)
    if not reading.many_voices:
        return
    taken: dict[str, int] = {}
    for claim in reading.claims:
        said = claim.said
        if claim.speaker is None or claim.before or ":" in said or not _sharp(claim, said):
            continue
        taken[claim.speaker.name] = taken.get(claim.speaker.name, 0) + 1
        if taken[claim.speaker.name] > PER_SPEAKER:
            continue
        talks = claim.block.kind is BlockKind.BULLET and not re.match(r"As [A-Z]", claim.text)
        inner = said.replace("“", "‘").replace("”", "’")
        yield from_claim(
            claim,
            f"Which speaker made this point: “{inner}”?",
            claim.speaker.full,
            rule="point_speaker",
            sure=0.8 if talks else 0.6,
        )


def _quoted(reading: Reading) -> Iterator[Candidate]:
    """Yield who said what the document quotes, where more than one person could have."""
    if len(reading.speakers) < 2:
        return
    for claim in reading.claims:
        found = QUOTED.match(claim.text)
        if found and claim.speaker and claim.block.speaker is None and not wording.dangling(found["words"]):
            words = " ".join(part.rstrip(",.") for part in (found["words"], found["rest"]) if part)
            goes_on = claim.after and claim.after[0][:1] in '“"'
            if len(words.split()) < WORDS or goes_on:
                continue
            yield from_claim(claim, f"Who said: “{words}”?", claim.speaker.full, rule="quotation", sure=0.86)


def _sharp(claim: Claim, said: str) -> bool:
    """Say whether a sentence is a claim that one person would stand for, and is clear alone."""
    if claim.speaker is None or not 8 <= len(said.split()) <= 20 or wording.dangling(said) or not STANCE.search(said):
        return False
    named = any(part in said for part in claim.speaker.name.split())
    return (
        not named
        and (claim.parse is None or grammar.subject(claim.parse) is not None)
        and not said.startswith(("If ", "When "))
    )
