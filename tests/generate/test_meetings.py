"""Minutes of a small meeting, and the cards that they give."""

from quizapp.domain.cards import items
from quizapp.generate.claims import claims
from quizapp.ingest import read
from tests.generate.conftest import generated, ready

MINUTES = """# Minutes of the Board Meeting

**Organisation:** Hilltop Mill
**Date:** Tuesday, 9 June 2026, 18:00

| Initials | Name | Role | Present |
|---|---|---|---|
| AB | Ada Byron | Chair | yes |
| BL | Bo Li | Member services | yes |

## 1. Looms

BL presented the figures of the spring.

1. Sales were €412,000, which is 7% above the budget of the mill.
2. The mill has sold 300 looms.

AB asked whether the looms last. BL: they last 15 years in a dry hall.

> **Decision D1:** The board buys two looms from Thread and Co, because they come with a warranty of ten years. (5 in favour, 0 against)

## 2. Rents

> **Decision D2:** From 1 October 2026 the mill charges no rent in winter. (5 : 0)

> **Decision D3:** The minutes of May are accepted.

## Actions

| No. | Action | Owner | Deadline |
|---|---|---|---|
| A1 | File the claim for the roof | BL | 15 July 2026 |
| A2 | New website texts | AB | 1 August 2026 |

General assembly: 21 November 2026, school hall.
"""
MEETING = "Board Meeting (Hilltop Mill), 9 June 2026"


def answers():
    return {draft.question: draft.answer for draft in generated(MINUTES).drafts}


def test_a_decision_is_asked_with_the_meeting_and_its_topic():
    assert answers()[f"{MEETING}: what was decided about “Looms”?"] == "The board buys two looms from Thread and Co"


def test_the_reason_of_a_decision_is_asked():
    asked = [question for question, answer in answers().items() if answer.startswith("They come with a warranty")]

    assert asked == [f"{MEETING}: Why does the board buy two looms from Thread and Co?"]


def test_a_decision_with_a_date_is_asked_by_its_date():
    found = {draft.question: draft.answer for draft in ready(MINUTES)}

    assert found[f"{MEETING}: what was decided to apply from 1 October 2026?"] == "The mill charges no rent in winter"


def test_routine_decisions_are_left_out():
    assert not [answer for answer in answers().values() if "accepted" in answer]


def test_tasks_name_their_owner_and_their_deadline():
    assert answers()[f"{MEETING}: by when was Bo Li to file the claim for the roof?"] == "15 July 2026"
    assert answers()[f"{MEETING}: by when was Ada Byron to have “New website texts” done?"] == "1 August 2026"


def test_a_date_that_was_set_is_asked():
    assert answers()[f"{MEETING}: for when was the general assembly set?"] == "21 November 2026"


def test_every_question_of_minutes_names_the_meeting():
    loose = [d.question for d in ready(MINUTES) if not d.question.startswith((MEETING, "What is ", "Who is "))]

    assert loose == []


def test_initials_become_names_in_questions_and_answers():
    shown = [f"{draft.question} {draft.answer}" for draft in ready(MINUTES)]

    assert not [text for text in shown if " BL" in text or " AB" in text]


def test_two_decisions_on_a_topic_are_a_list():
    source = "Team sync - Thu 4 June\nhere: AB, BL, CM\n\n1. alarm\ndecided: every vat gets an alarm of its own.\ndecided: the old bell stays in the hall.\n\n2. rent\nNothing was said on the matter this time, and the board, which had other things on its mind, will come back to it when the roof is done.\n\n3. roof\nThe roof is tight and it was painted in the spring of the year, as everybody at the mill knows by now and is glad to hear again.\n"
    found = {draft.question: draft.answer for draft in generated(source, "a.txt").drafts}

    listed = found["Team sync - Thu 4 June: which two decisions were taken about “alarm”?"]
    assert items(listed) == ("Every vat gets an alarm of its own", "The old bell stays in the hall")


def test_a_document_that_is_no_meeting_has_no_decisions():
    source = MINUTES.replace("Minutes of the Board Meeting", "On looms").replace("| Owner |", "| Colour |")

    assert not [draft for draft in generated(source).drafts if draft.rule.startswith(("decision", "task"))]


LABELLED = """# Hilltop Mill: Board

**Minutes of the meeting held on Tuesday 9 June 2026, 6.00 pm**

**Present:** Ada Byron (AB, Chair), Bo Li (BL, Treasurer)

## 1. Looms

BL presented the forecast. Sales are expected to reach €412,000 in autumn. The looms run well. AB doubted that the roof will last.

**Decision:** To buy two looms from Thread and Co, with a warranty of ten years.

**Action:** BL to draw up a three-year plan for the roof.
"""


def test_a_decision_may_stand_below_its_label():
    found = {draft.question: draft.answer for draft in generated(LABELLED).drafts if draft.rule == "decision"}

    assert found == {
        "Hilltop Mill: Board, 9 June 2026: what was decided about “Looms”?": (
            "To buy two looms from Thread and Co, with a warranty of ten years"
        )
    }


def test_a_gap_in_what_somebody_is_to_do_waits_in_the_tray():
    assert not any("plan for the roof" in draft.question for draft in ready(LABELLED))


def test_what_follows_a_report_in_minutes_is_of_who_gave_it_until_somebody_else_speaks():
    whose = {
        claim.text.split()[0]: claim.speaker and claim.speaker.name for claim in claims(read(LABELLED.encode(), "a.md"))
    }

    assert (whose["Sales"], whose["The"], whose["AB"]) == ("Bo Li", "Bo Li", "Ada Byron")


def test_points_that_tell_of_somebody_else_are_not_the_presenters():
    source = LABELLED.replace(
        "BL presented the forecast.",
        "BL took his report as read.\n\n- Rents rose by 4% in May.\n- Wages are level. AB asked why; BL said that nobody left.\n\n",
    )
    whose = {
        claim.text.split()[0]: claim.speaker and claim.speaker.name for claim in claims(read(source.encode(), "a.md"))
    }

    assert (whose["Rents"], whose["Wages"], whose["BL"]) == ("Bo Li", None, "Bo Li")
