from datetime import timedelta

import pytest

from quizapp.services import checking, decks, drafts, trash
from tests import make
from tests.make import NOW
from tests.services.studying import answer

LATER = NOW + timedelta(days=30, seconds=1)


def counts(session):
    tables = ("note", "card", "plan", "memory", "review", "deck", "document", "draft")
    count = "select count(*) from "
    return {name: session.connection().exec_driver_sql(count + name).scalar() for name in tables}


def test_a_note_stays_in_the_trash_for_30_days_and_then_goes_with_all_that_is_its(session, owner):
    added = make.added(session, owner, keep_ready=True)
    answer(session, owner, 1)
    decks.delete_note(session, owner, 1, now=NOW)

    assert trash.empty(session, now=NOW + timedelta(days=30)) == trash.Emptied(0, 0)
    decks.restore_note(session, owner, 1, now=NOW)
    decks.delete_note(session, owner, 1, now=NOW)
    assert trash.empty(session, now=LATER) == trash.Emptied(0, 1)

    left = counts(session)
    assert (left["note"], left["card"], left["plan"], left["memory"], left["review"]) == (1, 1, 1, 0, 0)
    assert (left["document"], left["draft"]) == (1, 3)
    assert drafts.bench(session, owner, added.document_id).drafts
    assert checking.check(session, now=NOW).faults == ()


def test_a_deck_goes_with_its_cards_and_the_document_stays(session, owner):
    added = make.added(session, owner, keep_ready=True, deck_name="Cells::Parts")
    make.added(session, owner, text=f"{make.TEXT} More.", keep_ready=True, deck_name="Other")
    decks.delete(session, owner, added.deck_id, now=NOW)

    assert trash.empty(session, now=LATER) == trash.Emptied(1, 2)

    left = counts(session)
    assert (left["note"], left["document"]) == (2, 2)
    assert checking.check(session, now=NOW).faults == ()


def test_a_draft_whose_note_is_gone_for_good_can_be_kept_again(session, owner):
    added = make.added(session, owner)
    first = drafts.bench(session, owner, added.document_id).drafts[0].id
    drafts.keep(session, owner, first, now=NOW)
    drafts.undo(session, owner, added.document_id, now=NOW)
    trash.empty(session, now=LATER)

    note = drafts.keep(session, owner, first, now=LATER)

    assert decks.note(session, owner, note).question


def test_undoing_what_was_kept_works_when_the_note_is_gone_for_good(session, owner):
    added = make.added(session, owner, keep_ready=True)
    decks.delete_note(session, owner, 1, now=NOW)
    trash.empty(session, now=LATER)

    assert drafts.undo(session, owner, added.document_id, now=LATER) is not None


@pytest.mark.parametrize(("age", "removed"), [(timedelta(hours=23), 0), (timedelta(hours=25), 1)])
def test_files_that_nothing_names_are_removed_after_a_day(database, owner, age, removed):
    with database.writing() as session:
        make.added(session, owner)
    database.media.put(b"left behind")
    written = max(file.written for file in database.media.files())

    with database.writing() as session:
        assert trash.collect(session, now=written + age) == removed

    with database.reading() as session:
        assert checking.check(session, now=NOW).faults == ()
