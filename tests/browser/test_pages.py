"""What scripts add to the pages."""

import re
import threading

import pytest
from playwright.sync_api import expect

from quizapp.errors import InvalidInput
from quizapp.services import reading as reading_service
from tests.browser.conftest import press
from tests.web import harbour

pytestmark = pytest.mark.browser

THEME = "document.documentElement.dataset.theme ?? 'system'"
CANVAS = "getComputedStyle(document.body).backgroundColor"


@pytest.mark.usefixtures("in_use")
def test_the_theme_switches_at_once_and_stays_without_a_flash(open_page):
    page = open_page("/", color_scheme="light")
    light = page.evaluate(CANVAS)

    page.get_by_label("Switch to dark theme").click()
    dark = page.evaluate(CANVAS)
    around = page.locator("meta[name=theme-color]").first.get_attribute("content")
    assert around == page.evaluate("getComputedStyle(document.querySelector('.topbar')).backgroundColor")
    page.goto(page.url + "decks")

    assert dark != light
    assert 'data-theme="dark"' in page.request.get(page.url).text()
    assert page.evaluate(CANVAS) == dark
    page.get_by_label("Switch to light theme").click()
    assert page.evaluate(THEME) == "system"
    assert page.evaluate(CANVAS) == light


@pytest.mark.usefixtures("in_use")
def test_without_scripts_the_theme_switches_by_its_form(open_page):
    page = open_page("/decks", color_scheme="dark", java_script_enabled=False)
    expect(page.get_by_label("Switch to dark theme")).not_to_be_visible()

    page.get_by_label("Switch to light theme").click()

    expect(page).to_have_url(re.compile("/decks$"))
    expect(page.locator("html")).to_have_attribute("data-theme", "light")


def paste(page, text="A berth is the place where a ship lies."):
    page.get_by_label("Paste a text").fill(text)
    page.get_by_role("button", name="Make cards").click()


def copy_into(page, plain, rich):
    """Paste as a browser does what was copied from a page: the plain words land in the field."""
    page.get_by_label("Paste a text").focus()
    page.evaluate(
        """([plain, rich]) => {
          const copied = new DataTransfer();
          copied.setData("text/plain", plain);
          copied.setData("text/html", rich);
          const field = document.activeElement;
          field.dispatchEvent(new ClipboardEvent("paste", {clipboardData: copied, bubbles: true}));
          field.value += plain;
          field.dispatchEvent(new InputEvent("input", {inputType: "insertFromPaste", bubbles: true}));
        }""",
        [plain, rich],
    )


def slowly(goes_on, made=harbour.reading):
    """Read until the event is set, as a child does that can be ended."""

    def draft_cards(_data, _filename, *, on_progress, on_wait):
        on_progress(0.5, "Finding sentences")
        while not goes_on.wait(0.05):
            on_wait()
        return made()

    return draft_cards


def refuse(*_, **__):
    raise InvalidInput("This is no text. Save it as plain text first.")


def test_a_document_is_added_with_its_progress_in_sight(open_page, monkeypatch):
    goes_on = threading.Event()
    monkeypatch.setattr(reading_service, "draft_cards", slowly(goes_on))
    page = open_page("/library/new")
    loads = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))

    paste(page)
    expect(page.locator("#working")).to_contain_text("Finding sentences.")
    expect(page.locator("#working progress")).to_have_js_property("value", 0.5)
    expect(page.get_by_role("button", name="Make cards")).to_be_disabled()
    assert loads == []
    goes_on.set()

    expect(page).to_have_url(re.compile("/drafts/1$"))
    expect(page.locator("h1")).to_have_text("7 proposed cards")


def test_an_address_alone_is_enough_and_a_refusal_leaves_it_there(open_page):
    page = open_page("/library/new")

    page.get_by_label("Fetch a page").fill("http://0x7f.1/")
    page.get_by_role("button", name="Make cards").click()

    expect(page.get_by_role("alert")).to_contain_text("This is no address of a page.")
    expect(page.get_by_label("Fetch a page")).to_have_value("http://0x7f.1/")


def test_several_files_are_seen_in_the_library_as_they_are_read(open_page, monkeypatch):
    monkeypatch.setattr(reading_service, "draft_cards", lambda *_, **__: harbour.reading())
    page = open_page("/library/new")

    page.get_by_label("Choose files").set_input_files(
        [{"name": f"{name}.md", "mimeType": "text/markdown", "buffer": name.encode()} for name in ("one", "two")]
    )
    page.get_by_role("button", name="Make cards").click()

    expect(page).to_have_url(re.compile("/library$"))
    expect(page.get_by_text("2 documents are being read.")).to_be_visible()


def test_a_refused_document_leaves_what_was_typed(open_page, monkeypatch):
    monkeypatch.setattr(reading_service, "draft_cards", refuse)
    page = open_page("/library/new")

    paste(page, "something")

    expect(page.get_by_role("alert")).to_have_text("This is no text. Save it as plain text first.")
    expect(page.get_by_label("Paste a text")).to_have_value("something")
    expect(page.get_by_role("button", name="Make cards")).to_be_enabled()


def test_the_reading_is_cancelled_by_keyboard_and_that_is_taken_back(open_page, monkeypatch):
    goes_on = threading.Event()
    monkeypatch.setattr(reading_service, "draft_cards", slowly(goes_on))
    page = open_page("/library/new")
    paste(page)
    expect(page.locator("#working")).to_contain_text("Finding sentences.")

    page.get_by_role("button", name="Cancel").focus()
    page.wait_for_timeout(1_600)  # while the block is brought up to date twice
    press(page, "Enter")
    expect(page.locator("#working")).to_contain_text("Cancelled. Nothing was stored.")
    expect(page.get_by_role("button", name="Make cards")).to_be_enabled()

    goes_on.set()
    press(page, "u")
    expect(page).to_have_url(re.compile("/drafts/1$"))


def test_the_library_shows_what_is_under_way_and_then_the_document_without_a_reload(open_page, monkeypatch):
    goes_on = threading.Event()
    monkeypatch.setattr(reading_service, "draft_cards", slowly(goes_on))
    page = open_page("/library/new")
    paste(page)
    expect(page.locator("#working")).to_contain_text("Finding sentences.")

    page.goto(page.url.replace("/new", ""))
    expect(page.locator("#jobs")).to_contain_text("Finding sentences.")
    page.evaluate("window.same = true")
    goes_on.set()

    expect(page.locator(".shelf")).to_contain_text("Harbour handbook")
    expect(page.locator("#jobs")).to_have_count(0)
    assert page.evaluate("window.same")


def test_a_job_that_is_over_asks_no_more(open_page, monkeypatch):
    monkeypatch.setattr(reading_service, "draft_cards", refuse)
    page = open_page("/library/new")
    paste(page)
    expect(page.get_by_role("alert")).to_be_visible()
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    page.wait_for_timeout(2_000)

    assert asked == []


def test_a_file_can_be_dropped(open_page, monkeypatch):
    monkeypatch.setattr(reading_service, "draft_cards", lambda *_, **__: harbour.reading())
    page = open_page("/library/new")

    page.evaluate(
        """() => {
            const carried = new DataTransfer();
            carried.items.add(new File(["A berth is a place."], "harbour.md", {type: "text/markdown"}));
            document.getElementById("drop").dispatchEvent(new DragEvent("drop", {dataTransfer: carried, bubbles: true}));
        }"""
    )
    page.get_by_role("button", name="Make cards").click()

    expect(page).to_have_url(re.compile("/drafts/1$"))


def test_a_file_over_the_limit_is_told_before_it_travels(open_page):
    page = open_page("/library/new")
    sent = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.url))

    page.evaluate(
        """() => {
            const carried = new DataTransfer();
            carried.items.add(new File([new Uint8Array(20 * 1024 * 1024 + 1)], "large.txt"));
            document.getElementById("drop").dispatchEvent(new DragEvent("drop", {dataTransfer: carried, bubbles: true}));
        }"""
    )
    page.get_by_role("button", name="Make cards").click()

    expect(page.get_by_role("alert")).to_contain_text("“large.txt” is larger than 20 MB.")
    assert sent == []


@pytest.mark.usefixtures("in_use")
def test_a_card_leads_to_its_passage_on_the_page(open_page):
    page = open_page("/study?card=1&show=1")

    page.get_by_role("link", name="see it on the page").click()

    expect(page).to_have_url(re.compile(r"/library/1#q\d+$"))
    passage = page.locator("mark", has_text="A berth is the place where a ship lies.")
    expect(passage).to_be_in_viewport()
    assert passage.evaluate("mark => getComputedStyle(mark).backgroundColor") != "rgba(0, 0, 0, 0)"


@pytest.mark.usefixtures("in_use")
def test_a_server_that_does_not_answer_is_told_and_nothing_is_lost(open_page):
    page = open_page("/study?card=1&show=1")
    page.route("**/study/answer", lambda route: route.abort())

    press(page, "3")
    expect(page.get_by_role("alert")).to_contain_text("Recto does not answer.")
    expect(page.locator(".ratings")).to_be_visible()
    page.unroute("**/study/answer")
    press(page, "3")

    expect(page.locator("#news")).to_contain_text("Good: next in")


@pytest.mark.usefixtures("in_use")
def test_another_tab_is_told_that_it_was_late(open_page):
    first, second = open_page("/study?card=1&show=1"), open_page("/study?card=1&show=1")
    press(first, "3")
    expect(first.locator("#news")).to_contain_text("Good: next in")

    press(second, "1")

    expect(second.get_by_role("alert")).to_contain_text("answered elsewhere meanwhile")


@pytest.mark.usefixtures("in_use")
def test_deleting_a_card_offers_undo_by_key(open_page):
    page = open_page("/decks/1")
    page.get_by_label("Delete: What is a berth?").click()
    expect(page.locator("#cards")).not_to_contain_text("What is a berth?")

    press(page, "u")

    expect(page.locator("#cards")).to_contain_text("What is a berth?")


@pytest.mark.usefixtures("in_use")
def test_the_whole_day_fits_a_phone(open_page):
    page = open_page("/", viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True)

    for path in ["", "library", "library/new", "drafts/2", "decks/1", "study?card=1&show=1"]:
        page.goto(re.sub(r"(:\d+/).*", r"\1", page.url) + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_headings_come_along_with_what_is_pasted_until_a_word_of_it_is_changed(open_page):
    page = open_page("/library/new")
    note = page.get_by_text("The headings, lists and tables of what you copied come along.")
    rich = page.locator("input[name=rich]")

    copy_into(page, "The mole", "<h1>The mole</h1>")
    expect(note).to_be_visible()
    expect(rich).to_have_value("<h1>The mole</h1>")

    page.get_by_label("Paste a text").press_sequentially("!")
    expect(note).to_be_hidden()
    expect(rich).to_have_value("")
