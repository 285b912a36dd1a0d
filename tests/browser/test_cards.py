import pytest
from playwright.sync_api import expect

from tests.browser.conftest import press

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("in_use")]


def test_cards_are_chosen_changed_and_restored_by_keys_alone(open_page):
    page = open_page("/cards")
    expect(page.get_by_role("group", name="For the chosen cards")).to_be_hidden()

    press(page, "j")
    press(page, "x")
    press(page, "j")
    press(page, "x")
    chosen = page.get_by_role("group", name="For the chosen cards")
    expect(chosen).to_be_visible()
    chosen.get_by_role("button", name="Suspend", exact=True).focus()
    press(page, "Enter")

    expect(page.get_by_role("status")).to_contain_text("2 cards suspended.")
    expect(page.locator("td.state", has_text="Suspended")).to_have_count(2)
    press(page, "u")
    expect(page.locator("td.state", has_text="Suspended")).to_have_count(0)


def test_a_card_is_opened_and_closed_in_its_place(open_page):
    page = open_page("/cards")

    press(page, "j")
    press(page, "Enter")
    expect(page.get_by_role("link", name="History")).to_be_visible()
    press(page, "Escape")

    expect(page.get_by_role("link", name="History")).to_be_hidden()


# Presses Escape in the moment in which a button for it appears: sooner than anybody can.
ESCAPE_AT_ONCE = """() => new MutationObserver((_, watching) => {
  if (!document.querySelector('[aria-keyshortcuts="Escape"]')) return;
  watching.disconnect();
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
}).observe(document.body, { childList: true, subtree: true })"""


def test_what_has_just_come_into_the_page_is_pressed_by_its_key_at_once(open_page):
    page = open_page("/cards")
    page.evaluate(ESCAPE_AT_ONCE)

    with page.expect_response(lambda response: response.url.endswith("/cards")):
        press(page, "j", "Enter")

    expect(page.get_by_role("link", name="History")).to_be_hidden()


def test_all_cards_of_a_page_are_ticked_at_once(open_page):
    page = open_page("/cards")

    page.get_by_role("checkbox", name="Choose all cards on this page").check()

    assert page.locator('input[name="card"]').evaluate_all("boxes => boxes.every((box) => box.checked)")


@pytest.mark.usefixtures("studied")
def test_nothing_of_a_card_is_cut_off_on_a_phone(open_page):
    page = open_page("/cards", viewport={"width": 390, "height": 844})
    expect(page.locator("td.n", has_text="100%").first).to_be_visible()

    edge = page.locator(".browser").evaluate("box => box.getBoundingClientRect().right")
    ends = page.locator(".cards td:visible").evaluate_all(
        "cells => cells.map((one) => one.getBoundingClientRect().right)"
    )

    assert max(ends) <= edge
