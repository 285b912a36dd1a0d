from datetime import timedelta

import pytest

from quizapp.domain.exams import Exam
from quizapp.domain.options import Options
from quizapp.domain.queues import Limits
from quizapp.errors import InvalidInput, NotFound
from quizapp.services import decks, exams, options, study
from tests import make
from tests.make import NOW

DAY = timedelta(days=1)
IN_TEN_DAYS = NOW.date() + 10 * DAY
MANY = 60


@pytest.fixture
def deck(database, owner):
    """A deck with many new cards, beside another."""
    with database.writing() as session:
        make.added(session, owner, *(make.draft(n) for n in range(MANY)), title="Law", keep_ready=True)
        others, text = (make.draft(n) for n in range(MANY)), f"{make.TEXT}\n\nArt is long."
        make.added(session, owner, *others, text=text, title="Arts", keep_ready=True)
        return next(one.id for one in decks.decks(session, owner, now=NOW) if one.name == "Law")


def choose(database, owner, deck, exam, *, now=NOW):
    with database.writing() as session:
        return exams.choose(session, owner, deck, exam, now=now)


def prospect(database, owner, deck, *, now=NOW):
    with database.reading() as session:
        return exams.of_deck(session, owner, deck, now=now)


def new_today(database, owner, *, now=NOW):
    with database.reading() as session:
        return study.today(session, owner, now=now).counts.new


def test_a_plan_that_sees_too_few_cards_is_told_with_one_that_sees_all(database, owner, deck):
    with database.writing() as session:
        options.choose(session, owner, deck, Options(limits=Limits(2, 200)))
    choose(database, owner, deck, Exam(IN_TEN_DAYS))

    found = prospect(database, owner, deck)

    assert (found.days, found.cards, found.new) == (10, MANY, MANY)
    assert found.planned.seen == pytest.approx(20 / MANY)
    assert found.suggested.seen == 1
    assert found.suggested.recall > found.planned.recall
    assert found.suggested.mean > found.planned.mean


def test_a_plan_that_sees_everything_needs_no_other(database, owner, deck):
    choose(database, owner, deck, Exam(IN_TEN_DAYS))

    assert prospect(database, owner, deck).suggested is None


def test_a_day_alone_changes_no_limit(database, owner, deck):
    before = new_today(database, owner)

    choose(database, owner, deck, Exam(IN_TEN_DAYS))

    assert new_today(database, owner) == before == 20


def test_limits_count_for_the_deck_alone_and_end_after_the_day(database, owner, deck):
    choose(database, owner, deck, Exam(IN_TEN_DAYS, Limits(30, 300)))

    assert new_today(database, owner) == 30 + 20
    assert new_today(database, owner, now=NOW + 10 * DAY) == 30 + 20
    assert new_today(database, owner, now=NOW + 11 * DAY) == 20
    with database.reading() as session:
        assert study.left(session, owner, deck_id=deck, now=NOW) == 30


def test_limits_of_an_exam_take_the_place_of_those_of_the_decks_options_and_nothing_else(database, owner, deck):
    with database.writing() as session:
        options.choose(session, owner, deck, Options(retention=0.8, limits=Limits(3, 30)))
    choose(database, owner, deck, Exam(IN_TEN_DAYS, Limits(30, 300)))

    assert new_today(database, owner) == 30 + 20
    with database.reading() as session:
        found = options.of_deck(session, owner, deck).options
    assert (found.retention, found.limits) == (0.8, Limits(3, 30))


def test_ending_an_exam_can_be_taken_back(database, owner, deck):
    exam = Exam(IN_TEN_DAYS, Limits(30, 300))
    choose(database, owner, deck, exam)

    before = choose(database, owner, deck, None)
    assert prospect(database, owner, deck) is None
    with database.writing() as session:
        exams.put_back(session, owner, deck, before)

    assert prospect(database, owner, deck).exam == exam


def test_after_its_day_an_exam_is_over(database, owner, deck):
    choose(database, owner, deck, Exam(IN_TEN_DAYS, Limits(30, 300)))

    found = prospect(database, owner, deck, now=NOW + 12 * DAY)

    assert (found.days, found.limits.new) == (-2, 20)


@pytest.mark.parametrize("ahead", [-1, 0, 731], ids=str)
def test_an_exam_is_on_a_day_to_come(database, owner, deck, ahead):
    with pytest.raises(InvalidInput, match="from tomorrow on"):
        choose(database, owner, deck, Exam(NOW.date() + ahead * DAY))


def test_limits_that_nobody_can_have_are_refused(database, owner, deck):
    with pytest.raises(InvalidInput, match="from 0 to 9,999"):
        choose(database, owner, deck, Exam(IN_TEN_DAYS, Limits(10_000, 1)))


def test_a_deck_in_the_trash_has_no_exam(database, owner, deck):
    with database.writing() as session:
        decks.delete(session, owner, deck, now=NOW)

    with pytest.raises(NotFound):
        choose(database, owner, deck, Exam(IN_TEN_DAYS))
