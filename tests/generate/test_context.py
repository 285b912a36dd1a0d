"""What stands in front of a question so that it makes sense without the document."""

import pytest

from tests.generate.conftest import generated, panel, ready

MILL = "# The mill at Hilltop\n\n"


def gaps(source: str, filename: str = "a.md") -> list[str]:
    return [draft.question for draft in generated(source, filename).drafts if draft.rule == "cloze_number"]


def test_a_question_without_a_name_in_it_gets_the_section_that_it_stands_in():
    source = f"{MILL}## Old looms\n\nA shuttle is a piece of wood that carries the thread.\n"

    assert "The mill at Hilltop, old looms: What is a shuttle?" in [draft.question for draft in ready(source)]


def test_a_question_that_names_something_gets_nothing():
    source = f"{MILL}## Old looms\n\nIndigo is a dye that fixes itself to the thread.\n"

    assert not any(
        draft.question.startswith("Old looms") for draft in generated(source).drafts if draft.rule != "cloze_number"
    )


@pytest.mark.parametrize(
    "heading", ["Overview", "Notes", "Key takeaways", "Before you start", "Q1", "2026-05-01", "Results"]
)
def test_a_heading_that_says_nothing_is_no_topic(heading):
    source = f"{MILL}## Looms and dyes\n\n### {heading}\n\nWool must lie in the dye for at least 40 minutes.\n"

    assert gaps(source) == ["The mill at Hilltop, looms and dyes: Wool must lie in the dye for […]."]


def test_a_short_heading_stands_behind_the_topic():
    source = f"{MILL}## Dyes\n\nWool must lie in the dye bath for at least 40 minutes.\n"

    assert gaps(source) == ["The mill at Hilltop, dyes: Wool must lie in the dye bath for […]."]


def test_a_frame_does_not_repeat_what_the_question_says():
    source = f"{MILL}## Dyes of Leeds\n\nThe dyes of Leeds are boiled for at least 40 minutes.\n"

    assert gaps(source) == ["The dyes of Leeds are boiled for […]."]


def test_a_frame_does_not_give_the_answer_away():
    source = f"{MILL}## The rule of 40 minutes\n\nWool must lie in the bath for 40 minutes.\n"

    assert gaps(source) == ["The mill at Hilltop: Wool must lie in the bath for […]."]


def test_an_answer_that_is_no_sentence_gets_the_question_of_the_interviewer():
    source = (
        "# A visit to the mill\n\n**Ada Byron:** Where do your wages go?\n\n**Bo Li:** Around 40 percent to the weavers.\n\n"
        "**Ada Byron:** And why?\n\n**Bo Li:** Weavers are the mill.\n"
    )

    assert gaps(source) == ["Bo Li, asked “Where do your wages go?”: “[…] to the weavers.”"]


def test_the_heading_of_an_answer_is_its_question():
    source = (
        "# Hilltop Mill: questions\n\n## How many shirts can I order?\n\nUp to 200 shirts.\n\n## Who weaves?\n\nAda.\n"
    )

    assert "Hilltop Mill, “How many shirts can I order?”: […] shirts." in gaps(source)


def test_notes_of_a_talk_say_on_what_the_speaker_spoke():
    source = (
        "# Looms that think\n\nTalk by **Ada Byron** (Chair of Engines, Babbage Ltd), Leeds.\n\n"
        "## 1. Old looms\n\n- a shuttle of oak wears out after about 300 hours in the mill\n\n## TODO (me)\n\n- order around 40 shuttles\n"
    )

    assert "Ada Byron on old looms: A shuttle of oak wears out after […] in the mill" in gaps(source)
    assert {draft.source.speaker for draft in generated(source).drafts if "order" in draft.question} <= {None}


def test_a_nested_bullet_says_what_it_is_nested_under():
    source = f"{MILL}## Dyes of the valley\n\n- Madder: a red dye from roots\n  - boiled for at least 40 minutes in rain water\n"

    assert "The mill at Hilltop, dyes of the valley, madder: Boiled for […] in rain water" in gaps(source)


def test_last_year_is_clear_where_the_frame_has_a_date():
    minutes = (
        "# Minutes of the Board Meeting\n\n**Organisation:** Hilltop Mill\n**Date:** 9 June 2026\n\n"
        "## Looms\n\nThe mill sold 300 looms to Leeds last year.\n"
    )
    letter = f"{MILL}## Looms\n\nThe mill sold 300 looms to Leeds last year.\n"

    assert not any("a time" in reason for draft in generated(minutes).drafts for reason in draft.reasons)
    assert any("a time" in reason for draft in generated(letter).drafts for reason in draft.reasons)


def test_the_we_of_a_library_is_clear_where_the_frame_names_it():
    source = "# Hilltop Library: questions\n\n## Fines\n\nWe send a bill for the book after 60 days.\n"

    assert [draft.reasons for draft in generated(source).drafts if draft.rule == "cloze_number"] == [()]


@pytest.mark.parametrize(
    "sentence",
    [
        "Call 0555 0177 for the desk of the mill.",
        "The last drill of the mill was on 2025-05-20 in Leeds.",
        "The board of the mill agreed (5 in favour, 2 against).",
        "In the mill of Leeds 6,000 ÷ 40 = 150 looms.",
    ],
    ids=["phone", "date", "vote", "sum"],
)
def test_numbers_that_nobody_wants_to_remember_are_no_gaps(sentence):
    assert gaps(f"{MILL}## Looms\n\n{sentence}\n") == []


def test_what_counts_from_a_moment_that_is_not_shown_brings_it_along():
    source = panel(
        ada="The Leeds mill gave its looms to a school. After eighteen months the bills had fallen by 31 percent."
    )

    assert any("to a school. After eighteen months" in question for question in gaps(source))


@pytest.mark.parametrize(
    ("sentence", "gap", "answer"),
    [
        ("Two thirds of the weavers of Leeds are women.", "[…] of the weavers of Leeds are women.", "Two thirds"),
        ("Indigo is sold in nineteen of the 23 towns.", "Indigo is sold in […] of the 23 towns.", "nineteen"),
        (
            "The dye of Leeds is kept at about −20 °C in winter.",
            "The dye of Leeds is kept at […] in winter.",
            "about −20 °C",
        ),
        ("Leeds will forbid coal in all mills from 2031.", "Leeds will forbid coal in all mills from […].", "2031"),
    ],
    ids=["fraction", "so many of so many", "below zero", "date of an event"],
)
def test_what_a_share_or_a_date_says_is_a_gap(sentence, gap, answer):
    found = {
        draft.question.split(": ")[-1]: draft.answer for draft in generated(f"{MILL}## Looms\n\n{sentence}\n").drafts
    }

    assert found.get(gap) == answer


def test_the_question_of_an_answer_is_left_out_where_the_answer_says_it():
    source = "# Hilltop Mill: questions\n\n## How many shirts can I order?\n\nYou can order up to 200 shirts.\n\n## Who weaves?\n\nAda.\n"

    assert not any("“" in question for question in gaps(source))


@pytest.mark.parametrize(
    "sentence",
    [
        "In Leeds the shuttle now rests for an hour rather than for 30 minutes.",
        "In Leeds two engines both weave the same cloth.",
        "Ada showed the answers of the weavers of Leeds (50 of 90 answered):",
    ],
    ids=["what it was before", "said by another word", "opens a list"],
)
def test_a_gap_that_is_no_fact_of_its_own_is_not_made(sentence):
    found = [
        draft.answer for draft in generated(f"{MILL}## Looms\n\n{sentence}\n").drafts if draft.rule == "cloze_number"
    ]

    assert not {"30 minutes", "two engines", "50", "90"} & set(found)


def test_an_it_without_a_name_keeps_a_question_out():
    source = panel(ada="Once two countries have it, the rest is paperwork for the weavers.")

    assert not any("have it" in draft.question for draft in ready(source))
