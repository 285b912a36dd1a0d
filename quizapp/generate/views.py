"""What somebody stands for: their advice, what they want or lack, and what it comes down to.

Only sentences whose speaker is known are asked about, and every question names the speaker.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from quizapp.domain.documents import Speaker
from quizapp.generate import reasons, wording
from quizapp.generate.candidates import Candidate, Reading, from_claim
from quizapp.generate.claims import Claim
from quizapp.ingest import names

View = Callable[[Claim, Speaker, Reading], Iterator[Candidate]]

STANCE = (
    r"(?:remedy|tip|advice|lesson|rule|rule of thumb|message|warning|caution|recommendation|proposal|suggestion|plea|solution|argument|"
    r"conclusion|worry|fear|hope|wish|verdict|prediction|answer)"
)
OWN = re.compile(
    rf"^(?P<who>{names.NAME}[’']s?|My|Our|The|One) (?P<what>(?:(?:main|first|one|only|best|last|single|biggest) )?{STANCE}"
    r"(?: (?:to|for|on|about|against) [^,:;]{2,40}?)?)"
    r"(?P<passed> (?:that )?(?:I|we)(?:[’']d| would) (?P<verb>pass on|give|offer|share|take)\b[^,:;]{0,50}?)? (?P<be>is|was) (?P<y>.+)$"
)
SAID_AS = re.compile(r"^(?:[^:;]{3,40}(?:: |, namely )|that (?!of\b)|this: )(?P<y>.+)$")
LACKS = re.compile(rf"^What (?P<who>{names.NAME}) (?P<verb>[a-z]+s) (?:is|are) (?P<y>[^,;:]{{3,80}}?)(?:,.*)?$")
WANTS = re.compile(
    rf"^(?P<who>{names.NAME}) (?:also )?(?P<verb>wants|wanted|would like) (?P<whom>[^,;:]{{3,50}}?) to (?P<do>[a-z]+) (?P<y>[^,;:]{{8,120}}?)(?:,.*)?$"
)
COMES_DOWN = re.compile(
    r"^(?P<x>[^,;:]{5,70}?) (?P<verb>came|comes|boiled|boils) down to (?P<y>[^,;:]{4,90})(?=[,;:]|$)"
)
PROVIDED = re.compile(
    r"^(?P<x>[^;:]{10,110}?),? (?:provided(?: that)?|as long as|so long as|on condition that) (?P<y>[^;:,]{6,100})$"
)
VAGUE = re.compile(r"\b[Tt]he (?:rest|others?)\b|n[’']t\b|\bnot\b")
SMALL = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
COUNT = rf"(?:{'|'.join(SMALL)}|\d+|none|all|half)"
OF_THOSE = re.compile(
    rf"(?:^|[:;,] )[Oo]f (?P<group>the (?:[\w-]+ )?[a-z]+ (?:who|that|which|in|on|at|from)\b[^,;:]{{3,80}}), (?:only |just )?(?P<n>{COUNT}) (?P<did>[a-z][^,;:]{{3,80}})$"
)
ANSWER_WORDS = range(2, 26)


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield what every speaker advises, wants and lacks, and how many of a group did what."""
    for claim in reading.claims:
        if speaker := claim.speaker:
            for found in (card for view in VIEWS for card in view(claim, speaker, reading)):
                yield replace(found, context=f"{found.context} {speaker.name} lack would under condition")


def _own(claim: Claim, speaker: Speaker, reading: Reading) -> Iterator[Candidate]:
    """Yield "What is Ada Byron’s advice on looms?" for "Her advice on looms was blunt: don't stop them"."""
    found = OWN.match(claim.said)
    if found is None or (found["who"] in {"The", "One"} and not found["passed"]):
        return
    inner = SAID_AS.match(found["y"])
    y = inner["y"] if inner else found["y"]
    if not (inner or y.startswith("to ")) or wording.PRONOUN.match(y):
        return
    noun = found["what"]
    question = f"What {found['be']} {_possessive(speaker)} {noun}?"
    if found["passed"]:
        question = f"What {noun} would {speaker.name} {found['verb']}?"
    yield from _card(claim, question, y, rule="view_own", sure=0.88)


def _lacks(claim: Claim, speaker: Speaker, reading: Reading) -> Iterator[Candidate]:
    """Yield "What does Ada Byron lack?" for "What Ada Byron lacks are weavers, since ..."."""
    if found := LACKS.match(claim.said):
        verb = re.sub(r"(?<=ss|sh|ch)es$|s$", "", found["verb"])
        yield from _card(claim, f"What does {found['who']} {verb}?", found["y"], rule="view_lacks", sure=0.84)


def _wants(claim: Claim, speaker: Speaker, reading: Reading) -> Iterator[Candidate]:
    """Yield "What does Ada Byron want the mill to pay?"."""
    found = WANTS.match(claim.said)
    if found and not wording.PRONOUN.match(found["whom"]):
        helper, verb = {"wants": ("does", "want"), "wanted": ("did", "want")}.get(found["verb"], ("would", "like"))
        question = f"What {helper} {found['who']} {verb} {found['whom']} to {found['do']}?"
        yield from _card(claim, question, found["y"], rule="view_wants", sure=0.84)


def _comes_down(claim: Claim, speaker: Speaker, reading: Reading) -> Iterator[Candidate]:
    """Yield "What did most of the loss come down to?"."""
    found = COMES_DOWN.match(claim.said)
    if found and not wording.dangling(f"{found['x']}."):
        helper = "did" if found["verb"] in {"came", "boiled"} else "does"
        base = "come" if found["verb"].startswith("c") else "boil"
        asked = wording.asked(f"what {helper} {wording.lowered(found['x'], reading.casing)} {base} down to", speaker)
        yield from _card(claim, asked, found["y"], rule="view_comes_down", sure=0.86)


def _provided(claim: Claim, speaker: Speaker, reading: Reading) -> Iterator[Candidate]:
    """Yield "Under what condition does the loom hold?" for "The loom holds, so long as the beam is dry"."""
    found = PROVIDED.match(claim.said)
    clear = found and not re.match(r"(?:it|they|this|that|he|she|there|we|I)\b", found["y"])
    asked = reasons.why(found["x"], reading) if found and clear and not VAGUE.search(found["x"]) else None
    if found and asked:
        question = wording.asked(asked.replace("why ", "under what condition ", 1), speaker)
        yield from _card(claim, question, found["y"], rule="view_provided", sure=0.84)


def _of_those(claim: Claim, speaker: Speaker, reading: Reading) -> Iterator[Candidate]:
    """Yield "How many of the forty mills that asked went on?" for "of the forty mills that asked, six went on"."""
    found = OF_THOSE.search(claim.said)
    if found and not wording.PRONOUN.search(found["group"]):
        question = wording.asked(f"how many of {found['group']} {found['did']}", speaker)
        figure = str(SMALL.index(found["n"]) + 1) if found["n"] in SMALL else found["n"]
        for one in _card(claim, question, figure, rule="view_of_those", sure=0.88):
            yield replace(one, context=f"{one.context} {figure}")


def _card(claim: Claim, question: str, answer: str, *, rule: str, sure: float) -> Iterator[Candidate]:
    said = wording.answer(answer)
    if len(said.split()) in ANSWER_WORDS or rule in {"view_of_those", "view_lacks"}:
        yield from_claim(claim, question, said, rule=rule, sure=sure)


def _possessive(speaker: Speaker) -> str:
    return speaker.name + ("’" if speaker.name.endswith("s") else "’s")


VIEWS: tuple[View, ...] = (_own, _lacks, _wants, _comes_down, _provided, _of_those)
