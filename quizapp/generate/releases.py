"""Release notes: what a version added, changed and removed.

The product and the version stand in every question; numbers of issues, links and
thanks are left out.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from quizapp.domain.cards import CardKind
from quizapp.domain.documents import Block, BlockKind, Document, Span
from quizapp.generate import subjects, wording
from quizapp.generate.candidates import Candidate, Reading
from quizapp.generate.claims import sentences

VERSION = re.compile(r"(?<![\w.])(?:v(?:ersion )?)?(?P<number>\d+\.\d+(?:\.\d+)?)(?![\d.])", re.IGNORECASE)
VERSION_HEADING = re.compile(rf"^\[?{VERSION.pattern}\]?(?:\s*(?:$|[-–—(\[“\":,]|\d{{4}})|$)", re.IGNORECASE)
NOTES = re.compile(r"\b(?:release notes|change ?log|releases|what[’']s new|release history)\b", re.IGNORECASE)
SECTIONS = {
    "added": re.compile(r"(?:added|new(?: features)?|features)", re.IGNORECASE),
    "removed": re.compile(r"(?:removed|removals|dropped)", re.IGNORECASE),
    "deprecated": re.compile(r"(?:deprecated|deprecations)", re.IGNORECASE),
}
NOISE = re.compile(r"\s*\((?:[^()]*#\d+[^()]*|[^()]*\bthanks\b[^()]*|@[^()]*)\)|\s*\[[^\[\]]*\]|(?<=\w) #\d+\b")
NO_LONGER = re.compile(r"^(?P<x>(?:The |An? )?[^,;:.]{2,50}?) no longer (?P<does>[a-z]+s) (?P<y>[^;.]{4,140})")
NOW_IS = re.compile(
    r"^(?P<x>(?:The )?[^,;:.]{3,60}?) (?P<be>is|are) now (?P<y>(?=[A-Z\d“\"$€£]|an? |the )[^;.,()]{1,60}?)(?P<was> (?:instead of|rather than) [^;.,]{2,50}|,? \((?:was|previously|before:?|up from|down from) [^()]{1,40}\)|, (?:up|down) from [^;.,]{1,30})?(?=[;.,]|$)"
)
MOVED = re.compile(
    r"^(?P<x>(?:The )?[^,;:.]{3,60}?) (?:have |has )?(?:been )?moved from (?P<a>\S+(?: \S+){0,4}?) to (?P<b>\S+(?: [^\s.;,]+){0,4}?)(?=[;.,]? |[.;,]?$)"
)
NOW_DOES = re.compile(
    r"^(?P<x>(?:The )?[^,;:.]{3,50}?) now (?P<does>(?!is\b|are\b|has\b)[a-z]+s) (?P<y>[^;.]{4,100}?),? (?P<than>(?:rather than|instead of) [^;.]{4,80})"
)
WITHDRAWN = re.compile(r"^(?:This (?:version|release) was )?[Ww]ithdrawn\b[^,]*,? because (?P<why>.+)$")
SUPPORTED = re.compile(
    r"^Version (?P<version>[\d.]+) (?P<gets>gets|receives) (?P<what>[\w -]{3,40}?) until (?P<when>[^.;]{4,30}?)(?: and nothing else)?$"
)
COUNTS = ("", "one", "two", "three", "four", "five")
ITEM_WORDS = 14
REASON_WORDS = 25
CVE = re.compile(r"\bCVE-\d{4}-\d+\b")
AFFECTED = re.compile(r"^(?:Affected(?: versions)?:|Affects) (?P<what>(?:versions? )?\d.{2,40})$")
IS_NOW = re.compile(r"^(?P<x>[^,;:]{3,50}?) (?P<be>is|are) (?:now )?(?P<y>[^;:]{2,60})$")
PREVIOUSLY = re.compile(r"^(?:Previously|Before|Until now|Formerly|So far)\b|^It (?:used to|was)\b")
STATES = re.compile(r"^(?!It|Use|Please|See|This|Thanks|If|Nobody)[A-Z].{15,160}$")
LIST = range(2, 6)


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield what each version brought, for documents that are release notes."""
    document = reading.document
    if not is_release_notes(document):
        return
    for block in document.blocks:
        if block.kind in (BlockKind.PARAGRAPH, BlockKind.BULLET, BlockKind.STEP):
            yield from _changes(block, reading)
            yield from _around(block, reading)
    yield from _sections(reading)


def is_release_notes(document: Document) -> bool:
    """Say whether the headings of a document are versions."""
    headings = [block.span.of(document.text) for block in document.blocks if block.kind is BlockKind.HEADING]
    versions = sum(bool(VERSION_HEADING.match(heading)) for heading in headings)
    changes = any(pattern.fullmatch(heading.strip()) for heading in headings for pattern in SECTIONS.values())
    return versions > 0 and (bool(NOTES.search(document.title)) or (versions > 1 and changes))


def named(block: Block, document: Document) -> str | None:
    """Return product and version that a block is about: "Quill 4.2"."""
    product = subjects.subject(document)
    for heading in reversed(block.path):
        if found := VERSION.search(heading):
            return f"{_product(product)} {found['number']}" if _product(product) else None
    return None


def place(question: str, block: Block, document: Document) -> str | None:
    """Return product and version for a question on a block of release notes; None where it says them."""
    if not is_release_notes(document) or (version := named(block, document)) is None:
        return None
    product = _product(subjects.subject(document))
    said = version in question or (product and product in question and VERSION.search(question))
    return None if said else version


def _product(subject: str | None) -> str:
    return re.sub(r"\s*(?:release notes|change ?log|releases)$", "", subject or "", flags=re.IGNORECASE).strip()


def _clean(text: str) -> str:
    return NOISE.sub("", text).strip().rstrip(".")


def _changes(block: Block, reading: Reading) -> Iterator[Candidate]:
    version = named(block, reading.document)
    text = block.span.of(reading.document.text)
    for at, span in enumerate(sentences(text)):
        sentence = _clean(span.of(text))
        where = Span(block.span.start + span.start, block.span.start + span.end)
        context = f"{version or ''} {' '.join(block.path)} since longer now work moved what why withdrawn"
        for ask, answer, sure in _asked(sentence, version, reading, first=at == 0):
            yield Candidate(CardKind.BASIC, ask, wording.answer(answer), where, "release_change", sure, context=context)


def _around(block: Block, reading: Reading) -> Iterator[Candidate]:
    """Yield what several sentences of a change say together: what is affected, how it was before, why it went."""
    version, text = named(block, reading.document), block.span.of(reading.document.text)
    said = [_clean(span.of(text)) for span in sentences(text)]
    context = f"{version or ''} versions affected change why removed {' '.join(block.path)}"
    hole, removed = CVE.search(text), bool(block.path) and SECTIONS["removed"].fullmatch(block.path[-1].strip())
    for at, sentence in enumerate(said):
        before = said[at - 1] if at else ""
        ask, answer = "", ""
        if hole and (found := AFFECTED.match(sentence)):
            ask, answer = f"Which versions are affected by {hole[0]}?", found["what"]
        elif (now := IS_NOW.match(before)) and PREVIOUSLY.match(sentence):
            ask, answer = (
                f"How did {wording.lowered(now['x'], reading.casing)} change in {version}?",
                f"It {now['be']} {now['y']}",
            )
        elif at == 1 and removed and STATES.match(sentence):
            what = re.sub(r"^The ", "the ", before)
            ask, answer = f"Why was {what} removed from {version}?", sentence
        if ask and version and len(answer.split()) <= REASON_WORDS:
            yield Candidate(
                CardKind.BASIC, ask, wording.answer(answer), block.span, "release_around", 0.86, context=context
            )


def _asked(sentence: str, version: str | None, reading: Reading, *, first: bool) -> Iterator[tuple[str, str, float]]:
    """Yield question and answer of a sentence that says what a version changed."""
    product = _product(subjects.subject(reading.document))
    if found := SUPPORTED.match(sentence):
        yield (
            f"Until when does {product} {found['version']} {found['gets'][:-1]} {found['what']}?".replace("  ", " "),
            found["when"],
            0.9,
        )
    if version is None or not first:
        return
    if found := NO_LONGER.match(sentence):
        x = wording.lowered(found["x"], reading.casing)
        yield f"What does {x} no longer do since {version}?", f"{found['does'].removesuffix('s')} {found['y']}", 0.88
    elif (found := NOW_IS.match(sentence)) and not wording.PRONOUN.search(found["x"]):
        x, was = wording.lowered(found["x"], reading.casing), found["was"] or ""
        yield f"What {found['be']} {x} since {version}?", found["y"] + was, 0.88 if was else 0.7
    elif found := MOVED.match(sentence):
        yield (
            f"Where did {wording.lowered(found['x'], reading.casing)} move from {found['a']} in {version}?",
            found["b"],
            0.88,
        )
    elif found := NOW_DOES.match(sentence):
        x = wording.lowered(found["x"], reading.casing)
        yield f"What does {x} do since {version}, {found['than']}?", f"It {found['does']} {found['y']}", 0.88
    elif found := WITHDRAWN.match(sentence):
        yield f"Why was {version} withdrawn?", found["why"], 0.92


def _sections(reading: Reading) -> Iterator[Candidate]:
    """Yield what a version added, removed and deprecated: one thing, or a short list."""
    document = reading.document
    bullets = [
        block
        for block in document.blocks
        if block.kind is BlockKind.BULLET and block.level == 1 and len(block.path) >= 1
    ]
    for path, group in groupby(bullets, key=lambda block: block.path):
        blocks = list(group)
        verb = next((verb for verb, pattern in SECTIONS.items() if pattern.fullmatch(path[-1].strip())), None)
        version = named(blocks[0], document)
        if verb is None or version is None:
            continue
        items = [_item(block.span.of(document.text)) for block in blocks]
        span = Span(blocks[0].span.start, blocks[-1].span.end)
        yield from _listed(verb, version, items, span)


def _listed(verb: str, version: str, items: Sequence[str], span: Span) -> Iterator[Candidate]:
    ask, context = f"What was {verb} in {version}?", f"{version} {verb}"
    if any(not item or " --" in item or len(item.split()) > ITEM_WORDS for item in items):
        return
    if len(items) == 1:
        yield Candidate(CardKind.BASIC, ask, items[0], span, "release_section", 0.86, context=context)
    elif len(items) in LIST and sum(len(item.split()) for item in items) <= 40:
        ask = f"Which {COUNTS[len(items)]} things were {verb} in {version}?"
        yield Candidate(
            CardKind.LIST, ask, "\n".join(items), span, "release_section", 0.86, context=f"{context} things"
        )


def _item(text: str) -> str:
    """Return what a bullet names, without the sentences that go on about it."""
    cleaned = _clean(text)
    first = _clean(next(sentences(cleaned)).of(cleaned)) if cleaned else ""
    return wording.answer(re.split(r", (?:Ctrl|Cmd|⌘)|: | [–—] ", first)[0])
