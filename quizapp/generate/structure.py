"""Cards from what the layout of a document says: who spoke, on what, as what.

The surest of all: the facts stand in headers and introductions.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from quizapp.domain.cards import CardKind
from quizapp.domain.documents import Block, BlockKind, Span, Speaker
from quizapp.generate import subjects, wording
from quizapp.generate.candidates import Candidate, Reading
from quizapp.generate.claims import sentences
from quizapp.ingest import names

THEME = re.compile(
    r"\b(?:theme|theme of|topic|topic of|subject|title|titled|entitled|called|speech on|talk on|talk about|keynote on|keynote|"
    r"lecture on|spoke on|spoke about|speaking on|presented|presentation|presentation on|session on|address on)[,:]? "
    r"(?P<theme>“[^”]{8,220}”|\"[^\"]{8,220}\")"
)
LINES = (BlockKind.PARAGRAPH, BlockKind.LABEL)  # that may say who speaks
SPEAKER_LINE = re.compile(r"(?:[Ss]peaker|[Pp]resenter)(?:s|\(s\))?: (?P<who>.{4,120})")


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield who spoke on which theme, the themes, and every speaker's role."""
    yield from _themes(reading)
    yield from _talk(reading)
    yield from _roles(reading)


def event(text: str, title: str) -> str | None:
    """Return the event that a document reports on: named in the title, or twice."""
    in_title = subjects.EVENT.findall(title)
    if in_title:
        return f"the {in_title[-1]}"
    named = subjects.EVENT.findall(text)
    often = max(set(named), key=named.count, default=None)
    return f"the {often}" if often and named.count(often) >= 2 else None


def _themes(reading: Reading) -> Iterator[Candidate]:
    text = reading.document.text
    at_event = f" at {reading.event}" if reading.event else ""
    for block in reading.document.blocks:
        if block.kind is not BlockKind.PARAGRAPH or block.speaker:
            continue
        for span in sentences(block.span.of(text)):
            sentence = span.of(block.span.of(text))
            found = THEME.search(sentence)
            who = _named(sentence, block, reading)
            if not found or not who or not _heads_a_section(who, block, reading):
                continue
            theme = found["theme"].strip('“”"').rstrip(".,")
            quote = Span(block.span.start + span.start, block.span.start + span.end)
            if reading.many_voices:
                yield Candidate(
                    CardKind.BASIC,
                    f"Who spoke on “{theme}”{at_event}?",
                    _with_others(who, sentence, reading),
                    quote,
                    "theme_speaker",
                    0.97,
                    context=_header(block),
                )
            else:
                ask = f"What was the theme of {who.name}’s talk{at_event}?"
                yield Candidate(CardKind.BASIC, ask, f"“{theme}”", quote, "theme", 0.95, context=_header(block))


def _talk(reading: Reading) -> Iterator[Candidate]:
    """Yield who gave the one talk that the document is about."""
    document = reading.document
    for block in document.blocks:
        found = SPEAKER_LINE.fullmatch(block.span.of(document.text)) if block.kind in LINES else None
        if found and document.title:
            title = (subjects.subject(document) or document.title).strip('“”" ')
            yield Candidate(
                CardKind.BASIC,
                f"Who gave the talk “{title}”?",
                re.sub(r" \([a-z][^()]*\)$", "", found["who"].replace("&", "and")),
                block.span,
                "talk_speaker",
                0.92,
                context=document.title,
            )
            return


def _named(sentence: str, block: Block, reading: Reading) -> Speaker | None:
    """Return the speaker of the section, if the sentence is about them."""
    there = [who for who in reading.speakers if who.name in sentence]
    under = [who for who in there if block.path and who.name in block.path[-1]]
    meant = under or there
    return meant[0] if len(meant) == 1 else None


def _with_others(who: Speaker, sentence: str, reading: Reading) -> str:
    """Return the speaker, with whoever else the sentence names: a dialogue has two answers."""
    others = [other.name for other in reading.document.people if other.name in sentence and other.name != who.name]
    return f"{who.full}, with {' and '.join(others)}" if others else who.full


def _heads_a_section(who: Speaker, block: Block, reading: Reading) -> bool:
    return any(section.speaker == who.name for section in reading.document.sections) or not block.path


def _header(block: Block) -> str:
    return block.path[-1] if block.path else ""


def _roles(reading: Reading) -> Iterator[Candidate]:
    for who in reading.speakers:
        if not who.title or not names.ROLE.search(who.title) or (found := _where_titled(who, reading)) is None:
            continue
        span, quote = found
        known = f"{who.name} is introduced as {who.title}."
        # Who introduces themselves often has several roles: ask for the one with the employer.
        own = who.name not in quote and who.role and who.organisation
        as_what = f" at {who.organisation}" if own else _as_what(reading)
        yield Candidate(
            CardKind.BASIC,
            f"What is {who.name}’s role{as_what}?",
            wording.capitalised(who.role if own and who.role else who.title),
            span,
            "role",
            0.95,
            context=f"{known} {quote}",
        )


def _as_what(reading: Reading) -> str:
    if subjects.is_meeting(reading.document):
        whose = subjects.subject(reading.document)
        return f" in {whose}" if whose and whose != reading.document.title else ""
    return f" (a speaker at {reading.event})" if reading.event else ""


def _where_titled(who: Speaker, reading: Reading) -> tuple[Span, str] | None:
    """Return the first passage that gives a speaker's name or own words together with the title."""
    text, title = reading.document.text, who.title or ""
    for above, block in pairwise((None, *reading.document.blocks)):
        if block is None or title not in block.span.of(text) or block.kind is BlockKind.CODE:
            continue
        if above and above.span.of(text) == who.name and block.kind is BlockKind.LABEL:
            whole = Span(above.span.start, block.span.end)
            return whole, whole.of(text)
        own = block.speaker is not None and block.speaker.name == who.name
        inside = block.span.of(text)
        for span in sentences(inside):
            sentence = span.of(inside)
            if title in sentence and (own or who.name in sentence):
                return Span(block.span.start + span.start, block.span.start + span.end), sentence
    return None
