from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from quizapp.domain.drafts import Decision
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.domain.scheduling import Grade
from quizapp.errors import Conflict, NotFound
from quizapp.services import changes, checking, decks, drafts, library, searching, shelf, study, trash
from tests.make import NOW
from tests.services import handbook

STRANGER = Actor(LearnerId(999))
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def first(session, owner):
    """The handbook with ten kept cards, all reviewed, two of them edited."""
    added = handbook.add(session, owner, handbook.SECTIONS, keep_ready=True)
    for _ in handbook.LEARNED:
        card = study.next_card(session, owner, deck_id=None, now=NOW)
        study.answer(
            session,
            owner,
            review_id=uuid4(),
            card_id=card.card_id,
            grade=Grade.EASY,
            duration=timedelta(seconds=5),
            now=NOW,
        )
    for about, question in (("fees", "What is a day at the quay?"), ("reporting", "How soon is a spill reported?")):
        note = note_on(session, owner, added, about)
        decks.edit_note(session, owner, note.id, question=question, answer=note.answer, explanation="Mine.", now=NOW)
    return added


def notes_of(session, owner, added):
    return decks.deck(session, owner, added.deck_id, now=NOW).notes


def note_on(session, owner, added, about):
    """Return the card on a section; edited or not, it has its heading."""
    return next(note for note in notes_of(session, owner, added) if note.source.heading.lower() == about)


def rows(session, table):
    return session.execute(text(f"select * from {table} order by 1")).all()


def wordings(session, owner, added):
    return {note.id: (note.question, note.answer, note.explanation) for note in notes_of(session, owner, added)}


def test_a_changed_document_becomes_its_next_version_and_nothing_is_there_twice(session, owner, first):
    again = handbook.add(session, owner, handbook.changed(), now=LATER)

    assert again.document_id == first.document_id
    assert not again.already_there
    (document,) = library.documents(session, owner)
    assert (document.title, document.added, document.kept, document.ready_waiting) == ("Handbook", LATER, 10, 1)
    update = again.update
    assert (update.new, update.changed, update.gone) == (2, 1, 2)  # a heading and a paragraph each
    assert (update.follow, update.asks, update.proposed) == (9, 2, 1)


def test_schedules_and_edits_stay_and_questions_and_answers_never_change_by_themselves(session, owner, first):
    before = {table: rows(session, table) for table in ("memory", "plan", "review", "card")}
    told = wordings(session, owner, first)

    handbook.add(session, owner, handbook.changed(), now=LATER)

    assert {table: rows(session, table) for table in before} == before
    assert wordings(session, owner, first) == told


def test_cards_know_their_passages_in_the_new_text(session, owner, first):
    handbook.add(session, owner, handbook.changed(), now=LATER)

    new = library.document(session, owner, first.document_id).text
    sources = {note.source.heading: note.source for note in notes_of(session, owner, first)}
    assert {h for h, source in sources.items() if new[source.start : source.end] != source.quote} == {"Waste"}
    assert sources["Reporting"].quote == "A spill is reported to the harbour office within 3 days."
    assert sources["Waste"].quote == "Oily waste goes to the tank at the east gate."


def test_a_changed_number_asks_and_taking_it_over_keeps_the_schedule_and_the_edit(session, owner, first):
    handbook.add(session, owner, handbook.changed(), now=LATER)
    note = note_on(session, owner, first, "reporting")
    plans = rows(session, "plan")

    (asked,) = changes.changes(session, owner, first.document_id).asked
    changes.take_over(session, owner, asked.id, now=LATER)

    assert (asked.note_id, asked.card.answer, asked.other.answer) == (note.id, "10 days", "3 days")
    after = note_on(session, owner, first, "reporting")
    assert (after.question, after.answer, after.explanation) == ("How soon is a spill reported?", "3 days", "Mine.")
    assert rows(session, "plan") == plans


def test_taking_over_can_be_undone_unless_the_card_was_edited_since(session, owner, first):
    handbook.add(session, owner, handbook.changed(), now=LATER)
    (asked,) = changes.changes(session, owner, first.document_id).asked

    changes.take_over(session, owner, asked.id, now=LATER)
    changes.undo(session, owner, asked.id, now=LATER)
    assert note_on(session, owner, first, "reporting").answer == "10 days"

    changes.take_over(session, owner, asked.id, now=LATER)
    decks.edit_note(session, owner, asked.note_id, question="How soon?", answer="Three days", now=LATER)
    with pytest.raises(Conflict, match="edited since"):
        changes.undo(session, owner, asked.id, now=LATER)
    assert note_on(session, owner, first, "reporting").answer == "Three days"


def test_what_was_left_is_not_asked_again_by_the_next_version(session, owner, first):
    handbook.add(session, owner, handbook.changed(), now=LATER)
    shown = changes.changes(session, owner, first.document_id)
    for asked in (*shown.asked, *shown.orphans):
        changes.leave(session, owner, asked.id, now=LATER)

    more = handbook.changed() | {"Cranes": "The crane lifts 40 tonnes. It stands still in a storm."}
    again = handbook.add(session, owner, more, now=LATER)

    assert (again.update.asks, again.update.proposed) == (0, 1)
    assert note_on(session, owner, first, "reporting").answer == "10 days"


def test_a_card_whose_passage_is_gone_stays_or_goes_to_the_trash_and_comes_back(session, owner, first):
    handbook.add(session, owner, handbook.changed(), now=LATER)
    (orphan,) = changes.changes(session, owner, first.document_id).orphans

    changes.delete_card(session, owner, orphan.id, now=LATER)
    assert changes.changes(session, owner, first.document_id).orphans == ()
    assert [one.id for one in trash.contents(session, owner, now=LATER)] == [orphan.note_id]

    changes.restore_card(session, owner, orphan.id, now=NOW)
    assert changes.changes(session, owner, first.document_id).orphans == (orphan,)
    assert len(notes_of(session, owner, first)) == 10


def test_the_same_version_twice_changes_nothing(session, owner, first):
    handbook.add(session, owner, handbook.changed(), now=LATER)
    before = {table: rows(session, table) for table in ("note", "draft", "document_change", "document_version")}

    again = handbook.add(session, owner, handbook.changed(), now=LATER)

    assert (again.already_there, again.earlier, again.update) == (True, None, None)
    assert {table: rows(session, table) for table in before} == before


def test_an_earlier_version_is_recognised_and_changes_nothing(session, owner, first):
    handbook.add(session, owner, handbook.changed(), now=LATER)

    back = handbook.add(session, owner, handbook.SECTIONS, now=LATER)

    assert (back.document_id, back.already_there, back.earlier) == (first.document_id, True, 1)
    assert "3 days" in library.document(session, owner, first.document_id).text


def test_what_comes_back_in_a_later_version_is_found_again_and_no_longer_asked(session, owner, first):
    handbook.add(session, owner, handbook.changed(), now=LATER)

    restored = handbook.SECTIONS | {"Tides": "The tide rises by 2 metres. Boats at the slip wait for it."}
    again = handbook.add(session, owner, restored, now=LATER)

    assert (again.update.follow, again.update.asks) == (10, 0)
    assert note_on(session, owner, first, "reporting").source.quote.endswith("within 10 days.")
    assert session.execute(text("select count(*) from note where quote_gone_at is not null")).scalar() == 0
    assert again.kept == 10


def test_drafts_keep_their_decisions_and_those_whose_passage_is_gone_leave_the_bench_undecided(session, owner):
    added = handbook.add(session, owner, handbook.SECTIONS)
    before = {view.draft.source.heading: view for view in drafts.bench(session, owner, added.document_id).drafts}
    drafts.reject(session, owner, before["Fire"].id, now=NOW)
    drafts.edit(session, owner, before["Waste"].id, question="Where to?", answer="The east gate", now=NOW)

    handbook.add(session, owner, handbook.changed(), now=LATER)

    views = drafts.bench(session, owner, added.document_id).drafts
    after = {view.draft.source.heading: view for view in views}
    assert after.keys() == before.keys() | {"Drones"}
    assert len(views) == 11
    assert after["Fire"].decision is Decision.REJECTED
    assert after["Waste"].question == "Where to?"
    assert after["Reporting"].answer == "3 days"
    assert after["Reporting"].id != before["Reporting"].id


def test_kept_at_once_are_the_new_cards_alone(session, owner):
    added = handbook.add(session, owner, handbook.SECTIONS)

    again = handbook.add(session, owner, handbook.changed(), keep_ready=True, now=LATER)

    assert (again.kept, again.ready) == (2, 8)  # on reporting and drones; the rest waited before
    assert again.document_id == added.document_id


@pytest.mark.parametrize("name", ["other.md", "handbook.md"], ids=["another file name", "the same file name"])
def test_one_title_suffices(session, owner, first, name):
    assert handbook.add(session, owner, handbook.changed(), filename=name, now=LATER).update


def test_a_page_is_known_by_its_address_which_the_document_keeps(session, owner):
    page = "https://example.org/handbook"
    some = dict(list(handbook.SECTIONS.items())[:5])
    first = handbook.add(session, owner, handbook.SECTIONS, filename="handbook.md", url=page)
    shelf.rename(session, owner, first.document_id, "Our harbour", now=NOW)

    again = handbook.add(session, owner, some, filename="page 2.md", url=page, now=LATER)
    last = handbook.add(session, owner, handbook.changed(), filename="page 2.md", now=LATER)

    assert again.document_id == last.document_id == first.document_id
    document = library.document(session, owner, first.document_id)
    assert (document.title, document.filename, document.url) == ("Our harbour", "page 2.md", page)


def test_search_coverage_and_tags_follow_the_new_text(session, owner, first):
    shelf.tag(session, owner, first.document_id, "harbour", now=NOW)

    handbook.add(session, owner, handbook.changed(), keep_ready=True, now=LATER)

    assert [searching.search(session, owner, word).passages for word in ("drone", "oily")] == [2, 0]
    around = shelf.surroundings(session, owner, first.document_id)
    assert (around.coverage.passages, len(around.coverage.covered)) == (10, 10)
    assert "harbour" in note_on(session, owner, first, "drones").tags
    assert checking.check(session, now=LATER).faults == ()


def test_a_document_of_its_own_is_one_if_wished(session, owner, first):
    other = handbook.add(session, owner, handbook.changed(), as_new=True, now=LATER)

    assert other.update is None
    assert other.document_id != first.document_id
    assert len(library.documents(session, owner)) == 2


def test_another_text_of_the_same_name_is_another_document(session, owner, first):
    other = {heading: f"On {heading.lower()} nothing was decided. We meet on day {len(heading)}." for heading in "ABC"}

    assert handbook.add(session, owner, other, now=LATER).update is None


def test_a_stranger_finds_nothing(session, owner, first):
    handbook.add(session, owner, handbook.changed(), now=LATER)
    (asked,) = changes.changes(session, owner, first.document_id).asked

    with pytest.raises(NotFound):
        changes.changes(session, STRANGER, first.document_id)
    for act in (changes.take_over, changes.leave, changes.undo, changes.delete_card):
        with pytest.raises(NotFound):
            act(session, STRANGER, asked.id, now=LATER)


def test_the_library_stays_whole_and_every_file_has_its_name(session, owner, first):
    handbook.add(session, owner, handbook.changed(), now=LATER)
    session.flush()

    checkup = checking.check(session, now=LATER)

    assert (checkup.faults, checkup.files, checkup.unnamed) == ((), 2, 0)


def test_versions_and_questions_go_with_the_document_and_its_cards(session, owner, first):
    handbook.add(session, owner, handbook.changed(), now=LATER)
    library.delete_with_cards(session, owner, first.document_id, now=LATER)

    trash.empty(session, now=LATER + timedelta(days=40))

    for table in ("document_version", "document_change", "document", "note"):
        assert rows(session, table) == []
