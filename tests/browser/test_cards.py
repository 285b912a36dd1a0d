import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("in_use")]


def test_cards_are_chosen_changed_and_restored_by_keys_alone(open_page):
    page = open_page("/cards")
    expect(page.get_by_role("group", name="For the chosen cards")).to_be_hidden()

    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    chosen = page.get_by_role("group", name="For the chosen cards")
    expect(chosen).to_be_visible()
    chosen.get_by_role("button", name="Suspend", exact=True).focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_contain_text("2 cards suspended.")
    expect(page.locator("td.state", has_text="Suspended")).to_have_count(2)
    page.keyboard.press("u")
    expect(page.locator("td.state", has_text="Suspended")).to_have_count(0)


def test_a_card_is_opened_and_closed_in_its_place(open_page):
    page = open_page("/cards")

    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="History")).to_be_visible()
    page.keyboard.press("Escape")

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
