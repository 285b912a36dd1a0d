from datetime import timedelta

import pytest

from quizapp.domain.permissions import Actor, LearnerId, Role
from quizapp.errors import Conflict, NotFound
from quizapp.services import audit, checking, decks, drafts, library, quizzes, study, trash
from quizapp.services.trash import Kind
from tests import make
from tests.make import NOW
from tests.services import quizzing
from tests.services.assigning import a_team
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

    assert trash.empty(session, now=NOW + timedelta(days=30)) == trash.Emptied(0, 0, 0)
    decks.restore_note(session, owner, 1, now=NOW)
    decks.delete_note(session, owner, 1, now=NOW)
    assert trash.empty(session, now=LATER) == trash.Emptied(0, 1, 0)

    left = counts(session)
    assert (left["note"], left["card"], left["plan"], left["memory"], left["review"]) == (1, 1, 1, 0, 0)
    assert (left["document"], left["draft"]) == (1, 3)
    assert drafts.bench(session, owner, added.document_id).drafts
    assert checking.check(session, now=NOW).faults == ()


def test_a_deck_goes_with_its_cards_and_the_document_stays(session, owner):
    added = make.added(session, owner, keep_ready=True, deck_name="Cells::Parts")
    make.added(session, owner, text=f"{make.TEXT} More.", keep_ready=True, deck_name="Other")
    decks.delete(session, owner, added.deck_id, now=NOW)

    assert trash.empty(session, now=LATER) == trash.Emptied(1, 2, 0)

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


STRANGER = Actor(LearnerId(99))


def test_a_deleted_document_is_gone_with_its_drafts_and_its_cards_stay_with_their_quotes(session, owner):
    added = make.added(session, owner, keep_ready=True)

    moved = library.delete(session, owner, added.document_id, now=NOW)

    assert (moved.cards, moved.left) == (0, 2)
    assert library.documents(session, owner) == []
    assert study.today(session, owner, now=NOW).waiting == []
    for look in (library.document, drafts.bench):
        with pytest.raises(NotFound):
            look(session, owner, added.document_id)
    asked = study.next_card(session, owner, deck_id=None, now=NOW)
    noted = decks.note(session, owner, asked.note_id)
    assert asked.source.quote == noted.source.quote == make.QUOTES[0]
    assert asked.document_title == noted.document_title == "Cells"
    assert asked.document_id is noted.document_id is None


def test_a_restored_document_has_its_drafts_decisions_and_links_again(session, owner):
    added = make.added(session, owner, keep_ready=True)
    before = drafts.bench(session, owner, added.document_id)
    library.delete(session, owner, added.document_id, now=NOW)

    library.restore(session, owner, added.document_id, now=NOW)

    assert drafts.bench(session, owner, added.document_id) == before
    assert study.next_card(session, owner, deck_id=None, now=NOW).document_id == added.document_id


def test_cards_that_went_with_their_document_come_back_with_it_and_no_others(session, owner):
    added = make.added(session, owner, keep_ready=True)
    answer(session, owner, 2)
    decks.delete_note(session, owner, 1, now=NOW - timedelta(days=1))

    assert library.delete_with_cards(session, owner, added.document_id, now=NOW).cards == 1
    assert study.next_card(session, owner, deck_id=None, now=NOW) is None
    assert library.restore(session, owner, added.document_id, now=NOW).cards == 1

    (note,) = decks.deck(session, owner, added.deck_id, now=NOW).notes
    assert (note.id, note.due is None) == (2, False)
    assert checking.check(session, now=NOW).faults == ()


def test_the_same_text_again_brings_a_document_back_from_the_trash(session, owner):
    added = make.added(session, owner, keep_ready=True)
    before = drafts.bench(session, owner, added.document_id)
    library.delete_with_cards(session, owner, added.document_id, now=NOW)

    again = make.added(session, owner, deck_name="Elsewhere", now=LATER)

    assert (again.document_id, again.already_there, again.was_in_trash) == (added.document_id, True, True)
    assert drafts.bench(session, owner, added.document_id) == before


def test_a_document_goes_for_good_after_30_days_with_its_drafts_and_file_and_cards_outlive_it(session, owner, database):
    added = make.added(session, owner, keep_ready=True)
    library.delete(session, owner, added.document_id, now=NOW)
    assert trash.empty(session, now=NOW + timedelta(days=30)) == trash.Emptied(0, 0, 0)
    written = max(file.written for file in database.media.files())

    assert trash.empty(session, now=LATER) == trash.Emptied(0, 0, 1)
    assert trash.collect(session, now=written + timedelta(hours=25)) == 1

    left = counts(session)
    assert (left["document"], left["draft"], left["note"], left["card"]) == (0, 0, 2, 2)
    asked = study.next_card(session, owner, deck_id=None, now=LATER)
    assert (asked.source.quote, asked.document_id, asked.document_title) == (make.QUOTES[0], None, None)
    assert checking.check(session, now=LATER).faults == ()
    assert not make.added(session, owner, now=LATER).already_there


def test_a_document_that_went_with_its_cards_goes_for_good_with_them(session, owner):
    added = make.added(session, owner, keep_ready=True)
    library.delete_with_cards(session, owner, added.document_id, now=NOW)

    assert trash.empty(session, now=LATER) == trash.Emptied(0, 2, 1)


def test_the_trash_tells_of_each_thing_what_it_is_and_how_long_it_stays(session, owner):
    gone = make.added(session, owner, keep_ready=True, deck_name="Biology::Cells")
    make.note_in(session, owner, make.cloze_draft(), deck_name="Chemistry")
    cloze = decks.deck(session, owner, gone.deck_id + 1, now=NOW).notes[0]
    biology = decks.create(session, owner, "Biology", now=NOW)
    decks.delete_note(session, owner, cloze.id, now=NOW - timedelta(days=29, hours=1))
    decks.delete(session, owner, biology, now=NOW - timedelta(days=2))
    library.delete(session, owner, gone.document_id, now=NOW - timedelta(hours=1))

    found = trash.contents(session, owner, now=NOW)

    assert [(one.kind, one.name, one.days_left, one.cards) for one in found] == [
        (Kind.DOCUMENT, "Cells", 30, 0),
        (Kind.DECK, "Biology", 28, 2),
        (Kind.CARD, "A […] makes energy", 1, 0),
    ]
    assert (found[2].deck_name, found[2].waits_for_deck) == ("Chemistry", False)


def test_what_went_with_a_document_is_told_as_part_of_it(session, owner):
    added = make.added(session, owner, keep_ready=True)
    decks.delete_note(session, owner, 1, now=NOW - timedelta(days=1))
    library.delete_with_cards(session, owner, added.document_id, now=NOW)

    assert [(one.kind, one.cards) for one in trash.contents(session, owner, now=NOW)] == [
        (Kind.DOCUMENT, 1),
        (Kind.CARD, 0),
    ]


def test_a_quiz_in_the_trash_is_told_with_its_questions_and_only_to_its_owner(session, owner):
    quiz_id = quizzing.quiz(session, owner, quizzing.deck(session, owner, quizzing.BERTH, quizzing.QUAY))
    quizzes.delete(session, owner, quiz_id, now=NOW - timedelta(days=9))

    (found,) = trash.contents(session, owner, now=NOW)
    assert (found.kind, found.id, found.name) == (Kind.QUIZ, quiz_id, "Harbour")
    assert (found.questions, found.cards, found.days_left) == (2, 0, 21)
    assert trash.contents(session, STRANGER, now=NOW) == []

    quizzes.restore(session, owner, quiz_id, now=NOW)
    assert trash.contents(session, owner, now=NOW) == []


def test_a_card_in_a_deleted_deck_waits_for_its_deck(session, owner):
    added = make.added(session, owner, keep_ready=True)
    decks.delete_note(session, owner, 1, now=NOW)
    decks.delete(session, owner, added.deck_id, now=NOW + timedelta(hours=1))

    deck, card = trash.contents(session, owner, now=LATER)

    assert (deck.kind, deck.cards, card.waits_for_deck, card.days_left) == (Kind.DECK, 1, True, 0)
    with pytest.raises(Conflict, match="Restore the deck first"):
        decks.restore_note(session, owner, card.id, now=NOW)


def test_a_deck_whose_name_is_taken_meanwhile_says_what_to_do(session, owner):
    first = decks.create(session, owner, "Biology", now=NOW)
    decks.delete(session, owner, first, now=NOW)
    decks.create(session, owner, "biology", now=NOW)

    with pytest.raises(Conflict, match="Rename that one, then restore this"):
        decks.restore(session, owner, first, now=NOW)


@pytest.mark.parametrize("act", [library.delete, library.delete_with_cards])
def test_what_is_somebody_elses_can_be_neither_deleted_nor_restored_nor_seen(session, owner, act):
    added = make.added(session, owner, keep_ready=True)

    with pytest.raises(NotFound):
        act(session, STRANGER, added.document_id, now=NOW)
    act(session, owner, added.document_id, now=NOW)
    with pytest.raises(NotFound):
        library.restore(session, STRANGER, added.document_id, now=NOW)
    assert trash.contents(session, STRANGER, now=NOW) == []


def test_a_document_cannot_be_deleted_twice_and_restoring_twice_changes_nothing(session, owner):
    added = make.added(session, owner)
    library.delete(session, owner, added.document_id, now=NOW)

    with pytest.raises(NotFound):
        library.delete(session, owner, added.document_id, now=NOW)
    library.restore(session, owner, added.document_id, now=NOW)
    assert library.restore(session, owner, added.document_id, now=NOW).title == "Cells"
    assert len(library.documents(session, owner)) == 1


def test_what_comes_back_from_the_trash_of_a_team_is_in_its_log(session):
    team = a_team(session, quizzing.BERTH)
    owner = Actor(LearnerId(team.trainer.person_id), roles={team.library.learner_id: Role.OWNER})
    quiz_id = quizzing.quiz(session, team.library, team.deck_id)
    document_id = library.documents(session, team.library)[0].id
    quizzes.delete(session, team.library, quiz_id, now=NOW)
    library.delete(session, team.library, document_id, now=NOW)

    quizzes.restore(session, team.library, quiz_id, now=NOW)
    library.restore(session, team.library, document_id, now=NOW)

    lines = {line.kind for line in audit.log(session, owner, team.id) if line.action == "restored"}
    assert lines == {"document", "quiz"}
