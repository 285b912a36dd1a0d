"""Lists that the text counts: one example a shape, and counts whose list is not there."""

import pytest

from tests.generate.conftest import proposed

PAGE = "# Looms\n\n{}\n"

LISTS = {
    "questions that follow": (
        "The mill passes every loom by two tests. Is the beam straight? And does the shuttle run dry?",
        "Is the beam straight?\nDoes the shuttle run dry?",
    ),
    "questions behind the colon": (
        "Every weaver answers three questions: who pays for the thread, when does the loom stop, and what is the cloth for?",
        "Who pays for the thread\nWhen does the loom stop\nWhat is the cloth for",
    ),
    "nouns behind a comma": (
        "A loom has two beams, the warp beam and the cloth beam.",
        "The warp beam\nThe cloth beam",
    ),
    "bullets below a bullet": (
        "- A loom is stopped by two faults.\n  - Broken thread: the shuttle runs empty.\n  - Slack belt: the beam slips.",
        "Broken thread\nSlack belt",
    ),
}


@pytest.mark.parametrize(("source", "answer"), LISTS.values(), ids=LISTS)
def test_a_counted_list_is_asked_for(source, answer):
    # when
    found = proposed(PAGE.format(source), "enumeration")

    # then
    assert [given for _, given in found] == [answer]


@pytest.mark.parametrize(
    "line",
    [
        "The mill lost two belts, never one, and a beam.",
        "Weaving by hand and by steam are two different things: to sell cloth, a mill needs steam.",
    ],
)
def test_a_count_without_its_list_is_not_asked_for(line):
    # when
    found = proposed(PAGE.format(line), "enumeration")

    # then
    assert not found
