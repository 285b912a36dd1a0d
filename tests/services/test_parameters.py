from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text

from quizapp.db.reviews import ReviewRow
from quizapp.domain.options import Options
from quizapp.domain.parameters import DEFAULTS, FEWEST_TESTS, Fitted, Measured
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.domain.rescheduling import Dates
from quizapp.domain.scheduling import DEFAULT_WEIGHTS, Grade
from quizapp.errors import Conflict, InvalidInput, NotFound
from quizapp.services import checking, parameters, settings, study
from tests import make
from tests.make import NOW
from tests.services.studying import answer, answer_much

DAY = timedelta(days=1)
LATER = NOW + 40 * DAY
QUICK = (*(weight / 9 for weight in DEFAULT_WEIGHTS[:4]), *DEFAULT_WEIGHTS[4:])
BETTER = Fitted(QUICK, 500, Measured(100, 0.3, 0.03), Measured(100, 0.4, 0.05))
WORSE = replace(BETTER, own=Measured(100, 0.5, 0.08))


@pytest.fixture
def studied(database, owner):
    """A library with some cards answered for a month."""
    with database.writing() as session:
        make.added(session, owner, *(make.draft(number) for number in range(6)), keep_ready=True)
        for number in range(40):
            grade = Grade.AGAIN if number % 7 == 0 else Grade.GOOD
            answer(session, owner, 1 + number % 5, grade, at=NOW + number * timedelta(hours=23))
    return database


@pytest.fixture
def much_studied(database, owner):
    """A library with as many answers as a fit takes, just about."""
    with database.writing() as session:
        answer_much(session, owner)
    return database


def kept(database, owner, fitted=BETTER):
    with database.writing() as session:
        return parameters.store(session, owner, fitted, now=NOW)


def use(database, owner, version):
    with database.reading() as session:
        ready = parameters.prepare(session, owner, version, now=LATER)
    with database.writing() as session:
        settings.change(session, owner, ready)


def standing(database, owner):
    with database.reading() as session:
        return parameters.standing(session, owner)


def faults(database):
    with database.reading() as session:
        return checking.check(session, now=LATER).faults


def stored(database):
    queries = ("select * from memory order by card_id", "select * from plan order by card_id")
    with database.reading() as session:
        return [session.execute(text(query)).all() for query in queries]


def dues(database):
    with database.reading() as session:
        return session.execute(text("select card_id, due from memory order by card_id")).all()


def test_a_fit_changes_nothing_until_it_is_taken(studied, owner):
    before = stored(studied)

    version = kept(studied, owner)

    assert stored(studied) == before
    found = standing(studied, owner)
    assert (found.used, found.offered.version) == (None, version)
    with studied.reading() as session:
        assert settings.study_plan(session, owner).preset.version == DEFAULTS.version


def test_taken_parameters_change_memories_and_no_date_and_the_way_back_restores_all(studied, owner):
    before, due = stored(studied), dues(studied)
    version = kept(studied, owner)

    use(studied, owner, version)

    assert stored(studied) != before
    assert dues(studied) == due
    assert faults(studied) == ()
    assert standing(studied, owner).used.version == version
    use(studied, owner, DEFAULTS.version)
    assert stored(studied) == before
    assert standing(studied, owner).used is None


def test_answers_remember_the_parameters_that_they_were_given_under(studied, owner):
    version = kept(studied, owner)
    use(studied, owner, version)

    with studied.writing() as session:
        answer(session, owner, 6, at=LATER, review_id=UUID(int=77))

    with studied.reading() as session:
        assert session.scalars(select(ReviewRow.preset_version).where(ReviewRow.id == UUID(int=77))).one() == version
    assert faults(studied) == ()


def test_own_parameters_give_other_intervals_from_the_next_answer_on(studied, owner):
    with studied.reading() as session:
        usual = study.card(session, owner, 6, now=LATER).options[3].interval
    use(studied, owner, kept(studied, owner))

    with studied.reading() as session:
        assert study.card(session, owner, 6, now=LATER).options[3].interval < usual


def test_other_settings_leave_own_parameters_in_use(studied, owner):
    version = kept(studied, owner)
    use(studied, owner, version)

    with studied.reading() as session:
        wanted = replace(settings.chosen(session, owner), options=Options(retention=0.95), parameters=DEFAULTS)
        ready = settings.prepare(session, owner, wanted, dates=Dates.FOLLOW, now=LATER)
    with studied.writing() as session:
        settings.change(session, owner, ready)

    assert standing(studied, owner).used.version == version
    assert faults(studied) == ()


def test_parameters_that_foretell_no_better_cannot_be_used(studied, owner):
    version = kept(studied, owner, WORSE)

    with pytest.raises(InvalidInput, match="no better than the defaults"):
        use(studied, owner, version)


def test_what_is_left_aside_is_offered_no_longer_until_it_is_asked_for_again(studied, owner):
    version = kept(studied, owner)

    with studied.writing() as session:
        parameters.set_aside(session, owner, version)
    assert standing(studied, owner).offered is None
    with studied.writing() as session:
        parameters.offer_again(session, owner, version)

    assert standing(studied, owner).offered.version == version


def test_parameters_in_use_cannot_be_left_aside(studied, owner):
    version = kept(studied, owner)
    use(studied, owner, version)

    with studied.writing() as session, pytest.raises(Conflict, match="in use"):
        parameters.set_aside(session, owner, version)


def test_nobody_uses_the_parameters_of_others(studied, owner):
    version = kept(studied, owner)

    with studied.reading() as session, pytest.raises(NotFound):
        parameters.prepare(session, Actor(LearnerId(owner.learner_id)), version + 1, now=LATER)


def test_a_later_fit_takes_the_place_of_an_earlier_one(studied, owner):
    first, second = kept(studied, owner), kept(studied, owner)
    use(studied, owner, first)
    use(studied, owner, second)

    found = standing(studied, owner)

    assert found.used.version == second
    assert [one.version for one in found.others] == [first]


def test_too_few_answers_say_how_many_are_missing(studied, owner):
    missing = FEWEST_TESTS - standing(studied, owner).tests

    with studied.writing() as session, pytest.raises(InvalidInput, match=f"Study {missing} more"):
        parameters.ask(session, owner, now=LATER)


def test_a_fit_rests_on_all_answers_that_test_memory(much_studied, owner):
    shares = []

    with much_studied.reading() as session:
        fitted = parameters.fit(session, owner, on_progress=lambda share, _: shares.append(share))
        counted = parameters.standing(session, owner).tests

    assert fitted.tests == counted == FEWEST_TESTS
    assert fitted.own.tests == fitted.defaults.tests == FEWEST_TESTS // 5
    assert shares == sorted(shares)


def test_asking_twice_is_one_fit(much_studied, owner):
    with much_studied.writing() as session:
        first, second = (parameters.ask(session, owner, now=LATER) for _ in range(2))

    assert first == second
