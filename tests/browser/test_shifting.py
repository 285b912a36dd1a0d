"""Nothing on a page moves by itself: neither as it is loaded, nor as scripts and letters arrive."""

import pytest
from playwright.sync_api import Route

from quizapp.clock import utcnow
from quizapp.services import accounts, sittings
from tests.browser.conftest import arrive
from tests.browser.test_accessibility import NARROW, WIDE
from tests.services import quizzing

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("asked")]

# The limit of "good" by the Web Vitals is 0.1, for all that a page does while it is open.
MOST_SHIFT = 0.02
PAGES = {
    "today": "/",
    "library": "/library",
    "a document": "/library/1",
    "create": "/library/new",
    "the bench": "/drafts/2",
    "a question": "/study?card=1",
    "an answer": "/study?card=1&show=1",
    "a deck": "/decks/1",
    "cards": "/cards",
    "a card among others": "/cards?q=cid:1&open=1",
    "a new quiz": "/quizzes/new",
    "a question of a quiz": "/sittings/1",
    "progress": "/progress?span=all",
    "settings": "/settings",
}
# What moved without a key or a finger, once the letters are there and two frames were drawn.
SHIFTS = """async () => {
    await document.fonts.ready;
    for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
    return new Promise((done) => {
        const found = [];
        const watch = (entries) => entries.filter((one) => !one.hadRecentInput).forEach((one) => found.push([one.value,
            one.sources.map((source) => source.node?.nodeType === 1 ? source.node.outerHTML.slice(0, 90) : source.node?.textContent)]));
        const observer = new PerformanceObserver((list) => watch(list.getEntries()));
        observer.observe({ type: "layout-shift", buffered: true });
        setTimeout(() => { watch(observer.takeRecords()); done(found); }, 200);
    });
}"""


@pytest.fixture
def asked(database, studied):
    """A quiz that was begun."""
    with database.writing() as session:
        actor = accounts.local_owner(session, time_zone="UTC", now=utcnow())
        sittings.start(session, actor, quizzing.quiz(session, actor, 1), seed=1, now=utcnow())


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_nothing_moves_by_itself(open_page, address, viewport):
    page = open_page("/", viewport=viewport)
    held: list[Route] = []
    page.route("**/*.woff2", lambda route: held.append(route))

    moved = {}
    for name, path in PAGES.items():
        page.goto(address + path, wait_until="domcontentloaded")
        arrive(page)
        page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        assert held, f"{name} has letters without a font"
        while held:
            held.pop().continue_()
        moved[name] = page.evaluate(SHIFTS)

    assert {name: shifts for name, shifts in moved.items() if sum(value for value, _ in shifts) > MOST_SHIFT} == {}
