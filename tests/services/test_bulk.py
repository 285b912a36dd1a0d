from datetime import timedelta
from uuid import uuid4

import pytest

from quizapp.db.bulk_steps import BulkKind
from quizapp.domain.card_actions import CardAction
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.domain.scheduling import Grade
from quizapp.errors import Conflict, InvalidInput, NotFound
from quizapp.services import browsing, bulk, card_history, checking, decks, study, trash
from quizapp.services.bulk import Wish
from tests import make
from tests.make import NOW
from tests.services.studying import answer


@pytest.fixture
def library(session, owner):
    """Four cards in two decks, the first two answered, the third suspended and flagged."""
    for number in range(4):
        tags = ("cells",) if number % 2 else ()
        make.note_in(session, owner, make.draft(number, tags=tags), deck_name="Biology" if number < 3 else "Harbour")
    for card_id in (1, 2):
        answer(session, owner, card_id, Grade.EASY, at=NOW - timedelta(days=20))
    do(session, owner, BulkKind.SUSPEND, [3])
    do(session, owner, BulkKind.FLAG, [3], flag=2)
    return session


def do(session, owner, kind, card_ids, **wish):
    return bulk.do(session, owner, uuid4(), Wish(kind, **wish), card_ids, now=NOW)


def deck_id(session, owner, name):
    return next(deck.id for deck in decks.decks(session, owner, now=NOW) if deck.name == name)


def seen(session, owner):
    """All that a person sees of the cards."""
    cards = browsing.browse(session, owner, "", now=NOW).cards
    return cards, decks.decks(session, owner, now=NOW)


WISHES = {
    "move": (BulkKind.MOVE, {"deck_id": 2}, 3),
    "tag": (BulkKind.TAG, {"names": "cells, new"}, 4),
    "untag": (BulkKind.UNTAG, {"names": "cells"}, 2),
    "suspend": (BulkKind.SUSPEND, {}, 3),
    "resume": (BulkKind.RESUME, {}, 1),
    "flag": (BulkKind.FLAG, {"flag": 2}, 3),
    "no flag": (BulkKind.FLAG, {"flag": 0}, 1),
    "reset": (BulkKind.RESET, {}, 2),
    "delete": (BulkKind.DELETE, {}, 4),
}


@pytest.mark.parametrize(("kind", "wish", "cards"), WISHES.values(), ids=WISHES)
def test_what_is_done_to_many_cards_is_undone_as_one_step_and_twice_counts_once(library, owner, kind, wish, cards):
    before = seen(library, owner)

    step_id = uuid4()
    steps = [bulk.do(library, owner, step_id, Wish(kind, **wish), [1, 2, 3, 4], now=NOW) for _ in range(2)]
    after = seen(library, owner)
    for _ in range(2):
        bulk.undo(library, owner, step_id, now=NOW)

    assert (steps[0].cards, steps[1], after == before) == (cards, steps[0], False)
    assert seen(library, owner) == before
    assert checking.check(library, now=NOW).faults == ()


def test_cards_of_one_note_move_together_and_are_all_counted(session, owner):
    note = make.note_in(session, owner, make.cloze_draft(), deck_name="Biology")
    decks.edit_note(session, owner, note, question="{{c1::a}} and {{c2::b}}", answer="", now=NOW)
    decks.create(session, owner, "Harbour", now=NOW)

    step = do(session, owner, BulkKind.MOVE, [1], deck_id=deck_id(session, owner, "Harbour"))

    assert (step.cards, step.of) == (2, "Harbour")
    assert set(browsing.matching(session, owner, "deck:harbour", now=NOW)) == {1, 2}


def test_what_was_changed_since_a_step_is_left_alone_by_its_undo(library, owner):
    flagged = do(library, owner, BulkKind.FLAG, [1, 2], flag=4)
    do(library, owner, BulkKind.FLAG, [2], flag=5)
    deleted = do(library, owner, BulkKind.DELETE, [1, 4])
    decks.restore_note(library, owner, 1, now=NOW)
    bulk.do(library, owner, uuid4(), Wish(BulkKind.DELETE), [1], now=NOW + timedelta(minutes=1))

    bulk.undo(library, owner, flagged.id, now=NOW)
    bulk.undo(library, owner, deleted.id, now=NOW)

    flags = {line.card_id: line.flag for line in browsing.browse(library, owner, "", now=NOW).cards}
    assert flags == {2: 5, 3: 2, 4: 0}


def test_a_reset_that_was_undone_while_studying_is_not_undone_twice(library, owner):
    step = do(library, owner, BulkKind.RESET, [1])
    study.undo(library, owner, undo_id=uuid4(), now=NOW)

    bulk.undo(library, owner, step.id, now=NOW)

    assert set(browsing.matching(library, owner, "is:review", now=NOW)) == {1, 2}


def test_cards_from_a_deck_that_was_deleted_wait_for_it(library, owner):
    step = do(library, owner, BulkKind.MOVE, [1, 4], deck_id=deck_id(library, owner, "Harbour"))
    decks.delete(library, owner, deck_id(library, owner, "Biology"), now=NOW)

    with pytest.raises(Conflict, match="Biology, which was deleted"):
        bulk.undo(library, owner, step.id, now=NOW)


@pytest.mark.parametrize(
    ("kind", "wish", "cards", "refusal"),
    [
        (BulkKind.DELETE, {}, [], InvalidInput),
        (BulkKind.TAG, {"names": " , "}, [1], InvalidInput),
        (BulkKind.FLAG, {"flag": 8}, [1], InvalidInput),
        (BulkKind.MOVE, {"deck_id": 99}, [1], NotFound),
    ],
    ids=["no card", "no tag", "no such flag", "no such deck"],
)
def test_what_cannot_be_done_is_refused(library, owner, kind, wish, cards, refusal):
    with pytest.raises(refusal):
        do(library, owner, kind, cards, **wish)


def test_nobody_undoes_a_step_of_somebody_else(library, owner):
    step = do(library, owner, BulkKind.SUSPEND, [1])

    with pytest.raises(NotFound):
        bulk.undo(library, Actor(LearnerId(99)), step.id, now=NOW)


def test_steps_are_forgotten_when_the_trash_is_emptied(library, owner):
    step = do(library, owner, BulkKind.DELETE, [4])

    trash.empty(library, now=NOW + timedelta(days=31))

    with pytest.raises(NotFound):
        bulk.undo(library, owner, step.id, now=NOW)


@pytest.mark.parametrize(("kind", "wish"), [(BulkKind.SUSPEND, {}), (BulkKind.FLAG, {"flag": 4})])
def test_the_history_of_each_card_says_what_a_step_did_and_that_it_was_taken_back(library, owner, kind, wish):
    step = do(library, owner, kind, [1, 2], **wish)

    bulk.undo(library, owner, step.id, now=NOW)

    for card_id in (1, 2):
        latest = next(one for one in card_history.history(library, owner, card_id, now=NOW).entries if one.action)
        assert latest.action is CardAction[kind.name]
        assert latest.undone_at == NOW
