from dataclasses import replace
from datetime import UTC, datetime

import pytest

from quizapp.db import audit as rows
from quizapp.db import teams
from quizapp.db.quizzes import MadeFrom
from quizapp.domain.assignments import Allowance, Goal, Grading, Status, Told
from quizapp.domain.questions import Mode
from quizapp.domain.recurrence import Recurrence, Unit, Window
from quizapp.domain.sampling import Quota
from quizapp.errors import Conflict, InvalidInput, NotFound
from quizapp.services import assignments, attempting, decks, quizzes, sittings, trash
from quizapp.services.assignments import Wanted
from quizapp.services.quizzes import Wish
from tests.make import NOW
from tests.services import quizzing
from tests.services.assigning import DAY, HOUR, RULES, WINDOW, a_team, assign, begin, mine, results, take
from tests.services.quizzing import BERTH, LOCK, PILOT, QUAY


@pytest.fixture
def team(session):
    return a_team(session, BERTH, QUAY, LOCK, PILOT)


def change(session, team, assignment_id, *, at=NOW, **rules):
    wanted = Wanted("Harbour", "", replace(RULES, **rules), "Europe/Berlin")
    assignments.change(session, team.trainer, assignment_id, wanted, now=at)


def test_what_is_assigned_on_monday_is_known_to_the_team_by_friday(session, team):
    assigned = assign(session, team)
    (owed,) = attempting.owed(session, team.mina, now=NOW)
    assert (owed.id, owed.title, owed.team, owed.questions) == (assigned, "Harbour", "Platform team", 4)

    take(session, team.mina, assigned, True, True, True, True, at=NOW + DAY)

    assert attempting.owed(session, team.mina, now=NOW + DAY) == []
    found = results(session, team, assigned, at=NOW + 7 * DAY)
    assert {name: one.standing.status for name, one in found.items()} == {
        "Mina": Status.PASSED,
        "Jonas": Status.MISSED,
    }
    assert found["Mina"].standing.score == 1
    (line,) = assignments.listed(session, team.trainer, team.id, now=NOW + 7 * DAY)
    assert (line.counts.people, line.counts.done, line.counts.late) == (2, 1, 1)


def test_later_edits_of_cards_change_nothing_of_what_is_asked(session, team):
    assigned = assign(session, team)
    note = decks.deck(session, team.library, team.deck_id, now=NOW).notes[0]
    decks.delete_note(session, team.library, note.id, now=NOW)

    sitting = begin(session, team.mina, assigned)

    assert len(sittings.sitting(session, team.mina, sitting, now=NOW).places.shown) == 4


def test_a_document_a_search_and_a_quiz_of_the_team_can_be_assigned(session, team):
    quiz = quizzing.quiz(session, team.library, team.deck_id, mode=Mode.TYPED)
    found = [
        assign(session, team, material=material)
        for material in (
            Wish(MadeFrom.DOCUMENT, 1, mode=Mode.TYPED),
            Wish(MadeFrom.SEARCH, search="quay", mode=Mode.TYPED),
            quiz,
        )
    ]

    counts = [mine(session, team.mina, one).questions for one in found]

    assert counts == [1, 1, 4]
    assert [one.quiz.title for one in quizzes.listed(session, team.library).shown] == ["Harbour"]


def test_a_quota_that_the_pool_cannot_give_is_told_when_it_is_assigned(session, team):
    with pytest.raises(InvalidInput, match="fewer than the 9"):
        assign(session, team, quota=Quota(9))


def test_each_attempt_draws_its_own_questions_which_stay_through_a_reload(session, team):
    assigned = assign(session, team, quota=Quota(2), is_shuffled=True, attempts=9)
    seen = []
    for seed in range(6):
        sitting = begin(session, team.mina, assigned, seed=seed)
        first, again = (sittings.sitting(session, team.mina, sitting, now=NOW).places.shown for _ in range(2))
        assert first == again
        assert len(first) == 2
        seen.append(tuple(place.number for place in first))
        sittings.finish(session, team.mina, sitting, now=NOW)

    assert len(set(seen)) > 1


def test_options_are_mixed_anew_for_each_attempt_and_judged_by_what_was_shown(session, team):
    assigned = assign(
        session, team, material=Wish(MadeFrom.DECK, team.deck_id, mode=Mode.CHOICE), is_shuffled=True, attempts=9
    )
    orders = set()
    for seed in range(5):
        sitting = begin(session, team.mina, assigned, seed=seed)
        quizzing.answer(session, team.mina, sitting, 1, right=True)
        shown = sittings.sitting(session, team.mina, sitting, now=NOW)
        assert shown.points == 1
        orders.add(next(place.question.options for place in shown.places.shown if place.number == 1))
        sittings.finish(session, team.mina, sitting, now=NOW)

    assert len(orders) > 1


def test_who_may_not_assign_or_watch_finds_nothing(session, team):
    assigned = assign(session, team)
    wanted = Wanted("", "", RULES, "UTC")
    for actor in (team.mina, team.stranger):
        with pytest.raises(NotFound):
            assignments.prepare(session, actor, team.id, wanted, Wish(MadeFrom.DECK, team.deck_id), seed=1, now=NOW)
        with pytest.raises(NotFound):
            assignments.view(session, actor, assigned, now=NOW)
        with pytest.raises(NotFound):
            assignments.listed(session, actor, team.id, now=NOW)
        with pytest.raises(NotFound):
            assignments.delete(session, actor, assigned, now=NOW)
        with pytest.raises(NotFound):
            assignments.allow(session, actor, assigned, team.jonas.person_id, Allowance(), now=NOW)


def test_who_is_to_answer_cannot_look_at_the_questions_before(session, team):
    assigned = assign(session, team)
    quiz_id = assignments.view(session, team.trainer, assigned, now=NOW).quiz_id

    assert len(quizzes.sheet(session, team.trainer, quiz_id).questions) == 4
    with pytest.raises(NotFound):
        quizzes.quiz(session, team.mina, quiz_id)
    with pytest.raises(NotFound):
        sittings.start(session, team.mina, quiz_id, seed=1, now=NOW)
    with pytest.raises(Conflict, match="is assigned"):
        quizzes.delete(session, team.library, quiz_id, now=NOW)


def test_a_trainer_sees_what_was_answered_once_it_is_finished_and_a_fellow_member_does_not(session, team):
    assigned = assign(session, team)
    sitting = begin(session, team.mina, assigned)
    with pytest.raises(NotFound):
        sittings.sitting(session, team.trainer, sitting, now=NOW)
    sittings.finish(session, team.mina, sitting, now=NOW)

    seen = sittings.sitting(session, team.trainer, sitting, now=NOW)

    assert not seen.is_own
    with pytest.raises(NotFound):
        sittings.sitting(session, team.jonas, sitting, now=NOW)
    with pytest.raises(NotFound):
        sittings.again(session, team.trainer, sitting, seed=1, now=NOW)


def test_nobody_but_those_chosen_is_to_do_what_is_for_some(session, team):
    assigned = assign(session, team, chosen=frozenset({team.jonas.person_id}))

    assert mine(session, team.mina, assigned) is None
    assert attempting.owed(session, team.mina, now=NOW) == []
    with pytest.raises(NotFound):
        begin(session, team.mina, assigned)
    assert list(results(session, team, assigned)) == ["Jonas"]


def test_nobody_of_another_team_can_be_chosen(session, team):
    with pytest.raises(InvalidInput, match="at least one person of the team"):
        assign(session, team, chosen=frozenset({team.stranger.person_id}))


def test_before_anybody_begins_everything_can_change(session, team):
    assigned = assign(session, team)

    change(session, team, assigned, attempts=1, pass_share=0.9, grading=Grading.FIRST, quota=Quota(2))

    assert mine(session, team.mina, assigned).questions == 2


def test_after_that_nothing_gets_harder(session, team):
    assigned = assign(session, team)
    begin(session, team.mina, assigned)

    with pytest.raises(Conflict, match="a higher pass mark"):
        change(session, team, assigned, pass_share=0.9)
    with pytest.raises(Conflict, match="an end that is earlier"):
        change(session, team, assigned, window=replace(WINDOW, due=NOW + DAY))
    change(session, team, assigned, attempts=None, window=replace(WINDOW, cutoff=NOW + 9 * DAY))

    assert mine(session, team.mina, assigned, at=NOW + 8 * DAY).standing.status is Status.LATE


def test_more_time_reaches_an_attempt_that_is_under_way(session, team):
    assigned = assign(session, team, time_limit=HOUR)
    sitting = begin(session, team.mina, assigned)

    assignments.allow(session, team.trainer, assigned, team.mina.person_id, Allowance(more_time=HOUR), now=NOW)

    assert sittings.sitting(session, team.mina, sitting, now=NOW).deadline == NOW + 2 * HOUR
    assert mine(session, team.jonas, assigned).time_limit == HOUR


def test_other_dates_are_given_to_one_person_and_taken_back(session, team):
    assigned = assign(session, team)
    later = Allowance(due=NOW + 10 * DAY, cutoff=NOW + 12 * DAY)
    before = assignments.allow(session, team.trainer, assigned, team.mina.person_id, later, now=NOW)
    at = NOW + 9 * DAY
    assert mine(session, team.mina, assigned, at=at).standing.status is Status.OPEN
    assert mine(session, team.jonas, assigned, at=at).standing.status is Status.MISSED

    assignments.allow(session, team.trainer, assigned, team.mina.person_id, before, now=NOW)

    assert mine(session, team.mina, assigned, at=at).standing.status is Status.MISSED


def test_who_is_excused_is_not_counted(session, team):
    assigned = assign(session, team)

    assignments.allow(session, team.trainer, assigned, team.mina.person_id, Allowance(is_excused=True), now=NOW)

    assert attempting.owed(session, team.mina, now=NOW) == []
    (line,) = assignments.listed(session, team.trainer, team.id, now=NOW + 9 * DAY)
    assert (line.counts.people, line.counts.late) == (1, 1)


def test_what_comes_again_has_a_result_for_each_time_at_the_same_hour(session, team):
    nine = datetime(2027, 3, 22, 8, tzinfo=UTC)  # nine in Berlin, whose clocks go forward on the 28th
    window = Window(nine, nine + DAY, nine + 2 * DAY)
    assigned = assign(session, team, window=window, recurrence=Recurrence(1, Unit.WEEK, 3), attempts=1)
    take(session, team.mina, assigned, True, True, True, True, at=nine + HOUR)
    second = nine + 7 * DAY - HOUR
    found = mine(session, team.mina, assigned, at=second)
    assert (found.window.opens, found.occurrence, found.standing.status) == (second, 1, Status.OPEN)

    take(session, team.mina, assigned, True, False, False, False, at=second)

    scores = [results(session, team, assigned, at=second, occurrence=n)["Mina"].standing.score for n in (0, 1, 2)]
    assert scores == [1, 0.25, None]


def test_the_answers_are_never_told_where_that_is_the_rule(session, team):
    assigned = assign(session, team, told=Told.NEVER)
    sitting = take(session, team.mina, assigned, True, False)

    assert not sittings.sitting(session, team.mina, sitting, now=NOW + 99 * DAY).tells
    with pytest.raises(Conflict, match="not told here"):
        sittings.again(session, team.mina, sitting, seed=1, now=NOW)
    assert sittings.sitting(session, team.trainer, sitting, now=NOW).tells


def test_after_due_is_after_the_last_one_who_has_more_time(session, team):
    assigned = assign(session, team, told=Told.AFTER_DUE)
    sitting = take(session, team.mina, assigned, True, False)
    later = Allowance(cutoff=NOW + 9 * DAY)
    assignments.allow(session, team.trainer, assigned, team.jonas.person_id, later, now=NOW)

    told = [sittings.sitting(session, team.mina, sitting, now=NOW + days * DAY).tells for days in (1, 7, 9)]

    assert told == [False, False, True]


def test_a_deleted_assignment_comes_back_with_every_attempt(session, team):
    assigned = assign(session, team)
    sitting = take(session, team.mina, assigned, True)

    assignments.delete(session, team.trainer, assigned, now=NOW)
    assert attempting.mine(session, team.mina, now=NOW) == []
    with pytest.raises(NotFound):
        sittings.sitting(session, team.mina, sitting, now=NOW)
    assert [one.name for one in trash.contents(session, team.library, now=NOW)] == ["Harbour"]
    assignments.restore(session, team.trainer, assigned, now=NOW)

    assert mine(session, team.mina, assigned).standing.used == 1


def test_the_trash_removes_an_assignment_with_its_questions_and_answers(session, team):
    assigned = assign(session, team)
    take(session, team.mina, assigned, True)
    assignments.delete(session, team.trainer, assigned, now=NOW)

    trash.empty(session, now=NOW + 31 * DAY)

    for table in ("assignment", "quiz", "question", "sitting", "answer"):
        assert session.connection().exec_driver_sql(f"select count(*) from {table}").scalar() == 0


def test_results_of_one_who_left_stay(session, team):
    assigned = assign(session, team)
    take(session, team.mina, assigned, True)
    teams.membership(session, team.id, team.mina.person_id).left_at = NOW

    found = results(session, team, assigned)

    assert found["Mina"].is_assigned is False
    assert found["Mina"].standing.score == 0.25


def test_the_log_tells_what_was_assigned_changed_and_opened_to_guests(session, team):
    assigned = assign(session, team)
    assignments.allow(session, team.trainer, assigned, team.mina.person_id, Allowance(is_excused=True), now=NOW)
    assignments.put_link(session, team.trainer, assigned, "a-token", now=NOW)
    assignments.put_link(session, team.trainer, assigned, None, now=NOW)
    title = assignments.delete(session, team.trainer, assigned, now=NOW)
    assignments.restore(session, team.trainer, assigned, now=NOW)

    told = [(one.action, one.kind, one.detail) for one in reversed(rows.of_team(session, team.id, limit=6))]
    assert told == [
        ("made", "assignment", title),
        ("made an exception", "person", f"Mina: {title}"),
        ("let guests in by a link", "assignment", title),
        ("closed the link for guests", "assignment", title),
        ("deleted", "assignment", title),
        ("restored", "assignment", title),
    ]


def test_two_made_from_one_deck_are_not_called_alike_unless_somebody_wants_that(session, team):
    ids = [assign(session, team), assign(session, team, goal=Goal.MASTERY), assign(session, team, title="Harbour")]

    titles = [assignments.view(session, team.trainer, one, now=NOW).title for one in ids]

    assert titles == ["Harbour", "Harbour (2)", "Harbour"]
