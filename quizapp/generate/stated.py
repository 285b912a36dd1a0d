"""Statements quoted word for word, and what is asked of them in a word or two: "Why?", "What for?", "Unless what?".

For sentences that no rule can turn round: orders, the first person, contractions. The clause
behind the joint is the answer; what stands before it is the question. Start from `find`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from quizapp.domain.documents import Span
from quizapp.generate import antecedents, grammar, passages, referents, subjects, wording
from quizapp.generate.candidates import Candidate, Reading, from_claim
from quizapp.generate.claims import Claim
from quizapp.generate.orders import is_order
from quizapp.generate.seen import telling

WHY, WHAT_FOR, FOLLOWS = "Why?", "What for?", "What follows from that?"
REASONS = (WHY, WHAT_FOR, FOLLOWS)
MOSTLY = r"(?:almost wholly |mainly |mostly |chiefly |largely |partly |simply |precisely |purely |just )?"
NO_RESULT = r"(?!that\b|far\b|much\b|many\b|long\b|called\b|is\b|are\b|do\b|does\b|did\b|too\b|on\b|forth\b)"


@dataclass(frozen=True)
class Joint:
    """Words between a statement and the clause that is asked for."""

    rule: str
    words: re.Pattern[str]
    tail: str
    sure: float
    opens: str = ""  # what the answer begins with


CAN = r"(?=[^,;]*\b(?:can|cannot|can[’']t|may|must|need|nobody|nothing|no one|no longer)\b)"
JOINTS = (
    Joint("stated_reason", re.compile(rf",? {MOSTLY}because (?!of\b)"), WHY, 0.86),
    Joint("stated_reason", re.compile(r", since (?!then\b|last\b|\d|the (?:start|end)\b)"), WHY, 0.84),
    Joint("stated_owed", re.compile(rf",? {MOSTLY}(?=(?:because of|due to|thanks to|owing to) )"), WHY, 0.84),
    Joint("stated_purpose", re.compile(rf"(?:(?<!,)|,(?= so that {CAN})) so that "), WHAT_FOR, 0.86, "so that "),
    Joint("stated_outcome", re.compile(rf", so that (?!{CAN})"), FOLLOWS, 0.7),
    Joint("stated_unless", re.compile(r",? unless "), "Unless what?", 0.86),
    Joint("stated_condition", re.compile(
        r"(?:, (?:and|but)|(?<!,)) (?=only (?:if|when|where|after) )|,? (?=provided (?:that )?(?!by\b)|providing that |on (?:the )?condition that |"
        r"(?:as|so) long as (?!(?:you|they|it|we) (?:likes?|wants?|needs?|can)\b))"), "Under what condition?", 0.84),
    Joint("stated_until", re.compile(r",? (?=until )"), "Until when?", 0.8),
    Joint("stated_ban", re.compile(r"[,;]? (?=(?:otherwise|or else) )"), WHY, 0.84),
)  # fmt: skip
LEADING = re.compile(
    r"^(?P<opening>Because|Since|As|Unless|Until) (?P<why>(?!of\b|then\b|a\b|an\b|for\b|in\b|with\b|soon\b|long\b|\d)[^,;:]{10,120}), (?P<main>[^;:]{10,160})$"
)
LED = {"unless": ("Unless what?", "stated_unless"), "until": ("Until when?", "stated_until")}
SO = re.compile(
    rf"(?:,|;|,? and) so {NO_RESULT}|, which means (?:that )?|(?:;|,? and) (?:therefore|thus|hence|as a result),? |"
    r"(?P<why>, (?:which|that)(?:[’']s| is) why )"
)
ABOUT_TURN = re.compile(r"(?P<mark>:| [–—]|;) ")
DENIES = re.compile(r"\b(?:never|not|nobody|cannot|(?:is|are|was|were) no)\b|^No\b|n[’']t\b", re.IGNORECASE)
BINDS = re.compile(
    r"\b(?:must|should|shall|ha(?:s|ve) to|needs? to|never|always|cannot|can[’']t|may not|mustn[’']t|shouldn[’']t|ought|is to be|are to be)\b"
)
FORBIDS = re.compile(r"^(?:Never|Don[’']t|Do not|Avoid|Always|Please)\b")
# The next sentence gives the reason.
GIVES_REASON = re.compile(
    r"^(?:(?:The|Our|My|Her|His|Their) (?:main |simple |real |only )?(?:reason|reasoning)(?: (?:is|was)(?: simple)?(?: that |: )|: )|"
    r"(?:No|It was no|It is no)t because [^;]{4,90}?,? but because (?!of\b)|(?:(?:That|This|It)(?:[’']s| is| was) )?[Bb]ecause (?!of\b)|(?:The|Its) (?:real |main |actual |root )?cause (?:is|was)(?: that)? )(?P<why>[^;]{12,180})$"
)
OTHERWISE = re.compile(r"^(?P<why>(?:Otherwise|Or else),? [^;:]{12,160})$")
BELOW = re.compile(
    r"^(?:(?:because|since) |(?:the )?(?:reason|why): |(?P<so>so (?:that )?)|(?=(?:otherwise|or else|to (?:avoid|prevent|stop|keep)) ))(?P<why>[^;:]{12,160})$",
    re.IGNORECASE,
)
THAT_IS_WHY = re.compile(r"^(?:And )?(?:[Tt]hat|[Tt]his|[Ww]hich)(?:[’']s| is| was) why (?P<main>[^;:]{12,160})$")
AIMLESS = {
    "be",
    "need",
    "take",
    "require",
    "use",
    "have",
    "want",
    "try",
    "seem",
    "like",
    "come",
    "go",
    "happen",
    "tend",
    "fail",
    "manage",
    "cost",
}
HELD_BY = {
    "enough",
    "too",
    "down",
    "up",
    "than",
    "as",
    "able",
    "due",
    "likely",
    "ready",
    "easy",
    "hard",
    "only",
}  # "comes down to ..."
LEAST_AIMED = 4
AND_SO_ON = re.compile(r"[;:] |, (?:but|and|which|so|whereas|while|though|although|except|where)\b| [–—] | \(")
CUT = re.compile(
    r"\b(?:and|but|or|than|as|if|the|an?|by|of|for|with|from|not|is|are|was|were|be|been|just|only|that|which|perhaps|it[’']s)$",
    re.IGNORECASE,
)
TRIVIAL = re.compile(
    r"(?:it|that|this|they|we|I|you)(?:[’'](?:s|re|m)| (?:is|are|was|were|am)) (?:\w+ )?\w+$", re.IGNORECASE
)
FIRST = re.compile(r"\b(?:I|[Mm]y|me|mine)\b|\bI[’']")
OURS = re.compile(r"\b(?:[Ww]e|[Oo]urs?|[Uu]s)\b")
POINTS = re.compile(r"\b(?:this|that|these|those|it|him|her|them)\b")
TWO = re.compile(r", (?:and|but) | and (?:may|can|must|will|should) ")  # "must stay at home and may return"
TERM = re.compile(r"[\w’-]+(?: [\w’-]+){0,2}: ")
CONDITIONAL = re.compile(r"\b(?:if|when)\b")
CASE = re.compile(
    r"(?:if|when|unless|until|once|see|for|instead|there)\b|(?:it|they|that)(?:[’'](?:s|re)| is| are) (?:an?|the|only|not)\b",
    re.IGNORECASE,
)
FRINGE = re.compile(r", [A-Z][a-z]+$|^(?:Now|Since then),? (?=[a-z])")  # "..., Jo"
NAMELESS = re.compile(r"^(?:An?|The) [a-z-]+ ones?\b")  # "the upper one"
UNFIT = re.compile(
    r"[\"!|=]|->|https?:|[a-z]-\d|\bmay as well\b|\bwhat follows\b|\b(?:not|is|are|was|were|do|does|did)[:;,]|\b(?:do|does|did|doing|done) so\b"
)
WHOLE = ("stated_reason", "stated_condition", "stated_purpose", "stated_outcome", "stated_owed")
MAIN = {"ROOT", "ccomp", "conj", "parataxis", "aux", "auxpass"}
FINITE = {"VBZ", "VBP", "VBD", "MD"}
STATEMENT_WORDS = range(4, 29)
SHOWN_WORDS = 42
REASON_WORDS = range(3, 24)
ONLY_SMALL_WORDS = 4
SHARE = 0.6  # of the sentence that the answer may be


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield statements of which the clause behind them, or the next sentence, says why, what for or on which condition."""
    minutes = subjects.is_meeting(reading.document)
    for claim in reading.claims:
        if (minutes and not claim.speaker) or claim.parse is None or "?" in claim.text:
            continue
        yield from _joined(claim, reading)
        yield from _warned(claim, reading)
        yield from _concluded(claim, reading)
        yield from _aimed(claim, reading)
        yield from _that_is_why(claim, reading)
        yield from _reason_after(claim, reading)
        yield from _reason_below(claim, reading)


def _joined(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield what stands behind the one joint of a sentence, or the reason in front of it."""
    if found := LEADING.match(claim.said):
        yield from _led(claim, found, reading)
        return
    places = [(joint, place) for joint in JOINTS for place in joint.words.finditer(claim.said)]
    if len(places) != 1 or not _on_main_verb(claim, places[0][1].end()):
        return
    joint, place = places[0]
    said, rest = claim.said[: place.start()], AND_SO_ON.split(claim.said[place.end() :])[0]
    if _suits(joint, said, rest, claim, reading):
        yield from _asked(claim, said, f"{joint.opens}{rest}", joint.tail, reading, rule=joint.rule, sure=joint.sure)


def _led(claim: Claim, found: re.Match[str], reading: Reading) -> Iterator[Candidate]:
    """Yield the reason or the condition that a sentence opens with."""
    main, opening = AND_SO_ON.split(found["main"])[0], found["opening"].lower()
    tail, rule = LED.get(opening, (WHY, "stated_reason"))
    pointing = wording.PRONOUN.match(main) or wording.PRONOUN.match(found["why"])
    if not pointing and all(_states(one, reading) for one in (main, found["why"])) and not _dates(claim):
        answer = f"until {found['why']}" if opening == "until" else found["why"]
        yield from _asked(claim, main, answer, tail, reading, rule=rule, sure=0.84)


def _suits(joint: Joint, said: str, rest: str, claim: Claim, reading: Reading) -> bool:
    """Say whether a joint joins what it seems to: "until" a ban, "due to" something with a name."""
    if joint.rule in WHOLE and not _is_whole(claim, said, reading):
        return False
    match joint.rule:
        case "stated_reason":
            return not _dates(claim)
        case "stated_owed":
            return not POINTS.search(rest) and not _is_due(claim)
        case "stated_until":
            past = any(one.tag_ == "VBD" and one.idx < len(said) for one in claim.parse or ())
            return bool(DENIES.search(said)) and not past
        case "stated_ban":
            return _advises(said, reading)
        case "stated_unless":
            return not rest.endswith("otherwise")
        case "stated_condition":
            return not TWO.search(said) and not CONDITIONAL.search(said)
        case _:
            return True


def _is_whole(claim: Claim, said: str, reading: Reading) -> bool:
    """Say whether a statement, the first words of a sentence, is a sentence or an order, not a term with what it means."""
    verbs = (one for one in claim.parse or () if one.idx < len(said) and one.dep_ in MAIN)
    return any(one.tag_ in FINITE for one in verbs) or _states(said, reading) or _advises(said, reading)


def _dates(claim: Claim) -> bool:
    """Say whether a "since" tells the time: "since they moved, the time has fallen"."""
    marks = (one for one in claim.parse or () if one.lower_ == "since" and one.dep_ == "mark")
    return any(verb.tag_ == "VBD" for one in marks for verb in (one.head, *one.head.lefts))


def _is_due(claim: Claim) -> bool:
    """Say whether something is "due to open"."""
    return any(one.tag_ == "TO" and one.i and one.nbor(-1).lower_ == "due" for one in claim.parse or ())


def _on_main_verb(claim: Claim, at: int) -> bool:
    """Say whether what follows a joint belongs to the sentence's own verb, not to one inside "the tank that ..."."""
    parse = claim.parse
    first = next((one for one in parse or () if one.idx >= at), None)
    if first is None or parse is None:
        return False
    above = [one for one in first.ancestors if one.i < first.i and one.pos_ in {"VERB", "AUX"}]
    return not any(one.dep_ in {"relcl", "acl", "pcomp"} for one in above[:1])


def _warned(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield why something is forbidden or advised: "Never lift it by the handle: it snaps off"."""
    places = list(ABOUT_TURN.finditer(claim.said))
    if len(places) != 1:
        return
    said, rest = claim.said[: places[0].start()], claim.said[places[0].end() :]
    warns = _orders(said, reading) or (places[0]["mark"] != ";" and (BINDS.search(said) or DENIES.search(said)))
    if warns and _states(rest, reading) and not CASE.match(rest) and "`" not in claim.text:
        yield from _asked(claim, said, rest, WHY, reading, rule="stated_ban", sure=0.84)


def _concluded(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield why something must be done, "A, so do B"; else what follows from a fact."""
    places = list(SO.finditer(claim.said))
    if len(places) != 1:
        return
    fact = re.split(r"[:;] ", claim.said[: places[0].start()])[-1]
    result = wording.capitalised(AND_SO_ON.split(claim.said[places[0].end() :])[0])
    if (_advises(result, reading) or places[0]["why"]) and not wording.PRONOUN.search(result):
        yield from _asked(claim, result, fact, WHY, reading, rule="stated_so_do", sure=0.8)
    elif (
        _has_verb(result, reading)
        and not FIRST.search(result)
        and (_states(fact, reading) or _is_whole(claim, fact, reading))
    ):
        yield from _asked(claim, fact, result, FOLLOWS, reading, rule="stated_outcome", sure=0.7)


def _aimed(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield what something is done for, where a sentence ends in "to do ..."."""
    head = grammar.root(claim.parse) if claim.parse is not None else None
    aims = [one for one in head.children if one.dep_ == "advcl" and one.tag_ == "VB" and one.i > head.i] if head else []
    if head is None or len(aims) != 1 or grammar.base(head) in AIMLESS:
        return
    opening = aims[0].left_edge
    to = next((one for one in aims[0].children if one.lower_ == "to" and one.tag_ == "TO"), None)
    if (
        to is None
        or opening.i < head.i + 2
        or opening.lower_ not in {"to", "in", "so"}
        or opening.nbor(-1).lower_ in HELD_BY
    ):
        return
    said, rest = claim.said[: opening.idx], AND_SO_ON.split(claim.said[opening.idx :])[0]
    if len(said.split()) > LEAST_AIMED and _is_whole(claim, said, reading):
        yield from _asked(claim, said, rest, WHAT_FOR, reading, rule="stated_aim", sure=0.76)


def _that_is_why(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield why, where a sentence says "That is why ..." of the one before."""
    before, found = claim.before, THAT_IS_WHY.match(claim.text.rstrip("."))
    if before is None or found is None or referents.leans(before) or wording.PRONOUN.match(found["main"]):
        return
    span = Span((before.evidence or before.span).start, claim.span.end)
    yield from _asked(claim, found["main"], before.said, WHY, reading, rule="stated_that_is_why", sure=0.84, span=span)


def _reason_after(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield why, where the next sentence says "The reason: ..." or, of an order, "Otherwise ..."."""
    before, text = claim.before, claim.text.rstrip(".")
    if before is None or before.text.endswith("?") or _opens_another(claim):
        return
    found = GIVES_REASON.match(text) or OTHERWISE.match(text)
    if found and (found.re is GIVES_REASON or _advises(before.said, reading)):
        span = Span((before.evidence or before.span).start, claim.span.end)
        yield from _asked(
            before, before.said, found["why"], WHY, reading, rule="stated_reason_after", sure=0.84, span=span
        )


def _opens_another(claim: Claim) -> bool:
    """Say whether "Because ..." is the reason of its own sentence, not of the one before."""
    return any(one.lower_ == "because" and one.head.dep_ == "advcl" for one in (claim.parse or ())[:1])


def _reason_below(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield why, or what follows, where the bullet below a statement opens with "because", "so" or "otherwise"."""
    above, found = claim.above, BELOW.match(claim.text.rstrip("."))
    if above is None or claim.before is not None or found is None or above.text.endswith(":"):
        return
    aim = found["so"] and re.match(CAN, found["why"])
    tail = WHAT_FOR if aim else FOLLOWS if found["so"] else WHY
    answer = f"so that {found['why']}" if aim else found["why"]
    span = Span(above.span.start, claim.span.end)
    yield from _asked(above, above.said, answer, tail, reading, rule="stated_reason_below", sure=0.84, span=span)


def _asked(
    claim: Claim, said: str, rest: str, tail: str, reading: Reading, *, rule: str, sure: float, span: Span | None = None
) -> Iterator[Candidate]:
    """Yield the card that quotes a statement, with the sentences that it leans on, if both halves are fit."""
    said = wording.capitalised(FRINGE.sub("", said.strip(" ,;:–—")))
    if claim.speaker is None and OURS.search(said):
        said, _ = antecedents.named(replace(claim, said=said), reading)
    answer = wording.answer(rest)
    if not _fit(said, answer, claim, reading) or (span is None and len(rest.split()) > SHARE * claim.words):
        return
    shown = replace(claim, said=said, parse=reading.parse(said))
    first = passages.start(shown, needs=False) or (shown if claim.asked else None)
    if first is None:
        return
    question = f"{passages.before(shown, first)}{said}."
    if len(question.split()) > SHOWN_WORDS:
        return
    whole = span or claim.evidence or claim.span
    sure += 0.04 * _advises(said, reading) - 0.06 * (first is not shown)
    found = from_claim(
        claim, question, answer, rule=rule, sure=sure, span=Span(min(first.span.start, whole.start), whole.end)
    )
    yield replace(found, tail=tail, asked=claim.asked)


def _fit(said: str, answer: str, claim: Claim, reading: Reading) -> bool:
    """Say whether a statement can stand alone, and the answer says something of its own."""
    nameless = claim.speaker is None and (FIRST.search(said) or (reading.speakers and OURS.search(said)))
    marks = any(text.count(left) != text.count(right) for text in (said, answer) for left, right in ("“”", "()"))
    return bool(
        len(said.split()) in STATEMENT_WORDS
        and len(answer.split()) in REASON_WORDS
        and not nameless
        and not NAMELESS.match(said)
        and not marks
        and not UNFIT.search(f"{said} {answer}")
        and not CUT.search(said)
        and not CUT.search(answer)
        and not TRIVIAL.match(answer)
        and (telling(answer) or len(answer.split()) > ONLY_SMALL_WORDS)
    )


def _advises(said: str, reading: Reading) -> bool:
    """Say whether a statement is an order, a ban, or says what must be."""
    return bool(BINDS.search(said)) or _orders(said, reading)


def _orders(said: str, reading: Reading) -> bool:
    """Say whether a statement is an order or a ban; "Soak: ..." is a term."""
    said = wording.capitalised(said.split(": ")[-1]) if not TERM.match(said) else said
    if FORBIDS.match(said) or TERM.match(said) or _states(said, reading):
        return bool(FORBIDS.match(said))
    doc = reading.parse(said)
    return is_order(said) or (doc is not None and doc[0].dep_ == "ROOT" and doc[0].tag_ == "VB")


def _has_verb(text: str, reading: Reading) -> bool:
    """Say whether a finite verb stands in a text, even if the parser does not find its subject."""
    return any(one.tag_ in FINITE for one in reading.parse(wording.capitalised(text)) or ())


def _states(text: str, reading: Reading) -> bool:
    """Say whether a text is a clause with a subject of its own."""
    doc = reading.parse(wording.capitalised(text))
    head = grammar.root(doc) if doc is not None else None
    if head is None or not (head.tag_ in FINITE or grammar.auxiliaries(head.doc)):
        return False
    return any(one.dep_ in {*grammar.SUBJECTS, "expl"} for one in head.children)
