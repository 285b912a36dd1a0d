"""Whom running prose names as somebody who speaks, and whom it only names."""

import pytest

from quizapp.ingest import introductions


@pytest.mark.parametrize(
    ("paragraph", "name", "title"),
    [
        ("“It hums,” said Tidewater co-founder Ada Byron.", "Ada Byron", None),
        ("Head of Looms Ada Byron put it this way: “It hums.” Byron smiled.", "Ada Byron", "Head of Looms"),
        ("Ada Byron (Tidewater Union) argued that looms hum.", "Ada Byron", "Tidewater Union"),
        ("Ada Byron taps the rim. It hums. Looms, she says, hum too.", "Ada Byron", None),
        ("Old Mrs Ada Byron swears by wool: “It never hums at night.”", "Ada Byron", None),
    ],
)
def test_who_speaks_in_prose_is_known_by_the_whole_name(paragraph, name, title):
    assert introductions.speakers([paragraph]) == [(name, title)]


@pytest.mark.parametrize(
    "paragraph",
    [
        "Ada Byron ran the first mill. She sold it in 1840.",
        "Loom Robotics said it will close. The company gave no date.",
        "If the mill is shut, ask Ada Byron. Bo Li replaced the form.",
    ],
)
def test_who_is_only_named_is_no_speaker(paragraph):
    assert introductions.speakers([paragraph]) == []
