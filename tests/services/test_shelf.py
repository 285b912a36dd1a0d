import pytest

from quizapp.domain.permissions import Actor, LearnerId
from quizapp.errors import InvalidInput, NotFound
from quizapp.services import decks, drafts, library, shelf
from quizapp.services.shelf import Order
from tests import make
from tests.make import NOW

STRANGER = Actor(LearnerId(999))


@pytest.fixture
def document_id(session, owner):
    return make.added(session, owner).document_id


def keep(session, owner, document_id, number):
    view = drafts.bench(session, owner, document_id).drafts[number]
    return drafts.keep(session, owner, view.id, now=NOW)


def tags_of(session, owner, deck_id):
    return [note.tags for note in decks.deck(session, owner, deck_id, now=NOW).notes]


def test_a_passage_is_covered_while_a_kept_card_quotes_it(session, owner, document_id):
    def coverage():
        around = shelf.surroundings(session, owner, document_id)
        assert library.documents(session, owner)[0].coverage == around.coverage
        return around.coverage

    assert (coverage().blocks, coverage().passages, coverage().covered) == (4, 3, ())

    keep(session, owner, document_id, 0)
    note = keep(session, owner, document_id, 1)
    keep(session, owner, document_id, 2)  # of the same passage
    assert (coverage().covered, coverage().percent) == ((1, 2), 67)

    decks.delete(session, owner, decks.decks(session, owner, now=NOW)[0].id, now=NOW)
    assert coverage().covered == ()
    decks.restore(session, owner, 1, now=NOW)
    decks.delete_note(session, owner, note, now=NOW)
    assert coverage().covered == (1, 2)


def test_a_quote_over_several_passages_covers_them_all(session, owner):
    start, end = make.TEXT.index("makes most"), make.TEXT.index("a town")
    source = make.Source(make.TEXT[start:end], start, end)

    there = make.added(session, owner, make.draft(source=source), keep_ready=True)

    assert shelf.surroundings(session, owner, there.document_id).coverage.covered == (1, 2, 3)


def test_documents_are_sorted_as_asked(session, owner):
    for title, number in (("b", 0), ("É", 1), ("C", 2)):
        text = f"{make.TEXT}\n\n{title}"
        there = make.added(session, owner, text=text, title=title, now=NOW.replace(minute=number))
        for kept in range(number):
            keep(session, owner, there.document_id, kept)

    def titles(order):
        return [document.title for document in shelf.shelf(session, owner, order=order).documents]

    assert titles(Order.NEWEST) == ["C", "É", "b"]
    assert titles(Order.TITLE) == ["b", "C", "É"]
    assert titles(Order.LEAST_COVERED) == ["b", "É", "C"]


def test_documents_are_chosen_by_their_tags(session, owner, document_id):
    other = make.added(session, owner, text=f"{make.TEXT}!", title="Other").document_id
    shelf.tag(session, owner, document_id, "biology, reading list", now=NOW)
    shelf.tag(session, owner, other, "Art", now=NOW)

    found = shelf.shelf(session, owner, tag="biology")

    assert [document.id for document in found.documents] == [document_id]
    assert found.documents[0].tags == ("biology", "reading list")
    assert found.tags == ("Art", "biology", "reading list")


def test_cards_kept_from_a_tagged_document_get_its_tags_from_then_on(session, owner, document_id):
    keep(session, owner, document_id, 0)
    shelf.tag(session, owner, document_id, "biology", now=NOW)
    keep(session, owner, document_id, 1)
    shelf.untag(session, owner, document_id, "biology", now=NOW)
    keep(session, owner, document_id, 2)

    assert tags_of(session, owner, 1) == [("cells",), ("biology", "cells"), ("cells",)]


def test_gaps_of_one_sentence_stay_one_note_when_their_document_is_tagged_meanwhile(session, owner):
    sentence = "A mitochondrion makes energy"
    gaps = [
        make.cloze_draft("A […] makes energy", "mitochondrion"),
        make.cloze_draft("A mitochondrion makes […]", "energy"),
    ]
    there = make.added(session, owner, *gaps, text=f"{make.TEXT}\n\n{sentence}")

    first = keep(session, owner, there.document_id, 0)
    shelf.tag(session, owner, there.document_id, "biology", now=NOW)

    assert keep(session, owner, there.document_id, 1) == first


def test_tagging_twice_changes_nothing(session, owner, document_id):
    shelf.tag(session, owner, document_id, "biology", now=NOW)
    shelf.tag(session, owner, document_id, "biology, cells", now=NOW)

    assert shelf.surroundings(session, owner, document_id).tags == ("biology", "cells")


@pytest.mark.parametrize("names", ["", " , ", ",".join(f"tag {number}" for number in range(shelf.TAGS + 1))])
def test_no_tag_or_too_many_are_refused(session, owner, document_id, names):
    with pytest.raises(InvalidInput, match="tag"):
        shelf.tag(session, owner, document_id, names, now=NOW)

    assert shelf.surroundings(session, owner, document_id).tags == ()


def test_a_new_title_is_that_of_its_cards_and_leaves_the_deck_its_name(session, owner, document_id):
    keep(session, owner, document_id, 0)

    before = shelf.rename(session, owner, document_id, "  The \n cell ", now=NOW)

    assert before == "Cells"
    (deck,) = decks.decks(session, owner, now=NOW)
    assert (deck.name, deck.documents) == ("Cells", ("The cell",))
    assert decks.deck(session, owner, deck.id, now=NOW).notes[0].document_title == "The cell"


@pytest.mark.parametrize("title", ["", " \n "])
def test_a_document_keeps_a_title(session, owner, document_id, title):
    with pytest.raises(InvalidInput, match="title"):
        shelf.rename(session, owner, document_id, title, now=NOW)


def test_the_file_comes_back_byte_for_byte(session, owner, document_id):
    assert shelf.original(session, owner, document_id) == shelf.Original("cells.md", make.TEXT.encode(), is_noted=False)


@pytest.mark.parametrize(
    "act",
    [
        lambda session, actor, one: shelf.surroundings(session, actor, one),
        lambda session, actor, one: shelf.original(session, actor, one),
        lambda session, actor, one: shelf.rename(session, actor, one, "Mine", now=NOW),
        lambda session, actor, one: shelf.tag(session, actor, one, "mine", now=NOW),
        lambda session, actor, one: shelf.untag(session, actor, one, "mine", now=NOW),
    ],
    ids=["surroundings", "original", "rename", "tag", "untag"],
)
def test_what_is_somebody_elses_or_in_the_trash_is_not_there(session, owner, document_id, act):
    with pytest.raises(NotFound):
        act(session, STRANGER, document_id)

    library.delete(session, owner, document_id, now=NOW)
    with pytest.raises(NotFound):
        act(session, owner, document_id)
