"""Sentences with a gap where the number or the name was.

The gap keeps the document's own words as context; a sentence that leans on
the one before it brings that one along.
"""

import re
from collections.abc import Iterator

from quizapp.domain.cards import CardKind
from quizapp.domain.cloze import GAP
from quizapp.domain.documents import BlockKind, Span
from quizapp.generate import wording
from quizapp.generate.candidates import Candidate, Reading, from_claim
from quizapp.generate.claims import Claim

ABOUT = (
    r"(?:(?:more|less|fewer|no more|no less|no later) than|at least|at most|up to|close to|as many as|as much as|as little as|over|under|about|"
    r"around|nearly|almost|roughly|approximately|exactly|within|only)"
)
DIGITS = r"(?:[$€£¥]\s?)?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
WORDED = r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|half|a hundred|a thousand|tens|dozens|hundreds|thousands|millions|billions)"
SCALE = r"(?:%|percent|per cent|percentage points|thousand|million|billion|trillion)"
UNIT = (
    r"(?:working |business |calendar )?(?:seconds?|minutes?|hours?|days?|weeks?|months?|quarters?|years?|decades?|times|milliseconds?|millihertz|"
    r"hertz|Hz|kHz|MHz|GHz|kilomet(?:re|er)s?|met(?:re|er)s?|miles?|km|kg|tonnes?|tons?|grams?|litres?|degrees?|watts?|kW|MW|GW|kWh|MWh|GWh|volts?|kV|"
    r"megawatts?|gigawatts?|kilowatts?|GB|MB|TB|KB|Gbps|Mbps|dollars?|euros?|pounds?|points?|people|employees|users|customers|tokens|nodes|GPUs)"
)
RANGE = rf"{DIGITS}(?:\s?(?:–|-|to|or|and)\s?{DIGITS})?"
NUMBER = re.compile(
    rf"(?<![\w.,$€£-])(?:{ABOUT}\s)?(?:{RANGE}(?:\s?{SCALE})?(?:[\s-]{UNIT}\b)?|{WORDED}(?: (?:to|or) (?:{WORDED}|{DIGITS}))?[\s-](?:{SCALE}(?:[\s-]{UNIT}\b)?|{UNIT}\b))(?![\w.]\w|-[a-z])"
)
LEVEL = re.compile(r"(?<=the )(?:hundred|ten|single|triple|double)-(?:billion|million|thousand|trillion)(?= level)")
NAMED_BEFORE = re.compile(
    r"(?:[A-Z][\w-]*|[Nn]o\.|[Ss]everity|[Vv]ersion|[Ll]evel|[Ss]teps?|[Cc]hapter|[Pp]hase|[Ss]ection|[Ff]igure|[Tt]able|[Pp]age|[Pp]art|[Tt]ype|[Gg]rade|[Rr]elease|AI) $"
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
MAX_WORDS = 62
MAX_WORDS_LOOSE = 42
MAX_BEFORE = 2  # sentences
# "The network broke ..." after another sentence: which one was said there.
BARE_SUBJECT = re.compile(
    r"The [a-z]+ (?!of\b|that\b|which\b|who\b|for\b|in\b|to\b|between\b|with\b|on\b|from\b|at\b)[a-z]+"
)
# "twice as many as two years ago", "forty-five and ninety degrees", "the next five years"
HANGING = re.compile(
    rf"(?:\b(?:twice|half|times|double|next|coming|past|last|first)|(?:{WORDED}|-\w+|\d) (?:and|or)) $", re.IGNORECASE
)
MONTH = re.compile(r" (?:January|February|March|April|May|June|July|August|September|October|November|December)\b")
RESTATES = re.compile(r"\b(?:so|i\.e\.|that is|meaning|or rather)\b[^,;]{0,24}$")  # the number was given before
MIN_WORDS = 5  # shorter ones are exclamations and headings


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield gaps for numbers that carry the point, and for the point itself."""
    for claim in reading.claims:
        if claim.block.kind is BlockKind.STEP and claim.words < 6:
            continue
        yield from _numbers(claim, reading)
        if found := POINT.search(claim.text):
            yield from _gap(claim, found.span("y"), reading, rule="cloze_point", sure=0.85)
        if (
            (found := FRONT_NAME.match(claim.text))
            and claim.before
            and claim.text.startswith(found["name"] + " is that ")
        ):
            yield from _gap(claim, found.span("name"), reading, rule="cloze_name", sure=0.86)


def _numbers(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    given = set(re.findall(r"\w+", reading.document.title.lower()))
    found = [
        one
        for one in (*NUMBER.finditer(claim.text), *LEVEL.finditer(claim.text))
        if _tells(one, claim.text) and not _quantity(one[0]) <= given
    ]
    if not found or any(RESTATES.search(claim.text[: one.start()]) for one in NUMBER.finditer(claim.text)):
        return
    telling = sorted(found, key=lambda one: (-_weight(one[0]), -one.start()))
    crowded = len(found) > 3
    for nth, number in enumerate(telling[:1] if crowded else telling[:2]):
        sure = 0.84 - 0.06 * crowded - 0.15 * (_weight(number[0]) == 0) - 0.15 * nth
        yield from _gap(claim, number.span(), reading, rule="cloze_number", sure=sure)


def _tells(number: re.Match[str], sentence: str) -> bool:
    """Say whether a number is a fact, not a date, a name's part or a reference."""
    bare = number[0].strip()
    before, after = sentence[: number.start()], sentence[number.end() :]
    if (
        NAMED_BEFORE.search(before)
        and not re.search(r"[\s%]|[$€£]", bare)
        and not re.match(r" (?:million|people)", after)
    ):
        return False
    if DATE.match(bare) and not re.match(r" [a-z]", after):
        return False
    if re.fullmatch(r"1\d\d\d|20\d\d", bare) or MONTH.match(after):
        return False
    return (
        not HANGING.search(before)
        and not re.search(r"(?:\d\.|[\[(#/:])$", before)
        and not re.match(r"[:/.]\d|st\b|nd\b|rd\b|th\b", after)
        and not _listed(bare, after)
    )


def _listed(bare: str, after: str) -> bool:
    """Say whether a small number only counts a list that the text then gives."""
    return bool(re.fullmatch(r"\d", bare)) and ":" in after


def _quantity(number: str) -> set[str]:
    """Return what a number says without "about" and its like."""
    return set(re.findall(r"\w+", re.sub(ABOUT, "", number.lower())))


def _weight(number: str) -> int:
    """Return how much of a number's meaning stands in the gap: unit, scale or size."""
    return (
        2 * bool(re.search(rf"{SCALE}|{UNIT}|[$€£]|level", number))
        + bool(re.search(ABOUT, number))
        + (len(re.sub(r"\D", "", number)) > 3)
    )


def _gap(claim: Claim, where: tuple[int, int], reading: Reading, *, rule: str, sure: float) -> Iterator[Candidate]:
    answer = claim.text[where[0] : where[1]].strip()
    if (
        ITSELF.search(claim.text)
        or answer.lower() in claim.text[: where[0]].lower()
        or answer.lower() in claim.text[where[1] :].lower()
    ):
        return
    sentence = claim.text[: where[0]] + GAP + claim.text[where[1] :]
    start = _start(claim, needs=rule in {"cloze_point", "cloze_name"})
    if start is None or claim.words < MIN_WORDS:
        return
    span = Span(start.span.start, claim.span.end)
    before = Span(start.span.start, claim.span.start).of(reading.document.text)
    if answer.lower() in before.lower():
        sure -= 0.2
    question = _framed(before + sentence, claim, reading)
    yield from_claim(claim, question, _answer(answer), rule=rule, sure=sure, kind=CardKind.CLOZE, span=span)


def _start(claim: Claim, *, needs: bool) -> Claim | None:
    """Return the sentence to begin with so that the claim is clear; None when nothing makes it so.

    What leans on the sentences before gets all of them back to the start of the
    block if they fit, else as many as it needs. A step, or a sentence under no
    heading, gets the one before it where that is short.
    """
    chain = _chain(claim)
    if needs or _leans(claim) or wording.OPENERS.match(claim.text):
        clear = [at for at, one in enumerate(chain) if at and not _leans(one) and one.words >= MIN_WORDS]
        fits = [at for at in clear if at <= MAX_BEFORE and _length(chain[: at + 1]) <= MAX_WORDS]
        return chain[fits[-1]] if fits else None
    loose = claim.block.kind is BlockKind.STEP or not claim.heading
    if loose and len(chain) > 1 and not _leans(chain[1]) and _length(chain[:2]) <= MAX_WORDS_LOOSE:
        return chain[1]
    return claim


def _chain(claim: Claim) -> list[Claim]:
    """Return the claim and the sentences before it in its block, nearest first."""
    chain = [claim]
    while chain[-1].before is not None:
        chain.append(chain[-1].before)
    return chain


def _length(claims: list[Claim]) -> int:
    return sum(claim.words for claim in claims)


def _leans(claim: Claim) -> bool:
    """Say whether a sentence is unclear without the one before it."""
    text = wording.opened(claim.text)
    if claim.before is not None and BARE_SUBJECT.match(text):
        return True
    return wording.dangling(wording.voiced(text) if claim.block.speaker else text)


def _answer(text: str) -> str:
    return text.rstrip(" .")


def _framed(text: str, claim: Claim, reading: Reading) -> str:
    """Return the text with who says it, or the heading that it stands under, in front."""
    if claim.block.speaker and claim.speaker and claim.block.kind is BlockKind.BULLET:
        return f"{claim.speaker.name}: {text}"  # notes of a talk are seldom the speaker's very words
    if claim.block.speaker and claim.speaker:
        inner = text.replace("“", "‘").replace("”", "’") if '"' not in text else text
        return f"{claim.speaker.name}: “{inner}”"
    heading = re.sub(r"^[\d.]+\s+", "", claim.heading or reading.event or reading.document.title)
    heading = heading[:1].upper() + heading[1:]
    known = {word.lower().rstrip("s") for word in re.findall(r"\w{4,}", text)}
    said = all(word.lower().rstrip("s") in known for word in re.findall(r"\w{4,}", heading))
    return text if not heading or said or len(heading.split()) > 8 else f"{heading}: {text}"
