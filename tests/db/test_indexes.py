"""What studying asks of the database is answered from indexes, in their order, however large the library."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine, event

from quizapp.db import plans
from quizapp.domain.scheduling import Grade
from quizapp.services import decks, study
from tests import make
from tests.make import NOW
from tests.services import quizzing

# Counting a whole deck in an index is fine; going through all of a learner's plans for something else is not.
READ_THROUGH = re.compile(r"SCAN (plan|memory|review|card|note|deck|setting)\b|SEARCH plan .*\(learner_id=\?\)$")


@pytest.fixture
def plan_of(session):
    """Do something and return how SQLite went about each statement that it took."""

    def explained(act):
        statements = []

        def note_down(_connection, _cursor, statement, parameters, *_):
            statements.append((statement, parameters))

        event.listen(Engine, "before_cursor_execute", note_down)
        act()
        event.remove(Engine, "before_cursor_execute", note_down)
        asked = [one for one in statements if one[0].startswith(("SELECT", "UPDATE", "DELETE"))]
        connection = session.connection()
        return {
            statement: [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            for statement, parameters in asked
        }

    return explained


@pytest.fixture
def deck_id(session, owner):
    """A deck with a subdeck and cards in every queue."""
    for number in range(6):
        make.note_in(session, owner, make.draft(number), deck_name="Biology::Cells" if number % 2 else "Biology")
    for grade in (Grade.EASY, Grade.GOOD):
        card = study.next_card(session, owner, deck_id=None, now=NOW)
        answer(session, owner, card.card_id, grade)
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
    "a page of a deck": lambda session, owner, deck_id: decks.deck(session, owner, deck_id, now=NOW),
}


@pytest.mark.parametrize("act", ACTS)
def test_no_table_is_read_through(session, owner, deck_id, plan_of, act):
    steps = plan_of(lambda: ACTS[act](session, owner, deck_id))

    read_through = {
        statement: detail for statement, details in steps.items() for detail in details if READ_THROUGH.match(detail)
    }
    assert steps
    assert read_through == {}


@pytest.mark.parametrize("act", ["next card of all", "next review", "rest"])
def test_the_next_card_is_found_without_sorting(session, owner, deck_id, plan_of, act):
    steps = plan_of(lambda: ACTS[act](session, owner, deck_id))

    sorted_ = [
        statement
        for statement, details in steps.items()
        if "plan" in statement and "USE TEMP B-TREE FOR ORDER BY" in details
    ]
    assert sorted_ == []
