"""Statements that are true or false: which, and what is changed."""

import pytest

from quizapp.domain.cards import CardKind, DraftStatus
from quizapp.generate import pipeline, truths
from quizapp.generate.candidates import Candidate
from quizapp.ingest import read
from tests.generate.conftest import ENGLISH, generated

TITLE = "# The harbour laundry\n\n## Rules\n\n"
PLANETS = "\n\n| Planet | Moons |\n|---|---|\n| Arda | two |\n| Belo | none |\n| Cyra | five |\n\n"


def stated(text: str) -> list[Candidate]:
    document = read(f"{TITLE}{text}\n{ENGLISH}".encode(), "a.md")
    return [one for one in pipeline.weighed(document).candidates if one.kind is CardKind.TRUE_FALSE]


@pytest.fixture
def changed(monkeypatch):
    """The statement made of a text where every one is changed, with its explanation; None where there is none."""

    def of(text: str) -> tuple[str, str] | None:
        monkeypatch.setattr(truths, "content_id", lambda *_: "0")
        found = stated(text)
        assert all(one.answer == "False" for one in found)
        return (found[0].question.removeprefix("True or false: "), found[0].explanation) if found else None

    return of


@pytest.mark.parametrize(
    ("said", "false", "right"),
    [
        (
            "The bottleneck of the laundry is not the washing machine but the press.",
            "The bottleneck of the laundry is the washing machine.",
            "It is the press, not the washing machine.",
        ),
        (
            "A press protects the hands only while the lid is shut.",
            "A press protects the hands even when the lid is not shut.",
            "A press protects the hands only while the lid is shut.",
        ),
        (
            "Stained sheets are never sent back without a note.",
            "Stained sheets are sometimes sent back without a note.",
            "Stained sheets are never sent back without a note.",
        ),
        (
            f"Belo is the only planet without a moon.{PLANETS}",
            "Arda is the only planet without a moon.",
            "It is Belo, not Arda.",
        ),
        (
            "Lost linen must come back within 30 days of the order. Clean linen waits 20 days on its shelf.",
            "Lost linen must come back within 20 days of the order.",
            "It is 30 days, not 20 days.",
        ),
    ],
)
def test_one_salient_thing_is_changed_and_known(changed, said, false, right):
    assert changed(said) == (false, right)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("The van left the yard at noon and brought the sheets.", id="no rule"),
        pytest.param("It is never sent back without a note from the office.", id="names nothing"),
        pytest.param("Some customers can't pick up their sheets on a Sunday.", id="of some only"),
        pytest.param("A dryer may run for up to 30 minutes. A van waits 50 minutes.", id="implied by the limit"),
        pytest.param("Sheets nearly always come back clean from the press.", id="softened"),
    ],
)
def test_what_cannot_be_made_surely_false_is_not_asked(changed, said):
    assert changed(said) is None


def test_a_true_statement_stands_as_it_is_and_needs_no_explanation(monkeypatch):
    monkeypatch.setattr(truths, "content_id", lambda *_: "f")

    (one,) = stated("Stained sheets are never sent back without a note.")

    assert (one.question, one.answer, one.explanation) == (
        "True or false: Stained sheets are never sent back without a note.", "True", "",
    )  # fmt: skip


def test_a_section_gives_one_statement_at_most():
    assert (
        len(stated("Stained sheets are never sent back without a note. Wool is never boiled in the big machine.")) == 1
    )


def test_a_sentence_that_is_asked_already_is_not_stated_as_well():
    text = "Lost linen must come back within 30 days of the order. Clean linen waits 20 days on its shelf."
    drafts = generated(f"{TITLE}{text}\n{ENGLISH}").drafts
    asked = [one for one in drafts if "Lost linen" in one.source.quote and one.status is DraftStatus.READY]

    assert stated(text)
    assert asked
    assert all(one.kind is not CardKind.TRUE_FALSE for one in asked)
