"""Where a draft stands after the steps that a person took on it. Start from `standing`.

Steps are kept as they were taken and a step that was undone is left out, so undo
is repeatable and nothing is overwritten.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Protocol

from quizapp.domain import cloze
from quizapp.domain.cards import CardKind, Draft, Note
from quizapp.domain.validity import check
from quizapp.errors import InvalidInput


class Decision(Enum):
    """What a person decided on a draft; None, where used, means not yet."""

    KEPT = "kept"
    REJECTED = "rejected"


class StepKind(Enum):
    """What a person can do to a draft."""

    KEEP = "keep"
    REJECT = "reject"
    EDIT = "edit"


@dataclass(frozen=True)
class Wording:
    """What a draft says; a cloze question shows its gap as `[…]`."""

    question: str
    answer: str
    choices: tuple[str, ...] = ()
    explanation: str = ""


@dataclass(frozen=True)
class Step:
    """One thing that was done to a draft; an edit carries the new wording."""

    kind: StepKind
    wording: Wording | None = None


@dataclass(frozen=True)
class Standing:
    """What has become of a draft."""

    decision: Decision | None
    wording: Wording
    edited: bool


class Proposed(Protocol):
    """Anything that says what generation proposed."""

    @property
    def question(self) -> str: ...

    @property
    def answer(self) -> str: ...

    @property
    def choices(self) -> tuple[str, ...]: ...

    @property
    def explanation(self) -> str: ...


def standing(draft: Proposed, steps: Iterable[Step]) -> Standing:
    """Return where the draft stands after the steps, the oldest first."""
    generated = generated_wording(draft)
    decision, wording = None, generated
    for step in steps:
        match step.kind:
            case StepKind.KEEP:
                decision = Decision.KEPT
            case StepKind.REJECT:
                decision = Decision.REJECTED
            case StepKind.EDIT:
                wording = step.wording or wording
    return Standing(decision, wording, edited=wording != generated)


def generated_wording(draft: Proposed) -> Wording:
    """Return the draft in the words of generation."""
    return Wording(draft.question, draft.answer, draft.choices, draft.explanation)


def as_note(draft: Draft, wording: Wording, number: int = 1) -> Note:
    """Return the note that keeping the draft in this wording makes; refuse one that could not be asked.

    The number is that of its gap, where it has one.
    """
    if draft.kind is CardKind.CLOZE:
        if cloze.GAP not in wording.question:
            raise InvalidInput("This text has no gap. Put %(gap)s where the answer belongs.", gap=cloze.GAP)
        if not wording.answer.strip():
            raise InvalidInput("The answer is empty. Write what belongs into %(gap)s.", gap=cloze.GAP)
    note = replace(
        draft,
        question=wording.question,
        answer=wording.answer,
        choices=wording.choices,
        explanation=wording.explanation,
    ).as_note(number)
    check(note)
    return note


def together(note: Note, other: Note) -> Note | None:
    """Return one note that asks what both ask; None unless both are gaps of one sentence from one place.

    Gaps of one sentence show each other's answers, so they must be siblings: cards of one note.
    """
    alike = replace(note, question="", tags=()) == replace(other, question="", tags=())
    if note.kind is not CardKind.CLOZE or not alike or not set(other.tags) <= set(note.tags):
        return None
    text = cloze.joined(note.question, other.question)
    return None if text is None else replace(note, question=text)
