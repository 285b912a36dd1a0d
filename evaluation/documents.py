"""The development documents with their facts, and the cards that generation makes of them now.

They were written by somebody who does not know the rules. `HELD_OUT` are never
looked at while a rule is made or a weight is fitted.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from quizapp import ingest, markup
from quizapp.domain.cards import CardKind, Draft, Rejected, content_id
from quizapp.generate import pipeline
from quizapp.generate.candidates import Candidate

HERE = Path(__file__).parent
HELD_OUT = (
    "chapter-notes-cells", "handbook-pool", "panel-cities", "panel-schools", "policy-travel", "recap-prose-conference",
    "report-market", "takeaways-water", "talk-notes-memory",
)  # fmt: skip
PROSE = (  # the others have a structure of their own
    "essay-attention", "essay-maps", "recap-prose-conference", "recap-prose-energy", "recap-prose-fashion", "report-ferries",
    "report-library", "report-market", "report-water",
)  # fmt: skip


@dataclass(frozen=True)
class Fact:
    """What a superb card writer would ask about, and how a card that asks it is recognised."""

    id: str
    question: str
    quote: str
    speaker: str | None
    answer_any: tuple[str, ...]  # patterns, one of which the answer matches
    must_all: tuple[str, ...]  # patterns that question and answer together match


@dataclass(frozen=True)
class Example:
    """A candidate as weights are learnt from it, chosen or not."""

    keys: tuple[str, ...]  # what ratings may know it by: as it is shown, and as its rule words it
    rule: str
    sure: float
    traits: Mapping[str, float]
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Made:
    """A document with its facts and with what generation made of it."""

    name: str
    words: int
    facts: tuple[Fact, ...]
    drafts: tuple[Draft, ...]
    rejected: tuple[Rejected, ...]
    weighed: tuple[Example, ...] = ()


def names() -> Sequence[str]:
    """Return the documents by name, in order."""
    return sorted(path.stem for path in (HERE / "documents").iterdir())


def facts(name: str) -> tuple[Fact, ...]:
    """Return the facts of a document."""
    given = json.loads((HERE / "gold" / f"{name}.json").read_text("utf-8"))
    return tuple(
        Fact(
            fact["id"], fact["question"], fact["source_quote"], fact["speaker"],
            tuple(fact["answer_any"]), tuple(fact["must_all"]),
        )
        for fact in given
    )  # fmt: skip


def made(name: str) -> Made:
    """Read a document and generate its cards."""
    (path,) = (HERE / "documents").glob(f"{name}.*")
    document = ingest.read(path.read_bytes(), path.name)
    weighed = pipeline.weighed(document)
    generated = pipeline.chosen(weighed)
    examples = tuple(_example(one) for one in weighed.candidates)
    return Made(name, len(document.text.split()), facts(name), generated.drafts, generated.rejected, examples)


def _example(one: Candidate) -> Example:
    texts = (markup.from_text(one.shown), markup.from_text(one.answer)), (one.question, one.answer)
    return Example(
        tuple(content_id(CardKind.BASIC, *text) for text in texts), one.rule, one.sure, one.traits, one.faults
    )


def all_made() -> Iterator[Made]:
    """Make the cards of every document, two at a time."""
    with ProcessPoolExecutor(max_workers=2, mp_context=get_context("spawn")) as pool:
        yield from pool.map(made, names())
