"""What stands in front of a question so that it makes sense without the document."""

import pytest

from quizapp.generate import pipeline
from quizapp.generate.candidates import Candidate
from quizapp.ingest import read
from tests.generate.conftest import generated, panel, ready

MILL = "# The mill at Hilltop\n\n"


def candidates(source: str, filename: str = "a.md") -> tuple[Candidate, ...]:
    return pipeline.weighed(read(source.encode(), filename)).candidates


def gaps(source: str, filename: str = "a.md") -> list[str]:
    return [one.shown for one in candidates(source, filename) if one.rule == "cloze_number"]


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


def test_a_question_whose_words_name_nothing_gets_the_topic_before_its_section():
    source = (
        f"{MILL}## Dyes and baths\n\nRaw wool takes between 12 and 20 days to travel from the farm to the valley.\n"
    )

    assert [one.shown for one in candidates(source) if one.rule == "asks_how_long"] == [
        "The mill at Hilltop, dyes and baths: How long does raw wool take to travel from the farm to the valley?"
    ]


def test_letters_and_months_name_nothing():
    source = f"{MILL}## Dyes\n\nThe VLF pump ran dry on 31 July, after it had lost 40 litres of dye.\n"

    assert gaps(source)[0].startswith("The mill at Hilltop, dyes: The VLF pump")


def test_a_heading_in_capitals_is_written_as_the_text_writes_it():
    source = "# The mill at Hilltop\n\n## DYES OF LEEDS AND THE EU\n\nTubs of Leeds go to the EU. Wool stays wet for 40 minutes.\n"

    assert gaps(source)[0].startswith("Dyes of Leeds and the EU: ")


def test_a_report_is_about_whose_report_it_is_and_the_year():
    source = "# Cloth 2031\n\nAnnual report of the Hilltop Weaving Guild\n\n## SPINDLES\n\nA yard of cloth costs 18 pounds.\n"

    assert gaps(source) == ["Hilltop Weaving Guild 2031, spindles: A yard of cloth costs […]."]


ESSAY = "# Looms that think\n\nI know looms. I think that they think. I never wove.\n\n## Wool\n\n{sentence}\n\n---\n\n*Ada Byron {what} in Leeds.*\n"


def test_an_essay_is_its_authors():
    source = ESSAY.format(sentence="A shuttle of oak wears out after 300 hours.", what="teaches weaving")

    assert gaps(source) == ["Ada Byron’s “Looms that think”, wool: A shuttle of oak wears out after […]."]


def test_the_i_of_an_essay_is_clear_where_the_frame_names_its_author():
    source = ESSAY.format(sentence="I wove 300 yards of cloth.", what="teaches weaving")

    assert [one.faults for one in candidates(source) if one.rule == "cloze_number"] == [()]


def test_what_an_article_quotes_a_report_on_is_not_what_it_is_about():
    source = "# Cloth\n\nA report by the Hilltop Weaving Guild says that mills close.\n\n## Tubs\n\nA yard costs 18 pounds.\n"

    assert gaps(source) == ["Cloth, tubs: A yard costs […]."]


def test_what_an_unnamed_author_has_done_waits_in_the_tray():
    source = ESSAY.format(sentence="I wove 300 yards of cloth.", what="rests")

    assert [(one.shown, one.held) for one in candidates(source) if one.rule == "cloze_number"] == [
        ("Looms that think, wool: I wove […] yards of cloth.", True)
    ]


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

    assert not any("a time" in fault for one in candidates(minutes) for fault in one.faults)
    assert any("a time" in fault for one in candidates(letter) for fault in one.faults)


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
        "In the mill of Leeds I have worked for 16 years.",
        "The mill is led by a weaver who spent ten years at the looms.",
        "The guild took 6,212 samples in the mill.",
        "Never clean 1 and 5 in the mill at once.",
        "Broken looms are rare in the mill, down from 2,900 in 2010.",
        "The mill weaves by hand. The limit was 20 MB before.",
        "A story of the mill: a weaver lost 9 hours of cloth.",
        "The store of the mill was 3 tonnes in May.",
    ],
    ids=[
        "phone",
        "date",
        "vote",
        "sum",
        "tenure",
        "time spent",
        "samples",
        "reference",
        "from",
        "before",
        "story",
        "stood",
    ],
)
def test_numbers_that_nobody_wants_to_remember_are_no_gaps(sentence):
    assert gaps(f"{MILL}## Looms\n\n{sentence}\n") == []


def test_what_counts_from_a_moment_that_is_not_shown_brings_it_along():
    source = panel(
        ada="The Leeds mill gave its looms to a school. After eighteen months the bills had fallen by 31 percent."
    )

    assert any("to a school. After eighteen months" in question for question in gaps(source))


def test_a_share_of_something_brings_along_of_what():
    source = f"{MILL}## Looms\n\nA loom of oak cost the mill 90 pounds. Two thirds of the cost was the shuttle.\n"

    assert any(
        gap.endswith("A loom of oak cost the mill 90 pounds. […] of the cost was the shuttle.") for gap in gaps(source)
    )


def test_a_number_without_a_noun_brings_along_what_it_counts():
    source = f"{MILL}## Looms\n\nBobbins fall off the looms. Count on about 40 per hour at noon.\n"

    assert gaps(source) == ["The mill at Hilltop: Bobbins fall off the looms. Count on […] per hour at noon."]


def test_what_a_release_mends_is_no_gap_but_what_it_does_now_is():
    mended = (
        "The loom stopped when it was given more than 2 GB of cloth",
        "A cut through the cloth takes at most 5 seconds now",
    )
    source = "# Shuttle release notes\n\n## 2.1 — 2031-05-01\n\n### Fixed\n\n" + "".join(f"- {one}\n" for one in mended)

    assert [gap.split(": ")[-1] for gap in gaps(source)] == ["A cut through the cloth takes […] now"]


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


def test_we_of_somebody_whose_house_the_text_tells_is_named():
    source = (
        "# Cloth\n\nAda Byron founded Hilltop Looms, and it is the last mill of the town.\n\n**Bo Li:** Why?\n\n"
        "**Ada Byron:** We weave in Leeds for 72 hours straight.\n\n**Bo Li:** So?\n"
    )

    assert gaps(source) == ["Ada Byron (Hilltop Looms): “We weave in Leeds for […] straight.”"]


def test_one_word_of_a_list_in_a_title_is_no_topic():
    source = "# Handling, Access and Copying\n\nFilm must rest unopened for at least 24 hours.\n"

    assert gaps(source) == ["Handling, Access and Copying: Film must rest unopened for […]."]
