from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from quizapp.domain.cards import CardKind, Note
from quizapp.domain.options import Options
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.domain.scheduling import Grade
from quizapp.errors import NotFound
from quizapp.services import checking, decks, following, leeches, options, study, teams, writing
from tests import make
from tests.make import NOW
from tests.services.studying import answer
from tests.services.teaming import at_home, join, opened, person

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


def test_a_card_of_a_team_is_hard_for_who_forgets_it_and_nobody_else_learns_of_it(session, owner):
    mara = person(session, "Mara")
    team_id = teams.create(session, mara, "Harbour crew", now=NOW)
    li, jo = (join(session, person(session, name), team_id) for name in ("Li", "Jo"))
    library = opened(session, mara, team_id)
    deck_id = decks.create(session, library, "Rollback", now=NOW)
    note = Note(CardKind.BASIC, "Who decides?", "The skipper.")
    note_id = writing.write(session, library, note, deck_name="Rollback", passage=None, now=NOW)
    for one in (li, jo, at_home(session, mara)):
        following.follow(session, one, deck_id, now=NOW)
        answer(session, one, card_of(session, note_id), Grade.EASY)

    at = lapse(session, li, note_id, times=8)

    (hard,) = leeches.leeches(session, li)
    assert (hard.note.id, hard.lapses, hard.can_edit, leeches.count(session, li)) == (note_id, 8, False, 1)
    assert leeches.leeches(session, jo) == leeches.leeches(session, at_home(session, mara)) == []
    assert leeches.leeches(session, library) == []
    assert decks.note(session, library, note_id).tags == ()

    decks.suspend_note(session, li, note_id)
    assert [decks.note(session, one, note_id).suspended for one in (li, jo)] == [True, False]

    leeches.keep(session, li, note_id)
    assert leeches.count(session, li) == 0
    assert not decks.note(session, li, note_id).suspended

    leeches.put_back(session, li, note_id, suspended=False)
    following.leave(session, li, deck_id, now=at)
    assert leeches.leeches(session, li) == []
    following.follow(session, li, deck_id, now=at)
    assert leeches.count(session, li) == 1


def test_an_undone_lapse_of_a_card_of_a_team_takes_it_off_the_list(session, owner):
    mara = person(session, "Mara")
    team_id = teams.create(session, mara, "Harbour crew", now=NOW)
    library, li = opened(session, mara, team_id), join(session, person(session, "Li"), team_id)
    deck_id = decks.create(session, library, "Rollback", now=NOW)
    note = Note(CardKind.BASIC, "Who decides?", "The skipper.")
    note_id = writing.write(session, library, note, deck_name="Rollback", passage=None, now=NOW)
    following.follow(session, li, deck_id, now=NOW)
    options.choose(session, li, deck_id, Options(leech_after=1))
    answer(session, li, card_of(session, note_id), Grade.EASY)
    answer(session, li, card_of(session, note_id), Grade.AGAIN, at=NOW + 9 * DAY)
    assert leeches.count(session, li) == 1

    study.undo(session, li, undo_id=uuid4(), now=NOW + 9 * DAY)

    assert leeches.count(session, li) == 0
