"""What becomes of pictures when their document is added again, changed."""

from datetime import timedelta

import pytest

from quizapp.db import files
from quizapp.errors import NotFound
from quizapp.services import checking, decks, drafts, library, pictures, quizzes, trash
from tests.make import NOW
from tests.services import quizzing
from tests.services.illustrated import CRANE, FIGURES, MOLE, OPENING, QUAY, add, page

LATER = NOW + timedelta(hours=1)
MUCH_LATER = NOW + timedelta(days=31)


def shown_on_notes(session, owner, added):
    """Return the file on each card, by its answer."""
    session.expire_all()
    found = decks.deck(session, owner, added.deck_id, now=NOW).notes
    return {note.answer: file(session, owner, note.illustration) for note in found}


def shown_on_bench(session, owner, added):
    session.expire_all()
    found = drafts.bench(session, owner, added.document_id).drafts
    return {one.draft.answer: file(session, owner, one.illustration) for one in found}


def shown_in(session, owner, added):
    session.expire_all()
    return [file(session, owner, one) for one in library.document(session, owner, added.document_id).illustrations]


def file(session, owner, illustration):
    return illustration and pictures.picture(session, owner, illustration.name).data


@pytest.fixture
def added(session, owner):
    return add(session, owner, page(FIGURES), keep_ready=True)


def test_a_new_version_has_its_own_pictures_and_cards_keep_theirs(session, owner, added):
    before = shown_on_notes(session, owner, added)

    again = add(session, owner, page({"The crane at night.": CRANE, **FIGURES, "The quay at noon.": CRANE}), now=LATER)

    assert again.update is not None
    assert shown_in(session, owner, again) == [CRANE, MOLE]
    assert before == {"The mole at low tide": MOLE, "The quay at noon": QUAY}
    assert shown_on_notes(session, owner, again) == before


def test_the_bench_shows_the_pictures_of_the_new_version(session, owner):
    first = add(session, owner, page(FIGURES))
    assert shown_on_bench(session, owner, first)["The quay at noon"] == QUAY

    again = add(session, owner, page({"The pier.": MOLE, **FIGURES, "The quay at noon.": CRANE}), now=LATER)

    assert shown_on_bench(session, owner, again)["The quay at noon"] == CRANE


def test_a_picture_that_stays_is_the_same_one_wherever_it_moves(session, owner, added):
    before = {one.name: one.id for one in library.document(session, owner, added.document_id).illustrations}

    again = add(session, owner, page(dict(reversed(FIGURES.items())), f"{OPENING} So it is."), now=LATER)

    assert shown_in(session, owner, again) == [QUAY, MOLE]
    assert {one.name: one.id for one in library.document(session, owner, added.document_id).illustrations} == before


def test_a_former_picture_stays_for_the_card_that_shows_it_and_can_be_exchanged(session, owner, added):
    again = add(session, owner, page({**FIGURES, "The quay at noon.": CRANE}, f"{OPENING} So it is."), now=LATER)
    note = next(one for one in decks.deck(session, owner, added.deck_id, now=NOW).notes if "quay" in one.answer)

    trash.empty(session, now=MUCH_LATER)
    offered = decks.illustrations(session, owner, note.id)
    decks.choose_illustration(session, owner, note.id, offered[-1].id, now=LATER)

    assert [file(session, owner, one) for one in offered] == [QUAY, MOLE, CRANE]
    assert shown_on_notes(session, owner, again)["The quay at noon"] == CRANE
    assert checking.check(session, now=LATER).faults == ()


def test_a_former_picture_goes_when_neither_card_nor_quiz_nor_draft_shows_it(session, owner, added):
    quiz_id = quizzing.quiz(session, owner, added.deck_id)
    former = library.document(session, owner, added.document_id).illustrations[1].name
    add(session, owner, page({"The mole at low tide.": MOLE}, f"{OPENING} So it is."), now=LATER)
    note = next(one for one in decks.deck(session, owner, added.deck_id, now=NOW).notes if "quay" in one.answer)

    there = []
    for let_go in (
        lambda: decks.choose_illustration(session, owner, note.id, None, now=LATER),
        lambda: quizzes.delete(session, owner, quiz_id, now=NOW),
        lambda: library.delete(session, owner, added.document_id, now=NOW),
    ):
        there.append(former in files.named(session))
        let_go()
        trash.empty(session, now=MUCH_LATER)
        session.expire_all()

    assert there == [True, True, True]
    assert former not in files.named(session)
    with pytest.raises(NotFound):
        pictures.picture(session, owner, former)


def test_the_same_text_again_brings_pictures_that_were_not_there(session, owner):
    first = add(session, owner, page(dict.fromkeys(FIGURES, b"")), keep_ready=True)
    assert shown_in(session, owner, first) == []

    again = add(session, owner, page(FIGURES), now=LATER)

    assert (again.document_id, again.already_there) == (first.document_id, True)
    assert shown_in(session, owner, again) == [MOLE, QUAY]
    assert shown_on_bench(session, owner, again) == {"The mole at low tide": MOLE, "The quay at noon": QUAY}
    assert set(shown_on_notes(session, owner, again).values()) == {None}


def test_the_same_text_without_its_pictures_takes_none_away(session, owner, added):
    again = add(session, owner, page(dict.fromkeys(FIGURES, b"")), now=LATER)

    assert again.already_there
    assert shown_in(session, owner, again) == [MOLE, QUAY]
