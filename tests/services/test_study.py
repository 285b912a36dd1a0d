import threading
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from quizapp.db.reviews import ReviewRow
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.domain.queues import Counts
from quizapp.domain.scheduling import Grade
from quizapp.errors import Conflict, InvalidInput, NotFound
from quizapp.services import decks, study
from tests import make
from tests.make import NOW
from tests.services.studying import answer

STRANGER = Actor(LearnerId(999))
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def next_card(session, owner, *, deck_id=None, at=NOW):
    return study.next_card(session, owner, deck_id=deck_id, now=at)


def study_one(session, owner, grade=Grade.GOOD, *, at=NOW):
    """Answer whatever is next and return its id."""
    card = next_card(session, owner, at=at)
    answer(session, owner, card.card_id, grade, at=at)
    return card.card_id


def set_limits(session, *, new=20, reviews=200):
    session.execute(
        text("update setting set new_per_day = :new, reviews_per_day = :reviews"), {"new": new, "reviews": reviews}
    )


def count(session, table):
    return session.execute(text(f"select count(*) from {table}")).scalar()


def test_a_new_card_is_asked_with_its_source_and_what_each_button_gives(session, owner):
    make.note_in(session, owner, make.draft(0), deck_name="Biology::Cells")

    card = next_card(session, owner)

    assert (card.question, card.answer) == (make.draft(0).question, make.draft(0).answer)
    assert card.source == make.draft(0).source
    assert (card.deck_name, card.document_title, card.phase, card.reviews) == ("Biology::Cells", "Cells", "new", 0)
    assert [option.grade for option in card.options] == [Grade.AGAIN, Grade.HARD, Grade.GOOD, Grade.EASY]
    assert [option.interval for option in card.options[:3]] == [MINUTE, 5.5 * MINUTE, 10 * MINUTE]
    assert card.options[3].interval == 8 * DAY
    assert card.left == Counts(review=0, learning=0, new=1)


def test_a_cloze_card_asks_its_own_gap(session, owner):
    note_id = make.note_in(session, owner, make.cloze_draft())
    decks.edit_note(session, owner, note_id, question="{{c1::A}} and {{c2::B}}", answer="", now=NOW)

    card = next_card(session, owner)

    assert (card.ordinal, card.question, card.answer) == (1, "[…] and B", "A")


def test_an_answer_is_kept_and_gives_what_the_button_said(session, owner):
    make.note_in(session, owner, make.draft(0))
    card = next_card(session, owner)

    answered = answer(session, owner, card.card_id, Grade.EASY)

    assert answered.interval == card.options[3].interval
    assert not answered.repeated
    assert next_card(session, owner) is None
    back = next_card(session, owner, at=answered.due)
    assert (back.card_id, back.phase, back.reviews) == (card.card_id, "review", 1)


def test_a_review_says_how_it_was_given(session, owner):
    make.note_in(session, owner, make.draft(0))
    study_one(session, owner, Grade.EASY)

    row = session.execute(text("select grade, was, duration, interval, preset_version, origin from review")).one()
    day, at = session.execute(select(ReviewRow.day, ReviewRow.at)).one()

    assert tuple(row) == ("EASY", "NEW", 6_000_000, 8 * 86_400_000_000, 1, "STUDY")
    assert (day, at) == (NOW.date(), NOW)


@pytest.mark.parametrize(
    ("given", "kept"),
    [(timedelta(hours=3), timedelta(seconds=60)), (timedelta(seconds=-5), timedelta(0))],
    ids=["who was away", "a clock set back"],
)
def test_time_that_nobody_thought_does_not_count(session, owner, given, kept):
    make.note_in(session, owner, make.draft(0))

    answer(session, owner, next_card(session, owner).card_id, duration=given)

    assert session.execute(text("select duration from review")).scalar() == kept / timedelta(microseconds=1)


def test_the_same_answer_posted_twice_counts_once(session, owner):
    make.note_in(session, owner, make.draft(0))
    card, review_id = next_card(session, owner), uuid4()

    first = answer(session, owner, card.card_id, review_id=review_id, expected_reviews=0)
    again = answer(session, owner, card.card_id, review_id=review_id, expected_reviews=0, at=NOW + MINUTE)

    assert (first.repeated, again.repeated) == (False, True)
    assert (again.due, again.interval) == (first.due, first.interval)
    assert count(session, "review") == 1
    assert study.card(session, owner, card.card_id, now=NOW).reviews == 1


def test_an_answers_number_cannot_be_used_for_another_card(session, owner):
    for number in range(2):
        make.note_in(session, owner, make.draft(number))
    review_id = uuid4()
    first = next_card(session, owner).card_id
    answer(session, owner, first, review_id=review_id)
    other = next_card(session, owner).card_id

    with pytest.raises(Conflict, match="used for another"):
        answer(session, owner, other, review_id=review_id)


def test_of_two_tabs_the_second_answer_is_told_not_counted(session, owner):
    make.note_in(session, owner, make.draft(0))
    card = next_card(session, owner)
    answer(session, owner, card.card_id, expected_reviews=card.reviews)

    with pytest.raises(Conflict, match="answered elsewhere"):
        answer(session, owner, card.card_id, expected_reviews=card.reviews)

    assert count(session, "review") == 1


def test_two_tabs_that_answer_at_the_same_moment_count_once(database, owner):
    with database.writing() as session:
        make.note_in(session, owner, make.draft(0))
        card = next_card(session, owner)
    outcomes = []

    def tab():
        try:
            with database.writing() as session:
                outcomes.append(answer(session, owner, card.card_id, expected_reviews=0).repeated)
        except Conflict:
            outcomes.append("conflict")

    tabs = [threading.Thread(target=tab) for _ in range(2)]
    for one in tabs:
        one.start()
    for one in tabs:
        one.join()

    assert sorted(map(str, outcomes)) == ["False", "conflict"]


def test_two_learners_threads_lose_no_review(database, owner):
    with database.writing() as session:
        for number in range(12):
            make.note_in(session, owner, make.draft(number))
    card_ids = list(range(1, 13))

    def work(mine):
        for card_id in mine:
            with database.writing() as session:
                answer(session, owner, card_id)

    threads = [threading.Thread(target=work, args=(card_ids[half::2],)) for half in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.reading() as session:
        assert count(session, "review") == 12
        assert session.execute(text("select sum(reviews) from memory")).scalar() == 12


def test_undo_takes_the_last_answer_back_as_if_it_had_not_been_given(session, owner):
    make.note_in(session, owner, make.draft(0))
    before = next_card(session, owner)
    answer(session, owner, before.card_id, Grade.EASY)

    undone = study.undo(session, owner, undo_id=uuid4(), now=NOW + MINUTE)

    assert undone == study.Undone(before.card_id, Grade.EASY)
    assert next_card(session, owner) == before
    assert count(session, "memory") == 0
    assert count(session, "review") == 2


def test_undo_goes_back_answer_by_answer(session, owner):
    for number in range(3):
        make.note_in(session, owner, make.draft(number))
    answered = [study_one(session, owner, at=NOW + n * MINUTE) for n in range(3)]

    undone = [study.undo(session, owner, undo_id=uuid4(), now=NOW + (5 + n) * MINUTE) for n in range(4)]

    assert [one and one.card_id for one in undone] == [*reversed(answered), None]
    assert study.today(session, owner, now=NOW + 10 * MINUTE).studied_today == 0


def test_an_undone_answer_can_be_given_anew(session, owner):
    make.note_in(session, owner, make.draft(0))
    card_id = study_one(session, owner, Grade.EASY)
    study.undo(session, owner, undo_id=uuid4(), now=NOW + MINUTE)

    again = answer(session, owner, card_id, Grade.AGAIN, at=NOW + 2 * MINUTE, expected_reviews=0)

    assert again.interval == MINUTE
    assert study.undo(session, owner, undo_id=uuid4(), now=NOW + 3 * MINUTE).grade is Grade.AGAIN


def test_the_same_undo_posted_twice_takes_one_answer_back(session, owner):
    for number in range(2):
        make.note_in(session, owner, make.draft(number))
    for minute in range(2):
        study_one(session, owner, at=NOW + minute * MINUTE)
    undo_id = uuid4()

    first = study.undo(session, owner, undo_id=undo_id, now=NOW + 5 * MINUTE)
    again = study.undo(session, owner, undo_id=undo_id, now=NOW + 5 * MINUTE)

    assert first == again
    assert count(session, "memory") == 1


def test_an_answer_of_yesterday_is_not_undone(session, owner):
    make.note_in(session, owner, make.draft(0))
    study_one(session, owner)

    assert study.undo(session, owner, undo_id=uuid4(), now=NOW + DAY + MINUTE) is None
    assert study.undo(session, owner, undo_id=uuid4(), now=NOW + DAY - MINUTE) is not None


def test_an_answer_posted_again_after_its_undo_stays_undone(session, owner):
    make.note_in(session, owner, make.draft(0))
    card, review_id = next_card(session, owner), uuid4()
    answer(session, owner, card.card_id, review_id=review_id)
    study.undo(session, owner, undo_id=uuid4(), now=NOW + MINUTE)

    assert answer(session, owner, card.card_id, review_id=review_id).repeated
    assert next_card(session, owner).phase == "new"


def test_an_answer_to_a_card_in_the_trash_is_kept_for_when_it_comes_back(session, owner):
    note_id = make.note_in(session, owner, make.draft(0))
    card = next_card(session, owner)
    decks.delete_note(session, owner, note_id, now=NOW)

    answer(session, owner, card.card_id)
    assert next_card(session, owner, at=NOW + DAY) is None

    decks.restore_note(session, owner, note_id, now=NOW)
    assert next_card(session, owner, at=NOW + DAY).reviews == 1


def test_learning_steps_come_before_reviews_and_new_cards(session, owner):
    for number in range(3):
        make.note_in(session, owner, make.draft(number))
    first = study_one(session, owner, Grade.AGAIN)

    assert next_card(session, owner, at=NOW + 30 * timedelta(seconds=1)).card_id != first
    assert next_card(session, owner, at=NOW + MINUTE).card_id == first


def test_a_card_is_learned_ahead_when_nothing_else_is_left(session, owner):
    make.note_in(session, owner, make.draft(0))
    card_id = study_one(session, owner, Grade.GOOD)

    assert next_card(session, owner, at=NOW + MINUTE).card_id == card_id
    assert study.rest(session, owner, deck_id=None, now=NOW).next_due == NOW + 10 * MINUTE


def test_before_it_is_due_another_card_in_steps_goes_before_the_one_just_answered(session, owner):
    for number in range(2):
        make.note_in(session, owner, make.draft(number))
    first = study_one(session, owner, Grade.GOOD)
    second = study_one(session, owner, Grade.AGAIN, at=NOW + timedelta(seconds=1))

    assert next_card(session, owner, at=NOW + timedelta(seconds=2)).card_id == first
    assert next_card(session, owner, at=NOW + 2 * MINUTE).card_id == second


def test_two_cards_of_a_note_are_not_shown_on_one_day_while_there_are_others(session, owner):
    note_id = make.note_in(session, owner, make.cloze_draft())
    decks.edit_note(session, owner, note_id, question="{{c1::A}} and {{c2::B}}", answer="", now=NOW)
    other = make.note_in(session, owner, make.draft(1))
    assert next_card(session, owner).ordinal == 1
    study_one(session, owner, Grade.EASY)

    assert next_card(session, owner).note_id == other
    study_one(session, owner, Grade.EASY)
    assert (next_card(session, owner).note_id, next_card(session, owner).ordinal) == (note_id, 2)


def test_undoing_lets_the_other_cards_of_the_note_come_again(session, owner):
    note_id = make.note_in(session, owner, make.cloze_draft())
    decks.edit_note(session, owner, note_id, question="{{c1::A}} and {{c2::B}}", answer="", now=NOW)
    make.note_in(session, owner, make.draft(1))
    study_one(session, owner, Grade.EASY)

    study.undo(session, owner, undo_id=uuid4(), now=NOW)

    assert (next_card(session, owner).note_id, next_card(session, owner).ordinal) == (note_id, 1)


def test_new_cards_stop_at_the_days_limit_and_go_on_tomorrow(session, owner):
    set_limits(session, new=2)
    for number in range(5):
        make.note_in(session, owner, make.draft(number))
    assert next_card(session, owner).left.new == 2
    study_one(session, owner, Grade.EASY)
    study_one(session, owner, Grade.EASY)

    assert next_card(session, owner) is None
    assert study.rest(session, owner, deck_id=None, now=NOW).next_due.isoformat() == "2026-11-24T03:00:00+00:00"
    assert next_card(session, owner, at=NOW + DAY).left.new == 2


def test_an_undone_new_card_does_not_use_up_the_limit(session, owner):
    set_limits(session, new=1)
    for number in range(2):
        make.note_in(session, owner, make.draft(number))
    study_one(session, owner, Grade.EASY)

    study.undo(session, owner, undo_id=uuid4(), now=NOW)

    assert next_card(session, owner).left.new == 1


def test_reviews_stop_at_the_days_limit(session, owner):
    for number in range(4):
        make.note_in(session, owner, make.draft(number))
        study_one(session, owner, Grade.EASY)
    set_limits(session, reviews=3)
    later = NOW + 8 * DAY

    assert study.today(session, owner, now=later).counts == Counts(review=3, learning=0, new=0)
    for _ in range(3):
        study_one(session, owner, at=later)
    assert next_card(session, owner, at=later) is None


def test_a_deck_is_studied_with_its_subdecks_and_nothing_else(session, owner):
    outside = make.note_in(session, owner, make.draft(0), deck_name="Other")
    inside = make.note_in(session, owner, make.draft(1), deck_name="Biology::Cells")
    deck_id = decks.create(session, owner, "Biology", now=NOW)

    card = next_card(session, owner, deck_id=deck_id)
    assert (card.note_id, card.left.new, card.done_today) == (inside, 1, 0)
    answer(session, owner, card.card_id, Grade.EASY)

    assert next_card(session, owner, deck_id=deck_id) is None
    assert next_card(session, owner).note_id == outside
    assert (next_card(session, owner).done_today, study.rest(session, owner, deck_id=deck_id, now=NOW).done_today) == (
        1,
        1,
    )


def test_today_tells_what_there_is_to_do_and_what_was_done(session, owner):
    make.added(session, owner, keep_ready=True)
    study_one(session, owner, Grade.EASY, at=NOW - 9 * DAY)
    study_one(session, owner, Grade.GOOD, at=NOW - DAY)
    study_one(session, owner, Grade.GOOD, at=NOW)

    today = study.today(session, owner, now=NOW)

    assert today.date == date(2026, 11, 23)
    assert today.counts == Counts(review=0, learning=1, new=0)
    assert (today.minutes, today.studied_today, today.days_active_of_30) == (1, 1, 3)
    assert [deck.name for deck in today.decks] == ["Cells"]
    assert today.waiting == [study.WaitingDocument(1, "Cells", undecided=1, decided=2, total=3)]
    assert len(today.activity) == 182
    assert today.activity[-10:] == [(NOW.date() - n * DAY, 1 if n in {0, 1, 9} else 0) for n in range(9, -1, -1)]


def test_the_forecast_counts_what_is_overdue_as_todays(session, owner):
    for number in range(3):
        make.note_in(session, owner, make.draft(number))
        study_one(session, owner, Grade.EASY)

    overdue = study.today(session, owner, now=NOW + 9 * DAY).forecast
    ahead = study.today(session, owner, now=NOW + 5 * DAY).forecast

    assert [number for _, number in overdue] == [3, 0, 0, 0, 0, 0, 0]
    assert [number for _, number in ahead] == [0, 0, 0, 3, 0, 0, 0]
    assert ahead[0][0] == date(2026, 11, 28)


def test_a_day_turns_at_four_in_the_morning_where_the_learner_lives(session, owner):
    make.note_in(session, owner, make.draft(0))
    midnight = NOW.replace(hour=23) + 2 * timedelta(hours=1)  # 02:00 in Berlin
    study_one(session, owner, at=midnight)

    assert study.today(session, owner, now=midnight).date == date(2026, 11, 23)
    assert study.today(session, owner, now=midnight + 2 * timedelta(hours=1)).studied_today == 0


def test_minutes_follow_the_learners_own_pace(session, owner):
    for number in range(9):
        make.note_in(session, owner, make.draft(number))
    before = next_card(session, owner).minutes
    answer(session, owner, next_card(session, owner).card_id, Grade.EASY, duration=timedelta(seconds=60))

    assert before == 5  # 9 new cards, twice, 15 seconds each
    assert next_card(session, owner).minutes == 16  # 8 new cards, twice, a minute each


def test_an_empty_library_has_nothing_to_study(session, owner):
    today = study.today(session, owner, now=NOW)

    assert (today.counts, today.minutes, today.decks) == (Counts(0, 0, 0), 0, [])
    assert next_card(session, owner) is None
    assert study.rest(session, owner, deck_id=None, now=NOW) == study.Rest(None, tomorrow=0, done_today=0)


def test_rest_tells_when_the_next_card_is_due_and_how_many_tomorrow(session, owner):
    make.note_in(session, owner, make.draft(0))
    due = answer(session, owner, next_card(session, owner).card_id, Grade.EASY).due

    today = study.rest(session, owner, deck_id=None, now=NOW)
    eve = study.rest(session, owner, deck_id=None, now=due - timedelta(hours=1))

    assert (today.next_due, today.tomorrow, today.done_today) == (due, 0, 1)
    assert (eve.next_due, eve.tomorrow, eve.done_today) == (due, 1, 0)


def test_a_report_waits_on_today_until_it_is_dealt_with(session, owner):
    make.note_in(session, owner, make.draft(0))
    card = next_card(session, owner)

    report_id = study.report(session, owner, card_id=card.card_id, reason="wrong", text="It is 38.", now=NOW)

    (told,) = study.today(session, owner, now=NOW).reports
    assert told == study.ReportView(report_id, card.card_id, card.note_id, card.question, "wrong", "It is 38.", NOW)
    study.resolve_report(session, owner, report_id, now=NOW)
    assert study.today(session, owner, now=NOW).reports == []


def test_a_report_that_is_too_long_is_refused(session, owner):
    make.note_in(session, owner, make.draft(0))

    with pytest.raises(InvalidInput, match="Shorten"):
        study.report(session, owner, card_id=1, reason="other", text="x" * 2001, now=NOW)


def test_another_persons_cards_are_as_good_as_missing(session, owner):
    make.note_in(session, owner, make.draft(0))
    card = next_card(session, owner)
    report_id = study.report(session, owner, card_id=card.card_id, reason="wrong", text="", now=NOW)

    for act in (
        lambda: answer(session, STRANGER, card.card_id),
        lambda: study.report(session, STRANGER, card_id=card.card_id, reason="wrong", text="", now=NOW),
        lambda: study.resolve_report(session, STRANGER, report_id, now=NOW),
        lambda: answer(session, owner, 999),
        lambda: study.card(session, owner, 999, now=NOW),
        lambda: study.next_card(session, owner, deck_id=999, now=NOW),
    ):
        with pytest.raises(NotFound):
            act()


def test_an_answer_whose_card_is_in_the_trash_is_not_undone_behind_its_back(session, owner):
    note_id = make.note_in(session, owner, make.draft())
    card = study.next_card(session, owner, deck_id=None, now=NOW)
    answer(session, owner, card.card_id)
    decks.delete_note(session, owner, note_id, now=NOW)

    with pytest.raises(Conflict, match="in the trash"):
        study.undo(session, owner, undo_id=uuid4(), now=NOW)

    decks.restore_note(session, owner, note_id, now=NOW)
    assert study.undo(session, owner, undo_id=uuid4(), now=NOW) is not None
