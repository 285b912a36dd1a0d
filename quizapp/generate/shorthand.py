"""Study notes: arrows, "= what a heading means", reasons of fragments, entries below a line that says what they are.

A bullet of notes seldom has a verb, so that its marks, its label and the bullet above tell what can be asked.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from quizapp.domain.cards import CardKind
from quizapp.domain.documents import BlockKind, Span
from quizapp.generate import arguments, asking, enumerations, grammar, reasons, referents, subjects, wording
from quizapp.generate.candidates import Candidate, Reading, from_claim
from quizapp.generate.claims import Claim

BECAUSE = re.compile(r"^(?P<main>[^;]{8,90}?),? (?:because|since) (?P<why>[^;]{8,140})$")
REASON = re.compile(
    r"^(?:(?:the )?(?:reason|cause|explanation)|why|because)(?: why)?\s*[:–-]? (?P<why>.{8,160})$", re.IGNORECASE
)
EQUAL = re.compile(r"^[=≈] ?(?P<what>\S.{8,160})$")
FORMULA = re.compile(
    r"^(?P<label>[^:=≈]{3,45}): (?P<whole>[^:=≈]{1,14} [=≈] (?=[^;]*(?: [·×÷*/+−^-] |\d ?[−+] ?))[^;:=≈]{3,70}?)(?:;|$)"
)
GLOSS = re.compile(r"(?P<term>[a-z][\w-]{3,}) \(= ?(?P<what>[^() ]+ [^() ]+ [^()]{4,120})\)")
USE = re.compile(r"[\w-]+(?: [\w-]+)? for [\w-]+")
USES = re.compile(r"(?:^|, )(?P<key>[\w-]+(?: [\w-]+)?) for (?P<what>[\w-][^,;]{2,60})")
HEADLESS = re.compile(r"[a-z]{2,}(?:s|est)$")
VALUE = re.compile(
    r"^(?P<label>[A-Za-z][^\d:;,=<>≤≥]{1,30}?),? (?P<value>(?:(?:about|approx\.|up to|over|under|[<>≤≥~±]) ?)?[−-]?\d[\d.,]*(?: ?[–-] ?\d[\d.,]*)?(?: and (?:up|more))?(?: ?%| [^\s,;]{1,10}(?: [a-z]+)?)?)$"
)
LABELLED = re.compile(r"^(?P<label>[^:;=]{2,40}): (?P<what>\S.{3,160})$")
ASIDE = re.compile(r"\s*\([^()]*\)$|\s*\(!+\)")
UNFIT = re.compile(r"https?://|[|`]|\b(?:todo|ask|remember|see)\b", re.IGNORECASE)
POINTS = re.compile(r"(?:that|this|it|these|they)\b", re.IGNORECASE)
APART = re.compile(r"\bvs\b|\bversus\b|\d = |= \d")  # two chains, or a sum
SAID = re.compile(r"\b(?:I|my|me|mine|we|our)\b")
ANSWER_WORDS = range(1, 21)
ASKED_WORDS = 16
ABOVE_WORDS = 6
CHAIN = 4
FRAME_WORDS = 10


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield what notes put in marks and in their order, not in sentences."""
    if subjects.is_meeting(reading.document):
        return
    noted = [claim for claim in reading.claims if claim.block.kind is BlockKind.BULLET and not UNFIT.search(claim.text)]
    for claim in noted:
        yield from _arrows(claim, reading)
        yield from _because(claim, reading)
        yield from _equal(claim, reading)
        yield from _formula(claim, reading)
        yield from _counted(claim, reading)
        yield from _glossed(claim, reading)
        yield from _headless(claim, reading)
    for above, below in groupby(noted, key=lambda claim: claim.above):
        if above is not None:
            yield from _below(above, list(below), reading)
    for _, together in groupby(noted, key=lambda claim: (claim.block.path, claim.above)):
        yield from _uses(list(together), reading)


def _arrows(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield what follows from the first part of "A -> B", and what leads to the last of "A -> B -> C"."""
    label, said = _labelled(claim)
    said = said.rstrip(".").split("; ")[0]
    first, *rest = (part.strip() for part in wording.ARROW.split(said))
    chained = first and rest and all(rest) and len(rest) < CHAIN and _asks(f"{label} {first}")
    if not chained or SAID.search(said) or APART.search(said) or POINTS.match(rest[0]):
        return
    asked = first.rstrip("?") if first.endswith("?") else f"what follows from “{first}”"
    led = ", ".join((first, *rest[:-1]))
    yield from _card(claim, asked, ", ".join(rest), reading, rule="arrow", sure=0.84, label=label)
    if len(rest) > 1 and _asks(rest[-1]) and not first.endswith("?"):
        asked = f"what leads to “{rest[-1]}”"
        yield from _card(claim, asked, led, reading, rule="arrow_back", sure=0.8, label=label)


def _because(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield why, where a fragment gives its reason, in its own line or in the one below."""
    label, said = _labelled(claim)
    found = BECAUSE.match(said)
    if found and not reasons.why(found["main"], reading) and not wording.dangling(found["main"]):
        why = f"why {wording.lowered(found['main'], reading.casing)}"
        yield from _card(claim, why, found["why"], reading, rule="noted_reason", sure=0.86, label=label)
    if claim.above is not None and (below := REASON.match(claim.text)) and _asks(claim.above.said):
        main = ASIDE.sub("", _labelled(claim.above)[1])
        why = f"why is it that {wording.lowered(main, reading.casing)}"
        yield from _card(claim, why, below["why"].split("; ")[0], reading, rule="noted_reason", sure=0.86)


def _equal(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield what a heading or the bullet above means, where "= ..." stands below it."""
    found = EQUAL.match(claim.text)
    above = claim.above.text if claim.above else subjects.bare(claim.heading or "")
    term = ASIDE.sub("", above)
    if found and 1 <= len(term.split()) <= ABOVE_WORDS and ":" not in term:
        what = found["what"].split("; ")[0]
        yield from _card(claim, f"what does “{_small(term)}” mean", what, reading, rule="noted_term", sure=0.9)


def _formula(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield the formula behind a label: "porosity: n = 1 - a/b"."""
    if found := FORMULA.match(claim.text.rstrip(".")):
        ask = f"what is the formula for {wording.lowered(found['label'], reading.casing)}"
        yield from _card(claim, ask, ASIDE.sub("", found["whole"]), reading, rule="label_formula", sure=0.9)


def _glossed(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield what a word means that a note explains in brackets: "regolith (= all loose material)"."""
    for found in GLOSS.finditer(claim.text):
        yield from _card(claim, f"what is {found['term']}", found["what"], reading, rule="noted_term", sure=0.88)


def _headless(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield questions about "covers sheet erosion only" below "USLE: ...", which is its subject."""
    term = referents.about(claim.above) if claim.above is not None else None
    first = claim.text.split(" ", 1)[0]
    if claim.above is None or term is None or claim.before is not None or not HEADLESS.match(first):
        return
    joint = " is " if first.endswith("est") else " "
    said = re.split(rf"; |{wording.ARROW.pattern}", f"{wording.capitalised(term)}{joint}{claim.text}")[0].rstrip(".")
    parse = reading.parse(said)
    verb = grammar.root(parse) if parse is not None else None
    if verb is None or verb.tag_ != "VBZ" or grammar.subject(verb.doc) is None:
        return
    whole = replace(claim, said=said, parse=parse, evidence=Span(claim.above.span.start, claim.span.end))
    for asked in asking.askable(whole, reading):
        for family in arguments.FAMILIES:
            yield from family(asked)


def _counted(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield the list below a heading that counts it: "The five factors"."""
    heading = ASIDE.sub("", subjects.bare(claim.heading or ""))
    count = enumerations.counted(heading)
    what = LABELLED.match(claim.text)
    items = enumerations.split(what["what"] if what else claim.text, count) if count and count > 2 else []
    if items:
        label = f" ({what['label']})" if what else ""
        named = wording.lowered(heading, reading.casing)
        question = f"what are {'' if named.startswith('the ') else 'the '}{named}{label}"
        answer = "\n".join(wording.answer(item) for item in items)
        made = from_claim(claim, _framed(question, claim, reading), answer, rule="noted_list", sure=0.92)
        yield replace(_known(made, claim, reading), kind=CardKind.LIST)


def _below(above: Claim, below: Sequence[Claim], reading: Reading) -> Iterator[Candidate]:
    """Yield what holds for each entry below a line that only says what they are; the reasons below "why ..."."""
    if found := re.match(r"why (?P<main>.{8,80})$", above.text, re.IGNORECASE):
        why = reasons.why(found["main"], reading)
        if why and len(below) in range(2, 6):
            answer = "\n".join(wording.answer(claim.text) for claim in below)
            span = Span(above.span.start, below[-1].span.end)
            question = _framed(why, above, reading)
            made = from_claim(above, question, answer, rule="noted_list", sure=0.86, kind=CardKind.LIST, span=span)
            yield _known(made, above, reading)
        return
    values = [(claim, found) for claim in below if (found := VALUE.match(claim.text))]
    if names_entries(above) and len(values) > 1:
        for claim, found in values:
            label = wording.lowered(found["label"], reading.casing)
            ask = f"what value goes with “{label}”"
            yield from _card(claim, ask, found["value"], reading, rule="noted_value", sure=0.86)
    entries = [(claim, found) for claim in below if (found := LABELLED.match(claim.text))]
    if not names_entries(above) or len(entries) < 2:
        return
    for claim, found in entries:
        if FORMULA.match(claim.text) or wording.ARROW.search(claim.text) or REASON.match(claim.text):
            continue
        label = wording.lowered(found["label"], reading.casing)
        what = re.split(r"; ", found["what"])[0]
        yield from _card(claim, f"what applies to “{label}”", what, reading, rule="noted_entry", sure=0.84)


def _uses(together: Sequence[Claim], reading: Reading) -> Iterator[Candidate]:
    """Yield what each is for, where bullets say nothing else: "red for raw meat, blue for raw fish"."""
    if len(together) < 2 or not all(USE.match(claim.text) for claim in together):
        return
    stem = _stem(together[0], reading)
    for claim in together:
        for found in USES.finditer(claim.text):
            ask = f"what is “{found['key']}” for"
            yield from _card(claim, ask, found["what"], reading, rule="noted_use", sure=0.86, label=stem)


def _stem(claim: Claim, reading: Reading) -> str:
    """Return the short line that opens a list, "Boards are marked by colour:", which the first bullet stands below."""
    text, blocks = reading.document.text, reading.document.blocks
    before = next((block.span.of(text) for block in reversed(blocks) if block.span.end < claim.block.span.start), "")
    return before.rstrip(":") if before.endswith(":") and len(before.split()) <= ABOVE_WORDS else ""


def names_entries(above: Claim) -> bool:
    """Say whether a bullet only says what the bullets below it are: "shapes", "Rough values"."""
    return (
        len(ASIDE.sub("", above.text).split()) <= ABOVE_WORDS
        and ":" not in above.text
        and not wording.ARROW.search(above.text)
    )


def _labelled(claim: Claim) -> tuple[str, str]:
    """Return the label of a bullet and what stands behind it."""
    found = LABELLED.match(claim.text)
    return (found["label"], found["what"]) if found else ("", claim.text)


def _asks(text: str) -> bool:
    """Say whether a part is long enough to be asked by and short enough to be read."""
    return 2 <= len(text.split()) <= ASKED_WORDS


def _card(
    claim: Claim, question: str, answer: str, reading: Reading, *, rule: str, sure: float, label: str = ""
) -> Iterator[Candidate]:
    if len(answer.split()) in ANSWER_WORDS and not SAID.search(f"{question} {answer}"):
        above = claim.above if claim.above is not None and _inner(claim) else None
        span = Span(above.span.start, claim.span.end) if above and rule == "noted_reason" else None
        asked = _framed(question, claim, reading, label)
        made = _known(from_claim(claim, asked, wording.answer(answer), rule=rule, sure=sure, span=span), claim, reading)
        yield replace(made, context=f"{made.context} {label}")


def _known(made: Candidate, claim: Claim, reading: Reading) -> Candidate:
    """Return a card that may say what its heading, the line above and its kind of question say."""
    words = "follows leads formula applies mean value goes"
    above = claim.above.text if claim.above else ""
    return replace(made, context=f"{made.context} {above} {' '.join(claim.block.path)} {reading.topic} {words}")


def _inner(claim: Claim) -> str:
    """Return what the bullet above is about."""
    above = claim.above.label or claim.above.text if claim.above else ""
    inner = ASIDE.sub("", above)
    inner = inner.split(" = ")[0]
    return inner if len(inner.split()) <= ABOVE_WORDS and not wording.ARROW.search(inner) else ""


def _small(name: str) -> str:
    """Return a heading or label as it stands after another word."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def _framed(question: str, claim: Claim, reading: Reading, label: str = "") -> str:
    """Return a question behind the section and the line that it stands below."""
    asked = wording.asked(question, claim.speaker)
    about = subjects.area(claim.block, reading.document)
    named = [(part or "").strip(' “”"') for part in (reading.topic, about, _inner(claim), label)]
    parts = list(dict.fromkeys(part for part in named if part and part.lower() not in question.lower()))
    if len(" ".join(parts).split()) > FRAME_WORDS:
        parts = parts[1:]
    front = ", ".join([*parts[:1], *(_small(part) for part in parts[1:])])
    return f"{wording.capitalised(front)}: {asked}" if front else asked
