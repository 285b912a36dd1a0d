"""What words mean that sentences explain as they use them: one example a shape, and sentences that explain nothing."""

import pytest

from tests.generate.conftest import proposed

PAGE = "# Looms\n\n{}\n"

EXPLAINED = {
    "in quotation marks": (
        'Every mill begins with a "dry run": a day of work without any thread on the loom.',
        "What is a “dry run”?",
        "A day of work without any thread on the loom",
    ),
    "a term and its colon": (
        "A term worth knowing is shed angle: the angle between the threads through which the shuttle passes.",
        "What does “shed angle” mean?",
        "The angle between the threads through which the shuttle passes",
    ),
    "a word that nobody says": (
        "Old weavers fear slippage, meaning the loss of tension that a worn beam causes.",
        "What does “slippage” mean?",
        "The loss of tension that a worn beam causes",
    ),
    "in passing": (
        "The rooms are warmed with coarse yarn, which is a mix of short threads that no loom can hold.",
        "What is coarse yarn?",
        "A mix of short threads that no loom can hold",
    ),
    "in the sentence before": (
        "Every loom runs a little slower in the hour after lunch. Weavers call that the long hour.",
        "What is the long hour?",
        "Every loom runs a little slower in the hour after lunch",
    ),
}


@pytest.mark.parametrize(("source", "question", "answer"), EXPLAINED.values(), ids=EXPLAINED)
def test_what_a_word_means_is_asked_for(source, question, answer):
    # when
    found = proposed(PAGE.format(source), "named")

    # then
    assert (question, answer) in found


@pytest.mark.parametrize(
    "line",
    [
        "The mill closed its oldest hall, which is a pity for the people of the town.",
        "Three things wear out first on a loom that is ready for work: a belt, a beam and a shuttle.",
        "Weavers call this the best loom of them all.",
    ],
)
def test_a_sentence_that_explains_no_word_is_not_asked_for(line):
    # when
    found = proposed(PAGE.format(line), "named")

    # then
    assert not found
