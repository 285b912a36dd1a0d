"""Policies, handbooks and minutes by clause: what their numbers, bold terms, conditions and tables give."""

import pytest

from quizapp.ingest import read
from tests.generate.conftest import proposed

CLAUSES = """# Rules of the mill

## Looms

1.1 **Quiet hours** are 20:00 to 07:00, mill time.

1.2 Every weaver oils the drum each night.

1.3 The drum is cleaned with brushes.
"""
MINUTES = """# Hilltop Mill – New Looms

## Minutes of Project Meeting No. 3

**Date:** Tuesday 9 June 2026

| Name | Initials | Role |
|---|---|---|
| Ada Byron | AB | Chair |
| Bo Li | BL | Weaver |

**Apologies:** Cleo Marsh (CM), dyer.

### 1. Looms

**Decision 3.1:** Two wide looms are bought from Thread and Co.

**Action 3.2:** BL to order the looms by 4 July.
"""
MEETING = "Hilltop Mill – New Looms, 9 June 2026"
SAYINGS = {
    "as": (
        "The drum is stopped at night, as its noise wakes the valley.",
        "reason",
        "Why is the drum stopped at night?",
        "Its noise wakes the valley",
    ),
    "so that something can": (
        "Wet wool is kept below the lamps, so that nothing can drip on the cloth.",
        "reason",
        "Why is wet wool kept below the lamps?",
        "So that nothing can drip on the cloth",
    ),
    "should": (
        "Should the belt tear, the weaver must stop the drum.",
        "condition",
        "What happens should the belt tear?",
        "The weaver must stop the drum",
    ),
    "a rule that is not kept": (
        "The owner must answer within a week; if no answer comes, the loan counts as granted.",
        "condition",
        "The owner must answer within a week; what happens if no answer comes?",
        "The loan counts as granted",
    ),
    "an exception": (
        "Every loom is insured by the mill, but not when it has been left in the rain.",
        "exception",
        "Every loom is insured by the mill – with which exception?",
        "When it has been left in the rain",
    ),
    "a counted list": (
        "A loan is refused only on one of two grounds: the loom is broken or wet, or the weaver owes a fee.",
        "enumeration",
        "A loan is refused only on one of two grounds. Which two?",
        "The loom is broken or wet\nThe weaver owes a fee",
    ),
}


def test_the_numbers_of_clauses_are_no_part_of_what_they_say():
    text = read(CLAUSES.encode(), "a.md").text
    assert "\nQuiet hours are" in text
    assert "1.2" not in text


def test_a_bold_term_is_asked_for_where_its_clause_says_what_it_is():
    assert ("What are quiet hours?", "20:00 to 07:00, mill time") in proposed(CLAUSES, "definition")


@pytest.mark.parametrize(("sentence", "rule", "question", "answer"), SAYINGS.values(), ids=SAYINGS)
def test_a_rule_is_asked_with_its_reason_its_case_or_its_exception(sentence, rule, question, answer):
    asked = [(ask.removeprefix("Looms: "), said) for ask, said in proposed(f"# Looms\n\n{sentence}\n", rule)]
    assert asked == [(question, answer)]


def test_a_bare_comparison_is_no_reason():
    assert proposed("# Looms\n\nThe drum is stopped at night, as a rule of the mill.\n", "reason") == []


def test_columns_for_groups_are_asked_by_their_group():
    table = "# Looms\n\n| Item | Skilled | Fully trained |\n|---|---|---|\n| Thread | 20 m | 60 m |\n| Lamp oil | 1 l | 3 l |\n"
    assert ("Looms: “Thread”: what applies to “skilled”?", "20 m") in proposed(table, "table_cell")


def test_a_column_of_failures_is_asked_as_a_case():
    table = "# Looms\n\n| Step | Limit | If it fails |\n|---|---|---|\n| Oiling | 5 min | Stop the drum |\n| Drying | 9 min | Open the hall |\n"
    assert ("Looms: What should you do if the step “Oiling” fails?", "Stop the drum") in proposed(table, "table_cell")


def test_two_terms_of_one_entry_are_asked_for_their_difference():
    entry = "# Words we use\n\n- **Warp and weft**: the first runs along the cloth, the second across it.\n"
    assert [answer for _, answer in proposed(entry, "differs")] == [
        "The first runs along the cloth, the second across it"
    ]


def test_minutes_below_the_name_of_a_project_give_decisions_and_tasks():
    found = dict(proposed(MINUTES, "decision", "task", "abbreviation"))
    assert found == {
        f"{MEETING}: what was decided about “Looms”?": "Two wide looms are bought from Thread and Co",
        f"{MEETING}: by when was Bo Li to order the looms?": "4 July",
    }
