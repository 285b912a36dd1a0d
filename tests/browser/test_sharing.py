"""What comes to Recto from other pages and apps, and what the page Create shows of it."""

import re

import pytest
from playwright.sync_api import expect

from quizapp.services import reading as reading_service
from tests.browser.test_accessibility import EITHER, problems
from tests.web import harbour

pytestmark = pytest.mark.browser

PART = 'Content-Disposition: form-data; name="file"; filename="berths.md"\r\n\r\n# Berths\n\nA berth is a place.'
STRICT = "default-src 'none'; form-action 'none'; base-uri 'none'; require-trusted-types-for 'script'"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(reading_service, "draft_cards", lambda *_, **__: harbour.reading())


@pytest.fixture
def drop(open_page):
    """Return a function that drops files onto a page: names with their bytes."""

    def on(page, **files):
        page.evaluate(
            """(files) => {
                const carried = new DataTransfer();
                for (const [name, text] of Object.entries(files)) carried.items.add(new File([text], name));
                document.querySelector("h1").dispatchEvent(new DragEvent("drop", {dataTransfer: carried, bubbles: true}));
            }""",
            files,
        )

    return on


def hand_over(page, address):
    """Share a file as the system does: the browser itself posts it, and no page is behind it."""
    body = f"--cut\r\n{PART}\r\n--cut--\r\n".encode()
    kind = {"content-type": "multipart/form-data; boundary=cut"}
    page.route(
        "**/library/shared",
        lambda route: route.continue_(method="POST", post_data=body, headers={**route.request.headers, **kind}),
    )
    page.goto(f"{address}/library/shared")


@EITHER
def test_a_shared_file_waits_for_the_button(open_page, address, viewport, scheme):
    page = open_page("/library", viewport=viewport, color_scheme=scheme)

    hand_over(page, address)
    expect(page.get_by_label("berths.md")).to_be_checked()
    assert problems(page) == []
    page.get_by_role("button", name="Make cards").click()

    expect(page).to_have_url(re.compile("/drafts/1$"))


def test_a_page_of_another_site_shares_nothing_not_even_when_its_refusal_is_reloaded(browser, address):
    page = browser.new_page()
    page.route(
        "http://other.example/",
        lambda route: route.fulfill(
            content_type="text/html",
            body=f"<form method=post enctype=multipart/form-data action='{address}/library/shared'>"
            "<input name=text value=forged></form>",
        ),
    )
    page.goto("http://other.example/")

    with page.expect_navigation():
        page.evaluate("document.forms[0].submit()")
    refused = page.content()
    page.reload()
    reloaded = page.content()
    page.close()

    assert "Another site sent this" in refused
    assert "Another site sent this" in reloaded


def bookmark(page):
    code = page.get_by_label("Its address").input_value()
    assert page.get_by_role("link", name="Add to Recto").get_attribute("href") == code
    return code


def press_bookmark(page, code):
    """Run a bookmark as the browser does, and return the tab that it opens."""
    with page.context.expect_page() as opened:
        page.context.new_cdp_session(page).send("Page.navigate", {"url": code})
    opened.value.wait_for_load_state()
    return opened.value


@pytest.mark.parametrize(("marked", "field"), [(False, "Fetch a page"), (True, "Paste a text")])
def test_the_bookmark_brings_a_page_whose_policy_forbids_scripts(open_page, marked, field):
    page = open_page("/library/new")
    code = bookmark(page)
    page.route(
        "https://strict.example/tides?a=1&b=2",
        lambda route: route.fulfill(
            headers={"Content-Security-Policy": STRICT, "Content-Type": "text/html; charset=utf-8"},
            body="<title>Tides & berths</title><p>A tide is the rise of the sea. 100 % of it.",
        ),
    )
    page.goto("https://strict.example/tides?a=1&b=2")
    if marked:
        page.locator("p").click(click_count=3)

    opened = press_bookmark(page, code)

    expected = "A tide is the rise of the sea. 100 % of it." if marked else "https://strict.example/tides?a=1&b=2"
    expect(opened.get_by_label(field)).to_have_value(expected)
    expect(opened.get_by_label("Title")).to_have_value("Tides & berths")
    assert opened.get_by_label("Add it as a document of its own").is_checked() is marked


def test_the_bookmark_says_what_it_is_for_when_it_is_pressed_here(open_page):
    page = open_page("/library/new")

    page.get_by_role("link", name="Add to Recto").press("Enter")

    expect(page.get_by_role("status").filter(has_text="Drag it to the bookmarks bar")).to_be_visible()
    expect(page).to_have_url(re.compile("/library/new$"))


def test_the_bookmark_can_be_copied(open_page):
    page = open_page("/library/new", permissions=["clipboard-read", "clipboard-write"])

    page.get_by_role("button", name="Copy").click()

    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == bookmark(page)


def test_a_phone_is_told_of_what_a_phone_can_do(open_page):
    page = open_page("/library/new", **PHONE)

    expect(page.get_by_text("Install Recto from the menu")).to_be_visible()
    expect(page.get_by_label("Its address")).to_be_visible()
    expect(page.get_by_role("link", name="Add to Recto")).to_be_hidden()
    expect(page.get_by_text("drop them here")).to_be_hidden()


def test_what_is_chosen_and_dropped_adds_up_and_can_be_left_out(open_page, drop):
    page = open_page("/library/new")
    chosen = page.get_by_role("list", name="Chosen files").get_by_role("listitem")

    page.get_by_label("Choose files").set_input_files([{"name": "a.md", "mimeType": "", "buffer": b"one"}])
    drop(page, **{"b.md": "two", "c.md": "three"})
    expect(chosen).to_have_count(3)
    page.get_by_role("button", name="Leave out b.md").click()

    expect(chosen).to_contain_text(["a.md", "c.md"])
    assert page.evaluate("Array.from(document.getElementById('file').files, (one) => one.name)") == ["a.md", "c.md"]


def test_a_folder_is_told_apart_from_a_file(open_page):
    page = open_page("/library/new")

    page.evaluate(
        """() => {
            const event = new DragEvent("drop", {bubbles: true});
            const item = {webkitGetAsEntry: () => ({isDirectory: true, name: "Minutes"})};
            const carried = {types: ["Files"], items: [item], files: [new File([], "Minutes")]};
            Object.defineProperty(event, "dataTransfer", {value: carried});
            document.getElementById("drop").dispatchEvent(event);
        }"""
    )

    expect(page.get_by_role("alert")).to_contain_text("“Minutes” is a folder.")
    expect(page.get_by_role("list", name="Chosen files")).to_be_hidden()


def test_a_refusal_names_the_file_and_goes_when_that_is_left_out(open_page, drop):
    page = open_page("/library/new", **PHONE)
    drop(page, **{"a.md": "one", "b.rtf": "{\\rtf1}"})

    page.get_by_role("button", name="Make cards").click()
    expect(page.get_by_role("alert")).to_contain_text("“b.rtf”")
    expect(page.get_by_role("button", name="Make cards")).to_be_enabled()
    expect(page.get_by_text("Sending…")).to_have_count(0)
    page.get_by_role("button", name="Leave out b.rtf").click()

    expect(page.get_by_role("alert")).to_have_count(0)


def test_what_would_not_be_read_is_told_before_it_is_sent(open_page, drop):
    page = open_page("/library/new?url=https://example.org/tides")
    sent = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.url))

    page.get_by_text("Something else instead").click()
    drop(page, **{"a.md": "one"})
    page.get_by_text("Something else instead").click()
    page.get_by_role("button", name="Make cards").click()

    message = page.get_by_label("Paste a text").evaluate("field => field.validationMessage")
    assert message.startswith("You gave files and an address.")
    expect(page.get_by_label("Paste a text")).to_be_visible()
    assert sent == []


def test_an_address_may_leave_out_how_it_begins(open_page):
    page = open_page("/library/new")

    page.get_by_label("Fetch a page").fill("example.org/tides")
    page.get_by_label("Title").focus()

    expect(page.get_by_label("Fetch a page")).to_have_value("https://example.org/tides")
