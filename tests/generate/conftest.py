"""Documents in a line or two, and the cards that they give."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from quizapp.domain.cards import Draft, DraftStatus
from quizapp.generate import pipeline, ranking
from quizapp.generate.candidates import Candidate
from quizapp.generate.pipeline import Generated, generate
from quizapp.ingest import read

SURE = 0.75  # what a rule claims that is seldom wrong
ENGLISH = "\n# The valley\n\nThe mills have been there for a hundred years, and the people in them know what they do.\n"
Cards = Callable[[str], list[tuple[str, str]]]

PANEL = """# Notes from the {event}

## Ada Byron, Chair of Engines at Babbage Ltd

Ada Byron spoke first.

- {ada}

## Bo Li, Director, Research Division, Acme

Bo Li spoke next.

- {bo}

## Cleo Marsh, CEO of Thread and Co

Cleo Marsh spoke last.

- {cleo}
"""


def panel(ada: str = "Engines weave.", bo: str = "Steam is over.", cleo: str = "Looms are loud.") -> str:
    """Return a report on three speakers, so that "which speaker" is a question."""
    return PANEL.format(event="2026 Loom Summit", ada=ada, bo=bo, cleo=cleo)


def generated(source: str, filename: str = "a.md") -> Generated:
    return generate(read(source.encode(), filename))


def ready(source: str, filename: str = "a.md") -> list[Draft]:
    """Return what would be ready if rules and checks alone decided, so that their tests outlive the next training."""
    weighed = pipeline.weighed(read(source.encode(), filename))
    trusted = replace(weighed, candidates=tuple(replace(one, chance=trust(one)) for one in weighed.candidates))
    return [draft for draft in pipeline.chosen(trusted).drafts if draft.status is DraftStatus.READY]


def trust(one: Candidate) -> float:
    """Return how sure a candidate's rule is, or so little that it waits in the tray."""
    return one.sure if one.sure >= SURE and not one.faults else ranking.TRAY_AT


@pytest.fixture
def asks() -> Cards:
    """Return question and answer of every card that rules are sure of in a text below an English title."""

    def of(text: str) -> list[tuple[str, str]]:
        return [(draft.question, draft.answer) for draft in ready(f"# The notes of the week\n\n{text}\n")]

    return of


def proposed(source: str, *rules: str, filename: str = "a.md") -> list[tuple[str, str]]:
    """Return question and answer of every candidate of some rules, before any is chosen and without what is put in front."""
    candidates = pipeline.weighed(read(f"{source}{ENGLISH}".encode(), filename)).candidates
    return [(one.question, one.answer) for one in candidates if one.rule in rules]
