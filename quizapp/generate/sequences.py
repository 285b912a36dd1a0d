"""What comes first, then and finally, told in running text: put it in order."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from quizapp.domain.cards import CardKind
from quizapp.domain.documents import BlockKind, Span
from quizapp.generate import subjects, wording
from quizapp.generate.candidates import Candidate, Reading
from quizapp.generate.claims import Claim

FIRST = re.compile(r"(?:^|, |(?<=\w) )(?P<word>[Ff]irst(?: of all)?|[Tt]o begin with|[Ii]nitially)\b,? ?(?=[a-z])")
LATER = r"(?P<later>then|next|afterwards|after that|after this|later|subsequently)|(?P<last>finally|lastly|in the end|at last)"
BREAK = re.compile(rf"(?:[,;]? and |[,;] )(?=(?:{LATER})\b)")
MARKED = re.compile(rf"(?:And )?(?:{LATER})\b,? ", re.IGNORECASE)
LEAD = re.compile(r"^(?:To|In|For|When|If|After|Before|On|At|During) [^,]{3,60}, ")
STORY = re.compile(r"\b(?:I|me|my|we|us|our)\b|\bfirst (?:time|of its|in the world)\b")
POINTING = re.compile(r"(?:It|They|This|These|That|Those|He|She)\b")  # at what, shuffled steps do not say
STEPS = range(3, 8)
STEP_WORDS = 15


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield the order of what a paragraph tells as "first ..., then ..., finally ...", without a word in between."""
    for block, claims in groupby(reading.claims, key=lambda claim: claim.block):
        name = subjects.area(block, reading.document) if block.kind is BlockKind.PARAGRAPH else None
        if name is None:
            continue
        for told in _runs(list(claims)):
            steps = [wording.answer(step) for step, _ in told]
            span = Span(told[0][1].span.start, told[-1][1].span.end)
            if len(set(steps)) < len(steps) or not all(map(_stands_alone, steps)):
                continue
            context = f"{name} {reading.document.title} order steps"
            yield Candidate(
                CardKind.ORDER, f"Put the steps of “{name}” in order.", "\n".join(steps), span, "sequence", 0.85,
                speaker=told[0][1].speaker, context=context,
            )  # fmt: skip


def _runs(claims: Sequence[Claim]) -> Iterator[list[tuple[str, Claim]]]:
    """Yield what is told in order, each step with its sentence."""
    run: list[tuple[str, Claim]] = []
    ended = False
    for claim in claims:
        for part in BREAK.split(claim.text.rstrip(". "))[:: 1 + len(BREAK.groupindex)]:
            marked = MARKED.match(part)
            if marked and run and not ended:
                run.append((part[marked.end() :], claim))
                ended = marked["last"] is not None
                continue
            if len(run) in STEPS:
                yield run
            opened = FIRST.search(part)
            run, ended = [(_without(part, opened), claim)] if opened else [], False
    if len(run) in STEPS:
        yield run


def _stands_alone(step: str) -> bool:
    return len(step.split()) <= STEP_WORDS and not STORY.search(step) and not POINTING.match(step)


def _without(part: str, opened: re.Match[str]) -> str:
    """Return a first step without the word that says so, nor what it is for."""
    said = f"{part[: opened.start('word')]}{part[opened.end() :]}"
    return LEAD.sub("", said).strip(" ,")
