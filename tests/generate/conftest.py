"""Documents in a line or two, and the cards that they give."""

from collections.abc import Callable

import pytest

from quizapp.domain.cards import Draft, DraftStatus
from quizapp.generate.pipeline import Generated, generate
from quizapp.ingest import read

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
    return [draft for draft in generated(source, filename).drafts if draft.status is DraftStatus.READY]


@pytest.fixture
def asks() -> Cards:
    """Return question and answer of every ready card that a text gives below an English title."""

    def of(text: str) -> list[tuple[str, str]]:
        return [(draft.question, draft.answer) for draft in ready(f"# The notes of the week\n\n{text}\n")]

    return of
