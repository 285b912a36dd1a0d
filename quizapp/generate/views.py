"""What somebody stands for: their advice, what they want or lack, and what they mean by a word of theirs.

Only sentences whose speaker is known are asked about, and every question names the speaker.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from quizapp.domain.documents import Speaker
from quizapp.generate import grammar, reasons, wording
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
GLOSSED = re.compile(r", (?:i\.e\.|that is to say|meaning),? (?P<y>(?:that )?[^;]{8,180}?)(?=;|$)")
COMPOUND = re.compile(r"(?:\w+-)+\w+$")
TERM_FOR = re.compile(
    rf"[\"“](?P<term>[^\"“”]{{3,40}}?),?[\"”],? (?:his|her|their|my|our|{names.NAME}[’']s?) (?:own )?(?:term|name|word|phrase|label|shorthand|expression) "
    r"for (?P<y>[^;]{8,200})$"
)
APPOSED = re.compile(r"[\"“](?P<term>[a-z][^\"“”]{3,40}?),?[\"”], (?P<y>[a-z][^,;:]{10,150})$")
CALLS = re.compile(
    rf"^(?P<front>.{{15,}}?), an? (?P<kind>[\w -]{{3,40}}?) (?:that |which )?(?:he|she|they|I|we|{names.NAME}) (?:calls?|called) "
    r"[\"“]?(?P<term>[\w’ -]{3,40}?)[\"”]?(?=[,;.]|$)"
)
COMES_DOWN = re.compile(
    r"^(?P<x>[^,;:]{5,70}?) (?P<verb>came|comes|boiled|boils) down to (?P<y>[^,;:]{4,90})(?=[,;:]|$)"
)
IS_TERM = re.compile(
    r"\b(?:is|are) (?P<term>an? (?!simple|good|bad|new|big|small|clear|real|great|different|common)[a-z-]+ [a-z]{4,}(?: [a-z]{4,})?): (?P<y>[^:]{20,})$"
)
NO_TERM = re.compile(
    r"(?:thing|way|question|reason|problem|rule|point|matter|story|case|example|result|one|lot|kind)s?$"
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
NOUNS = {"NOUN", "PROPN"}


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield what every speaker advises, wants and lacks, what they mean by a term, and how many of a group did what."""
    for claim in reading.claims:
        if speaker := claim.speaker:
            for found in (card for view in VIEWS for card in view(claim, speaker, reading)):
                yield replace(found, context=f"{found.context} {speaker.name} mean call lack would under condition")


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


def _means(claim: Claim, speaker: Speaker, reading: Reading) -> Iterator[Candidate]:
    """Yield "What does “warp tension” mean?" for "..., warp tension, meaning how hard ..."."""
    found = GLOSSED.search(claim.said)
    term = _term(claim, found.start()) if found else ""
    if found and term:
        what = re.split(r", (?:which|so|and|but|who)\b", found["y"].removeprefix("that "))[0]
        asked = wording.asked(f"what does “{term}” mean", speaker)
        yield from _card(claim, asked, what, rule="view_means", sure=0.86)


def _term(claim: Claim, stop: int) -> str:
    """Return the noun that ends in front of a comma, with the words that belong to it."""
    front = claim.said[:stop]
    if compound := COMPOUND.search(front):
        return compound[0]
    before = [one for one in claim.parse or () if one.idx + len(one.text) <= stop]
    words: list[str] = []
    while before and before[-1].pos_ in {*NOUNS, "ADJ"} and len(words) < 3:
        words.insert(0, before.pop().text)
    named = claim.parse is not None and len(words) > 1 and words[-1].islower()
    return " ".join(words) if named else ""


def _coined(claim: Claim, speaker: Speaker, reading: Reading) -> Iterator[Candidate]:
    """Yield "What does Ada Byron mean by “slack”?" for "“slack”, her term for ..."."""
    found = TERM_FOR.search(claim.said) or APPOSED.search(claim.said)
    if found is None:
        return
    doc = reading.parse(found["y"]) if found.re is APPOSED else None
    noun = found.re is TERM_FOR or (doc is not None and any(one.dep_ == "ROOT" and one.pos_ in NOUNS for one in doc))
    if noun:
        yield from _card(
            claim, f"What does {speaker.name} mean by “{found['term']}”?", found["y"], rule="view_means", sure=0.88
        )


def _calls(claim: Claim, speaker: Speaker, reading: Reading) -> Iterator[Candidate]:
    """Yield "What is the arrangement that Ada Byron calls fair cloth?" for "..., an arrangement she calls fair cloth"."""
    found = CALLS.match(claim.said)
    verb = grammar.root(claim.parse) if found and claim.parse is not None else None
    if found and verb is not None and verb.idx < found.end("front"):
        what = claim.said[verb.idx + len(verb.text) : found.end("front")].strip()
        question = f"What is the {found['kind']} that {speaker.name} calls “{found['term']}”?"
        yield from _card(claim, question, what, rule="view_means", sure=0.84)


def _comes_down(claim: Claim, speaker: Speaker, reading: Reading) -> Iterator[Candidate]:
    """Yield "What did most of the loss come down to?"."""
    found = COMES_DOWN.match(claim.said)
    if found and not wording.dangling(f"{found['x']}."):
        helper = "did" if found["verb"] in {"came", "boiled"} else "does"
        base = "come" if found["verb"].startswith("c") else "boil"
        asked = wording.asked(f"what {helper} {wording.lowered(found['x'], reading.casing)} {base} down to", speaker)
        yield from _card(claim, asked, found["y"], rule="view_comes_down", sure=0.86)


def _is_term(claim: Claim, speaker: Speaker, reading: Reading) -> Iterator[Candidate]:
    """Yield "What is a split warp?" for "The trouble is a split warp: half of the threads ..."."""
    found = IS_TERM.search(claim.said)
    if found and not NO_TERM.search(found["term"]) and not wording.PRONOUN.match(found["y"]):
        yield from _card(
            claim, wording.asked(f"what is {found['term']}", speaker), found["y"], rule="view_means", sure=0.8
        )


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


VIEWS: tuple[View, ...] = (_own, _lacks, _wants, _means, _coined, _calls, _comes_down, _is_term, _provided, _of_those)
