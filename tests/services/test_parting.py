from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from quizapp.domain.permissions import Actor, LearnerId
from quizapp.domain.scheduling import Grade
from quizapp.errors import Conflict
from quizapp.services import (
    changes,
    checking,
    decks,
    drafts,
    library,
    parting,
    searching,
    study,
    versions,
)
from tests.make import NOW
from tests.services import handbook

STRANGER = Actor(LearnerId(999))
LATER = NOW + timedelta(hours=1)
LAST = NOW + timedelta(hours=2)
# What a person did and what follows from it; rows of drafts that come back get new ids.
LASTING = ("note", "card", "memory", "plan", "review", "draft_step", "document", "original", "passage", "deck")
ON_BENCH = 'content_id, question, answer, quote, start, "end", heading, quote_gone_at, decision, note_id, status'


@pytest.fixture
def first(session, owner):
    """The handbook with nine kept cards, one of which was studied, and a draft that waits."""
    added = handbook.add(session, owner, handbook.SECTIONS)
    bench = drafts.bench(session, owner, added.document_id).drafts
    for view in bench[:-1]:
        drafts.keep(session, owner, view.id, now=NOW)
    card = study.next_card(session, owner, deck_id=None, now=NOW)
    seconds = timedelta(seconds=5)
    study.answer(session, owner, review_id=uuid4(), card_id=card.card_id, grade=Grade.EASY, duration=seconds, now=NOW)
    return added


def rows(session, table, columns="*", where="1 = 1"):
    return session.execute(text(f"select {columns} from {table} where {where} order by 1, 2")).all()


def state(session):
    session.flush()
    lasting = {table: rows(session, table) for table in LASTING}
    return lasting | {
        "draft": rows(session, "draft", ON_BENCH + ", document_id"),
        "change": rows(session, "document_change", "note_id, number, kind, question, answer, decision"),
        "version": rows(session, "document_version", "document_id, number, text_hash, title, file, added"),
    }


def places(session, document_id):
    wanted = (
        'id, quote, start, "end", "before", "after", heading, page, speaker, quote_gone_at, version, question, answer'
    )
    return rows(session, "note", wanted, f"document_id = {document_id}")


def part(session, owner, added, number=2):
    return parting.keep_both(session, owner, added.document_id, number=number, now=LAST)


def test_kept_apart_the_former_is_as_it_was_and_the_newer_text_is_a_document_with_its_own_drafts(session, owner, first):
    before = state(session)
    handbook.add(session, owner, handbook.changed(), now=LATER)

    parted = part(session, owner, first)

    after = state(session)
    assert (parted.former_id, parted.number, parted.title, parted.drafts) == (first.document_id, 1, "Handbook", 10)
    for table in set(before) - {"document", "passage", "original", "draft"}:
        assert after[table] == before[table], table
    assert [row for row in after["document"] if row.id == first.document_id] == before["document"]
    assert [row for row in after["draft"] if row.document_id == first.document_id] == before["draft"]
    assert [row for row in after["passage"] if row.document_id == first.document_id] == before["passage"]
    new = library.document(session, owner, parted.document_id)
    assert "3 days" in new.text
    assert (new.ready_waiting, new.kept) == (10, 0)
    assert checking.check(session, now=LAST).faults == ()


def test_cards_kept_from_the_newer_text_go_with_it_and_keep_their_schedules(session, owner, first):
    handbook.add(session, owner, handbook.changed(), now=LATER)
    (drones,) = (one for one in drafts.bench(session, owner, first.document_id).drafts if "drones" in one.question)
    drafts.keep(session, owner, drones.id, now=LATER)
    plans = rows(session, "plan")

    parted = part(session, owner, first)

    assert rows(session, "plan") == plans
    assert parted.cards == 1
    (deck,) = decks.decks(session, owner, now=LAST)
    (card,) = (one for one in decks.deck(session, owner, deck.id, now=LAST).notes if "drones" in one.question)
    assert library.document(session, owner, parted.document_id).kept == 1
    new = library.document(session, owner, parted.document_id).text
    assert new[card.source.start : card.source.end] == card.source.quote


def test_a_wording_that_was_taken_over_stays_and_its_card_asks_for_the_one_before(session, owner, first):
    handbook.add(session, owner, handbook.changed(), now=LATER)
    (asked,) = changes.changes(session, owner, first.document_id).asked
    changes.take_over(session, owner, asked.id, now=LATER)

    part(session, owner, first)

    (again,) = changes.changes(session, owner, first.document_id).asked
    assert (again.card.answer, again.other.answer) == ("3 days", "10 days")


def test_each_text_is_found_and_covered_by_its_own_document(session, owner, first):
    handbook.add(session, owner, handbook.changed(), now=LATER)

    parted = part(session, owner, first)

    found = {word: searching.search(session, owner, word).documents for word in ("drone", "oily")}
    assert {word: one.id for word, (one,) in found.items()} == {
        "drone": parted.document_id,
        "oily": first.document_id,
    }


def test_both_texts_given_again_are_known(session, owner, first):
    handbook.add(session, owner, handbook.changed(), now=LATER)
    parted = part(session, owner, first)

    again = [handbook.add(session, owner, one, now=LAST) for one in (handbook.SECTIONS, handbook.changed())]

    assert [(one.document_id, one.already_there) for one in again] == [
        (first.document_id, True),
        (parted.document_id, True),
    ]


def test_twice_is_told_and_harmless(session, owner, first):
    handbook.add(session, owner, handbook.changed(), now=LATER)
    part(session, owner, first)
    before = state(session)

    with pytest.raises(Conflict, match="changed meanwhile"):
        part(session, owner, first)

    assert state(session) == before


def test_keeping_both_is_taken_back_no_more_once_that_would_lose_a_decision(session, owner, first):
    handbook.add(session, owner, handbook.changed(), now=LATER)
    parted = part(session, owner, first)
    fees = next(one for one in drafts.bench(session, owner, parted.document_id).drafts if "fees" in one.question)
    drafts.reject(session, owner, fees.id, now=LAST)

    with pytest.raises(Conflict, match="decided on cards"):
        parting.undo_keep_both(session, owner, parted.document_id, now=LAST)


SECTION = st.sampled_from(handbook.LEARNED)
EDITS = st.lists(
    st.tuples(SECTION, st.sampled_from(["number", "reword", "gone", "moved", "new", "other"])), min_size=1, max_size=8
)


def edited(sections, edits):
    sections = dict(sections)
    for number, (name, what) in enumerate(edits):
        said = sections.get(name)
        if what == "new":
            sections[f"{name} {number}"] = f"A rule on {name.lower()} of {number + 50} days was added. It is new."
        elif said is None:
            continue
        elif what == "number":
            sections[name] = said.replace("1", "7").replace("8", "9").replace("3", "5")
        elif what == "reword":
            sections[name] = said.replace(" is ", " shall be ").replace(" the ", " that very ")
        elif what == "moved":
            sections[name] = sections.pop(name)
        elif what == "other":
            sections[name] = f"Nothing of it holds since day {number + 3}. Ask at the gate instead."
        else:
            del sections[name]
    return sections


LAW = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


def decide(session, owner, document_id, choices):
    """Answer questions and keep or reject drafts, as the numbers say."""
    for asked, choice in zip(changes.changes(session, owner, document_id).asked, choices, strict=False):
        if choice == 0 and asked.other:
            changes.take_over(session, owner, asked.id, now=LATER)
        elif choice == 1:
            changes.leave(session, owner, asked.id, now=LATER)
    waiting = [one for one in drafts.bench(session, owner, document_id).drafts if one.decision is None]
    for one, choice in zip(waiting, choices, strict=False):
        if choice != 1:
            (drafts.keep if choice else drafts.reject)(session, owner, one.id, now=LATER)


def new_version(session, owner, first, edits):
    added = handbook.add(session, owner, edited(handbook.SECTIONS, edits), now=LATER)
    return added if added.update else None


@LAW
@given(EDITS)
def test_there_and_back_gives_every_note_its_place(session, owner, first, edits):
    with session.begin_nested() as trial:
        before = places(session, first.document_id), rows(session, "draft", ON_BENCH)
        if new_version(session, owner, first, edits):
            versions.make_current(session, owner, first.document_id, 1, now=LAST)
            session.flush()
            assert (places(session, first.document_id), rows(session, "draft", ON_BENCH)) == before
            assert changes.changes(session, owner, first.document_id).waiting == 0
        trial.rollback()
    session.expire_all()


@LAW
@given(EDITS, st.lists(st.integers(0, 2), max_size=6))
def test_keeping_both_and_taking_it_back_changes_nothing(session, owner, first, edits, choices):
    with session.begin_nested() as trial:
        if new_version(session, owner, first, edits):
            decide(session, owner, first.document_id, choices)
            before = state(session)
            parted = part(session, owner, first)
            parting.undo_keep_both(session, owner, parted.document_id, now=LAST)
            after = state(session)
            assert {table: after[table] for table in before} == before
            assert checking.check(session, now=LAST).faults == ()
        trial.rollback()
    session.expire_all()


@LAW
@given(EDITS, st.lists(st.integers(0, 2), max_size=6))
def test_going_back_and_taking_that_back_changes_nothing(session, owner, first, edits, choices):
    with session.begin_nested() as trial:
        if new_version(session, owner, first, edits):
            decide(session, owner, first.document_id, choices)
            before = state(session)
            number = versions.make_current(session, owner, first.document_id, 1, now=LAST)
            versions.undo(session, owner, first.document_id, number=number, now=LAST)
            after = state(session)
            assert {table: after[table] for table in before} == before
        trial.rollback()
    session.expire_all()
