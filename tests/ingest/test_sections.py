"""Passages of people, by the lines above them."""

import pytest

from quizapp.domain.documents import BlockKind
from quizapp.ingest import read
from quizapp.ingest.sections import introduced


def said(source: str, filename: str = "a.md") -> dict[str, str | None]:
    """Return who says each statement, by its first word."""
    document = read(source.encode(), filename)
    skipped = (BlockKind.TITLE, BlockKind.HEADING, BlockKind.LABEL)
    told = [(b.span.of(document.text).split()[0], b.speaker) for b in document.blocks if b.kind not in skipped]
    return {word: who.name if who else None for word, who in told}


@pytest.mark.parametrize(
    "line",
    [
        "3. Dr. Ada Byron, Chief Engineer, Babbage Mills",
        "09:45 | Ada Byron | Engineer",
        "Looms that think — Ada Byron (Babbage Institute)",
        '"Looms that think" by Ada Byron, engineer',
        "Looms that think (Ada Byron, engineer)",
        "Speaker: Ada Byron",
        "Talk 2 – Ada Byron (Babbage Mills): Looms that think",
        "Ada Byron (she/her), engineer",
    ],
)
def test_a_line_introduces_a_speaker_in_many_ways(line):
    assert [who.name for who in introduced(line)] == ["Ada Byron"]


@pytest.mark.parametrize(
    "line", ["Place: Old Dairy, upstairs", "Looms are loud.", "Looms and steam", "Moderator: Bo Li"]
)
def test_a_line_about_something_else_introduces_nobody(line):
    assert introduced(line) == ()


def test_a_heading_with_a_name_owns_what_stands_below_the_title_of_the_talk():
    source = (
        "# Loom Forum\n\n## Ada Byron, Head of Looms, Babbage Mills\n\n### Cheap looms\n\n- Looms drift.\n\n"
        "## What we will do\n\n- Buy thread.\n"
    )

    assert said(source) == {"Looms": "Ada Byron", "Buy": None}


def test_a_line_below_a_theme_says_whose_it_is_up_to_the_next_theme():
    source = (
        "# Loom Congress\n\n## Looms sleep\n\n*Ada Byron, weaver*\n\nNights are quiet.\n\n"
        "## Law\n\n*Bo Li, barrister*\n\nCourts wait.\n\n## From the floor\n\nQueues were long.\n"
    )

    assert said(source) == {"Nights": "Ada Byron", "Courts": "Bo Li", "Queues": None}


def test_a_plain_line_that_names_nobody_ends_the_passage_before_it():
    source = (
        "Loom conference, town hall\n\n09:45 | Ada Byron | Engineer\n* Looms drift.\n\n"
        "10:30 | Coffee\nCakes were gone.\n\n11:00 | Bo Li | Weaver\n* Steam waits.\n"
    )

    assert said(source, "a.txt") == {"Looms": "Ada Byron", "Cakes": None, "Steam": "Bo Li"}


def test_a_family_name_is_enough_for_whom_the_introduction_names_in_full():
    source = (
        "# Recap\n\nSpeakers were Ada Byron (engineer) and Bo Li (weaver).\n\n"
        "**Byron**\n\n- Looms drift.\n\n**Li**\n\n- Steam waits.\n\n**Thanks**\n\n- Cooks.\n"
    )

    assert said(source) == {"Speakers": None, "Looms": "Ada Byron", "Steam": "Bo Li", "Cooks.": None}


def test_a_title_line_gives_all_notes_to_the_one_speaker_but_for_the_writers_own():
    source = 'talk notes, city library\n"The last looms" by Ada Byron, historian\n\n- looms drift\n\nI want her book.\n'

    assert said(source, "a.txt") == {"looms": "Ada Byron", "I": None}


def test_a_document_that_tells_of_no_talk_has_no_owners():
    source = "# Engines\n\n## Programs (Ada Byron, engineer)\n\n- Wrote the first program.\n"

    assert said(source) == {"Wrote": None}


def test_a_header_in_brackets_is_more_than_a_note_of_what_happens():
    source = (
        "Summary of the loom webinar\n\n[Ada Byron, weaver]\n\n- Looms drift.\n\n[Bo Li, engineer]\n\n- Steam waits.\n"
    )

    assert said(source, "a.txt") == {"Looms": "Ada Byron", "Steam": "Bo Li"}


def test_a_family_name_in_capitals_may_come_first():
    source = "# Loom symposium\n\n## BYRON, Dr Ada (weaver)\n\n- Looms drift.\n\n## LI-MARSH, Bo (engineer)\n\n- Steam waits.\n"

    assert said(source) == {"Looms": "Ada Byron", "Steam": "Bo Li-Marsh"}


def test_a_family_name_of_two_words_is_no_other_person():
    source = "# Loom talks\n\n## Looms drift – Ada Del Byron\n\nDel Byron said that looms drift.\n\n- Steam waits.\n"

    assert {person.name for person in read(source.encode(), "a.md").people} == {"Ada Del Byron"}


def test_lines_that_say_who_spoke_and_when_are_lines_of_their_own():
    source = "# Loom lecture\n\n**Lecturer:** Dr Ada Byron  \n**Date:** 4 May\n\n## Drift\n\n- Looms drift.\n"

    assert said(source)["Looms"] == "Ada Byron"
