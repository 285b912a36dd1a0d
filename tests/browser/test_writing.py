"""Cards written by hand: words selected in a document, gaps made by keys, a look while writing."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import press

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("in_use")]

SELECT = """([start, end]) => {
  const range = document.createRange();
  const walker = document.createTreeWalker(document.getElementById("reading"), NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    if (node.data.includes(start)) range.setStart(node, node.data.indexOf(start));
    if (node.data.includes(end)) range.setEnd(node, node.data.indexOf(end) + end.length);
  }
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


def test_selected_words_become_a_card_by_keys_alone(open_page):
    page = open_page("/library/1")
    expect(page.get_by_role("link", name="Make a card")).not_to_be_visible()

    page.evaluate(SELECT, ["Three long", "is closed."])
    expect(page.get_by_role("link", name="Make a card")).to_be_visible()
    press(page, "c")
    expect(page.locator(".quote")).to_contain_text("Three long blasts mean that the lock is closed.")
    page.keyboard.type("What do three blasts tell a skipper?")
    page.get_by_label("Answer").fill("That the lock is closed")
    press(page, "Control+Enter")

    expect(page.get_by_text("Added to Harbour at night.")).to_be_visible()
    expect(page.get_by_label("Question", exact=True)).to_be_focused()
    page.goto(page.url.split("/write")[0] + "/decks/1")
    expect(page.get_by_text("What do three blasts tell a skipper?")).to_be_visible()


def test_gaps_are_made_by_keys_and_the_card_is_seen_while_it_is_written(open_page):
    page = open_page("/write?deck=1&kind=cloze")
    text = page.get_by_label("Text")
    text.fill("A kettle boils water")

    text.evaluate("field => field.setSelectionRange(2, 8)")
    press(page, "Control+Shift+C")
    text.evaluate("field => field.setSelectionRange(field.value.length - 5, field.value.length)")
    page.get_by_role("button", name="Make a gap").click()

    expect(text).to_have_value("A {{c1::kettle}} boils {{c2::water}}")
    expect(page.get_by_text("Gap 2 of 2")).to_be_visible()
    page.get_by_role("button", name="Question", exact=True).click()
    expect(page.get_by_label("Question", exact=True)).to_have_value("A {{c1::kettle}} boils {{c2::water}}")
