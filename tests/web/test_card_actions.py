import re
from uuid import UUID, uuid4

import pytest

from tests.web import harbour


@pytest.fixture
def asked(add, visitor):
    """Two cards, the first of them asked."""
    add(harbour.BERTH, harbour.LOCK, keep_ready=True)
    return visitor.visit("/study")


def act(visitor, do, card_id=1, *, within="/study", action=None, show=0):
    return visitor.send(f"{within}/cards/{card_id}/act", action=action or uuid4(), show=show, do=do)


@pytest.mark.parametrize(
    ("button", "said", "undone"),
    [
        ("Bury until", "Buried until tomorrow.", "The card is not buried any more."),
        ("Bury the note", "with the other cards of its note", "The card is not buried any more."),
        ("Suspend until", "Suspended: it is not asked", "The card is not suspended any more."),
        ("Suspend the note", "Suspended with the other cards", "The card is not suspended any more."),
        ("Known", "comes back in half a year", "“Known” is taken back"),
    ],
)
def test_each_button_of_the_menu_leads_on_and_is_taken_back(visitor, asked, button, said, undone):
    done = visitor.press(button)
    assert said in done.text
    assert "What is a berth?" not in done.text

    back = visitor.press("Undo")

    assert undone in back.text
    assert "What is a berth?" in back.text


def test_a_reset_makes_a_card_new_again(visitor, asked):
    visitor.press("Known")
    visitor.visit("/study?card=1")

    visitor.press("Reset")

    assert "New" in visitor.visit("/study?card=1").text


def test_a_flag_is_shown_by_its_name_and_the_card_stays_as_it_was_shown(visitor, asked):
    visitor.press("Show answer")

    flagged = visitor.press("4")

    assert "Blue flag." in flagged.text
    assert "the place where a ship lies" in flagged.text
    assert re.search(r'chip flag f4">.*Blue', flagged.html)


def test_what_was_edited_says_again_what_it_said(visitor, asked):
    visitor.follow("Edit")
    visitor.press("Save", question="What is a quay?")
    assert "What is a quay?" in visitor.page.text

    back = visitor.press("Undo")

    assert "The card says again what it said before the edit." in back.text
    assert "What is a berth?" in back.text


def test_a_report_is_withdrawn(visitor, asked):
    visitor.follow("Report")
    visitor.press("Report", reason="wrong")
    assert "You reported a card" in visitor.visit("/").text
    visitor.visit("/study")

    assert "The report is withdrawn." in visitor.press("Undo").text
    assert "You reported a card" not in visitor.visit("/").text


def test_a_suspended_card_says_so_and_is_asked_again_when_that_is_wanted(visitor, asked):
    act(visitor, "suspend-card")
    assert "Set aside" in visitor.visit("/study?card=1").text

    visitor.press("Ask it again")

    assert "It is asked again, where its schedule is." in visitor.page.text
    assert "Set aside" not in visitor.page.text


@pytest.mark.parametrize("do", ["", "flag-8", "flag-x", "flag-99999999999", "burn"])
def test_what_is_not_on_the_menu_is_refused(visitor, asked, do):
    assert act(visitor, do).status_code == 422


def test_a_press_without_an_id_is_refused(visitor, asked):
    assert visitor.send("/study/cards/1/act", show=0, do="known").status_code == 422


def test_the_page_of_a_card_tells_its_history_and_where_it_comes_from(visitor, asked):
    visitor.press("Show answer")
    visitor.press("Easy")
    act(visitor, "flag-2")

    page = visitor.visit("/cards/1")

    assert "Orange" in page.text
    assert "Easy" in page.text
    assert "8 d" in page.text
    assert "A berth is" in page.text
    assert page.html.count('class="stroke"') == 2


def test_on_the_page_of_a_card_it_is_suspended_and_taken_back(visitor, asked):
    visitor.visit("/cards/1")

    visitor.press("Suspend until")
    assert "Suspended" in visitor.page.text
    assert visitor.page.path == "/cards/1"
    visitor.press("Undo")

    assert "The card is not suspended any more." in visitor.page.text


@pytest.mark.parametrize("path", ["/cards/99", "/study/sessions/00000000-0000-0000-0000-000000000001"])
def test_what_is_not_there_is_not_found(visitor, asked, path):
    assert visitor.visit(path).status == 404


def test_a_session_leads_on_within_itself_and_comes_to_an_end(visitor, asked):
    visitor.visit("/")
    visitor.press("Practise")
    assert "0 of 2 cards" in visitor.page.text
    assert "Practice: no date changes" in visitor.page.text
    where = visitor.page.path

    for _ in range(2):
        visitor.press("Show answer")
        assert visitor.page.path.startswith(where)
        visitor.press("Good")

    assert "2 cards done." in visitor.page.text
    assert "Practice: every card keeps the date that it had." in visitor.page.text
    assert "2 new" in visitor.visit("/").text


def test_what_was_missed_leads_to_its_passage_and_is_practised_again(visitor, asked):
    visitor.visit("/")
    visitor.press("Just 5 minutes")
    visitor.press("Show answer")
    visitor.press("Again")

    ended = visitor.visit(f"{visitor.page.path.partition('?')[0]}/end")
    assert "Stopped for now." in ended.text
    assert f"/library/1#q{harbour.BERTH.source.start}" in {link.href for link in ended.links}
    visitor.press("Practise what you missed")

    assert "0 of 1 card" in visitor.page.text


def test_with_two_buttons_an_answer_is_missed_or_known(visitor, asked):
    visitor.visit("/settings")
    visitor.press("Save", buttons="2", turn="4")

    visitor.visit("/study")
    shown = visitor.press("Show answer")

    buttons = [button for form in shown.forms for button in form.buttons if button.name == "grade"]
    assert [(button.text.split()[0], button.value) for button in buttons] == [("Again", "1"), ("Good", "3")]
    assert 'aria-keyshortcuts="2 3 Space"' in shown.html


@pytest.mark.parametrize(
    "fields", [{"mode": "never"}, {"mode": "practice", "card_ids": "1,x"}, {"mode": "due", "minutes": 0}]
)
def test_a_session_that_makes_no_sense_is_refused(visitor, asked, fields):
    assert visitor.send("/study/sessions", session=UUID(int=3), **fields).status_code == 422
