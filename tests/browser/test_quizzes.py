"""A quiz by keyboard, by touch, on paper and with the time running, in a real browser."""

import re
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from quizapp.clock import utcnow
from quizapp.db.quizzes import Feedback, MadeFrom, Order
from quizapp.domain.questions import Mode
from quizapp.services import accounts, quizzes, sittings
from quizapp.services.quizzes import Wish
from tests.browser.conftest import press
from tests.browser.test_accessibility import EITHER, problems

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("in_use")]


@pytest.fixture
def begun(database):
    """Return a function that makes a quiz on the first deck, begins it, and gives its id and the sitting's."""

    def begin(**wish):
        given = {"of": 1, "count": None, "order": Order.AS_MADE, **wish}
        with database.writing() as session:
            actor = accounts.local_owner(session, time_zone="UTC", now=utcnow())
            prepared = quizzes.prepare(session, actor, Wish(MadeFrom.DECK, **given), seed=4, now=utcnow())
            quiz_id = quizzes.make(session, actor, prepared, now=utcnow())
            return quiz_id, sittings.start(session, actor, quiz_id, seed=4, now=utcnow())

    return begin


def answer(page: Page) -> None:
    """Give some answer by keys alone, and send it."""
    if page.locator("textarea.typed").count():
        expect(page.locator("textarea.typed")).to_be_focused()
        page.keyboard.type("red light")
        press(page, "Enter")
        page.keyboard.type("lamp")
        press(page, "Control+Enter")
    elif page.locator("input.typed").count():
        expect(page.locator("input.typed").first).to_be_focused()
        page.keyboard.type("20 minuts")
        press(page, "Enter")
    else:
        press(page, "b")
        expect(page.locator("input[type=radio]").nth(1)).to_be_checked()
        press(page, "1")
        expect(page.locator("input[type=radio]").nth(0)).to_be_checked()
        press(page, "Enter")


def test_a_whole_quiz_is_taken_by_keys(open_page):
    page = open_page("/quizzes/new?of=deck-1")
    page.get_by_label("All", exact=True).check()
    page.get_by_role("button", name="Make the quiz").press("Enter")
    expect(page.locator("h1")).to_have_text("Harbour at night")

    press(page, "Space")
    for number in range(1, 7):
        expect(page.locator(".focusbar")).to_contain_text(f"Question {number} of 6")
        expect(page.locator("#answering")).to_be_visible()
        answer(page)
        expect(page.locator(".told")).to_be_focused()
        press(page, "Enter")

    expect(page.locator("h1")).to_have_text(re.compile(r"of 6 points"))
    expect(page.get_by_role("heading", name="Look at again")).to_be_visible()


def test_escape_leaves_and_the_quiz_goes_on_after_a_reload(open_page, begun):
    quiz_id, sitting_id = begun()
    page = open_page(f"/sittings/{sitting_id}")
    answer(page)
    expect(page.locator(".told")).to_be_visible()

    press(page, "Escape")
    expect(page).to_have_url(re.compile(rf"/quizzes/{quiz_id}$"))
    press(page, "Space")

    expect(page.locator(".focusbar")).to_contain_text("Question 2 of 6")
    page.reload()
    expect(page.locator(".focusbar")).to_contain_text("Question 2 of 6")


def test_two_quick_clicks_answer_once(open_page, begun):
    _, sitting_id = begun(mode=Mode.CHOICE)
    page = open_page(f"/sittings/{sitting_id}")
    posts = []
    page.on("request", lambda request: request.method == "POST" and posts.append(request.url))

    page.locator(".option").first.click()
    page.get_by_role("button", name="Check").dblclick()
    expect(page.locator(".told")).to_be_visible()
    page.wait_for_load_state("networkidle")

    assert len(posts) == 1


def test_without_a_choice_nothing_is_sent(open_page, begun):
    _, sitting_id = begun(mode=Mode.CHOICE)
    page = open_page(f"/sittings/{sitting_id}")

    press(page, "Enter")

    expect(page.locator("#answering")).to_be_visible()
    assert page.locator("#answering").evaluate("form => form.checkValidity()") is False


def test_a_question_is_reported_by_keys_and_asked_on(open_page, begun):
    _, sitting_id = begun(mode=Mode.CHOICE)
    page = open_page(f"/sittings/{sitting_id}")

    press(page, "r")
    expect(page.locator("[name=reason]").first).to_be_focused()
    press(page, "Space")
    press(page, "Control+Enter")

    expect(page.locator("#news")).to_contain_text("Reported. It waits for you on Today.")
    expect(page.locator("#answering")).to_be_visible()


def test_the_time_left_ticks_and_at_its_end_the_answer_is_handed_in(open_page, begun, database):
    _, sitting_id = begun(mode=Mode.TYPED, time_limit=timedelta(minutes=5))
    page = open_page(f"/sittings/{sitting_id}")
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"4:\d\d left"))

    deadline = (utcnow() + timedelta(seconds=9)).replace(tzinfo=None).isoformat(" ")
    with closing(sqlite3.connect(database.path)) as connection, connection:
        connection.execute(f"update sitting set deadline = '{deadline}'")
    page.reload()
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"0:0\d left"))
    expect(page.locator("#news")).to_contain_text("One minute left.")
    page.locator(".typed").first.fill("20 minutes")

    expect(page.locator(".told")).to_be_visible(timeout=30_000)


def test_on_paper_there_is_the_sheet_alone_and_its_key_on_a_page_of_its_own(open_page, begun):
    quiz_id, _ = begun()
    page = open_page(f"/quizzes/{quiz_id}/sheet")
    expect(page.get_by_role("button", name="Print")).to_be_visible()

    page.emulate_media(media="print", color_scheme="dark")

    expect(page.locator(".topbar")).not_to_be_visible()
    expect(page.get_by_role("button", name="Print")).not_to_be_visible()
    expect(page.locator(".paper-sheet").first).to_be_visible()
    assert page.locator(".key").evaluate("key => getComputedStyle(key).breakBefore") == "page"
    assert page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor") == "rgb(255, 255, 255)"


@EITHER
def test_no_page_of_a_quiz_has_a_violation_or_scrolls_sideways(open_page, address, begun, viewport, scheme):
    quiz_id, sitting_id = begun(time_limit=timedelta(minutes=30))
    at_end, second = begun(feedback=Feedback.AT_END, mode=Mode.LIST)
    page = open_page("/quizzes/new", viewport=viewport, color_scheme=scheme)
    found = {"new": problems(page)}

    for number in range(1, 7):
        page.goto(f"{address}/sittings/{sitting_id}?at={number}")
        found[f"question {number}"] = problems(page)
        answer(page)
        page.locator(".told").wait_for()
        found[f"answer {number}"] = problems(page)
    page.goto(f"{address}/sittings/{sitting_id}?at=1&panel=report")
    found["report"] = problems(page)
    page.goto(f"{address}/sittings/{sitting_id}")
    page.get_by_role("button", name="See the result").click()
    page.get_by_role("heading", name="Look at again").wait_for()
    found["result"] = problems(page)
    page.goto(f"{address}/sittings/{second}")
    answer(page)
    page.locator(".review").wait_for()
    found["ready"] = problems(page)
    for path in ("/quizzes", f"/quizzes/{quiz_id}", f"/quizzes/{at_end}", f"/quizzes/{quiz_id}/sheet"):
        page.goto(address + path)
        found[path] = problems(page)

    assert {name: violations for name, violations in found.items() if violations} == {}
