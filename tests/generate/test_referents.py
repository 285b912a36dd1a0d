"""Who or what "it" is: named again where it is sure, left alone where it is not."""

import pytest

from quizapp.generate.pipeline import _reading
from quizapp.ingest import read
from tests.generate.conftest import generated, panel


def said(text: str) -> list[str]:
    document = read(f"# The notes of the week\n\n{text}\n".encode(), "a.md")
    return [claim.said for claim in _reading(document, lambda _share, _what: None).claims]


@pytest.mark.parametrize(
    ("text", "clear"),
    [
        ("The Hilltop Mill is old. It weaves linen.", "The Hilltop Mill weaves linen"),
        ("The Hilltop Mill is old. In 2024 it wove linen.", "In 2024 the Hilltop Mill wove linen"),
        ("Babbage is a maker of looms. The company has 63 weavers.", "Babbage has 63 weavers"),
        ("We have rebuilt the engine. It’s made of brass now.", "The engine is made of brass now"),
        ("- Madder: a red dye. It fades in the sun.", "Madder fades in the sun"),
        ("The looms are old. Their shuttles wear out.", "The looms’ shuttles wear out"),
        ("Edmund Cartwright drew a loom in 1784. He had never seen one.", "Edmund Cartwright had never seen one"),
        ("The Brannoch, our oldest vessel, lost its gearbox in May. She burns coal.", "The Brannoch burns coal"),
        ("The Hilltop Mill, an old house, is closed. It wove linen.", "The Hilltop Mill wove linen"),
    ],
    ids=["it", "after a date", "the company", "an object", "an entry", "their", "he", "a ship", "behind an aside"],
)
def test_the_subject_is_named_again(text, clear):
    assert said(text)[-1] == clear


@pytest.mark.parametrize(
    "text",
    [
        "The mill bought a loom. It is made of oak.",
        "The weavers met the dyers. They were tired.",
        "The mill is old. It takes two hours to heat the boiler.",
        "The mill is old. They weave linen.",
        "Cartwright met Arkwright in Leeds. He was tired.",
        "The Hilltop Mill is old. He wove linen.",
    ],
    ids=["two things", "two groups", "empty it", "another number", "two people", "a house"],
)
def test_where_two_things_could_be_meant_nothing_is_named(text):
    assert said(text)[-1].startswith(("It ", "They ", "He "))


def test_she_is_the_speaker_in_notes_of_her_talk():
    questions = [
        draft.question for draft in generated(panel(ada="Her group weaves for 72 hours without a rest.")).drafts
    ]

    assert any("Ada Byron’s group" in question for question in questions)


def test_the_quote_holds_the_sentence_that_names_the_subject():
    source = "# Notes\n\n## Mills of Leeds\n\nThe Hilltop Mill is old. It burns at least 20 tons of coal a day.\n"

    draft = next(draft for draft in generated(source).drafts if draft.rule == "cloze_number")

    assert draft.question == "Mills of Leeds: The Hilltop Mill burns […] of coal a day."
    assert draft.source.quote == "The Hilltop Mill is old. It burns at least 20 tons of coal a day."
