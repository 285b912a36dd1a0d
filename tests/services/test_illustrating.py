"""What becomes of pictures when their document is added again, changed, and when it goes back."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from quizapp.db import files, kin
from quizapp.db.documents import DocumentRow
from quizapp.db.engine import media_of
from quizapp.errors import NotFound
from quizapp.services import checking, decks, drafts, library, parting, pictures, quizzes, trash, versions
from tests.ingest.building.drawing import png
from tests.make import NOW
from tests.services import quizzing
from tests.services.illustrated import CRANE, FIGURES, MOLE, OPENING, QUAY, ROWS, add, page

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


NIGHT = png(1200, 1200, shade=60)
NEXT = page({"The mole at low tide.": MOLE, "The quay at noon.": CRANE, "The crane at night.": NIGHT}, f"{OPENING} So.")
FORMER, NEWER = [MOLE, QUAY], [MOLE, CRANE, NIGHT]


@pytest.fixture
def former(session, owner):
    """A document of two figures, of which nothing is kept yet."""
    return add(session, owner, page(FIGURES))


def test_an_earlier_version_comes_back_with_its_pictures_and_they_leave_with_it(session, owner, former):
    add(session, owner, NEXT, now=LATER)

    number = versions.make_current(session, owner, former.document_id, 1, now=LATER)

    assert shown_in(session, owner, former) == FORMER
    assert shown_on_bench(session, owner, former)["The quay at noon"] == QUAY
    versions.undo(session, owner, former.document_id, number=number, now=LATER)
    assert shown_in(session, owner, former) == NEWER
    assert shown_on_bench(session, owner, former)["The quay at noon"] == CRANE


def test_the_files_of_an_earlier_version_stay_for_as_long_as_it_does(session, owner, former):
    names = {one.name for one in library.document(session, owner, former.document_id).illustrations}
    add(session, owner, NEXT, now=LATER)
    trash.empty(session, now=MUCH_LATER)
    (gone,) = names - {one.name for one in library.document(session, owner, former.document_id).illustrations}
    media_of(session).path(gone).rename(aside := media_of(session).path(gone).with_suffix(".aside"))

    (fault,) = checking.check(session, now=LATER).faults
    aside.rename(media_of(session).path(gone))
    versions.make_current(session, owner, former.document_id, 1, now=LATER)

    assert "a picture of Harbour" in fault
    assert shown_in(session, owner, former) == FORMER
    library.delete(session, owner, former.document_id, now=NOW)
    trash.empty(session, now=MUCH_LATER)
    assert not names & set(files.named(session))


def test_kept_apart_each_text_has_pictures_of_its_own_and_cards_show_those_of_theirs(session, owner, former):
    add(session, owner, NEXT, now=LATER)
    crane = next(one for one in drafts.bench(session, owner, former.document_id).drafts if "crane" in one.draft.answer)
    drafts.keep(session, owner, crane.id, now=LATER)
    note = decks.deck(session, owner, decks.decks(session, owner, now=LATER)[0].id, now=LATER).notes[0]

    parted = parting.keep_both(session, owner, former.document_id, number=2, now=LATER)

    assert (shown_in(session, owner, former), shown_in(session, owner, parted)) == (FORMER, NEWER)
    assert shown_on_bench(session, owner, parted)["The quay at noon"] == CRANE
    own = library.document(session, owner, parted.document_id).illustrations
    assert [file(session, owner, one) for one in decks.illustrations(session, owner, note.id)] == NEWER
    assert decks.deck(session, owner, note.deck_id, now=LATER).notes[0].illustration in own


def test_a_draft_whose_passage_is_gone_shows_what_it_showed(session, owner, former):
    quay = next(one for one in drafts.bench(session, owner, former.document_id).drafts if "quay" in one.draft.answer)
    drafts.reject(session, owner, quay.id, now=NOW)

    add(session, owner, page({"The mole at low tide.": MOLE}, f"{OPENING} So it is."), now=LATER)

    assert shown_on_bench(session, owner, former)["The quay at noon"] == QUAY


def test_taken_for_a_new_version_a_document_brings_its_pictures(session, owner, former):
    other = add(session, owner, NEXT, as_new=True, now=LATER)
    kin.ask(session, *(session.get_one(DocumentRow, one.document_id) for one in (other, former)))

    parting.take_as_version(session, owner, other.document_id, now=LATER)

    assert shown_in(session, owner, former) == NEWER
    assert shown_on_bench(session, owner, former)["The quay at noon"] == CRANE


CAPTION = st.sampled_from(["The mole at low tide.", "The quay at noon.", "The crane at night.", "The pier."])
FIGURED = st.dictionaries(CAPTION, st.sampled_from([MOLE, QUAY, CRANE, b""]), min_size=1)
LAW = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
SHOWN = "(select hash from picture where picture.id = {0}.picture_id), columns"
PICTURED = (
    "select document_id, number, hash, size, media_type, alt, width, height, start from picture"
    " where document_id is not null order by 1, 2",
    f"select id, document_id, version, {SHOWN.format('note')} from note order by 1",
    f"select document_id, content_id, start, decision, {SHOWN.format('draft')} from draft order by 1, 2",
    "select document_id, number, pictures, passages from document_version order by 1, 2",
    "select document_id, number, columns from passage order by 1, 2",
)


def pictured(session):
    """Return all pictures, what shows which, and what the tables beside them are called."""
    session.flush()
    return [[tuple(map(str, row)) for row in session.execute(text(one))] for one in PICTURED]


@pytest.fixture
def tabled(session, owner):
    """A document of two figures and a table, two cards of which are kept."""
    added = add(session, owner, page(FIGURES, rows=ROWS))
    for one in drafts.bench(session, owner, added.document_id).drafts[1:3]:
        drafts.keep(session, owner, one.id, now=NOW)
    return added


def keep_one(session, owner, added):
    waiting = [one for one in drafts.bench(session, owner, added.document_id).drafts if one.decision is None]
    if waiting:
        drafts.keep(session, owner, waiting[-1].id, now=LATER)


def anew(session, owner, figures):
    """Add the next version of the page, in which its table has a row more."""
    rows = (*ROWS, ("Aln", "red", "9 miles"))
    added = add(session, owner, page(figures, f"{OPENING} So it is.", rows=rows), now=LATER)
    assert added.update is not None
    return added


@LAW
@given(FIGURED)
def test_there_and_back_gives_everything_its_picture(session, owner, tabled, figures):
    with session.begin_nested() as trial:
        before = pictured(session)
        anew(session, owner, figures)
        between = pictured(session)
        trash.empty(session, now=MUCH_LATER)

        number = versions.make_current(session, owner, tabled.document_id, 1, now=LATER)

        after = pictured(session)
        assert (after[:3], after[4]) == (before[:3], before[4])
        versions.undo(session, owner, tabled.document_id, number=number, now=LATER)
        assert pictured(session) == between
        trial.rollback()
    session.expire_all()


@LAW
@given(FIGURED, st.booleans())
def test_keeping_both_and_taking_it_back_leaves_every_picture(session, owner, tabled, figures, keeps):
    with session.begin_nested() as trial:
        former = pictured(session)[0]
        anew(session, owner, figures)
        if keeps:
            keep_one(session, owner, tabled)
        before = pictured(session)

        parted = parting.keep_both(session, owner, tabled.document_id, number=2, now=LATER)

        apart = pictured(session)[0]
        assert [row for row in apart if row[0] == str(tabled.document_id)] == former
        assert [row[1:] for row in apart if row[0] == str(parted.document_id)] == [row[1:] for row in before[0]]
        assert checking.check(session, now=LATER).faults == ()
        parting.undo_keep_both(session, owner, parted.document_id, now=LATER)
        assert pictured(session) == before
        trial.rollback()
    session.expire_all()
