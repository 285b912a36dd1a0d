"""Study notes: one example a mark, and lines that only look like one."""

import pytest

from tests.generate.conftest import proposed

RULES = (
    "arrow", "arrow_back", "noted_reason", "noted_term", "noted_list", "noted_entry", "noted_value", "noted_use", "label_formula",
)  # fmt: skip
NOTES = "# Weaving\n\n## Threads\n\n{}\n"

NOTED = {
    "an arrow": ("- damp hall -> threads swell", "What follows from “damp hall”?", "Threads swell"),
    "a chain turned round": (
        "- damp hall -> threads swell -> cloth too tight",
        "What leads to “cloth too tight”?",
        "Damp hall, threads swell",
    ),
    "a question with an arrow": ("- Who oils the drum? -> the youngest weaver", "Who oils the drum?", "The youngest weaver"),
    "the reason of a fragment": (
        "- wool: loose warp in winter, because dry threads shrink",
        "Why loose warp in winter?",
        "Dry threads shrink",
    ),
    "a reason below": (
        "- silk has more threads than wool, but tears sooner\n  - reason: each thread is thin",
        "Why is it that silk has more threads than wool, but tears sooner?",
        "Each thread is thin",
    ),
    "what a heading means": ("- = what runs through the loom", "What does “threads” mean?", "What runs through the loom"),
    "a gloss": ("- never cut the selvedge (= the finished edge of cloth)", "What is selvedge?", "The finished edge of cloth"),
    "a formula": ("- tension: T = F / n", "What is the formula for tension?", "T = F / n"),
    "an entry": (
        "- kinds of knot\n  - flat: holds wet wool best\n  - round: slips on silk",
        "What applies to “flat”?",
        "Holds wet wool best",
    ),
    "a value": (
        "- limits, width\n  - silk < 0.02 mm\n  - wool 0.1 – 0.3 mm",
        "What value goes with “silk”?",
        "< 0.02 mm",
    ),
    "a use": ("- red for wool, blue for silk\n- green for flax and hemp", "What is “blue” for?", "Silk"),
}  # fmt: skip


@pytest.mark.parametrize(("bullets", "question", "answer"), NOTED.values(), ids=NOTED)
def test_what_notes_put_in_marks_is_asked_for(bullets, question, answer):
    asked = [(ask.split(": ")[-1], said) for ask, said in proposed(NOTES.format(bullets), *RULES)]
    assert (question, answer) in asked


def test_a_heading_that_counts_gives_the_list_below_it():
    found = proposed("# Weaving\n\n## The four fibres (!!)\n\n- WSFC: wool, silk, flax, cotton\n", "noted_list")
    assert found == [("Weaving: What are the four fibres (WSFC)?", "Wool\nSilk\nFlax\nCotton")]


@pytest.mark.parametrize(
    "bullets",
    [
        "- 265/200 = 1.3 -> half of it holes",
        "- wool (wet) -> shrinks, vs. silk (dry) -> tears",
        "- my loom broke -> no cloth for me",
    ],
    ids=["a sum", "two chains", "what happened to the writer"],
)
def test_an_arrow_that_teaches_nothing_is_not_asked_for(bullets):
    assert proposed(NOTES.format(bullets), *RULES) == []
