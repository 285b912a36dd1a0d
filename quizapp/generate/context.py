"""What a card leaves to the page, said in front of it: so that it makes sense in a year, without the document.

The frame names who speaks and what was asked, the meeting or the version, the section or the
topic; as little of it as the words do not say themselves. Start from `placed`.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from quizapp.domain.cards import CardKind
from quizapp.domain.documents import Block, BlockKind
from quizapp.generate import grammar, meetings, referents, releases, subjects, wording
from quizapp.generate.candidates import Candidate, Reading
from quizapp.generate.claims import Claim

if TYPE_CHECKING:
    from spacy.tokens import Doc

OURS = re.compile(r"\b(?:we|us|our)\b", re.IGNORECASE)
FRAME_WORDS = 9
NESTED_WORDS = 4
WEAK_WORDS = 4  # a heading as short as that, without a name, says too little alone
LISTED = (BlockKind.BULLET, BlockKind.STEP)
POINTERS = {"that", "this", "these", "those"}
NAME = re.compile(r"(?<=[\w,:“(] )[“(]?[A-Z]\w+|\b[A-Z]{2,}\b|[a-z]+[_.(][a-z_()]+")
# "Ten years earlier", "After eighteen months", "Of these": since when, of what?
COUNTS_FROM = re.compile(
    r"^(?:(?:About|Some|Nearly|Only|Just)? ?[\w-]+ (?:years?|months?|weeks?|days?|hours?|minutes?) (?:earlier|later|before|after)\b,?|"
    r"(?:After|Within) (?:[\w-]+|\d+) (?:years?|months?|weeks?|days?|hours?),? (?!of\b)|Of (?:these|those|them)\b|(?:The|A) (?:first|second|third|fourth|fifth|last|rest|other|latter|former|same)\b(?! \w+ (?:of|to|that)\b)|"
    r"The (?:limit|average|number|figure|rate|price|share|factor|total|cost|result|reason|rest|costs|worst|best) (?:was|is|were|are|had|has)\b)"
)


def placed(one: Candidate, reading: Reading) -> Candidate:
    """Return a candidate with what must stand in front of its question."""
    start = one.span.start
    block = next((block for block in reading.document.blocks if block.span.start <= start < block.span.end), None)
    own = _own_frame(one, block)
    if own:
        one = replace(one, question=wording.capitalised(one.question.removeprefix(own).lstrip(": ")))
    where = _where(one, block, reading)
    about = own or _about(one, block, where, reading)
    if one.asked:
        about = ", ".join(part for part in (about if where else _topic_unsaid(one, reading), f"“{one.asked}”") if part)
    voice = _voice(one)
    if voice and not where:
        return replace(one, frame=_spoken_frame(one, voice, block))
    if releases.is_release_notes(reading.document):
        return replace(one, frame=": ".join(part for part in (where, _change(one, block)) if part))
    place = ", ".join(part for part in (where, _lower(about) if where else about) if part)
    return replace(one, frame=": ".join(part for part in (place, voice) if part))


def _spoken_frame(one: Candidate, voice: str, block: Block | None) -> str:
    """Return who says it, on what: the question that was asked, or what the notes stand under."""
    if one.asked:
        return f"{voice}, asked “{one.asked}”"
    area = subjects.heading(block) if block else None
    noted = area and block and block.kind in LISTED and not _people(area, voice)
    about = ", ".join(part for part in (_lower(area) if noted and area else "", _lower(_inner(one))) if part)
    unsaid = noted and subjects.framed(one.question, about) != one.question
    return f"{voice} on {about}" if unsaid and len(about.split()) <= FRAME_WORDS else voice


def _people(area: str, voice: str) -> bool:
    return any(part in area for part in voice.split())


def _change(one: Candidate, block: Block | None) -> str:
    """Return what kind of change a gap in release notes is about: "Fixed"."""
    kind = subjects.bare(block.path[-1]) if block and block.path and one.kind is CardKind.CLOZE else ""
    return "" if releases.VERSION_HEADING.match(block.path[-1] if block and block.path else "") else kind


def shown(one: Candidate) -> str:
    """Return the question as the card asks it, behind its frame."""
    if not one.frame:
        return one.question
    if not _spoken(one):
        return f"{one.frame}: {one.question}"
    inner = one.question.replace("“", "‘").replace("”", "’") if '"' not in one.question else one.question
    return f"{one.frame}: “{inner}”"


def leans(claim: Claim) -> bool:
    """Say whether a sentence is unclear without the one before it, or without the question that it answers."""
    said = claim.said
    if (claim.before is not None or claim.asked) and COUNTS_FROM.match(said):
        return True
    if claim.before is not None and _bare(claim):
        return True
    if claim.parse is not None and ((claim.asked and _fragment(claim)) or _unnamed(claim.parse)):
        return True
    return wording.dangling(f"{wording.voiced(said)}.")  # whose "we" it is, a check sees


def _bare(claim: Claim) -> bool:
    """Say whether a sentence is about "the network" that one before it spoke of: no more is said of which."""
    whole = grammar.subject(claim.parse) if claim.parse is not None else None
    if whole is None or claim.evidence or len(whole) != 2 or whole[0].text != "The":
        return False
    return whole[1].pos_ == "NOUN" and whole[1].lower_ not in (claim.heading or "").lower()


def _unnamed(doc: "Doc") -> bool:
    """Say whether a "that" does something, or an "it" means something, that the sentence does not name."""
    head = grammar.root(doc)
    if head is not None and any(child.lower_ in POINTERS and child.dep_ in grammar.SUBJECTS for child in head.children):
        return True
    return any(
        token.lower_ in {"it", "its"}
        and not referents.expletive(token)
        and not any(referents.thing(one) for one in doc[: token.i])
        for token in doc
        if token.pos_ == "PRON"
    )


def _fragment(claim: Claim) -> bool:
    """Say whether a sentence has no subject of its own, as answers have."""
    head = grammar.root(claim.parse) if claim.parse is not None else None
    return head is None or not any(child.dep_ in {*grammar.SUBJECTS, "expl"} for child in head.children)


def _own_frame(one: Candidate, block: Block | None) -> str:
    """Return the heading that a strategy has put in front of its question already."""
    above = [subjects.bare(heading) for heading in (block.path if block else ())]
    return next(
        (
            wording.capitalised(name)
            for name in above
            if name and one.question.startswith(f"{wording.capitalised(name)}: ")
        ),
        "",
    )


def _spoken(one: Candidate) -> bool:
    """Say whether a gap stands in somebody's very words; notes of a talk seldom are."""
    return bool(_voice(one)) and one.claim is not None and one.claim.block.kind is not BlockKind.BULLET


def _voice(one: Candidate) -> str:
    """Return who says what a gap is in, unless the sentence says so."""
    claim = one.claim
    if one.kind is not CardKind.CLOZE or claim is None or claim.speaker is None or claim.block.speaker is None:
        return ""
    return "" if claim.speaker.name in one.question and claim.block.kind in LISTED else claim.speaker.name


def _where(one: Candidate, block: Block | None, reading: Reading) -> str:
    """Return the meeting, or product and version, that a question of such a document is about."""
    document = reading.document
    if subjects.is_meeting(document):
        meeting = meetings.name(document)
        return "" if one.question.startswith((meeting, "What is ", "Who is ")) else meeting
    return (releases.place(one.question, block, document) if block else None) or ""


def _about(one: Candidate, block: Block | None, where: str, reading: Reading) -> str:
    """Return the section that a question is about, or the document's topic, unless the words name one of them."""
    if one.kind is not CardKind.CLOZE and not where and _names(one, block, reading):
        return ""
    for about in _sections(one, block, reading):
        if subjects.framed(one.question, about) == one.question or about.lower() in where.lower():
            return ""
        if len(about.split()) <= FRAME_WORDS and not _answers(about, one.answer):
            return wording.capitalised(_cased(about))
    return ""


def _sections(one: Candidate, block: Block | None, reading: Reading) -> Iterator[str]:
    """Yield what the passage is about, the narrowest that is no riddle first."""
    document = reading.document
    area = subjects.heading(block) if block else None
    inner = _inner(one)
    topic = subjects.topic(document)
    narrow = ", ".join(part for part in (area, _lower(inner) if area else inner) if part)
    weak = narrow and len(narrow.split()) <= WEAK_WORDS and not NAME.search(f"{one.question}, {_lower(narrow)}")
    ours = not reading.speakers and bool(OURS.search(one.question))
    if (weak or (ours and narrow)) and topic and not subjects.is_meeting(document):
        yield f"{topic}, {_lower(narrow)}"
    yield from (part for part in (narrow, area, topic) if part)


def _inner(one: Candidate) -> str:
    """Return what the bullet, or the bullet above it, says that it is about."""
    claim = one.claim
    if claim is None or one.kind is not CardKind.CLOZE:
        return ""
    above = referents.about(claim.above) if claim.above else None
    inner = claim.label or above or ""
    known = inner.lower() in one.question.lower() or inner.endswith("?")
    return "" if known or len(inner.split()) > NESTED_WORDS else inner


def _topic_unsaid(one: Candidate, reading: Reading) -> str:
    topic = subjects.topic(reading.document)
    return "" if topic is None or topic.lower() in one.question.lower() else topic


def _names(one: Candidate, block: Block | None, reading: Reading) -> bool:
    """Say whether a question names its topic, its section, or something with a name."""
    section = subjects.heading(block) if block else None
    known = [name.lower() for name in (subjects.topic(reading.document), section) if name]
    said = one.question
    if one.speaker and section and block and block.kind in LISTED and not _people(section, one.speaker.name):
        said = said.removesuffix(f", according to {one.speaker.name}?")  # all of the notes are the speaker's
    return any(name in said.lower() for name in known) or bool(NAME.search(said))


def _answers(about: str, answer: str) -> bool:
    """Say whether a frame would give the answer away."""
    return len(answer) > 2 and answer.lower() in about.lower()


def _cased(name: str) -> str:
    return name.capitalize() if name.isupper() and " " in name else name


def _lower(name: str) -> str:
    """Return a heading as it stands after another word."""
    first = name.split(",")[0]
    return name[:1].lower() + name[1:] if name[1:2].islower() and not re.search(r" [A-Z]", first) else name
