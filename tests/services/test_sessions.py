from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from quizapp.domain.permissions import Actor, LearnerId
from quizapp.domain.scheduling import Grade
from quizapp.domain.sessions import Mode
from quizapp.errors import Conflict, InvalidInput, NotFound
from quizapp.services import checking, decks, sessions, study
from quizapp.services.sessions import Wanted
from tests import make
from tests.make import NOW
from tests.services.studying import answer as review

STRANGER = Actor(LearnerId(999))
DAY, MINUTE, SIX = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=6)


@pytest.fixture
def cards(session, owner):
    """Six new cards."""
    for number in range(6):
        make.note_in(session, owner, make.draft(number))
    return range(1, 7)


@pytest.fixture
def study_all(session, owner):
    """Return a function that studies a session to its end, with given grades first, and tells the cards asked."""

    def studied(session_id, *grades, at=NOW, duration=SIX):
        asked = []
        left = list(grades)
        while card := sessions.next_card(session, owner, session_id, now=at):
            grade = left.pop(0) if left else Grade.GOOD
            give(session, owner, session_id, card, grade, at=at, duration=duration)
            asked.append(card.card_id)
            at += timedelta(seconds=20)
        return asked

    return studied


def begin(session, owner, mode=Mode.DUE, *, session_id=None, at=NOW, **wanted):
    return sessions.start(session, owner, session_id or uuid4(), Wanted(mode, **wanted), now=at)


def give(session, owner, session_id, card, grade, *, at=NOW, duration=SIX, review_id=None):
    return sessions.answer(
        session,
        owner,
        session_id=session_id,
        review_id=review_id or uuid4(),
        card_id=card.card_id,
        grade=grade,
        duration=duration,
        expected_reviews=card.reviews,
        now=at,
    )


def count(session, table):
    return session.execute(text(f"select count(*) from {table}")).scalar()


def test_so_many_cards_end_when_each_was_passed_and_missed_ones_come_back(session, owner, cards, study_all):
    session_id = begin(session, owner, most_cards=3)

    asked = study_all(session_id, Grade.GOOD, Grade.AGAIN)

    assert asked == [1, 2, 3, 2]
    found = sessions.summary(session, owner, session_id, now=NOW)
    assert (found.course.cards, found.course.tally.finished, found.course.tally.answers) == (3, 3, 4)
    assert [one.card_id for one in found.missed] == [2]
    assert found.course.tally.time == 4 * SIX


def test_minutes_are_those_spent_on_answers(session, owner, cards, study_all):
    session_id = begin(session, owner, minutes=1)

    asked = study_all(session_id, duration=timedelta(seconds=25))

    assert len(asked) == 3


def test_a_session_of_fewer_cards_than_wanted_says_so_from_its_start(session, owner, cards):
    session_id = begin(session, owner, most_cards=20)

    assert sessions.course(session, owner, session_id).cards == 6


def test_practice_changes_no_memory_no_date_and_no_count_of_today(session, owner, cards, study_all):
    review(session, owner, 1, Grade.EASY, at=NOW - 9 * DAY)
    before = [session.execute(text(f"select * from {table}")).all() for table in ("review", "memory", "plan", "tally")]

    asked = study_all(begin(session, owner, Mode.PRACTICE), Grade.AGAIN)

    after = [session.execute(text(f"select * from {table}")).all() for table in ("review", "memory", "plan", "tally")]
    assert after == before
    assert sorted(asked) == sorted([*cards, asked[0]])
    assert checking.check(session, now=NOW).faults == ()


def test_practice_offers_two_buttons_without_dates(session, owner, cards):
    card = sessions.next_card(session, owner, begin(session, owner, Mode.PRACTICE), now=NOW)

    assert [(one.grade, one.interval) for one in card.options] == [(Grade.AGAIN, None), (Grade.GOOD, None)]


def test_practice_takes_the_cards_that_it_is_given(session, owner, cards, study_all):
    session_id = begin(session, owner, Mode.PRACTICE, card_ids=(5, 2, 999))

    assert sorted(study_all(session_id)) == [2, 5]


def test_a_search_is_studied_as_far_as_it_is_due_the_weakest_first(session, owner, cards, study_all):
    for card_id, grade in ((1, Grade.EASY), (2, Grade.HARD), (3, Grade.EASY), (4, Grade.EASY)):
        review(session, owner, card_id, grade)
    later = NOW + 60 * DAY
    decks.suspend_note(session, owner, 4)
    review(session, owner, 3, Grade.EASY, at=later)

    session_id = begin(session, owner, search="cid:1,2,3,4,5", at=later)

    assert study_all(session_id, at=later) == [2, 1]
    assert sessions.course(session, owner, session_id).cards == 2


def test_a_search_is_practised_whether_or_not_it_is_due(session, owner, cards, study_all):
    decks.suspend_note(session, owner, 3)

    assert sorted(study_all(begin(session, owner, Mode.PRACTICE, search="cid:2,3,5"))) == [2, 5]


@pytest.mark.parametrize("mode", [Mode.DUE, Mode.PRACTICE])
def test_a_search_without_a_card_to_ask_is_told(session, owner, cards, mode):
    decks.suspend_note(session, owner, 3)

    with pytest.raises(InvalidInput, match=r"search finds"):
        begin(session, owner, mode, search="cid:3")


def test_what_is_suspended_or_in_the_trash_is_not_practised(session, owner, cards, study_all):
    session_id = begin(session, owner, Mode.PRACTICE)
    decks.suspend_note(session, owner, 3)
    decks.delete_note(session, owner, 4, now=NOW)

    assert sorted(study_all(session_id)) == [1, 2, 5, 6]


def test_a_practised_grade_can_be_undone_and_the_card_comes_again(session, owner, cards):
    session_id = begin(session, owner, Mode.PRACTICE, card_ids=(1, 2))
    card = sessions.next_card(session, owner, session_id, now=NOW)
    give(session, owner, session_id, card, Grade.GOOD)

    undone = study.undo(session, owner, undo_id=uuid4(), session_id=session_id, now=NOW + MINUTE)

    assert (undone.card_id, undone.grade) == (card.card_id, Grade.GOOD)
    assert sessions.next_card(session, owner, session_id, now=NOW) == card
    assert study.undo(session, owner, undo_id=uuid4(), session_id=session_id, now=NOW + MINUTE) is None


def test_undo_in_a_session_takes_back_nothing_from_before_it(session, owner, cards):
    review(session, owner, 1)
    session_id = begin(session, owner, Mode.PRACTICE)

    assert study.undo(session, owner, undo_id=uuid4(), session_id=session_id, now=NOW + MINUTE) is None
    assert study.undo(session, owner, undo_id=uuid4(), now=NOW + MINUTE).card_id == 1


def test_an_answer_of_practice_sent_twice_counts_once(session, owner, cards):
    session_id, review_id = begin(session, owner, Mode.PRACTICE), uuid4()
    card = sessions.next_card(session, owner, session_id, now=NOW)

    both = [give(session, owner, session_id, card, Grade.GOOD, review_id=review_id) for _ in range(2)]

    assert [one.repeated for one in both] == [False, True]
    assert sessions.course(session, owner, session_id).tally.answers == 1


def test_of_two_tabs_that_practise_one_card_the_second_is_told(session, owner, cards):
    session_id = begin(session, owner, Mode.PRACTICE)
    card = sessions.next_card(session, owner, session_id, now=NOW)
    give(session, owner, session_id, card, Grade.GOOD)

    with pytest.raises(Conflict, match="answered elsewhere"):
        give(session, owner, session_id, card, Grade.AGAIN)

    assert sessions.course(session, owner, session_id).tally.answers == 1


def test_studying_ahead_takes_what_comes_back_by_then_and_gives_an_early_review_its_due(
    session, owner, cards, study_all
):
    for card_id in (1, 2):
        review(session, owner, card_id, Grade.EASY, at=NOW)  # comes back in 8 days
    review(session, owner, 3, Grade.EASY, at=NOW - 5 * DAY)  # in 3
    with pytest.raises(InvalidInput, match="further ahead"):
        begin(session, owner, Mode.AHEAD, days=2)

    asked = study_all(begin(session, owner, Mode.AHEAD, days=3))

    assert asked == [3]
    elapsed = session.execute(text("select count(*) from review where card_id = 3")).scalar()
    card = study.card(session, owner, 3, now=NOW)
    assert (elapsed, card.phase, card.reviews) == (2, "review", 2)
    assert checking.check(session, now=NOW).faults == ()


def test_starting_twice_by_a_double_click_begins_one_session(session, owner, cards):
    first, again = (begin(session, owner, session_id=UUID(int=7), most_cards=3) for _ in range(2))

    assert first == again == UUID(int=7)
    assert count(session, "study_session") == 1


def test_starting_again_from_a_page_that_was_gone_back_to_begins_anew(session, owner, cards, study_all):
    first = begin(session, owner, session_id=UUID(int=7), most_cards=2)
    study_all(first)

    assert begin(session, owner, session_id=UUID(int=7), most_cards=2) != first


@pytest.mark.parametrize("wanted", [{"most_cards": 0}, {"minutes": 10_000}, {"days": -1}])
def test_a_length_that_makes_no_sense_is_refused(session, owner, cards, wanted):
    with pytest.raises(InvalidInput, match="Choose less"):
        begin(session, owner, Mode.AHEAD, **wanted)


def test_other_peoples_sessions_decks_and_cards_are_not_there(session, owner, cards):
    session_id = begin(session, owner)

    for attempt in (
        lambda: sessions.next_card(session, STRANGER, session_id, now=NOW),
        lambda: sessions.summary(session, STRANGER, session_id, now=NOW),
        lambda: begin(session, STRANGER, session_id=session_id),
        lambda: begin(session, STRANGER, Mode.PRACTICE, card_ids=(1,)),
        lambda: begin(session, STRANGER, deck_id=1),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_today_is_summed_up_for_a_deck_or_for_all(session, owner, cards):
    other = make.note_in(session, owner, make.draft(7), deck_name="Other")
    review(session, owner, 1, Grade.AGAIN)
    review(session, owner, 7, Grade.GOOD, at=NOW + SIX)
    study.undo(session, owner, undo_id=uuid4(), now=NOW + SIX)
    review(session, owner, 7, Grade.AGAIN, at=NOW + MINUTE)
    deck_id = decks.note(session, owner, other).deck_id

    everywhere, there = (
        sessions.summary_of_today(session, owner, deck_id=deck, now=NOW + MINUTE) for deck in (None, deck_id)
    )

    assert (everywhere.course.tally.answers, [one.card_id for one in everywhere.missed]) == (2, [1, 7])
    assert [one.card_id for one in there.missed] == [7]
