from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from quizapp.domain.options import Options
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.domain.scheduling import Grade
from quizapp.errors import NotFound
from quizapp.services import checking, decks, leeches, options, study
from tests import make
from tests.make import NOW
from tests.services.studying import answer

DAY = timedelta(days=1)


@pytest.fixture
def note_id(session, owner):
    """A card that was known once."""
    note_id = make.note_in(session, owner, make.draft(0))
    answer(session, owner, card_of(session, note_id), Grade.EASY)
    return note_id


def card_of(session, note_id):
    return session.execute(text("select id from card where note_id = :note"), {"note": note_id}).scalar()


def wish(session, owner, **wanted):
    (deck,) = decks.decks(session, owner, now=NOW)
    options.choose(session, owner, deck.id, Options(**wanted))


def lapse(session, owner, note_id, *, times):
    """Forget the card so often, and learn it again each time; return when it was answered last."""
    at = NOW
    for _ in range(times):
        at += 9 * DAY
        answer(session, owner, card_of(session, note_id), Grade.AGAIN, at=at)
        at += timedelta(minutes=10)
        answer(session, owner, card_of(session, note_id), Grade.GOOD, at=at)
    return at


def test_a_card_is_listed_at_its_eighth_lapse_with_what_makes_it_hard(session, owner, note_id):
    lapse(session, owner, note_id, times=7)
    assert leeches.leeches(session, owner) == []

    answer(session, owner, card_of(session, note_id), Grade.AGAIN, at=NOW + 99 * DAY)

    (leech,) = leeches.leeches(session, owner)
    assert (leech.note.id, leech.lapses, leech.note.tags) == (note_id, 8, ("cells", "leech"))
    assert (len(leech.grades), leech.reviews) == (16, 16)
    assert leech.findings
    assert leeches.count(session, owner) == 1


def test_a_deck_says_after_how_many_lapses_and_whether_the_card_is_set_aside(session, owner, note_id):
    wish(session, owner, leech_after=2, leech_suspends=True)

    lapse(session, owner, note_id, times=1)
    answer(session, owner, card_of(session, note_id), Grade.AGAIN, at=NOW + 30 * DAY)

    assert decks.note(session, owner, note_id).suspended
    assert study.next_card(session, owner, deck_id=None, now=NOW + 60 * DAY) is None


def test_an_undo_of_the_last_lapse_takes_tag_and_suspension_back(session, owner, note_id):
    wish(session, owner, leech_after=1, leech_suspends=True)
    answer(session, owner, card_of(session, note_id), Grade.AGAIN, at=NOW + 9 * DAY)

    study.undo(session, owner, undo_id=uuid4(), now=NOW + 9 * DAY)

    view = decks.note(session, owner, note_id)
    assert (view.suspended, view.tags) == (False, ("cells",))
    assert checking.check(session, now=NOW).faults == ()


def test_a_card_that_is_kept_comes_back_after_half_as_many_lapses(session, owner, note_id):
    wish(session, owner, leech_after=2)
    lapse(session, owner, note_id, times=2)

    leeches.keep(session, owner, note_id)
    assert leeches.count(session, owner) == 0
    answer(session, owner, card_of(session, note_id), Grade.AGAIN, at=NOW + 99 * DAY)

    assert leeches.count(session, owner) == 1


def test_keeping_is_taken_back_to_where_the_card_stood(session, owner, note_id):
    wish(session, owner, leech_after=1, leech_suspends=True)
    lapse(session, owner, note_id, times=1)
    leeches.keep(session, owner, note_id)

    leeches.put_back(session, owner, note_id, suspended=True)

    assert [leech.note.suspended for leech in leeches.leeches(session, owner)] == [True]


def test_a_strangers_card_is_not_there(session, owner, note_id):
    stranger = Actor(LearnerId(999))

    for act in (leeches.keep, lambda *who: leeches.put_back(*who, suspended=True)):
        with pytest.raises(NotFound):
            act(session, stranger, note_id)
