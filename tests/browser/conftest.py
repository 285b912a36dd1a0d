"""Pages in a real browser: a library in use, served by a thread of this process."""

import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from quizapp.clock import utcnow
from quizapp.config import Settings
from quizapp.db.engine import Database
from quizapp.domain.scheduling import Grade
from quizapp.services import accounts
from quizapp.web import create_app
from quizapp.worker import Worker
from tests.recalled import lately
from tests.services.studying import answer
from tests.web import harbour

AXE = (Path(__file__).parent / "vendor" / "axe" / "axe.min.js").read_text()
# How long a busy machine may take; nothing waits that long where all is well.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)
# What a refused form looks like in the browser's own log; the page tells it to the person.
EXPECTED = ("status of 422", "status of 401", "status of 409", "status of 404", "net::ERR_FAILED", "Failed to fetch")


def until(page: Page, met: str) -> None:
    """Wait until an expression is true on a page.

    Playwright's `wait_for_function` tries again by `eval`, which the pages forbid: it fails where the first try does.
    """
    page.evaluate(
        "async (patience) => { const asked = performance.now();"
        f"while (!({met})) {{ if (performance.now() - asked > patience) throw new Error('never true');"
        "await new Promise((again) => setTimeout(again, 50)); } }",
        PATIENCE_MS,
    )


def arrive(page: Page) -> None:
    """Wait until the page is there in full: it works before that, but as it does without scripts."""
    page.wait_for_load_state("domcontentloaded")
    if page.locator("[hx-get], [hx-post]").count():  # nothing for htmx to do: there is no sign of it
        page.wait_for_selector("[data-htmx-powered]", state="attached")


def press(page: Page, *keys: str) -> None:
    """Press keys one after the other, as people do: on a page that has arrived."""
    for key in keys:
        arrive(page)
        page.keyboard.press(key)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Debian's Chromium; playwright would look for one that it downloaded."""
    return {
        **browser_type_launch_args,
        "executable_path": shutil.which("chromium"),
        "args": ["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb"],
    }


@pytest.fixture
def team_mode() -> bool:
    """Whether people sign in."""
    return False


class Clock:
    """The clock of the site and its worker, which goes on from wherever it is moved to."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def now(self, zone: tzinfo) -> datetime:
        """Return the moment as `quizapp.clock` asks for it."""
        return datetime.now(zone) + self._ahead

    def move_to(self, moment: datetime) -> None:
        """Let it be this moment now."""
        self._ahead = moment - datetime.now(UTC)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that a test can move, in the place of the machine's, for everything that runs in this process."""
    moving = Clock()
    monkeypatch.setattr("quizapp.clock.datetime", moving)
    return moving


@pytest.fixture
def worker(database: Database) -> Iterator[Worker]:
    """The worker beside the site."""
    worker = Worker(database)
    working = worker.start()
    yield worker
    worker.end()
    working.join()


@pytest.fixture
def site(database: Database, tmp_path: Path, worker: Worker, team_mode: bool) -> Flask:
    """The site on the library."""
    settings = Settings(f"sqlite:///{database.path}", tmp_path, "a secret for tests only", team=team_mode)
    return create_app(settings, database, wake=worker.wake)


@pytest.fixture
def address(site: Flask) -> Iterator[str]:
    """Where the site is served."""
    server = make_server("127.0.0.1", 0, site, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def in_use(database: Database) -> None:
    """A document whose cards are studied, and another whose cards wait on the bench."""
    with database.writing() as session:
        for title, keep_ready in (("Harbour at night", True), (None, False)):
            harbour.added(session, title=title, keep_ready=keep_ready, now=lately())


@pytest.fixture
def studied(database, in_use):
    """Some months of reviews, so that progress has something to show."""
    with database.writing() as session:
        actor = accounts.local_owner(session, time_zone="UTC", now=utcnow())
        for back in reversed(range(6)):
            for card in range(1, 7):
                grade = Grade.EASY if back == 5 else Grade.AGAIN if back == 2 and card < 3 else Grade.GOOD
                answer(session, actor, card, grade, at=utcnow() - timedelta(days=15 * back, minutes=1))


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page; at the end nobody may have complained in the console."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_at(path: str, **options: object) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: said.type in {"error", "warning"} and complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address + path)
        if options.get("java_script_enabled", True):
            arrive(page)
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert [said for said in complaints if not any(part in said for part in EXPECTED)] == []
