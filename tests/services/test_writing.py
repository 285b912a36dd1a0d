import pytest

from quizapp.domain.cards import CardKind, Note
from quizapp.domain.documents import Span
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.errors import Conflict, InvalidInput, NotFound
from quizapp.services import decks, library, study, writing
from tests import make
from tests.make import NOW

STRANGER = Actor(LearnerId(999))
KETTLE = Note(CardKind.BASIC, "What heats water fastest?", "a kettle", tags=("kitchen",))


def test_a_card_written_by_hand_is_studied_as_any_other(session, owner):
    note_id = writing.write(session, owner, KETTLE, deck_name="Home :: Kitchen", passage=None, now=NOW)

    card = study.next_card(session, owner, deck_id=None, now=NOW)
    view = decks.note(session, owner, note_id)
    assert (card.note_id, card.question, card.deck_name) == (note_id, KETTLE.question, "Home::Kitchen")
    assert (view.tags, view.source) == (("kitchen",), None)


def test_a_card_from_a_passage_has_its_quote_its_place_and_the_tags_of_the_document(session, owner):
    there = make.added(session, owner, deck_name="Biology")
    library_text = library.document(session, owner, there.document_id).text
    passage = writing.passage_numbered(session, owner, there.document_id, 3, said="a cell is like a town")

    note_id = writing.write(session, owner, KETTLE, deck_name="Biology", passage=passage, now=NOW)

    view = decks.note(session, owner, note_id)
    assert view.source.quote == "a cell is like a town"
    assert library_text[view.source.start : view.source.end] == view.source.quote
    assert (view.source.speaker, view.source.heading, view.document_id) == ("Lin Wei", "Cells", there.document_id)


def test_the_deck_of_the_document_is_offered_first(session, owner):
    there = make.added(session, owner, deck_name="Biology")
    decks.create(session, owner, "Art", now=NOW)
    passage = writing.passage_numbered(session, owner, there.document_id, 1)

    desk = writing.desk(session, owner, deck_id=None, passage=passage)

    assert (desk.deck_name, desk.deck_names) == ("Biology", ["Art"])


def test_a_passage_that_has_changed_meanwhile_is_a_conflict(session, owner):
    there = make.added(session, owner)

    with pytest.raises(Conflict, match="changed meanwhile"):
        writing.passage(session, owner, there.document_id, Span(0, 5), quote="Cello")


@pytest.mark.parametrize("span", [Span(5, 5), Span(-1, 4), Span(0, 10**6)])
def test_a_passage_outside_the_document_is_refused(session, owner, span):
    there = make.added(session, owner)

    with pytest.raises(InvalidInput):
        writing.passage(session, owner, there.document_id, span)


def test_words_that_the_document_does_not_say_are_refused(session, owner):
    there = make.added(session, owner)

    with pytest.raises(InvalidInput, match="not found"):
        writing.passage_numbered(session, owner, there.document_id, 1, said="a kettle")
    with pytest.raises(InvalidInput, match="no such passage"):
        writing.passage_numbered(session, owner, there.document_id, 99)


def test_what_asks_nearly_the_same_is_shown_and_what_is_missing_is_told(session, owner):
    writing.write(session, owner, KETTLE, deck_name="Kitchen", passage=None, now=NOW)

    looked = writing.look(session, owner, Note(CardKind.BASIC, "What heats the water fastest?"))

    assert looked.problem.startswith("The answer is empty.")
    assert [one.question for one in looked.similar] == [KETTLE.question]


def test_a_card_that_cannot_be_asked_is_not_stored(session, owner):
    with pytest.raises(InvalidInput):
        writing.write(session, owner, Note(CardKind.CLOZE, "No gap"), deck_name="Kitchen", passage=None, now=NOW)


def test_writing_can_be_taken_back_once(session, owner):
    note_id = writing.write(session, owner, KETTLE, deck_name="Kitchen", passage=None, now=NOW)

    writing.unwrite(session, owner, note_id, now=NOW)
    writing.unwrite(session, owner, note_id, now=NOW)

    assert study.next_card(session, owner, deck_id=None, now=NOW) is None
    decks.restore_note(session, owner, note_id, now=NOW)
    assert study.next_card(session, owner, deck_id=None, now=NOW).note_id == note_id


def test_a_stranger_writes_neither_from_my_document_nor_into_my_deck(session, owner):
    there = make.added(session, owner, deck_name="Biology")
    deck_id = decks.create(session, owner, "Art", now=NOW)

    with pytest.raises(NotFound):
        writing.passage_numbered(session, STRANGER, there.document_id, 1)
    with pytest.raises(NotFound):
        writing.desk(session, STRANGER, deck_id=deck_id, passage=None)
