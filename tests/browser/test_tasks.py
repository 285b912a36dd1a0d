"""What people come for, from a pasted text to the result of a quiz: by keyboard alone, and as a screen reader has it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PATIENCE_MS, arrive, press

pytestmark = pytest.mark.browser

TEXT = """# Harbour handbook

## Berths

A berth is the place where a ship lies. The pilot boat is a small vessel that carries the pilot.
A bollard is a short post to which ropes are tied. The pilot comes aboard within 20 minutes.

## Signals

A beacon is a light that marks the entrance. The lock opened in 1887 and was rebuilt in 1954.
"""
MOST_STOPS = 80  # of Tab, on any page here

# Hears what a screen reader says by itself: what changes within a live region that was there before, or all of that region.
LISTEN = """
const live = "[role=status], [role=alert], [aria-live]";
const elementOf = (node) => node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
function regionOf(node, target) {
  return node !== target && node.matches?.("[role=alert]") ? node : elementOf(target)?.closest(live);
}
new MutationObserver((changes) => {
  const told = new Set();
  for (const { target, addedNodes } of changes) {
    for (const node of addedNodes.length ? addedNodes : [target]) {
      const region = node.isConnected && regionOf(node, target);
      if (region) told.add(region.ariaAtomic === "false" ? node : region);
    }
  }
  for (const one of told) {
    const sentence = (one.innerText ?? one.textContent).trim().replace(/\\s+/g, " ");
    if (sentence) hear(sentence);
  }
}).observe(document, { childList: true, characterData: true, subtree: true });
"""
CONTROLS = {"button", "link", "textbox", "combobox", "checkbox", "radio", "spinbutton", "progressbar"}


class Reader:
    """What a screen reader has of a page: its accessibility tree, and what it says by itself."""

    def __init__(self, page: Page) -> None:
        self.heard: list[str] = []
        page.expose_function("hear", lambda told: self.heard.append(told))
        page.add_init_script(LISTEN)
        page.reload()
        self.page = page
        self.session = page.context.new_cdp_session(page)

    def nodes(self) -> Sequence[Mapping[str, Any]]:
        """Return what is read, in order, and find that no control is without a name."""
        tree = self.session.send("Accessibility.getFullAXTree")["nodes"]
        found = [
            {"role": node["role"]["value"]}
            | {key: node.get(key, {}).get("value", "") for key in ("name", "description")}
            | {one["name"]: one["value"].get("value") for one in node.get("properties", ())}
            for node in tree
            if not node["ignored"]
        ]
        assert [node for node in found if node["role"] in CONTROLS and not node["name"]] == []
        return found

    def names(self, role: str) -> Sequence[str]:
        return [node["name"] for node in self.nodes() if node["role"] == role]

    def at(self) -> str:
        """Return what is read where the focus is: its role, its name, and what describes it."""
        held = [node for node in self.nodes() if node.get("focused") and node["role"] != "RootWebArea"]
        return " ".join(f"{node['role']} {node['name']} {node['description']}".strip() for node in held)

    def lands_on(self, element: Locator, said: str) -> None:
        """Wait for the focus, and find that what is read there is what is to be known."""
        expect(element).to_be_focused()
        assert said in self.at()

    def is_told(self, sentence: str) -> None:
        """Wait until a sentence was said by itself."""
        for _ in range(PATIENCE_MS // 50):
            if any(sentence in told for told in self.heard):
                break
            self.page.wait_for_timeout(50)
        else:
            raise AssertionError(f"not said: {sentence}; said: {self.heard}")
        self.heard.clear()


def go_to(page: Page, wanted: Locator) -> None:
    """Press Tab until a control has the focus."""
    expect(wanted).to_be_visible()
    for _ in range(MOST_STOPS):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        press(page, "Tab")
    raise AssertionError(f"not reached by Tab: {wanted}")


def follow(page: Page, name: str, *, role: Literal["link", "button"] = "link") -> None:
    """Go to a control by Tab and press Enter, which leads to another page."""
    go_to(page, page.get_by_role(role, name=name, exact=True))
    with page.expect_navigation():
        press(page, "Enter")
    arrive(page)


def bring_document(page: Page) -> None:
    """Paste a text, and wait at its drafts until they can be decided."""
    follow(page, "Add your first document")
    go_to(page, page.get_by_label("Paste a text"))
    page.keyboard.insert_text(TEXT)
    go_to(page, page.get_by_role("button", name="Make cards"))
    press(page, "Enter")


def decide(page: Page, keep: int) -> None:
    """Keep so many of the drafts, and reject the rest."""
    _, total = (int(number) for number in re.findall(r"\d+", page.locator(".tally b").inner_text()))
    for number in range(1, total + 1):
        press(page, "a" if number <= keep else "x")
        expect(page.locator(".tally b")).to_have_text(f"{number} of {total} decided")


def turn(page: Page) -> None:
    """Turn the card over, whatever its kind."""
    expect(page.locator(".prompt")).to_be_visible()
    while not page.locator(".ratings").is_visible():
        before = page.locator("#study").inner_text()
        press(page, "a" if page.locator("button.option").count() else "Space")
        expect(page.locator("#study")).not_to_have_text(before, use_inner_text=True)


def grade(page: Page, key: str, *, given: int) -> None:
    press(page, key)
    expect(page.locator("progress")).to_have_attribute("value", str(given))


def answer(page: Page) -> None:
    """Give some answer to the question of a quiz, and wait for what is right."""
    expect(page.locator("#answering")).to_be_visible()
    if page.locator(".typed").count():
        page.keyboard.type("a post")
        press(page, "Control+Enter")
    else:
        press(page, "b")
        press(page, "Enter")
    expect(page.locator("#told")).to_be_visible()


def begin_quiz(page: Page) -> int:
    """Make a quiz, begin it, and return how many questions it has."""
    follow(page, "Quizzes")
    follow(page, "Make a quiz")
    follow(page, "Make the quiz", role="button")
    with page.expect_navigation():
        press(page, "Space")
    arrive(page)
    return int(page.locator("progress").get_attribute("max") or 0)


def test_from_a_text_to_the_result_of_a_quiz_by_keyboard_alone(open_page):
    page = open_page("/")

    bring_document(page)
    expect(page).to_have_url(re.compile(r"/drafts/\d+$"))
    arrive(page)
    decide(page, keep=5)
    follow(page, "Study")
    for number in range(1, 11):
        turn(page)
        grade(page, "1", given=number)
    press(page, "u")
    expect(page.locator("#news")).to_contain_text("Again is taken back.")
    expect(page.locator("progress")).to_have_attribute("value", "9")
    with page.expect_navigation():
        press(page, "Escape")
    arrive(page)
    for _ in range(begin_quiz(page)):
        answer(page)
        press(page, "Enter")
        expect(page.locator("#told")).to_be_hidden()

    expect(page.locator("h1")).to_have_text(re.compile(r"^[\d.]+ of 5 points$"))


def test_a_screen_reader_on_a_phone_is_told_of_each_step_and_led_to_the_next(open_page):
    page = open_page("/", viewport={"width": 390, "height": 844})
    reader = Reader(page)
    arrive(page)
    assert reader.names("heading")[0] == "Bring a document, take away cards you remember."

    bring_document(page)
    reader.is_told("Harbour handbook.md")
    expect(page).to_have_url(re.compile(r"/drafts/\d+$"))
    arrive(page)
    reader.lands_on(page.locator(".proposal.open"), "article Card 1 Front")
    assert "What is a berth?" in reader.at()
    assert {"Source text", "Proposed cards"} <= set(reader.names("region"))
    press(page, "a")
    reader.is_told("Kept.")
    reader.lands_on(page.locator(".proposal.open"), "article Card")
    press(page, "z")
    reader.is_told("Undid keeping card 1.")
    decide(page, keep=5)
    reader.is_told("Rejected.")
    reader.lands_on(page.locator(".finished p"), "All decided. 5 cards kept")

    follow(page, "Study")
    reader.lands_on(page.locator(".prompt"), "heading Harbour handbook, berths: What is a berth?")
    turn(page)
    reader.lands_on(page.locator(".answer"), "group The place where a ship lies")
    assert "How well did you know it?" in reader.names("group")
    assert any(name.startswith("Good 10 min") for name in reader.names("button"))
    grade(page, "3", given=1)
    reader.is_told("Good: next in 10 minutes.")
    reader.lands_on(page.locator(".prompt"), "heading Harbour handbook")
    press(page, "u")
    reader.is_told("Good is taken back.")
    reader.lands_on(page.locator(".answer"), "group The place where a ship lies")
    for number in range(1, 5):
        grade(page, "4", given=number)
        turn(page)
    press(page, "4")
    reader.lands_on(page.locator(".rest"), "That was all for today.")
    with page.expect_navigation():
        press(page, "Escape")
    arrive(page)

    for number in range(begin_quiz(page)):
        assert reader.names("progressbar") == [f"{number} of 5 answered"]
        asked = page.locator("#asked").inner_text()
        assert asked.partition("[")[0] in reader.at()
        answer(page)
        verdict = page.locator("#told > .sr").inner_text()
        reader.lands_on(page.locator("#told"), f"group {verdict}")
        press(page, "Enter")
        expect(page.locator("#told")).to_be_hidden()
    arrive(page)
    reader.lands_on(page.locator("h1"), "of 5 points")
    assert page.title().startswith("Result")
