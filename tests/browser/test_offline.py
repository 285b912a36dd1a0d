"""Studying while the real server is stopped."""

import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from quizapp.clock import utcnow
from quizapp.config import Settings
from quizapp.db.engine import Database
from quizapp.services import accounts, library, study
from tests.browser.conftest import AXE, PATIENCE_MS, until
from tests.serving import Site, served
from tests.web import harbour

pytestmark = pytest.mark.browser
KEPT = """async () => [
    (await indexedDB.databases()).map((one) => one.name), await caches.keys(),
    (await navigator.serviceWorker.getRegistrations()).map((one) => one.scope), Object.keys(localStorage)]"""
AWAY = "The server does not answer."


@pytest.fixture
def folder(tmp_path: Path, empty_library: Path) -> Path:
    """A data folder with six cards never seen."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "recto.db").write_bytes(empty_library.read_bytes())
    with opened(folder) as database, database.writing() as session:
        now = utcnow() - timedelta(minutes=1)
        library.add_document(
            session,
            accounts.local_owner(session, time_zone="UTC", now=now),
            reading=harbour.reading(title="Harbour at night"),
            filename="harbour.md",
            data=harbour.TEXT.encode(),
            deck_name=None,
            keep_ready=True,
            as_new=True,
            now=now,
        )
    return folder


@contextmanager
def opened(folder: Path) -> Iterator[Database]:
    database = Database(Settings.in_folder(folder).database_url)
    yield database
    database.close()


def studied(folder: Path) -> int:
    """Return how many answers were given today, as the library has them."""
    with opened(folder) as database, database.reading() as session:
        actor = accounts.local_owner(session, time_zone="UTC", now=utcnow())
        return study.today(session, actor, now=utcnow()).studied_today


@pytest.fixture
def port() -> int:
    """A port that is free, so that a server can come back to where it was."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture
def serve(folder: Path, tmp_path: Path, port: int):
    """Return a function that serves the data folder at the same address each time."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("QUIZAPP_")}
    environment = ours | {"XDG_CACHE_HOME": str(tmp_path / "cache"), "QUIZAPP_DATA_DIR": str(folder)}

    def serving() -> Iterator[Site]:
        logs = Path(tempfile.mkdtemp(prefix="served-", dir=tmp_path))
        command = [sys.executable, "-m", "quizapp", "serve", "--port", str(port)]
        return served(command, environment=environment, folder=logs)

    return serving


@pytest.fixture
def device(browser):
    """Return a function that makes a browser of its own."""
    contexts: list[BrowserContext] = []

    def make(**options: object) -> Page:
        context = browser.new_context(**options)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


def keep_cards(page: Page, url: str) -> None:
    """Press the button of Settings, and wait until the page opens without the server."""
    page.goto(url + "settings")
    page.get_by_role("button", name="Keep the next three days here").click()
    expect(page.get_by_text("6 cards are kept on this device")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready")
    until(page, "navigator.serviceWorker.controller")


def turn(page: Page, name: str = "Good") -> Locator:
    """Turn the card over, whatever its kind, and return the button of a grade."""
    rate = page.get_by_role("button", name=name)
    while not rate.is_visible():
        option = page.locator("button.option").first
        if option.is_visible():
            option.click()
        else:
            page.locator("#dock button").first.click()
    return rate


def grade(page: Page, name: str = "Good") -> None:
    turn(page, name).click()


def faults(page: Page) -> list[str]:
    """Return what axe finds, and whether the page is too wide."""
    page.evaluate(AXE)
    found = page.evaluate("async () => (await axe.run(document)).violations.map((one) => one.id)")
    is_wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*found, *(["too wide"] if is_wide else [])]


def test_five_cards_answered_without_the_server_are_counted_once_when_it_is_back(serve, folder, device):
    page = device()
    with serve() as site:
        keep_cards(page, site.url)
        site.interrupt()

    page.goto(site.url + "study")
    expect(page.get_by_text(AWAY)).to_be_visible()
    expect(page.get_by_text("6 left")).to_be_visible()
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        assert faults(page) == []
    for number in range(1, 6):
        grade(page, "Easy")
        told = f"{number} answers wait to be sent" if number > 1 else "1 answer waits to be sent"
        expect(page.get_by_text(told)).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("4 answers wait to be sent")).to_be_visible()
    grade(page, "Easy")
    expect(page.get_by_text("5 answers wait to be sent")).to_be_visible()
    page.reload()
    expect(page.get_by_text("5 answers wait to be sent")).to_be_visible()
    assert studied(folder) == 0
    page.goto("about:blank")  # an open page would send by itself

    with serve():
        page.goto(site.url)
        expect(page.get_by_text("5 answers that you gave without a connection were sent.")).to_be_visible()
        expect(page.locator("#waiting")).to_be_hidden()
        page.get_by_role("link", name="Show the new figures").click()
        expect(page.get_by_text("1 card is due today.")).to_be_visible()
        assert studied(folder) == 5


def test_two_devices_answer_at_once_and_both_count(serve, folder, device):
    one, other = device(), device()
    with serve() as site:
        keep_cards(one, site.url)
        keep_cards(other, site.url)
        site.interrupt()
    for page, count in ((one, 2), (other, 3)):
        page.goto(site.url + "study/offline")
        for number in range(count):
            grade(page)
            expect(page.get_by_text(f"{number + 1} answer")).to_be_visible()

    one.goto("about:blank")

    with serve():
        other.evaluate("dispatchEvent(new Event('online'))")
        expect(other.get_by_text("3 answers that you gave without a connection were sent.")).to_be_visible()
        expect(other.get_by_text("Connected")).to_be_visible()
        one.goto(site.url)
        expect(one.get_by_text("2 answers that you gave without a connection were sent.")).to_be_visible()
        assert studied(folder) == 5


@pytest.mark.usefixtures("in_use")
def test_a_card_that_is_turned_over_stays_so_when_the_server_answers_late(address, device):
    page, held = device(), []
    keep_cards(page, address + "/")
    page.route("**/healthz", lambda route: held.append(route))
    page.goto(address + "/study/offline")

    rate = turn(page)
    held.pop().continue_()

    expect(page.get_by_text("Connected")).to_be_visible()
    expect(rate).to_be_visible()


@pytest.mark.usefixtures("in_use")
def test_an_answer_that_the_server_cannot_read_stays_and_is_told_of_once(address, device):
    page = device()
    keep_cards(page, address + "/")
    answer = {"card": 1, "grade": 3, "at": round(utcnow().timestamp() * 1000), "duration": 1}
    for number, grade_given in enumerate((3, 9)):
        one = {**answer, "id": f"6f1f4bb2-7c9e-4f7c-9d5c-0d8a0f0b8a1{number}", "grade": grade_given}
        page.evaluate("async (one) => (await import('/static/offline/store.js')).put(one)", one)

    page.reload()
    expect(page.get_by_text("cannot be read")).to_be_visible()
    expect(page.get_by_text("1 answer that you gave without a connection was sent.")).to_be_visible()
    expect(page.locator("#waiting")).to_have_text("1 answer waits to be sent")
    page.reload()

    expect(page.locator("#waiting")).to_have_text("1 answer waits to be sent")
    expect(page.get_by_text("cannot be read")).to_be_hidden()


@pytest.mark.usefixtures("in_use")
def test_nothing_stays_on_a_device_that_is_forgotten(address, device):
    page = device()
    keep_cards(page, address + "/")
    assert all(page.evaluate(KEPT))
    page.reload()

    page.get_by_role("button", name="Forget this device").click()

    expect(page.get_by_text("no card and no answer is kept on this device")).to_be_visible()
    assert page.evaluate(KEPT) == [[], [], [], []]
