from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from quizapp.db import learners
from quizapp.domain.cards import CardKind, Note
from quizapp.domain.incoming import Incoming, PastCard, PastReview, Trouble
from quizapp.domain.past import ahead
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.domain.scheduling import Preset
from quizapp.errors import Conflict, InvalidInput, NotFound
from quizapp.services import browsing, checking, decks, importing, jobs, past, trash
from quizapp.services.arriving import NOTHING_BESIDES
from quizapp.services.tasks import ToImport
from tests import make
from tests.make import NOW

LATER = NOW + timedelta(hours=1)


def basic(number=0, **given):
    note = Note(CardKind.BASIC, f"What is {number}?", f"Number {number}.", tags=("cells",))
    return Incoming(replace(note, **given.pop("note", {})), **{"guid": f"g{number}", **given})


def bring(session, owner, *incoming, into="Notes", now=NOW, **given):
    return importing.store(session, owner, incoming, source="notes.csv", into=into, now=now, **given)


def shown(session, owner, query=""):
    """All that a person sees of the cards."""
    return browsing.browse(session, owner, query, now=NOW).cards


def counts(report):
    return (report.added, report.updated, report.unchanged, report.edited_here, report.in_trash)


def only_note(session, owner, query="deck:Notes"):
    (card,) = shown(session, owner, query)
    return decks.note(session, owner, card.note_id)


def test_notes_come_into_their_decks_with_cards_that_are_new_and_can_be_found(session, owner):
    cloze = Incoming(Note(CardKind.CLOZE, "{{c1::Cells}} have {{c2::walls}}."), deck="Biology:: Cells ", guid="c")

    report = bring(session, owner, basic(), cloze)

    assert counts(report) == (2, 0, 0, 0, 0)
    assert report.decks == ("Biology::Cells", "Notes")
    found = {one.name: one.new for one in decks.decks(session, owner, now=NOW)}
    assert found == {"Biology::Cells": 2, "Notes": 1}
    assert len(shown(session, owner, "walls")) == 2
    assert only_note(session, owner).tags == ("cells",)
    assert checking.check(session, now=NOW).faults == ()


@pytest.mark.parametrize("guid", ["g0", ""])
def test_the_same_file_again_changes_nothing(session, owner, guid):
    bring(session, owner, basic(guid=guid))
    before = shown(session, owner)

    again = bring(session, owner, basic(guid=guid), now=LATER)

    assert counts(again) == (0, 0, 1, 0, 0)
    assert not again.changed
    assert shown(session, owner) == before


@pytest.mark.parametrize("guid", ["g0", ""])
def test_what_a_file_says_otherwise_later_updates_the_note(session, owner, guid):
    bring(session, owner, basic(guid=guid))
    corrected = basic(guid=guid, note={"answer": "Nought.", "tags": ("numbers",)})

    report = bring(session, owner, corrected, now=LATER)

    assert counts(report) == (0, 1, 0, 0, 0)
    note = only_note(session, owner)
    assert (note.answer, note.tags) == ("Nought.", ("numbers",))


@pytest.mark.parametrize("guid", ["g0", ""])
def test_a_learners_own_edit_wins_over_the_file(session, owner, guid):
    bring(session, owner, basic(guid=guid))
    note = only_note(session, owner)
    decks.edit_note(session, owner, note.id, question=note.question, answer="Mine.", now=NOW)

    same = bring(session, owner, basic(guid=guid), now=LATER)
    other = bring(session, owner, basic(guid=guid, note={"answer": "Nought."}), now=LATER)

    assert (counts(same), counts(other)) == ((0, 0, 1, 0, 0), (0, 0, 0, 1, 0))
    assert only_note(session, owner).answer == "Mine."


def test_notes_without_a_name_that_ask_the_same_stay_apart(session, owner):
    two = [basic(guid="", note={"answer": answer}) for answer in ("One.", "Two.")]
    bring(session, owner, *two)

    again = bring(session, owner, *reversed(two), now=LATER)
    changed = bring(session, owner, two[0], basic(guid="", note={"answer": "Three."}), now=LATER)

    assert counts(again) == (0, 0, 2, 0, 0)
    assert counts(changed) == (0, 1, 1, 0, 0)
    assert {card.answer for card in shown(session, owner)} == {"One.", "Three."}


def test_a_note_made_here_is_never_changed_by_a_nameless_one_that_asks_the_same(session, owner):
    note_id = make.note_in(session, owner, make.draft(0))
    said = decks.note(session, owner, note_id)
    same, other = (Note(CardKind.BASIC, said.question, answer) for answer in (said.answer, "Something else."))

    report = bring(session, owner, Incoming(same), Incoming(other))

    assert counts(report) == (1, 0, 1, 0, 0)
    assert decks.note(session, owner, note_id).answer == said.answer


def test_a_note_made_here_that_was_edited_elsewhere_later_comes_back_so(session, owner):
    bring(session, owner, basic())
    edited = basic(note={"answer": "Edited elsewhere."}, modified=LATER)
    note = only_note(session, owner)

    bring(session, owner, edited, now=LATER)

    assert decks.note(session, owner, note.id).answer == "Edited elsewhere."


def test_what_cannot_be_asked_is_left_out_and_told_with_its_line(session, owner):
    empty = Incoming(Note(CardKind.BASIC, "Why?", " "), line=7)
    twice = [basic(line=1), basic(line=2)]

    report = bring(session, owner, empty, *twice, Trouble("There is no second column.", 9, 2))

    assert counts(report) == (1, 0, 0, 0, 0)
    assert [one.line for one in report.skipped] == [9, 7, 2]
    assert "Why?" in report.skipped[1].message
    assert report.skipped_count == 3


def test_a_refused_name_of_the_deck_stores_nothing(session, owner):
    with pytest.raises(InvalidInput):
        bring(session, owner, basic(), into=" ")

    assert shown(session, owner) == []


def test_an_import_is_undone_and_redone_as_a_whole_and_twice_counts_once(session, owner):
    make.note_in(session, owner, make.draft(0), deck_name="Notes")
    first = bring(session, owner, basic(0), basic(1, deck="Biology"))
    before = shown(session, owner), decks.decks(session, owner, now=NOW)
    second = bring(session, owner, basic(0, note={"answer": "Nought.", "tags": ("new",)}), basic(2), basic(3, deck="X"))
    after = shown(session, owner), decks.decks(session, owner, now=NOW)

    for _ in range(2):
        for _ in range(2):
            assert importing.undo(session, owner, second.run_id, now=LATER).undone
        assert (shown(session, owner), decks.decks(session, owner, now=NOW)) == before
        for _ in range(2):
            assert not importing.redo(session, owner, second.run_id, now=LATER).undone
        assert (shown(session, owner), decks.decks(session, owner, now=NOW)) == after
    assert checking.check(session, now=NOW).faults == ()
    assert [one.run_id for one in importing.runs(session, owner)] == [second.run_id, first.run_id]


def test_a_deck_that_an_import_made_goes_to_the_trash_as_one(session, owner):
    run = bring(session, owner, basic(0, deck="A::B"), basic(1, deck="A"))

    importing.undo(session, owner, run.run_id, now=LATER)

    assert decks.decks(session, owner, now=NOW) == []
    assert [(one.name, one.cards) for one in trash.contents(session, owner, now=LATER)] == [("A", 2)]


def test_the_file_again_brings_back_what_was_undone_but_not_what_the_learner_deleted(session, owner):
    run = bring(session, owner, basic(0), basic(1))
    kept, deleted = (card.note_id for card in shown(session, owner, "deck:Notes"))
    decks.delete_note(session, owner, deleted, now=NOW)
    importing.undo(session, owner, run.run_id, now=LATER)

    again = bring(session, owner, basic(0), basic(1), now=LATER)

    assert counts(again) == (1, 0, 0, 0, 1)
    assert [card.note_id for card in shown(session, owner)] == [kept]
    assert checking.check(session, now=NOW).faults == ()


def test_undoing_leaves_what_was_edited_since(session, owner):
    bring(session, owner, basic())
    run = bring(session, owner, basic(note={"answer": "Nought."}))
    note = only_note(session, owner)
    decks.edit_note(session, owner, note.id, question=note.question, answer="Mine.", now=NOW)

    importing.undo(session, owner, run.run_id, now=LATER)

    assert only_note(session, owner).answer == "Mine."


def test_an_import_is_not_undone_before_a_later_one_of_the_same_cards(session, owner):
    first = bring(session, owner, basic())
    bring(session, owner, basic(note={"answer": "Nought."}))

    with pytest.raises(Conflict, match=r"notes\.csv"):
        importing.undo(session, owner, first.run_id, now=LATER)


def test_another_persons_import_is_as_good_as_missing(session, owner):
    run = bring(session, owner, basic())

    for do in (importing.undo, importing.redo):
        with pytest.raises(NotFound):
            do(session, Actor(LearnerId(999)), run.run_id, now=NOW)
    assert importing.runs(session, Actor(LearnerId(999))) == []


def by_parts(session, owner, *parts, job_id=None, course=None):
    """Bring a file part by part, and return the course of it."""
    given = {"source": "notes.csv", "into": "Notes", "besides": NOTHING_BESIDES}
    course = course or importing.begin(session, owner, **given, job_id=job_id, now=NOW)
    for part in parts:
        importing.put(session, owner, course, part, now=NOW)
    return course


def asked_for(session, owner):
    return jobs.begin(session, owner, ToImport("notes.csv").task(), data=b"", now=NOW)


def test_what_comes_in_by_parts_is_one_run_with_one_report_and_one_undo(session, owner):
    course = by_parts(session, owner, [basic(0), Trouble("No.", 3)], [basic(1, deck="Biology"), basic(0)])

    report = importing.finish(session, owner, course, now=NOW)

    assert counts(report) == (2, 0, 0, 0, 0)
    assert (report.decks, report.skipped_count) == (("Biology", "Notes"), 2)
    assert [one.run_id for one in importing.runs(session, owner)] == [report.run_id]
    importing.undo(session, owner, report.run_id, now=LATER)
    assert shown(session, owner) == []
    assert checking.check(session, now=NOW).faults == ()


def test_notes_without_a_name_that_ask_the_same_stay_apart_in_different_parts(session, owner):
    one, other = (basic(guid="", note={"answer": answer}) for answer in ("One.", "Two."))

    report = importing.finish(session, owner, by_parts(session, owner, [one], [other]), now=NOW)

    assert counts(report) == (2, 0, 0, 0, 0)


def test_a_run_is_taken_up_by_its_job_after_the_parts_that_are_in(session, owner):
    held = asked_for(session, owner)
    parts = [[basic(0), basic(guid="", note={"answer": "One."})], [basic(1), basic(guid="", note={"answer": "Two."})]]
    by_parts(session, owner, parts[0], job_id=held.job_id)

    course, done = importing.resume(session, held.job_id, into="Notes", besides=NOTHING_BESIDES)
    importing.pass_by(session, owner, course, parts[0], now=NOW)
    by_parts(session, owner, *parts[done:], course=course)

    assert done == 1
    assert counts(importing.finish(session, owner, course, now=NOW)) == (4, 0, 0, 0, 0)
    assert importing.resume(session, held.job_id, into="Notes", besides=NOTHING_BESIDES) is None


def test_an_import_that_is_not_whole_cannot_be_undone(session, owner):
    course = by_parts(session, owner, [basic()])

    with pytest.raises(Conflict, match="still coming in"):
        importing.undo(session, owner, course.run_id, now=LATER)


@pytest.mark.parametrize("end", [jobs.stop, lambda *given, now: jobs.fail(*given, "No.", now=now), jobs.forget])
def test_a_job_that_ends_otherwise_than_done_takes_back_what_it_has_put_in(session, owner, end):
    bring(session, owner, basic(0))
    before = shown(session, owner)
    held = asked_for(session, owner)
    by_parts(session, owner, [basic(0, note={"answer": "Nought."}), basic(1)], job_id=held.job_id)

    end(session, held, now=LATER)

    assert shown(session, owner) == before
    assert [one.undone for one in importing.runs(session, owner)] == [True, False]
    assert checking.check(session, now=NOW).faults == ()


def test_a_history_worked_out_under_other_options_is_worked_out_anew(session, owner):
    reviews = tuple(
        PastReview(str(n), NOW - timedelta(days=60 - 9 * n), 3, timedelta(days=5 * n + 1)) for n in range(6)
    )
    presets = past.presets(session, owner)
    one = basic(cards=(PastCard(0, reviews),))

    bring(session, owner, ahead(one, Preset(retention=0.8), presets, uuid4))
    bring(session, owner, ahead(basic(1, cards=one.cards), presets.usual, presets, uuid4))

    first, second = ((card.due, card.stability, card.difficulty) for card in shown(session, owner))
    assert first == second
    assert checking.check(session, now=NOW).faults == ()


def test_grades_that_came_worked_out_ahead_are_known_again_and_new_ones_are_added(session, owner):
    reviews = tuple(PastReview(str(n), NOW - timedelta(days=60 - 9 * n), 3) for n in range(6))
    presets = past.presets(session, owner)
    before, after = (
        ahead(basic(cards=(PastCard(0, some),)), presets.usual, presets, uuid4) for some in (reviews[:4], reviews)
    )

    reports = [bring(session, owner, one, now=LATER) for one in (before, before, after)]

    assert [one.reviews for one in reports] == [4, 0, 2]
    assert checking.check(session, now=NOW).faults == ()


def test_two_learners_who_bring_the_same_file_have_grades_of_their_own(session, owner):
    other = Actor(LearnerId(learners.add(session, name="Other", time_zone="UTC", now=NOW)))
    one = basic(cards=(PastCard(0, (PastReview("1", NOW, 3),)),))

    reports = []
    for learner in (owner, other, other):
        presets = past.presets(session, learner)
        reports.append(bring(session, learner, ahead(one, presets.usual, presets, uuid4)))
    reports.append(bring(session, owner, one))

    assert [(report.added, report.reviews) for report in reports] == [(1, 1), (1, 1), (0, 0), (0, 0)]
    assert checking.check(session, now=NOW).faults == ()
