from datetime import timedelta

import pytest

from quizapp import ingest
from quizapp.errors import Conflict
from quizapp.services import decks, drafts, library, parting, recognising, revisions
from quizapp.services.reading import Reading
from tests.make import NOW
from tests.services import handbook

LATER = NOW + timedelta(hours=1)


def next_month():
    """The handbook of another month: a third of it is as it was."""
    kept = dict(list(handbook.SECTIONS.items())[:3])
    return kept | {
        name: f"On {name.lower()} we agreed on {len(name)} other things. Ask Ann." for name in list("ABCDEFG")
    }


@pytest.fixture
def first(session, owner):
    return handbook.add(session, owner, handbook.SECTIONS, keep_ready=True)


def test_what_is_handed_in_together_is_kept_apart_and_the_next_batch_finds_each_of_them(session, owner):
    texts = [handbook.SECTIONS, handbook.changed()]
    first = [handbook.add(session, owner, one, filename=f"{n}.md", batch="one") for n, one in enumerate(texts)]
    texts = [one | {"Tides": "The tide rises by 2 metres. Boats wait for it."} for one in texts]

    again = [handbook.add(session, owner, one, filename=f"{n}.md", batch="two") for n, one in enumerate(texts)]

    assert [one.update for one in first] == [None, None]
    assert [one.document_id for one in again] == [one.document_id for one in first]
    assert all(one.update for one in again)


def test_what_may_be_a_new_version_is_stored_for_itself_keeps_no_card_and_asks(session, owner, first):
    added = handbook.add(session, owner, next_month(), keep_ready=True, now=LATER)

    assert (added.update, added.resembles, added.kept) == (None, first.document_id, 0)
    asked = parting.family(session, owner, added.document_id).may_replace
    assert asked.document_id == first.document_id
    assert [one.document_id for one in parting.family(session, owner, first.document_id).replaced_by] == [
        added.document_id
    ]


def test_taken_for_a_new_version_it_is_one_and_that_can_be_taken_back(session, owner, first):
    added = handbook.add(session, owner, next_month(), now=LATER)

    taken = parting.take_as_version(session, owner, added.document_id, now=LATER)

    assert (taken.document_id, taken.update.number) == (first.document_id, 1)
    (document,) = library.documents(session, owner)
    assert "other things" in library.document(session, owner, document.id).text
    assert len(decks.deck(session, owner, first.deck_id, now=LATER).notes) == 10

    parted = parting.keep_both(session, owner, first.document_id, number=2, now=LATER)
    assert parted.drafts == added.ready
    assert library.document(session, owner, first.document_id).text.startswith("Handbook")
    assert len(library.documents(session, owner)) == 2


def test_once_its_cards_were_decided_on_it_stays_a_document(session, owner, first):
    added = handbook.add(session, owner, next_month(), now=LATER)
    drafts.keep(session, owner, drafts.bench(session, owner, added.document_id).drafts[0].id, now=LATER)

    with pytest.raises(Conflict, match="Keep both"):
        parting.take_as_version(session, owner, added.document_id, now=LATER)


def test_when_both_are_kept_nobody_is_asked_until_that_is_taken_back(session, owner, first):
    added = handbook.add(session, owner, next_month(), now=LATER)

    parting.settle(session, owner, added.document_id, now=LATER)
    assert parting.family(session, owner, added.document_id).may_replace is None
    with pytest.raises(Conflict, match="settled"):
        parting.take_as_version(session, owner, added.document_id, now=LATER)

    parting.unsettle(session, owner, added.document_id)
    assert parting.family(session, owner, added.document_id).may_replace


def read(sections):
    data = handbook.text(sections).encode()
    document = ingest.read(data, "handbook.md")
    return data, Reading(document, handbook.drafts(document), (), (), 0.1, document.words)


def add(session, owner, data, reading, foreseen):
    return library.add_document(
        session,
        owner,
        reading=reading,
        filename="handbook.md",
        data=data,
        deck_name=None,
        keep_ready=False,
        foreseen=foreseen,
        now=LATER,
    )


def test_what_was_foreseen_is_not_found_once_more(session, owner, first, monkeypatch):
    data, reading = read(handbook.changed())
    sought = library.sought(reading, "handbook.md", url=None, batch=None)
    foreseen = recognising.foresee(session, owner.learner_id, sought)
    monkeypatch.setattr(recognising, "matched", None)
    monkeypatch.setattr(recognising, "likeness", None)
    monkeypatch.setattr(revisions.anchors, "find", None)

    assert add(session, owner, data, reading, foreseen).update.follow == 9


def test_what_has_changed_since_is_looked_at_again(session, owner, first):
    data, reading = read(handbook.changed())
    sought = library.sought(reading, "handbook.md", url=None, batch=None)
    foreseen = recognising.foresee(session, owner.learner_id, sought)
    between = handbook.SECTIONS | {"Tides": "The tide rises by 2 metres. Boats wait for it."}
    handbook.add(session, owner, between, now=LATER)
    nearer = handbook.changed() | {"Tides": "The tide rises by 4 metres. Boats wait for it."}
    other = handbook.add(session, owner, nearer, as_new=True, now=LATER)

    added = add(session, owner, data, reading, foreseen)

    assert added.document_id == other.document_id
    assert added.update
