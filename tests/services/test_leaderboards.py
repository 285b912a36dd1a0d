"""Leaderboards of a team: what counts, who is named, and what nobody gets to see."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import delete, select

from quizapp.db import study_days
from quizapp.db.notes import CardRow
from quizapp.db.study_days import StudyDayRow, StudySumRow
from quizapp.domain.leaderboards import Measure, Span
from quizapp.domain.scheduling import Grade
from quizapp.errors import NotFound
from quizapp.services import assignments, following, leaderboards, study, teams
from tests import make
from tests.make import NOW
from tests.services import quizzing
from tests.services.assigning import a_team, assign, take
from tests.services.studying import answer

DAY = timedelta(days=1)


@pytest.fixture
def team(session):
    found = a_team(session, quizzing.BERTH, quizzing.QUAY)
    for one in (found.mina, found.jonas):
        following.follow(session, one, found.deck_id, now=NOW)
    return found


def board(session, actor, team, *, by=Measure.DAYS, span=Span.ALL, at=NOW):
    return leaderboards.shown(session, actor, team.id, by=by, span=span, now=at)


def named(found):
    return [(one.rank, found.names[one.person_id], one.score) for one in [*found.board.top, *found.board.near]]


def join(session, team, *people):
    for one in people:
        leaderboards.take_part(session, one, team.id, wishes=True)


def test_nobody_is_named_until_they_wish_it_and_still_sees_what_they_have_themselves(session, team):
    answer(session, team.mina, 1)

    mine, others = board(session, team.mina, team), board(session, team.jonas, team)

    assert (named(mine), mine.takes_part, mine.mine, mine.taking_part) == ([], False, 1, 0)
    assert (named(others), others.mine) == ([], 0)


def test_a_day_counts_once_however_much_is_answered(session, team):
    join(session, team, team.mina, team.jonas)
    for card_id in (1, 2):
        answer(session, team.mina, card_id)
    for at in (NOW, NOW + DAY):
        answer(session, team.jonas, 1, at=at)

    assert named(board(session, team.jonas, team, at=NOW + DAY)) == [(1, "Jonas", 2)]
    assert named(board(session, team.mina, team, at=NOW + DAY)) == [(1, "Jonas", 2), (2, "Mina", 1)]


def test_taking_the_name_off_counts_at_once(session, team):
    join(session, team, team.mina)
    answer(session, team.mina, 1)

    leaderboards.take_part(session, team.mina, team.id, wishes=False)

    found = board(session, team.jonas, team)
    assert (named(found), found.taking_part) == ([], 0)


def test_joining_leaves_alone_what_trainers_see(session, team):
    teams.choose_what_is_seen(session, team.mina, team.id, shows_recall=True, on_leaderboards=False)

    join(session, team, team.mina)

    me = teams.team(session, team.mina, team.id).me
    assert (me.shows_recall, me.on_leaderboards) == (True, True)


def test_who_left_the_team_is_not_named_any_more(session, team):
    join(session, team, team.mina)
    answer(session, team.mina, 1)

    teams.leave(session, team.mina, team.id, now=NOW)

    assert named(board(session, team.jonas, team)) == []


def test_strangers_find_no_leaderboard(session, team):
    with pytest.raises(NotFound):
        board(session, team.stranger, team)
    with pytest.raises(NotFound):
        leaderboards.take_part(session, team.stranger, team.id, wishes=True)


def test_a_week_and_a_month_begin_anew(session, team):
    join(session, team, team.mina)
    at = NOW
    for _ in range(40):
        answer(session, team.mina, 1, at=at)
        at += DAY
    last = at - DAY

    in_week, in_month, in_all = (board(session, team.mina, team, span=span, at=last).mine for span in Span)

    assert (in_week, in_month, in_all) == (last.weekday() + 1, last.day, 40)


def test_only_the_material_of_the_team_counts(session, team):
    join(session, team, team.mina)
    make.added(session, team.mina, keep_ready=True)
    own = session.scalars(select(CardRow.id).where(CardRow.owner_id == team.mina.person_id)).first()

    answer(session, team.mina, own)

    assert board(session, team.mina, team).mine == 0


def learned(session, team, *, grade=Grade.GOOD, wait=21 * DAY):
    """Mina learns a card until it is in review, and is asked so long after that."""
    answer(session, team.mina, 1, Grade.EASY)
    answer(session, team.mina, 1, grade, at=NOW + wait)


def test_a_card_that_is_recalled_after_three_weeks_was_remembered_for_long(session, team):
    learned(session, team)

    assert board(session, team.mina, team, by=Measure.LASTING).mine == 1


@pytest.mark.parametrize(
    ("grade", "wait"), [(Grade.AGAIN, 21 * DAY), (Grade.GOOD, 20 * DAY)], ids=["missed", "a day too soon"]
)
def test_a_miss_or_a_card_seen_lately_was_not_remembered_for_long(session, team, grade, wait):
    learned(session, team, grade=grade, wait=wait)

    assert board(session, team.mina, team, by=Measure.LASTING).mine == 0


def test_what_is_undone_counts_neither_as_a_day_nor_as_remembered(session, team):
    learned(session, team)

    study.undo(session, team.mina, undo_id=uuid4(), now=NOW + 21 * DAY)

    assert board(session, team.mina, team, by=Measure.LASTING).mine == 0
    assert board(session, team.mina, team).mine == 1


def test_an_answer_that_arrives_late_takes_back_what_rested_on_a_long_gap(session, team):
    learned(session, team)

    answer(session, team.mina, 1, at=NOW + 10 * DAY)

    assert board(session, team.mina, team, by=Measure.LASTING).mine == 0
    assert board(session, team.mina, team).mine == 3


def _sums():
    columns = (StudySumRow.span, StudySumRow.start, StudySumRow.days, StudySumRow.lasting)
    return select(*columns).order_by(*columns[:2])


def test_days_are_counted_anew_in_another_calendar(session, team):
    learned(session, team)
    before = session.execute(_sums()).all()
    session.execute(delete(StudyDayRow))

    study_days.count_anew(session, team.mina.person_id)

    assert session.execute(_sums()).all() == before
    assert len(session.scalars(select(StudyDayRow)).all()) == 2


def points(session, actor, team, **more):
    return board(session, actor, team, by=Measure.ATTEMPTS, **more).mine


def test_first_attempts_at_what_is_assigned_to_all_give_points_and_second_ones_change_nothing(session, team):
    assignment = assign(session, team)

    take(session, team.mina, assignment, True, False)
    take(session, team.mina, assignment, True, True)

    assert points(session, team.mina, team) == 50


def test_points_of_an_assignment_that_is_deleted_or_for_some_alone_count_nowhere(session, team):
    for_some = assign(session, team, chosen=frozenset({team.mina.person_id}))
    for_all = assign(session, team)
    for one in (for_some, for_all):
        take(session, team.mina, one, True, True)

    assert points(session, team.mina, team) == 100

    assignments.delete(session, team.trainer, for_all, now=NOW)
    assert points(session, team.mina, team) == 0
