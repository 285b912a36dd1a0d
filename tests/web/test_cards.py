import re
from uuid import uuid4

import pytest

from quizapp.domain.search_language import KEYS, parse
from quizapp.web.search_help import EXAMPLES
from tests.web import harbour

BOTH = (harbour.BERTH, harbour.LOCK)


@pytest.fixture
def cards(visitor, add):
    add(*BOTH, keep_ready=True)
    visitor.visit("/cards")
    return visitor


def test_cards_are_found_by_a_search_and_sorted_by_a_column(cards):
    page = cards.press("Search", q="deck:harbour*")

    assert "2 cards" in page.text
    assert (
        'aria-sort="ascending"><a href="/cards?q=deck:harbour*&amp;order=-question">' in cards.follow("Question").html
    )


def test_a_filter_is_added_to_the_search_and_taken_out_again(cards):
    added = cards.follow("New")
    assert 'value="is:new"' in added.html

    taken = next(link.href for link in cards.page.links if link.text.startswith("New"))

    assert 'value=""' in cards.visit(taken).html


def test_filters_keep_alternatives_together(cards):
    page = cards.visit("/cards?q=lock or berth")

    link = next(link.href for link in page.links if link.text.strip() == "Due")
    assert 'value="(lock or berth) is:due"' in cards.visit(link).html


def test_a_search_that_cannot_be_understood_shows_where(cards):
    page = cards.visit("/cards?q=lock (berth")

    assert page.status == 422
    assert "At character 6: this bracket is never closed." in page.text
    assert "lock <del>(</del>berth" in page.html


def test_a_search_without_a_hit_and_an_empty_library_say_what_next(visitor, add):
    assert "Cards come from documents" in visitor.visit("/cards").text
    add(*BOTH, keep_ready=True)

    assert "No card is like that" in visitor.visit("/cards?q=volcano").text


def test_a_card_opens_with_its_source_and_is_edited_in_place(cards):
    opened = cards.visit("/cards?open=1")
    assert "see it on the page" in opened.text

    cards.visit("/cards?open=1&edit=1")
    page = cards.press("Save", question="What has changed?")

    assert "Saved. The card keeps its schedule." in page.text
    assert "What has changed?" in page.text


def test_a_card_that_is_open_and_not_among_those_found_is_shown_above_them(cards):
    page = cards.visit("/cards?q=cid:2&open=1")

    assert page.html.index("see it on the page") < page.html.index("<table")


def test_what_is_done_to_many_cards_is_taken_back_from_the_notice(cards):
    done = cards.press("Suspend", all="yes")
    assert "2 cards suspended." in done.text
    assert len(re.findall(r">Suspended</span>", done.html)) == 2

    page = cards.press("Undo")
    assert "2 cards as before." in page.text
    assert len(re.findall(r">New</span>", page.html)) == 2


def test_the_cards_that_were_ticked_are_changed_and_no_others(cards):
    page = cards.press("Add", card="1", tags="boats, <b>")

    assert "1 card tagged boats, &lt;b&gt;." in page.html
    assert page.html.count('<td class="of">&lt;b&gt;, boats</td>') == 1


def test_nothing_is_done_without_a_card(cards):
    assert cards.press("Delete").status == 422
    assert "2 cards" in cards.visit("/cards").text


@pytest.mark.parametrize(
    "wrong", [{"do": ""}, {"do": "explode"}, {"do": "move", "deck": ""}, {"do": "flag", "flag": "x"}]
)
def test_what_is_to_be_done_must_be_chosen(cards, wrong):
    assert cards.send("/cards/bulk", card="1", step=str(uuid4()), **wrong).status_code == 422


def test_a_search_is_kept_and_its_loss_is_taken_back(cards):
    cards.visit("/cards?q=is:new")
    cards.press("Save", name="Fresh ones")
    assert "Fresh ones" in cards.visit("/cards").text

    cards.send("/cards/saved/1/delete")
    assert "Fresh ones is not kept any more." in cards.visit("/cards").text
    cards.send("/cards/saved/1/restore")

    assert next(link.href for link in cards.visit("/cards").links if link.text == "Fresh ones") == "/cards?q=is:new"


@pytest.mark.parametrize("query", ["order=odd", "page=99", "page=-1", "open=99", "q=%00", "order=-recall&page=2"])
def test_an_odd_address_is_no_failure(cards, query):
    assert cards.visit(f"/cards?{query}").status in {200, 404}


def test_every_example_of_the_help_can_be_understood_and_every_key_is_explained():
    examples = [(example, finds) for _, lines in EXAMPLES for example, finds in lines]
    for example, _ in examples:
        parse(example)

    told = " ".join(f"{example} {finds}" for example, finds in examples)
    assert {key for key in KEYS if f"{key}:" not in told} == {"re"}


def test_what_a_search_finds_is_practised(cards):
    cards.visit("/cards?q=berth")

    page = cards.press("Practise these")

    assert page.path.startswith("/study/sessions/")
    assert "Practice: no date changes" in page.text
    assert "of 1 card" in page.text


def test_a_session_of_a_search_says_which_cards_it_takes_of_many(cards, monkeypatch):
    monkeypatch.setattr("quizapp.web.cards.MOST_CARDS", 1)

    assert "A session has 1 card at most: those that you know least." in cards.visit("/cards?q=deck:harbour*").text


def test_a_saved_search_is_practised_from_today(cards):
    cards.visit("/cards?q=berth")
    cards.press("Save", name="Berths")

    cards.visit("/")
    page = cards.press("Practise them", q="berth")

    assert "of 1 card" in page.text
