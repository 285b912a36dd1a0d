"""What stands behind a label: one example a shape, and labels that are no terms."""

import pytest

from tests.generate.conftest import proposed

RULES = ("label", "label_law", "label_formula", "label_opinion", "called", "target", "differs")
LOOMS = "# Weaving\n\n- {}\n"

LABELS = {
    "sentence": (
        LOOMS.format("Warp creep: two threads both slide and both lose their tension"),
        "What does “warp creep” mean?",
        "Two threads both slide and both lose their tension",
    ),
    "equation": (
        LOOMS.format("SLK = how much thread may hang loose, measured in millimetres"),
        "What does SLK mean?",
        "How much thread may hang loose, measured in millimetres",
    ),
    "law": (
        LOOMS.format("Byron's second law: the width of the cloth equals the sum of its threads."),
        "What does Byron's second law say?",
        "The width of the cloth equals the sum of its threads",
    ),
    "formula": (
        LOOMS.format("Tension = pull on the warp ÷ number of threads."),
        "What is the formula for tension?",
        "Pull on the warp ÷ number of threads",
    ),
    "targets": (
        "# Weaving\n\nTargets for the night shift: SLK 15 millimetres, RPM 40 turns.\n",
        "What is the SLK?",
        "15 millimetres",
    ),
    "two that are set against each other": (
        "# Weaving\n\n- SLK vs RPM\n  - SLK = how far a thread may hang\n  - RPM = how fast the drum may turn\n",
        "How do SLK and RPM differ?",
        "SLK is how far a thread may hang; RPM is how fast the drum may turn",
    ),
}


@pytest.mark.parametrize(("source", "question", "answer"), LABELS.values(), ids=LABELS)
def test_what_stands_behind_a_label_is_asked_for(source, question, answer):
    asked = [(ask.removeprefix("Weaving: "), said) for ask, said in proposed(source, *RULES)]
    assert (question, answer) in asked


@pytest.mark.parametrize(
    "line",
    [
        "Exception: looms in the cellar run without a guard.",
        "Lead pipes: 340 houses still have them.",
        "Notice the gap: nobody has woven silk since 1911.",
        "Fix: oil the drum after each shift.",
        "Consider a simple case: a keeper asks for two drums that turn at one speed.",
    ],
)
def test_a_label_that_is_no_term_is_not_asked_for(line):
    assert proposed(LOOMS.format(line), *RULES) == []


def test_what_a_guest_calls_by_a_name_is_asked_for():
    source = "# A talk\n\n**Ada Byron:** How do you weave?\n\n**Bo Li:** I call it the two-hand rule: a loom must stop when one hand lets go.\n\n**Ada Byron:** Why?\n\n**Bo Li:** Fingers.\n"
    answer = "A loom must stop when one hand lets go"
    assert proposed(source, "called") == [("What is the two-hand rule, according to Bo Li?", answer)]


NOTES = "# Notes: Looms\n\n**Speaker:** Ada Byron, head of looms at Babbage Ltd\n\n## Night shifts\n\n{}\n"


@pytest.mark.parametrize(
    ("notes", "rule", "question", "answer"),
    [
        (
            "- slack vs tight threads\n  - slack = they hang below the drum; tight = they touch the drum",
            "differs",
            "How do slack and tight threads differ, according to Ada Byron?",
            "Slack: they hang below the drum; tight: they touch the drum",
        ),
        (
            "- One exception: a loom whose belt has been changed that day",
            "label_exception",
            "What is the exception, according to Ada Byron?",
            "A loom whose belt has been changed that day",
        ),
        (
            "- Where does a new mill start? -> A second belt and a dry floor, in that order",
            "replied",
            "Where does a new mill start, according to Ada Byron?",
            "A second belt and a dry floor, in that order",
        ),
        (
            "- Each loom stands on a wooden floor, nailed down\n  - so the noise can't reach the spinners below",
            "reason_below",
            "Why does each loom stand on a wooden floor, according to Ada Byron?",
            "So that the noise can't reach the spinners below",
        ),
    ],
    ids=["two in a line", "exception", "reply to the audience", "reason below"],
)
def test_notes_of_a_talk_are_asked_with_what_they_stand_under(notes, rule, question, answer):
    asked = [(ask.removeprefix("Night shifts: "), said) for ask, said in proposed(NOTES.format(notes), rule)]
    assert asked == [(question, answer)]
