from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from quizapp.db import plans
from quizapp.db.notes import NoteRow
from quizapp.domain.cards import CardKind
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.domain.rescheduling import Dates
from quizapp.domain.scheduling import Grade
from quizapp.errors import Conflict, InvalidInput, NotFound
from quizapp.services import decks, settings, study
from quizapp.services.card_actions import Press, resume_card
from tests import make
from tests.make import NOW
from tests.services.studying import answer

STRANGER = Actor(LearnerId(999))
LATER = NOW + timedelta(days=1)


def names(session, owner):
    return [deck.name for deck in decks.decks(session, owner, now=NOW)]


def summary(session, owner, name, *, now=NOW):
    return next(deck for deck in decks.decks(session, owner, now=now) if deck.name == name)


def cards_of(session, note_id):
    """Return ordinal, whether it is asked, and its queue of each card of the note."""
    query = (
        "select ordinal, removed_at is null, queue from card join plan on card_id = id where note_id = :note order by 1"
    )
    return [tuple(row) for row in session.execute(text(query), {"note": note_id})]


def cloze_note(session, owner, question):
    """Return a note with that text, first kept with one gap."""
    note_id = make.note_in(session, owner, make.cloze_draft())
    decks.edit_note(session, owner, note_id, question=question, answer="", now=NOW)
    return note_id


def test_decks_are_listed_by_name_a_deck_before_those_in_it(session, owner):
    for name in ("Biology::Cells", "art", "Biology", "Zoo"):
        decks.create(session, owner, name, now=NOW)

    assert names(session, owner) == ["art", "Biology", "Biology::Cells", "Zoo"]


@pytest.mark.parametrize("name", ["biology", "  BIOLOGY ", "Biology"])
def test_a_deck_name_is_taken_however_it_is_written(session, owner, name):
    decks.create(session, owner, "Biology", now=NOW)

    with pytest.raises(Conflict, match="“Biology”"):
        decks.create(session, owner, name, now=NOW)


@pytest.mark.parametrize("name", ["", "  ", "::", "a::", "::a", "a\nb\x07"])
def test_a_deck_needs_a_name_that_can_be_shown(session, owner, name):
    with pytest.raises(InvalidInput, match="name"):
        decks.create(session, owner, name, now=NOW)


def test_a_deck_counts_its_subdecks_too(session, owner):
    decks.create(session, owner, "Biology", now=NOW)
    make.note_in(session, owner, make.draft(0), deck_name="Biology::Cells")
    make.note_in(session, owner, make.draft(1), deck_name="Biology::Plants")
    make.note_in(session, owner, make.draft(2), deck_name="Biologyx")

    assert (summary(session, owner, "Biology").cards, summary(session, owner, "Biology").new) == (2, 2)
    assert summary(session, owner, "Biology::Cells").cards == 1
    assert len(decks.deck(session, owner, summary(session, owner, "Biology").id, now=NOW).notes) == 2


def test_a_deck_says_how_much_is_learned_and_remembered(session, owner):
    for number in range(3):
        make.note_in(session, owner, make.draft(number))
    empty = summary(session, owner, "Cells")
    card = study.next_card(session, owner, deck_id=None, now=NOW)
    answer(session, owner, card.card_id, Grade.EASY)

    assert (empty.learned_percent, empty.recall_percent) == (0, None)
    assert summary(session, owner, "Cells").learned_percent == 33
    assert summary(session, owner, "Cells").recall_percent == 100
    assert 80 <= summary(session, owner, "Cells", now=NOW + timedelta(days=10)).recall_percent < 95


def test_recall_of_a_large_deck_is_estimated_from_a_sample_of_all_ages(session, owner, monkeypatch):
    monkeypatch.setattr(decks, "RECALL_SAMPLE", 3)
    for number in range(10):
        make.note_in(session, owner, make.draft(number))
        card = study.next_card(session, owner, deck_id=None, now=NOW)
        answer(session, owner, card.card_id, Grade.EASY)

    assert summary(session, owner, "Cells").recall_percent == 100


@pytest.fixture
def recall(database, owner):
    """Return a function that says what the list of decks shows of the one deck, of which one card was seen."""
    with database.writing() as session:
        make.added(session, owner, keep_ready=True)
        answer(session, owner, 1)

    def shown(now):
        with database.reading() as session:
            return summary(session, owner, "Cells", now=now).recall_percent

    return shown


MORNING = NOW + timedelta(days=2, hours=-6)


def test_the_recall_of_a_deck_follows_an_answer_and_its_undo(database, owner, recall):
    before = recall(MORNING)

    with database.writing() as session:
        answer(session, owner, 1, at=MORNING)
    after = recall(MORNING)
    with database.writing() as session:
        study.undo(session, owner, undo_id=uuid4(), now=MORNING)

    assert before < after == 100
    assert recall(MORNING) == before


def test_the_recall_of_a_deck_follows_the_calendar_of_its_learner(database, owner, recall):
    evening = NOW + timedelta(days=2, hours=6)
    before = recall(evening)

    with database.writing() as session:
        wanted = replace(settings.chosen(session, owner), turn_hour=14)  # after the answer, and before the evening
        settings.change(session, owner, settings.prepare(session, owner, wanted, dates=Dates.KEEP, now=evening))

    assert recall(evening) < before


def test_the_recall_of_a_deck_falls_when_the_day_turns_and_not_before(recall):
    today = recall(MORNING)

    assert recall(MORNING + timedelta(hours=12)) == today
    assert recall(MORNING + timedelta(days=1)) < today


def test_the_recall_of_a_deck_follows_cards_that_leave_it_and_come_back(database, owner, recall):
    before = recall(MORNING)

    with database.writing() as session:
        decks.suspend_note(session, owner, 1)
    without = recall(MORNING)
    with database.writing() as session:
        resume_card(session, owner, Press(uuid4(), 1), NOW)

    assert (without, recall(MORNING)) == (None, before)


def test_the_recall_of_a_deck_is_read_again_only_when_the_deck_has_changed(database, recall):
    before = recall(MORNING)
    with database.writing() as session:
        session.execute(text("update memory set stability = 1000"))
    kept = recall(MORNING + timedelta(hours=1))

    with database.writing() as session:
        session.execute(text("update tally set changes = changes + 1"))

    assert before == kept < recall(MORNING)


def test_only_so_many_recalls_are_kept(recall, monkeypatch):
    monkeypatch.setattr(decks, "RECALLS_KEPT", 3)

    shown = [recall(MORNING + timedelta(days=day)) for day in (*range(9), *range(9))]

    assert shown[:9] == shown[9:]
    assert len(decks._recalls) <= 3  # noqa: SLF001 (it must not grow with the days that a server runs)


def test_a_deck_is_due_when_its_cards_are(session, owner):
    make.note_in(session, owner, make.draft(0))
    card = study.next_card(session, owner, deck_id=None, now=NOW)
    due = answer(session, owner, card.card_id, Grade.EASY).due

    assert summary(session, owner, "Cells").due == 0
    assert summary(session, owner, "Cells", now=due).due == 1


def test_a_deck_names_the_documents_it_comes_from(session, owner):
    make.added(session, owner, deck_name="Biology", keep_ready=True)
    make.added(session, owner, text=make.TEXT + "!", title="More", deck_name="Biology", keep_ready=True)

    assert summary(session, owner, "Biology").documents == ("Cells", "More")


def test_a_long_deck_is_read_page_by_page(session, owner, monkeypatch):
    monkeypatch.setattr(decks, "PAGE_NOTES", 2)
    ids = [make.note_in(session, owner, make.draft(number)) for number in range(5)]
    deck_id = summary(session, owner, "Cells").id

    pages = [decks.deck(session, owner, deck_id, now=NOW, page=page) for page in (1, 2, 3, 4, 0)]

    assert [[note.id for note in page.notes] for page in pages] == [ids[:2], ids[2:4], ids[4:], ids[4:], ids[:2]]
    assert {page.pages for page in pages} == {3}
    assert [page.page for page in pages] == [1, 2, 3, 3, 1]


def test_renaming_a_deck_takes_its_subdecks_along(session, owner):
    deck_id = decks.create(session, owner, "Biology", now=NOW)
    for name in ("Biology::Cells", "Biology::Cells::Animals", "Biologyx"):
        decks.create(session, owner, name, now=NOW)

    decks.rename(session, owner, deck_id, "Life", now=NOW)

    assert names(session, owner) == ["Biologyx", "Life", "Life::Cells", "Life::Cells::Animals"]


def test_a_deck_can_take_over_the_name_of_its_own_subdeck(session, owner):
    deck_id = decks.create(session, owner, "A", now=NOW)
    decks.create(session, owner, "A::A", now=NOW)

    decks.rename(session, owner, deck_id, "A::A", now=NOW)

    assert names(session, owner) == ["A::A", "A::A::A"]


def test_a_deck_can_be_capitalised_anew(session, owner):
    deck_id = decks.create(session, owner, "biology", now=NOW)

    decks.rename(session, owner, deck_id, "Biology", now=NOW)

    assert names(session, owner) == ["Biology"]


def test_renaming_over_another_deck_is_a_conflict(session, owner):
    deck_id = decks.create(session, owner, "A", now=NOW)
    for name in ("A::C", "B::C"):
        decks.create(session, owner, name, now=NOW)

    with pytest.raises(Conflict, match="“B::C”"):
        decks.rename(session, owner, deck_id, "B", now=NOW)


def test_a_deleted_deck_comes_back_with_everything_in_it(session, owner):
    note_id = make.note_in(session, owner, make.draft(0), deck_name="Biology::Cells")
    deck_id = decks.create(session, owner, "Biology", now=NOW)
    card = study.next_card(session, owner, deck_id=None, now=NOW)
    answer(session, owner, card.card_id)
    before = decks.note(session, owner, note_id)

    assert decks.delete(session, owner, deck_id, now=NOW) == "Biology"
    assert names(session, owner) == []
    assert study.next_card(session, owner, deck_id=None, now=LATER) is None
    with pytest.raises(NotFound):
        decks.note(session, owner, note_id)

    assert decks.restore(session, owner, deck_id, now=NOW) == "Biology"
    assert names(session, owner) == ["Biology", "Biology::Cells"]
    assert decks.note(session, owner, note_id) == before
    assert study.next_card(session, owner, deck_id=None, now=LATER).reviews == 1


def test_restoring_a_deck_brings_back_only_what_was_deleted_with_it(session, owner):
    deck_id = decks.create(session, owner, "A", now=NOW)
    early = decks.create(session, owner, "A::early", now=NOW)
    decks.create(session, owner, "A::late", now=NOW)
    decks.delete(session, owner, early, now=NOW)
    decks.delete(session, owner, deck_id, now=LATER)

    decks.restore(session, owner, deck_id, now=LATER)

    assert names(session, owner) == ["A", "A::late"]


def test_a_deck_cannot_come_back_over_another_of_its_name(session, owner):
    deck_id = decks.create(session, owner, "A", now=NOW)
    decks.delete(session, owner, deck_id, now=NOW)
    decks.create(session, owner, "a", now=NOW)

    with pytest.raises(Conflict, match="“a”"):
        decks.restore(session, owner, deck_id, now=NOW)


def test_editing_a_note_keeps_its_schedule_and_counts_a_version(session, owner):
    note_id = make.note_in(session, owner, make.draft(0))
    card = study.next_card(session, owner, deck_id=None, now=NOW)
    due = answer(session, owner, card.card_id).due

    decks.edit_note(session, owner, note_id, question="Why?", answer="Because.", expected_version=1, now=LATER)

    note = decks.note(session, owner, note_id)
    assert (note.question, note.answer, note.version, note.due) == ("Why?", "Because.", 2, due)
    assert note.source == make.draft(0).source
    assert session.scalars(select(NoteRow.modified)).one() == LATER


def test_saving_a_note_unchanged_is_no_change(session, owner):
    note_id = make.note_in(session, owner, make.draft(0))
    note = decks.note(session, owner, note_id)

    decks.edit_note(session, owner, note_id, question=note.question, answer=note.answer, now=LATER)

    assert decks.note(session, owner, note_id).version == 1


def test_a_note_that_was_changed_elsewhere_meanwhile_is_not_overwritten(session, owner):
    note_id = make.note_in(session, owner, make.draft(0))
    decks.edit_note(session, owner, note_id, question="Mine?", answer="Yes.", expected_version=1, now=NOW)

    with pytest.raises(Conflict, match="changed elsewhere"):
        decks.edit_note(session, owner, note_id, question="Yours?", answer="No.", expected_version=1, now=NOW)

    assert decks.note(session, owner, note_id).question == "Mine?"


def test_a_note_that_could_not_be_asked_is_refused(session, owner):
    note_id = make.note_in(session, owner, make.draft(0))

    with pytest.raises(InvalidInput, match="answer is empty"):
        decks.edit_note(session, owner, note_id, question="Why?", answer=" ", now=NOW)


def test_a_cloze_note_has_a_card_for_each_of_its_numbers(session, owner):
    note_id = cloze_note(session, owner, "{{c1::A}} and {{c2::B}}, then {{c1::C}}")

    assert cards_of(session, note_id) == [(1, 1, "NEW"), (2, 1, "NEW")]


def test_cloze_cards_that_stay_keep_their_schedules_and_those_gone_are_not_asked(session, owner):
    note_id = cloze_note(session, owner, "{{c1::A}} and {{c2::B}}")
    first = study.next_card(session, owner, deck_id=None, now=NOW)
    answer(session, owner, first.card_id, Grade.EASY)

    decks.edit_note(session, owner, note_id, question="{{c2::B}} and {{c3::C}}", answer="", now=NOW)
    assert cards_of(session, note_id) == [(1, 0, "GONE"), (2, 1, "NEW"), (3, 1, "NEW")]

    decks.edit_note(session, owner, note_id, question="{{c1::A}} and {{c2::B}}", answer="", now=NOW)
    assert cards_of(session, note_id) == [(1, 1, "REVIEW"), (2, 1, "NEW"), (3, 0, "GONE")]
    assert study.card(session, owner, first.card_id, now=NOW).reviews == 1


def test_a_cloze_note_without_a_gap_is_refused(session, owner):
    note_id = cloze_note(session, owner, "{{c1::A}}")

    with pytest.raises(InvalidInput, match="no gap"):
        decks.edit_note(session, owner, note_id, question="A", answer="", now=NOW)

    assert decks.note(session, owner, note_id).kind is CardKind.CLOZE


def test_a_deleted_note_waits_in_the_trash_with_its_schedule(session, owner):
    note_id = make.note_in(session, owner, make.draft(0))
    card = study.next_card(session, owner, deck_id=None, now=NOW)
    answer(session, owner, card.card_id)

    decks.delete_note(session, owner, note_id, now=NOW)
    assert summary(session, owner, "Cells").cards == 0
    with pytest.raises(NotFound):
        decks.note(session, owner, note_id)
    with pytest.raises(NotFound):
        study.card(session, owner, card.card_id, now=NOW)

    decks.restore_note(session, owner, note_id, now=NOW)
    assert study.card(session, owner, card.card_id, now=NOW).reviews == 1


def test_a_suspended_note_is_not_asked_until_it_is_resumed(session, owner):
    note_id = make.note_in(session, owner, make.draft(0))

    decks.suspend_note(session, owner, note_id)
    assert decks.note(session, owner, note_id).suspended
    assert study.next_card(session, owner, deck_id=None, now=NOW) is None
    assert summary(session, owner, "Cells").cards == 1

    resume_card(session, owner, Press(uuid4(), 1), NOW)
    assert not decks.note(session, owner, note_id).suspended
    assert study.next_card(session, owner, deck_id=None, now=NOW) is not None


def test_another_persons_decks_and_notes_are_as_good_as_missing(session, owner):
    note_id = make.note_in(session, owner, make.draft(0))
    deck_id = summary(session, owner, "Cells").id

    for act in (
        lambda: decks.deck(session, STRANGER, deck_id, now=NOW),
        lambda: decks.rename(session, STRANGER, deck_id, "Mine", now=NOW),
        lambda: decks.delete(session, STRANGER, deck_id, now=NOW),
        lambda: decks.note(session, STRANGER, note_id),
        lambda: decks.edit_note(session, STRANGER, note_id, question="a", answer="b", now=NOW),
        lambda: decks.delete_note(session, STRANGER, note_id, now=NOW),
        lambda: decks.suspend_note(session, STRANGER, note_id),
    ):
        with pytest.raises(NotFound):
            act()


@pytest.mark.parametrize(
    "text",
    ["[\n" * 2_100, "> " * 150 + "x", "😀" * 17_000],
    ids=["brackets", "nested quotes", "more than 64 KiB"],
)
def test_a_wording_that_no_page_could_show_is_refused_and_nothing_changes(session, owner, text):
    note_id = make.note_in(session, owner, make.draft())
    before = decks.note(session, owner, note_id)

    with pytest.raises(InvalidInput, match=r"\.$"):
        decks.edit_note(session, owner, note_id, question="Q", answer=text, now=NOW)

    assert decks.note(session, owner, note_id) == before


def test_a_deck_moves_into_another_with_the_decks_inside_it_and_back(session, owner):
    deck_id = decks.create(session, owner, "Cells", now=NOW)
    decks.create(session, owner, "Cells::Plants", now=NOW)
    above = decks.create(session, owner, "Biology", now=NOW)

    before = decks.move(session, owner, deck_id, into=above, now=NOW)

    assert [one.name for one in decks.decks(session, owner, now=NOW)] == [
        "Biology",
        "Biology::Cells",
        "Biology::Cells::Plants",
    ]
    assert before == "Cells"
    decks.move(session, owner, deck_id, into=None, now=NOW)
    assert [one.name for one in decks.decks(session, owner, now=NOW)] == ["Biology", "Cells", "Cells::Plants"]


def test_a_deck_moves_neither_into_itself_nor_into_one_inside_it(session, owner):
    deck_id = decks.create(session, owner, "Cells", now=NOW)
    inside = decks.create(session, owner, "Cells::Plants", now=NOW)

    for into in (deck_id, inside):
        with pytest.raises(InvalidInput, match="into itself"):
            decks.move(session, owner, deck_id, into=into, now=NOW)
    assert decks.places(session, owner, deck_id) == []


def test_a_deck_does_not_move_where_another_has_its_name(session, owner):
    deck_id = decks.create(session, owner, "Cells", now=NOW)
    above = decks.create(session, owner, "Biology", now=NOW)
    decks.create(session, owner, "Biology::cells", now=NOW)

    with pytest.raises(Conflict, match="already"):
        decks.move(session, owner, deck_id, into=above, now=NOW)


def test_decks_lie_in_one_another_with_all_their_cards_counted(session, owner):
    make.note_in(session, owner, make.draft(0), deck_name="Biology::Cells::Plants")
    for name in ("Biology", "Biology::Cells", "Biology and more", "Art::Old"):
        decks.create(session, owner, name, now=NOW)

    found = decks.nested(decks.decks(session, owner, now=NOW))

    assert [branch.name for branch in found] == ["Art::Old", "Biology", "Biology and more"]
    (cells,) = found[1].branches
    assert (cells.name, cells.deck.cards, [branch.name for branch in cells.branches]) == ("Cells", 1, ["Plants"])


def test_a_card_moves_to_another_deck_and_keeps_its_schedule(session, owner):
    note_id = make.note_in(session, owner, make.draft(0))
    card = study.next_card(session, owner, deck_id=None, now=NOW)
    answer(session, owner, card.card_id)
    decks.create(session, owner, "Biology", now=NOW)

    before = decks.move_note(session, owner, note_id, into="biology", now=NOW)

    moved = study.card(session, owner, card.card_id, now=NOW)
    assert (before, moved.deck_name, moved.reviews) == ("Cells", "Biology", 1)
    assert plans.misplaced(session, limit=9) == plans.miscounted(session) == []


def test_a_card_does_not_move_to_a_deck_that_is_not_there(session, owner):
    note_id = make.note_in(session, owner, make.draft(0))

    with pytest.raises(InvalidInput, match="no deck named"):
        decks.move_note(session, owner, note_id, into="Nowhere", now=NOW)
