"""What studying asks of the database is answered from indexes, in their order, however large the library."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from quizapp.db import plans
from quizapp.domain.scheduling import Grade
from quizapp.services import decks, jobs, searching, shelf, study, trash
from quizapp.services.tasks import ToRead
from tests import make
from tests.make import NOW
from tests.services import quizzing

# Counting a whole deck in an index is fine, and so is reading all of the trash; going through all of a learner's
# plans for something else is not.
READ_THROUGH = re.compile(
    r"SCAN (?!\w+ USING INDEX ix_\w+_deleted_at)(plan|memory|review|card|note|deck|setting|job|passage|passage_words)\b"
    r"|SEARCH plan .*\(learner_id=\?\)$"
)


@pytest.fixture
def plan_of(session):
    """Do something and return how SQLite went about each statement that it took."""

    def explained(act):
        statements = []
        driver = session.connection().connection.driver_connection
        driver.set_trace_callback(statements.append)  # with values in the place of parameters
        act()
        driver.set_trace_callback(None)
        asked = [one for one in statements if one.startswith(("SELECT", "UPDATE", "DELETE", "WITH"))]
        return {statement: [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {statement}")] for statement in asked}

    return explained


@pytest.fixture
def deck_id(session, owner):
    """A deck with a subdeck and cards in every queue."""
    for number in range(6):
        make.note_in(session, owner, make.draft(number), deck_name="Biology::Cells" if number % 2 else "Biology")
    for grade in (Grade.EASY, Grade.GOOD):
        card = study.next_card(session, owner, deck_id=None, now=NOW)
        answer(session, owner, card.card_id, grade)
    for number in range(3):
        jobs.ask(session, owner, ToRead(f"{number}.md").task(b"text"), data=b"text", now=NOW)
    return next(deck.id for deck in decks.decks(session, owner, now=NOW) if deck.name == "Biology")


def answer(session, owner, card_id, grade=Grade.GOOD):
    study.answer(
        session, owner, review_id=uuid4(), card_id=card_id, grade=grade, duration=timedelta(seconds=5), now=NOW
    )


ACTS = {
    "next card of all": lambda session, owner, _: study.next_card(session, owner, deck_id=None, now=NOW),
    "next review": lambda session, owner, _: study.next_card(session, owner, deck_id=None, now=NOW + timedelta(days=9)),
    "next card of a deck": lambda session, owner, deck_id: study.next_card(session, owner, deck_id=deck_id, now=NOW),
    "answer": lambda session, owner, _: answer(session, owner, 3),
    "undo": lambda session, owner, _: study.undo(session, owner, undo_id=uuid4(), now=NOW),
    "a miss in a quiz": lambda session, owner, _: plans.call(session, owner.learner_id, [3, 4], now=NOW),
    "a quiz": lambda session, owner, deck_id: quizzing.quiz(session, owner, deck_id),
    "rest": lambda session, owner, _: study.rest(session, owner, deck_id=None, now=NOW),
    "the list of decks": lambda session, owner, _: decks.decks(session, owner, now=NOW),
    "the next job": lambda session, owner, _: jobs.claim(session, now=NOW),
    "the jobs of a person": lambda session, owner, _: jobs.in_sight(session, owner),
    "a page of a deck": lambda session, owner, deck_id: decks.deck(session, owner, deck_id, now=NOW),
    "the library": lambda session, owner, _: shelf.shelf(session, owner),
    "a search": lambda session, owner, _: searching.search(session, owner, "mitochondrion"),
    "the trash": lambda session, owner, _: trash.contents(session, owner, now=NOW),
}


@pytest.mark.parametrize("act", ACTS)
def test_no_table_is_read_through(session, owner, deck_id, plan_of, act):
    steps = plan_of(lambda: ACTS[act](session, owner, deck_id))

    read_through = {
        statement: detail for statement, details in steps.items() for detail in details if READ_THROUGH.match(detail)
    }
    assert steps
    assert read_through == {}


@pytest.mark.parametrize("act", ["next card of all", "next review", "rest", "the next job"])
def test_the_next_card_is_found_without_sorting(session, owner, deck_id, plan_of, act):
    steps = plan_of(lambda: ACTS[act](session, owner, deck_id))

    sorted_ = [
        statement
        for statement, details in steps.items()
        if ("plan" in statement or "job" in statement) and "USE TEMP B-TREE FOR ORDER BY" in details
    ]
    assert sorted_ == []
