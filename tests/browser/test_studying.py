"""Cards that are answered in the page: typed, or put in order."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from quizapp.clock import utcnow
from quizapp.db import decks as deck_rows
from quizapp.db.quizzes import MadeFrom
from quizapp.domain.cards import CardKind, Note
from quizapp.domain.questions import Mode
from quizapp.services import accounts, notes, quizzes, sittings
from quizapp.services.quizzes import Wish
from tests.browser.conftest import press, until

pytestmark = pytest.mark.browser

PHASES = Note(CardKind.ORDER, "Put the phases in order.", "Prophase\nMetaphase\nAnaphase\nTelophase")
RIGHT = ["Prophase", "Metaphase", "Anaphase", "Telophase"]
KETTLE = Note(CardKind.BASIC, "What heats water fastest?", "a kettle")


@pytest.fixture
def studied(database):
    """Return a function that makes a note the only one to study."""

    def only(note):
        now = utcnow() - timedelta(minutes=1)
        with database.writing() as session:
            actor = accounts.local_owner(session, time_zone="UTC", now=now)
            deck = deck_rows.add(session, actor.learner_id, "Kitchen", now=now)
            notes.make(session, deck, note, anchor=None, now=now)

    return only


def shown(page):
    return page.locator(".to-order .what").all_inner_texts()


def test_items_are_put_in_order_and_graded_by_keys_alone(open_page, studied):
    studied(PHASES)
    page = open_page("/study")

    for place, item in enumerate(RIGHT):
        page.get_by_role("button", name=f"Move up: {item}").focus()
        for _ in range(shown(page).index(item) - place):
            press(page, "ArrowUp")
        expect(page.get_by_role("button", name=f"Move up: {item}")).to_be_focused()
    assert shown(page) == RIGHT
    expect(page.locator("#order-news")).to_have_text(re.compile(r"^\w+: \d of 4$"))
    page.locator(".prompt").focus()
    press(page, "Space")

    expect(page.get_by_text("All in order.")).to_be_visible()
    press(page, "Space")
    expect(page.get_by_text("Good: next in")).to_be_attached()


def test_an_item_is_dragged_by_its_grip(open_page, studied):
    studied(PHASES)
    page = open_page("/study", viewport={"width": 390, "height": 780})
    first = shown(page)

    grip, last = page.locator(".grip").first.bounding_box(), page.locator(".to-order li").last.bounding_box()
    page.mouse.move(grip["x"] + 5, grip["y"] + 20)
    page.mouse.down()
    page.mouse.move(grip["x"] + 5, last["y"] + last["height"] - 3, steps=12)
    page.mouse.up()

    assert shown(page) == [*first[1:], first[0]]


def test_a_quiz_asks_for_an_order_in_the_same_way(open_page, studied, database):
    studied(PHASES)
    with database.writing() as session:
        actor, now = accounts.local_owner(session, time_zone="UTC", now=utcnow()), utcnow()
        wish = Wish(MadeFrom.DECK, 1, Mode.LIST)
        made = quizzes.make(session, actor, quizzes.prepare(session, actor, wish, seed=1, now=now), now=now)
        sitting = sittings.start(session, actor, made, seed=1, now=now)
    page = open_page(f"/sittings/{sitting}")

    assert page.locator("select[name=place]").count() == 0
    for place, item in enumerate(RIGHT):
        for _ in range(shown(page).index(item) - place):
            page.get_by_role("button", name=f"Move up: {item}").click()
    page.get_by_role("button", name=f"Move down: {RIGHT[2]}").focus()
    press(page, "ArrowDown")
    press(page, "ArrowUp")
    assert shown(page) == RIGHT
    page.get_by_role("button", name="Check").click()

    expect(page.get_by_text("4 of 4 right")).to_be_visible()


def test_a_card_is_typed_taught_and_graded_by_keys_alone(open_page, studied):
    studied(KETTLE)
    page = open_page("/study")

    press(page, "t")
    expect(page.get_by_label("Your answer")).to_be_focused()
    page.keyboard.type("a water boiler")
    press(page, "Enter")
    expect(page.get_by_text("Not it")).to_be_visible()
    press(page, "y")
    expect(page.get_by_text("That counts as right from now on.")).to_be_visible()
    press(page, "u")
    expect(page.get_by_text("Not it")).to_be_visible()
    press(page, "Space")

    expect(page.get_by_text("Again: next in")).to_be_attached()


VOICE = "window.told = []; speechSynthesis.speak = (said) => window.told.push([said.text, said.lang]);"


@pytest.mark.usefixtures("in_use")
def test_a_card_is_read_aloud_in_its_language_when_asked_or_by_itself(open_page):
    page = open_page("/study?card=1")
    page.context.add_init_script(VOICE)
    page.reload()
    question = page.locator(".prompt").inner_text()

    assert page.evaluate("window.told") == []
    press(page, "l")
    assert page.evaluate("window.told") == [[question, "en"]]

    page.goto(page.url.split("/study")[0] + "/settings")
    page.get_by_label("Read each card aloud by itself").check()
    page.goto(page.url.split("/settings")[0] + "/study?card=1")
    press(page, "Space")
    until(page, "window.told.length == 2")
    assert page.evaluate("window.told[0]") == [question, "en"]


def test_a_browser_without_a_voice_offers_none(open_page, studied):
    studied(KETTLE)
    page = open_page("/study")
    expect(page.get_by_label("Read aloud")).to_be_visible()
    page.context.add_init_script("Object.defineProperty(window, 'speechSynthesis', {value: undefined});")

    page.reload()

    expect(page.get_by_label("Read aloud")).not_to_be_visible()
