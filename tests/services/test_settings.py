from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text

from quizapp.db.reviews import ReviewRow
from quizapp.domain.options import Options
from quizapp.domain.queues import Limits
from quizapp.domain.rescheduling import Dates
from quizapp.domain.scheduling import Grade, Steps
from quizapp.errors import Conflict, InvalidInput
from quizapp.services import checking, decks, settings, study
from quizapp.services import options as deck_options
from quizapp.services.settings import KEPT, Own
from tests import make
from tests.make import NOW
from tests.services.studying import answer

DAY = timedelta(days=1)
LATER = NOW + 40 * DAY


@pytest.fixture
def studied(database, owner):
    """A library with reviews at all hours, some undone, a suspended note and one in the trash."""
    with database.writing() as session:
        make.added(session, owner, *(make.draft(number) for number in range(8)), keep_ready=True)
        for number in range(40):
            at = NOW + number * timedelta(hours=23)
            grade = Grade.AGAIN if number % 9 == 0 else Grade.GOOD
            answer(session, owner, 1 + number % 7, grade, at=at)
            if number % 11 == 0:
                study.undo(session, owner, undo_id=UUID(int=number + 1), now=at)
        decks.suspend_note(session, owner, 3)
        decks.delete_note(session, owner, 2, now=NOW)
    return database


def chosen(database, owner):
    with database.reading() as session:
        return settings.chosen(session, owner)


def prepared(database, owner, dates=Dates.KEEP, *, own=KEPT, options=None, **changed):
    with database.reading() as session:
        wanted = replace(settings.chosen(session, owner), **changed)
        wanted = replace(wanted, options=replace(wanted.options, **(options or {})))
        return settings.prepare(session, owner, wanted, dates=dates, own=own, now=LATER)


def change(database, owner, dates=Dates.KEEP, **changed):
    ready = prepared(database, owner, dates, **changed)
    with database.writing() as session:
        settings.change(session, owner, ready)
    return ready


def faults(database):
    with database.reading() as session:
        return checking.check(session, now=LATER).faults


def stored(database):
    """Every memory, plan and day."""
    queries = (
        "select * from memory order by card_id",
        "select * from plan order by card_id",
        "select id, day from review order by id",
    )
    with database.reading() as session:
        return [session.execute(text(query)).all() for query in queries]


def wrong_days(database, owner):
    with database.reading() as session:
        days = settings.study_plan(session, owner).days
        rows = session.execute(select(ReviewRow.day, ReviewRow.at)).all()
    return [row for row in rows if row.day != days.day_of(row.at)]


@pytest.mark.parametrize(
    "changed",
    [
        {"time_zone": "Asia/Tokyo"},
        {"time_zone": "Pacific/Kiritimati", "turn_hour": 0},
        {"time_zone": "Pacific/Pago_Pago", "turn_hour": 23},
        {"turn_hour": 12},
    ],
    ids=str,
)
def test_another_calendar_moves_days_and_memories_and_back_again_nothing_is_different(studied, owner, changed):
    was, before = chosen(studied, owner), stored(studied)
    assert wrong_days(studied, owner) == []

    change(studied, owner, **changed)

    assert stored(studied) != before
    assert wrong_days(studied, owner) == []
    assert faults(studied) == ()
    change(studied, owner, time_zone=was.time_zone, turn_hour=was.turn_hour)
    assert stored(studied) == before


def test_a_new_goal_leaves_dates_alone_and_counts_from_the_next_answer_on(studied, owner):
    before = stored(studied)

    assert change(studied, owner, options={"retention": 0.97}).moved == 0

    assert stored(studied) == before
    with studied.reading() as session:
        eager = study.card(session, owner, 1, now=LATER).options[2].interval
    change(studied, owner, options={"retention": 0.8})
    with studied.reading() as session:
        assert study.card(session, owner, 1, now=LATER).options[2].interval > eager
    assert faults(studied) == ()


def test_dates_follow_a_new_goal_when_asked_to_and_go_back(studied, owner):
    before = stored(studied)

    did = change(studied, owner, Dates.FOLLOW, options={"retention": 0.97})

    assert did.moved > 0
    assert did.load_after.week >= did.load_before.week
    assert stored(studied) != before
    assert faults(studied) == ()
    change(studied, owner, did.undo_dates, options={"retention": 0.9})
    assert stored(studied) == before


def test_intervals_of_several_goals_come_back_when_following_is_undone(studied, owner):
    change(studied, owner, options={"retention": 0.75})
    with studied.writing() as session:
        answer(session, owner, 1, at=NOW + 60 * DAY)
    before = stored(studied)

    did = change(studied, owner, Dates.FOLLOW, options={"retention": 0.95})
    assert did.undo_dates is Dates.AS_GIVEN
    change(studied, owner, did.undo_dates, options={"retention": 0.75})

    assert stored(studied) == before
    assert faults(studied) == ()


def test_what_is_said_before_saving_is_what_saving_does(studied, owner):
    said = prepared(studied, owner, Dates.FOLLOW, options={"retention": 0.97}, time_zone="Asia/Tokyo")
    change(studied, owner, Dates.FOLLOW, options={"retention": 0.97}, time_zone="Asia/Tokyo")

    assert prepared(studied, owner).load_before == said.load_after


def test_an_answer_given_while_memories_are_worked_out_is_not_lost(studied, owner):
    ready = prepared(studied, owner, Dates.FOLLOW, time_zone="Asia/Tokyo", options={"retention": 0.95})
    with studied.writing() as session:
        answer(session, owner, 4, Grade.AGAIN, at=LATER)
        answer(session, owner, 8, Grade.EASY, at=LATER)
        study.undo(session, owner, undo_id=UUID(int=900), now=LATER)
        answer(session, owner, 8, Grade.GOOD, at=LATER + DAY)

    with studied.writing() as session:
        settings.change(session, owner, ready)

    assert wrong_days(studied, owner) == []
    assert faults(studied) == ()


def test_settings_changed_elsewhere_meanwhile_are_a_conflict_and_nothing_is_stored(studied, owner):
    ready = prepared(studied, owner, time_zone="Asia/Tokyo")
    change(studied, owner, options={"limits": Limits(new=7)})
    before = stored(studied)

    with studied.writing() as session, pytest.raises(Conflict, match="changed elsewhere"):
        settings.change(session, owner, ready)

    assert stored(studied) == before
    assert chosen(studied, owner).time_zone == "Europe/Berlin"


def test_limits_count_at_once(studied, owner):
    change(studied, owner, options={"limits": Limits(0, 1)})

    with studied.reading() as session:
        counts = study.today(session, owner, now=LATER + 100 * DAY).counts

    assert (counts.review, counts.new) == (1, 0)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"options": {"retention": 0.69}}, "from 70 to 97 percent"),
        ({"options": {"retention": 0.98}}, "from 70 to 97 percent"),
        ({"options": {"retention": float("nan")}}, "from 70 to 97 percent"),
        ({"options": {"limits": Limits(new=-1)}}, "from 0 to 9,999"),
        ({"options": {"limits": Limits(reviews=10_000)}}, "from 0 to 9,999"),
        ({"turn_hour": 24}, "from 0 to 23"),
        ({"time_zone": "Mars/Olympus"}, "no time zone 'Mars/Olympus'"),
        ({"time_zone": "../../etc/passwd"}, "no time zone"),
        ({"time_zone": ""}, "no time zone"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_with_a_sentence(database, owner, changed, words):
    with pytest.raises(InvalidInput, match=words):
        prepared(database, owner, **changed)


@pytest.mark.parametrize("name", ["europe/berlin", " Europe/Berlin ", "EUROPE/BERLIN"])
def test_a_time_zone_is_known_however_it_is_spelled(name):
    assert settings.time_zone_named(name).key == "Europe/Berlin"


def test_spaces_in_a_time_zone_are_understood():
    assert settings.time_zone_named("america/new york").key == "America/New_York"


def own_goals(database, owner):
    """The goals of decks that have options of their own, by deck."""
    with database.reading() as session:
        return {
            name: deck_options.of_deck(session, owner, deck_id).options.retention
            for deck_id, name in deck_options.with_own(session, owner)
        }


def test_all_decks_follow_new_options_with_their_dates_and_go_back(studied, owner):
    with studied.writing() as session:
        deck_options.choose(session, owner, 1, Options(retention=0.75))
    before = stored(studied)

    did = change(studied, owner, Dates.FOLLOW, own=Own(aside_at=LATER), options={"retention": 0.97})

    assert own_goals(studied, owner) == {}
    assert did.moved > 0
    assert faults(studied) == ()
    change(studied, owner, did.undo_dates, own=Own(back_from=LATER), options={"retention": 0.9})
    assert list(own_goals(studied, owner).values()) == [0.75]
    assert stored(studied) == before


def test_a_deck_that_has_got_other_options_since_keeps_these_when_all_get_theirs_back(studied, owner):
    with studied.writing() as session:
        deck_options.choose(session, owner, 1, Options(retention=0.75))
    change(studied, owner, own=Own(aside_at=LATER))
    with studied.writing() as session:
        deck_options.choose(session, owner, 1, Options(retention=0.8))

    change(studied, owner, own=Own(back_from=LATER))

    assert list(own_goals(studied, owner).values()) == [0.8]


def test_every_option_counts_for_decks_without_their_own(studied, owner):
    steps = Steps((timedelta(minutes=3),), ())

    change(studied, owner, options={"steps": steps, "maximum_interval": 5 * DAY, "leech_after": 3})

    with studied.reading() as session:
        shown = study.card(session, owner, 8, now=LATER).options
        how = deck_options.study_plan_of(session, owner, 1)
    assert ([option.interval for option in shown[::3]], how.options.leech_after) == ([steps.learning[0], 5 * DAY], 3)
    assert faults(studied) == ()


def test_a_shorter_longest_interval_moves_no_date_and_no_check_complains(studied, owner):
    change(studied, owner, Dates.FOLLOW, options={"retention": 0.7})
    before = stored(studied)

    change(studied, owner, options={"maximum_interval": 2 * DAY})
    assert (stored(studied), faults(studied)) == (before, ())
    change(studied, owner, time_zone="Asia/Tokyo")
    change(studied, owner, time_zone="Europe/Berlin")

    assert (stored(studied), faults(studied)) == (before, ())
