"""Everything by keyboard alone, with scripts running."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import arrive, press

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("in_use")]


def test_a_session_is_studied_by_keys(open_page):
    page = open_page("/")

    press(page, "Space")
    expect(page.locator(".prompt")).to_have_text("What is a berth?")
    expect(page.locator(".prompt")).to_be_focused()
    press(page, "Space")
    expect(page.locator(".answer")).to_contain_text("the place where a ship lies")
    expect(page.locator(".answer")).to_be_focused()
    press(page, "4")
    expect(page.locator(".prompt")).not_to_have_text("What is a berth?")
    expect(page.locator("#news")).to_contain_text("Easy: next in")
    press(page, "u")
    expect(page.locator(".prompt")).to_have_text("What is a berth?")
    expect(page.locator(".answer")).to_be_focused()
    press(page, "Space")
    expect(page.locator("#news")).to_contain_text("Good: next in 10 minutes.")
    press(page, "Control+z")
    expect(page.locator("#news")).to_contain_text("Good is taken back.")


def test_ten_answers_and_an_undo_by_keys_alone(open_page):
    page = open_page("/")
    asked = []

    press(page, "Space")
    for number in range(1, 11):
        prompt = page.locator(".prompt")
        expect(prompt).to_be_visible()
        asked.append(prompt.inner_text())
        while not page.locator(".ratings").is_visible():
            before = page.locator("#study").inner_text()
            press(page, "a" if page.locator("button.option").count() else "Space")
            expect(page.locator("#study")).not_to_have_text(before, use_inner_text=True)
        press(page, "1")
        expect(page.locator("progress")).to_have_attribute("value", str(number))
    press(page, "u")

    expect(page.locator("#news")).to_contain_text("Again is taken back.")
    expect(page.locator("progress")).to_have_attribute("value", "9")
    expect(page.locator(".ratings")).to_be_visible()
    assert asked[-1].partition("[")[0] in page.locator(".prompt").inner_text()


def test_what_else_can_be_done_to_a_card_has_keys_and_each_step_is_undone(open_page):
    page = open_page("/study?card=1")

    press(page, "Control+3")
    expect(page.locator(".chip.flag")).to_have_text("Green")
    press(page, "-")
    expect(page.locator("#news")).to_contain_text("Buried until tomorrow.")
    expect(page.locator(".prompt")).not_to_have_text("What is a berth?")
    press(page, "@")
    expect(page.locator("#news")).to_contain_text("Suspended")
    page.reload()
    arrive(page)
    for told in ("not suspended any more", "not buried any more", "green flag is as it was"):
        press(page, "u")
        expect(page.locator("#news")).to_contain_text(told)

    expect(page.locator(".prompt")).to_have_text("What is a berth?")
    expect(page.locator(".chip.flag")).to_have_count(0)


def test_the_menu_opens_by_its_key_is_walked_through_and_closed_and_the_session_stays(open_page):
    page = open_page("/study?card=1")
    menu = page.get_by_role("group", name="More for this card")

    press(page, "m")
    expect(menu).to_be_visible()
    expect(page.get_by_role("button", name="Red flag")).to_be_focused()
    press(page, "Tab")
    expect(page.get_by_role("button", name="Orange flag")).to_be_focused()
    press(page, "Escape")

    expect(menu).not_to_be_visible()
    expect(page.locator(".prompt")).to_have_text("What is a berth?")
    expect(page.locator(".prompt")).to_be_focused()


def test_a_cards_history_opens_and_closes_in_place(open_page):
    page = open_page("/study?card=1&show=1")

    press(page, "i")
    expect(page.get_by_role("heading", name="Card info")).to_be_focused()
    press(page, "Escape")

    expect(page.locator(".answer")).to_be_visible()


def test_a_session_is_begun_from_today_ended_and_gone_on_with(open_page):
    page = open_page("/")

    page.get_by_role("button", name="Just 5 minutes").press("Enter")
    expect(page.locator(".focusbar")).to_contain_text("0 min of 5 min")
    press(page, "Escape")
    expect(page.get_by_role("heading", name="Stopped for now.")).to_be_visible()
    press(page, "Space")

    expect(page.locator(".prompt")).to_be_visible()


def test_going_back_to_a_card_that_was_answered_counts_it_once(open_page):
    page = open_page("/study?card=1&show=1&reviews=0")
    page.get_by_role("button", name="Good").click()
    expect(page.locator("#news")).to_contain_text("Good: next in")
    page.goto(page.url.partition("/study")[0] + "/decks")

    page.go_back()
    arrive(page)
    page.get_by_role("button", name="Easy").click()

    expect(page.locator("#news")).to_contain_text("answered elsewhere meanwhile")


def test_what_is_seen_can_be_pressed_before_any_other_script_has_come(open_page, address):
    page = open_page("/keys")
    page.route(re.compile(r"/static/(?!keys\.).*\.js"), lambda route: route.abort())
    page.goto(f"{address}/study?card=1", wait_until="commit")

    page.get_by_role("button", name="Show answer").wait_for()
    page.keyboard.press("Space")

    expect(page.locator(".answer")).to_contain_text("the place where a ship lies")


def test_every_grade_has_its_key(open_page):
    page = open_page("/study/1")

    for key, grade in [("1", "Again"), ("2", "Hard"), ("3", "Good"), ("4", "Easy")]:
        page.goto(re.sub(r"/study.*", "/study?card=1", page.url))
        press(page, "Space")
        expect(page.locator(".ratings")).to_be_visible()
        press(page, key)
        expect(page.locator("#news")).to_contain_text(f"{grade}: next in")


def test_a_key_held_down_grades_once(open_page):
    page = open_page("/study?card=1&show=1")
    posts = []
    page.on("request", lambda request: request.method == "POST" and posts.append(request.url))

    page.keyboard.down("3")
    page.keyboard.down("3")
    page.keyboard.down("3")
    expect(page.locator("#news")).to_contain_text("Good: next in")
    page.keyboard.up("3")

    assert len(posts) == 1


def test_two_quick_clicks_grade_once(open_page):
    page = open_page("/study?card=1&show=1")
    posts = []
    page.on("request", lambda request: request.method == "POST" and posts.append(request.url))

    page.locator(".rate.good").dblclick()
    expect(page.locator("#news")).to_contain_text("Good: next in")
    page.wait_for_load_state("networkidle")

    assert len(posts) == 1


def test_choices_are_chosen_by_letter(open_page):
    page = open_page("/study?card=5")

    press(page, "b")

    expect(page.locator(".option").nth(1)).to_have_class(re.compile("is-(right|wrong)"))
    expect(page.locator(".ratings")).to_be_visible()


def test_a_list_is_shown_item_by_item(open_page):
    page = open_page("/study?card=6")
    assert "light" not in page.locator(".reveal").inner_text()

    press(page, "Space")
    expect(page.locator(".reveal")).to_contain_text("red light")
    press(page, "Space")
    expect(page.locator(".reveal")).to_contain_text("green light")
    press(page, "Space")

    expect(page.locator(".ratings")).to_be_visible()


def test_a_card_is_edited_in_place(open_page):
    page = open_page("/study?card=1&show=1")

    press(page, "e")
    expect(page.locator("#question")).to_be_focused()
    press(page, "Escape")
    expect(page.locator(".answer")).to_be_visible()
    press(page, "e")
    page.locator("#answer").fill("1 2 3 where a ship lies")
    press(page, "Control+Enter")

    expect(page.locator(".answer")).to_contain_text("1 2 3 where a ship lies")
    expect(page.locator("#news")).to_contain_text("Saved. The card keeps its schedule.")


def test_a_card_is_reported_in_place(open_page):
    page = open_page("/study?card=1")

    press(page, "r")
    expect(page.locator("[name=reason]").first).to_be_focused()
    press(page, "Space", "Control+Enter")

    expect(page.locator("#news")).to_contain_text("Reported. It waits for you on Today.")
    expect(page.locator(".prompt")).to_have_text("What is a berth?")


def test_keys_typed_into_a_field_press_nothing(open_page):
    page = open_page("/study?card=1&panel=edit")

    page.locator("#question").fill("")
    page.keyboard.type("are you 1234?")

    expect(page.locator("#question")).to_have_value("are you 1234?")
    expect(page.locator("#keys")).not_to_be_visible()


def test_all_keys_are_listed_and_close_again(open_page):
    page = open_page("/study")

    press(page, "?")
    expect(page.locator("#keys")).to_be_visible()
    expect(page.locator("#keys")).to_contain_text("show the answer, then Good")
    press(page, "1")
    press(page, "Escape")

    expect(page.locator("#keys")).not_to_be_visible()
    expect(page.locator(".prompt")).to_be_visible()
    expect(page.locator(".answer")).not_to_be_visible()


def test_single_keys_can_be_switched_off(open_page):
    page = open_page("/study")
    press(page, "?")
    page.get_by_label("Listen to single keys on this device").uncheck()
    press(page, "Escape")

    press(page, "e")
    page.reload()
    press(page, "e")

    expect(page.locator("#question")).to_have_count(0)
    expect(page.locator("kbd:visible")).to_have_count(0)


def test_drafts_are_decided_by_keys(open_page):
    page = open_page("/drafts/2")
    opened = page.locator(".proposal.open .idx")
    tally = page.locator(".tally")

    press(page, "a")
    expect(tally).to_contain_text("1 of 7 decided")
    expect(page.locator(".proposal.open")).to_be_focused()
    press(page, "x")
    expect(tally).to_contain_text("2 of 7 decided")
    before = opened.inner_text()
    press(page, "j")
    expect(opened).not_to_have_text(before)
    press(page, "k")
    expect(opened).to_have_text(before)
    press(page, "z")
    expect(tally).to_contain_text("1 of 7 decided")
    press(page, "Control+z")
    expect(tally).to_contain_text("0 of 7 decided")
    expect(opened).to_have_text("1")


def test_a_draft_is_edited_by_keys(open_page):
    page = open_page("/drafts/2")

    press(page, "e")
    page.locator("#question").fill("What do ships lie at?")
    press(page, "Control+Enter")

    expect(page.locator(".proposal.open")).to_contain_text("What do ships lie at?")
    expect(page.locator(".proposal.open")).to_contain_text("Edited")


def test_the_source_follows_the_open_draft(open_page):
    page = open_page("/drafts/2")
    marked = page.locator("#source mark.on")
    expect(marked).to_have_text("A berth is the place where a ship lies.")

    press(page, "j")

    expect(marked).not_to_have_text("A berth is the place where a ship lies.")
    quote = page.locator(".proposal.open .quote p").inner_text()
    expect(marked.first).to_contain_text(quote)


def test_a_quote_in_the_source_opens_its_draft(open_page):
    page = open_page("/drafts/2")

    page.locator("#source mark", has_text="Three long blasts").click()

    expect(page.locator(".proposal.open .quote")).to_contain_text("Three long blasts mean that the lock is closed.")
