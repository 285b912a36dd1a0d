"""Statements that are quoted word for word, and what is asked of them in a word or two."""

import pytest

from quizapp.generate import context, pipeline, ranking
from quizapp.ingest import read

HANDBOOK = (
    "# Loom handbook\n\n## Night work\n\nThe mill has forty looms, and each of them has a keeper of its own. {}\n"
)
INTERVIEW = "# A talk about looms\n\n**Mill Weekly:** How do you work?\n\n**Ada Byron:** {}\n"

STATEMENTS = {
    "a reason": (
        "Never oil a loom after dusk, because the lamps can set the vapour on fire.",
        "Never oil a loom after dusk.” Why?",
        "The lamps can set the vapour on fire",
    ),
    "a reason behind a colon": (
        "Don't wear loose sleeves: the shuttle can catch them.",
        "Don't wear loose sleeves.” Why?",
        "The shuttle can catch them",
    ),
    "a reason in the next sentence": (
        "Always brush the beam before you leave. Otherwise the dust sets hard by morning.",
        "Always brush the beam before you leave.” Why?",
        "Otherwise the dust sets hard by morning",
    ),
    "a reason before an order": (
        "The steam valve sticks in winter, so always open the small valve first.",
        "Always open the small valve first.” Why?",
        "The steam valve sticks in winter",
    ),
    "a purpose": (
        "Leave the shutters open at noon so that the floor can dry.",
        "Leave the shutters open at noon.” What for?",
        "So that the floor can dry",
    ),
    "an exception": (
        "Nobody may stop the engine unless a second keeper stands at the boiler.",
        "Nobody may stop the engine.” Unless what?",
        "A second keeper stands at the boiler",
    ),
    "an end": (
        "Do not lift the guard until the drum stands still.",
        "Do not lift the guard.” Until when?",
        "Until the drum stands still",
    ),
    "a condition": (
        "Keepers may weave for themselves on Sundays provided that they bring their own yarn.",
        "Keepers may weave for themselves on Sundays.” Under what condition?",
        "Provided that they bring their own yarn",
    ),
}
NOT_ASKED = {
    "since when": "The price of yarn has fallen by half, since the canal was opened in the north.",
    "how much": "The drums are so loud that nobody hears the bell of the tower.",
    "a term": "- Soak: leaving the yarn in the vat overnight, so that the dye settles",
    "what is only so": "The looms stand still on Sundays because it is quiet.",
    "what no name is given for": "I never oil a loom after dusk, because the lamps can set the vapour on fire.",
}


def stated(source: str) -> list[tuple[str, str]]:
    """Return what is asked of quoted statements, with the answers."""
    found = pipeline.weighed(read(source.encode(), "a.md")).candidates
    return [(one.shown, one.answer) for one in found if one.tail]


@pytest.mark.parametrize(("sentence", "question", "answer"), STATEMENTS.values(), ids=STATEMENTS)
def test_a_statement_is_quoted_and_the_clause_behind_it_is_asked_for(sentence, question, answer):
    cards = stated(HANDBOOK.format(sentence))

    assert [(asked.endswith(question), said) for asked, said in cards] == [(True, answer)]


@pytest.mark.parametrize("sentence", NOT_ASKED.values(), ids=NOT_ASKED)
def test_nothing_is_asked_of(sentence):
    assert stated(HANDBOOK.format(f"\n\n{sentence}")) == []


def test_a_speakers_statement_stands_behind_their_name():
    said = "We bolt every loom to the floor so that nobody can walk off with it. The floor is oak, and it is old."

    cards = stated(INTERVIEW.format(said))

    assert cards == [
        (
            "Ada Byron, asked “How do you work?”: “We bolt every loom to the floor.” What for?",
            "So that nobody can walk off with it",
        )
    ]


def test_what_follows_for_one_person_is_not_asked():
    told = "Some of the first drums of the mill were drawn at a school in Leeds, so {} some practice with looms."

    assert stated(INTERVIEW.format(told.format("the mill had")))
    assert stated(INTERVIEW.format(told.format("I had"))) == []


def test_a_statement_that_leans_on_the_sentence_before_brings_it_along():
    said = "The small valve is made of brass. It must never be forced, because the thread shears off at once."

    ((question, _),) = stated(HANDBOOK.format(f"\n\n{said}"))

    assert "small valve" in question


def test_a_full_question_for_the_same_reason_replaces_the_quoted_statement():
    source = HANDBOOK.format("\n\nThe looms stop at noon because the boiler must be cleaned every day.")
    weighed = pipeline.weighed(read(source.encode(), "a.md"))

    kept, doubles = ranking.without_duplicates(weighed.candidates)

    assert [context.shown(one) for one in kept if one.tail] == []
    assert [one.tail for one in doubles if one.tail] == ["Why?"]
