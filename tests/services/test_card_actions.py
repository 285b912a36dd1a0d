import json
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from quizapp.db.plans import PlanRow
from quizapp.domain.card_actions import CardAction
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.domain.scheduling import KNOWN_STABILITY, Grade
from quizapp.errors import Conflict, InvalidInput, NotFound
from quizapp.services import card_actions, checking, decks, study
from quizapp.services.card_actions import ACTIONS, Press
from quizapp.services.decks import CardFields
from tests import make
from tests.make import NOW
from tests.services.studying import answer

STRANGER = Actor(LearnerId(999))
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def note_id(session, owner):
    """A note with two cards, and another note after it."""
    note_id = make.note_in(session, owner, make.cloze_draft())
    decks.edit_note(session, owner, note_id, question="{{c1::A}} and {{c2::B}}", answer="", now=NOW)
    make.note_in(session, owner, make.draft(1))
    return note_id


def act(session, owner, what, card_id, *, at=NOW, press=None, **pressed):
    return ACTIONS[what](session, owner, press or Press(uuid4(), card_id, **pressed), at)


def undo(session, owner, *, at=NOW):
    return study.undo(session, owner, undo_id=uuid4(), now=at)


def waiting(session, owner, *, at=NOW):
    """Return the cards that come one after another when each is buried once it was asked; nothing stays of that."""
    found = []
    with session.begin_nested() as look:
        while card := study.next_card(session, owner, deck_id=None, now=at):
            found.append(card.card_id)
            act(session, owner, "bury-card", card.card_id, at=at)
        look.rollback()
    return found


def everything(session, card_id):
    """Return all that a learner could notice of a card but its history."""
    plan = session.execute(select(PlanRow.__table__).where(PlanRow.card_id == card_id)).one()
    memory = session.execute(text("select * from memory where card_id = :card"), {"card": card_id}).all()
    note = session.execute(text("select question, answer, explanation, choices from note order by id")).all()
    reported = session.execute(text("select count(*) from report where resolved_at is null")).scalar()
    return (
        plan,
        memory,
        [(*row[:3], json.loads(row[3]) if isinstance(row[3], str) else row[3]) for row in note],
        reported,
    )


@pytest.mark.parametrize("seen", [(), (Grade.GOOD,), (Grade.EASY,)], ids=["new", "in steps", "in review"])
def test_a_buried_card_comes_back_tomorrow(session, owner, note_id, seen):
    for grade in seen:
        answer(session, owner, 1, grade, at=NOW - 9 * DAY)

    act(session, owner, "bury-card", 1)

    assert waiting(session, owner) == [2, 3]
    assert 1 not in waiting(session, owner, at=NOW + 14 * 60 * MINUTE)
    assert 1 in waiting(session, owner, at=NOW + 16 * 60 * MINUTE)


def test_a_note_is_buried_with_all_its_cards(session, owner, note_id):
    act(session, owner, "bury-note", 2)

    assert waiting(session, owner) == [3]


def test_a_buried_card_does_not_count_as_left(session, owner, note_id):
    act(session, owner, "bury-card", 1)

    assert study.today(session, owner, now=NOW).counts.new == 2


@pytest.mark.parametrize(("what", "left"), [("suspend-card", [2, 3]), ("suspend-note", [3])])
def test_what_is_suspended_is_not_asked_until_it_is_taken_back(session, owner, note_id, what, left):
    act(session, owner, what, 1)

    assert waiting(session, owner) == waiting(session, owner, at=NOW + 99 * DAY) == left
    act(session, owner, "resume", 1)
    assert 1 in waiting(session, owner)


def test_a_flag_is_put_on_changed_and_taken_off_by_the_same_key(session, owner, note_id):
    def flags():
        return [card_actions.put_flag(session, owner, Press(uuid4(), 1), number, NOW) for number in (3, 7, 7)]

    assert flags() == [3, 7, 0]
    with pytest.raises(InvalidInput, match="seven flags"):
        card_actions.put_flag(session, owner, Press(uuid4(), 1), 8, NOW)


def test_a_known_card_comes_back_in_half_a_year_and_takes_nothing_from_todays_limit(session, owner, note_id):
    memory = act(session, owner, "known", 1)

    assert memory.stability == KNOWN_STABILITY
    assert memory.interval == timedelta(KNOWN_STABILITY)
    assert study.today(session, owner, now=NOW).counts.new == 2
    assert study.today(session, owner, now=NOW).studied_today == 0
    assert 1 in waiting(session, owner, at=NOW + 181 * DAY)


def test_a_reset_card_is_new_and_a_review_from_before_it_stays_before_it(session, owner, note_id):
    answer(session, owner, 1, Grade.EASY, at=NOW - 9 * DAY)

    act(session, owner, "reset", 1)
    answer(session, owner, 1, Grade.EASY, at=NOW - DAY)  # arrives late

    card = study.card(session, owner, 1, now=NOW)
    assert (card.phase, card.reviews) == ("new", 0)
    assert checking.check(session, now=NOW).faults == ()


def test_whoever_sets_the_clock_back_can_still_reset_a_card(session, owner, note_id):
    answer(session, owner, 1, Grade.EASY)

    act(session, owner, "reset", 1, at=NOW - DAY)

    assert study.card(session, owner, 1, now=NOW).phase == "new"


WAYS = {
    **{what: lambda session, owner, what=what: act(session, owner, what, 1) for what in ACTIONS},
    "flag": lambda session, owner: card_actions.put_flag(session, owner, Press(uuid4(), 1), 4, NOW),
    "edit": lambda session, owner: card_actions.edit(
        session,
        owner,
        Press(uuid4(), 1),
        1,
        CardFields(question="{{c1::C}} and {{c2::B}}", answer="", choices=(), explanation="So it is."),
        expected_version=2,
        now=NOW,
    ),
    "report": lambda session, owner: card_actions.report(
        session, owner, Press(uuid4(), 1), reason="wrong", text="", now=NOW
    ),
    "grade": lambda session, owner: answer(session, owner, 1, Grade.AGAIN),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("seen", [(), (Grade.GOOD,), (Grade.EASY,)], ids=["new", "in steps", "in review"])
def test_whatever_is_done_can_be_undone_and_nothing_of_it_stays_but_the_record(session, owner, note_id, way, seen):
    for grade in seen:
        answer(session, owner, 1, grade, at=NOW - 2 * DAY)
    before = everything(session, 1)

    WAYS[way](session, owner)
    undone = undo(session, owner)

    assert undone.card_id == 1
    assert undone.is_back
    assert everything(session, 1) == before
    assert checking.check(session, now=NOW).faults == ()
    record = text("select count(*) from card_action where undoes is not null")
    assert session.execute(record).scalar() == (0 if way == "grade" else 1)


def test_all_that_was_done_is_undone_one_after_another_in_the_order_in_which_it_was_done(session, owner, note_id):
    states = []
    for minute, way in enumerate(WAYS):
        states.append(everything(session, 1))
        at = NOW + minute * MINUTE
        if way in ACTIONS:
            act(session, owner, way, 1, at=at)
        elif way == "grade":
            answer(session, owner, 1, Grade.AGAIN, at=at)
        elif way == "flag":
            card_actions.put_flag(session, owner, Press(uuid4(), 1), 4, at)
        elif way == "report":
            card_actions.report(session, owner, Press(uuid4(), 1), reason="wrong", text="", now=at)
        else:
            states.pop()

    for state in reversed(states):
        undo(session, owner, at=NOW + 60 * MINUTE)
        assert everything(session, 1) == state
    assert undo(session, owner, at=NOW + 60 * MINUTE) is None


def test_what_is_undone_is_told(session, owner, note_id):
    card_actions.put_flag(session, owner, Press(uuid4(), 1, shown=2), 4, NOW)
    act(session, owner, "suspend-card", 2, at=NOW + MINUTE)

    told = [undo(session, owner, at=NOW + 2 * MINUTE) for _ in range(2)]

    assert [(one.action, one.card_id, one.shown, one.flag) for one in told] == [
        (CardAction.SUSPEND, 2, 0, None),
        (CardAction.FLAG, 1, 2, 4),
    ]


def test_an_edit_that_was_changed_again_elsewhere_stays_and_what_came_before_it_can_be_undone(session, owner, note_id):
    card_actions.put_flag(session, owner, Press(uuid4(), 1), 4, NOW - MINUTE)
    WAYS["edit"](session, owner)
    decks.edit_note(session, owner, note_id, question="{{c1::D}} and {{c2::B}}", answer="", now=NOW)

    edited, flagged = undo(session, owner), undo(session, owner)

    assert (edited.action, edited.is_back) == (CardAction.EDIT, False)
    assert decks.note(session, owner, note_id).question == "{{c1::D}} and {{c2::B}}"
    assert flagged.action is CardAction.FLAG


@pytest.mark.parametrize("what", ACTIONS)
def test_the_same_press_sent_twice_counts_once(session, owner, note_id, what):
    answer(session, owner, 1, Grade.GOOD, at=NOW - DAY)
    press = Press(uuid4(), 1, expected_reviews=1)

    act(session, owner, what, 1, press=press)
    act(session, owner, what, 1, press=press)

    assert session.execute(text("select count(*) from card_action")).scalar() == 1
    undo(session, owner)
    assert undo(session, owner).grade is Grade.GOOD


def test_a_flag_sent_twice_stays_on(session, owner, note_id):
    press = Press(uuid4(), 1)

    flags = [card_actions.put_flag(session, owner, press, 3, NOW) for _ in range(2)]

    assert flags == [3, 3]


def test_a_press_on_a_card_that_another_tab_has_answered_is_told_and_harmless(session, owner, note_id):
    answer(session, owner, 1, Grade.GOOD)

    with pytest.raises(Conflict, match="answered elsewhere"):
        act(session, owner, "known", 1, expected_reviews=0)

    assert session.execute(text("select count(*) from card_action")).scalar() == 0


def test_the_same_undo_sent_twice_takes_one_thing_back(session, owner, note_id):
    act(session, owner, "suspend-card", 1)
    act(session, owner, "bury-card", 2, at=NOW + MINUTE)
    undo_id = uuid4()

    first, again = (study.undo(session, owner, undo_id=undo_id, now=NOW + 2 * MINUTE) for _ in range(2))

    assert first == again
    assert waiting(session, owner) == [2, 3]


def test_other_peoples_cards_are_not_there(session, owner, note_id):
    for what in ACTIONS:
        with pytest.raises(NotFound):
            act(session, STRANGER, what, 1)


def test_a_press_cannot_be_used_for_another_card(session, owner, note_id):
    press = Press(uuid4(), 1)
    act(session, owner, "bury-card", 1, press=press)

    with pytest.raises(Conflict, match="another card"):
        act(session, owner, "bury-card", 2, press=Press(press.id, 2))
