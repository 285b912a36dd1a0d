"""Cards from tables, glossaries, questions and answers, steps, versions and rules: one small document each."""

from quizapp.domain.cards import CardKind, items
from quizapp.ingest import read
from tests.generate.conftest import ENGLISH, generated, ready

RIVERS = """# Rivers of the valley

## The four rivers

The Asta and the Brol rise in the hills. The Corm is slow, and the Dell and the Brol meet at the mill.

| River | Length (km) | Mean depth (m) | Bridges | Type | Navigable |
|---|--:|--:|--:|---|---|
| Asta | 120 | 2.5 | 14 | glacial | yes |
| Brol | 85 | 1.1 | 9 | spring-fed | no |
| Corm | 61 | 3.4 | 6 | spring-fed | yes |
| Dell | 44 | 0.9 | 3 | glacial | no |
"""


def cards(source, filename="a.md"):
    return {draft.question: draft.answer for draft in ready(source, filename)}


def test_a_cell_is_asked_by_its_row_and_its_column_with_the_unit():
    found = {draft.question: draft.answer for draft in generated(RIVERS).drafts}

    assert found["What is Asta’s length?"] == "120 km"
    assert found["How many bridges does Brol have?"] == "9"


def test_a_quote_of_a_cell_is_its_row():
    drafts = [draft for draft in generated(RIVERS).drafts if draft.question == "What is Asta’s length?"]

    assert [draft.source.quote for draft in drafts] == ["Asta | 120 | 2.5 | 14 | glacial | yes"]


def test_a_column_that_asks_where_names_its_rows_by_nothing_but_their_names():
    fares = "# Fares of the ferry\n\n| Where | Limit | Made of |\n|---|---|---|\n| Lower Harbour | £185 | oak |\n| Mill Quay | £130 | elm |\n"

    questions = [draft.question for draft in generated(fares).drafts]

    assert any("limit for Lower Harbour?" in question for question in questions)
    assert not [question for question in questions if "where" in question or "made of" in question]


def test_ticks_are_not_asked():
    assert not [draft for draft in generated(RIVERS).drafts if "navigable" in draft.question]


def test_the_largest_of_a_column_is_asked_when_it_is_the_only_one():
    assert cards(RIVERS)["The four rivers: Which river has the longest length?"] == "Asta"


def test_two_largest_give_no_superlative():
    tied = RIVERS.replace("| Brol | 85 |", "| Brol | 120 |")

    assert "The four rivers: Which river has the longest length?" not in {d.question for d in generated(tied).drafts}


def test_a_value_that_is_not_measured_gives_no_superlative():
    guessed = RIVERS.replace("| Dell | 44 |", "| Dell | ~44 |")

    assert not [d for d in generated(guessed).drafts if "longest length" in d.question]


def test_rows_of_one_type_make_a_list():
    found = cards(RIVERS)["The four rivers: Which rivers have the type “glacial”?"]

    assert items(found) == ("Asta", "Dell")


def test_people_who_attended_are_no_cells():
    source = "# Minutes of the mill board\n\n| Initials | Name | Role | Present |\n|---|---|---|---|\n| AB | Ada Byron | Chair | yes |\n| BL | Bo Li | Clerk | yes |\n"

    assert not [draft for draft in generated(source).drafts if draft.rule.startswith("table")]


def test_a_row_with_a_code_and_a_name_is_asked_by_both():
    source = (
        "# Vats\n\n| Program | Use | Top temperature |\n|---|---|---|\n| P1 | Madder | 60 °C |\n| P2 | Weld | 80 °C |\n"
        + ENGLISH
    )
    found = {draft.question: draft.answer for draft in generated(source).drafts}

    assert found["Vats: What is the top temperature of program P1 (Madder)?"] == "60 °C"
    assert not any("the use of" in question or "highest" in question for question in found)


def test_a_log_of_dates_is_no_table_of_names():
    source = "# Fire drills\n\n| Date | Led by | Duration |\n|---|---|---|\n| 2024-08-13 | Yana | 4 minutes |\n| 2024-11-19 | Cleo | 3 minutes |\n"

    assert not [draft for draft in generated(source).drafts if draft.rule.startswith("table")]


GLOSSARY = """# Weaving words: a glossary

## Cloth

**Warp**: the threads that run along the length of the cloth.

**Selvedge**: the edge of a cloth that does not fray. Tailors keep a selvedge where they can.

**EPI** (ends per inch): how many warp threads lie side by side in one inch.

Heddle
: A loop that lifts one thread of the warp.
"""


def test_a_term_set_apart_is_asked_with_what_it_is_about():
    found = cards(GLOSSARY)

    assert found["Cloth: What does “warp” mean?"] == "The threads that run along the length of the cloth"
    assert found["Cloth: What is a selvedge?"] == "The edge of a cloth that does not fray"
    assert found["What does EPI stand for?"] == "Ends per inch"


def test_a_markdown_definition_list_is_a_glossary():
    assert cards(GLOSSARY)["Cloth: What does “heddle” mean?"] == "A loop that lifts one thread of the warp"


def test_a_bold_label_before_an_order_is_no_term():
    source = "# The dye house\n\n## Vats\n\n- **Cleaning.** Empty the vat first.\n- **Keys.** They hang by the door.\n- **Owner:** team Indigo\n- **Good for:** heavy wool\n"

    assert not [draft for draft in generated(source).drafts if draft.rule == "glossary"]


def test_an_equals_sign_spells_letters_out():
    source = "# Light\n\nThe lamp is bright in the hall and it is old.\n\nAU = astronomical unit, the mean distance from the sun.\n"

    assert cards(source)["What does AU stand for?"] == "Astronomical unit"


FAQ = """# Frequently asked questions

Hilltop Museum · updated in May

## Tickets

### Who gets in free?

Everyone under eighteen and all members. Others pay at the desk.

### How do I become a member?

Fill in the form at the desk. It takes five minutes.

### What does it cost?

Twenty crowns a year.

### Can I bring a dog?

Yes, on a lead. We have water bowls at the door.

## The Round Room

### What is that?

A hall without corners that was built for whispering.
"""


def test_a_question_of_the_document_names_whose_it_is():
    found = cards(FAQ)

    assert found["Hilltop Museum, tickets: Who gets in free?"] == "Everyone under eighteen and all members"
    assert found["Hilltop Museum, tickets: How do you become a member?"] == "Fill in the form at the desk"
    assert found["Hilltop Museum, tickets: Can you bring a dog?"] == "Yes, on a lead"


def test_a_question_that_points_at_something_is_left_out_unless_its_heading_names_it():
    found = {draft.question: draft.answer for draft in generated(FAQ).drafts if draft.rule == "faq"}

    assert not [question for question in found if "cost" in question]
    assert found["What is the Round Room?"] == "A hall without corners that was built for whispering"


def test_the_quote_of_an_answer_holds_its_question():
    quotes = [draft.source.quote for draft in ready(FAQ) if draft.answer == "Yes, on a lead"]

    assert quotes == ["Can I bring a dog?\nYes, on a lead."]


def test_half_an_answer_to_two_questions_waits_in_the_tray():
    source = FAQ.replace("### Who gets in free?", "### How much may I carry and for how long?")

    assert not [question for question in cards(source) if "how long" in question]


def test_questions_to_a_speaker_are_no_faq():
    source = "# Talk with Ada Byron\n\nSpeaker: Ada Byron\n\n## Is steam over?\n\nFor most mills, yes.\n\n## Are looms loud?\n\nLess than they were.\n\n## Who weaves?\n\nEngines do.\n"

    assert not [draft for draft in generated(source).drafts if draft.rule == "faq"]


STEPS = """# Handbook of the dye house

## Empty a vat

1. Close the inlet valve.
2. Open the drain, which takes ten minutes.
3. Rinse the walls with cold water.
4. Hang the key back on its hook.

## Colours

1. Indigo
2. Madder
3. Weld
"""


def test_a_procedure_asks_for_the_order_and_the_first_step():
    found = {draft.question: draft for draft in ready(STEPS)}

    order = found["Put the steps of “Empty a vat” in order."]
    assert order.kind is CardKind.ORDER
    assert items(order.answer)[0] == "Close the inlet valve"
    assert len(items(order.answer)) == 4
    assert found["What is the first step of “Empty a vat”?"].answer == "Close the inlet valve"


def test_a_numbered_list_of_things_is_no_procedure():
    assert not [draft for draft in generated(STEPS).drafts if "Colours" in draft.question]


def test_headings_that_count_steps_are_a_procedure():
    source = "# Restore the loom\n\n" + "".join(
        f"## Step {n}: {what}\n\nIt is soon done.\n\n"
        for n, what in enumerate(("Stop the engine", "Free the shuttle", "Oil the frame"), 1)
    )

    assert (
        cards(source)["Put the steps of “Restore the loom” in order."]
        == "Stop the engine\nFree the shuttle\nOil the frame"
    )


RELEASES = """# Quillpad release notes

## 2.1.0 — 2026-03-01

### Changed

- The default font is now Literata (was Courier)
- Sync no longer drops the last line of a file (#512)

### Removed

- The fax module (#77). Nobody had used it for years
- Support for tape drives

## 2.0.0 — 2026-01-10

Withdrawn after a day, because the installer deleted the user's templates.
"""


def test_changes_are_asked_with_product_and_version():
    found = cards(RELEASES)

    assert found["What is the default font since Quillpad 2.1.0?"] == "Literata (was Courier)"
    assert found["What does sync no longer do since Quillpad 2.1.0?"] == "Drop the last line of a file"
    assert found["Which two things were removed in Quillpad 2.1.0?"] == "The fax module\nSupport for tape drives"
    assert found["Why was Quillpad 2.0.0 withdrawn?"] == "The installer deleted the user's templates"


def test_numbered_sections_are_no_versions():
    source = "# Dye handbook\n\n## 4.1 Vats\n\nThe vat is now warm (was cold) and it is the first of the day.\n\n## 4.2 Keys\n\nThe key is kept in the hall.\n"

    assert not [
        draft for draft in generated(source).drafts if draft.rule.startswith("release") or "4.1:" in draft.question
    ]


RULES = """# Dye house handbook

## When something goes wrong

**Splash in the eye.** Rinse at once for ten minutes, and then go to the nurse.

**Indigo.** It stains whatever it touches.

## The mill

The night shift needs:

- a lamp
- a spare key
- two sacks of soda
"""


def test_a_case_asks_what_to_do():
    assert (
        cards(RULES)["Dye house: What should you do in this case: splash in the eye?"]
        == "Rinse at once for ten minutes, and then go to the nurse"
    )


def test_a_case_without_an_order_asks_nothing():
    assert not [draft for draft in generated(RULES).drafts if "in this case: indigo" in draft.question]


def test_a_list_under_the_line_that_opens_it_is_asked():
    assert cards(RULES)["The mill: What does the night shift need?"] == "A lamp\nA spare key\nTwo sacks of soda"


def test_a_reason_is_asked(asks):
    assert ("Why must cracked vats be emptied at night?", "Dye that leaks stains the floor") in asks(
        "Cracked vats must be emptied at night, because dye that leaks stains the floor."
    )


def test_a_reason_that_may_belong_to_either_of_two_clauses_is_not_asked(asks):
    found = asks("The vats leak and the floor is red because the dye is strong.")

    assert not [question for question, _ in found if question.lower().startswith("why")]


def test_a_reason_for_something_unnamed_is_not_asked(asks):
    found = asks("They closed the mill early, because the river had frozen over.")

    assert not [question for question, _ in found if question.lower().startswith("why")]


def test_a_result_after_a_comma_is_no_reason(asks):
    found = asks("The mill closes at noon on Fridays, so that the yard is empty by one.")

    assert not [question for question, _ in found if question.lower().startswith("why")]


def test_the_only_one_is_asked_for(asks):
    assert ("What is the only dye that needs no mordant?", "Indigo") in asks(
        "Indigo is the only dye that needs no mordant."
    )


def test_a_question_that_the_text_answers_at_once_is_a_card(asks):
    found = asks("Why is indigo dearer than madder? Because it has to be shipped across the sea. Nobody minds.")

    assert ("Why is indigo dearer than madder?", "It has to be shipped across the sea") in found


def test_every_quote_of_a_shape_is_verbatim():
    for source in (RIVERS, GLOSSARY, FAQ, STEPS, RELEASES, RULES):
        text = read(source.encode(), "a.md").text

        for draft in generated(source).drafts:
            assert text[draft.source.start : draft.source.end] == draft.source.quote
