from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from json import loads
from zipfile import ZipFile

import pytest

from quizapp.db import files
from quizapp.db.engine import media_of
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.errors import InvalidInput, NotFound
from quizapp.ingest import read
from quizapp.services import checking, decks, drafts, library, pictures, quizzes, sittings, study, transfer, trash
from quizapp.services.reading import Reading
from tests import make
from tests.ingest.building import drawing
from tests.ingest.building.drawing import ABOVE, ALT, CAPTION, png
from tests.make import NOW
from tests.services import quizzing

STRANGER = Actor(LearnerId(999))
LATER = NOW + timedelta(days=31)


@pytest.fixture
def added(session, owner):
    """A document with one picture, and three cards: of its caption, of what names it, and of something else."""
    document = read(drawing.in_word(png()), "harbour.docx")
    proposed = []
    for quote, answer in ((CAPTION, "low tide"), (ABOVE, "the swell"), ("The harbour", "a port")):
        start = document.text.index(quote)
        source = make.Source(quote, start, start + len(quote))
        proposed.append(make.draft(question=f"What of “{quote}”?", answer=answer, source=source))
    return library.add_document(
        session,
        owner,
        reading=Reading(document, tuple(proposed), (), (), seconds=0.1, words=30),
        filename="harbour.docx",
        data=b"docx",
        deck_name="Harbour",
        keep_ready=True,
        now=NOW,
    )


def notes(session, owner, added):
    shown = decks.deck(session, owner, added.deck_id, now=NOW).notes
    return {note.source.quote: note for note in shown}


def media(session, owner, added):
    with ZipFile(BytesIO(transfer.export_deck(session, owner, added.deck_id, now=NOW).data)) as package:
        names = loads(package.read("media"))
        return {name: package.read(number) for number, name in names.items()}


def test_a_picture_is_shown_where_it_stood(session, owner, added):
    view = library.document(session, owner, added.document_id)

    (shown,) = view.illustrations
    assert (shown.alt, shown.width, shown.height) == (ALT, 120, 80)
    assert view.text[shown.start :].startswith(CAPTION)
    file = pictures.picture(session, owner, shown.name)
    assert (file.data, file.media_type) == (png(), "image/png")


def test_what_is_no_picture_of_the_actor_is_not_found(session, owner, added):
    (shown,) = library.document(session, owner, added.document_id).illustrations

    for actor, name in ((STRANGER, shown.name), (owner, "a" * 64), (owner, media_of(session).put(b"docx"))):
        with pytest.raises(NotFound):
            pictures.picture(session, actor, name)


def test_a_card_of_the_caption_or_of_what_names_it_shows_the_picture(session, owner, added):
    found = notes(session, owner, added)

    assert [found[quote].illustration is not None for quote in (CAPTION, ABOVE, "The harbour")] == [True, True, False]
    bench = {one.draft.source.quote: one.illustration for one in drafts.bench(session, owner, added.document_id).drafts}
    assert bench[CAPTION] == found[CAPTION].illustration
    assert bench["The harbour"] is None


def test_studying_and_quizzes_show_it(session, owner, added):
    card = study.next_card(session, owner, deck_id=None, now=NOW)
    quiz_id = quizzing.quiz(session, owner, added.deck_id)
    asked = {one.source.quote: one.illustration for one in quizzes.sheet(session, owner, quiz_id).questions}

    assert card.illustration == notes(session, owner, added)[card.source.quote].illustration
    assert [asked[quote] is not None for quote in (CAPTION, ABOVE, "The harbour")] == [True, True, False]
    sitting_id = sittings.start(session, owner, quiz_id, seed=1, now=NOW)
    places = sittings.sitting(session, owner, sitting_id, now=NOW).places.shown
    assert {one.question.source.quote: one.question.illustration for one in places} == asked


def test_another_picture_or_none_can_be_chosen_and_counts_as_a_change(session, owner, added):
    note = notes(session, owner, added)["The harbour"]
    (shown,) = decks.illustrations(session, owner, note.id)

    decks.choose_illustration(session, owner, note.id, shown.id, now=LATER)

    changed = decks.note(session, owner, note.id)
    assert changed == replace(note, illustration=shown, version=note.version + 1)
    decks.choose_illustration(session, owner, note.id, shown.id, now=LATER)
    assert decks.note(session, owner, note.id).version == changed.version
    decks.choose_illustration(session, owner, note.id, None, now=LATER)
    assert decks.note(session, owner, note.id).illustration is None


def test_a_picture_of_another_document_cannot_be_chosen(session, owner, added):
    (shown,) = library.document(session, owner, added.document_id).illustrations
    other = make.note_in(session, owner, make.draft())

    with pytest.raises(InvalidInput):
        decks.choose_illustration(session, owner, other, shown.id, now=NOW)
    with pytest.raises(NotFound):
        decks.choose_illustration(session, owner, other, 999, now=NOW)
    with pytest.raises(NotFound):
        decks.choose_illustration(session, STRANGER, other, None, now=NOW)


def test_undo_and_keeping_again_keep_the_picture(session, owner, added):
    before = notes(session, owner, added)

    drafts.undo(session, owner, added.document_id, now=NOW)
    drafts.keep_all_ready(session, owner, added.document_id, now=NOW)

    assert notes(session, owner, added) == before


def test_the_document_comes_back_from_the_trash_with_its_pictures(session, owner, added):
    before = library.document(session, owner, added.document_id).illustrations
    library.delete_with_cards(session, owner, added.document_id, now=NOW)
    library.restore(session, owner, added.document_id, now=NOW)

    assert library.document(session, owner, added.document_id).illustrations == before
    assert notes(session, owner, added)[CAPTION].illustration == before[0]


def test_a_card_keeps_its_picture_when_the_document_is_gone(session, owner, added):
    shown = notes(session, owner, added)[CAPTION].illustration
    library.delete(session, owner, added.document_id, now=NOW)

    trash.empty(session, now=LATER)

    session.expire_all()
    assert notes(session, owner, added)[CAPTION].illustration == shown
    assert pictures.picture(session, owner, shown.name).data == png()
    assert shown.name in files.named(session)
    assert checking.check(session, now=NOW).faults == ()
    note = notes(session, owner, added)[CAPTION]
    assert [one.id for one in decks.illustrations(session, owner, note.id)] == [shown.id]


def test_a_picture_that_nothing_shows_goes_with_its_document(session, owner, added):
    shown = notes(session, owner, added)[CAPTION].illustration
    library.delete_with_cards(session, owner, added.document_id, now=NOW)

    trash.empty(session, now=LATER)

    assert shown.name not in files.named(session)
    with pytest.raises(NotFound):
        pictures.picture(session, owner, shown.name)


def test_a_missing_file_is_told(session, owner, added):
    shown = notes(session, owner, added)[CAPTION].illustration
    media_of(session).path(shown.name).unlink()

    (fault,) = checking.check(session, now=NOW).faults

    assert "a picture of The harbour" in fault
    exported = transfer.export_deck(session, owner, added.deck_id, now=NOW)
    assert exported.notes == 3
    assert [problem for problem in exported.problems if "missing" in problem]


def test_the_anki_package_holds_each_picture_once(session, owner, added):
    name = notes(session, owner, added)[CAPTION].illustration.name

    assert media(session, owner, added) == {f"recto-{name[:32]}.png": png()}
