from datetime import timedelta
from uuid import uuid4

import pytest

from quizapp.domain.card_actions import CardAction
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.domain.scheduling import Grade
from quizapp.domain.sessions import Mode
from quizapp.errors import NotFound
from quizapp.services import card_actions, card_history, decks, sessions, study
from quizapp.services.card_actions import Press
from quizapp.services.sessions import Wanted
from tests import make
from tests.make import NOW
from tests.services.studying import answer

DAY = timedelta(days=1)


@pytest.fixture
def card_id(session, owner):
    make.note_in(session, owner, make.draft(0), deck_name="Biology")
    return 1


def history(session, owner, *, at=NOW):
    return card_history.history(session, owner, 1, now=at)


def test_a_new_card_has_no_history_and_says_where_it_comes_from(session, owner, card_id):
    found = history(session, owner)

    assert (list(found.entries), list(found.falls), found.recall) == ([], [], None)
    assert (found.card.deck_name, found.card.note.source) == ("Biology", make.draft(0).source)


def test_each_review_says_what_the_chance_was_and_what_it_gave(session, owner, card_id):
    for ago, grade in ((20, Grade.EASY), (10, Grade.AGAIN)):
        answer(session, owner, 1, grade, at=NOW - ago * DAY)

    again, easy = history(session, owner).entries

    assert (easy.grade, easy.recall, easy.after.interval, easy.duration) == (
        Grade.EASY,
        None,
        8 * DAY,
        timedelta(seconds=6),
    )
    assert again.grade is Grade.AGAIN
    assert 0.85 < again.recall < 0.9
    assert again.after.lapses == 1
    assert again.after.stability < easy.after.stability


def test_all_that_was_done_is_there_and_what_was_undone_is_marked(session, owner, card_id):
    card_actions.put_flag(session, owner, Press(uuid4(), 1), 3, NOW)
    card_actions.mark_known(session, owner, Press(uuid4(), 1), NOW + DAY / 24)
    study.undo(session, owner, undo_id=uuid4(), now=NOW + DAY / 12)
    session_id = sessions.start(session, owner, uuid4(), Wanted(Mode.PRACTICE), now=NOW + DAY / 8)
    card = sessions.next_card(session, owner, session_id, now=NOW)
    sessions.answer(
        session,
        owner,
        session_id=session_id,
        review_id=uuid4(),
        card_id=1,
        grade=Grade.GOOD,
        duration=timedelta(seconds=4),
        expected_reviews=card.reviews,
        now=NOW + DAY / 8,
    )

    entries = history(session, owner, at=NOW + DAY).entries

    assert [(one.action, one.grade, one.flag, one.undone_at is not None) for one in entries] == [
        (CardAction.PRACTICE, Grade.GOOD, None, False),
        (CardAction.KNOWN, None, None, True),
        (CardAction.FLAG, None, 3, False),
    ]
    assert all(one.after is None for one in entries)


def test_a_card_that_is_gone_or_anothers_has_no_page(session, owner, card_id):
    with pytest.raises(NotFound):
        card_history.history(session, Actor(LearnerId(999)), 1, now=NOW)
    decks.delete_note(session, owner, 1, now=NOW)
    with pytest.raises(NotFound):
        history(session, owner)
