"""Sentences with a gap where the number or the name was.

The gap keeps the document's own words as context; a sentence that leans on
the one before it brings that one along.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from quizapp.domain.cards import CardKind
from quizapp.domain.cloze import BETWEEN, GAP
from quizapp.domain.documents import BlockKind, Span
from quizapp.generate import pairs, passages, referents, wording
from quizapp.generate.candidates import Candidate, Reading, from_claim
from quizapp.generate.claims import Claim
from quizapp.generate.pairs import Spans

ABOUT = (
    r"(?i:(?:more|less|fewer|no more|no less|no later) than|at least|at most|up to|close to|as many as|as much as|as little as|over|under|about|"
    r"around|nearly|almost|roughly|approx(?:imately|\.)?|exactly|within|only|max(?:imum|\.)?|min(?:imum|\.)?)"
)
DIGITS = r"[−+]?(?:[$€£¥]\s?)?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
COUNT = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|"
    r"twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
)
WORDED = rf"(?:(?!one\b){COUNT}(?:-{COUNT})?(?: hundred| thousand)?(?: and a half)?|(?<!and a )half|a hundred|a thousand|tens|dozens|hundreds|thousands|millions|billions)"
SCALE = r"(?:%|percent|per cent|percentage points|thousand|million|billion|trillion)"
UNIT = (
    r"(?:working |business |calendar )?(?:seconds?|minutes?|hours?|days?|weeks?|months?|quarters?|years?|decades?|times|milliseconds?|millihertz|"
    r"hertz|Hz|kHz|MHz|GHz|(?:kilo|centi|milli|cubic |square )?met(?:re|er)s?|miles?|km|cm|mm|kg|tonnes?|tons?|kilos?|(?:milli|micro|kilo)?grams?|litres?|degrees?(?: Celsius| Fahrenheit)?|watts?|kW|MW|GW|kWh|MWh|GWh|volts?|kV|"
    r"megawatts?|gigawatts?|kilowatts?|GB|MB|TB|KB|Gbps|Mbps|dollars?|euros?|pounds?|points?|people|employees|users|customers|tokens|nodes|GPUs|"
    r"ms|µm|m/s|km/h|m|h|min|°C|°F|bar|ppm|items|loans|copies)"
)
RANGE = rf"{DIGITS}(?:\s?(?:–|-|to|or|and)\s?{DIGITS})?"
NUMBER = re.compile(
    rf"(?<![\w.,$€£-])(?:{ABOUT}\s)?(?:{RANGE}(?:\s?{SCALE})?(?:[\s-]{UNIT}\b(?:\s\+\s{RANGE}[\s-]{UNIT}\b)?)?|{WORDED}(?: (?:to|or) (?:{WORDED}|{DIGITS}))?[\s-](?:{SCALE}(?:[\s-]{UNIT}\b)?|{UNIT}\b))(?![\w.]\w|-[a-z])"
)
# "two thirds of the men", "nineteen of the 23 countries", "one in five", "about half of it"
SHARE = re.compile(
    rf"(?<![\w-])(?:{ABOUT}\s)?(?:(?:an?|one|two|three|four|five) (?:half|halves|thirds?|quarters?|fifths?|sixths?|eighths?|tenths?|hundredths?)(?= (?:of|as|the)\b)|"
    rf"half(?= of (?:the|all|its|their)\b)|(?:{COUNT}|\d+)(?= (?:of|out of) (?:the |every |all )?(?:{COUNT}|\d[\d,]*)\b))",
    re.IGNORECASE,
)
EVENT = re.compile(
    r"\b(?:[Bb]y|[Ff]rom|[Uu]ntil|[Ss]ince) (?P<when>(?:the end of |early |late |spring |summer |autumn |winter )?(?:\d{1,2} )?(?:[A-Z][a-z]+ )?(?:19|20)\d\d)(?![\d–-]| to \d)"
)
LEVEL = re.compile(r"(?<=the )(?:hundred|ten|single|triple|double)-(?:billion|million|thousand|trillion)(?= level)")
NAMED_BEFORE = re.compile(
    r"(?:(?<!\bp)[A-Z][\w-]*|[Nn]o\.|[Ss]everity|[Vv]ersion|[Ll]evel|[Ss]teps?|[Cc]hapter|[Pp]hase|[Ss]ection|[Ff]igure|[Tt]able|[Pp]age|[Pp]art|[Tt]ype|[Gg]rade|[Rr]elease|AI) $"
)
DATE = re.compile(r"^(?:19|20)\d\d$|^\d{1,2}$")
POINT = re.compile(
    r"\b(?:[Tt]he|[Ii]ts|[Tt]heir) (?:[\w’-]+ ){0,3}?(?P<n>bottleneck|antidote|cure|remedy|mechanism|cause|reason|success|advantage|goal|answer|secret|difference|risk|priority|rule|lesson|solution|condition|foundation|root|"
    r"challenge|problem|point|key|task|mission|focus|purpose|principle) (?:(?:actually |really |mainly |often )?(?:is simple:|is|was|lies in|comes (?:more |mainly |mostly |largely )?from|rests on|depends on)) (?P<y>[^,;:.]{4,70}?)(?=[.;]|$|, which |, not )"
)
FRONT_NAME = re.compile(
    r"^(?P<name>(?:[A-Z][\w&.-]*)(?: (?:[A-Z][\w&.-]*|\d[\w.]*)){1,4}) (?:is|are|was) (?:that|the|an?|one) "
)
ITSELF = re.compile(
    r"\b[Tt]his (?:chapter|document|page|section|paper|article|guide|handbook|book|post|report|talk|text)\b"
)
IN_PASSING = re.compile(r"^\((?!\d+\)).*\)?\.?$| · .* · ")  # an aside, or the line of facts below a title
# "twice as many as two years ago", "forty-five and ninety degrees", "the next five years"
HANGING = re.compile(
    rf"(?:\b(?:twice|half|times|double|next|coming|past|last|first|second|other)|(?:{WORDED}|-\w+|\d) (?:and|or)) $",
    re.IGNORECASE,
)
MONTH = re.compile(r" (?:January|February|March|April|May|June|July|August|September|October|November|December)\b")
# What it was is not what it is: "rather than", "down from 2,900", "1.85, after 2.04 in 2023", "was only 3 days".
FORMER = re.compile(
    r"\b(?:rather than|instead of|no longer)\b[^,;:]*$|\b(?:(?:up|down)(?:,? a bit)?,? from|compared (?:with|to)|\d[^,;]*, was|used to be|had been)(?: only| an? \w+ of)? $"
)
EARLIER = re.compile(r", after $"), re.compile(r"^ in (?:19|20)\d\d\b")
FORMERLY = re.compile(r"^(?: [a-z]+)? (?:before|earlier|previously)(?=[.,;:)]|$)")
# "1 and 5" of a list, without a word for what they are.
REFERENCES = re.compile(r"\d{1,2} (?:and|or) \d{1,2}")
RESTATES = re.compile(r"\b(?:so|i\.e\.|that is|meaning|or rather)\b[^,;]{0,24}$")  # the number was given before
ANSWER_WORDS = 3  # the question that they answer says the rest


# Numbers that nobody would want to remember: whom to call, how a vote went, who is thanked, what an example assumes,
# how long somebody has done something, how many were looked at.
CALLED = re.compile(r"(?:\b(?:call|phone|dial|tel|ext|fax|no|room|item|issue)\b[.:]?|\+\d+)[ \d]*$", re.IGNORECASE)
VOTE = re.compile(
    r"\b(?:of you|thanks?(?: you)?(?! to\b))\b|\bQuorum\b|\d (?:in favou?r|abst\w*)\b|\(\d+[^()]*\bagainst\)|\bunanimous",
    re.IGNORECASE,
)
EXAMPLE = re.compile(
    r"\b(?:[Ww]orked example|[Ee]xample:|[Ff]or example|[Ff]or instance|e\.g\.|Imagine|[Ss]uppose|[Tt]ry (?:it|this))"
)
EXAMPLE_COSTS = 0.2
TENURE = re.compile(
    r"(?:\b(?P<who>I|we|he|she|who|and|[A-Z][\w’-]+)(?: (?:has|have|had|[a-z]+ly))*|[’'](?:ve|d)) "
    r"(?:been|sat|ran|worked|taught|spent|served|lived|led|done|played|tried|studied|waited|fought|asked)\b(?:,? [\w’-]+){0,6}? $"
)
LIMIT = re.compile(r"at (?:least|most)|up to|no |within|m(?:ax|in)", re.IGNORECASE)
SPAN_OF_TIME = re.compile(r"(?:seconds|minutes|hours|days|weeks|months|years|decades)$")
LOOKED_AT = re.compile(r"^ (?:[a-z-]+ ){0,2}?(?:samples|responses|bugs|tickets|msgs|near-miss reports|restores)\b")
# "1.1 TB in May": how things stood on a day. "about 40 per minute": of what, a sentence before says.
STOOD = re.compile(r"\b(?:was|were) $"), re.compile(rf"^ (?:in|on|as of){MONTH.pattern}(?! \d)")
HEADLESS = (
    re.compile(rf"(?:{ABOUT} )?\d[\d,.]*"),
    re.compile(r"^ (?:per|an?) \w"),
    re.compile(r"\b(?:is|are|was|were) $"),
)
OF_THEM = re.compile(r" of (?:them|these|those)\b")  # of whom, a sentence before says
MENDED = re.compile(r"^(?:bug ?)?fix(?:es|ed)?$", re.IGNORECASE)  # a heading: what no longer happens
STORY = re.compile(r"\b(?:[Ss]tory|[Aa]necdote|[Oo]nce upon)\b|\bIn the (?:incident|outage|accident)\b")


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield gaps for numbers that carry the point, and for the point itself."""
    for claim in reading.claims:
        if claim.block.kind is BlockKind.STEP and claim.words < 6:
            continue
        if MENDED.match(claim.heading or "") and not re.search(r"\bnow\b", claim.text):
            continue
        yield from _numbers(claim, reading)
        yield from _dates(claim, reading)
        yield from _then_and_now(claim, reading)
        if found := POINT.search(_told(claim)):
            yield from _gap(claim, (found.span("y"),), reading, rule="cloze_point", sure=0.85)
        if (
            (found := FRONT_NAME.match(_told(claim)))
            and claim.before
            and _told(claim).startswith(found["name"] + " is that ")
        ):
            yield from _gap(claim, (found.span("name"),), reading, rule="cloze_name", sure=0.86)


def _told(claim: Claim) -> str:
    """Return the words of a gap: what is said, with the "Ada warned that ..." of a report."""
    reported = claim.speaker is not None and claim.block.speaker is None and claim.evidence is None
    return wording.opened(claim.told or claim.text).rstrip(".") if reported else claim.said


def _numbers(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    said = _told(claim)
    given = set(re.findall(r"\w+", reading.document.title.lower()))
    found = [
        one
        for one in (*SHARE.finditer(said), *NUMBER.finditer(said), *LEVEL.finditer(said))
        if _tells(one, said) and not _tenure(one, said, reading) and not _quantity(one[0]) <= given
    ]
    if pair := pairs.within(said, list(NUMBER.finditer(said))):
        found = [one for one in found if not any(one.start() < end and start < one.end() for start, end in pair)]
        yield from _gap(claim, pair, reading, rule="cloze_pair", sure=0.9)
    if not found or any(RESTATES.search(said[: one.start()]) for one in NUMBER.finditer(said)):
        return
    telling = sorted(found, key=lambda one: (-_weight(one), -one.start()))
    crowded = len(found) > 3
    asked = bool(pair)  # the best gap of the sentence is taken
    for nth, number in enumerate(telling[: (1 if crowded else 2) - asked], start=asked):
        sure = 0.84 - 0.06 * crowded - 0.15 * (_weight(number) == 0) - 0.15 * nth
        sure -= EXAMPLE_COSTS * bool(EXAMPLE.search(claim.text))
        yield from _gap(claim, (number.span(),), reading, rule="cloze_number", sure=sure)


def _dates(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield the one date by or from which something holds: a date alone is no fact, an event with one is."""
    found = list(EVENT.finditer(_told(claim)))
    if len(found) == 1 and len(re.findall(r"\b(?:19|20)\d\d\b", _told(claim))) == 1:
        yield from _gap(claim, (found[0].span("when"),), reading, rule="cloze_date", sure=0.82)


def _tells(number: re.Match[str], sentence: str) -> bool:
    """Say whether a number is a fact, not a date, a name's part or a reference."""
    bare = number[0].strip()
    before, after = sentence[: number.start()], sentence[number.end() :]
    if _names_a_thing(bare, before, after) or _small(bare, before, after):
        return False
    if DATE.match(bare) and not re.match(r" [a-z]", after):
        return False
    if re.fullmatch(r"1\d\d\d|20\d\d|(?:19|20)\d\d[-–/]\d\d|0\d{2,}", bare) or CALLED.search(before):
        return False
    if re.search(r"[=≈÷×*/]\s?$", before) or re.match(r"\s?[=≈÷×*/]", after) or VOTE.search(sentence):
        return False
    if MONTH.match(after) or (REFERENCES.fullmatch(bare) and not re.match(r" [a-z]{4,}", after)):
        return False
    return (
        not HANGING.search(before)
        and not FORMER.search(before)
        and not FORMERLY.match(after)
        and not re.search(rf"(?:\d\.|[\[(#/:]|\b{WORDED}, )$", before)
        and not re.match(r"[:/.]\d|st\b|nd\b|rd\b|th\b", after)
        and not _listed(bare, after)
    )


def _names_a_thing(bare: str, before: str, after: str) -> bool:
    """Say whether a number is part of a name: "Level 3", "Lantern 5"."""
    counts = re.search(r"[\s%]|[$€£]", bare) or re.match(r" (?:million|people)", after)
    return bool(NAMED_BEFORE.search(before)) and not counts


def _tenure(number: re.Match[str], sentence: str, reading: Reading) -> bool:
    """Say whether a number tells how long somebody has done something."""
    found = TENURE.search(sentence[: number.start()]) if SPAN_OF_TIME.search(number[0].strip()) else None
    people = {part for who in (*reading.document.people, *reading.speakers) for part in who.name.split()}
    return found is not None and (not (found["who"] or "").istitle() or found["who"] == "I" or found["who"] in people)


def _small(bare: str, before: str, after: str) -> bool:
    """Say whether a number tells how much was looked at, how things stood once, or belongs to a story."""
    stood = STOOD[0].search(before) and STOOD[1].match(after) and not re.search(r"[%$€£]|percent|euros", bare)
    earlier = EARLIER[0].search(before) and EARLIER[1].match(after)
    looked_at = LOOKED_AT.match(after) and not LIMIT.match(bare)
    return bool(stood or earlier or looked_at or STORY.search(before))


def _listed(bare: str, after: str) -> bool:
    """Say whether a small number only counts a list that the text then gives."""
    return bool(re.fullmatch(r"\d", bare)) and ":" in after


def _quantity(number: str) -> set[str]:
    """Return what a number says without "about" and its like."""
    return set(re.findall(r"\w+", re.sub(ABOUT, "", number.lower())))


def _weight(number: re.Match[str]) -> int:
    """Return how much of a number's meaning stands in the gap: unit, scale or size."""
    said = number[0]
    measures = bool(re.search(rf"{SCALE}|{UNIT}|[$€£]|level", said)) or number.re is SHARE
    return 2 * measures + bool(re.search(ABOUT, said)) + (len(re.sub(r"\D", "", said)) > 3)


def _gap(claim: Claim, where: Spans, reading: Reading, *, rule: str, sure: float) -> Iterator[Candidate]:
    said = _told(claim)
    answer = BETWEEN.join(_answer(said[start:end]) for start, end in where)
    if any(_unfit(claim, said, one) for one in where):
        return
    of_them = len(where) == 1 and OF_THEM.match(said[where[0][1] :]) is not None
    bare = _headless(said, where[0]) or of_them
    start = passages.start(claim, needs=rule in {"cloze_point", "cloze_name"} or bare)
    if of_them and not (claim.asked or (start and _names_many(start))):
        return
    answers = claim.asked and (claim.before is None or referents.fragment(claim))
    if start is None and not answers:
        return
    if start is None or (claim.asked and not claim.speaker and referents.fragment(claim)):
        start = claim  # the question says what the sentence does not
    before = passages.before(claim, start)
    if any(told.lower() in before.lower() for told in answer.split(BETWEEN)):
        sure -= 0.2
    question = f"{before}{_hidden(said, where)}{_end(claim)}"
    span = Span(min(start.span.start, (claim.evidence or claim.span).start), claim.span.end)
    found = from_claim(claim, question, answer, rule=rule, sure=sure, kind=CardKind.CLOZE, span=span)
    yield replace(found, asked=claim.asked)


def _then_and_now(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield what it is and what it was, for "Ten years ago it was 23" after the sentence with what it is."""
    now, then = claim.before, list(NUMBER.finditer(_told(claim)))
    if now is None or len(then) != 1 or not pairs.tells_then(_told(claim), then[0]):
        return
    start = now if not referents.leans(now) else passages.start(now, needs=False)
    found = [one for one in NUMBER.finditer(now.said) if _tells(one, now.said)]
    if start is None or len(found) != 1 or _unfit(now, now.said, found[0].span()):
        return
    answer = BETWEEN.join(_answer(one[0]) for one in (*found, *then))
    shown = f"{passages.before(now, start)}{_hidden(now.said, (found[0].span(),))}. {_hidden(_told(claim), (then[0].span(),))}"
    span = Span(start.span.start, claim.span.end)
    yield from_claim(
        claim, f"{shown}{_end(claim)}", answer, rule="cloze_pair", sure=0.9, kind=CardKind.CLOZE, span=span
    )


def _hidden(said: str, where: Spans) -> str:
    """Return what is said with a gap at each of the places, which are in order."""
    shown, at = "", 0
    for start, end in where:
        shown += said[at:start] + GAP
        at = end
    return shown + said[at:]


def _end(claim: Claim) -> str:
    return "." if claim.text.endswith(".") else ""


def _names_many(claim: Claim) -> bool:
    """Say whether a sentence names several things or people."""
    return any(one.tag_ in {"NNS", "NNPS"} for one in claim.parse or ())


def _headless(said: str, where: tuple[int, int]) -> bool:
    """Say whether a number counts something that the sentence does not name: "Count on about 40 per minute"."""
    number, after, verb = HEADLESS
    counts = number.fullmatch(said[slice(*where)].strip()) and after.match(said[where[1] :])
    return bool(counts) and not verb.search(said[: where[0]])


def _unfit(claim: Claim, said: str, where: tuple[int, int]) -> bool:
    """Say whether a sentence is no place for a gap: about the text itself, an aside, too short, or it says the answer twice."""
    answer = said[where[0] : where[1]].strip().lower()
    twice = answer in said[: where[0]].lower() or answer in said[where[1] :].lower()
    twice |= answer.startswith("two ") and bool(re.search(r"\bboth\b", said))
    short = claim.words < (ANSWER_WORDS if claim.asked else passages.MIN_WORDS)
    return bool(ITSELF.search(claim.text) or IN_PASSING.search(claim.text)) or twice or short or said.endswith(":")


def _answer(text: str) -> str:
    return text.rstrip(" .")
