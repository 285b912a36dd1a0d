import functools
from datetime import timedelta
from uuid import uuid4

import pytest

from quizapp.db.quizzes import Feedback, Order
from quizapp.domain.marking import Kind
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.domain.questions import Mode, Picked, Typed
from quizapp.domain.scheduling import Grade
from quizapp.errors import Conflict, InvalidInput, NotFound
from quizapp.services import answering, checking, decks, quizzes, sittings, study
from quizapp.services.card_actions import Press, resume_card
from tests.make import NOW
from tests.services import quizzing, studying
from tests.services.quizzing import BERTH, COLOURS, GAP, LIGHTS, LOCK, PILOT, QUAY, answer, started

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def view(session, owner, sitting_id, at=NOW):
    return sittings.sitting(session, owner, sitting_id, now=at)


def due_today(session, owner, at=NOW):
    card = study.next_card(session, owner, deck_id=None, now=at)
    return card and card.card_id


def faults(session, at=NOW):
    return checking.check(session, now=at).faults


@pytest.fixture
def known(session, owner):
    """A sitting on three cards that are in review, due in some days."""
    sitting = started(session, owner, BERTH, QUAY, LOCK, mode=Mode.CHOICE)
    for card in (1, 2, 3):
        studying.answer(session, owner, card, Grade.EASY, at=NOW - MINUTE)
    assert due_today(session, owner) is None
    return sitting


def test_who_comes_back_goes_on_where_they_were(session, owner):
    sitting = started(session, owner)
    answer(session, owner, sitting, 1)
    quiz_id = view(session, owner, sitting).quiz_id

    again = sittings.start(session, owner, quiz_id, seed=99, now=NOW + DAY)

    assert again == sitting
    assert view(session, owner, again).next_open == 2


def test_a_shuffled_quiz_has_another_order_for_each_sitting_which_stays(session, owner):
    quiz_id = quizzing.quiz(session, owner, quizzing.deck(session, owner), order=Order.SHUFFLED)
    orders = []
    for seed in (1, 2):
        sitting = sittings.start(session, owner, quiz_id, seed=seed, now=NOW)
        orders += [[one.number for one in view(session, owner, sitting).places.shown] for _ in range(2)]
        sittings.finish(session, owner, sitting, now=NOW)

    assert orders[0] == orders[1] != orders[2] == orders[3]


def test_every_way_of_asking_has_a_right_and_a_wrong_answer(session, owner):
    sitting = started(session, owner, feedback=Feedback.AT_END)

    for place in range(1, 10):
        answer(session, owner, sitting, place, right=False)
    assert view(session, owner, sitting).points < 2  # the order turned round still has one in its place
    for place in range(1, 10):
        answer(session, owner, sitting, place, right=True)

    assert view(session, owner, sitting).percent == 100


def test_a_list_earns_as_much_as_was_named(session, owner):
    sitting = started(session, owner, LIGHTS)

    answer(session, owner, sitting, 1, given=Typed("the green light\nred ligth"))

    (place,) = view(session, owner, sitting).places.shown
    assert place.given.kind is Kind.CLOSE
    assert place.given.share == pytest.approx(0.5)
    assert place.given.missed
    assert place.judged().detail.missed == ("white light",)


def test_a_slip_of_the_fingers_is_close_and_no_miss(session, owner):
    sitting = started(session, owner, GAP, mode=Mode.CLOZE)

    answer(session, owner, sitting, 1, given=Typed("20 minuts"))

    given = view(session, owner, sitting).places.shown[0].given
    assert (given.kind, given.share, given.missed) == (Kind.CLOSE, 0.5, False)


def test_the_same_answer_sent_twice_counts_once(session, owner):
    sitting, once = started(session, owner), uuid4()

    first = answer(session, owner, sitting, 1, answer_id=once)
    second = answer(session, owner, sitting, 1, answer_id=once)

    assert first == second
    assert view(session, owner, sitting).answered == 1


def test_a_retry_that_arrives_after_the_end_is_told_as_stored(session, owner):
    sitting, once = started(session, owner), uuid4()
    answer(session, owner, sitting, 1, answer_id=once)
    sittings.finish(session, owner, sitting, now=NOW)

    assert answer(session, owner, sitting, 1, answer_id=once).is_counted


def test_a_number_used_for_another_question_is_a_conflict(session, owner):
    sitting, once = started(session, owner), uuid4()
    answer(session, owner, sitting, 1, answer_id=once)

    with pytest.raises(Conflict, match="used for another answer"):
        answer(session, owner, sitting, 2, answer_id=once)


def test_what_has_been_told_cannot_be_changed(session, owner):
    sitting = started(session, owner)
    answer(session, owner, sitting, 1, right=False)

    with pytest.raises(Conflict, match="answered this question already"):
        answer(session, owner, sitting, 1, right=True)


def test_what_is_told_at_the_end_can_be_changed_until_then(session, owner):
    sitting, first = started(session, owner, COLOURS, feedback=Feedback.AT_END), uuid4()
    answer(session, owner, sitting, 1, right=False, answer_id=first)
    answer(session, owner, sitting, 1, right=True)

    answer(session, owner, sitting, 1, right=False, answer_id=first)  # a late retry

    assert view(session, owner, sitting).points == 1
    sittings.finish(session, owner, sitting, now=NOW)
    with pytest.raises(Conflict, match="is finished"):
        answer(session, owner, sitting, 1, right=False)


@pytest.mark.parametrize("given", [Picked(4), Picked(-1), Typed("red")], ids=str)
def test_an_answer_that_does_not_fit_is_refused(session, owner, given):
    sitting = started(session, owner, COLOURS, mode=Mode.CHOICE)

    with pytest.raises(InvalidInput):
        answer(session, owner, sitting, 1, given=given)

    assert view(session, owner, sitting).answered == 0


def test_an_answer_that_is_too_long_is_refused_with_the_limit(session, owner):
    sitting = started(session, owner, GAP, mode=Mode.CLOZE)

    with pytest.raises(InvalidInput, match="An answer can have 500 characters, not 501"):
        answer(session, owner, sitting, 1, given=Typed("x" * 501))


def test_after_the_deadline_an_answer_is_refused_and_the_sitting_finished(session, owner):
    sitting = started(session, owner, time_limit=10 * MINUTE)
    answer(session, owner, sitting, 1, at=NOW + 9 * MINUTE)

    late = answer(session, owner, sitting, 2, at=NOW + 11 * MINUTE)

    assert not late.is_counted
    found = view(session, owner, sitting, NOW + 11 * MINUTE)
    assert (found.answered, found.finished) == (1, NOW + 10 * MINUTE)


def test_an_answer_on_its_way_when_the_time_is_up_counts(session, owner):
    sitting = started(session, owner, time_limit=10 * MINUTE)

    assert answer(session, owner, sitting, 1, at=NOW + 10 * MINUTE + timedelta(seconds=5)).is_counted


def test_a_sitting_whose_time_ran_out_is_not_resumed(session, owner):
    sitting = started(session, owner, time_limit=10 * MINUTE)
    quiz_id = view(session, owner, sitting).quiz_id
    assert view(session, owner, sitting, NOW + DAY).is_overdue

    other = sittings.start(session, owner, quiz_id, seed=1, now=NOW + DAY)

    assert other != sitting
    assert view(session, owner, sitting).finished == NOW + 10 * MINUTE


def test_a_miss_brings_the_card_into_todays_reviews_until_the_next_grade(session, owner, known):
    answer(session, owner, known, 1, right=True)
    answer(session, owner, known, 2, right=False)

    assert due_today(session, owner) == 2
    assert faults(session) == ()
    studying.answer(session, owner, 2, Grade.GOOD, at=NOW + MINUTE)
    assert due_today(session, owner, NOW + MINUTE) is None
    assert faults(session) == ()


def test_a_miss_does_not_change_what_is_remembered(session, owner, known):
    before = study.card(session, owner, 2, now=NOW)

    answer(session, owner, known, 2, right=False)

    after = study.card(session, owner, 2, now=NOW)
    assert (after.options, after.reviews, after.phase) == (before.options, before.reviews, before.phase)


def test_undoing_the_grade_calls_for_the_card_again(session, owner, known):
    answer(session, owner, known, 2, right=False)
    studying.answer(session, owner, 2, Grade.GOOD, at=NOW + MINUTE)

    study.undo(session, owner, undo_id=uuid4(), now=NOW + 2 * MINUTE)

    assert due_today(session, owner, NOW + 2 * MINUTE) == 2
    assert faults(session) == ()


def test_what_is_told_at_the_end_is_called_for_at_the_end(session, owner):
    sitting = started(session, owner, BERTH, QUAY, LOCK, feedback=Feedback.AT_END, mode=Mode.CHOICE)
    for card in (1, 2, 3):
        studying.answer(session, owner, card, Grade.EASY, at=NOW - MINUTE)
    answer(session, owner, sitting, 1, right=False)
    answer(session, owner, sitting, 1, right=True)
    answer(session, owner, sitting, 3, right=False)
    assert due_today(session, owner) is None

    sittings.finish(session, owner, sitting, now=NOW + MINUTE)

    assert due_today(session, owner, NOW + MINUTE) == 3
    assert faults(session) == ()


def test_new_and_learning_cards_keep_their_places_when_they_are_missed(session, owner):
    sitting = started(session, owner, BERTH, QUAY, LOCK, mode=Mode.CHOICE)
    learning = studying.answer(session, owner, 2, Grade.GOOD)
    before = study.today(session, owner, now=NOW).counts

    for place in (1, 2):
        answer(session, owner, sitting, place, right=False)

    assert study.today(session, owner, now=NOW).counts == before
    assert decks.note(session, owner, 2).due == learning.due
    assert faults(session) == ()
    graduated = studying.answer(session, owner, 2, Grade.EASY, at=NOW + MINUTE)
    assert decks.note(session, owner, 2).due == graduated.due


def test_suspended_and_deleted_cards_stay_where_they_are(session, owner, known):
    decks.suspend_note(session, owner, 1)
    decks.delete_note(session, owner, 2, now=NOW)

    for place in (1, 2):
        answer(session, owner, known, place, right=False)

    assert due_today(session, owner) is None
    assert faults(session) == ()
    resume_card(session, owner, Press(uuid4(), 1), NOW)
    assert due_today(session, owner) == 1
    assert faults(session) == ()


@pytest.mark.parametrize("feedback", Feedback)
def test_a_wording_that_was_taught_while_studying_is_right_in_a_quiz(session, owner, feedback):
    sitting = started(session, owner, BERTH, QUAY, mode=Mode.TYPED, feedback=feedback)
    for card, wording in ((1, "mooring spot"), (2, "loading wall")):
        answering.accept(session, owner, card, wording, now=NOW + card * DAY)

    answer(session, owner, sitting, 1, given=Typed("Mooring spot"), at=NOW + DAY)
    answer(session, owner, sitting, 2, given=Typed("loading wall"), at=NOW + DAY)

    taught, too_soon = view(session, owner, sitting, at=NOW + 3 * DAY).places.shown
    assert (taught.given.kind, taught.judged().kind) == (Kind.RIGHT, Kind.RIGHT)
    assert (too_soon.given.kind, too_soon.judged().kind) == (Kind.WRONG, Kind.WRONG)


def test_an_overdue_card_keeps_its_place(session, owner, known):
    now = NOW + 400 * DAY
    before = decks.note(session, owner, 1).due

    answer(session, owner, known, 1, right=False, at=now)

    assert decks.note(session, owner, 1).due == before


def test_a_quiz_of_the_misses_asks_what_was_missed_or_left_out(session, owner):
    sitting = started(session, owner, BERTH, QUAY, LOCK, PILOT, mode=Mode.CHOICE)
    answer(session, owner, sitting, 1, right=True)
    answer(session, owner, sitting, 2, right=False)
    answer(session, owner, sitting, 3, right=True)
    sittings.finish(session, owner, sitting, now=NOW)

    again = quizzes.sheet(session, owner, sittings.again(session, owner, sitting, seed=3, now=NOW))

    assert again.title == "Misses: Harbour"
    assert [question.prompt for question in again.questions] == ["What is a quay?", "What is a pilot?"]


def test_without_misses_there_is_nothing_to_repeat(session, owner):
    sitting = started(session, owner, COLOURS)
    answer(session, owner, sitting, 1)
    with pytest.raises(Conflict, match="not finished yet"):
        sittings.again(session, owner, sitting, seed=3, now=NOW)
    sittings.finish(session, owner, sitting, now=NOW)

    with pytest.raises(InvalidInput, match="Nothing was missed"):
        sittings.again(session, owner, sitting, seed=3, now=NOW)


def test_a_question_is_reported_as_its_card_is(session, owner):
    sitting = started(session, owner, COLOURS)

    sittings.report(session, owner, sitting, 1, reason="wrong", text="", now=NOW)

    assert [report.card_id for report in study.today(session, owner, now=NOW).reports] == [1]


def test_somebody_elses_sitting_and_one_of_a_deleted_quiz_look_like_missing_ones(session, owner):
    sitting = started(session, owner)
    stranger = Actor(LearnerId(owner.learner_id + 1))

    with pytest.raises(NotFound):
        view(session, stranger, sitting)
    with pytest.raises(NotFound):
        sittings.finish(session, stranger, sitting, now=NOW)
    quizzes.delete(session, owner, view(session, owner, sitting).quiz_id, now=NOW)
    with pytest.raises(NotFound):
        view(session, owner, sitting)


def test_a_question_that_is_not_there_is_not_found(session, owner):
    sitting = started(session, owner, COLOURS)

    with pytest.raises(NotFound, match="no such question"):
        sittings.report(session, owner, sitting, 2, reason="wrong", text="", now=NOW)


def test_a_long_result_comes_a_page_at_a_time_what_was_missed_first(session, owner):
    cards = [{**BERTH, "question": f"Berth {number}?"} for number in range(27)]
    sitting = started(session, owner, *cards, mode=Mode.TYPED, feedback=Feedback.AT_END)
    for place in range(1, 28):
        answer(session, owner, sitting, place, right=place != 27)
    shown = functools.partial(sittings.shown, session, owner, sitting, now=NOW)
    looked_over, one = shown(page=2), shown(at=3)
    sittings.finish(session, owner, sitting, now=NOW)
    first, second = shown(), shown(page=2)

    assert [place.place for place in looked_over.places.shown] == [26, 27]
    assert [place.place for place in one.places.shown] == [3]
    assert [place.place for place in first.places.shown] == [27, *range(1, 25)]
    assert [place.place for place in second.places.shown] == [25, 26]
    assert (first.total, first.points, first.has_missed) == (27, 26.0, True)
