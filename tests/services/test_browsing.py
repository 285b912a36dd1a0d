from datetime import timedelta
from uuid import uuid4

import pytest

from quizapp.db import browsing as rows
from quizapp.db import notes
from quizapp.db.browsing import SortedBy
from quizapp.db.notes import NoteRow
from quizapp.domain import leeches
from quizapp.domain.cards import CardKind, Source
from quizapp.domain.options import Options
from quizapp.domain.parameters import Fitted, Measured
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.domain.scheduling import DEFAULT_WEIGHTS, Grade
from quizapp.domain.search_language import Misread
from quizapp.errors import InvalidInput, NotFound
from quizapp.services import browsing, card_history, decks, options, parameters, settings, study
from quizapp.services.card_actions import Press, bury_card, put_flag, suspend_card
from tests import make
from tests.make import NOW
from tests.services.studying import answer

DAY = timedelta(days=1)


@pytest.fixture
def library(session, owner):
    """Four notes with five cards: number 2 is a cloze with two gaps, number 4 in a subdeck and made a week ago."""
    town = Source("a cell is like a town", 0, 21, speaker="Lin Wei", heading="Cells")
    tide = Source("Die Größe der Flut", 0, 18, speaker="Ada Okafor", heading="Häfen")
    make.note_in(session, owner, make.draft(0, question="What makes energy?", source=town), deck_name="Biology")
    cloze = make.note_in(session, owner, make.cloze_draft("The […] shuts at night", "tide gate"), deck_name="Harbour")
    decks.edit_note(session, owner, cloze, question="The {{c1::tide gate}} shuts at {{c2::night}}", answer="", now=NOW)
    make.note_in(session, owner, make.draft(2, question="数据库是什么?", source=tide, tags=()), deck_name="Harbour")
    make.note_in(
        session,
        owner,
        make.draft(
            3, kind=CardKind.TRUE_FALSE, question="Is Café an e-mail word?", answer="True", tags=("marine::ports",)
        ),
        deck_name="Biology::Cells",
        now=NOW - 7 * DAY,
    )
    return session


@pytest.fixture
def found(library, owner):
    def search(asked, *, now=NOW):
        return set(browsing.matching(library, owner, asked, now=now))

    return search


SAID = {
    "": {1, 2, 3, 4, 5},
    "energy": {1},
    "ener": {1},
    '"ener"': set(),
    "ENERGY makes": {1},
    '"makes energy"': {1},
    '"energy makes"': set(),
    "tide gate shuts": {2, 3},
    "数据": {4},
    "cafe": {5},
    "mail": {5},
    "e*gy": {1},
    "*gate": {2, 3},
    "ti_e": {2, 3},
    "energy or cafe": {1, 5},
    "-energy -tide": {4, 5},
    "(energy or tide) -night": {1},
    "marine": {5},
    "marine word": {5},
    '"marine ports"': {5},
    "deck:biology": {1, 5},
    "deck:biology::cells": {5},
    "deck:*o*": {1, 2, 3, 4, 5},
    "deck:bio": set(),
    "-deck:biology": {2, 3, 4},
    "tag:cells": {1, 2, 3},
    "tag:marine": {5},
    "tag:none": {4},
    "tag:CELLS tide": {2, 3},
    "speaker:okafor": {4},
    'speaker:"lin wei"': {1, 2, 3, 5},
    "document:cells": {1, 2, 3, 4, 5},
    "document:harbours": set(),
    "source:flut": {4},
    "source:hafen": {4},
    "source:*": {1, 2, 3, 4, 5},
    "kind:cloze": {2, 3},
    "kind:true_false": {5},
    "card:1": {1, 2, 4, 5},
    "card:2": {3},
    "nid:1,2": {1, 2, 3},
    "cid:4,99": {4},
    "added:1": {1, 2, 3, 4},
    "added:7": {1, 2, 3, 4},
    "added:8": {1, 2, 3, 4, 5},
    "edited:1": {1, 2, 3, 4},
    "is:new": {1, 2, 3, 4, 5},
    "is:due": set(),
    "prop:reps=0": {1, 2, 3, 4, 5},
    "prop:s>0": set(),
    "-prop:s>0": {1, 2, 3, 4, 5},
}


def test_cards_are_found_by_what_they_say_and_where_they_come_from(found):
    assert {asked: found(asked) for asked in SAID} == SAID


@pytest.fixture
def studied(library, owner):
    """Card 1 forgotten and in steps, 2 easy and in review, 3 answered a while ago; 4 suspended and flagged, 5 buried."""
    answer(library, owner, 3, Grade.EASY, at=NOW - 30 * DAY)
    answer(library, owner, 1, Grade.EASY, at=NOW - 20 * DAY)
    answer(library, owner, 1, Grade.AGAIN, at=NOW - timedelta(minutes=5))
    answer(library, owner, 2, Grade.EASY, at=NOW - DAY)
    suspend_card(library, owner, Press(uuid4(), 4), NOW)
    put_flag(library, owner, Press(uuid4(), 4), 3, NOW)
    bury_card(library, owner, Press(uuid4(), 5), NOW)
    notes.tag(library, owner.learner_id, [3], leeches.TAG)
    study.report(library, owner, card_id=5, reason="unclear", text="", now=NOW)
    return library


STUDIED = {
    "is:new": {4, 5},
    "is:learn": {1},
    "is:review": {1, 2, 3},
    "is:due": {1, 3},
    "is:suspended": {4},
    "is:buried": {5},
    "is:leech": {4},
    "flag:3": {4},
    "flag:0": {1, 2, 3, 5},
    "reason:unclear": {5},
    "reason:*": {5},
    "rated:1": {1},
    "rated:2": {1, 2},
    "rated:2:easy": {2},
    "rated:40:1": {1},
    "introduced:2": {2},
    "introduced:21": {1, 2},
    "prop:lapses>0": {1},
    "prop:lapses=0": {2, 3, 4, 5},
    "prop:reps>=2": {1},
    "prop:s>8": {2, 3},
    "prop:s<=8": {1},
    "prop:d>0": {1},
    "prop:d<=100%": {1, 2, 3},
    "prop:ivl>=8": {2, 3},
    "prop:ivl=0": {1},
    "prop:r<0.9": {3},
    "prop:r>=0.9": {1, 2},
    "prop:r=1": {1},
    "prop:r!=1": {2, 3},
    "prop:r<=1": {1, 2, 3},
    "prop:r>2": set(),
    "prop:r>0": {1, 2, 3},
    "prop:r<0": set(),
    "prop:due=0": {1},
    "prop:due<0": {3},
    "prop:due>0": {2},
    "prop:due=7": {2},
    "prop:due!=7": {1, 3},
    "prop:due<=0": {1, 3},
    "prop:due>=7": {2},
    "-prop:s>8": {1, 4, 5},
    "-is:review": {4, 5},
}


def test_cards_are_found_by_how_they_are_studied(studied, owner):
    assert {asked: set(browsing.matching(studied, owner, asked, now=NOW)) for asked in STUDIED} == STUDIED


def test_an_answer_that_was_taken_back_counts_nowhere(studied, owner):
    answer(studied, owner, 4, Grade.AGAIN)
    study.undo(studied, owner, undo_id=uuid4(), now=NOW)

    assert 4 not in browsing.matching(studied, owner, "rated:1", now=NOW)
    assert 4 not in browsing.matching(studied, owner, "introduced:1", now=NOW)


def test_recall_is_compared_with_what_is_shown(studied, owner):
    page = browsing.browse(studied, owner, "is:review", now=NOW)

    for line in page.cards:
        for share in (line.recall - 0.01, line.recall + 0.01):
            above = browsing.matching(studied, owner, f"prop:r>{share}", now=NOW)
            assert (line.card_id in above) == (line.recall > share)


def test_recall_goes_by_the_learners_parameters_whatever_options_a_deck_has(studied, owner):
    steeper = (*DEFAULT_WEIGHTS[:20], 0.6)
    fitted = Fitted(steeper, 500, Measured(100, 0.3, 0.03), Measured(100, 0.4, 0.05))
    version = parameters.store(studied, owner, fitted, now=NOW)
    settings.change(studied, owner, parameters.prepare(studied, owner, version, now=NOW))
    for deck in decks.decks(studied, owner, now=NOW):
        options.choose(studied, owner, deck.id, Options(retention=0.75, maximum_interval=3 * DAY))

    lines = browsing.browse(studied, owner, "is:review", order=SortedBy.RECALL, is_reversed=False, now=NOW).cards

    told = [card_history.history(studied, owner, line.card_id, now=NOW).recall for line in lines]
    assert [line.recall for line in lines] == told == sorted(told)
    assert told[0] < 0.8
    for line in lines:
        around = f"prop:r>{line.recall - 1e-6} prop:r<{line.recall + 1e-6}"
        assert line.card_id in browsing.matching(studied, owner, around, now=NOW)


def test_what_was_reworded_is_found_by_its_new_words(library, owner, found):
    decks.edit_note(library, owner, 1, question="What makes heat?", answer="a furnace", now=NOW)

    assert (found("energy"), found("heat furnace")) == (set(), {1})


def test_what_is_in_the_trash_is_not_found(library, owner, found):
    decks.delete_note(library, owner, 1, now=NOW)
    deck = next(one for one in decks.decks(library, owner, now=NOW) if one.name == "Harbour")
    decks.delete(library, owner, deck.id, now=NOW)

    assert found("") == {5}
    with pytest.raises(NotFound):
        browsing.card(library, owner, 1, now=NOW)


def test_cards_of_somebody_else_are_not_found(library):
    stranger = Actor(LearnerId(99))

    with pytest.raises((NotFound, IndexError)):
        browsing.card(library, stranger, 1, now=NOW)


SORTED = {
    (SortedBy.ADDED, False): [1, 2, 3, 4, 5],
    (SortedBy.ADDED, True): [5, 4, 3, 2, 1],
    (SortedBy.QUESTION, False): [5, 3, 2, 1, 4],
    (SortedBy.DECK, False): [1, 5, 4, 3, 2],
    (SortedBy.DUE, False): [3, 1, 2, 5, 4],
    (SortedBy.DUE, True): [2, 1, 3, 5, 4],
    (SortedBy.STABILITY, True): [3, 2, 1, 5, 4],
    (SortedBy.RECALL, False): [3, 2, 1, 5, 4],
    (SortedBy.LAPSES, True): [1, 3, 2, 5, 4],
    (SortedBy.TAGS, False): [3, 2, 1, 4, 5],
    (SortedBy.FLAG, False): [4, 5, 3, 2, 1],
    (SortedBy.STATE, False): [1, 3, 2, 5, 4],
}


def test_cards_are_sorted_by_each_column_and_those_without_it_come_last(studied, owner):
    found = {}
    for order, is_reversed in SORTED:
        page = browsing.browse(studied, owner, "", order=order, is_reversed=is_reversed, now=NOW)
        found[order, is_reversed] = [line.card_id for line in page.cards]

    assert found == SORTED


def test_what_cannot_be_understood_is_refused(library, owner):
    with pytest.raises(Misread, match="At character 1"):
        browsing.browse(library, owner, "(tide", now=NOW)


def test_names_to_choose_from_are_those_that_cards_have(library, owner):
    names = browsing.names(library, owner)

    assert [name for _, name in names.decks] == ["Biology", "Biology::Cells", "Harbour"]
    assert (names.tags, names.speakers) == (["cells", "marine::ports"], ["Ada Okafor", "Lin Wei"])
    assert set(names.documents) == {"Cells"}


def test_a_saved_search_is_kept_under_its_name_and_comes_back(session, owner):
    browsing.save(session, owner, " Hard  ones ", "prop:d>0.8", now=NOW)
    browsing.save(session, owner, "hard ones", "prop:d>0.9", now=NOW)
    (kept,) = browsing.saved(session, owner)

    browsing.forget(session, owner, kept.id, now=NOW)
    gone = browsing.saved(session, owner)
    browsing.remember(session, owner, kept.id)

    assert (kept.name, kept.query, gone) == ("hard ones", "prop:d>0.9", [])
    assert browsing.saved(session, owner) == [kept]


@pytest.mark.parametrize(("name", "asked"), [(" ", "tide"), ("Tides", "(tide")])
def test_a_search_without_a_name_or_that_cannot_be_understood_is_not_saved(session, owner, name, asked):
    with pytest.raises(InvalidInput):
        browsing.save(session, owner, name, asked, now=NOW)


def test_words_follow_a_note_however_it_is_written(session, owner, found):
    row = notes.get(session, 1)
    assert isinstance(row, NoteRow)

    row.quote = "Zephyr"
    session.flush()

    assert found("source:zephyr") == {1}


@pytest.mark.parametrize(
    "asked",
    ["", "is:due", "-is:due", "is:new -is:suspended", "is:suspended", "is:buried", "is:due -(is:new is:buried)"],
)
def test_statements_that_are_made_once_find_what_others_find(library, owner, monkeypatch, asked):
    answer(library, owner, 1, Grade.EASY)
    answer(library, owner, 4, Grade.GOOD)
    suspend_card(library, owner, Press(uuid4(), 5), now=NOW)
    bury_card(library, owner, Press(uuid4(), 3), now=NOW)

    def look():
        pages = [
            browsing.browse(library, owner, asked, order=order, is_reversed=is_reversed, now=at)
            for order in SortedBy
            for is_reversed in (True, False)
            for at in (NOW, NOW + 30 * DAY)
        ]
        return [(one.total, one.due, [card.card_id for card in one.cards]) for one in pages]

    kept = look()
    monkeypatch.setattr(rows, "_plain_page", lambda *_, **__: None)
    monkeypatch.setattr(rows, "_plain_counting", lambda *_, **__: None)

    assert kept == look()
