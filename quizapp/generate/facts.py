"""Named things and single facts: who made it, what it is called, which one is the first.

Only patterns whose subject names itself; what needs its surroundings is left
to `clozes`, which can bring them along.
"""

import re
from collections.abc import Iterator

from quizapp.generate import antecedents, grammar, wording
from quizapp.generate.candidates import Candidate, Reading, from_claim
from quizapp.generate.claims import Claim

NAMED = r"(?:[A-Z][\w&’'.-]*|iPhone|\d[\w.]*)(?: (?:of |the |and |for )?(?:[A-Z][\w&’'.-]*|\d[\w.]*)){0,5}"
DONE = (
    r"hosted|founded|developed|created|organi[sz]ed|built|made|designed|led|invented|proposed|introduced|coined|owned|run|published|"
    r"donated|launched|maintained|acquired|written|discovered|established|sponsored|operated|produced|managed|funded"
)
PRESENT = {
    "hosted": "hosts", "owned": "owns", "run": "runs", "led": "leads", "maintained": "maintains", "managed": "manages",
    "funded": "funds", "operated": "operates", "produced": "produces", "sponsored": "sponsors", "written": "wrote",
}  # fmt: skip
PAST = {"run": "ran", "written": "wrote"}
BY = re.compile(
    rf"^(?P<x>(?:The |A |An )?[^,;:.]{{2,70}}?) (?P<be>is|are|was|were) (?:(?:an?|the) [\w -]{{3,40}} )?(?P<done>{DONE}) by (?P<y>(?:the )?{NAMED})(?=[,.;]|$| (?:in|and|since|for|at|on|to)\b)"
)
DOES = re.compile(
    rf"^(?P<y>(?:The )?{NAMED}) (?P<do>hosts|founded|developed|created|invented|coined|launched|acquired|donated|discovered|established|introduced|published|designed|built) (?P<x>(?:the |its |an? )?[^,;:.]{{3,90}}?)(?=[,.;:]|$| (?:once|every|each|in|since|last|to|for|on|at)\b)"
)
KIND = r"(?:model|product|platform|system|service|framework|tool|project|app|application|device|library|language|protocol|chip|engine|robot|agent|programme|program|suite|feature|standard|team|journal|book|film|vehicle|satellite|telescope|vaccine|drug)"
MODEL = re.compile(
    rf"^(?P<owner>{NAMED})[’']s? (?P<kind>(?:[\w-]+ ){{0,3}}{KIND}) (?P<name>{NAMED}) (?P<does>[a-z]+s [^;]{{6,160}}?)(?=;|$|, [a-z]+ing (?!and\b|or\b)| in this way)"
)
APPOSED = re.compile(
    rf"^(?P<name>{NAMED}), (?P<owner>{NAMED})[’']s? (?P<kind>(?:[\w-]+ ){{0,3}}{KIND}), (?P<does>[a-z]+s [^;]{{6,160}}?)(?=;|$|, [a-z]+ing (?!and\b|or\b)| in this way)"
)
WHICH = re.compile(
    rf"(?:\bis|^|, )(?: ?)(?P<name>{NAMED}), which (?P<does>(?!is\b|are\b|was\b|has\b|in\b|means\b)[a-z]+s [^;]{{12,140}}?)(?=;|$)"
)
SINGLE = re.compile(
    r"^(?P<lead>(?:In|For|Among|Within|At|On) [^,;:]{2,60}, )?(?:[^;:]{5,90}, and )?(?P<np>[Tt]he (?:[\w-]+ ){0,2}?(?:only|first|largest|biggest|smallest|fastest|best|worst|main|key|real|"
    r"next|primary|central|core|greatest|highest|lowest|earliest|oldest|latest|most \w+|least \w+|true|ultimate|easiest|hardest|more important|safest|cheapest) [^,;:]{3,90}?) "
    r"(?P<be>is|are|was|were|will be|lies in) (?P<y>[^;:]{3,140}?)(?=[.;:]|$|, which |, who |, not )"
)
BECOME = re.compile(
    r"^(?P<lead>(?:As|When|Once) [^,;:]{6,90}, )(?P<x>[^,;:]{3,50}?) (?P<verb>becomes?|gets?|grows?) (?P<y>(?:the|an?|more|less|ever) [^;:]{6,120}?)(?=;|$)"
)
MAY = re.compile(
    r"^(?P<x>(?:Only|Just) [^,;:]{3,60}?|Anyone[^,;:]{0,40}?|Everyone[^,;:]{0,40}?|Nobody|No one) (?P<aux>may|can|must|should) (?P<y>[^,;:]{5,110}?)(?=[.;:,]|$)"
)
PASSIVE = re.compile(r"be \w+(?:ed|en|n|t)\b")
WHAT = re.compile(
    r"^What (?P<does>[^,;:.]{4,70}?) (?:(?:isn[’']t|wasn[’']t|is not|was not) (?P<other>[^,;:.]{3,50}?)[,;] (?:it is|it was|it[’']s|but) |(?:is|was) )"
    r"(?P<y>(?!that\b|not\b)[^;:]{3,120}?)(?=[;:]|$)"
)
MOVES_ME = re.compile(r"What (?:\w+ )?[a-z]+(?:s|ed) (?:me|us)\b")
INNER = re.compile(
    r"\b(?:what|which|who|that|where|when|will|would|can|could|must|should|may|has|have|had|is|are|was|were)\b"
)
PLACE = re.compile(
    r"^(?P<x>(?:The |An? )?[^,;:.]{3,60}?) (?P<verb>takes place|take place|occurs?|happens?|is located|are located|lies|lie) (?P<y>(?:in|at|on|near|within|between) [^,;:]{4,70}?)(?=[,;]|$)"
)


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield single facts about things with names."""
    for claim in reading.claims:
        yield from _made_by(claim, reading)
        yield from _named(claim)
        yield from _single(claim, reading)
        yield from _may(claim)
        yield from _place(claim, reading)
        yield from _what(claim, reading)


def _made_by(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    if (found := BY.match(claim.said)) and _clear(found["x"]):
        x = wording.lowered(found["x"], reading.casing)
        now = found["be"] in {"is", "are"}
        ask = f"Who {PRESENT.get(found['done'], found['done']) if now else PAST.get(found['done'], found['done'])} {x}"
        yield from_claim(claim, wording.asked(ask, claim.speaker), wording.answer(found["y"]), rule="made_by", sure=0.9)
    elif (found := DOES.match(claim.said)) and _clear(found["x"]) and not found["x"].startswith("its "):
        ask = f"Who {found['do']} {found['x']}"
        yield from_claim(
            claim, wording.asked(ask, claim.speaker), wording.answer(found["y"]), rule="made_by", sure=0.88
        )


def _named(claim: Claim) -> Iterator[Candidate]:
    found = MODEL.match(claim.said) or APPOSED.match(claim.said)
    if found and len(found["name"].split()) <= 4:
        kind, head = found["kind"].rsplit(" ", 1) if " " in found["kind"] else ("", found["kind"])
        ask = f"Which {kind} {found['owner']} {head} {found['does']}".replace("  ", " ")
        yield from_claim(claim, wording.asked(ask, claim.speaker), found["name"], rule="name_of", sure=0.92)
    elif (found := WHICH.search(claim.said)) and _clear(found["does"]) and not found["name"].startswith("The "):
        ask = f"What {found['does']}"
        yield from_claim(claim, wording.asked(ask, claim.speaker), found["name"], rule="name_which", sure=0.85)


def _single(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    if found := SINGLE.match(claim.said):
        np = wording.lowered(found["np"], reading.casing)
        complete = bool(re.search(r" (?:of|for|to|in|on|behind|between|that|with|preventing) ", np)) or bool(
            found["lead"]
        )
        vague = re.search(r" (?:in|of|for|on|at|behind) the ([a-z]+)$", np)
        unclear = (
            (vague and vague[1] not in reading.document.title.lower())
            or wording.PRONOUN.search(found["np"])
            or found["y"].split(" ", 1)[0]
            in {
                "to",
                "not",
                "that",
                "how",
                "it",
            }
        )
        if complete and not unclear and not wording.PRONOUN.match(found["y"]):
            lead = found["lead"] or ""
            ask = f"{lead}what {found['be']} {np}" if found["be"] != "lies in" else f"{lead}where does {np} lie"
            answer = f"In {found['y']}" if found["be"] == "lies in" else found["y"]
            yield from_claim(claim, wording.asked(ask, claim.speaker), wording.answer(answer), rule="single", sure=0.86)
    if (found := BECOME.match(claim.said)) and _clear(found["x"]):
        ask = f"{found['lead']}what {_singular(found['verb'])} {found['y']}"
        yield from_claim(claim, wording.asked(ask, claim.speaker), wording.answer(found["x"]), rule="become", sure=0.88)


def _place(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    found = PLACE.match(claim.said)
    if found and _clear(found["x"]) and not INNER.search(found["x"]) and not wording.PRONOUN.search(found["y"]):
        x, verb = wording.lowered(found["x"], reading.casing), found["verb"]
        many = verb in {"take place", "occur", "happen", "are located", "lie"}
        base = verb.replace("takes", "take").removesuffix("s") if "located" not in verb else "located"
        ask = (
            f"where {'are' if many else 'is'} {x} located"
            if base == "located"
            else f"where {'do' if many else 'does'} {x} {base}"
        )
        yield from_claim(claim, wording.asked(ask, claim.speaker), wording.answer(found["y"]), rule="place", sure=0.86)


def _what(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield "What predicted the rise was X" and "What we have lost isn't Y, it is X"."""
    found = WHAT.match(antecedents.named(claim, reading)[0] if MOVES_ME.match(claim.said) else claim.said)
    if found is None or wording.PRONOUN.match(found["y"]) or " that " in found["does"]:
        return
    but = f", if not {found['other']}" if found["other"] else ""
    owner = re.match(r"(?:we|people|they) (?:have|[’']ve) (?P<done>\w+)$", found["does"])
    asked = f"What have we {owner['done']}{but}" if owner else f"What {found['does']}{but}"
    does = _clear(found["does"]) and re.match(r"(?!has|have|was|is)\w+(?:ed|s)\b", found["does"])
    if owner or does:
        yield from_claim(claim, wording.asked(asked, claim.speaker), wording.answer(found["y"]), rule="what", sure=0.88)


def _may(claim: Claim) -> Iterator[Candidate]:
    if (found := MAY.match(claim.said)) and not wording.dangling(found["y"] + ".") and _stands_alone(claim):
        thing = PASSIVE.match(found["y"]) and not re.match(r"(?:any|every|nobody|no one)", found["x"], re.IGNORECASE)
        who = "What" if thing and not antecedents.PERSON.search(found["x"]) else "Who"
        ask = f"{who} {found['aux']} {found['y']}"
        yield from_claim(claim, wording.asked(ask, claim.speaker), wording.answer(found["x"]), rule="may", sure=0.86)


def _singular(verb: str) -> str:
    return verb if verb.endswith("s") else verb + "s"


def _stands_alone(claim: Claim) -> bool:
    return claim.parse is None or grammar.root(claim.parse) is not None


def _clear(phrase: str) -> bool:
    return not wording.PRONOUN.search(phrase) and not wording.dangling(phrase)
