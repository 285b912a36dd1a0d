"""Statements that the driver runs by itself do, give and refuse what they would through the session."""

from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import bindparam, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidRequestError

from quizapp.db import prepared, schema
from quizapp.db.learners import LearnerRow
from quizapp.db.plans import Queue
from quizapp.db.reviews import Origin
from quizapp.domain.cards import CardKind
from quizapp.domain.progress import Stage
from quizapp.domain.queues import Kind
from quizapp.domain.scheduling import Grade, Phase
from quizapp.errors import InvalidInput, Unavailable
from tests import make
from tests.make import NOW
from tests.stores import POSTGRES, on_both

LEARNERS, REVIEWS, MEMORIES, PLANS, NOTES, TALLIES = (
    schema.METADATA.tables[name] for name in ("learner", "review", "memory", "plan", "note", "tally")
)
ADD_LEARNER = insert(LEARNERS)
NAMES = select(LEARNERS.c.name).order_by(LEARNERS.c.id)
LEARNER_NAMED = select(LEARNERS.c.id, LEARNERS.c.name).where(LEARNERS.c.name == bindparam("called"))
THIS_PLAN = (PLANS.c.card_id == bindparam("card"), PLANS.c.learner_id == bindparam("learner"))
PLAN = select(PLANS).where(*THIS_PLAN)
CHANGE_PLAN = update(PLANS).where(*THIS_PLAN)
CHANGE_NOTE = update(NOTES).where(NOTES.c.id == bindparam("note"))
THE_NOTE = select(NOTES).where(NOTES.c.id == bindparam("note"))
ADD_REVIEW = insert(REVIEWS)
THE_REVIEW = select(REVIEWS).where(REVIEWS.c.id == bindparam("review"))
ADD_MEMORY = insert(MEMORIES)
THE_MEMORY = select(MEMORIES).where(MEMORIES.c.card_id == bindparam("card"))

NEPAL = timezone(timedelta(hours=5, minutes=45))
times = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.sampled_from([UTC, NEPAL]))  # noqa: DTZ001 - the zone is drawn
stretches = st.timedeltas(timedelta(days=-40_000), timedelta(days=40_000))
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
numbers = st.integers(0, 2**31 - 1)
floats = st.floats(allow_nan=False, allow_infinity=False)
as_hypothesis_wants = settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)

grades = st.fixed_dictionaries(
    {
        "grade": st.sampled_from(Grade),
        "undoes": st.none(),
        "was": st.sampled_from(Kind),
        "stage": st.none() | st.sampled_from(Stage),
    }
)
undos = st.fixed_dictionaries({"grade": st.none(), "undoes": st.uuids(), "was": st.none(), "stage": st.none()})
reviews = st.builds(
    dict.__or__,
    grades | undos,
    st.fixed_dictionaries(
        {
            "id": st.uuids(),
            "learner_id": st.just(1),
            "card_id": st.just(1),
            "at": times,
            "day": st.dates(date(1900, 1, 1), date(2200, 1, 1)),
            "quarter": st.integers(0, 95),
            "duration": st.none() | stretches,
            "interval": st.none() | stretches,
            "preset_version": st.none() | numbers,
            "session_id": st.none() | st.uuids(),
            "steps": st.none() | st.lists(numbers, max_size=4).map(tuple),
            "spread": st.none() | floats,
            "origin": st.sampled_from(Origin),
        }
    ),
)
memories = st.fixed_dictionaries(
    {
        "card_id": st.just(1),
        "learner_id": st.just(1),
        "phase": st.sampled_from(Phase),
        "step": numbers,
        "stability": floats,
        "difficulty": floats,
        "due": times,
        "last_review": times,
        "interval": stretches,
        "reviews": numbers,
        "lapses": numbers,
    }
)
note_changes = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(CardKind),
        "question": texts,
        "choices": st.lists(texts, max_size=3).map(tuple),
        "modified": times,
        "deleted_at": st.none() | times,
        "speaker": st.none() | texts,
        "page": st.none() | numbers,
    },
).filter(bool)
plan_changes = st.fixed_dictionaries(
    {},
    optional={
        "queue": st.sampled_from(Queue),
        "due": st.none() | times,
        "suspended": st.booleans(),
        "called": st.none() | times,
    },
).filter(bool)


@pytest.fixture
def library(session, owner):
    """A session on two cards in a deck; what hypothesis does with it is rolled back."""
    make.added(session, owner, keep_ready=True)
    return session


def read_in_both_ways(session, question, parameters):
    """Return the one row, which must be the same, values and their types, however it is asked for."""
    (by_itself,) = prepared.rows(session, question, parameters)
    (through_the_session,) = session.execute(question, parameters).all()
    assert by_itself._asdict() == through_the_session._asdict()
    assert [type(value) for value in by_itself] == [type(value) for value in through_the_session]
    assert all(value.tzinfo is UTC for value in by_itself if isinstance(value, datetime))
    return by_itself._asdict()


def count(session):
    return prepared.scalar(session, select(func.count()).select_from(LEARNERS), {})


def names(database):
    with database.reading() as session:
        return session.scalars(NAMES).all()


@on_both
@as_hypothesis_wants
@given(values=reviews)
def test_a_new_row_holds_what_was_put_in_whichever_way_it_is_read(library, values):
    with library.begin_nested() as example:
        prepared.do(library, ADD_REVIEW, values)
        found = read_in_both_ways(library, THE_REVIEW, {"review": values["id"]})
        example.rollback()

    assert found == values


@on_both
@as_hypothesis_wants
@given(values=memories)
def test_numbers_come_back_to_the_last_bit(library, values):
    with library.begin_nested() as example:
        prepared.do(library, ADD_MEMORY, values)
        found = read_in_both_ways(library, THE_MEMORY, {"card": 1})
        example.rollback()

    assert found == values


@on_both
@as_hypothesis_wants
@given(changed=note_changes)
def test_columns_that_a_statement_does_not_name_take_new_values_and_no_others_change(library, changed):
    before = read_in_both_ways(library, THE_NOTE, {"note": 1})
    other = read_in_both_ways(library, THE_NOTE, {"note": 2})

    with library.begin_nested() as example:
        rows = prepared.do(library, CHANGE_NOTE, {"note": 1, **changed})
        found = read_in_both_ways(library, THE_NOTE, {"note": 1})
        still = read_in_both_ways(library, THE_NOTE, {"note": 2})
        example.rollback()

    assert (rows, found, still) == (1, {**before, **changed}, other)


@on_both
@as_hypothesis_wants
@given(first=plan_changes, second=plan_changes)
def test_the_same_statement_changes_other_columns_the_next_time(library, first, second):
    this = {"card": 1, "learner": 1}
    before = read_in_both_ways(library, PLAN, this)

    with library.begin_nested() as example:
        prepared.do(library, CHANGE_PLAN, {**this, **first})
        prepared.do(library, CHANGE_PLAN, {**second, **this})
        found = read_in_both_ways(library, PLAN, this)
        example.rollback()

    assert found == {**before, **first, **second}


@on_both
def test_what_a_statement_says_itself_is_sent_along_each_time(library):
    new = select(PLANS.c.card_id).where(PLANS.c.queue == Queue.NEW, PLANS.c.card_id > bindparam("after"))
    new = new.order_by(PLANS.c.card_id).limit(1)
    set_aside = update(PLANS).values(queue=Queue.SUSPENDED, suspended=True).where(PLANS.c.card_id == bindparam("card"))

    assert [prepared.scalar(library, new, {"after": after}) for after in (0, 1, 2)] == [1, 2, None]
    prepared.do(library, set_aside, {"card": 1})

    assert prepared.scalar(library, new, {"after": 0}) == 2
    assert read_in_both_ways(library, PLAN, {"card": 1, "learner": 1})["queue"] is Queue.SUSPENDED


@on_both
def test_it_is_told_how_many_rows_were_changed(library):
    every = update(PLANS).where(PLANS.c.learner_id == bindparam("learner"))

    assert prepared.do(library, every, {"learner": 1, "suspended": True}) == 2
    assert prepared.do(library, every, {"learner": 99, "suspended": True}) == 0
    assert prepared.do(library, delete(PLANS).where(PLANS.c.card_id == bindparam("card")), {"card": 2}) == 1


@on_both
def test_rows_come_in_their_order_with_names_and_without_any_there_is_none(library):
    for name in ("Ines", "Bo"):
        prepared.do(library, ADD_LEARNER, {"name": name, "created": NOW})
    newest = select(LEARNERS.c.id, LEARNERS.c.name).order_by(LEARNERS.c.id.desc())

    assert [row.name for row in prepared.rows(library, newest, {})][:2] == ["Bo", "Ines"]
    assert prepared.first(library, newest, {}).name == "Bo"
    assert prepared.scalar(library, newest, {}) == prepared.first(library, newest, {}).id
    assert prepared.rows(library, LEARNER_NAMED, {"called": "Nobody"}) == []
    assert prepared.first(library, LEARNER_NAMED, {"called": "Nobody"}) is None
    assert prepared.scalar(library, LEARNER_NAMED, {"called": "Nobody"}) is None


@on_both
def test_what_the_session_has_not_written_yet_is_written_before(library):
    library.add(LearnerRow(name="Ines", created=NOW))

    assert prepared.first(library, LEARNER_NAMED, {"called": "Ines"}) is not None


@on_both
def test_a_session_that_was_told_to_wait_writes_nothing_before(library):
    library.add(LearnerRow(name="Ines", created=NOW))

    with library.no_autoflush:
        assert prepared.first(library, LEARNER_NAMED, {"called": "Ines"}) is None


@on_both
def test_a_change_is_kept_with_its_turn_and_lost_with_it(database):
    with database.writing() as session:
        prepared.do(session, ADD_LEARNER, {"name": "Ines", "created": NOW})

    def fail() -> None:
        with database.writing() as session:
            prepared.do(session, ADD_LEARNER, {"name": "Bo", "created": NOW})
            raise InvalidInput("No.")

    with pytest.raises(InvalidInput):
        fail()

    assert names(database) == ["Ines"]


@on_both
def test_a_savepoint_takes_back_what_was_done_in_it_and_nothing_else(library):
    before = count(library)
    prepared.do(library, ADD_LEARNER, {"name": "Ines", "created": NOW})

    with library.begin_nested() as outer:
        prepared.do(library, ADD_LEARNER, {"name": "Bo", "created": NOW})
        with library.begin_nested():
            prepared.do(library, ADD_LEARNER, {"name": "Cem", "created": NOW})
        with library.begin_nested() as inner:
            prepared.do(library, ADD_LEARNER, {"name": "Dana", "created": NOW})
            assert count(library) == before + 4
            inner.rollback()
        assert count(library) == before + 3
        outer.rollback()

    assert prepared.rows(library, NAMES, {})[before:] == [("Ines",)]


@on_both
def test_a_session_that_begins_anew_sees_another_moment(database):
    with database.reading() as session:
        assert prepared.rows(session, NAMES, {}) == []
        with database.writing() as writer:
            prepared.do(writer, ADD_LEARNER, {"name": "Ines", "created": NOW})
        assert prepared.rows(session, NAMES, {}) == []
        session.rollback()

        assert prepared.rows(session, NAMES, {}) == [("Ines",)]


@on_both
def test_what_is_asked_twice_of_one_moment_is_asked_once(database):
    between = select(LEARNERS.c.name).where(LEARNERS.c.id.between(bindparam("least"), bindparam("most")))
    with database.writing() as session:
        for name in ("Ines", "Ben", "Chen"):
            prepared.do(session, ADD_LEARNER, {"name": name, "created": NOW})
        least, most = session.execute(select(func.min(LEARNERS.c.id), func.max(LEARNERS.c.id))).one()
        assert prepared.rows(session, NAMES, {}) is not prepared.rows(session, NAMES, {})  # which may change meanwhile

    with database.reading() as session:
        assert prepared.rows(session, NAMES, {}) is prepared.rows(session, NAMES, {})
        for _ in range(2):
            assert prepared.rows(session, LEARNER_NAMED, {"called": "Ines"}) == [(least, "Ines")]
            assert prepared.rows(session, LEARNER_NAMED, {"called": "Chen"}) == [(most, "Chen")]
            assert len(prepared.rows(session, between, {"least": least, "most": most})) == 3
            assert prepared.rows(session, between, {"most": least, "least": most}) == []


REVIEW = {
    "id": UUID(int=7),
    "learner_id": 1,
    "card_id": 1,
    "at": NOW,
    "day": NOW.date(),
    "grade": Grade.GOOD,
    "undoes": None,
    "was": Kind.NEW,
    "stage": Stage.NEW,
    "quarter": 48,
    "origin": Origin.STUDY,
}
TALLY = {"deck_id": 1, "learner_id": 1, "new": 0, "learning": 0, "review": 0, "suspended": 0, "changes": 1}


@on_both
@pytest.mark.parametrize(
    ("statement", "parameters"),
    [
        pytest.param(ADD_REVIEW, REVIEW, id="a second row of a key"),
        pytest.param(ADD_REVIEW, {**REVIEW, "id": UUID(int=8), "card_id": 99}, id="a reference to nothing"),
        pytest.param(ADD_REVIEW, {**REVIEW, "id": UUID(int=8), "at": None}, id="nothing in a column that needs it"),
        pytest.param(insert(TALLIES), {**TALLY, "deck_id": 2, "new": -1}, id="less than none"),
    ],
)
def test_a_failure_is_the_one_that_the_session_has_and_tells_no_values(library, statement, parameters):
    prepared.do(library, ADD_REVIEW, REVIEW)

    with pytest.raises(IntegrityError) as through_the_session, library.begin_nested():
        library.execute(statement, parameters)
    with pytest.raises(IntegrityError) as by_itself, library.begin_nested():
        prepared.do(library, statement, parameters)

    one, other = by_itself.value, through_the_session.value
    assert (type(one), type(one.orig)) == (type(other), type(other.orig))
    assert "[SQL parameters hidden" in str(one)
    assert prepared.first(library, THE_REVIEW, {"review": REVIEW["id"]}) is not None


@on_both
def test_a_forgotten_parameter_is_refused_rather_than_nothing(library):
    with pytest.raises(InvalidRequestError, match="'called'"):
        prepared.rows(library, LEARNER_NAMED, {})


@on_both
def test_a_time_without_a_zone_is_refused(library):
    with pytest.raises(ValueError, match="without a zone"):
        prepared.do(library, ADD_LEARNER, {"name": "Ines", "created": NOW.replace(tzinfo=None)})


@on_both
def test_a_change_while_reading_fails_loudly(database):
    with pytest.raises(DBAPIError, match=r"readonly|read-only"), database.reading() as session:
        prepared.do(session, ADD_LEARNER, {"name": "Ines", "created": NOW})


@pytest.mark.parametrize(
    ("state", "words"), [("max_page_count=1", "is full"), ("query_only=1", "cannot be written")], ids=["full", "locked"]
)
def test_what_keeps_a_file_from_being_written_is_told_in_a_sentence(database, state, words):
    def write() -> None:
        with database.writing() as session:
            session.execute(text(f"pragma {state}"))
            prepared.do(session, ADD_LEARNER, {"name": "Ines" * 100_000, "created": NOW})

    with pytest.raises(Unavailable, match=words):
        write()
    database.close()

    assert names(database) == []


@pytest.mark.parametrize("database", [POSTGRES], indirect=True)
def test_a_connection_that_was_lost_is_told_in_a_sentence_and_the_next_turn_has_another(
    database, postgres_server, empty_postgres
):
    def write_and_lose() -> None:
        with database.writing() as session:
            prepared.do(session, ADD_LEARNER, {"name": "Ines", "created": NOW})
            end = f"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{empty_postgres}'"
            postgres_server.run(end)
            prepared.do(session, ADD_LEARNER, {"name": "Bo", "created": NOW})

    with pytest.raises(Unavailable, match="was lost"):
        write_and_lose()

    with database.writing() as session:
        prepared.do(session, ADD_LEARNER, {"name": "Cem", "created": NOW})
    assert names(database) == ["Cem"]


@pytest.mark.postgres
def test_the_same_statement_runs_on_libraries_of_both_kinds(sqlite_database, postgres_database):
    for database in (sqlite_database, postgres_database, sqlite_database):
        with database.writing() as session:
            prepared.do(session, ADD_LEARNER, {"name": "Ines", "created": NOW})

    assert names(sqlite_database) == ["Ines", "Ines"]
    assert names(postgres_database) == ["Ines"]


@on_both
@pytest.mark.parametrize("decks", [[], [1], [2, 1], [1, 2, 3], list(range(1, 20)), list(range(1, 20_000))], ids=len)
def test_a_list_of_any_length_finds_what_the_session_finds(library, decks):
    in_these = select(NOTES.c.id).where(
        NOTES.c.deck_id.in_(bindparam("decks", expanding=True)),
        NOTES.c.kind.in_(list(CardKind)),
        NOTES.c.owner_id == bindparam("owner"),
    )

    found = prepared.rows(library, in_these.order_by(NOTES.c.id), {"decks": decks, "owner": 1})

    asked = in_these.order_by(NOTES.c.id)
    assert [row.id for row in found] == [row.id for row in library.execute(asked, {"decks": decks, "owner": 1})]
    assert bool(found) is (1 in decks)
