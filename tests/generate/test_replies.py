"""What somebody was asked, as a card of its own where they answer at once."""

import pytest

from tests.generate.conftest import generated

OPENING = "THE DYER OF THE HILL\n\nAda Byron has dyed yarn for twenty years. Bo Li met her at the mill.\n"


def cards(*turns: tuple[str, str]) -> dict[str, tuple[str, str | None]]:
    """Return answers and speakers of an interview by the questions that its replies gave."""
    asked = [("Who dyes the yarn for the mill?", "I do, with my sister. We share the vat."), *turns]
    source = OPENING + "".join(f"\nBO LI: {ask}\n\nADA BYRON: {reply}\n" for ask, reply in asked)
    drafts = [draft for draft in generated(source, "a.txt").drafts if draft.rule.startswith("replied")]
    return {draft.question: (draft.answer, draft.source.speaker) for draft in drafts}


def test_a_question_to_you_is_asked_of_who_answers():
    found = cards(("How many vats have you built?", "Forty vats in the valley, two by the sea. They last."))

    assert found == {
        "How many vats has Ada Byron built?": ("Forty vats in the valley, two by the sea", "Ada Byron"),
    }


def test_what_i_do_answers_what_somebody_does():
    found = cards(("What does a master dyer do?", "I choose the roots for every bath. The rest is stirring."))

    assert list(found.values()) == [("Choose the roots for every bath", "Ada Byron")]


@pytest.mark.parametrize("ask", ['You spoke of a "resting bath" before lunch.', "What is a resting bath?"])
def test_a_term_that_was_asked_for_is_explained(ask):
    found = cards((ask, "It's the bath in which wool cools down slowly after the dye. It smells."))

    assert [answer for answer, _ in found.values()] == ["The bath in which wool cools down slowly after the dye"]
    assert "resting bath" in next(iter(found))


@pytest.mark.parametrize(
    ("ask", "reply"),
    [
        ("How many vats have you built?", "Mostly in the valley and by the sea. Forty, I think."),
        ("How long a rest does it need?", "Two weeks in a dry loft. Then we card it."),
        ("What was the trick?", "Two pounds of salt in a vat. Then patience."),
        ("How do you replace the salt in winter?", "Partly we don't. We wait."),
        ("Do you sell the yarn in the valley?", "Two stalls in the market. Then the fair."),
    ],
)
def test_an_evasive_reply_or_an_unclear_question_is_left_alone(ask, reply):
    assert cards((ask, reply)) == {}
