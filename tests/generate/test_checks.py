"""Every check has candidates that it must stop: a check that nothing fails checks nothing."""

from dataclasses import replace

import pytest

from quizapp.domain.cards import CardKind
from quizapp.domain.documents import Span, Speaker
from quizapp.generate import checks
from quizapp.generate.candidates import Candidate, Reading
from quizapp.generate.wording import Casing
from quizapp.ingest import read

QUOTE = "Lobster is like the iPhone 4 of the Agent era, and it sold 70,000 times."
ADA, BO = Speaker("Ada Byron"), Speaker("Bo Li")


@pytest.fixture
def reading() -> Reading:
    return Reading(read(QUOTE.encode(), "a.txt"), (), (ADA, BO), None, Casing(QUOTE, frozenset()))


def candidate(
    question: str, answer: str, *, kind: CardKind = CardKind.BASIC, speaker: Speaker | None = None
) -> Candidate:
    return Candidate(kind, question, answer, Span(0, len(QUOTE)), "test", 0.9, speaker=speaker)


def test_a_good_candidate_has_no_findings(reading):
    assert checks.findings(candidate("What is Lobster compared to?", "The iPhone 4"), reading) == ()


STOPPED = {
    "answer not in the quote": (checks.grounded, candidate("How often was Lobster sold?", "90,000 times")),
    "question says more": (checks.grounded, candidate("Why did angry Martian farmers buy Lobster?", "iPhone 4")),
    "somebody else’s": (
        checks.attributed,
        candidate("What is Lobster like, according to Bo Li?", "The iPhone 4", speaker=ADA),
    ),
    "nobody’s": (checks.attributed, candidate("What is Lobster like, according to Bo Li?", "The iPhone 4")),
    "we": (checks.first_person, candidate("What do we compare Lobster to?", "The iPhone 4")),
    "pointing question": (checks.clear, candidate("What is it compared to?", "The iPhone 4")),
    "pointing gap": (checks.clear, candidate("It sold […] times.", "70,000", kind=CardKind.CLOZE)),
    "pointing answer": (checks.answer_clear, candidate("What is Lobster like?", "This is the iPhone 4")),
    "given away": (checks.not_given_away, candidate("Is Lobster like the iPhone 4 or not?", "The iPhone 4")),
    "answer repeats question": (
        checks.not_given_away,
        candidate("What sold 70,000 times in the Agent era?", "Lobster of the Agent era sold 70,000 times"),
    ),
    "another answer elsewhere": (
        checks.unambiguous,
        replace(candidate("What is Lobster like?", "The iPhone 4"), ambiguous=True),
    ),
    "empty": (checks.well_shaped, candidate("What is Lobster like?", " ")),
    "long answer": (checks.well_shaped, candidate("What is Lobster like?", "word " * 26)),
    "long question": (checks.well_shaped, candidate("What " + "word " * 50 + "?", "Lobster")),
    "short question": (checks.well_shaped, candidate("What?", "Lobster")),
    "no gap": (checks.well_shaped, candidate("Lobster sold 70,000 times.", "70,000", kind=CardKind.CLOZE)),
    "open quotation mark": (checks.well_shaped, candidate("What is “Lobster like?", "The iPhone 4")),
    "link": (checks.well_shaped, candidate("What is at https://example.org today?", "Lobster")),
    "function word": (checks.worth_asking, candidate("What is Lobster like?", "the")),
    "empty praise": (checks.worth_asking, candidate("What is Lobster like?", "Very good")),
    "many at once": (
        checks.lasting,
        candidate("Which things are there?", "a\nb\nc\nd\ne\nf", kind=CardKind.LIST),
    ),
    "nothing but what to do": (checks.lasting, candidate("What should you do?", "Buy a Lobster", kind=CardKind.LIST)),
    "a chore": (checks.lasting, replace(candidate("By when was Bo to sell a Lobster?", "1 May"), rule="task")),
    "list of one": (checks.worth_asking, candidate("Which things are there?", "Lobster", kind=CardKind.LIST)),
}


@pytest.mark.parametrize(("check", "bad"), STOPPED.values(), ids=STOPPED.keys())
def test_a_check_stops_what_it_is_for(reading, check, bad):
    found = check(bad, reading)

    assert found is not None
    assert found.reason.endswith(".")


def test_every_check_has_an_example_that_it_stops():
    assert {check for check, _ in STOPPED.values()} == set(checks.CHECKS)
