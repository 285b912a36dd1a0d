from datetime import timedelta

import pytest

from quizapp.db import notes
from quizapp.domain.cards import CardKind, DraftStatus
from quizapp.domain.drafts import Decision
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.errors import Conflict, InvalidInput, NotFound
from quizapp.services import decks, drafts, library, study
from tests import make
from tests.make import NOW
from tests.services.studying import answer

STRANGER = Actor(LearnerId(999))


@pytest.fixture
def document_id(session, owner):
    return make.added(session, owner).document_id


@pytest.fixture
def bench(session, owner, document_id):
    """What the bench shows now."""
    return lambda: drafts.bench(session, owner, document_id)


def decisions(bench):
    return [view.decision for view in bench().drafts]


def cards(session, owner):
    return sum(deck.cards for deck in decks.decks(session, owner, now=NOW))


def test_the_bench_shows_drafts_in_the_order_of_the_source(session, owner):
    added = make.added(session, owner, make.draft(3), make.draft(0), make.draft(2, status=DraftStatus.REVIEW))

    views = drafts.bench(session, owner, added.document_id).drafts

    assert [view.number for view in views] == [1, 2, 3]
    assert [view.draft for view in views] == [make.draft(0), make.draft(2, status=DraftStatus.REVIEW), make.draft(3)]


def test_a_kept_draft_is_a_new_card_with_its_source(session, owner, bench):
    note_id = drafts.keep(session, owner, bench().drafts[0].id, now=NOW)

    note = decks.note(session, owner, note_id)
    assert (note.question, note.answer, note.tags) == (make.draft(0).question, make.draft(0).answer, ("cells",))
    assert note.source == make.draft(0).source
    assert (note.document_title, note.deck_name, note.due) == ("Cells", "Cells", None)
    assert bench().drafts[0].note_id == note_id
    assert (bench().decided, bench().kept, bench().rejected) == (1, 1, 0)


def test_keeping_twice_makes_one_card(session, owner, bench):
    first = drafts.keep(session, owner, bench().drafts[0].id, now=NOW)
    again = drafts.keep(session, owner, bench().drafts[0].id, now=NOW)

    assert first == again
    assert cards(session, owner) == 1
    assert drafts.undo(session, owner, bench().document.id, now=NOW) is not None
    assert drafts.undo(session, owner, bench().document.id, now=NOW) is None


def test_a_rejected_draft_makes_no_card(session, owner, bench):
    drafts.reject(session, owner, bench().drafts[0].id, now=NOW)

    assert decisions(bench) == [Decision.REJECTED, None, None]
    assert cards(session, owner) == 0


def test_a_kept_draft_that_is_rejected_after_all_leaves_its_deck(session, owner, bench):
    drafts.keep(session, owner, bench().drafts[0].id, now=NOW)
    drafts.reject(session, owner, bench().drafts[0].id, now=NOW)

    assert decisions(bench) == [Decision.REJECTED, None, None]
    assert bench().drafts[0].note_id is None
    assert cards(session, owner) == 0


def test_all_ready_drafts_are_kept_at_once_and_undone_at_once(session, owner, bench):
    document_id = bench().document.id

    assert drafts.keep_all_ready(session, owner, document_id, now=NOW) == 2
    assert decisions(bench) == [Decision.KEPT, Decision.KEPT, None]
    assert bench().undo_label == "keeping 2 cards"
    assert drafts.keep_all_ready(session, owner, document_id, now=NOW) == 0

    undone = drafts.undo(session, owner, document_id, now=NOW)
    assert undone is not None
    assert undone.sentence == "Undid keeping 2 cards."
    assert decisions(bench) == [None, None, None]
    assert cards(session, owner) == 0


def test_undo_goes_back_step_by_step_to_the_beginning(session, owner, bench):
    first, second, _ = (view.id for view in bench().drafts)
    drafts.keep(session, owner, first, now=NOW)
    drafts.edit(session, owner, second, question="Why?", answer="Because.", now=NOW)
    drafts.reject(session, owner, second, now=NOW)
    drafts.keep(session, owner, second, now=NOW)

    told = []
    while undone := drafts.undo(session, owner, bench().document.id, now=NOW):
        told.append((undone.sentence, undone.draft_id))

    assert told == [
        ("Undid keeping card 2.", second),
        ("Undid rejecting card 2.", second),
        ("Undid the edit of card 2.", second),
        ("Undid keeping card 1.", first),
    ]
    assert decisions(bench) == [None, None, None]
    assert not any(view.edited for view in bench().drafts)
    assert bench().undo_label is None


def test_undoing_a_rejection_puts_the_kept_card_back(session, owner, bench):
    kept = drafts.keep(session, owner, bench().drafts[0].id, now=NOW)
    drafts.reject(session, owner, bench().drafts[0].id, now=NOW)

    drafts.undo(session, owner, bench().document.id, now=NOW)

    assert bench().drafts[0].note_id == kept
    assert cards(session, owner) == 1


def test_a_card_kept_again_is_the_same_card_with_its_reviews(session, owner, bench):
    kept = drafts.keep(session, owner, bench().drafts[0].id, now=NOW)
    card = study.next_card(session, owner, deck_id=None, now=NOW)
    answer(session, owner, card.card_id)
    drafts.undo(session, owner, bench().document.id, now=NOW)
    assert study.next_card(session, owner, deck_id=None, now=NOW) is None

    again = drafts.keep(session, owner, bench().drafts[0].id, now=NOW)

    assert again == kept
    assert study.card(session, owner, card.card_id, now=NOW).reviews == 1


def test_an_edited_draft_is_kept_as_edited(session, owner, bench):
    draft_id = bench().drafts[0].id
    drafts.edit(session, owner, draft_id, question=" Why? ", answer="Because.", explanation="Really.", now=NOW)

    note = decks.note(session, owner, drafts.keep(session, owner, draft_id, now=NOW))

    view = bench().drafts[0]
    assert (view.edited, view.question, view.answer, view.explanation) == (True, "Why?", "Because.", "Really.")
    assert view.draft == make.draft(0)
    assert (note.question, note.answer, note.explanation) == ("Why?", "Because.", "Really.")
    assert note.source == make.draft(0).source


def test_an_edit_that_changes_nothing_is_no_step(session, owner, bench):
    view = bench().drafts[0]

    drafts.edit(session, owner, view.id, question=view.question, answer=view.answer, now=NOW)

    assert bench().undo_label is None


def test_editing_a_kept_draft_changes_its_card_and_undo_changes_it_back(session, owner, bench):
    view = bench().drafts[0]
    note_id = drafts.keep(session, owner, view.id, now=NOW)
    drafts.edit(session, owner, view.id, question="Why?", answer="Because.", now=NOW)
    assert decks.note(session, owner, note_id).question == "Why?"

    drafts.undo(session, owner, bench().document.id, now=NOW)

    assert decks.note(session, owner, note_id).question == view.question


def test_what_was_edited_in_the_deck_is_never_overwritten_from_the_bench(session, owner, bench):
    view = bench().drafts[0]
    note_id = drafts.keep(session, owner, view.id, now=NOW)
    decks.edit_note(session, owner, note_id, question="My own words?", answer="Yes.", now=NOW)

    with pytest.raises(Conflict, match="edited in its deck"):
        drafts.edit(session, owner, view.id, question="Why?", answer="Because.", now=NOW)
    drafts.reject(session, owner, view.id, now=NOW)
    drafts.keep(session, owner, view.id, now=NOW)

    assert decks.note(session, owner, note_id).question == "My own words?"


def test_an_edit_between_two_keeps_reaches_the_card(session, owner, bench):
    view = bench().drafts[0]
    note_id = drafts.keep(session, owner, view.id, now=NOW)
    drafts.reject(session, owner, view.id, now=NOW)
    drafts.edit(session, owner, view.id, question="Why?", answer="Because.", now=NOW)

    assert drafts.keep(session, owner, view.id, now=NOW) == note_id
    assert decks.note(session, owner, note_id).question == "Why?"


def test_a_gap_is_kept_as_a_cloze_card(session, owner):
    added = make.added(session, owner, make.cloze_draft("A […] makes energy.", "mitochondrion"))
    (view,) = drafts.bench(session, owner, added.document_id).drafts

    note = decks.note(session, owner, drafts.keep(session, owner, view.id, now=NOW))

    assert (note.kind, note.question) == (CardKind.CLOZE, "A {{c1::mitochondrion}} makes energy.")


@pytest.fixture
def gaps(session, owner):
    """The ids of two drafts that hide one part each of the same sentence."""
    first = make.cloze_draft("A cell has […] mitochondria and one nucleus.", "many")
    second = make.cloze_draft("A cell has many mitochondria and […] nucleus.", "one")
    added = make.added(session, owner, first, second)
    return [view.id for view in drafts.bench(session, owner, added.document_id).drafts]


BOTH = "A cell has {{c1::many}} mitochondria and {{c2::one}} nucleus."


def test_gaps_of_one_sentence_that_are_kept_at_once_are_cards_of_one_note(session, owner):
    texts = ("It has […] of one.", "two"), ("It has two of […].", "one"), ("It had two of […].", "one")
    added = make.added(session, owner, *(make.cloze_draft(*text) for text in texts), keep_ready=True)

    views = drafts.bench(session, owner, added.document_id).drafts

    assert added.kept == 3
    assert views[0].note_id == views[1].note_id != views[2].note_id
    assert decks.note(session, owner, views[0].note_id).question == "It has {{c1::two}} of {{c2::one}}."


def test_gaps_of_one_sentence_that_are_kept_one_after_the_other_are_siblings(session, owner, gaps):
    first, second = (drafts.keep(session, owner, draft_id, now=NOW) for draft_id in gaps)

    assert first == second
    assert decks.note(session, owner, first).question == BOTH
    card = study.next_card(session, owner, deck_id=None, now=NOW)
    answer(session, owner, card.card_id)
    again = study.next_card(session, owner, deck_id=None, now=NOW + timedelta(hours=1))
    assert again is not None
    assert again.card_id == card.card_id


@pytest.mark.parametrize("undone", [0, 1], ids=["the first", "the second"])
def test_a_sibling_that_goes_takes_its_card_alone_and_comes_back_with_its_reviews(session, owner, gaps, undone):
    note_id, _ = (drafts.keep(session, owner, draft_id, now=NOW) for draft_id in gaps)
    ids = {card.ordinal: card.id for card in notes.cards_of(session, note_id)}
    answer(session, owner, ids[undone + 1])

    drafts.reject(session, owner, gaps[undone], now=NOW)
    left = decks.note(session, owner, note_id).question
    (document_id,) = {document.id for document in library.documents(session, owner)}
    views = drafts.bench(session, owner, document_id).drafts
    drafts.keep(session, owner, gaps[undone], now=NOW)

    assert left == BOTH.replace(("{{c1::many}}", "{{c2::one}}")[undone], ("many", "one")[undone])
    assert [view.note_id is None for view in views] == [undone == 0, undone == 1]
    assert decks.note(session, owner, note_id).question == BOTH
    assert study.card(session, owner, ids[undone + 1], now=NOW).reviews == 1


def test_a_note_is_gone_with_its_last_sibling_and_comes_back_with_one(session, owner, gaps):
    note_id, _ = (drafts.keep(session, owner, draft_id, now=NOW) for draft_id in gaps)
    for draft_id in gaps:
        drafts.reject(session, owner, draft_id, now=NOW)
    assert cards(session, owner) == 0

    assert drafts.keep(session, owner, gaps[0], now=NOW) == note_id

    assert decks.note(session, owner, note_id).question == "A cell has {{c1::many}} mitochondria and one nucleus."


def test_a_sibling_can_move_its_gap_but_not_say_something_else(session, owner, gaps):
    note_id, _ = (drafts.keep(session, owner, draft_id, now=NOW) for draft_id in gaps)

    drafts.edit(
        session, owner, gaps[1], question="A cell has many mitochondria and […].", answer="one nucleus", now=NOW
    )
    with pytest.raises(Conflict, match="same sentence"):
        drafts.edit(session, owner, gaps[0], question="A cell has […].", answer="mitochondria", now=NOW)

    assert decks.note(session, owner, note_id).question == BOTH.replace("one}} nucleus", "one nucleus}}")


def test_a_gap_does_not_join_a_sentence_that_was_reworded_in_its_deck(session, owner, gaps):
    first = drafts.keep(session, owner, gaps[0], now=NOW)
    decks.edit_note(session, owner, first, question="It has {{c1::many}}.", answer="", now=NOW)

    second = drafts.keep(session, owner, gaps[1], now=NOW)

    assert second != first
    assert decks.note(session, owner, first).question == "It has {{c1::many}}."


def test_a_sibling_that_leaves_a_note_reworded_in_its_deck_leaves_the_rest_as_it_is(session, owner, gaps):
    note_id, _ = (drafts.keep(session, owner, draft_id, now=NOW) for draft_id in gaps)
    decks.edit_note(session, owner, note_id, question="It has {{c1::many}} of {{c2::one}}.", answer="", now=NOW)

    drafts.reject(session, owner, gaps[0], now=NOW)

    assert decks.note(session, owner, note_id).question == "It has many of {{c2::one}}."


@pytest.mark.parametrize(
    ("draft", "wording", "sentence"),
    [
        (make.draft(), {"question": " ", "answer": "b"}, "question is empty"),
        (make.draft(), {"question": "a", "answer": ""}, "answer is empty"),
        (make.draft(), {"question": "a" * 20_001, "answer": "b"}, "question has 20,001 characters"),
        (make.draft(), {"question": "half \ud83d", "answer": "b"}, "half a character"),
        (make.cloze_draft(), {"question": "No gap", "answer": "b"}, "no gap"),
        (make.cloze_draft(), {"question": "A […]", "answer": " "}, "answer is empty"),
        (make.draft(kind=CardKind.CHOICE), {"question": "a", "answer": "b", "choices": ["b"]}, "at least two"),
        (make.draft(kind=CardKind.CHOICE), {"question": "a", "answer": "b", "choices": ["c", "d"]}, "not among"),
        (make.draft(kind=CardKind.CHOICE), {"question": "a", "answer": "b", "choices": ["b", "b "]}, "the same"),
        (make.draft(kind=CardKind.CHOICE), {"question": "a", "answer": "b", "choices": ["b", ""]}, "is empty"),
        (make.draft(kind=CardKind.ORDER), {"question": "a", "answer": "one"}, "two items"),
    ],
    ids=[
        "question",
        "answer",
        "size",
        "half a character",
        "gap",
        "gap's answer",
        "one choice",
        "no answer",
        "twice",
        "empty choice",
        "order",
    ],
)
def test_a_card_that_could_not_be_asked_is_refused(session, owner, draft, wording, sentence):
    added = make.added(session, owner, draft)
    (view,) = drafts.bench(session, owner, added.document_id).drafts

    with pytest.raises(InvalidInput, match=sentence):
        drafts.edit(session, owner, view.id, **wording, now=NOW)


def test_a_ready_proposal_that_could_not_be_asked_waits_in_the_tray_until_it_is_edited(session, owner):
    bad = make.draft(kind=CardKind.CHOICE, answer="b", choices=("c", "d"))
    added = make.added(session, owner, bad, make.draft(1), keep_ready=True)
    view = drafts.bench(session, owner, added.document_id).drafts[0]
    assert view.draft.status is DraftStatus.REVIEW
    assert "not among the choices" in view.draft.reasons[0]
    assert (added.kept, added.tray) == (1, 1)
    with pytest.raises(InvalidInput, match="not among"), session.begin_nested():
        drafts.keep(session, owner, view.id, now=NOW)

    drafts.edit(session, owner, view.id, question="Which?", answer="b", choices=["b", "c"], now=NOW)

    note = decks.note(session, owner, drafts.keep(session, owner, view.id, now=NOW))
    assert note.choices == ("b", "c")


def test_cards_go_to_the_documents_deck_under_its_new_name(session, owner, bench):
    first, second, _ = (view.id for view in bench().drafts)
    drafts.keep(session, owner, first, now=NOW)
    decks.rename(session, owner, bench().deck_id, "Biology", now=NOW)

    drafts.keep(session, owner, second, now=NOW)

    assert [(deck.name, deck.cards) for deck in decks.decks(session, owner, now=NOW)] == [("Biology", 2)]


def test_cards_go_to_a_new_deck_when_the_documents_deck_was_deleted(session, owner, bench):
    first, second, _ = (view.id for view in bench().drafts)
    drafts.keep(session, owner, first, now=NOW)
    decks.delete(session, owner, bench().deck_id, now=NOW)
    assert bench().drafts[0].note_id is None

    drafts.keep(session, owner, second, now=NOW)
    drafts.keep(session, owner, first, now=NOW)

    assert [(deck.name, deck.cards) for deck in decks.decks(session, owner, now=NOW)] == [("Cells", 2)]


def test_another_persons_draft_is_as_good_as_missing(session, owner, bench):
    draft_id = bench().drafts[0].id
    for act in (
        lambda: drafts.keep(session, STRANGER, draft_id, now=NOW),
        lambda: drafts.reject(session, STRANGER, draft_id, now=NOW),
        lambda: drafts.edit(session, STRANGER, draft_id, question="a", answer="b", now=NOW),
        lambda: drafts.bench(session, STRANGER, bench().document.id),
        lambda: drafts.undo(session, STRANGER, bench().document.id, now=NOW),
        lambda: drafts.keep_all_ready(session, STRANGER, bench().document.id, now=NOW),
    ):
        with pytest.raises(NotFound):
            act()
