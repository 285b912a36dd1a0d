from datetime import timedelta
from uuid import uuid4

import pytest

from quizapp.db import attempts, exams, plans
from quizapp.db.attempts import Taker
from quizapp.db.plans import Queue
from quizapp.db.quizzes import MadeFrom
from quizapp.domain.assignments import Gate, Goal, Grading, Late, Status, Told
from quizapp.domain.recurrence import Window
from quizapp.domain.scheduling import Grade
from quizapp.errors import Conflict, InvalidInput, NotFound, Unavailable
from quizapp.services import assignments, attempting, checking, following, sittings
from quizapp.services.quizzes import Wish
from tests.make import NOW
from tests.services import quizzing, studying
from tests.services.assigning import DAY, HOUR, a_team, assign, begin, mine, results, take
from tests.services.quizzing import BERTH, LOCK, PILOT, QUAY

MINUTE = timedelta(minutes=1)


@pytest.fixture
def team(session):
    return a_team(session, BERTH, QUAY, LOCK, PILOT)


def open_to_guests(session, team, **rules):
    assigned = assign(session, team, **rules)
    assignments.put_link(session, team.trainer, assigned, "a-token", now=NOW)
    return assigned


def plan(session, actor, card_id):
    (queue,) = plans.queues_of(session, actor.person_id, [card_id]).values()
    return queue


def test_two_tabs_that_begin_are_in_one_attempt(session, team):
    assigned = assign(session, team)

    first, second = begin(session, team.mina, assigned, seed=1), begin(session, team.mina, assigned, seed=2)

    assert first == second
    assert mine(session, team.mina, assigned).standing.used == 1


def test_an_answer_from_two_tabs_counts_once_and_the_second_is_told(session, team):
    sitting = begin(session, team.mina, assign(session, team, told=Told.AT_ONCE))
    quizzing.answer(session, team.mina, sitting, 1, right=False)

    with pytest.raises(Conflict, match="answered this question already"):
        quizzing.answer(session, team.mina, sitting, 1, right=True)


def test_before_it_opens_between_attempts_and_after_the_last_none_begins(session, team):
    assigned = assign(session, team, delay=HOUR)
    with pytest.raises(Conflict, match="not open yet"):
        begin(session, team.mina, assigned, at=NOW - MINUTE)
    take(session, team.mina, assigned, False)
    with pytest.raises(Conflict, match="opens later"):
        begin(session, team.mina, assigned, at=NOW + MINUTE)
    assert mine(session, team.mina, assigned, at=NOW + MINUTE).standing.gate_at == NOW + HOUR
    take(session, team.mina, assigned, False, at=NOW + HOUR)

    with pytest.raises(Conflict, match="no attempt left"):
        begin(session, team.mina, assigned, at=NOW + DAY)
    with pytest.raises(Conflict, match="is over"):
        begin(session, team.jonas, assigned, at=NOW + 6 * DAY)


def test_what_is_open_at_the_cut_off_is_finished_with_what_was_answered(session, team):
    assigned = assign(session, team, attempts=1)
    sitting = begin(session, team.mina, assigned, at=NOW + 5 * DAY)
    quizzing.answer(session, team.mina, sitting, 1, at=NOW + 5 * DAY)
    cutoff, later = NOW + 6 * DAY, NOW + 7 * DAY
    assert sittings.sitting(session, team.mina, sitting, now=NOW + 5 * DAY).deadline == cutoff
    # Nobody has looked since, and the trainer sees it as it is.
    found = results(session, team, assigned, at=later)["Mina"]
    assert (found.standing.status, found.standing.score, found.standing.is_late) == (Status.FAILED, 0.25, True)

    assert attempting.close_overdue(session, now=later) == 1

    assert sittings.sitting(session, team.mina, sitting, now=later).finished == cutoff
    assert results(session, team, assigned, at=later)["Mina"].standing == found.standing


def test_a_post_after_the_end_is_told_and_does_not_count_by_the_rule(session, team):
    assigned = assign(session, team, time_limit=HOUR, late=Late.REFUSE)
    sitting = begin(session, team.mina, assigned)
    quizzing.answer(session, team.mina, sitting, 1)

    late = quizzing.answer(session, team.mina, sitting, 2, at=NOW + HOUR + MINUTE)

    assert not late.is_counted
    assert results(session, team, assigned, at=NOW + 2 * HOUR)["Mina"].standing.score == 0.25


@pytest.mark.parametrize("is_closed", [False, True])
def test_a_post_after_the_end_is_kept_and_told_as_late_by_the_other_rule(session, team, is_closed):
    assigned = assign(session, team, time_limit=HOUR, late=Late.KEEP, attempts=1)
    sitting = begin(session, team.mina, assigned)
    quizzing.answer(session, team.mina, sitting, 1)
    if is_closed:
        attempting.close_overdue(session, now=NOW + HOUR + MINUTE)

    late = quizzing.answer(session, team.mina, sitting, 2, at=NOW + HOUR + MINUTE)

    assert (late.is_counted, late.is_late) == (True, True)
    assert sittings.sitting(session, team.mina, sitting, now=NOW + DAY).finished == NOW + HOUR
    assert results(session, team, assigned, at=NOW + DAY)["Mina"].standing.score == 0.5


def test_late_posts_do_not_change_answers_nor_come_after_one_has_finished_or_for_ever(session, team):
    assigned = assign(session, team, time_limit=HOUR, late=Late.KEEP)
    sitting = begin(session, team.mina, assigned)
    quizzing.answer(session, team.mina, sitting, 1, right=False)
    attempting.close_overdue(session, now=NOW + HOUR + MINUTE)
    for place, at in ((1, NOW + HOUR + MINUTE), (2, NOW + 3 * HOUR)):
        with pytest.raises(Conflict, match="was not counted"):
            quizzing.answer(session, team.mina, sitting, place, at=at)

    second = begin(session, team.mina, assigned, at=NOW + 2 * HOUR)
    sittings.finish(session, team.mina, second, now=NOW + 2 * HOUR + MINUTE)
    with pytest.raises(Conflict, match="was not counted"):
        quizzing.answer(session, team.mina, second, 1, at=NOW + 3 * HOUR + MINUTE)


def test_the_last_attempt_counts_where_that_is_the_rule(session, team):
    assigned = assign(session, team, grading=Grading.LAST)
    take(session, team.mina, assigned, True, True, True, True)
    take(session, team.mina, assigned, True, at=NOW + HOUR)

    assert mine(session, team.mina, assigned, at=NOW + DAY).standing.score == 0.25


def test_who_failed_still_owes_it_while_attempts_are_left(session, team):
    assigned = assign(session, team)

    take(session, team.mina, assigned, True)
    assert [one.id for one in attempting.owed(session, team.mina, now=NOW)] == [assigned]
    take(session, team.mina, assigned, True)

    assert attempting.owed(session, team.mina, now=NOW) == []


def test_first_attempts_are_kept_with_what_was_chosen_for_item_analysis(session, team):
    assigned = assign(session, team)
    take(session, team.mina, assigned, True, False)
    take(session, team.mina, assigned, True, True)

    found = attempts.taken(session, [assigned])

    assert [(one.attempt, one.answered, one.points) for one in found] == [(1, 2, 1.0), (2, 2, 2.0)]


def test_misses_of_a_member_flow_into_their_own_study(session, team):
    following.follow(session, team.mina, team.deck_id, now=NOW)
    for card in range(1, 5):
        studying.answer(session, team.mina, card, Grade.EASY, at=NOW - HOUR)
    assigned = assign(session, team, told=Told.AT_ONCE)

    take(session, team.mina, assigned, False, True)

    called = attempts_called(session, team.mina)
    assert len(called) == 1
    assert plan(session, team.mina, called[0]) is Queue.REVIEW


def attempts_called(session, actor):
    rows = session.connection().exec_driver_sql(
        f"select card_id from plan where learner_id = {actor.person_id} and called is not null"
    )
    return [row[0] for row in rows]


# Mastery


def mastery(session, team, **rules):
    return assign(session, team, goal=Goal.MASTERY, told=Told.AT_ONCE, pass_share=None, spacing=16 * HOUR, **rules)


def test_mastery_asks_again_what_was_missed_and_on_another_day_what_was_known(session, team):
    assigned = mastery(session, team)
    take(session, team.mina, assigned, True, True, True, False)
    found = mine(session, team.mina, assigned, at=NOW + MINUTE)
    assert (found.standing.status, found.standing.gate, found.ready, found.mastered) == (
        Status.IN_PROGRESS,
        Gate.OPEN,
        1,
        0,
    )
    take(session, team.mina, assigned, True, at=NOW + MINUTE)
    found = mine(session, team.mina, assigned, at=NOW + HOUR)
    assert (found.standing.gate, found.standing.gate_at) == (Gate.WAIT, NOW + 16 * HOUR)
    with pytest.raises(Conflict):
        begin(session, team.mina, assigned, at=NOW + HOUR)

    take(session, team.mina, assigned, True, True, True, True, at=NOW + DAY)

    found = mine(session, team.mina, assigned, at=NOW + DAY)
    assert (found.standing.status, found.standing.score, found.mastered) == (Status.DONE, 1, 4)
    assert not found.is_owed


def test_a_question_missed_on_the_second_day_begins_anew(session, team):
    assigned = mastery(session, team)
    take(session, team.mina, assigned, True, True, True, True)

    take(session, team.mina, assigned, True, True, True, False, at=NOW + DAY)

    found = mine(session, team.mina, assigned, at=NOW + DAY + MINUTE)
    assert (found.mastered, found.ready) == (3, 1)
    assert results(session, team, assigned, at=NOW + 8 * DAY)["Mina"].standing.status is Status.FAILED


# A deck that is to be known on a day


def test_a_deck_to_be_known_gives_each_person_an_exam_and_is_judged_by_their_own_curve(session, team):
    window = Window(NOW, NOW + 10 * DAY)
    assigned = assign(session, team, goal=Goal.RECALL, window=window, recall=0.7)

    deck = attempting.take_on(session, team.mina, assigned, now=NOW)

    assert deck == team.deck_id
    assert exams.of_deck(session, team.mina.person_id, deck).day == (NOW + 10 * DAY).date()
    assert mine(session, team.mina, assigned).is_taken_on
    for card in range(1, 5):
        studying.answer(session, team.mina, card, Grade.EASY, at=NOW + 9 * DAY)
    then = NOW + 10 * DAY
    assert results(session, team, assigned, at=then)["Mina"].standing.status is Status.PASSED
    assert results(session, team, assigned, at=then)["Jonas"].standing.status is Status.MISSED


def test_what_was_known_on_the_day_is_kept_whatever_is_studied_later(session, team):
    window = Window(NOW, NOW + 10 * DAY)
    assigned = assign(session, team, goal=Goal.RECALL, window=window)
    following.follow(session, team.mina, team.deck_id, now=NOW)
    studying.answer(session, team.mina, 1, Grade.EASY, at=NOW)
    attempting.settle(session, now=NOW + 10 * DAY + MINUTE)
    before = results(session, team, assigned, at=NOW + 11 * DAY)["Mina"].standing

    studying.answer(session, team.mina, 1, Grade.EASY, at=NOW + 11 * DAY)
    attempting.settle(session, now=NOW + 12 * DAY)

    assert before.status is Status.FAILED
    assert 0 < before.score < 0.25
    assert results(session, team, assigned, at=NOW + 30 * DAY)["Mina"].standing == before


def test_an_exam_of_ones_own_that_is_earlier_stays(session, team):
    assigned = assign(session, team, goal=Goal.RECALL, window=Window(NOW, NOW + 10 * DAY))
    earlier = attempting.Exam((NOW + 3 * DAY).date())
    exams.put(session, team.mina.person_id, team.deck_id, earlier)

    attempting.take_on(session, team.mina, assigned, now=NOW)

    assert exams.of_deck(session, team.mina.person_id, team.deck_id) == earlier


@pytest.mark.parametrize("material", [Wish(MadeFrom.DOCUMENT, 1), Wish(MadeFrom.SEARCH, search="quay")])
def test_only_a_deck_can_be_known_on_a_day(session, team, material):
    with pytest.raises(InvalidInput, match="choose a deck"):
        assign(session, team, goal=Goal.RECALL, material=material)


# Guests


def test_a_guest_answers_by_the_link_under_a_name_and_goes_on_with_the_same_browser(session, team):
    assigned = open_to_guests(session, team)
    key = uuid4()
    sitting = attempting.begin_as_guest(session, "a-token", key, "  Ada   Lind ", seed=1, now=NOW)
    guest = attempting.as_guest(session, "a-token", key)[0]
    quizzing.answer(session, guest, sitting, 1)

    assert attempting.begin_as_guest(session, "a-token", key, "Ada Lind", seed=2, now=NOW + HOUR) == sitting
    sittings.finish(session, guest, sitting, now=NOW + HOUR)

    found = assignments.everybody(session, team.trainer, assigned, now=NOW + DAY)
    assert [(one.name, one.standing.score) for one in found.guests] == [("Ada Lind", 0.25)]
    assert attempting.by_link(session, "a-token", key, now=NOW + DAY).standing.used == 1


def test_a_guest_sees_no_sitting_but_their_own_and_nothing_else_of_the_team(session, team):
    open_to_guests(session, team)
    sitting = attempting.begin_as_guest(session, "a-token", uuid4(), "Ada", seed=1, now=NOW)
    other = attempting.as_guest(session, "a-token", uuid4())[0]

    with pytest.raises(NotFound):
        sittings.sitting(session, other, sitting, now=NOW)
    with pytest.raises(NotFound):
        assignments.view(session, other, 1, now=NOW)
    with pytest.raises(NotFound):
        sittings.sitting(session, other, begin(session, team.mina, 1), now=NOW)


def test_a_link_that_was_closed_leads_nowhere_and_results_stay(session, team):
    assigned = open_to_guests(session, team)
    attempting.begin_as_guest(session, "a-token", uuid4(), "Ada", seed=1, now=NOW)

    assignments.put_link(session, team.trainer, assigned, None, now=NOW)

    with pytest.raises(NotFound, match="leads nowhere"):
        attempting.by_link(session, "a-token", None, now=NOW)
    assert len(assignments.everybody(session, team.trainer, assigned, now=NOW).guests) == 1


def test_more_guests_than_a_crowd_in_a_minute_wait(session, team, monkeypatch):
    monkeypatch.setattr(attempting, "MOST_IN_A_MINUTE", 3)
    open_to_guests(session, team)
    keys = [uuid4() for _ in range(3)]
    for key in keys:
        attempting.begin_as_guest(session, "a-token", key, "Ada", seed=1, now=NOW)

    with pytest.raises(Unavailable, match="Wait a minute"):
        attempting.begin_as_guest(session, "a-token", uuid4(), "Bo", seed=1, now=NOW)
    assert attempting.begin_as_guest(session, "a-token", keys[0], "Ada", seed=1, now=NOW)
    assert attempting.begin_as_guest(session, "a-token", uuid4(), "Bo", seed=1, now=NOW + 2 * MINUTE)


def test_nothing_that_nobody_sees_stays_in_the_name_of_a_guest(session, team):
    assigned = open_to_guests(session, team)
    attempting.begin_as_guest(session, "a-token", uuid4(), "Ada\u202e \u200bLind\x00\n", seed=1, now=NOW)
    with pytest.raises(InvalidInput, match="Write your name"):
        attempting.begin_as_guest(session, "a-token", uuid4(), "\u200b\x00", seed=1, now=NOW)

    found = assignments.everybody(session, team.trainer, assigned, now=NOW).guests

    assert [one.name for one in found] == ["Ada Lind"]


def test_a_guest_without_a_name_is_asked_for_one(session, team):
    open_to_guests(session, team)

    with pytest.raises(InvalidInput, match="Write your name"):
        attempting.begin_as_guest(session, "a-token", uuid4(), " ", seed=1, now=NOW)


def test_a_library_with_assignments_is_whole(session, team):
    take(session, team.mina, open_to_guests(session, team), True, False)
    attempting.begin_as_guest(session, "a-token", uuid4(), "Ada", seed=1, now=NOW)

    assert checking.check(session, now=NOW).faults == ()
    assert attempts.open_one(session, 1, Taker(team.mina.person_id)) is None
