"""Whose "we" it is: the house of a text, and of whoever speaks."""

import pytest

from quizapp.domain.documents import Speaker
from quizapp.generate import houses
from quizapp.ingest import read

ADA = Speaker("Ada Byron")


@pytest.mark.parametrize(
    ("told", "house"),
    [
        ("Ada Byron, founder of Hilltop Looms, met us in the yard.", "Hilltop Looms"),
        ("Ada Byron, 41, runs the weaving company Hilltop Looms.", "the weaving company Hilltop Looms"),
        ("Ada Byron weaves in Leeds. Her mill, Hilltop Looms, employs nine people.", "Hilltop Looms"),
        ("Ada Byron, who owns Hilltop Looms, came late.", "Hilltop Looms"),
    ],
)
def test_what_a_text_says_that_somebody_runs_is_their_house(told, house):
    document = read(f"# Cloth\n\n{told}\n".encode(), "a.md")

    assert houses.of_speaker(ADA, document) == house


@pytest.mark.parametrize(
    "told",
    [
        "Ada Byron wrote a book about Hilltop Looms.",
        "Ada Byron weaves in Leeds. Bo Li founded Hilltop Looms.",
        "Ada Byron is tired of Leeds.",
    ],
)
def test_what_a_text_only_names_near_somebody_is_not_their_house(told):
    document = read(f"# Cloth\n\n{told}\n".encode(), "a.md")

    assert houses.of_speaker(ADA, document) is None


@pytest.mark.parametrize(
    ("below", "house"),
    [
        ("*Staff Handbook of the Hilltop Record Room. Read it twice.*", "the Hilltop Record Room"),
        ("*Staff Handbook, The Copper Kettle Kitchens, Leeds.*", "the Copper Kettle Kitchens"),
        ("**Hilltop Looms Ltd** · Version 3", "Hilltop Looms Ltd"),
        ("We saw a loom in the British Museum.", None),
    ],
)
def test_the_first_lines_say_whose_rules_they_are(below, house):
    document = read(f"# Chapter 3: Yarn\n\n{below}\n\nWe dye wool at 60 degrees.\n".encode(), "a.md")

    assert houses.of_document(document) == house
