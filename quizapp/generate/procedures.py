"""Numbered procedures: put the steps in order, and what comes first.

A numbered list is a procedure when most of its items tell what to do.
"""

import re
from collections.abc import Iterator, Sequence

from quizapp.domain.cards import CardKind
from quizapp.domain.documents import Block, BlockKind, Document, Span
from quizapp.generate import subjects, wording
from quizapp.generate.candidates import Candidate, Reading
from quizapp.generate.claims import sentences
from quizapp.generate.orders import is_order

STEPS = range(3, 8)
STEP_WORDS = 15
QUOTE_CHARACTERS = 1500
STEP_HEADING = re.compile(r"^(?:step|phase|stage) (?P<nth>\d+)\s*[:.–—-]\s*(?P<what>\S.+)$", re.IGNORECASE)
NO_PROCEDURE = re.compile(
    r"\b(?:homework|exercises?|questions?|check yourself|agenda|quiz|contents|references|sources|actions?|to-?dos?|further reading)\b",
    re.IGNORECASE,
)
REST = re.compile(r"(?:afterwards?|done|finish(?:ed)?|that[’']s it|repeat)\W*$", re.IGNORECASE)
OPEN_END = re.compile(r"[:;]\s.*$|\s[–—]\s.*$|\s\([^()]*\)|, (?:so|because|since|which|and then|then|even if|as)\b.*$")


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield the order of every procedure's steps, and its first step."""
    if subjects.is_meeting(reading.document):
        return
    for blocks, words in (*_lists(reading.document), *_headings(reading.document)):
        name = _name(blocks[0], reading.document)
        span = Span(blocks[0].span.start, blocks[-1].span.end)
        steps = [_short(step) for step in words if not REST.match(step)]
        if name is None or (blocks[0].kind is BlockKind.STEP and not _procedure(words, name)):
            continue
        context = f"{name} {reading.document.title} order steps first step"
        distinct = len({step.lower() for step in steps}) == len(steps)
        fits = len(steps) in STEPS and distinct and all(len(step.split()) <= STEP_WORDS for step in steps)
        if fits and (span.end - span.start <= QUOTE_CHARACTERS or blocks[0].kind is BlockKind.HEADING):
            ask = f"Put the steps of “{name}” in order."
            yield Candidate(CardKind.ORDER, ask, "\n".join(steps), span, "steps", 0.9, context=context)
        code = re.search(r"[_=<>]|\(\)|--", steps[0])
        if not code and len(steps) >= STEPS[0] and 3 <= len(steps[0].split()) <= STEP_WORDS:
            first = blocks[0].span
            yield Candidate(
                CardKind.BASIC,
                f"What is the first step of “{name}”?",
                steps[0],
                first,
                "first_step",
                0.87,
                context=context,
            )


def _lists(document: Document) -> Iterator[tuple[list[Block], list[str]]]:
    """Yield the numbered lists of a document, without what is nested in them."""
    run: list[Block] = []
    for block in (*document.blocks, None):
        nested = (
            block is not None
            and run
            and block.kind in (BlockKind.BULLET, BlockKind.STEP)
            and block.level > run[0].level
        )
        if block is not None and block.kind is BlockKind.STEP and not nested and (not run or block.path == run[0].path):
            run.append(block)
        elif not nested and not (block is not None and run and block.kind is BlockKind.CODE):
            if run:
                yield run, [one.span.of(document.text) for one in run]
            run = [block] if block is not None and block.kind is BlockKind.STEP else []


def _headings(document: Document) -> Iterator[tuple[list[Block], list[str]]]:
    """Yield the headings that are steps: "Step 1: Freeze writes"."""
    run: list[Block] = []
    words: list[str] = []
    for block in document.blocks:
        found = STEP_HEADING.match(block.span.of(document.text)) if block.kind is BlockKind.HEADING else None
        if found and int(found["nth"]) == len(run) + 1:
            run.append(block)
            words.append(found["what"])
    if run:
        yield run, words


def _name(block: Block, document: Document) -> str | None:
    """Return what the procedure does, by its heading; "Before you start" needs the heading above it."""
    name = subjects.area(block, document)
    if name is None or not re.match(r"(?:before|after|when|if|while|during)\b", name, re.IGNORECASE):
        return name
    above = [subjects.bare(heading) for heading in block.path if subjects.bare(heading) != name]
    outer = above[-1] if above else subjects.subject(document)
    return f"{outer}: {name[:1].lower()}{name[1:]}" if outer else None


def _procedure(steps: Sequence[str], name: str) -> bool:
    """Say whether a list tells what to do, rather than what there is."""
    orders = sum(is_order(step) for step in steps)
    asked = any(step.rstrip().endswith("?") for step in steps)
    return len(steps) >= STEPS[0] and orders >= 0.6 * len(steps) and not asked and not NO_PROCEDURE.search(name)


def _short(step: str) -> str:
    """Return a step without its reasons and details."""
    first = next(sentences(step)).of(step)
    return wording.answer(OPEN_END.sub("", first) if len(first.split()) > 6 or ":" in first else first)
