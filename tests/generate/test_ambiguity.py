"""Questions to which the document has more than one answer."""

from quizapp.domain.cards import CardKind
from quizapp.domain.documents import Span
from quizapp.generate import pipeline, ranking
from quizapp.generate.candidates import Candidate
from quizapp.ingest import read

HARBOUR = "# Harbour notes\n\n"


def ambiguous(source: str) -> set[str]:
    weighed = pipeline.weighed(read(f"{HARBOUR}{source}".encode(), "a.md"))
    return {one.shown for one in weighed.candidates if one.ambiguous}


def asked(source: str) -> set[str]:
    return {one.shown for one in pipeline.weighed(read(f"{HARBOUR}{source}".encode(), "a.md")).candidates}


def test_a_number_that_another_year_has_otherwise_needs_its_year():
    source = "The harbour handled 4,200 containers last summer. In 2021 the harbour handled 3,900 containers.\n"

    assert any(
        question.endswith("How many containers did the harbour handle last summer?") for question in asked(source)
    )
    assert ambiguous(source) == set()

    bare = ambiguous(source.replace(" last summer", ""))

    assert any(question.endswith("How many containers did the harbour handle?") for question in bare)
    assert not any("2021" in question for question in bare)


def test_the_section_tells_two_numbers_apart():
    source = (
        "## Big ferry\n\nThe crossing to Sund takes 40 minutes.\n\n## Old steamer\n\n"
        "The crossing to Sund takes 55 minutes.\n"
    )

    assert ambiguous(source) == set()
    assert {
        "Big ferry: How long does the crossing to Sund take?",
        "Old steamer: How long does the crossing to Sund take?",
    } <= asked(source)


def test_another_unit_is_no_other_answer():
    source = "The crossing to Sund takes 40 minutes. A ticket for the crossing to Sund takes 12 euros out of a purse.\n"

    assert ambiguous(source) == set()


def test_speakers_who_disagree_are_told_apart_by_name():
    source = "**Ada Byron:** The quay crane lifts 40 tonnes.\n\n**Bo Li:** The quay crane lifts 55 tonnes.\n"

    assert ambiguous(source) == set()


def test_two_right_members_of_a_set_make_a_question_ambiguous():
    source = "The office is responsible for the buoys of Sund. The office is very responsible for the pilots of Sund.\n"

    assert any("For what is the office" in question for question in ambiguous(source))


def test_what_a_thing_is_not_is_no_other_answer():
    source = "A slack tide is the pause between ebb and flood. A plan without a clock is not a slack tide plan.\n"

    assert ambiguous(source) == set()


def test_two_cards_in_the_same_words_with_different_answers_are_both_in_doubt():
    first, second = (
        Candidate(CardKind.BASIC, "", answer, Span(at, at + 9), "table_cell", 0.9, shown=f"What is the {degree}toll?")
        for at, answer, degree in ((0, "£3", ""), (20, "£5", "very "))
    )

    assert ranking.answered_twice([first, second]) == [first, second]
    assert ranking.answered_twice([first]) == []
