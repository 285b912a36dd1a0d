import pytest

from quizapp.domain.cards import faces
from tests.generate.conftest import ENGLISH, ready


def pairs(text):
    return [draft for draft in ready(f"{ENGLISH}\n## Looms\n\n{text}\n") if draft.rule == "cloze_pair"]


@pytest.mark.parametrize(
    ("text", "asked", "answer"),
    [
        (
            "The share of broken threads fell to 11.2 percent in 2023, down from 15.8 percent ten years ago.",
            "The share of broken threads fell to […] in 2023, down from […] ten years ago.",
            "11.2 percent; 15.8 percent",
        ),
        (
            "The new belt has cut the weaving time from 14 hours to under 3.",
            "The new belt has cut the weaving time from […].",
            "14 hours to under 3",
        ),
        (
            "The price of a loom has fallen to 19 euros from 800 euros.",
            "The price of a loom has fallen to […] from […].",
            "19 euros; 800 euros",
        ),
        (
            "The looms cost 52,000 euros against a budget of 40,000 euros.",
            "The looms cost […] against a budget of […].",
            "52,000 euros; 40,000 euros",
        ),
        (
            "Repairs are put at 96 hours for 2024, compared with an average of 140 hours in the years before.",
            "Repairs are put at […] for 2024, compared with an average of […] in the years before.",
            "96 hours; 140 hours",
        ),
        (
            "The average weaver made 118 metres a day. Ten years earlier, it had been 139 metres.",
            "The average weaver made […] a day. Ten years earlier, it had been […].",
            "118 metres; 139 metres",
        ),
    ],
    ids=["down from", "from to", "to from", "against", "compared with", "years earlier"],
)
def test_two_numbers_that_are_compared_are_asked_at_once(text, asked, answer):
    (draft,) = pairs(text)

    assert draft.question.endswith(asked)
    assert draft.answer == answer
    assert draft.source.quote == text
    (face,) = faces(draft.as_note())
    assert (face.question, face.answer) == (draft.question, answer)


@pytest.mark.parametrize(
    "text",
    [
        "The mill moved its looms from 1902 to 1911, when the bridge was built.",
        "If a rate of repair goes from 4 percent to 5 percent, it has gone up by a quarter.",
        "The mill owns 40 looms and sells 90 bales in a month.",
    ],
    ids=["years", "supposed", "not compared"],
)
def test_numbers_that_are_not_compared_are_no_pair(text):
    assert not pairs(text)
