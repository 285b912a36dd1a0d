"""One example a pattern: the sentence, and the card that it must give, ready."""

import re

import pytest

from tests.generate.conftest import generated, panel, proposed, ready

ADA = "Ada Byron (Chair of Engines at Babbage Ltd)"

IN_PROSE = {
    "definition": (
        "A near miss is an event that would have become an incident if luck had not stopped it.",
        "What is a near miss?",
        "An event that would have become an incident if luck had not stopped it",
    ),
    "meaning": (
        "Mitigation means ending the harm to users before the cause is known.",
        "What does mitigation mean?",
        "Ending the harm to users before the cause is known",
    ),
    "abbreviation": (
        "Teams use Dynamic Resource Allocation (DRA) for their devices.",
        "What does DRA stand for?",
        "Dynamic Resource Allocation",
    ),
    "gloss": (
        "Vertical scaling (increasing the resources of a single machine) is enough at first.",
        "What is vertical scaling?",
        "Increasing the resources of a single machine",
    ),
    "maker": ("The Loom Week is hosted by Acme Mills.", "Who hosts the Loom Week?", "Acme Mills"),
    "name": (
        "Babbage’s new engine Analytica joins storage and arithmetic in one machine.",
        "Which new Babbage engine joins storage and arithmetic in one machine?",
        "Analytica",
    ),
    "permission": ("Only the commander can close an incident.", "Who can close an incident?", "Only the commander"),
    "duty": (
        "If you hesitate between two severities, choose the more serious one.",
        "What should you do if you hesitate between two severities?",
        "Choose the more serious one",
    ),
    "condition": (
        "If demand for power exceeds generation, the frequency falls.",
        "What happens if demand for power exceeds generation?",
        "The frequency falls",
    ),
    "purpose": (
        "To restart a dead grid, operators need to find a station that starts by itself.",
        "What is needed to restart a dead grid?",
        "Operators need to find a station that starts by itself",
    ),
    "counted list": (
        "The mill follows three rules: measure first, cut once, and sweep the floor.",
        "Which three rules does the mill follow?",
        "Measure first\nCut once\nSweep the floor",
    ),
    "number": (
        "A rollback of the release takes about four minutes.",
        "How long does a rollback of the release take?",
        "About four minutes",
    ),
}


@pytest.mark.parametrize(("sentence", "question", "answer"), IN_PROSE.values(), ids=IN_PROSE.keys())
def test_a_strong_pattern_gives_its_card(asks, sentence, question, answer):
    found = {asked.removeprefix("The notes of the week: "): answered for asked, answered in asks(sentence)}

    assert found.get(question) == answer


BY_SPEAKERS = {
    "comparison": (
        "Lobster is like the iPhone 4 of the Agent era.",
        "Which speaker compared Lobster to the iPhone 4?",
        ADA,
    ),
    "reported comparison": (
        "Byron compares the engine to a patient clerk.",
        "The 2026 Loom Summit: Which speaker compared the engine to a patient clerk?",
        ADA,
    ),
    "metaphor": (
        "Steam is already the “muscle” of the loom era.",
        "The 2026 Loom Summit: Which speaker called steam the “muscle” of the loom era?",
        ADA,
    ),
    "forecast": (
        "Within 5 to 10 years, robots will enter the weaving mills.",
        "When does Ada Byron forecast that robots will enter the weaving mills?",
        "Within 5 to 10 years",
    ),
    "the more": (
        "The stronger the model becomes, the more memory becomes the asset of a business.",
        "What becomes the asset of a business the stronger the model becomes, according to Ada Byron?",
        "Memory",
    ),
    "single": (
        "In mills, power looms are old, and the next big step is Weaving Agents.",
        "In mills, what is the next big step, according to Ada Byron?",
        "Weaving Agents",
    ),
}


@pytest.mark.parametrize(("sentence", "question", "answer"), BY_SPEAKERS.values(), ids=BY_SPEAKERS.keys())
def test_what_a_speaker_says_is_asked_with_their_name(sentence, question, answer):
    found = {draft.question: draft for draft in ready(panel(ada=sentence))}

    assert question in found
    assert found[question].answer == answer
    assert found[question].source.speaker == "Ada Byron"


def test_who_spoke_on_what_as_what_is_asked_from_the_structure():
    source = panel().replace("Ada Byron spoke first.", "Ada Byron spoke on the theme “Engines and the art of weaving.”")

    found = {draft.question: draft.answer for draft in ready(source)}

    assert found["Who spoke on “Engines and the art of weaving” at the 2026 Loom Summit?"] == ADA
    assert found["What is Ada Byron’s role (a speaker at the 2026 Loom Summit)?"] == "Chair of Engines at Babbage Ltd"


def test_a_sentence_that_leans_on_the_one_before_brings_it_along():
    source = panel(ada="We bought the loom and the engine of Leeds. It can weave for 72 hours straight.")

    found = [draft for draft in ready(source) if draft.rule == "cloze_number"]

    assert [draft.question for draft in found] == [
        "Ada Byron (Babbage Ltd): We bought the loom and the engine of Leeds. It can weave for […] straight."
    ]
    assert found[0].source.quote == "We bought the loom and the engine of Leeds. It can weave for 72 hours straight."


def test_a_list_whose_count_is_wrong_is_not_believed(asks):
    assert not any(
        "three" in question for question, _ in asks("The mill follows three rules: measure first and cut once.")
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "It is like a mill that never stops.",
        "This means that the looms are silent now.",
        "The bottleneck is the thread of the spinners.",
        "Claude 4 is quick in its way.",
    ],
    ids=["pronoun", "pointing", "bare definite", "number in a name"],
)
def test_a_sentence_that_would_leave_the_reader_asking_is_not_ready(asks, sentence):
    assert asks(sentence) == []


def test_the_interviewer_never_owns_a_card():
    source = "# T\n\n**Ada Byron:** What now?\n\n**Bo Li:** Three things:\n\n- a rest of at least 72 hours;\n\n**Ada Byron:** Why?\n"

    assert {draft.source.speaker for draft in generated(source).drafts} <= {"Bo Li"}


def test_what_somebody_says_in_a_turn_is_quoted_and_notes_of_a_talk_are_not():
    turn = "# T\n\n**Ada Byron:** Why?\n\n**Bo Li:** We weave in Leeds for 72 hours straight.\n\n**Ada Byron:** So?\n"

    assert [draft.question for draft in ready(turn)] == ["Bo Li: “We weave in Leeds for […] straight.”"]
    assert "Ada Byron (Babbage Ltd): We weave in Leeds for […] straight." in [
        draft.question for draft in ready(panel(ada="We weave in Leeds for 72 hours straight."))
    ]


def test_gaps_are_spread_over_the_sections_of_a_long_text():
    sections = "\n\n".join(
        f"## Mill {name}\n\n"
        + "\n\n".join(f"In the week {n} of {name} at least {n + 20} tons of coal went up in smoke." for n in range(12))
        for name in ("Alder", "Birch", "Cedar")
    )

    headings = {draft.source.heading for draft in ready(f"# Mills\n\n{sections}\n")}

    assert headings == {"Mill Alder", "Mill Birch", "Mill Cedar"}


def test_the_reason_behind_a_relative_clause_is_that_clauses():
    found = proposed(
        "# Looms\n\nByron told of the first loom, which missed the wall because the plan was upside down.\n", "reason"
    )

    assert found == [("Why did the first loom miss the wall?", "The plan was upside down")]


def test_what_does_not_happen_because_you_do_something_has_no_reason():
    assert not proposed("# Looms\n\nTorn yarn doesn't heal because you gave it a long rest.\n", "reason")


@pytest.mark.parametrize(
    "sentence",
    [
        "The mill follows three rules: measure first, cut once, and sweep the floor.",
        "If the loom is compared to an organ, the punched card plays the tune.",
        "In the second half of the year the mill weaves linen.",
        "Most of that saving came from the dye house.",
    ],
)
def test_what_only_opens_a_list_compares_counts_in_order_or_points_back_is_not_asked(sentence):
    asked = [
        draft.question for draft in ready(f"# The mill at Hilltop\n\n{sentence}\n") if draft.rule.startswith("asks_")
    ]

    assert not [question for question in asked if re.search(r"condition|share|that saving|three rules", question)]
