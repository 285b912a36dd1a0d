import re
from datetime import timedelta
from uuid import uuid4

import pytest

from quizapp.clock import utcnow
from quizapp.services import accounts, study
from tests.web import harbour
from tests.web.browsing import Page


@pytest.fixture
def card(add, database):
    """Return a function that puts a single card into the library and gives it as studied."""

    def only(draft):
        add(draft, keep_ready=True)
        with database.reading() as session:
            actor = accounts.local_owner(session, time_zone="UTC", now=utcnow())
            return study.next_card(session, actor, deck_id=None, now=utcnow())

    return only


@pytest.fixture
def stored(database):
    """Return a function that tells how many answers were given today."""

    def answers():
        with database.reading() as session:
            actor = accounts.local_owner(session, time_zone="UTC", now=utcnow())
            return study.today(session, actor, now=utcnow()).studied_today

    return answers


def fields(card, *, grade=3, **other):
    return {"review": uuid4(), "card": card.card_id, "reviews": card.reviews, "grade": grade, "since": 0, **other}


def test_an_answer_shows_the_quote_with_the_answer_marked_and_its_place(visitor, card):
    card(harbour.LOCK)
    visitor.visit("/study")

    shown = visitor.press("Show answer")

    assert "Three long blasts mean that the lock is closed." in shown.text
    assert "Signals" in shown.text
    start = harbour.LOCK.source.start
    assert f"/library/1#q{start}" in {link.href for link in shown.links}
    assert f"q{start}" in visitor.visit("/library/1").ids


def test_the_words_of_the_answer_are_marked_in_the_quote(visitor, card):
    card(harbour.BERTH)
    visitor.visit("/study")

    shown = visitor.press("Show answer")

    assert "A berth is <mark>the place where a ship lies</mark>." in shown.html


def test_the_gap_of_a_cloze_is_filled_with_the_answer(visitor, card):
    card(harbour.GAP)
    asked = visitor.visit("/study")
    assert "within […] ." in asked.text
    assert "20 minutes" not in asked.text

    shown = visitor.press("Show answer")

    assert "within <mark>20 minutes</mark>." in shown.html


def test_a_list_is_shown_item_by_item_or_at_once(visitor, card):
    card(harbour.LIGHTS)
    visitor.visit("/study")

    one = visitor.press("Show 1 of 3")
    assert "red light" in one.text
    assert "green light" not in one.text
    two = visitor.press("Show 2 of 3")
    assert "green light" in two.text
    assert "Good" not in two.text
    every = visitor.press("Show all")

    assert "white light" in every.text
    assert "Good" in every.text


def test_a_wrong_choice_is_told_beside_the_right_one(visitor, card):
    card(harbour.CLOSED)
    asked = visitor.visit("/study")
    form, _ = asked.form_with("A")
    wrong = next(button for button in form.buttons if "A ship turns" in button.text)

    shown = visitor.press(wrong.text)

    assert "A ship turns Your answer" in shown.text
    assert "The lock is closed Right answer" in shown.text
    assert re.search(r'value="1" aria-keyshortcuts="1 Space"', shown.html)


def test_a_right_choice_is_told(visitor, card):
    card(harbour.CLOSED)
    form, _ = visitor.visit("/study").form_with("A")
    right = next(button for button in form.buttons if "The lock is closed" in button.text)

    shown = visitor.press(right.text)

    assert "The lock is closed Correct" in shown.text
    assert re.search(r'value="3" aria-keyshortcuts="3 Space"', shown.html)


def test_choices_keep_their_places_while_the_card_is_asked(visitor, card):
    card(harbour.CLOSED)

    orders = {
        tuple(
            button.text for form in visitor.visit("/study").forms for button in form.buttons if button.name == "choice"
        )
        for _ in range(3)
    }

    assert len(orders) == 1


def test_true_or_false_can_be_chosen(visitor, card):
    card(harbour.NUMBER)
    visitor.visit("/study")

    shown = visitor.press("B")

    assert "False Your answer" in shown.text
    assert "True Right answer" in shown.text


def test_the_same_answer_sent_twice_counts_once(visitor, card, stored):
    once = fields(card(harbour.BERTH))

    first = visitor.send("/study/answer", **once)
    second = visitor.send("/study/answer", **once)

    assert (first.status_code, second.status_code) == (303, 303)
    assert stored() == 1


def test_a_card_answered_in_another_tab_is_a_conflict_and_no_second_review(visitor, card, stored):
    seen = card(harbour.BERTH)
    visitor.send("/study/answer", **fields(seen))

    late = visitor.send("/study/answer", **fields(seen, grade=1))

    assert late.status_code == 409
    assert "answered elsewhere meanwhile" in late.get_data(as_text=True)
    assert stored() == 1


def test_showing_a_card_that_was_answered_meanwhile_does_not_hide_the_conflict(visitor, card, stored):
    seen = card(harbour.BERTH)
    visitor.visit("/study")
    visitor.send("/study/answer", **fields(seen))

    visitor.visit_with("/study", {"card": seen.card_id, "reviews": seen.reviews, "show": 1, "since": 1})
    late = visitor.press("Good")

    assert late.status == 409
    assert stored() == 1


def test_undo_asks_the_same_card_again_and_twice_sent_undoes_once(visitor, card, stored):
    seen = card(harbour.BERTH)
    visitor.send("/study/answer", **fields(seen))
    undo = uuid4()

    visitor.send("/study/undo", undo=undo)
    visitor.send("/study/undo", undo=undo)

    assert stored() == 0
    assert "What is a berth?" in visitor.visit(f"/study?card={seen.card_id}").text


def test_with_nothing_to_undo_the_study_goes_on(visitor, card):
    card(harbour.BERTH)
    visitor.visit("/study")

    page = visitor.press("Undo")

    assert "There is nothing to undo from the last 24 hours." in page.text
    assert "What is a berth?" in page.text


def test_htmx_gets_the_next_card_at_once_and_no_second_copy_of_the_page(visitor, card):
    seen = card(harbour.BERTH)

    response = visitor.send_with_htmx("/study/answer", **fields(seen, grade=4))

    html = response.get_data(as_text=True)
    assert response.status_code == 200
    assert html.lstrip().startswith('<div class="focus" id="study">')
    assert "<html" not in html
    assert 'id="news"' in html
    assert "Easy: next in" in html


def test_the_block_for_htmx_is_the_same_markup_as_on_the_page(visitor, card):
    card(harbour.BERTH)
    changing = re.compile(r'value="[^"]{30,}"|value="\d{13}"|since=\d+|\s+')

    page = visitor.client.get("/study").get_data(as_text=True)
    block = visitor.client.get("/study", headers={"HX-Request": "true"}).get_data(as_text=True)

    assert changing.sub("", block.split('<div id="news"')[0]) in changing.sub("", page)


def test_the_time_taken_runs_from_the_question_and_stops_at_a_minute(visitor, card, database):
    seen = card(harbour.BERTH)
    asked_at = round((utcnow() - timedelta(seconds=7)).timestamp() * 1000)

    visitor.send("/study/answer", **fields(seen, since=asked_at))
    again = fields(seen, since=round((utcnow() - timedelta(hours=3)).timestamp() * 1000), reviews=1)
    visitor.send("/study/answer", **again)

    first, second = durations(database)
    assert timedelta(seconds=6) <= first <= timedelta(seconds=20)
    assert second == timedelta(seconds=60)


def test_when_all_is_done_the_page_says_what_comes_back(visitor, card):
    visitor.send("/study/answer", **fields(card(harbour.BERTH), grade=4))

    page = visitor.visit("/study")

    assert "That was all for today." in page.text
    assert "Answers 1" in page.text
    assert "Undo" in page.text


def test_an_empty_library_has_nothing_to_study(visitor):
    page = visitor.visit("/study")

    assert "Nothing is due." in page.text
    assert "/library/new" in {link.href for link in page.links}


def test_each_button_says_its_interval_and_its_key(visitor, card):
    card(harbour.BERTH)
    visitor.visit("/study")

    shown = visitor.press("Show answer")

    form, _ = shown.form_with("Again")
    assert [button.text for button in form.buttons] == ["Again 1 min 1", "Hard 6 min 2", "Good 10 min 3", "Easy 8 d 4"]


def test_a_deck_is_studied_by_itself(visitor, add):
    add(harbour.BERTH, keep_ready=True)
    other = add(harbour.LOCK, title="Other", keep_ready=True)

    page = visitor.visit(f"/study/{other.deck_id}")

    assert isinstance(page, Page)
    assert "1 left" in page.text
    assert "Who explains the three long blasts?" in page.text


def durations(database):
    with database.reading() as session:
        stored = session.connection().exec_driver_sql("select duration from review order by at").scalars().all()
    return [timedelta(microseconds=microseconds) for microseconds in stored]


@pytest.mark.parametrize("since", [2**63 - 1, -(2**63 - 1)], ids=["in the future", "long ago"])
def test_a_time_that_never_was_does_not_cost_the_answer(visitor, card, stored, since):
    asked = card(harbour.LOCK)
    visitor.visit("/study")

    answered = visitor.send("/study/answer", **fields(asked, since=since))

    assert answered.status_code == 303
    assert stored() == 1


def test_a_card_from_a_table_shows_its_row_below_the_header(card, visitor):
    shown = visitor.visit(f"/study?card={card(harbour.GREEN).card_id}&show=1")

    assert '<th scope="col">Light</th><th scope="col">Meaning</th>' in shown.html
    assert '<tr><th scope="row">green</th><td><mark>go</mark></td></tr>' in shown.html
    assert "green | go" not in shown.text
