import pytest

from quizapp.domain.cards import CardKind, Note
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.errors import Conflict, InvalidInput, NotFound
from quizapp.services import decks, leeches, splitting, study
from tests import make
from tests.make import NOW
from tests.services.studying import answer

STRANGER = Actor(LearnerId(999))
FIRST = Note(CardKind.BASIC, "What does it build?", "proteins")
SECOND = Note(CardKind.BASIC, "What does it take?", "energy")


@pytest.fixture
def studied(session, owner):
    """A note that was answered once, as it is now."""
    note_id = make.note_in(session, owner, make.draft(0))
    answer(session, owner, study.next_card(session, owner, deck_id=None, now=NOW).card_id)
    return decks.note(session, owner, note_id)


def split(session, owner, note, first=FIRST, second=SECOND):
    return splitting.split(session, owner, note.id, first, second, expected_version=note.version, now=NOW)


def shown(session, owner, note):
    view = decks.deck(session, owner, note.deck_id, now=NOW)
    return [(one.question, one.due is not None, one.source, one.tags) for one in view.notes]


def test_the_first_keeps_its_schedule_and_both_keep_their_source_and_tags(session, owner, studied):
    split(session, owner, studied)

    assert shown(session, owner, studied) == [
        (FIRST.question, True, studied.source, studied.tags),
        (SECOND.question, False, studied.source, studied.tags),
    ]


def test_two_become_one_again(session, owner, studied):
    split_id = split(session, owner, studied)

    splitting.join(session, owner, split_id, now=NOW)
    splitting.join(session, owner, split_id, now=NOW)

    assert shown(session, owner, studied) == [(studied.question, True, studied.source, studied.tags)]


def test_two_do_not_become_one_when_either_was_changed_since(session, owner, studied):
    split_id = split(session, owner, studied)
    decks.edit_note(session, owner, studied.id, question="What else?", answer="that", now=NOW)

    with pytest.raises(Conflict, match="nothing was undone"):
        splitting.join(session, owner, split_id, now=NOW)

    assert [one[0] for one in shown(session, owner, studied)] == ["What else?", SECOND.question]


def test_gaps_that_went_to_the_second_card_come_back_with_their_reviews(session, owner):
    note_id = make.note_in(session, owner, make.cloze_draft())
    decks.edit_note(session, owner, note_id, question="{{c1::A}} and {{c2::B}}", answer="", now=NOW)
    cards = [study.next_card(session, owner, deck_id=None, now=NOW)]
    answer(session, owner, cards[0].card_id)
    note = decks.note(session, owner, note_id)
    first, second = splitting.proposed(session, owner, note_id)

    split_id = split(session, owner, note, first, second)
    splitting.join(session, owner, split_id, now=NOW)

    assert decks.note(session, owner, note_id).question == "{{c1::A}} and {{c2::B}}"
    assert study.card(session, owner, cards[0].card_id, now=NOW).reviews == 1


@pytest.mark.parametrize("suspended", [True, False])
def test_a_hard_card_is_none_any_more_when_it_was_split_and_is_one_again_when_joined(
    session, owner, studied, suspended
):
    leeches.put_back(session, owner, studied.id, suspended=suspended)

    split_id = split(session, owner, decks.note(session, owner, studied.id))
    assert leeches.count(session, owner) == 0
    assert not any("leech" in tags for *_, tags in shown(session, owner, studied))
    assert not decks.note(session, owner, studied.id).suspended
    splitting.join(session, owner, split_id, now=NOW)

    assert [one.note.suspended for one in leeches.leeches(session, owner)] == [suspended]


def test_a_half_that_cannot_be_asked_leaves_the_card_as_it_is(session, owner, studied):
    with pytest.raises(InvalidInput):
        split(session, owner, studied, second=Note(CardKind.BASIC, "Which?", ""))


def test_a_card_that_was_changed_meanwhile_is_not_split(session, owner, studied):
    decks.edit_note(session, owner, studied.id, question="What else?", answer="that", now=NOW)

    with pytest.raises(Conflict, match="changed elsewhere"):
        split(session, owner, studied)


def test_a_stranger_neither_splits_nor_joins(session, owner, studied):
    split_id = split(session, owner, studied)

    with pytest.raises(NotFound):
        splitting.proposed(session, STRANGER, studied.id)
    with pytest.raises(NotFound):
        splitting.join(session, STRANGER, split_id, now=NOW)
