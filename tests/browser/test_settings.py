"""What scripts add to Settings."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import press

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("in_use")]


def test_trying_changes_the_form_in_place_and_saving_offers_undo(open_page):
    page = open_page("/settings")

    page.get_by_label("New cards a day").fill("7")
    page.get_by_role("button", name="What would it do?").click()
    expect(page.locator("#tried")).to_contain_text("Nothing is stored yet.")
    expect(page.get_by_label("New cards a day")).to_have_value("7")
    press(page, "Control+Enter")
    expect(page.locator("#news")).to_contain_text("Saved.")
    page.locator("h1").click()
    press(page, "u")

    expect(page.locator("#news")).to_contain_text("Your settings are as they were before.")
    expect(page.get_by_label("New cards a day")).to_have_value("20")


def test_what_was_typed_stays_when_it_is_refused(open_page):
    page = open_page("/settings")

    page.get_by_label("Time zone").fill("Atlantis")
    page.get_by_label("New cards a day").fill("7")
    page.get_by_role("button", name="Save").click()

    expect(page.locator("#news")).to_contain_text("There is no time zone")
    expect(page.get_by_label("New cards a day")).to_have_value("7")


def test_single_keys_are_switched_off_in_settings_too(open_page):
    page = open_page("/settings")

    page.get_by_label("Listen to single keys").uncheck()
    page.goto(page.url)
    expect(page.get_by_label("Listen to single keys")).not_to_be_checked()
    press(page, "?")

    expect(page.locator("dialog .keys-on")).not_to_be_checked()
    page.locator("dialog .keys-on").check()
    expect(page.locator("main .keys-on")).to_be_checked()


def test_a_theme_is_chosen_for_this_device(open_page):
    page = open_page("/settings")

    page.get_by_role("button", name="Dark", exact=True).click()

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("button", name="Dark", exact=True)).to_have_attribute("aria-pressed", re.compile("true"))
