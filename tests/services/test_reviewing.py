from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from quizapp.db import plans, reviews
from quizapp.db.plans import PlanRow
from quizapp.domain.scheduling import Grade, ReviewEvent, replay
from quizapp.services import reviewing
from quizapp.services.settings import study_plan
from tests import make
from tests.make import NOW

SECONDS = timedelta(seconds=6)


@pytest.fixture
def card_id(session, owner):
    """A card never seen."""
    note_id = make.note_in(session, owner, make.draft(0))
    return session.execute(text("select id from card where note_id = :note"), {"note": note_id}).scalar()


@pytest.fixture
def arrive(session, owner, card_id):
    """Let an event of the card arrive, unless its id is stored already."""
    how = study_plan(session, owner)

    def record(event: ReviewEvent) -> None:
        if reviews.find(session, event.id):
            return
        place = plans.place(session, card_id=card_id, learner_id=owner.learner_id)
        if event.grade is None:
            reviewing.record_undo(session, how, place, event)
        else:
            reviewing.record_grade(session, how, place, event, event.grade, duration=SECONDS)

    return record


@st.composite
def histories(draw):
    """Reviews over some weeks, several at one moment among them, and undos of any of them, in any order, some twice."""
    ids = st.uuids(version=4)
    moments = st.sampled_from([timedelta(0), timedelta(minutes=1), timedelta(minutes=10)]) | st.timedeltas(
        min_value=timedelta(0), max_value=timedelta(days=60)
    )
    graded = [
        ReviewEvent(draw(ids), NOW + draw(moments), draw(st.sampled_from(Grade)))
        for _ in range(draw(st.integers(1, 6)))
    ]
    undos = [
        ReviewEvent(draw(ids), NOW + draw(moments), None, undoes=draw(st.sampled_from(graded)).id)
        for _ in range(draw(st.integers(0, 3)))
    ]
    events = [*graded, *undos]
    return events, [*draw(st.permutations(events)), *draw(st.lists(st.sampled_from(events), max_size=3))]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories())
def test_in_whatever_order_events_arrive_the_memory_is_their_replay(session, owner, card_id, arrive, history):
    events, arriving = history
    how = study_plan(session, owner)
    expected = replay(events, how.days, how.preset)

    with session.begin_nested() as example:
        for event in arriving:
            arrive(event)

        place = plans.place(session, card_id=card_id, learner_id=owner.learner_id)
        planned = plan_of(session, card_id)
        plans.settle_notes(session, [1])
        settled = plan_of(session, card_id)
        example.rollback()

    assert place.memory == expected
    assert place.queue is plans.queue_of(expected)
    assert planned == settled == (place.queue, expected and expected.due)


def plan_of(session, card_id):
    return tuple(session.execute(select(PlanRow.queue, PlanRow.due).where(PlanRow.card_id == card_id)).one())


def test_a_review_that_comes_late_says_what_it_gave_at_its_time(session, owner, card_id, arrive):
    how = study_plan(session, owner)
    first, late, last = (
        ReviewEvent(UUID(int=number), NOW + timedelta(days=days), Grade.EASY)
        for number, days in ((1, 0), (2, 8), (3, 30))
    )

    for event in (first, last, late):
        arrive(event)

    given = replay([first, late], how.days, how.preset).interval
    assert reviews.find(session, late.id).interval == given
    assert session.execute(text("select was from review where id = :id"), {"id": late.id.hex}).scalar() == "REVIEW"
