import pytest
from sqlalchemy import text

from quizapp.db.engine import media_of
from quizapp.domain.cards import DraftStatus
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.errors import InvalidInput, NotFound
from quizapp.services import decks, drafts, library, reading
from tests import make
from tests.make import NOW

STRANGER = Actor(LearnerId(999))


def test_a_document_is_read_back_as_it_was_added(session, owner):
    added = make.added(session, owner)

    view = library.document(session, owner, added.document_id)

    assert view.text == make.TEXT
    assert view.blocks == make.document().blocks
    assert (view.title, view.filename, view.language, view.words) == ("Cells", "cells.md", "en", 31)
    assert view.added == NOW


def test_the_file_is_kept_byte_for_byte(session, owner):
    make.added(session, owner)

    name, size = session.execute(text("select hash, size from original")).one()
    assert media_of(session).get(name) == make.TEXT.encode()
    assert size == len(make.TEXT.encode())


def test_ready_drafts_and_the_tray_wait_apart(session, owner):
    added = make.added(session, owner)

    assert (added.ready, added.tray, added.kept, added.deck_id, added.already_there) == (2, 1, 0, None, False)


def test_the_same_text_again_is_the_document_that_is_there(session, owner):
    first = make.added(session, owner, keep_ready=True)

    again = make.added(session, owner, title="Another title")

    assert again.already_there
    assert again.document_id == first.document_id
    assert (again.ready, again.tray, again.kept) == (0, 1, 2)
    assert len(library.documents(session, owner)) == 1


def test_keeping_the_ready_ones_puts_them_into_a_deck_named_after_the_document(session, owner):
    added = make.added(session, owner, title="Cells::A primer", keep_ready=True)

    (deck,) = decks.decks(session, owner, now=NOW)
    assert (deck.id, deck.name, deck.cards, deck.documents) == (
        added.deck_id,
        "Cells: A primer",
        2,
        ("Cells::A primer",),
    )


def test_a_deck_can_be_named_and_is_shared_however_it_is_capitalised(session, owner):
    first = make.added(session, owner, deck_name="Biology::Cells", keep_ready=True)
    second = make.added(session, owner, text=make.TEXT + "!", deck_name="biology:: cells", keep_ready=True)

    assert first.deck_id == second.deck_id
    assert [deck.name for deck in decks.decks(session, owner, now=NOW)] == ["Biology::Cells"]


@pytest.mark.parametrize(
    "name", ["::", "A::", "a\x00b", "x" * 201], ids=["only a mark", "empty part", "control", "long"]
)
def test_a_deck_name_that_could_not_be_shown_is_refused_before_anything_is_stored(session, owner, name):
    with pytest.raises(InvalidInput, match="name"):
        make.added(session, owner, deck_name=name)

    assert library.documents(session, owner) == []


def test_a_file_whose_name_is_no_text_can_be_added(session, owner):
    made = make.reading(title="Caf\udce9")

    library.add_document(
        session, owner, reading=made, filename="caf\udce9\0.txt", data=b"", deck_name=None, keep_ready=True, now=NOW
    )

    (document,) = library.documents(session, owner)
    assert (document.title, document.filename, document.decks) == ("Caf?", "caf?\ufffd.txt", ("Caf",))


def test_a_draft_that_is_proposed_twice_is_stored_once(session, owner):
    added = make.added(session, owner, make.draft(0), make.draft(0))

    assert added.ready == 1


def test_a_draft_says_what_the_learner_has_that_asks_nearly_the_same(session, owner):
    make.note_in(session, owner, make.draft(0, question="What makes most of the energy of a cell?"))

    added = make.added(
        session, owner, make.draft(1, question="What makes most of the energy in a cell?"), make.draft(2)
    )

    near, far = drafts.bench(session, owner, added.document_id).drafts
    assert near.similar == ("What makes most of the energy of a cell?",)
    assert far.similar == ()


def test_the_library_lists_the_newest_first_with_what_became_of_the_drafts(session, owner):
    make.added(session, owner, keep_ready=True)
    make.added(session, owner, text=make.TEXT + "!", title="More cells")

    newest, oldest = library.documents(session, owner)

    assert (newest.title, newest.ready_waiting, newest.tray, newest.kept, newest.decks) == ("More cells", 2, 1, 0, ())
    assert (oldest.title, oldest.ready_waiting, oldest.tray, oldest.kept, oldest.decks) == (
        "Cells",
        0,
        1,
        2,
        ("Cells",),
    )


def test_a_document_without_drafts_is_stored_too(session, owner):
    nothing = make.reading(make.draft())
    added = library.add_document(
        session,
        owner,
        reading=reading.Reading(nothing.document, (), (), ("Nothing to ask.",), 0.1, 31),
        filename="cells.md",
        data=b"",
        deck_name=None,
        keep_ready=True,
        now=NOW,
    )

    assert (added.ready, added.tray, added.kept, added.deck_id) == (0, 0, 0, None)
    assert library.document(session, owner, added.document_id).problems == ("Nothing to ask.",)


def test_another_persons_document_is_as_good_as_missing(session, owner):
    added = make.added(session, owner)

    with pytest.raises(NotFound) as theirs:
        library.document(session, STRANGER, added.document_id)
    with pytest.raises(NotFound) as missing:
        library.document(session, owner, 999)

    assert str(theirs.value) == str(missing.value)
    assert library.documents(session, STRANGER) == []


def test_a_draft_keeps_all_that_generation_said(session, owner):
    proposed = make.draft(2, status=DraftStatus.REVIEW, explanation="Because.", choices=("a", "b"))

    added = make.added(session, owner, proposed)

    (view,) = drafts.bench(session, owner, added.document_id).drafts
    assert view.draft == proposed


@pytest.mark.slow
def test_a_file_is_read_and_its_cards_proposed_in_a_child():
    said = "Photosynthesis refers to the process by which plants turn light into chemical energy."
    seen = []

    made = reading.draft_cards(
        f"# Plants\n\n{said}\n".encode(), "plants.md", on_progress=lambda *step: seen.append(step)
    )

    assert made.document.title == "Plants"
    assert made.words == len(made.document.text.split())
    assert any(draft.source.quote in said for draft in made.drafts)
    assert seen


def test_of_several_files_that_are_read_at_once_the_share_done_only_grows(monkeypatch):
    monkeypatch.setattr(
        reading.sandbox, "run", lambda function, *given, on_progress, **_: function(*given, on_progress)
    )
    seen = []

    made = reading.draft_cards_of_all(
        [(b"# Berths\n\nA berth is a place.\n", "a.md"), (b"# Tides\n\nA tide is a rise.\n", "b.md")],
        on_progress=lambda share, _what: seen.append(share),
    )

    assert [one.document.title for one in made] == ["Berths", "Tides"]
    assert seen == sorted(seen)
    assert seen[0] < 0.5 < seen[-1] <= 1


def test_a_title_is_no_longer_than_pages_can_show(session, owner):
    added = make.added(session, owner, title="T" * 5_000)

    assert len(library.document(session, owner, added.document_id).title) == 300


def test_a_document_remembers_where_it_was_first_fetched(session, owner):
    added = make.added(session, owner)
    assert library.document(session, owner, added.document_id).url is None

    make.added(session, owner, url="https://example.org/a")
    make.added(session, owner, url="https://example.org/b")

    assert library.document(session, owner, added.document_id).url == "https://example.org/a"
